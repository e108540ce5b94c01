"""The same sequences and the same witness as test_engine_sequences, through the real actions on the database."""
import contextlib
import itertools

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mingfa.bank.models import QuestionVersion

from bench.sequences import play as sequences
from bench.sequences.witness import Witness
from exams import actions, papers
from exams.actions import saving
from exams.engine import sheet as sheets
from exams.engine.refusals import NobodySits
from exams.models import Candidate, Exam, Sitting
from tests.exams import scene
from tests.exams.test_engine_sequences import SEQUENCES

POLICY = "half_for_subset"


class DatabaseRoom:
    """The sittings of one real candidate, changed by the product's own actions."""

    def __init__(self, exam, user, boss, seed):
        self.exam, self.user, self.boss = exam, user, boss
        self.seeds = itertools.count(1000 * seed)

    @property
    def latest(self) -> Sitting | None:
        return Sitting.objects.filter(candidate__user=self.user).order_by("-number").first()

    def start(self, *, now, device):
        candidate = scene.candidate(self.exam, self.user)
        actions.start_sitting(candidate, by=self.user, now=now, device=f"device {device}", seed=next(self.seeds))

    def save(self, changes, *, epoch, now):
        return actions.save_answers(self.latest.pk, changes, epoch=epoch, now=now).saved

    def hand_in(self, *, now, chosen=None, epoch=0):
        actions.submit_sitting(self.latest.pk, by=self.user, now=now, chosen=chosen, epoch=epoch)

    def take_over(self, *, now, device):
        actions.take_over(self.latest, by=self.user, now=now, device=f"device {device}")

    def freeze(self, *, now):
        actions.freeze_sittings_of(self.user, reason="账号停用", now=now)

    def unfreeze(self, *, now):
        if self.latest and self.latest.state == "open":
            actions.unfreeze_sitting(self.latest, by=self.boss, now=now)

    def void(self, *, now):
        actions.void_sitting(self.latest, reason="代考", by=self.boss, now=now)

    def extend(self, minutes, *, now):
        with contextlib.suppress(NobodySits):
            actions.grant_time(self.exam, minutes=minutes, reason="停电", by=self.boss, now=now)

    def sweep(self, *, now):
        actions.end_overdue_sittings(now=now)
        # It closes the exam too; here the clock may be set back, and the sequence is about sittings.
        Exam.objects.filter(pk=self.exam.pk).update(state=Exam.State.PUBLISHED)

    def sittings(self):
        return [
            sequences.Facts(
                one.number, one.state, one.epoch, one.revision, one.started_at, one.ends_at, one.frozen_reason,
                sheets.load(one.answers), one.mark, one.submitted_at, one.ending,
            )
            for one in Sitting.objects.filter(candidate__user=self.user).order_by("number")
        ]  # fmt: skip

    def paper(self):
        latest = self.latest
        seed, loaded = latest.paper.seed, papers.paper_of(latest.pk)
        return sequences.Paper(seed, loaded.items, loaded.kinds, loaded.names)


@pytest.fixture
def room_for(district, cadre):
    exam = district.exam(
        opens_at=sequences.OPENS, closes_at=sequences.CLOSES, duration_minutes=sequences.DURATION_MINUTES,
        attempts=sequences.ATTEMPTS, multiple_policy=POLICY,
    )  # fmt: skip
    return lambda seed: DatabaseRoom(exam, cadre, district.boss, seed)


def play_on_the_database(room, happenings):
    keys = {one.pk: (one.type, one.answer) for one in QuestionVersion.objects.all()}
    blueprint = scene.candidate(room.exam, room.user).exam.blueprint
    witness = Witness(
        redraw=lambda seed: papers.draw_paper(blueprint, seed=seed), keys=keys, policy=POLICY,
        window=(sequences.OPENS, sequences.CLOSES, sequences.DURATION_MINUTES, sequences.ATTEMPTS),
    )  # fmt: skip
    play = sequences.Play(room, witness)
    play.run(happenings)
    return play


def assert_the_best_valid_sitting_counts(room):
    marked = [one for one in room.sittings() if one.state == "marked" and sheets.answered(one.answers)]
    own = Candidate.objects.get(user=room.user, exam=room.exam)
    assert own.counted_mark == max((one.mark for one in marked), default=None)
    assert own.attempts_used == len(room.sittings())
    rows = [(one.mark, sum(row.mark for row in one.responses.all())) for one in Sitting.objects.filter(mark__isnull=False)]
    assert all(mark == total for mark, total in rows)


def test_any_sequence_of_actions_leaves_a_legal_sitting_with_every_promise_kept(room_for):
    @settings(
        max_examples=100, deadline=None, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(seed=st.integers(0, 10**6), happenings=SEQUENCES)
    def play(seed, happenings):
        saving.forget()
        with transaction.atomic():
            room = room_for(seed)
            play_on_the_database(room, [("start", 0, 0), *happenings])
            assert_the_best_valid_sitting_counts(room)
            transaction.set_rollback(True)

    play()


@pytest.mark.parametrize("seed", range(12))
def test_a_generated_sequence_of_actions_ends_as_in_the_engine(room_for, seed):
    room = room_for(seed)
    play_on_the_database(room, sequences.generate(seed))
    assert_the_best_valid_sitting_counts(room)


def test_the_witness_sees_an_answer_that_was_changed_behind_its_back(room_for):
    room = room_for(1)
    play = play_on_the_database(room, [("start", 0, 0), ("save", 1, 1)])
    Sitting.objects.filter(pk=room.latest.pk).update(answers="{}")
    with pytest.raises(AssertionError, match="promised"):
        play.run([("clock", 0, 1)])
