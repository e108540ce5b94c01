"""SI7: the server's clock jumps during an exam."""
import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from mingfa import clock

from exams.models import Sitting
from exams.tasks import end_sittings

from . import scene
from .scene import NOON, browser, minutes

# The clock on the wall stands still in these tests and the even one goes on: by some seconds where the computer is busy.
FAST, SLOW = r"(59\d|600)", r"60\d"


class Machine:
    """A computer whose wall clock can be set while time passes."""

    def __init__(self):
        self.passed, self.wall = 0.0, 1_000_000.0

    def wait(self, seconds):
        self.passed += seconds
        self.wall += seconds

    def clock(self):
        return clock.EvenClock(wall=lambda: self.wall, even=lambda: self.passed)


@pytest.fixture
def travel():
    with time_machine.travel(NOON, tick=False) as travel:
        clock.start()
        yield travel
        clock.stop()


def test_SI7_ten_minutes_forwards_and_back_close_nobody_early_and_the_administrator_is_told(
    travel, caplog, district, exam, cadre, sitting
):
    travel.move_to(NOON + minutes(55))  # 65 minutes by the wrong clock, 5 minutes before the end by the right one
    clock.start()
    travel.shift(minutes(10))
    client, boss = browser(cadre), browser(district.boss)
    end_sittings.func()
    saved = scene.save_request(client, sitting, scene.changes(sitting, [0]))
    assert (saved.status_code, Sitting.objects.get().state) == (200, "open")
    assert client.get(reverse("exams:paper", args=[sitting.pk])).status_code == 200
    assert re.search(f"比考试用的时间快 {FAST} 秒", boss.get("/me/").content.decode())
    assert "服务器时钟跳变" not in client.get("/me/").content.decode()
    assert re.search(rf"the system clock jumped by \+{FAST} s", caplog.text)
    travel.shift(-minutes(10))
    assert "服务器时钟跳变" not in boss.get("/me/").content.decode()
    travel.shift(-minutes(10))
    end_sittings.func()
    assert Sitting.objects.get().ends_at == NOON + minutes(60)
    assert re.search(f"比考试用的时间慢 {SLOW} 秒", boss.get("/me/").content.decode())


def test_the_end_still_comes_by_even_time_while_the_clock_is_wrong():
    machine = Machine()
    even = machine.clock()
    machine.wall += 600
    machine.wait(300)
    assert even.seconds() == 1_000_300
    assert even.jump == 600


def test_small_corrections_are_followed_and_a_corrected_clock_is_trusted_again():
    machine = Machine()
    even = machine.clock()
    for _ in range(100):
        machine.wait(60)
        machine.wall += 5
        assert even.seconds() == machine.wall
    machine.wall -= 600
    assert even.seconds() == machine.wall + 600
    machine.wall += 590
    assert even.seconds() == machine.wall
    assert even.jump == 0


@given(st.lists(st.tuples(st.integers(0, 7200), st.integers(-86400, 86400)), max_size=30))
def test_whatever_the_clock_does_exam_time_moves_by_what_passed_and_at_most_the_small_steps(happenings):
    machine = Machine()
    even = machine.clock()
    for passed, jump in happenings:
        before = even.seconds()
        machine.wait(passed)
        machine.wall += jump
        assert abs(even.seconds() - before - passed) <= clock.LARGEST_STEP


def test_commands_and_tests_follow_the_system_wherever_it_goes():
    with time_machine.travel(NOON, tick=False) as travel:
        travel.shift(timedelta(days=3))
        assert clock.now() == NOON + timedelta(days=3)
