"""The room: time given, outages made good, messages, locking; what an open paper is told."""
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from mingfa.people import actions as people
from mingfa.people.models import Role, User

from exams import actions, rooms
from exams.engine.refusals import AlreadyLogged, BadSpan, NobodySits, SittingEnded
from exams.engine.timing import lost_minutes, personal_end
from exams.models import Candidate, Exam, Sitting, TimeGrant
from exams.tokens import issue

from . import scene
from .scene import CLOSES, NOON, browser, candidate, holder, minutes

END = NOON + minutes(60)


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def setter(district, exam):
    return holder(district, Role.SETTER)


def fresh(sitting):
    return Sitting.objects.select_related("candidate__exam").get(pk=sitting.pk)


def asked(sitting, epoch=None):
    headers = {"x-sitting-token": issue(sitting.pk, epoch or sitting.epoch)}
    return Client().get(reverse("exams:state", args=[sitting.pk]), headers=headers)


def post(user, name, key, **fields):
    return browser(user).post(reverse(f"exams:{name}", args=[key]), fields, follow=True).content.decode()


# --- time ------------------------------------------------------------------------------------------------
def test_SI8_ten_minutes_given_five_seconds_before_the_end_hold_and_the_old_end_does_nothing(setter, exam, sitting, clock):
    clock.move_to(END - timedelta(seconds=5))
    page = post(setter, "room_time", exam.pk, candidate=sitting.candidate_id, minutes=10, reason="考点停电")
    assert "已给本人延长 10 分钟，试卷上几秒内更新" in page
    clock.move_to(END + timedelta(seconds=1))
    assert actions.end_overdue_sittings(now=END + timedelta(seconds=1)) == 0
    assert asked(sitting).json()["ends"] == int((END + minutes(10)).timestamp() * 1000)
    assert scene.answer_all(sitting, now=END + minutes(9)).revision > sitting.revision
    assert actions.end_overdue_sittings(now=END + minutes(10)) == 1
    grant = TimeGrant.objects.get()
    assert (grant.given_by, grant.given_at, grant.reason) == (setter, END - timedelta(seconds=5), "考点停电")


def test_SI8_then_a_whole_unit_gets_time_and_nobody_else(district, setter, exam, sitting):
    other = district.person("外镇人", unit=district.other_town)
    Candidate.objects.create(exam=exam, user=other, unit=district.other_town)
    elsewhere = scene.sit(exam, other)
    post(setter, "room_time", exam.pk, whom=f"unit-{district.town.pk}", minutes=10, reason="断网")
    assert (fresh(sitting).ends_at, fresh(elsewhere).ends_at) == (END + minutes(10), END)


def test_an_end_planned_before_time_was_given_ends_nothing_early(setter, exam, sitting):
    actions.grant_time(exam, minutes=10, reason="停电", by=setter, now=NOON)
    late = END + timedelta(seconds=1)
    left = actions.submit_sitting(sitting.pk, by=None, now=late, ending=Sitting.Ending.TIME)
    assert left.state == Sitting.State.OPEN


def test_somebody_who_has_not_started_is_given_time_from_the_list_of_those_who_have_not(setter, exam, cadre):
    page = browser(setter).get(reverse("exams:room", args=[exam.pk]) + "?state=waiting").content.decode()
    assert "给本人延时" in page
    assert "锁定作答" not in page
    done = post(setter, "room_time", exam.pk, candidate=candidate(exam, cadre).pk, minutes=30, reason="视力残疾")
    assert "已给本人延长 30 分钟，从开始作答时起算" in done
    assert scene.sit(exam, cadre).ends_at == END + minutes(30)


def test_own_extra_time_counts_for_later_starts_and_runs_past_closing(setter, exam, cadre):
    actions.grant_time(exam, minutes=30, reason="视力残疾", by=setter, now=NOON, candidate=candidate(exam, cadre))
    sitting = scene.sit(exam, cadre, now=CLOSES - minutes(20))
    assert sitting.ends_at == CLOSES + minutes(30)
    assert Exam.objects.get(pk=exam.pk).over_for_everybody == CLOSES + minutes(30)


def test_AL3_keys_wait_until_the_last_one_with_extra_time_is_done(district, setter, exam, cadre, clock):
    late = district.person("后来人")
    Candidate.objects.create(exam=exam, user=late, unit=district.town)
    first = scene.sit(exam, cadre)
    scene.answer_all(first)
    actions.submit_sitting(first.pk, by=cadre, now=NOON)
    running = scene.sit(exam, late, now=CLOSES - minutes(30))
    actions.grant_time(exam, minutes=20, reason="停电", by=setter, now=CLOSES - minutes(5), candidate=running.candidate)
    address = reverse("exams:result", args=[first.pk])
    clock.move_to(CLOSES + minutes(19))
    assert scene.SECRET not in browser(cadre).get(address).content.decode()
    clock.move_to(CLOSES + minutes(20))
    assert scene.SECRET in browser(cadre).get(address).content.decode()


def test_time_for_nobody_is_refused_in_words(setter, exam):
    assert "现在没有人在作答" in post(setter, "room_time", exam.pk, minutes=10, reason="停电")
    with pytest.raises(NobodySits):
        actions.grant_time(exam, minutes=5, reason="停电", by=setter, now=NOON)


@pytest.mark.parametrize(("fields", "why"), [
    ({"minutes": "", "reason": "停电"}, "请填分钟数"), ({"minutes": "0", "reason": "停电"}, "至少 1 分钟"),
    ({"minutes": "9" * 30, "reason": "停电"}, "一次最多 240 分钟"), ({"minutes": "5", "reason": ""}, "请写原因"),
    ({"minutes": "5", "reason": "停电", "candidate": "999999"}, "这个人不在名册里"),
    ({"minutes": "5", "reason": "停电", "whom": "venue-999999"}, "这个对象已经没有了。请刷新页面以后再选"),
    ({"minutes": "5", "reason": "停电", "whom": "everybody"}, "这个对象已经没有了"),
])  # fmt: skip
def test_incomplete_grants_are_refused_in_words(setter, exam, sitting, fields, why):
    assert why in post(setter, "room_time", exam.pk, **fields)
    assert TimeGrant.objects.count() == 0


# --- outages ---------------------------------------------------------------------------------------------
def test_an_outage_gives_each_the_minutes_it_took(district, setter, exam, sitting, clock):
    late = district.person("后来人")
    Candidate.objects.create(exam=exam, user=late, unit=district.town)
    second = scene.sit(exam, late, now=NOON + minutes(15))
    span = {"began_at": NOON + minutes(10), "ended_at": NOON + minutes(20)}
    done = actions.log_outage(exam, **span, reason="机房断电", by=setter, now=NOON + minutes(25))
    assert done.affected == 2
    assert fresh(sitting).ends_at == END + minutes(10)
    assert fresh(second).ends_at == second.ends_at + minutes(5)


def test_the_same_outage_is_given_back_once(district, setter, exam, sitting):
    span = {"began_at": NOON + minutes(10), "ended_at": NOON + minutes(20)}
    actions.log_outage(exam, **span, reason="断网", by=setter, now=NOON + minutes(25), unit=district.town)
    for unit in (district.town, None):
        with pytest.raises(AlreadyLogged):
            actions.log_outage(exam, **span, reason="断网", by=setter, now=NOON + minutes(26), unit=unit)
    actions.log_outage(exam, **span, reason="断网", by=setter, now=NOON + minutes(26), unit=district.other_town)
    assert fresh(sitting).ends_at == END + minutes(10)


@pytest.mark.parametrize(("began", "ended"), [(20, 10), (10, 10), (10, 40)])
def test_impossible_spans_are_refused(setter, exam, sitting, began, ended):
    with pytest.raises(BadSpan):
        actions.log_outage(
            exam, began_at=NOON + minutes(began), ended_at=NOON + minutes(ended), reason="断网", by=setter,
            now=NOON + minutes(30),
        )  # fmt: skip


def test_whose_time_ran_out_in_an_outage_is_listed_and_may_sit_again(setter, exam, cadre, sitting, clock):
    actions.end_overdue_sittings(now=END)
    span = {"began_at": END - minutes(10), "ended_at": END + minutes(10)}
    actions.log_outage(exam, **span, reason="机房断电", by=setter, now=END + minutes(11))
    clock.move_to(END + minutes(12))
    assert "故障期间到时收卷的 1 人" in browser(setter).get(reverse("exams:room", args=[exam.pk])).content.decode()
    post(setter, "void", sitting.pk, reason="机房断电", again="on")
    again = scene.sit(exam, cadre, now=END + minutes(13))
    assert again.number == 2


@given(st.integers(-5000, 5000), st.integers(-5000, 5000), st.integers(1, 5000))
def test_nobody_gets_more_than_the_outage_or_less_than_was_lost(started, began, length):
    start, begin = NOON + timedelta(seconds=started), NOON + timedelta(seconds=began)
    end = begin + timedelta(seconds=length)
    lost = max(0, (end - max(start, begin)).total_seconds())
    given_back = 60 * lost_minutes(start, began_at=begin, ended_at=end)
    assert lost <= given_back < lost + 60
    assert given_back < length + 60


@given(st.integers(0, 600), st.integers(1, 300), st.integers(0, 240))
def test_extra_minutes_lie_behind_the_earlier_of_duration_and_closing(into, duration, extra):
    start, closes = NOON + minutes(into), NOON + minutes(601)
    end = personal_end(start, duration_minutes=duration, closes_at=closes, extra_minutes=extra)
    assert end - minutes(extra) == min(start + minutes(duration), closes)


# --- what the paper is told ------------------------------------------------------------------------------
def test_SI9_the_old_device_is_told_that_it_was_replaced(cadre, sitting):
    actions.take_over(fresh(sitting), by=cadre, now=NOON, device="other")
    old, new = asked(sitting), asked(sitting, sitting.epoch + 1)
    assert (old.status_code, old.json()["code"]) == (409, "replaced")
    assert new.status_code == 200


def test_a_message_reaches_the_unit_it_is_for_and_nobody_else(district, setter, exam, sitting):
    other = district.person("外镇人", unit=district.other_town)
    Candidate.objects.create(exam=exam, user=other, unit=district.other_town)
    elsewhere = scene.sit(exam, other)
    assert "已发出" in post(setter, "room_message", exam.pk, whom=f"unit-{district.town.pk}", text="10 点恢复供电")
    assert [one["text"] for one in asked(sitting).json()["messages"]] == ["10 点恢复供电"]
    assert asked(elsewhere).json()["messages"] == []


def test_the_answer_to_an_open_paper_costs_two_statements_and_says_nothing_to_strangers(sitting):
    asked(sitting)
    with CaptureQueriesContext(connection) as statements:
        reply = asked(sitting)
    assert len(statements) == 2
    assert set(reply.json()) == {"now", "ends", "messages"}
    address = reverse("exams:state", args=[sitting.pk])
    assert Client().get(address, headers={"x-sitting-token": issue(sitting.pk + 1, 1)}).status_code == 403
    assert Client().get(address).status_code == 403


# --- the board -------------------------------------------------------------------------------------------
def test_locking_stops_the_next_save_and_shows_as_trouble(setter, exam, sitting):
    assert "已锁定" in post(setter, "lock", sitting.pk, reason="核对身份")
    with pytest.raises(Exception, match="核对身份"):
        scene.answer_all(sitting)
    page = browser(setter).get(reverse("exams:room", args=[exam.pk]) + "?state=trouble").content.decode()
    assert "已冻结：核对身份" in page


@pytest.mark.parametrize(("done", "opened"), [("nothing", "waiting"), ("started", "in"), ("silent", "trouble"), ("all", "done")])
def test_the_board_opens_where_there_are_people(setter, exam, cadre, clock, done, opened):
    exam.candidates.exclude(user=cadre).delete()
    if done != "nothing":
        sitting = scene.sit(exam, cadre)
        if done == "silent":
            clock.move_to(NOON + minutes(11))
        if done == "all":
            actions.submit_sitting(sitting.pk, by=cadre, now=NOON)
    page = browser(setter).get(reverse("exams:room", args=[exam.pk])).content.decode()
    assert page.count('aria-current="true"') == 1
    assert f'state={opened}" aria-current="true"' in page
    assert cadre.name in page


def test_heads_add_up_to_those_due_in_every_state(district, setter, exam, cadre, sitting):
    for n in range(3):
        Candidate.objects.create(exam=exam, user=district.person(f"学员{n}"), unit=district.town)
    done = scene.sit(exam, User.objects.get(name="学员0"))
    actions.submit_sitting(done.pk, by=None, now=NOON)
    silent = rooms.heads(exam, now=NOON + minutes(11))
    assert rooms.heads(exam, now=NOON) == {"waiting": exam.candidates.count() - 2, "in": 1, "trouble": 0, "done": 1}
    assert (silent["in"], silent["trouble"]) == (0, 1)


def test_the_board_costs_the_same_with_one_person_and_with_thirty(district, setter, exam, sitting):
    client, address = browser(setter), reverse("exams:room", args=[exam.pk])

    def statements():
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    client.get(address)
    first = statements()
    for n in range(30):
        user = district.person(f"学员{n}")
        Candidate.objects.create(exam=exam, user=user, unit=district.town)
        scene.sit(exam, user)
    assert statements() == first


def test_strangers_find_no_room_and_change_nothing(district, exam, cadre, sitting):
    setter_elsewhere = district.person("外出题")
    people.grant_role(setter_elsewhere, role=Role.SETTER, unit=district.other_town, by=district.boss, now=NOON)
    for user in (cadre, User.objects.get(pk=setter_elsewhere.pk)):
        client = browser(user)
        assert client.get(reverse("exams:room", args=[exam.pk])).status_code == 404
        for name, key in [("room_time", exam.pk), ("room_outage", exam.pk), ("room_message", exam.pk), ("lock", sitting.pk)]:
            assert client.post(reverse(f"exams:{name}", args=[key]), {"minutes": 5, "reason": "x"}).status_code == 404
    assert Client().get(reverse("exams:room", args=[exam.pk])).status_code == 302
    assert fresh(sitting).ends_at == END


def test_a_save_that_remembers_the_old_end_learns_the_new_one(setter, exam, sitting):
    scene.answer_all(sitting)
    actions.grant_time(exam, minutes=10, reason="停电", by=setter, now=NOON)
    saved = actions.save_answers(
        sitting.pk, scene.changes(sitting, [0], right=False, seq=9), epoch=sitting.epoch, now=END + minutes(5)
    )
    assert saved.ends_at == END + minutes(10)
    with pytest.raises(SittingEnded):
        actions.save_answers(
            sitting.pk, scene.changes(sitting, [0], seq=10), epoch=sitting.epoch, now=END + minutes(10)
        )
