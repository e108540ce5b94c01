"""Results that two people change at the same moment: whoever commits last must not write over what the other found."""
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Event

import pytest
from django.db import connection, transaction

from exams import actions, corrections
from exams.engine.correcting import Correction
from exams.engine.refusals import Refusal
from exams.models import Exam, Response, Sitting
from exams.papers import keys_of, paper_of

from . import scene
from .scene import NOON, candidate, minutes

pytestmark = pytest.mark.django_db(transaction=True)
END = NOON + minutes(60)
SOON = END + minutes(2)


@pytest.fixture
def district(transactional_db):
    return scene.build()


def while_uncommitted(first, second):
    """Run `first` in a transaction that stays open until `second` has done what it can, or waits for it."""
    written, done = Event(), Event()

    def hold():
        try:
            with transaction.atomic():
                first()
                written.set()
                done.wait(1)  # on both databases `second` waits for us somewhere, so this ends by itself
        finally:
            written.set()
            connection.close()

    def follow():
        written.wait()
        try:
            return second()
        except Refusal as refusal:
            return refusal
        finally:
            done.set()
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        held, followed = pool.submit(hold), pool.submit(follow)
        held.result()
        return followed.result()


def first_key(sitting):
    """(version, another key than its own) of the first question."""
    _, key = keys_of(paper_of(sitting.pk))[0]
    return paper_of(sitting.pk).items[0].version_id, Correction(("D" if key == "A" else "A",))


def correct(exam, version, correction, seen, by):
    return lambda: actions.correct_question(
        Exam.objects.get(pk=exam.pk), version, correction, reason="依据修订后的条文", seen=seen, by=by, now=SOON
    )


def total(sitting):
    return sum(Response.objects.filter(sitting=sitting).values_list("mark", flat=True), Decimal(0))


def test_a_hand_in_that_commits_while_a_question_is_corrected_is_marked_by_the_corrected_key(district):
    cadre = district.person()
    exam = district.exam()
    sitting = scene.sit(exam, cadre)
    scene.answer_all(sitting)
    version, changed = first_key(sitting)
    seen = corrections.effect_of(exam, version, changed).digest
    made = while_uncommitted(
        lambda: actions.submit_sitting(sitting.pk, by=cadre, now=NOON + minutes(9)),
        correct(exam, version, changed, seen, district.boss),
    )
    if isinstance(made, Refusal):  # it looked after the commit: then the organiser looks again
        correct(exam, version, changed, corrections.effect_of(exam, version, changed).digest, district.boss)()
    sitting.refresh_from_db()
    assert (sitting.mark, total(sitting), candidate(exam, cadre).counted_mark) == (90, 90, 90)


@pytest.fixture
def late(district):
    """A sitting ended by time with four right answers and two that came late, with its exam and person."""
    cadre = district.person()
    exam = district.exam(grace_minutes=10, attempts=2)
    sitting = scene.sit(exam, cadre)
    scene.answer_all(sitting, places=range(4))
    actions.end_overdue_sittings(now=END)
    sitting = Sitting.objects.select_related("candidate__exam", "candidate__user").get(pk=sitting.pk)
    moment = int((END - minutes(1)).timestamp() * 1000)
    sent = {name: [options, moment] for name, (options, _) in scene.changes(sitting, range(4, 6)).items()}
    assert actions.store_late_answers(sitting, sent, epoch=1, now=SOON) == 2
    return exam, cadre, sitting


def accept(sitting, by):
    seen = max(sitting.late_answers.values_list("pk", flat=True))
    return lambda: actions.decide_late_answers(sitting, accepted=True, reason="断网", seen=seen, by=by, now=SOON)


def test_a_correction_keeps_the_late_answers_that_are_accepted_meanwhile(district, late):
    exam, cadre, sitting = late
    version, changed = first_key(sitting)
    seen = corrections.effect_of(exam, version, changed).digest
    while_uncommitted(accept(sitting, district.boss), correct(exam, version, changed, seen, district.boss))
    sitting.refresh_from_db()
    assert sitting.mark == total(sitting) == candidate(exam, cadre).counted_mark


def test_late_answers_that_are_accepted_while_a_better_sitting_is_handed_in_do_not_take_its_place(district, late):
    exam, cadre, sitting = late
    again = scene.sit(exam, cadre, now=SOON, seed=77)
    scene.answer_all(again, now=SOON)
    while_uncommitted(lambda: actions.submit_sitting(again.pk, by=cadre, now=SOON), accept(sitting, district.boss))
    line = candidate(exam, cadre)
    best = Sitting.objects.filter(candidate=line).order_by("-mark", "number").first()
    assert (line.counted_id, line.counted_mark) == (best.pk, best.mark)
