"""Counters of answers: only what is final, moved by differences, equal to what a recount gives."""

import pytest
import time_machine
from django.core.management import call_command
from django.urls import reverse
from mingfa.bank import actions as bank_actions
from mingfa.bank.actions import count_final_answers, recount_answers
from mingfa.bank.models import Answers, QuestionTally, VersionTally
from mingfa.people.models import Role

from exams import actions
from exams.models import Exam, Response
from tests.exported import table

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


def test_the_command_tells_what_differs_and_puts_it_right(exam, cadre, capsys):
    handed_in(exam, cadre)
    end = scene.CLOSES + scene.minutes(11)
    actions.end_overdue_sittings(now=end)
    count_final_answers(now=end)
    with time_machine.travel(end):
        call_command("recount_answers", "--check")
        assert "versions：一致" in capsys.readouterr().out
        VersionTally.objects.update(right=0)
        with pytest.raises(SystemExit) as ended:
            call_command("recount_answers", "--check")
        assert (ended.value.code, "versions：8 处不同" in capsys.readouterr().out) == (1, True)
        call_command("recount_answers")
        call_command("recount_answers", "--check")
    assert "versions：一致" in capsys.readouterr().out


def test_what_becomes_final_after_the_question_was_moved_is_still_counted_for_it(exam, cadre, district):
    handed_in(exam, cadre)
    end = scene.CLOSES + scene.minutes(11)
    actions.end_overdue_sittings(now=end)
    other = bank_actions.create_bank(name="另一个题库", unit=district.district, by=district.boss, now=end)
    ids = list(Response.objects.values_list("version__question", flat=True))
    run = bank_actions.begin_run(district.bank, "move", str(other.pk), ids, by=district.boss, now=end)
    assert bank_actions.carry_out(run, now=end).done == 8
    count_final_answers(now=end)
    assert set(QuestionTally.objects.values_list("question__bank", "asked")) == {(other.pk, 1)}
    assert differing(end) == 0


def test_the_statistics_of_a_question_go_out_as_its_page_shows_them(exam, cadre, district):
    handed_in(exam, cadre)
    later = scene.CLOSES + scene.minutes(10)
    actions.end_overdue_sittings(now=later)
    count_final_answers(now=later)
    setter = scene.holder(district, Role.SETTER, name="出题人")
    question = QuestionTally.objects.first().question_id
    with time_machine.travel(later, tick=False):
        client = scene.browser(setter)
        rows = table(client.get(reverse("bank:statistics_xlsx", args=[question])))
        page = client.get(reverse("bank:question", args=[question])).content.decode()
    # One answer is too few to tell how many were right.
    assert rows[1:] == [[exam.name, 1, None, "—", None]]
    assert reverse("bank:statistics_xlsx", args=[question]) in page
