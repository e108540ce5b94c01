"""Activities: drafts, records with hand-outs, the check by a second person, and who had nothing."""
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import IntegrityError, transaction
from wagtail.models import ModelLogEntry

from outreach import actions
from outreach.actions import Record
from outreach.engine.refusals import FormUsed, InTheFuture, NoReason, OwnRecord, Short, WrongState
from outreach.models import Activity, Movement, Stock

from .scene import DAY, NOW

HELD = Record(name="赶集日宪法宣传", form="stall", held_on=DAY, spot="老街集市", audience=260, consulted=34)


def stock(batch, place):
    return Stock.objects.get(batch=batch, place=place)


@pytest.fixture
def batch(scene):
    batch = scene.batch(1000)
    scene.send(batch, 300)
    return batch


def hold(scene, *, handed=(), record=HELD, **more):
    return actions.record_activity(record, unit=scene.town, handed=handed, by=scene.towner, now=NOW, **more)


def test_a_record_and_its_hand_outs_are_written_together(scene, batch):
    leaflet = scene.batch(65, material=scene.material("折页", "leaflet"))
    activity = hold(scene, handed=[(stock(batch, scene.town), 120), (stock(leaflet, scene.district), 60)])
    assert (activity.state, activity.year) == ("recorded", 2026)
    movement = activity.movements.get()
    assert (movement.kind, movement.happened_on, movement.spot) == ("hand_out", DAY, "老街集市")
    assert (stock(batch, scene.town).balance, stock(leaflet, scene.district).balance) == (180, 5)


def test_a_record_that_hands_out_too_much_is_not_written_at_all(scene, batch):
    with pytest.raises(Short):
        hold(scene, handed=[(stock(batch, scene.town), 301)])
    assert (Activity.objects.count(), stock(batch, scene.town).balance) == (0, 300)


def test_a_form_sent_twice_is_one_activity(scene, batch):
    key, handed = uuid4(), [(stock(batch, scene.town), 10)]
    assert hold(scene, handed=handed, key=key).pk == hold(scene, handed=handed, key=key).pk
    assert (Activity.objects.count(), stock(batch, scene.town).balance) == (1, 290)
    with pytest.raises(FormUsed):
        hold(scene, record=Record("另一场", "talk", DAY, "礼堂", 10), key=key)


def test_what_is_still_to_come_is_no_record(scene):
    with pytest.raises(InTheFuture):
        hold(scene, record=Record("明天的", "talk", DAY + timedelta(days=1), "礼堂", 10))


def test_a_second_person_approves_and_then_nothing_changes_any_more(scene, batch):
    activity = hold(scene)
    with pytest.raises(OwnRecord):
        actions.decide_activity(activity, approved=True, opinion="", by=scene.towner, now=NOW)
    done = actions.decide_activity(activity, approved=True, opinion="", by=scene.keeper, now=NOW)
    assert (done.state, done.decided_by) == ("approved", scene.keeper)
    with pytest.raises(WrongState):
        actions.revise_activity(activity, HELD, handed=[], by=scene.towner, now=NOW)
    with pytest.raises(WrongState):
        actions.decide_activity(activity, approved=False, opinion="x", by=scene.keeper, now=NOW)


def test_a_returned_record_says_why_and_comes_back_for_another_check(scene, batch):
    activity = hold(scene, handed=[(stock(batch, scene.town), 120)])
    with pytest.raises(NoReason):
        actions.decide_activity(activity, approved=False, opinion=" ", by=scene.keeper, now=NOW)
    actions.decide_activity(activity, approved=False, opinion="人数再核", by=scene.keeper, now=NOW)
    better = Record("赶集日宪法宣传", "stall", DAY, "老街集市", 240)
    again = actions.revise_activity(activity, better, handed=[(stock(batch, scene.town), 100)], by=scene.towner, now=NOW)
    assert (again.state, again.audience, again.decided_by) == ("recorded", 240, None)
    assert stock(batch, scene.town).balance == 200
    assert list(activity.movements.order_by("pk").values_list("kind", flat=True)) == ["hand_out", "reverse", "hand_out"]


def test_a_revision_with_the_same_hand_outs_leaves_the_ledger_alone(scene, batch):
    activity = hold(scene, handed=[(stock(batch, scene.town), 120)])
    better = Record("宪法宣传", "stall", DAY, "老街集市", 200)
    actions.revise_activity(activity, better, handed=[(stock(batch, scene.town), 120)], by=scene.towner, now=NOW)
    assert Movement.objects.filter(activity=activity).count() == 1


def test_drafts_are_made_once_for_each_unit_and_become_the_record(scene):
    words = {"legal_day": "constitution-day", "name": "国家宪法日", "held_on": DAY, "by": scene.keeper, "now": NOW}
    assert len(actions.plan_activities(units=[scene.town, scene.other], **words)) == 2
    assert actions.plan_activities(units=[scene.town, scene.other], **words) == []
    held = Record("宪法日宣传", "stall", DAY, "老街集市", 100, legal_day="constitution-day")
    activity = hold(scene, record=held)
    assert list(Activity.objects.filter(unit=scene.town)) == [activity]
    assert actions.plan_activities(units=[scene.town, scene.other], **words) == []
    # A second activity of the same day is another record.
    hold(scene, record=held)
    assert Activity.objects.filter(unit=scene.town, legal_day="constitution-day").count() == 2


def test_the_database_itself_wants_a_whole_record_and_a_second_person(scene):
    activity = hold(scene)
    for wrong in ({"audience": None}, {"spot": ""}, {"state": "approved"}, {"state": "approved", "decided_by": scene.towner}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Activity.objects.filter(pk=activity.pk).update(**wrong)


def test_each_step_leaves_a_line_in_the_log(scene):
    activity = hold(scene)
    actions.decide_activity(activity, approved=False, opinion="改", by=scene.keeper, now=NOW)
    actions.revise_activity(activity, HELD, handed=[], by=scene.towner, now=NOW)
    actions.decide_activity(activity, approved=True, opinion="", by=scene.keeper, now=NOW)
    logged = ModelLogEntry.objects.filter(action__endswith="_activity").order_by("pk").values_list("action", flat=True)
    assert [one.split(".")[1].split("_")[0] for one in logged] == ["record", "return", "revise", "approve"]
