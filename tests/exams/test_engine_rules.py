from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from exams.engine.disclosure import visible
from exams.engine.refusals import AlreadyClosed, Frozen, NotYetOpen, Replaced, SittingEnded, Voided, WrongState
from exams.engine.scoring import band
from exams.engine.states import EXAM, SITTING, check_transition, check_writable
from exams.engine.timing import check_window, personal_end

NOON = datetime(2026, 9, 18, 4, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_a_sitting_ends_after_its_duration_or_at_closing_whichever_is_earlier():
    closes = NOON + timedelta(minutes=90)
    assert personal_end(NOON, duration_minutes=60, closes_at=closes) == NOON + timedelta(minutes=60)
    assert personal_end(NOON + timedelta(minutes=40), duration_minutes=60, closes_at=closes) == closes


def test_the_window_includes_its_opening_and_excludes_its_closing():
    window = {"opens_at": NOON, "closes_at": NOON + timedelta(hours=1)}
    with pytest.raises(NotYetOpen):
        check_window(NOON - SECOND, **window)
    check_window(NOON, **window)
    check_window(window["closes_at"] - SECOND, **window)
    with pytest.raises(AlreadyClosed):
        check_window(window["closes_at"], **window)


WRITABLE = {
    "state": "open", "epoch": 2, "held_epoch": 2, "ends_at": NOON, "now": NOON - SECOND,
    "frozen_reason": "", "void_reason": "",
}  # fmt: skip


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"now": NOON}, SittingEnded),
        ({"state": "marked"}, SittingEnded),
        ({"state": "void", "void_reason": "替考"}, Voided),
        ({"frozen_reason": "账号停用"}, Frozen),
        ({"held_epoch": 1}, Replaced),
    ],
)
def test_writing_is_refused_by(change, refusal):
    with pytest.raises(refusal):
        check_writable(**{**WRITABLE, **change})


def test_who_holds_the_sitting_may_write_until_its_end():
    assert check_writable(**WRITABLE) is None


@pytest.mark.parametrize("machine", [EXAM, SITTING])
def test_a_machine_has_no_way_but_its_own(machine):
    for state, ways in machine.items():
        for wanted in machine:
            if wanted in ways:
                check_transition(machine, state, wanted)
            else:
                with pytest.raises(WrongState):
                    check_transition(machine, state, wanted)


@pytest.mark.parametrize(
    ("policy", "at", "released", "shown"),
    [
        ("after_close", -1, None, "mark_only"),
        ("after_close", 0, None, "full"),
        ("at_once", -1, None, "full"),
        ("after_release", 1, None, "none"),
        ("after_release", -1, -2, "none"),
        ("after_release", 1, -2, "full"),
        ("after_release", 1, 0, "full"),
    ],
)
def test_what_a_candidate_sees_follows_the_policy(policy, at, released, shown):
    moment = {n: NOON + timedelta(hours=n) for n in (-2, -1, 0, 1)}
    released_at = None if released is None else moment[released]
    assert visible(policy, now=moment[at], keys_from=NOON, released_at=released_at) == shown


@pytest.mark.parametrize(
    ("total", "word"), [("59.5", "不合格"), ("60", "合格"), ("80", "良好"), ("89.5", "良好"), ("90", "优秀")]
)
def test_bands(total, word):
    marks = {"pass_mark": Decimal(60), "good_mark": Decimal(80), "excellent_mark": Decimal(90)}
    assert band(Decimal(total), **marks) == word
