"""AL2: what an open or coming exam may draw is asked nowhere else until it is over."""
import pytest
from django.test import Client
from mingfa.bank import actions as bank
from mingfa.bank import queries
from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.models import Question

from courses import actions as courses
from courses import study
from exams.actions.preparing import RuleSpec

from .scene import CLOSES, NOON, OPENS, SECRET, minutes

SINGLES = (RuleSpec("single", 3, 10),)
BEFORE, AFTER = OPENS - minutes(5), CLOSES + minutes(1)


@pytest.fixture
def singles(district):
    return Question.objects.filter(current__type="single")


@pytest.fixture
def judges(district):
    return Question.objects.filter(current__type="judge")


def lesson_of(district, questions):
    course = courses.create_course(title="边学边测", unit=district.district, by=district.boss, now=BEFORE)
    return courses.add_lesson(course, title="一课", body=[], questions=questions, by=district.boss, now=BEFORE)


def asked(questions, now):
    return set(queries.checkable([one.pk for one in questions], now=now))


def test_AL2_what_a_coming_or_open_exam_may_draw_is_not_asked_and_comes_back_when_it_is_over(district, cadre, singles):
    before = asked(singles, BEFORE)
    district.exam(rules=SINGLES, pass_mark=10)
    assert len(before) == 8
    assert asked(singles, BEFORE) == asked(singles, NOON) == set()
    assert asked(singles, AFTER) == before


def test_AL2_questions_that_no_rule_can_draw_stay_free(district, cadre, singles, judges):
    district.exam(rules=SINGLES, pass_mark=10)
    assert len(asked(judges, NOON)) == 8


def test_AL2_a_question_added_while_the_exam_runs_is_kept_back_too(district, cadre, singles):
    district.exam(rules=SINGLES, pass_mark=10)
    draft = QuestionDraft(type="single", stem="新加的一题怎么说", options=("甲", "乙"), answer="A", explanation=SECRET)
    added = bank.create_question(district.bank, draft, by=district.boss, now=NOON)
    assert asked([added], NOON) == set()


def test_AL2_given_time_keeps_the_questions_back_until_the_last_end(district, cadre, singles):
    exam = district.exam(rules=SINGLES, pass_mark=10)
    type(exam).objects.update(over_at=CLOSES + minutes(20))
    assert asked(singles, CLOSES + minutes(19)) == set()
    assert len(asked(singles, CLOSES + minutes(20))) == 8


def test_AL2_a_draft_keeps_nothing_back_and_an_exam_with_an_open_bank_neither(district, cadre, singles):
    district.exam(rules=SINGLES, pass_mark=10, publish=False)
    district.exam(rules=SINGLES, pass_mark=10, practice="open")
    assert len(asked(singles, NOON)) == 8


def test_AL2_the_check_of_a_lesson_says_that_its_questions_wait_and_neither_asks_nor_explains(district, cadre, singles):
    lesson = lesson_of(district, singles)
    district.exam(rules=SINGLES, pass_mark=10, opens_at=OPENS, closes_at=OPENS.replace(year=2090))
    client = Client()
    client.force_login(cadre)
    page = client.get(lesson.url).content.decode()
    assert "这一课的题留给了即将或正在进行的考试，考试结束后再来做" in page
    assert not any(text in page for text in (SECRET, "single 第 0 题怎么说", "看对错"))
    with pytest.raises(courses.NothingToCheck):
        courses.finish_lesson(cadre, lesson, {}, now=NOON)


def test_AL2_the_rest_of_a_check_can_be_done_while_some_of_it_waits(district, cadre, singles, judges):
    lesson = lesson_of(district, [singles[0], judges[0]])
    district.exam(rules=SINGLES, pass_mark=10)
    right = {one.id: one.answer for one in study.check_versions(lesson, now=NOON)}
    assert list(right) == [judges[0].current_id]
    assert courses.finish_lesson(cadre, lesson, right, now=NOON).passed


def test_asking_what_is_kept_back_costs_one_query_however_many_exams_there_are(
    district, cadre, singles, django_assert_num_queries
):
    ids = [one.pk for one in singles]
    for _ in range(2):
        district.exam(rules=SINGLES, pass_mark=10)
    queries.checkable(ids, now=NOON)
    with django_assert_num_queries(1):
        assert queries.checkable(ids, now=NOON) == {}
    district.exam(rules=SINGLES, pass_mark=10)
    queries.checkable(ids, now=NOON)
    with django_assert_num_queries(1):
        assert queries.checkable(ids, now=NOON) == {}
