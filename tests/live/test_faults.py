"""Two servers on one PostgreSQL and a Redis of their own, and whatever may fail there: nobody misses an event, nobody
gets one twice, and nothing that was acknowledged is lost. `run.py bench live_faults` plays the same with 1,000 phones.
"""
import asyncio

import pytest
from django.db import connection

from bench.load.faults import FAULTS, Run, Servers, begun

PEOPLE, EVENTS = 80, 20


@pytest.fixture(scope="module")
def played(new_data_folder, tmp_path_factory):
    """(what was found under each fault, what became of the acknowledged)"""
    if connection.vendor == "sqlite":
        pytest.skip("two servers need PostgreSQL; with SQLite a second one is refused at start (test_house_serve)")
    folder = new_data_folder()
    made = begun(folder, PEOPLE)
    with Servers(folder, tmp_path_factory.mktemp("faults")) as servers:
        run = Run(servers, made, events=EVENTS)
        return asyncio.run(run.play()), run.lost()


@pytest.mark.parametrize("fault", FAULTS)
def test_LR6_every_phone_has_every_event_once_and_all_end_at_the_same_number(played, fault):
    found = played[0][fault]
    assert found["wrong_clients"] == 0
    assert found["gaps"] == found["doubles"] == 0


@pytest.mark.parametrize(("fault", "back"), [
    ("30 % of the hints lost", 0), ("all hints lost", 0), ("kill -9 of the far server", PEOPLE // 2),
    ("kill -9 between commit and hint", PEOPLE // 2), ("Redis restarted", 0), ("everybody reconnects at once", PEOPLE),
])  # fmt: skip
def test_only_those_come_back_whose_line_was_lost(played, fault, back):
    assert played[0][fault]["reconnects"] == back


def test_nothing_that_was_acknowledged_is_lost_or_there_twice(played):
    what = played[1]
    assert (what["lost"], what["twice"], what["holes"], what["refused"]) == (0, 0, 0, 0)
    assert what["answers"] == len(FAULTS) * PEOPLE
    assert what["commands"] == len(FAULTS) * (EVENTS + 1)
