"""After an exam: the score sheet, what questions were worth, the 错题本. Who sees what, and from when."""
import io
import random
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db.models import F
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from mingfa.people.models import User
from python_calamine import CalamineWorkbook

from exams import actions, after, corrections
from exams.actions.preparing import RuleSpec
from exams.engine.correcting import Correction
from exams.engine.items import FEWEST, Answered, analyse
from exams.models import Candidate, Exam, Sitting
from exams.papers import keys_of, paper_of

from . import scene
from .scene import CLOSES, NOON, OPENS, SECRET, browser, holder, minutes

OVER = CLOSES + minutes(1)


def play(exam, user, *, right=True, places=None, now=NOON):
    sitting = scene.sit(exam, user, now=now)
    scene.answer_all(sitting, right=right, now=now, places=places)
    return actions.submit_sitting(sitting.pk, by=user, now=now)


def read(client, name, exam, **query):
    return client.get(reverse(name, args=[exam.pk]), query)


def sheet(reply):
    """Title, header and rows; the line below them says where they come from."""
    rows = CalamineWorkbook.from_filelike(io.BytesIO(reply.content)).get_sheet_by_index(0).to_python()
    assert "SHA-256" in rows[-1][0]
    return rows[:-2]


@pytest.fixture
def people(district):
    names = {"优秀者": {}, "及格者": {}, "没考过": {}, "外镇人": {"unit": district.other_town}, "缺考者": {}, "休假者": {}}
    return {name: district.person(name, **more) for name, more in names.items()}


@pytest.fixture
def exam(district, people):
    exam = district.exam()
    play(exam, people["优秀者"])
    play(exam, people["及格者"], places=[0, 1, 2, 3, 4])
    play(exam, people["没考过"], right=False)
    play(exam, people["外镇人"])
    actions.exempt_candidate(scene.candidate(exam, people["休假者"]), reason="产假", by=district.boss, now=OPENS)
    return exam


def test_the_score_sheet_gives_everybody_a_mark_and_a_word_and_counts_the_heads(district, exam, people):
    lines = {one.name: (one.mark, one.standing) for one in after.scores(exam, exam.candidates.all(), now=OVER)}
    assert lines == {
        "优秀者": (Decimal(100), "优秀"), "及格者": (Decimal(70), "合格"), "没考过": (Decimal(0), "不合格"),
        "外镇人": (Decimal(100), "优秀"), "缺考者": (None, "缺考"), "休假者": (None, "免考"),
    }  # fmt: skip
    with time_machine.travel(OVER, tick=False):
        text = read(browser(holder(district, "setter")), "exams:scores", exam).content.decode()
    assert all(words in text for words in ("4 / 5", "3 / 4", "80.0%", "75.0%", "应考</dt><dd>5 人 = 在册 6 − 免考 1"))


def test_while_the_exam_runs_nobody_is_called_absent(exam):
    standings = {one.name: one.standing for one in after.scores(exam, exam.candidates.all(), now=NOON)}
    assert standings["缺考者"] == "未参加"


def test_a_liaison_sees_and_exports_the_own_unit_only(district, exam):
    page = browser(holder(district, "liaison", unit=district.other_town, name="联络员"))
    with time_machine.travel(OVER, tick=False):
        text = read(page, "exams:scores", exam).content.decode()
        rows = sheet(read(page, "exams:scores_xlsx", exam))
        sneaked = sheet(read(page, "exams:scores_xlsx", exam, unit=district.town.pk))
    assert "外镇人" in text
    assert "优秀者" not in text
    assert [row[2] for row in rows[2:]] == ["外镇人"]
    assert sneaked[2:] == []


def test_one_unit_can_be_chosen_and_its_rates_are_its_own(district, exam):
    with time_machine.travel(OVER, tick=False):
        text = read(browser(holder(district, "setter")), "exams:scores", exam, unit=district.other_town.pk).content.decode()
    assert "1 / 1" in text
    assert "100%" in text
    assert "优秀者" not in text


def test_IF4_a_name_that_looks_like_a_formula_is_text_in_the_export(district, exam, people):
    User.objects.filter(pk=people["优秀者"].pk).update(name="=1+1")
    with time_machine.travel(OVER, tick=False):
        rows = sheet(read(browser(holder(district, "setter")), "exams:scores_xlsx", exam))
    assert "=1+1" in [row[2] for row in rows]


def test_scores_are_for_who_looks_after_the_people(district, exam, people):
    for name in ("exams:scores", "exams:scores_xlsx"):
        assert read(browser(people["优秀者"]), name, exam).status_code == 404
    for name in ("exams:items", "exams:items_xlsx"):
        for who in (people["优秀者"], holder(district, "leader", name="领导"), holder(district, "liaison", name="联络员")):
            assert read(browser(who), name, exam).status_code == 404


def test_the_score_sheet_costs_as_many_statements_for_thirty_people_as_for_one(district, django_assert_max_num_queries):
    page = browser(holder(district, "setter"))
    district.person("一个人")
    small = district.exam(name="小")
    for n in range(30):
        district.person(f"人{n}")
    large = district.exam(name="大")
    read(page, "exams:scores", small)
    with django_assert_max_num_queries(30) as one:
        read(page, "exams:scores", small)
    asked = len(one.captured_queries)
    with django_assert_max_num_queries(asked):
        assert "人29" in read(page, "exams:scores", large).content.decode()


def test_of_more_than_two_thousand_people_a_unit_is_asked_for_and_the_excel_file_is_whole(district):
    district.person("第一人")
    exam = district.exam()
    crowd = User.objects.bulk_create([User(username=f"crowd{n}", name=f"众{n}") for n in range(2000)])
    Candidate.objects.bulk_create([Candidate(exam=exam, user=one, unit=district.town) for one in crowd[:1999]])
    page = browser(holder(district, "setter"))
    with time_machine.travel(OVER, tick=False):
        assert "众1998</th>" in read(page, "exams:scores", exam).content.decode()
        last = Candidate.objects.create(exam=exam, user=crowd[1999], unit=district.other_town)
        text = read(page, "exams:scores", exam).content.decode()
        assert "2001 人，一页最多列 2000 人。请选单位看名单" in text
        assert "众1</th>" not in text
        assert len(sheet(read(page, "exams:scores_xlsx", exam))[2:]) == 2001
        assert "众1998</th>" in read(page, "exams:scores", exam, unit=district.town.pk).content.decode()
        Candidate.objects.filter(pk=last.pk).update(unit=district.town)
        text = read(page, "exams:scores", exam, unit=district.town.pk).content.decode()
        assert "请选下级单位看名单；导出的 Excel 有全部的人" in text


def test_AL4_what_the_questions_were_worth_is_told_to_nobody_before_the_exam_is_over(district, exam):
    setter = holder(district, "setter")
    page = browser(setter)
    with time_machine.travel(CLOSES - minutes(1), tick=False):
        assert "要等所有人考完才能看" in read(page, "exams:items", exam).content.decode()
        assert sheet(read(page, "exams:items_xlsx", exam))[2:] == []
    Exam.objects.filter(pk=exam.pk).update(over_at=CLOSES + minutes(30))
    with time_machine.travel(OVER, tick=False):
        assert "（答案）" not in read(page, "exams:items", exam).content.decode()
    with time_machine.travel(CLOSES + minutes(30), tick=False):
        assert "题。作答不到 30 人的题只列人数" in read(browser(setter), "exams:items", exam).content.decode()


def test_a_wrong_key_comes_first_because_the_best_choose_something_else(district):
    rules = (RuleSpec("single", 8, Decimal(5)), RuleSpec("judge", 8, Decimal(5)))
    sitters, rng = [district.person(f"考生{n}") for n in range(40)], random.Random(4)
    exam = district.exam(rules=rules, pass_mark=Decimal(10))
    suspect = None
    for n, who in enumerate(sitters):
        sitting = scene.sit(exam, who, seed=n)
        keys = [item.version_id for item in paper_of(sitting.pk).items]
        suspect = suspect or keys[0]
        # Who is able answers nearly everything as the key says, except the question whose key is wrong.
        able = n >= 20
        places = {place for place, version in enumerate(keys) if (version != suspect) == able and rng.random() < 0.9}
        scene.answer_all(sitting, places=places)
        scene.answer_all(sitting, right=False, places=set(range(16)) - places)
        actions.submit_sitting(sitting.pk, by=who, now=NOON)
    first = after.items_of(exam)[0]
    assert first.version_id == suspect
    assert {"negative", "key"} <= set(first.analysis.flags)
    assert first.analysis.discrimination < 0


answers = st.builds(
    Answered, answer=st.sampled_from(["", "A", "B", "AB", "C"]), share=st.sampled_from([0.0, 0.5, 1.0]), rest=st.floats(0, 1)
)


@given(st.lists(answers, min_size=0, max_size=80))
def test_every_figure_of_a_question_stays_in_its_range_and_few_answers_give_none(rows):
    found = analyse(rows, key="A", letters="ABCD", single=True)
    assert found.answers == len(rows)
    if len(rows) < FEWEST:
        assert (found.difficulty, found.discrimination, found.options, found.flags) == (None, None, (), ())
        return
    assert 0 <= found.difficulty <= 1
    assert -1 <= found.spread <= 1
    assert found.discrimination is None or -1 <= found.discrimination <= 1
    assert all(0 <= one.all <= 1 for one in found.options)
    assert [one.letter for one in found.options if one.is_key] == ["A"]


def test_a_worked_example_of_difficulty_and_discrimination():
    able = [Answered("A", 1.0, 0.9)] * 20
    others = [Answered("B", 0.0, 0.3)] * 20
    found = analyse(able + others, key="A", letters="ABCD", single=True)
    assert (found.difficulty, found.discrimination, found.spread) == (0.5, pytest.approx(1.0), 1.0)
    assert [(one.letter, one.all) for one in found.options] == [("A", 0.5), ("B", 0.5), ("C", 0.0), ("D", 0.0)]
    assert found.flags == ("unused",)


def wrong_page(user, now, **query):
    with time_machine.travel(now, tick=False):
        return browser(user).get(reverse("exams:wrong"), query).content.decode()


def test_the_book_lists_what_was_wrong_with_its_explanation_once_the_policy_shows_it(district, exam, people):
    who = people["及格者"]
    assert "没有错题" in wrong_page(who, CLOSES - minutes(1))
    text = wrong_page(who, OVER)
    assert text.count("<article") == 3
    assert SECRET in text
    assert "没有错题" in wrong_page(people["优秀者"], OVER)


def test_a_question_answered_right_later_leaves_the_book(district, cadre):
    exam = district.exam(attempts=2, result_policy="at_once")
    first = play(exam, cadre, right=False)
    asked = {item.version_id for item in paper_of(first.pk).items}
    assert len(after.wrong_places(cadre, now=NOON)) == len(asked)
    later = scene.sit(exam, cadre, now=NOON + timedelta(hours=2), seed=99)
    scene.answer_all(later, now=NOON + timedelta(hours=2))
    actions.submit_sitting(later.pk, by=cadre, now=NOON + timedelta(hours=2))
    again = {item.version_id for item in paper_of(later.pk).items}
    assert asked & again
    left = {paper_of(sitting).items[place].version_id for sitting, place in after.wrong_places(cadre, now=OVER)}
    assert left == asked - again


def test_a_voided_sitting_and_results_that_wait_for_release_are_in_no_book(district, cadre):
    held = district.exam(result_policy="after_release")
    play(held, cadre, right=False)
    assert after.wrong_places(cadre, now=OVER) == []
    open_one = district.exam(result_policy="at_once")
    voided = play(open_one, cadre, right=False)
    actions.void_sitting(voided, reason="冒名", by=district.boss, now=NOON)
    assert after.wrong_places(cadre, now=OVER) == []


def test_the_book_is_paged_and_costs_the_same_on_every_page(district, cadre):
    exam = district.exam(result_policy="at_once", attempts=9)
    for n in range(9):
        play(exam, cadre, right=False, now=NOON + minutes(n * 10))
    assert len(keys_of(paper_of(cadre.candidacies.get().sittings.first().pk))) == 8
    text = wrong_page(cadre, OVER)
    assert text.count("<article") == min(20, len(after.wrong_places(cadre, now=OVER)))


def test_somebody_who_has_left_keeps_a_line_on_the_score_sheet(district, exam, people):
    User.objects.filter(pk=people["优秀者"].pk).update(is_active=False)
    assert "优秀者" in {one.name for one in after.scores(exam, exam.candidates.all(), now=OVER)}


def test_what_is_read_for_the_analysis_does_not_grow_with_the_people(district, django_assert_num_queries):
    """Ten people who answered alike are one row; rates are those of all ten."""
    sitters = [district.person(f"考生{n}") for n in range(FEWEST + 6)]
    exam = district.exam(rules=(RuleSpec("single", 8, Decimal(10)), RuleSpec("judge", 2, Decimal(10))))
    for n, who in enumerate(sitters):
        sitting = scene.sit(exam, who, seed=1)
        scene.answer_all(sitting, places=set(range(n % 3 * 3)))
        actions.submit_sitting(sitting.pk, by=who, now=NOON)
    with django_assert_num_queries(3):
        groups = after._alike(Sitting.objects.filter(candidate__exam=exam, candidate__counted=F("pk")))
        found = after.items_of(exam)
    assert {len(rows) for rows in groups.values()} == {2}
    assert {one.analysis.answers for one in found} == {24}
    assert sum(sum(row.times for row in rows) for rows in groups.values()) == 240


def by_hand(rows):
    """The figures by the formulas of the book, an answer at a time."""
    ranked = sorted(rows, key=lambda row: row.rest)
    size = max(1, round(0.27 * len(rows)))
    best = sum(row.share for row in ranked[-size:]) / size - sum(row.share for row in ranked[:size]) / size
    return sum(row.share for row in rows) / len(rows), best


@given(st.lists(st.tuples(st.sampled_from(["A", "B", ""]), st.integers(1, 9)), min_size=30, max_size=60), st.randoms())
def test_answers_counted_together_tell_the_same_as_one_by_one_in_any_order(given_answers, rng):
    single = [
        Answered(answer, float(answer == "A"), rest / 10 + n / 10_000) for n, (answer, rest) in enumerate(given_answers)
    ]
    found = analyse(single, key="A", letters="ABCD", single=True)
    assert (found.difficulty, found.spread) == pytest.approx(by_hand(single))
    thrice = [Answered(one.answer, one.share, one.rest, 3) for one in single]
    rng.shuffle(thrice)
    together = analyse(thrice, key="A", letters="ABCD", single=True)
    spelled = analyse([one for one in single for _ in range(3)], key="A", letters="ABCD", single=True)
    assert together.answers == spelled.answers == 3 * len(single)
    for name in ("blank", "difficulty", "discrimination", "spread"):
        assert getattr(together, name) == pytest.approx(getattr(spelled, name))


def test_who_of_those_with_the_same_rest_is_among_the_best_does_not_depend_on_the_order():
    rows = [Answered("A", 1.0, 0.5)] * 20 + [Answered("B", 0.0, 0.5)] * 20
    one, other = (analyse(some, key="A", letters="ABCD", single=True) for some in (rows, rows[::-1]))
    assert one == other
    assert one.spread == 0


def test_after_a_correction_the_analysis_goes_by_the_key_that_holds(district):
    sitters = [district.person(f"考生{n}") for n in range(FEWEST)]
    exam = district.exam(rules=(RuleSpec("single", 2, Decimal(10)), RuleSpec("judge", 2, Decimal(10))), pass_mark=Decimal(10))
    for who in sitters:
        scene.answer_all(scene.sit(exam, who, seed=1))
        actions.submit_sitting(who.candidacies.get().sittings.get().pk, by=who, now=NOON)
    item = next(one for one in after.items_of(exam) if one.stem.startswith("single"))
    [key] = [one.letter for one in item.analysis.options if one.is_key]
    changed = Correction(("D" if key == "A" else "A",))
    effect = corrections.effect_of(exam, item.version_id, changed)
    actions.correct_question(
        exam, item.version_id, changed, reason="依据修订后的条文", seen=effect.digest, by=district.boss, now=OVER
    )
    again = next(one for one in after.items_of(Exam.objects.get(pk=exam.pk)) if one.version_id == item.version_id)
    assert [one.letter for one in again.analysis.options if one.is_key] == list(changed.accepted)
