"""Signing in: the QR of the moment, the spoken code, the steward; and attendance that can be computed anew."""
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from courses.live import actions, queries, results
from courses.live.board import Round, Sign, decide, proof
from courses.live.board.refusals import (
    BadCode,
    Gone,
    NotAllowed,
    NotOnRoster,
    OtherDevice,
    Refusal,
    SamePerson,
    TooOften,
)
from courses.live.models import CheckIn, Training

from .scene import NOW

SECOND = timedelta(seconds=1)


def qr(scene, venue=None, at=NOW):
    venue = venue or scene.venues[0]
    return proof.qr(venue.secret, scene.training.pk, venue.pk, proof.step_at(round(at.timestamp() * 1000)))


def sign(scene, code, *, place=0, now=NOW, **more):
    return actions.check_in(scene.training.pk, {"code": code, **more}, actor=scene.sitting(place), now=now)


@pytest.fixture
def open_round(scene):
    scene.turn("scheduled", "lobby")
    scene.do("checkin.open", {"kind": "qr", "seconds": 300})
    return scene


def test_the_qr_of_the_moment_signs_in_and_that_of_half_a_minute_ago_does_not(open_round):
    assert sign(open_round, qr(open_round)).counts
    assert sign(open_round, qr(open_round), place=2, now=NOW + 15 * SECOND).counts
    with pytest.raises(BadCode):
        sign(open_round, qr(open_round), place=4, now=NOW + 25 * SECOND)
    actions.tally(open_round.training.pk, now=NOW)
    assert open_round.state["venues"][str(open_round.venues[0].pk)]["signed"] == 2


def test_a_qr_that_is_not_ours_is_refused(open_round):
    venue = open_round.venues[0]
    forged = proof.qr("another secret", open_round.training.pk, venue.pk, proof.step_at(round(NOW.timestamp() * 1000)))
    for code in (forged, forged.replace(".", ""), "1.2.3", "9.9.9.9", "１.2.3.4"):
        with pytest.raises(Refusal):
            sign(open_round, code)
    assert CheckIn.objects.count() == 0


def test_once_is_enough_and_counts_once(open_round):
    first = sign(open_round, qr(open_round))
    assert sign(open_round, qr(open_round)).pk == first.pk
    assert CheckIn.objects.count() == 1


def test_one_device_signs_in_one_person_a_round(open_round):
    sign(open_round, qr(open_round), device="phone1")
    with pytest.raises(OtherDevice):
        sign(open_round, qr(open_round), place=2, device="phone1")
    open_round.do("checkin.open", {"kind": "qr"}, now=NOW + SECOND)
    assert sign(open_round, qr(open_round), place=2, device="phone1", now=NOW + SECOND).round == 2


def test_the_spoken_code_is_of_the_own_venue_and_five_tries_a_minute(open_round):
    own, other = (proof.spoken(one.secret, open_round.training.pk, one.pk, 1) for one in open_round.venues)
    assert sign(open_round, own).how == CheckIn.How.CODE
    with pytest.raises(BadCode):
        sign(open_round, other if other != own else "x", place=2)
    for _ in range(4):
        with pytest.raises(BadCode):
            sign(open_round, "nnnn", place=2)
    with pytest.raises(TooOften):
        sign(open_round, own, place=2)


def test_without_an_open_round_nobody_signs_in(scene):
    scene.turn("scheduled", "lobby")
    with pytest.raises(Gone):
        sign(scene, qr(scene))


def test_who_is_not_on_the_roster_does_not_sign_in(open_round):
    from courses.live.board import Actor

    stranger = Actor("cadre", open_round.boss.pk, "管理", open_round.venues[0].pk)
    with pytest.raises(NotOnRoster):
        actions.check_in(open_round.training.pk, {"code": qr(open_round)}, actor=stranger, now=NOW)


def test_LR5_what_was_scanned_without_a_line_comes_later_once_with_both_times(open_round):
    code, late = qr(open_round), NOW + timedelta(minutes=10)
    made = round(NOW.timestamp() * 1000)
    open_round.do("checkin.close", now=NOW + 60 * SECOND)
    found = sign(open_round, code, now=late, made_at=made)
    assert sign(open_round, code, now=late, made_at=made).pk == found.pk
    assert CheckIn.objects.count() == 1
    assert (found.made_at, found.received_at) == (NOW, late)
    assert not found.counts
    who = open_round.cadres[0].pk
    assert actions.confirm(open_round.training.pk, {"who": who}, actor=open_round.stewarding(), now=late) == 1
    assert CheckIn.objects.get().counts


def test_LR5_a_picture_sent_round_later_does_not_count_by_itself(open_round):
    late = NOW + timedelta(minutes=10)
    assert not sign(open_round, qr(open_round), now=late - timedelta(minutes=6), made_at=round(NOW.timestamp() * 1000)).counts
    made = round((NOW + timedelta(minutes=4)).timestamp() * 1000)
    with pytest.raises(BadCode):
        sign(open_round, qr(open_round), place=2, now=late, made_at=made)


def test_a_tick_of_the_steward_counts_when_somebody_else_has_confirmed_it(open_round):
    scene, who = open_round, open_round.cadres[0].pk
    ticked = actions.tick(scene.training.pk, {"who": who}, actor=scene.stewarding(), now=NOW)
    assert not ticked.counts
    assert [one["waiting"] for one in queries.roster_of(scene.venues[0]) if one["who"] == who] == [True]
    with pytest.raises(SamePerson):
        actions.confirm(scene.training.pk, {"who": who}, actor=scene.stewarding(), now=NOW)
    assert actions.confirm(scene.training.pk, {"who": who}, actor=scene.stewarding(scene.second), now=NOW) == 1
    with pytest.raises(Gone):
        actions.confirm(scene.training.pk, {"who": who}, actor=scene.teaching, now=NOW)


def test_a_steward_looks_after_his_own_venue_only(open_round):
    for what in (actions.tick, actions.confirm):
        with pytest.raises(NotAllowed):
            what(open_round.training.pk, {"who": open_round.cadres[1].pk}, actor=open_round.stewarding(), now=NOW)


def test_nobody_confirms_his_own_late_sign_in(open_round):
    """A steward is on the roster as well."""
    from courses.live.models import RosterEntry

    scene = open_round
    RosterEntry.objects.get_or_create(training=scene.training, user=scene.steward, defaults={"venue": scene.venues[0]})
    made = round((NOW - 1 * SECOND).timestamp() * 1000) + 1000
    late = NOW + timedelta(minutes=4)
    actions.check_in(scene.training.pk, {"code": qr(scene), "made_at": made}, actor=scene.stewarding(), now=late)
    with pytest.raises(SamePerson):
        actions.confirm(scene.training.pk, {"who": scene.steward.pk}, actor=scene.stewarding(), now=late)


KINDS = ["qr", "tick", "confirm", "late", "round", "shut", "wait"]
STEPS = st.lists(st.tuples(st.sampled_from(KINDS), st.integers(0, 5)), max_size=30)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(steps=STEPS)
def test_attendance_computed_from_the_log_is_what_was_stored(scene, steps):
    from django.db import transaction

    with transaction.atomic():
        point = transaction.savepoint()
        try:
            _play_and_compare(scene, steps)
        finally:
            transaction.savepoint_rollback(point)


def _play_and_compare(scene, steps):
    from django.core.cache import cache

    now = NOW
    scene.begin(now=now)
    # The test's own book, kept from what the actions answered: person → rounds that count, first moment.
    book = {user.pk: {} for user in scene.cadres}
    waiting = {user.pk: {} for user in scene.cadres}
    opened = {}
    for what, n in steps:
        cache.clear()
        user = scene.cadres[n]
        actor = scene.sitting(n)
        venue = next(one for one in scene.venues if one.pk == actor.venue)
        try:
            if what == "round":
                scene.do("checkin.open", {"kind": "qr", "seconds": None}, now=now)
                opened[len(opened) + 1] = now
            elif what == "shut":
                scene.do("checkin.close", now=now)
            elif what == "wait":
                now += timedelta(minutes=1 + 5 * n)
            elif what == "qr":
                row = sign(scene, qr(scene, venue, now), place=n, now=now)
                if row.round not in waiting[user.pk]:
                    book[user.pk].setdefault(row.round, now)
            elif what == "late":
                sent = {"now": now + timedelta(minutes=2), "made_at": round(now.timestamp() * 1000)}
                row = sign(scene, qr(scene, venue, now), place=n, **sent)
                if row.round not in book[user.pk]:
                    waiting[user.pk].setdefault(row.round, now)
            elif what == "tick":
                row = actions.tick(scene.training.pk, {"who": user.pk}, actor=scene.teaching, now=now)
                if row.round not in book[user.pk]:
                    waiting[user.pk].setdefault(row.round, now)
            elif actions.confirm(scene.training.pk, {"who": user.pk}, actor=scene.teaching, now=now):
                late = CheckIn.objects.filter(user=user, confirmed_by=scene.trainer)
                for one in late:
                    book[user.pk].setdefault(one.round, waiting[user.pk].pop(one.round, one.made_at))
        except Refusal:
            pass
    end = now + timedelta(minutes=300)
    actions.keep_time(scene.training.pk, now=end)
    actions.keep_time(scene.training.pk, now=end + timedelta(minutes=31))
    assert Training.objects.get(pk=scene.training.pk).state == "replay"
    rounds, started_at, signs = queries.log_of_attendance(scene.training.pk)
    last = max(opened, default=0)
    for entry in scene.training.roster.filter(user__in=scene.cadres):
        assert entry.attendance == decide(rounds, signs.get(entry.user_id, ()), started_at=started_at)
        made = book[entry.user_id]
        expected = "absent"
        if made:
            expected = "late" if min(made.values()) - NOW > timedelta(minutes=15) else "present"
            expected = "early" if expected == "present" and len(opened) > 1 and last not in made else expected
        assert entry.attendance == expected
    # Corrected by hand afterwards, in any order: the log with its lines of correction still gives what is stored.
    words = ["present", "late", "early", "absent"]
    for what, n in steps[:6]:
        entry = scene.training.roster.get(user=scene.cadres[n])
        wanted = words[(words.index(entry.attendance) + 1 + KINDS.index(what) % 3) % 4]
        actions.correct_attendance(entry, wanted, "现场核实", by=scene.trainer, now=end + timedelta(hours=1))
    stored = dict(scene.training.roster.values_list("user", "attendance"))
    assert results.attendance_anew(Training.objects.get(pk=scene.training.pk)) == stored


@pytest.mark.parametrize(("signs", "attendance"), [
    ([], "absent"),
    ([Sign(1, 100, False)], "absent"),
    ([Sign(1, 100, True)], "early"),
    ([Sign(2, 2_000_000, True)], "late"),
    ([Sign(1, 100, True), Sign(2, 2_000_000, True)], "present"),
    ([Sign(0, 100, True), Sign(2, 2_000_000, False)], "early"),
])  # fmt: skip
def test_attendance_follows_from_rounds_and_sign_ins(signs, attendance):
    assert decide([Round(1, 50), Round(2, 1_900_000)], signs, started_at=0) == attendance


def test_the_step_is_ten_seconds_and_a_code_has_four_digits():
    at = datetime(2026, 9, 17, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
    milliseconds = round(at.timestamp() * 1000)
    assert proof.step_at(milliseconds + 9_999) == proof.step_at(milliseconds) == proof.step_at(milliseconds + 10_000) - 1
    assert {len(proof.spoken("s", 1, venue, 1)) for venue in range(1, 300)} == {4}
