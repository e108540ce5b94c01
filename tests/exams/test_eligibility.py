"""开考条件: shown, checked by the server, and without any effect on who is due (domain guide §2.3)."""
import pytest
import time_machine
from django.urls import reverse
from mingfa.bank.models import Question

from courses import actions as courses
from courses import study
from exams import actions, queries
from exams.arrangements import arrangements_of
from exams.eligibility import check_eligible
from exams.engine.refusals import NotEligible
from exams.forms import ExamForm
from exams.models import Exam, Sitting
from exams.standings import MISSING, Board, People

from . import scene
from .scene import CLOSES, NOON, OPENS, browser, minutes


@pytest.fixture
def lesson(district):
    course = courses.create_course(title="信访工作条例", unit=district.district, by=district.boss, now=OPENS)
    question = Question.objects.filter(current__type="judge").first()
    return courses.add_lesson(course, title="一课", body=[], questions=[question], by=district.boss, now=OPENS)


@pytest.fixture
def exam(district, cadre, lesson):
    course = study.CoursePage.objects.get()
    return district.exam(practice="open", requires=[("course", str(course.pk), "学完课程：信访工作条例")])


def finish(cadre, lesson):
    right = {one.id: one.answer for one in study.check_versions(lesson, now=NOON)}
    assert courses.finish_lesson(cadre, lesson, right, now=NOON).passed


def test_who_has_not_finished_the_course_is_told_what_is_missing_and_does_not_start(exam, cadre):
    with pytest.raises(NotEligible) as refused:
        scene.sit(exam, cadre)
    assert refused.value.missing == ("学完课程：信访工作条例",)
    assert Sitting.objects.count() == 0
    assert scene.candidate(exam, cadre).attempts_used == 0


def test_who_has_finished_it_starts(exam, cadre, lesson):
    finish(cadre, lesson)
    assert scene.sit(exam, cadre).state == "open"


def test_who_is_not_eligible_stays_among_those_due(exam, cadre):
    assert queries.standing(exam).due == 1
    assert [one.user for one in People(Board(exam, exam.unit), MISSING)] == [cadre]


def test_the_notice_page_names_each_condition_and_the_start_button_answers_in_words(exam, cadre, lesson):
    page = browser(cadre)
    with time_machine.travel(NOON, tick=False):
        assert "还没完成" in page.get(reverse("exams:notice", args=[exam.pk])).content.decode()
        refused = page.post(reverse("exams:start", args=[exam.pk]), {"read": "on"})
        assert refused.status_code == 409
        assert "还有开考条件没有完成：学完课程：信访工作条例" in refused.content.decode()
        finish(cadre, lesson)
        assert "已完成" in page.get(reverse("exams:notice", args=[exam.pk])).content.decode()


def test_an_exam_without_conditions_asks_nothing_more_at_its_start(district, cadre, django_assert_num_queries):
    free = district.exam()
    candidate = queries.candidate_of(free.pk, cadre)
    with django_assert_num_queries(0):
        check_eligible(candidate, arrangements_of(candidate.exam))


def test_an_exam_that_has_to_be_passed_first_opens_the_next_only_once_its_result_may_be_known(district, cadre):
    first = district.exam(name="初试", result_policy="after_release")
    second = district.exam(name="复试", requires=[("exam", str(first.pk), "考试合格：初试")])
    sitting = scene.sit(first, cadre)
    scene.answer_all(sitting)
    actions.submit_sitting(sitting.pk, by=cadre, now=NOON)
    with time_machine.travel(NOON, tick=False), pytest.raises(NotEligible):
        scene.sit(second, cadre)
    with time_machine.travel(CLOSES - minutes(1), tick=False):
        Exam.objects.filter(pk=first.pk).update(released_at=NOON, closes_at=NOON)
        assert scene.sit(second, cadre, now=CLOSES - minutes(1)).state == "open"


def test_the_form_offers_courses_and_exams_and_keeps_what_was_ticked(district, cadre, lesson):
    course, other = study.CoursePage.objects.get(), district.exam(name="初试")
    exam = district.exam(publish=False)
    form = ExamForm(instance=exam, user=district.boss)
    offered = dict(form.fields["requires"].choices)
    assert offered == {f"course:{course.pk}": "学完课程：信访工作条例", f"exam:{other.pk}": "考试合格：初试"}
    wanted = [("course", str(course.pk), "学完课程：信访工作条例")]
    given = {"due_units": [district.district], "categories": [], "by": district.boss, "now": NOON}
    actions.revise_exam(exam, requires=wanted, **given)
    exam.refresh_from_db()
    assert exam.has_requirements
    assert ExamForm(instance=exam, user=district.boss).fields["requires"].initial == [f"course:{course.pk}"]
    actions.revise_exam(exam, requires=[], **given)
    exam.refresh_from_db()
    assert not exam.has_requirements
