"""时段: who may start when, what the notice page says, and the organiser's page."""
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from mingfa.people import actions as people
from mingfa.people.models import Role, User
from wagtail.models import ModelLogEntry

from exams import actions
from exams.engine.refusals import OutsideSlot, SlotOutsideWindow, WrongState
from exams.engine.slots import Slot, check_slot, slot_of
from exams.models import Exam, Sitting, UnitSlot
from exams.slots import slot_lines

from . import scene
from .scene import CLOSES, NOON, OPENS, browser, minutes

MORNING = (OPENS, OPENS + timedelta(hours=2))
AFTERNOON = (OPENS + timedelta(hours=4), OPENS + timedelta(hours=6))
SECOND = timedelta(seconds=1)


def give(district, exam, unit, times, *, now=OPENS):
    return actions.set_slot(exam, unit=unit, opens_at=times[0], closes_at=times[1], by=district.boss, now=now)


def test_the_slot_of_the_nearest_unit_holds():
    slots = [Slot("0001", "区", *MORNING), Slot("00010002", "街道", *AFTERNOON)]
    assert slot_of("000100020003", slots).unit == "街道"
    assert slot_of("00010009", slots).unit == "区"
    assert slot_of("0009", slots) is None


def test_a_slot_includes_its_first_moment_and_excludes_its_last():
    slot = Slot("0001", "区", *MORNING)
    check_slot(slot, now=MORNING[0])
    check_slot(slot, now=MORNING[1] - SECOND)
    for moment, is_over in ((MORNING[0] - SECOND, False), (MORNING[1], True)):
        with pytest.raises(OutsideSlot) as refused:
            check_slot(slot, now=moment)
        assert refused.value.is_over is is_over
    check_slot(Slot("0001", "区", *MORNING, is_open=True), now=MORNING[1])


def test_nobody_starts_outside_the_slot_and_no_attempt_is_used(district, exam, cadre):
    give(district, exam, district.district, AFTERNOON)
    with pytest.raises(OutsideSlot):
        scene.sit(exam, cadre, now=NOON)
    assert not Sitting.objects.exists()
    assert scene.candidate(exam, cadre).attempts_used == 0

    assert scene.sit(exam, cadre, now=AFTERNOON[0]).state == "open"


def test_the_slot_does_not_shorten_the_sitting_and_who_has_started_may_come_back(district, exam, cadre):
    give(district, exam, district.town, MORNING)
    sitting = scene.sit(exam, cadre, now=MORNING[1] - SECOND)

    assert sitting.ends_at == MORNING[1] - SECOND + minutes(60)
    assert scene.sit(exam, cadre, now=MORNING[1] + minutes(5)).pk == sitting.pk


def test_another_units_slot_does_not_concern_anybody_else(district, exam, cadre):
    give(district, exam, district.other_town, AFTERNOON)
    assert scene.sit(exam, cadre, now=NOON).state == "open"


def test_an_opened_slot_lets_its_people_start_until_it_is_set_again(district, exam, cadre):
    slot = give(district, exam, district.town, MORNING)
    actions.open_slot(slot, by=district.boss, now=NOON)
    actions.open_slot(slot, by=district.boss, now=NOON + SECOND)
    slot.refresh_from_db()
    assert (slot.opened_at, slot.opened_by) == (NOON, district.boss)
    give(district, exam, district.town, MORNING)
    with pytest.raises(OutsideSlot):
        scene.sit(exam, cadre, now=NOON)
    actions.remove_slot(UnitSlot.objects.get(), by=district.boss, now=NOON)

    assert scene.sit(exam, cadre, now=NOON).state == "open"
    logged = ModelLogEntry.objects.filter(action__contains="slot").order_by("pk").values_list("action", flat=True)
    assert list(logged) == ["exams.set_slot", "exams.open_slot", "exams.set_slot", "exams.remove_slot"]


@pytest.mark.parametrize(
    "times", [(OPENS - SECOND, OPENS + minutes(9)), (OPENS, CLOSES + SECOND), (NOON, NOON), (NOON, OPENS)]
)
def test_a_slot_lies_inside_the_window(district, exam, times):
    with pytest.raises(SlotOutsideWindow):
        give(district, exam, district.town, times)
    assert not UnitSlot.objects.exists()


def test_slots_of_an_exam_that_is_over_stay_as_they_are(district, exam):
    slot = give(district, exam, district.town, MORNING)
    Exam.objects.update(state=Exam.State.CLOSED)
    for change in (
        lambda: give(district, exam, district.town, AFTERNOON),
        lambda: actions.open_slot(slot, by=district.boss, now=CLOSES),
        lambda: actions.remove_slot(slot, by=district.boss, now=CLOSES),
    ):
        with pytest.raises(WrongState):
            change()
    assert UnitSlot.objects.get().opened_at is None


def test_heads_are_counted_once_in_the_slot_that_holds_for_them(district, exam):
    for name, unit in (("甲", district.town), ("乙", district.town), ("丙", district.other_town), ("丁", district.district)):
        district.person(name, unit=unit)
    second = district.exam()
    give(district, second, district.district, MORNING)
    give(district, second, district.town, AFTERNOON)
    lines, without = slot_lines(second)
    assert [(line.slot.unit.name, line.heads) for line in lines] == [("嘉禾区", 2), ("穗安街道", 3)]
    assert without == 0


# --- pages ----------------------------------------------------------------------------------------
@pytest.fixture(autouse=True)
def _at_noon():
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def organiser(district):
    user = district.person("出题人")
    people.grant_role(user, role=Role.SETTER, unit=district.district, by=district.boss, now=OPENS)
    return browser(User.objects.get(pk=user.pk))


def test_outside_the_slot_the_notice_page_says_when_it_is_and_starting_is_refused(district, exam, cadre):
    give(district, exam, district.town, AFTERNOON)
    client = browser(cadre)
    page = client.get(reverse("exams:notice", args=[exam.pk])).content.decode()
    assert "本单位时段" in page
    assert "穗安街道的时段是" in page
    assert "请到时再来" in page
    assert f'action="{reverse("exams:start", args=[exam.pk])}"' not in page

    refused = client.post(reverse("exams:start", args=[exam.pk]), {"read": "on"})
    assert refused.status_code == 409
    assert not Sitting.objects.exists()


def test_in_the_slot_the_notice_page_offers_the_start(district, exam, cadre):
    give(district, exam, district.town, (NOON, NOON + minutes(30)))
    page = browser(cadre).get(reverse("exams:notice", args=[exam.pk])).content.decode()
    assert "本单位时段" in page
    assert f'action="{reverse("exams:start", args=[exam.pk])}"' in page


def test_the_organiser_arranges_opens_and_removes_a_slot(district, exam, organiser):
    address = reverse("exams:slots", args=[exam.pk])
    assert "还没有安排时段" in organiser.get(address).content.decode()
    form = {"unit": district.town.pk, "opens_at": "2026-09-14T14:00", "closes_at": "2026-09-14T16:00"}
    page = organiser.post(address, form, follow=True).content.decode()
    assert "已安排穗安街道的时段" in page
    slot = UnitSlot.objects.get()
    assert slot.opens_at == OPENS + timedelta(hours=5)

    assert "放开" in organiser.post(reverse("exams:slot_open", args=[slot.pk]), follow=True).content.decode()
    assert UnitSlot.objects.get().opened_at == NOON
    organiser.post(reverse("exams:slot_remove", args=[slot.pk]))
    assert not UnitSlot.objects.exists()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"opens_at": "2026-09-13T09:00"}, "时段要在考试时间里"),
        ({"closes_at": "2026-09-14T13:00"}, "结束要晚于开始"),
        ({"unit": ""}, "请选择单位"),
        ({"unit": "999999"}, "不在应考单位里"),
        ({"opens_at": "明天"}, "输入"),
    ],
)
def test_a_slot_that_cannot_be_is_refused_with_the_reason(district, exam, organiser, change, words):
    form = {"unit": district.town.pk, "opens_at": "2026-09-14T14:00", "closes_at": "2026-09-14T16:00", **change}
    reply = organiser.post(reverse("exams:slots", args=[exam.pk]), form)
    assert reply.status_code == 422
    assert words in reply.content.decode()
    assert not UnitSlot.objects.exists()


def test_strangers_find_no_slots_and_visitors_sign_in_first(district, exam, cadre):
    slot = give(district, exam, district.town, MORNING)
    page, opening, removing = (
        reverse("exams:slots", args=[exam.pk]), reverse("exams:slot_open", args=[slot.pk]),
        reverse("exams:slot_remove", args=[slot.pk]),
    )  # fmt: skip
    for client, status in ((browser(cadre), 404), (Client(), 302)):
        assert client.get(page).status_code == status
        assert client.post(opening).status_code == status
        assert client.post(removing).status_code == status
    slot.refresh_from_db()
    assert slot.opened_at is None


def test_the_page_asks_as_often_for_thirty_slots_as_for_one(district, exam, organiser):
    address = reverse("exams:slots", args=[exam.pk])
    give(district, exam, district.town, MORNING)
    organiser.get(address)
    with CaptureQueriesContext(connection) as one:
        organiser.get(address)
    for n in range(29):
        unit = people.create_unit(
            name=f"村{n}", kind="village", parent=district.town, by=district.boss, now=OPENS
        )
        actions.open_slot(give(district, exam, unit, MORNING), by=district.boss, now=NOON)
    with CaptureQueriesContext(connection) as thirty:
        organiser.get(address)
    assert len(thirty) == len(one)
