"""Counters of answers: only what is final, moved by differences, equal to what a recount gives."""

import pytest
from mingfa.bank.actions import count_final_answers, recount_answers
from mingfa.bank.models import Answers, QuestionTally, VersionTally

from exams import actions
from exams.models import Exam, Response

from . import scene


def handed_in(exam, person, right=True):
    sitting = scene.sit(exam, person)
    scene.answer_all(sitting, right=right)
    return actions.submit_sitting(sitting.pk, by=person, now=scene.NOON)


def differing(now):
    return sum(number for _, number in recount_answers(now=now, repair=False))


@pytest.fixture
def exam(district, cadre):
    return district.exam(grace_minutes=10)


def test_AL4_nothing_is_counted_before_the_end_and_the_grace(exam, cadre):
    handed_in(exam, cadre)
    for now in (scene.NOON, scene.CLOSES, scene.CLOSES + scene.minutes(9)):
        actions.end_overdue_sittings(now=now)
        assert count_final_answers(now=now) == 0
        assert not VersionTally.objects.exists()
    later = scene.CLOSES + scene.minutes(10)
    assert count_final_answers(now=later) == 1
    assert count_final_answers(now=later) == 0
    tallies = QuestionTally.objects.values_list("used", "asked", "answered", "right")
    assert set(tallies) == {(1, 1, 1, 1)}
    assert len(tallies) == Response.objects.count() == 8
    assert differing(later) == 0


def test_a_voided_paper_leaves_the_counters_again(district, cadre):
    other = district.person("李文")
    exam = district.exam(name="两人", grace_minutes=0)
    first, second = handed_in(exam, cadre), handed_in(exam, other, right=False)
    end = scene.CLOSES + scene.minutes(11)
    actions.end_overdue_sittings(now=end)
    count_final_answers(now=end)
    assert sum(Answers.objects.values_list("asked", flat=True)) == 16
    assert sum(Answers.objects.values_list("right", flat=True)) == 8
    actions.void_sitting(second, reason="替考", by=district.boss, now=end)
    assert differing(end) > 0
    count_final_answers(now=end)
    assert sum(VersionTally.objects.values_list("asked", flat=True)) == 8
    assert differing(end) == 0
    assert first.state == "marked"


def test_a_recount_puts_wrong_counters_right(exam, cadre):
    handed_in(exam, cadre)
    end = scene.CLOSES + scene.minutes(11)
    actions.end_overdue_sittings(now=end)
    count_final_answers(now=end)
    VersionTally.objects.update(right=0)
    QuestionTally.objects.filter(pk=QuestionTally.objects.first().pk).delete()
    assert differing(end) == 9
    assert sum(number for _, number in recount_answers(now=end)) == 9
    assert differing(end) == 0
    assert Exam.objects.get(pk=exam.pk).state == "closed"
