"""候考: more people than the host carries wait in order, with a true position, and nobody loses his time."""
import json
import random
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from mingfa import capacity
from mingfa.rehearsal.day import Day, Step, p95_ms

from exams import actions, waiting
from exams.models import Sitting, WaitingTicket

from .scene import CLOSES, NOON, browser, candidate, holder, minutes

SECOND = timedelta(seconds=1)


@pytest.fixture
def crowd(district):
    """Six people and an exam for them on a host that takes two starts a minute."""
    people = [district.person(name) for name in "甲乙丙丁戊己"]
    return district.exam(), people


@pytest.fixture
def two_a_minute(settings):
    settings.EXAM_STARTS_PER_MINUTE = 2


def ask(exam, user, now=NOON):
    found = waiting.wait_for(candidate(exam, user), now=now)
    return found and found.position


def press(exam, user, now=NOON):
    with time_machine.travel(now, tick=False):
        return browser(user).post(reverse("exams:start", args=[exam.pk]))


def test_the_first_start_and_everybody_else_has_a_true_position(crowd, two_a_minute):
    exam, people = crowd
    assert [ask(exam, one) for one in people] == [None, None, 1, 2, 3, 4]
    assert [ask(exam, one) for one in people[2:]] == [1, 2, 3, 4]  # asking again moves nobody


def test_after_a_minute_the_next_two_start_in_order_and_nobody_jumps_the_queue(crowd, two_a_minute):
    exam, people = crowd
    for one in people[:5]:
        ask(exam, one)
    later = NOON + minutes(1)
    assert ask(exam, people[5], later) == 4
    assert [ask(exam, one, later) for one in people[2:]] == [None, None, 1, 2]
    assert WaitingTicket.objects.count() == 2


def test_who_has_gone_loses_the_place_and_the_others_move_up(crowd, two_a_minute):
    exam, people = crowd
    for one in people[:4]:
        ask(exam, one)
    gone = NOON + waiting.FORGOTTEN
    assert ask(exam, people[3], gone - minutes(0.5)) is None  # a minute has passed: room for two, one is ahead
    assert ask(exam, people[4], gone + SECOND) is None
    assert ask(exam, people[2], gone + minutes(0.2)) == 1


def test_waiting_takes_nothing_of_the_time_for_the_paper(crowd, two_a_minute):
    exam, people = crowd
    for one in people[:2]:
        assert press(exam, one).status_code == 302
    page = press(exam, people[2])
    assert (page.status_code, "您前面还有 <span class=\"mf-num\">0</span> 人" in page.content.decode()) == (200, True)
    assert Sitting.objects.count() == 2
    assert press(exam, people[2], NOON + minutes(1)).status_code == 302
    sitting = Sitting.objects.get(candidate__user=people[2])
    assert sitting.ends_at - sitting.started_at == minutes(60)


def test_who_sits_already_comes_back_without_waiting(crowd, two_a_minute):
    exam, people = crowd
    assert press(exam, people[0]).status_code == 302
    for one in people[1:4]:
        ask(exam, one)
    assert press(exam, people[0]).status_code == 302
    assert Sitting.objects.count() == 1


def test_who_may_not_start_is_told_so_and_takes_no_place(crowd, two_a_minute):
    exam, people = crowd
    for one in people[:2]:
        ask(exam, one)
    late = press(exam, people[2], CLOSES)
    assert (late.status_code, WaitingTicket.objects.count()) == (409, 0)


def test_without_a_limit_nothing_is_asked_and_nothing_is_kept(crowd, settings, django_assert_num_queries):
    exam, people = crowd
    settings.EXAM_STARTS_PER_MINUTE = 0
    line = candidate(exam, people[0])
    with django_assert_num_queries(0):
        assert waiting.wait_for(line, now=NOON) is None


def test_the_organiser_sees_the_queue_and_what_the_host_carries(district, crowd, two_a_minute, settings, tmp_path):
    exam, people = crowd
    settings.DATA = tmp_path
    for one in people[:4]:
        ask(exam, one)
    setter = holder(district, "setter")
    with time_machine.travel(NOON, tick=False):
        page = browser(setter)
        assert "2 人在排队等开始" in page.get(reverse("exams:room", args=[exam.pk])).content.decode()
        slots = reverse("exams:slots", args=[exam.pk])
        assert "还没有演练过" in page.get(slots).content.decode()
        capacity.write(capacity.Capacity(480, 35, 66.5, 500, True, NOON.isoformat()))
        text = page.get(slots).content.decode()
    assert all(words in text for words in ("每分钟承 <b>480</b> 人开始", "用 500 名临时考生演练", "一分钟里超过 2 人"))


def test_the_limit_is_what_the_rehearsal_found_unless_it_is_set(settings, tmp_path):
    settings.DATA, settings.EXAM_STARTS_PER_MINUTE = tmp_path, None
    assert waiting.limit() == 0
    capacity.write(capacity.Capacity(480, 35, 66.5, 500, False, NOON.isoformat()))
    assert waiting.limit() == 0  # the top was not found
    capacity.write(capacity.Capacity(960, 35, 66.5, 500, True, NOON.isoformat()))
    assert waiting.limit() == 960
    settings.EXAM_STARTS_PER_MINUTE = 30
    assert waiting.limit() == 30


@pytest.mark.parametrize("text", ["", "{", "[]", '{"per_minute": 5}'])
def test_a_broken_record_of_a_rehearsal_counts_as_none(settings, tmp_path, text):
    settings.DATA = tmp_path
    capacity.path().write_text(text)
    assert capacity.read() is None


@pytest.mark.parametrize("seed", range(6))
def test_never_more_start_in_any_minute_than_the_host_takes_whoever_presses_when(crowd, two_a_minute, seed):
    exam, people = crowd
    now, starts, rng = NOON, [], random.Random(seed)
    for _ in range(60):
        now += timedelta(seconds=rng.randrange(25))
        if ask(exam, rng.choice(people), now) is None:
            starts.append(now)
    assert len(starts) >= 10
    for at in starts:
        assert sum(at <= other < at + waiting.MINUTE for other in starts) <= 2


# --- the rehearsal -------------------------------------------------------------------------------------------------
def step(rate, p95, done=10):
    return Step(rate, 10, done, p95)


def test_the_best_rate_is_the_last_before_the_first_that_was_too_much():
    day = Day(60.0, (step(120, 20), step(240, 40), step(480, 4000)), 30, 0)
    assert day.best.rate == 240
    assert Day(60.0, (step(120, 20, done=9), step(240, 20)), 30, 0).best is None
    assert [Step(120, 10, 10, 4000, slowest).carried for slowest in (3999, 4000)] == [False, True]
    assert p95_ms([n / 1000 for n in range(1, 101)]) == 96
    assert p95_ms([]) == 0


def test_a_rehearsal_plays_a_whole_day_beside_real_data_and_leaves_nothing_of_it(data_folder):
    before = data_folder.manage("shell", "-v0", "-c", "from mingfa.people.models import User; print(User.objects.count())")
    said = data_folder.manage("rehearse", "--candidates", "40", "--slowest", 600_000)  # however busy this machine is
    assert "每分钟   120 人开始：16 / 16 人拿到试卷" in said
    assert "这台主机每分钟承" in said
    kept = json.loads((data_folder.path / capacity.NAME).read_text())
    assert (kept["candidates"], kept["per_minute"] >= 120, kept["cpu_ms"] > 0) == (40, True, True)
    assert [one.name for one in data_folder.path.iterdir() if one.is_dir() and one.name.startswith("rehearsal-")] == []
    after = data_folder.manage("shell", "-v0", "-c", "from mingfa.people.models import User; print(User.objects.count())")
    assert before == after


def test_who_comes_back_after_being_forgotten_stands_at_the_end(crowd, two_a_minute):
    exam, people = crowd
    for one in people[:3]:
        ask(exam, one)
    gone = NOON + waiting.FORGOTTEN + SECOND
    assert [ask(exam, one, gone) for one in people[3:]] == [None, None, 1]
    assert ask(exam, people[2], gone) == 2


def test_outside_of_the_own_slot_nobody_takes_a_place_in_the_queue(district, crowd, two_a_minute):
    exam, people = crowd
    actions.set_slot(
        exam, unit=district.town, opens_at=NOON + minutes(60), closes_at=NOON + minutes(90), by=district.boss, now=NOON
    )
    assert [press(exam, one).status_code for one in people[:4]] == [409] * 4
    assert (WaitingTicket.objects.count(), len(waiting._started)) == (0, 0)
