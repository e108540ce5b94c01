"""Who sits an exam cannot look its keys up in the check of a lesson; who does not, and who is done, can study on."""
import pytest
import time_machine
from django.urls import reverse
from mingfa.bank.models import Question, QuestionVersion
from mingfa.bank.registry import withheld_from

from courses import actions as courses
from courses import study
from courses.models import LessonResult
from exams import actions
from exams.papers import paper_of

from . import scene
from .scene import NOON, OPENS, SECRET, minutes


@pytest.fixture
def exam(district, cadre):
    """One whose questions people may practise until they sit it."""
    return district.exam(practice="open")


@pytest.fixture
def asked(sitting):
    """A question of the open paper."""
    return QuestionVersion.objects.get(pk=paper_of(sitting.pk).items[0].version_id).question


@pytest.fixture
def lesson(district, asked):
    course = courses.create_course(title="先学后考", unit=district.district, by=district.boss, now=OPENS)
    return courses.add_lesson(course, title="一课", body=[], questions=[asked], by=district.boss, now=OPENS)


def right(lesson):
    return {one.id: one.answer for one in study.check_versions(lesson, now=NOON)}


def test_AL1_a_check_with_questions_of_the_open_paper_is_neither_marked_nor_explained(district, exam, cadre, client):
    singles = Question.objects.filter(current__type="single")
    course = courses.create_course(title="先学后考", unit=district.district, by=district.boss, now=OPENS)
    lesson = courses.add_lesson(course, title="一课", body=[], questions=singles, by=district.boss, now=OPENS)
    before = courses.finish_lesson(cadre, lesson, dict.fromkeys(right(lesson), "X"), now=OPENS)
    scene.sit(exam, cadre)
    client.force_login(cadre)
    with time_machine.travel(NOON, tick=False):
        page = client.get(f"{lesson.url}?result={before.pk}").content.decode()
        tried = {f"v{one}": list(given) for one, given in right(lesson).items()}
        answer = client.post(reverse("lesson_check", args=[lesson.pk]), tried, follow=True).content.decode()

    # The paper has three of the eight.
    assert page.count("这道题在您正在进行的考试里，交卷后再做") == 3
    assert (page.count(SECRET), page.count("不对，可以再答")) == (5, 5)
    assert "看对错" not in page
    assert "再答一次</button>" not in page
    assert "这里有题在您正在进行的考试里，交卷后再做。这次作答没有计入" in answer
    assert SECRET not in answer
    assert LessonResult.objects.count() == 1


def test_AL1_a_later_wording_of_the_question_is_withheld_too(cadre, asked, sitting):
    current = asked.current
    QuestionVersion.objects.create(
        question=asked, number=2, type=current.type, stem="另一种问法", answer=current.answer, created_at=NOON
    )
    assert asked.pk in withheld_from(cadre, NOON)


def test_after_handing_in_the_lesson_can_be_finished(cadre, lesson, sitting):
    with pytest.raises(courses.OnOpenPaper):
        courses.finish_lesson(cadre, lesson, right(lesson), now=NOON)
    actions.submit_sitting(sitting.pk, by=cadre, now=NOON + minutes(5))
    assert courses.finish_lesson(cadre, lesson, right(lesson), now=NOON + minutes(6)).passed


def test_once_the_time_is_over_nothing_is_withheld_even_if_nobody_has_ended_the_sitting(cadre, sitting):
    assert len(withheld_from(cadre, sitting.ends_at - minutes(1))) == len(paper_of(sitting.pk).items)
    assert withheld_from(cadre, sitting.ends_at) == set()


def test_others_study_on_while_somebody_sits(district, lesson):
    other = district.person("邻座")
    assert courses.finish_lesson(other, lesson, right(lesson), now=NOON).passed


def test_a_lesson_of_other_questions_goes_on_during_the_exam(district, cadre, lesson, sitting):
    drawn = [item.version_id for item in paper_of(sitting.pk).items]
    elsewhere = QuestionVersion.objects.exclude(pk__in=drawn).first().question
    course = study.CoursePage.objects.get()
    free = courses.add_lesson(course, title="二课", body=[], questions=[elsewhere], by=district.boss, now=OPENS)
    assert courses.finish_lesson(cadre, free, right(free), now=NOON).passed
    assert scene.Sitting.objects.get().state == "open"
