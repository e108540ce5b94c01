"""Whatever happens to a sitting, in whatever order: no illegal state, no lost promise, the same marks when marked again."""
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bench.sequences import rooms
from bench.sequences.play import HAPPENINGS, generate
from bench.sequences.rooms import EngineRoom, play_in_engine
from exams.engine import sheet as sheets
from tests.servers import ROOT

NUMBER = st.integers(0, 255)
SEQUENCES = st.lists(st.tuples(st.sampled_from(HAPPENINGS), NUMBER, NUMBER), min_size=1, max_size=40)


@settings(max_examples=2000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(seed=st.integers(0, 10**6), happenings=SEQUENCES)
def test_any_sequence_leaves_a_legal_sitting_with_every_promise_kept(seed, happenings):
    play_in_engine(seed, [("start", seed % 256, 0), *happenings])


def test_generated_sequences_reach_everything_they_are_meant_to_try():
    done, refused, marked = {}, {}, 0
    for seed in range(400):
        play = play_in_engine(seed, generate(seed))
        marked += sum(bool(one.mark) for one in play.room.sittings())
        for name, (carried_out, not_done) in play.tally.items():
            done[name] = done.get(name, 0) + carried_out
            refused[name] = refused.get(name, 0) + not_done

    assert all(done[name] > 10 for name in set(HAPPENINGS) - {"foreign"})
    assert done["foreign"] == 0
    assert all(refused[name] > 3 for name in ("save", "repeat", "overtaken", "take_over", "void", "foreign", "start"))
    assert marked > 100


@dataclass
class Fault:
    """A room with one mistake; the witness must see it within a few hundred sequences."""

    why: str
    method: str

    def room(self):
        return type("Faulty", (EngineRoom,), {self.method: FAULTS[self.why]})


def _old_devices_may_write(self, epoch, now):
    EngineRoom._check(self, self.stored[-1].epoch, now)


def _nobody_looks_at_the_clock(self, epoch, now):
    EngineRoom._check(self, epoch, self.stored[-1].started_at)


def _the_last_request_wins(self, changes, *, epoch, now):
    paper = self.papers[-1]
    parsed = sheets.parse_changes(changes, paper.items, paper.kinds, paper.names)
    self._check(epoch, now)
    self._store({**sheets.load(self.sheets[-1]), **parsed})
    return {paper.names.questions[place]: seq for place, (_, seq) in parsed.items()}


def _a_second_hand_in_counts_again(self, *, now, chosen=None, epoch=0):
    EngineRoom.hand_in(self, now=now, chosen=chosen, epoch=epoch)
    self._change(submitted_at=now)


def _half_a_mark_too_many(self, *, now, chosen=None, epoch=0):
    EngineRoom.hand_in(self, now=now, chosen=chosen, epoch=epoch)
    if self.stored[-1].mark:
        self._change(mark=self.stored[-1].mark + Decimal("0.5"))


def _a_voided_sitting_comes_back(self, *, now, device):
    self._change(state="open", epoch=self.stored[-1].epoch + 1)


FAULTS = {
    "old devices may write": _old_devices_may_write,
    "nobody looks at the clock": _nobody_looks_at_the_clock,
    "the last request wins": _the_last_request_wins,
    "a second hand-in counts again": _a_second_hand_in_counts_again,
    "half a mark too many": _half_a_mark_too_many,
    "a voided sitting comes back": _a_voided_sitting_comes_back,
}


def play_seeds(count):
    for seed in range(count):
        play_in_engine(seed, generate(seed))


@pytest.mark.parametrize(
    "fault",
    [
        Fault("old devices may write", "_check"),
        Fault("nobody looks at the clock", "_check"),
        Fault("the last request wins", "save"),
        Fault("a second hand-in counts again", "hand_in"),
        Fault("half a mark too many", "hand_in"),
        Fault("a voided sitting comes back", "take_over"),
    ],
    ids=lambda fault: fault.why,
)
def test_the_witness_objects_to_a_room_with_a_mistake(fault, monkeypatch):
    monkeypatch.setattr(rooms, "EngineRoom", fault.room())
    with pytest.raises(AssertionError):
        play_seeds(300)


def test_the_bench_plays_the_sequences_and_ends_with_its_figures():
    env = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")])}
    command = [sys.executable, "bench/engine.py", "--sequences", "300"]
    printed = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout
    last = json.loads(printed.strip().splitlines()[-1])

    assert last["bench"] == "engine"
    assert last["figures"]["sequences"] == 300
    assert last["figures"]["papers_marked_again"] > 50
    assert last["met"] is True
