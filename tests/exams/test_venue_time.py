"""Time given to a 考点 and its outages: those who sit in it and nobody else."""
from datetime import timedelta
from itertools import product

import pytest
import time_machine
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from mingfa.people import actions as people
from mingfa.people.models import OrgUnit, Role
from wagtail.models import ModelLogEntry

from exams import actions, rooms
from exams.arrangements import arrangements_of
from exams.engine.refusals import AlreadyLogged, NobodySits, Outdated, TooManyDevices
from exams.engine.venues import Reach, reach_of
from exams.models import Candidate, Exam, Sitting, TimeGrant
from exams.tokens import issue

from . import scene
from .scene import CLOSES, NOON, OPENS, browser, holder, minutes

END = NOON + minutes(60)
OUTAGE = {"began_at": NOON + minutes(10), "ended_at": NOON + minutes(20)}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def setter(district, exam):
    return holder(district, Role.SETTER)


@pytest.fixture
def village(district):
    """A unit below the town, so that it sits where the town does until it has a venue of its own."""
    made = people.create_unit(name="塔下村", kind="village", parent=district.town, by=district.boss, now=OPENS)
    return OrgUnit.objects.get(pk=made.pk)


@pytest.fixture
def hall(district, exam):
    return venue(district, exam, district.district, "区礼堂")


def venue(district, exam, unit, name):
    return actions.set_venue(exam, unit=unit, name=name, code="", networks="", by=district.boss, now=OPENS)


def sitting_in(district, exam, unit, name):
    user = district.person(name, unit=unit)
    Candidate.objects.create(exam=exam, user=user, unit=unit)
    return scene.sit(Exam.objects.get(pk=exam.pk), user)


def ends(*sittings):
    found = dict(Sitting.objects.values_list("pk", "ends_at"))
    return [found[one.pk] for one in sittings]


def post(user, name, exam, **fields):
    return browser(user).post(reverse(f"exams:{name}", args=[exam.pk]), fields, follow=True).content.decode()


def asked(sitting):
    headers = {"x-sitting-token": issue(sitting.pk, sitting.epoch)}
    return Client().get(reverse("exams:state", args=[sitting.pk]), headers=headers).json()


# --- time ------------------------------------------------------------------------------------------------
def test_SI8_ten_minutes_for_a_hall_reach_those_who_sit_in_it_and_their_open_pages(district, setter, exam, village, hall, clock):
    venue(district, exam, district.town, "街道会议室")
    town, below = sitting_in(district, exam, district.town, "街道人"), sitting_in(district, exam, village, "村里人")
    other = sitting_in(district, exam, district.other_town, "镇里人")
    own = sitting_in(district, exam, district.district, "区里人")
    clock.move_to(END - timedelta(seconds=5))
    page = post(setter, "room_time", exam, whom=f"venue-{hall.pk}", minutes=10, reason="礼堂停电")
    assert "已给正在作答的 2 人延长 10 分钟" in page
    assert "考点 区礼堂，2 人：礼堂停电" in page
    assert ends(town, below, other, own) == [END, END, END + minutes(10), END + minutes(10)]
    told = int((END + minutes(10)).timestamp() * 1000)
    assert [asked(one)["ends"] == told for one in (town, below, other, own)] == [False, False, True, True]
    clock.move_to(END + timedelta(seconds=1))
    assert actions.end_overdue_sittings(now=END + timedelta(seconds=1)) == 2
    assert scene.answer_all(other, now=END + minutes(9)).ends_at == END + minutes(10)
    assert actions.end_overdue_sittings(now=END + minutes(10)) == 2


def test_a_lower_units_own_venue_is_reached_by_its_own_name(district, setter, exam, village, hall):
    room = venue(district, exam, district.town, "街道会议室")
    town, below = sitting_in(district, exam, district.town, "街道人"), sitting_in(district, exam, village, "村里人")
    other = sitting_in(district, exam, district.other_town, "镇里人")
    actions.grant_time(exam, minutes=5, reason="停电", by=setter, now=NOON, venue=room)
    assert ends(town, below, other) == [END + minutes(5), END + minutes(5), END]
    for one in (town, below, other):
        line = Candidate.objects.select_related("exam", "unit").get(pk=one.candidate_id)
        found = arrangements_of(line.exam).venue_for(line)
        assert (found.name == "街道会议室") == (ends(one) == [END + minutes(5)])


def test_AL3_keys_wait_for_the_hall_that_was_given_time_past_closing(district, setter, exam, cadre, hall, clock):
    first = scene.sit(Exam.objects.get(pk=exam.pk), cadre)
    scene.answer_all(first)
    actions.submit_sitting(first.pk, by=cadre, now=NOON)
    late = district.person("后来人", unit=district.other_town)
    Candidate.objects.create(exam=exam, user=late, unit=district.other_town)
    running = scene.sit(Exam.objects.get(pk=exam.pk), late, now=CLOSES - minutes(30))
    actions.grant_time(exam, minutes=20, reason="停电", by=setter, now=CLOSES - minutes(5), venue=hall)
    assert ends(running) == [CLOSES + minutes(20)]
    assert Exam.objects.get(pk=exam.pk).keys_from == CLOSES + minutes(20)
    address = reverse("exams:result", args=[first.pk])
    clock.move_to(CLOSES + minutes(19))
    assert scene.SECRET not in browser(cadre).get(address).content.decode()
    clock.move_to(CLOSES + minutes(20))
    assert scene.SECRET in browser(cadre).get(address).content.decode()


def test_an_empty_hall_and_one_that_was_taken_back_are_refused_in_words(district, setter, exam, sitting, hall):
    room = venue(district, exam, district.other_town, "镇会议室")
    assert "现在没有人在作答" in post(setter, "room_time", exam, whom=f"venue-{room.pk}", minutes=10, reason="停电")
    with pytest.raises(NobodySits):
        actions.grant_time(exam, minutes=10, reason="停电", by=setter, now=NOON, venue=room)
    actions.remove_venue(hall, by=setter, now=NOON)
    assert "这个对象已经没有了" in post(setter, "room_time", exam, whom=f"venue-{hall.pk}", minutes=10, reason="停电")
    with pytest.raises(Outdated):
        actions.grant_time(exam, minutes=10, reason="停电", by=setter, now=NOON, venue=hall)
    assert (ends(sitting), TimeGrant.objects.count()) == ([END], 0)


def test_a_hall_of_another_exam_is_none_of_this_one(district, setter, exam, sitting):
    other = district.exam(name="另一场")
    hall = venue(district, other, district.district, "区礼堂")
    assert "这个对象已经没有了" in post(setter, "room_time", exam, whom=f"venue-{hall.pk}", minutes=10, reason="停电")
    with pytest.raises(Outdated):
        actions.grant_time(exam, minutes=10, reason="停电", by=setter, now=NOON, venue=hall)
    assert ends(sitting) == [END]


def test_the_forms_name_everybody_the_venues_and_the_units(district, setter, exam, hall):
    page = browser(setter).get(reverse("exams:room", args=[exam.pk])).content.decode()
    form = page[page.index('id="outage_whom"') : page.index("故障开始")]
    places = ["全体考生", 'label="考点"', f'value="venue-{hall.pk}"', 'label="单位（含下级，不论在哪个考点）"', "unit-"]
    assert [form.index(word) for word in places] == sorted(form.index(word) for word in places)
    assert "区礼堂（嘉禾区）" in form
    message = page[page.index('id="message_whom"') :]
    assert "venue-" not in message


# --- outages ---------------------------------------------------------------------------------------------
def test_an_outage_of_a_hall_gives_its_minutes_back_once_to_those_who_were_sitting_in_it(district, setter, exam, hall):
    room = venue(district, exam, district.town, "街道会议室")
    town, other = sitting_in(district, exam, district.town, "街道人"), sitting_in(district, exam, district.other_town, "镇里人")
    late = district.person("后来人", unit=district.other_town)
    Candidate.objects.create(exam=exam, user=late, unit=district.other_town)
    second = scene.sit(Exam.objects.get(pk=exam.pk), late, now=NOON + minutes(15))
    facts = {**OUTAGE, "reason": "礼堂停电", "by": setter}
    done = actions.log_outage(exam, **facts, now=NOON + minutes(25), venue=hall)
    assert (done.affected, done.venue, done.unit.pk) == (2, "区礼堂", district.district.pk)
    assert ends(town, other, second) == [END, END + minutes(10), second.ends_at + minutes(5)]
    for again in ({"venue": hall}, {}, {"unit": district.other_town}):
        with pytest.raises(AlreadyLogged):
            actions.log_outage(exam, **facts, now=NOON + minutes(26), **again)
    # The room of the lower unit was dark in the same minutes, and its people have nothing back yet.
    assert actions.log_outage(exam, **facts, now=NOON + minutes(27), venue=room).affected == 1
    assert ends(town, other) == [END + minutes(10), END + minutes(10)]
    with pytest.raises(AlreadyLogged):
        actions.log_outage(exam, **facts, now=NOON + minutes(28), unit=district.town)


def test_who_gets_a_venue_after_the_outage_is_not_given_its_minutes_twice(district, setter, exam, sitting, hall):
    facts = {**OUTAGE, "reason": "停电", "by": setter}
    actions.log_outage(exam, **facts, now=NOON + minutes(25), venue=hall)
    room = venue(district, exam, district.town, "街道会议室")
    with pytest.raises(AlreadyLogged):
        actions.log_outage(exam, **facts, now=NOON + minutes(26), venue=room)
    actions.remove_venue(hall, by=setter, now=NOON + minutes(27))
    with pytest.raises(AlreadyLogged):
        actions.log_outage(exam, **facts, now=NOON + minutes(28), venue=room)
    assert ends(sitting) == [END + minutes(10)]


def test_whose_time_ran_out_in_the_dark_hall_is_listed_and_nobody_elses(district, setter, exam, hall):
    venue(district, exam, district.town, "街道会议室")
    sitting_in(district, exam, district.town, "街道人")
    other = sitting_in(district, exam, district.other_town, "镇里人")
    actions.end_overdue_sittings(now=END)
    span = {"began_at": END - minutes(10), "ended_at": END + minutes(10)}
    actions.log_outage(exam, **span, reason="停电", by=setter, now=END + minutes(11), venue=hall)
    assert rooms.ended_in_outages(exam) == [other]


def test_the_audit_names_the_venue(district, setter, exam, sitting, hall):
    actions.grant_time(exam, minutes=10, reason="停电", by=setter, now=NOON, venue=hall)
    actions.log_outage(exam, **OUTAGE, reason="断网", by=setter, now=NOON + minutes(25), venue=hall)
    lines = ModelLogEntry.objects.filter(action__in=["exams.grant_time", "exams.log_outage"])
    assert [one.data["venue"] for one in lines] == ["区礼堂", "区礼堂"]


def test_the_board_costs_the_same_with_one_venue_and_with_two_and_a_longer_list(district, setter, exam, sitting, hall):
    client, address = browser(setter), reverse("exams:room", args=[exam.pk])

    def statements():
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    span = {"reason": "断网", "by": setter, "venue": hall}
    actions.log_outage(exam, **OUTAGE, **span, now=NOON + minutes(25))
    client.get(address)
    first = statements()
    venue(district, exam, district.town, "街道会议室")
    actions.log_outage(exam, began_at=NOON + minutes(30), ended_at=NOON + minutes(31), **span, now=NOON + minutes(32))
    for n in range(5):
        sitting_in(district, exam, district.other_town, f"学员{n}")
        actions.grant_time(exam, minutes=1, reason="停电", by=setter, now=NOON, venue=hall)
    assert statements() == first


def test_a_venue_without_its_unit_cannot_be_written(exam, setter):
    facts = {"exam": exam, "kind": "extra", "minutes": 5, "reason": "x", "given_by": setter, "given_at": NOON}
    with pytest.raises(IntegrityError), transaction.atomic():
        TimeGrant.objects.create(**facts, venue="区礼堂")


# --- devices ---------------------------------------------------------------------------------------------
def test_devices_may_change_two_hundred_times_and_again_after_the_invigilator_looked(setter, exam, cadre, sitting):
    Sitting.objects.update(epoch=200, takeovers=199)
    assert actions.take_over(sitting, by=cadre, now=NOON, device="a").epoch == 201
    with pytest.raises(TooManyDevices):
        actions.take_over(sitting, by=cadre, now=NOON, device="b")
    reply = browser(cadre).post(reverse("exams:take_over", args=[sitting.pk]))
    assert reply.status_code == 409
    assert "换设备已经 200 次，不能再换。请叫监考人" in reply.content.decode()
    assert Sitting.objects.get().epoch == 201
    browser(setter).post(reverse("exams:lock", args=[sitting.pk]), {"reason": "核对身份"})
    browser(setter).post(reverse("exams:unfreeze", args=[sitting.pk]))
    assert browser(cadre).post(reverse("exams:take_over", args=[sitting.pk])).status_code == 302
    row = Sitting.objects.get()
    assert (row.takeovers, row.epoch) == (1, 203)


def test_the_number_of_the_device_never_grows_out_of_its_column(cadre, sitting):
    Sitting.objects.update(epoch=32_000)
    with pytest.raises(TooManyDevices):
        actions.take_over(sitting, by=cadre, now=NOON, device="a")
    assert Sitting.objects.get().epoch == 32_000


# --- pure ------------------------------------------------------------------------------------------------
PATHS = st.lists(st.sampled_from(["0001", "0002", "0003"]), max_size=3).map("".join)


@given(st.lists(PATHS, max_size=5), st.lists(PATHS, max_size=5), PATHS, PATHS)
def test_two_reaches_overlap_exactly_where_some_unit_is_in_both(mine, yours, one, other):
    first, second = reach_of(one, mine), reach_of(other, yours)
    every = ["".join(parts) for depth in range(4) for parts in product(["0001", "0002", "0003"], repeat=depth)]
    assert first.overlaps(second) == second.overlaps(first) == any(path in first and path in second for path in every)


@given(st.lists(PATHS, min_size=1, max_size=6, unique=True), PATHS)
def test_everybody_sits_in_the_venue_whose_reach_has_them_and_in_no_other(paths, unit):
    nearest = max((path for path in paths if unit.startswith(path)), key=len, default=None)
    assert [path for path in paths if unit in reach_of(path, paths)] == ([] if nearest is None else [nearest])


def test_the_whole_exam_is_one_reach():
    assert "00010002" in Reach()
    assert Reach().overlaps(Reach("0003"))
