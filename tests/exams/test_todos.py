"""Exams on the start page."""
from datetime import timedelta
from decimal import Decimal

from mingfa.desk.registry import Fact, State, Todo

from exams import actions
from exams.todos import exam_todos

from . import scene as scenes


def todo(user, now):
    return next((entry for entry in exam_todos(user, now) if isinstance(entry, Todo)), None)


def hand_in(exam, cadre, *, right=True):
    sitting = scenes.sit(exam, cadre)
    scenes.answer_all(sitting, right=right)
    actions.submit_sitting(sitting.pk, by=None, now=scenes.NOON + scenes.minutes(5))
    return sitting


def test_an_open_exam_is_to_do_until_it_closes(exam, cadre):
    one = todo(cadre, scenes.NOON)
    assert (one.title, one.state, one.action, one.due) == ("法治理论考试", State.NOW, "去考试", scenes.CLOSES)
    assert one.facts == "60 分钟，60 分及格。只能考一次。"
    assert one.url == f"/exams/{exam.pk}/"


def test_before_it_opens_it_stands_further_down(exam, cadre):
    one = todo(cadre, scenes.OPENS - timedelta(hours=1))
    assert (one.state, one.word, one.due) == (State.NEXT, "未开始", scenes.OPENS)


def test_a_begun_sitting_is_to_be_continued_until_its_own_end(exam, cadre):
    sitting = scenes.sit(exam, cadre)
    one = todo(cadre, scenes.NOON + scenes.minutes(1))
    assert (one.action, one.due, one.url) == ("继续作答", sitting.ends_at, f"/sittings/{sitting.pk}/")


def test_a_passed_exam_is_done_with_its_mark(exam, cadre):
    hand_in(exam, cadre)
    one = todo(cadre, scenes.NOON + scenes.minutes(9))
    assert (one.state, one.word) == (State.DONE, "合格")
    assert (one.facts, one.due) == ("100 分", scenes.NOON + scenes.minutes(5))


def test_a_failed_exam_says_so(exam, cadre):
    hand_in(exam, cadre, right=False)
    assert todo(cadre, scenes.NOON + scenes.minutes(9)).word == "不合格"


def test_AL3_marks_held_back_do_not_show_on_the_desk(district, cadre):
    exam = district.exam(result_policy="after_release")
    hand_in(exam, cadre)
    one = todo(cadre, scenes.NOON + scenes.minutes(9))
    assert (one.word, one.facts) == ("已交卷", "成绩公布后可以看")


def test_AL3_with_marks_held_back_passing_and_failing_leave_the_same_on_the_desk(district, cadre):
    other = district.person("邻座")
    exam = district.exam(result_policy="after_release", attempts=3)
    hand_in(exam, cadre)
    hand_in(exam, other, right=False)
    later = scenes.NOON + scenes.minutes(9)
    assert todo(cadre, later) == todo(other, later)
    actions.release_results(exam, by=district.boss, now=later)
    assert todo(cadre, scenes.CLOSES + timedelta(hours=1)).word == "合格"


def test_with_attempts_left_a_failed_exam_is_to_do_again(district, cadre):
    exam = district.exam(attempts=3)
    hand_in(exam, cadre, right=False)
    one = todo(cadre, scenes.NOON + scenes.minutes(9))
    assert (one.state, one.action) == (State.NOW, "再考一次")
    assert "可考 3 次，还剩 2 次，取最高分。" in one.facts


def test_a_missed_exam_stays_on_the_desk_for_a_while(exam, cadre):
    assert todo(cadre, scenes.CLOSES + timedelta(days=1)).word == "缺考"
    assert todo(cadre, scenes.CLOSES + timedelta(days=90)) is None


def test_the_excused_are_told_why(exam, cadre, district):
    actions.defer_candidate(
        scenes.candidate(exam, cadre), reason="住院", by=district.boss, now=scenes.OPENS - scenes.minutes(9)
    )
    one = todo(cadre, scenes.NOON)
    assert (one.state, one.word, one.facts) == (State.NEXT, "缓考", "原因：住院")


def test_who_is_not_on_the_roster_has_no_exam(exam, district):
    assert exam_todos(district.person("后来的"), scenes.NOON) == []


def test_a_half_mark_is_written_with_its_half(district, cadre):
    exam = district.exam(pass_mark=Decimal("72.5"))
    assert "72.5 分及格" in todo(cadre, scenes.NOON).facts
    assert exam.pk


def test_the_year_counts_the_exams_sat_of_those_due(district, exam, cadre):
    district.exam(name="第二场")
    hand_in(exam, cadre)
    facts = [entry for entry in exam_todos(cadre, scenes.NOON + scenes.minutes(9)) if isinstance(entry, Fact)]
    assert [(fact.label, fact.text) for fact in facts] == [("考试", "1 / 2 场")]


def test_who_handed_in_a_blank_sheet_is_told_it_does_not_count(exam, cadre):
    sitting = scenes.sit(exam, cadre)
    actions.submit_sitting(sitting.pk, by=None, now=scenes.NOON)
    one = todo(cadre, scenes.NOON + scenes.minutes(9))
    assert (one.word, one.facts) == ("缺考", "没有有效交卷，不算参加")


def test_who_cannot_start_yet_is_told_what_stands_in_the_way_and_not_sent_to_the_exam(district, cadre):
    exam = district.exam()
    later = (scenes.NOON + scenes.minutes(60), scenes.NOON + scenes.minutes(120))
    actions.set_slot(exam, unit=district.town, opens_at=later[0], closes_at=later[1], by=district.boss, now=scenes.OPENS)
    [todo] = [one for one in exam_todos(cadre, scenes.NOON) if getattr(one, "title", "") == exam.name]
    assert (todo.action, todo.word) == ("看考前须知", "还不能开始")
    assert "13:00" in todo.facts
    [todo] = [one for one in exam_todos(cadre, later[0]) if getattr(one, "title", "") == exam.name]
    assert todo.action == "去考试"
