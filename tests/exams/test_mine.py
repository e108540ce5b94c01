"""我的考试: a person's own exams and results, all of them."""
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from exams import actions, queries
from exams.models import Exam
from exams.todos import entry

from . import scene
from .scene import CLOSES, NOON, minutes

LONG_AFTER = CLOSES + timedelta(days=200)


def page(user, at=NOON, **query):
    client = Client()
    with time_machine.travel(at, tick=False):
        client.force_login(user)
        reply = client.get(reverse("exams:mine"), query)
    assert reply.status_code == 200
    return reply


def hand_in(exam, user, *, now=NOON, **more):
    sitting = scene.sit(exam, user, now=now)
    scene.answer_all(sitting, now=now, **more)
    return actions.submit_sitting(sitting.pk, by=user, now=now + minutes(5))


def test_without_exams_it_says_what_will_come(district, cadre):
    words = page(cadre).content.decode()
    assert "现在没有要参加的考试" in words
    assert "您今年参加过" not in words


def test_a_result_stays_long_after_the_start_page_has_dropped_it(exam, cadre):
    sitting = hand_in(exam, cadre)
    words = page(cadre, LONG_AFTER).content.decode()
    assert reverse("exams:result", args=[sitting.pk]) in words
    assert "2026 年 9 月 14 日，100 分" in words
    assert "合格" in words


def test_an_exam_to_be_sat_stands_before_those_that_are_over(district, exam, cadre):
    hand_in(exam, cadre)
    district.exam(name="第二场")
    reply = page(cadre, NOON + minutes(9))
    assert [one.title for one in reply.context["coming"]] == ["第二场"]
    assert [one.title for one in reply.context["over"]] == ["法治理论考试"]
    assert reply.context["sat"] == 1


def test_the_best_result_is_the_one_that_is_linked(district, cadre):
    exam = district.exam(attempts=2)
    better = hand_in(exam, cadre, places={0, 1, 2})
    hand_in(exam, cadre, now=NOON + minutes(10), right=False)
    [one] = page(cadre, LONG_AFTER).context["over"]
    assert (one.facts, one.url) == ("30 分", reverse("exams:result", args=[better.pk]))


def test_AL3_a_mark_that_is_held_back_is_not_shown(district, cadre):
    exam = district.exam(result_policy="after_release")
    hand_in(exam, cadre)
    [one] = page(cadre, LONG_AFTER).context["over"]
    assert (one.word, one.facts) == ("已交卷", "成绩公布后可以看")
    actions.release_results(exam, by=district.boss, now=LONG_AFTER)
    [one] = page(cadre, LONG_AFTER).context["over"]
    assert (one.word, one.facts) == ("合格", "100 分")


def test_a_missed_exam_and_an_excuse_stay_listed(district, exam, cadre):
    other = district.exam(name="免的")
    actions.exempt_candidate(scene.candidate(other, cadre), reason="援派", by=district.boss, now=NOON)
    over = page(cadre, LONG_AFTER).context["over"]
    assert {one.title: one.word for one in over} == {"法治理论考试": "缺考", "免的": "免考"}


def test_a_voided_sitting_is_told_with_its_reason(district, exam, cadre):
    actions.void_sitting(hand_in(exam, cadre), reason="替考", by=district.boss, now=NOON + minutes(9))
    [one] = page(cadre, LONG_AFTER).context["over"]
    assert (one.word, one.facts) == ("缺考", "作答已作废：替考")


def test_AZ1_nobody_sees_the_exams_of_others(district, exam, cadre):
    hand_in(exam, cadre)
    assert "法治理论考试" not in page(district.person("后来的"), LONG_AFTER).content.decode()


def test_visitors_sign_in_first(client, db):
    assert client.get("/me/exams/").url == "/login/?next=/me/exams/"


def test_the_start_page_leads_there_even_when_there_is_nothing_to_do(exam, cadre):
    hand_in(exam, cadre)
    client = Client()
    with time_machine.travel(LONG_AFTER, tick=False):
        client.force_login(cadre)
        words = client.get("/me/").content.decode()
    assert "现在没有任务" in words
    assert 'href="/me/exams/"' in words


def test_the_list_takes_the_same_queries_for_one_and_for_thirty(district, exam, cadre, django_assert_max_num_queries):
    def measure():
        with django_assert_max_num_queries(100) as captured:
            page(cadre)
        return len(captured)

    page(cadre)
    before = measure()
    for n in range(30):
        district.exam(name=f"第{n}场")
    assert measure() == before


@pytest.mark.parametrize("number", ["0", "x", "99"])
def test_an_odd_page_number_still_shows_a_page(exam, cadre, number):
    page(cadre, page=number)


@pytest.mark.parametrize(("rule", "words"), [("best", "取最高分"), ("last", "以最后一次为准"), ("first", "以第一次为准")])
def test_the_list_says_which_sitting_counts_as_the_exam_is_set(district, cadre, rule, words):
    exam = district.exam(attempts=2, counting=rule)
    [task] = queries.tasks_of(cadre, now=NOON)
    assert f"可考 2 次，还剩 2 次，{words}。" in entry(task, NOON).facts
    Exam.objects.filter(pk=exam.pk).update(attempts=1, counting="best")
    cadre.candidacies.update(extra_attempts=1, attempts_used=1)
    [task] = queries.tasks_of(cadre, now=NOON)
    assert "只能考一次" not in entry(task, NOON).facts
