"""Who sends and who watches may change while a class is on: another console takes over, a viewer is sent out."""
import json

import pytest
from websockets.sync.client import connect

from tests.servers import running_server

from .stream import fragment, stream
from .test_media_sockets import PREPARE, ask, closed, end, give, playlist, publish, told, watch


@pytest.fixture(scope="module")
def folder(new_data_folder):
    return new_data_folder()


@pytest.fixture(scope="module")
def room(folder):
    return json.loads(folder.manage("shell", "-v0", "-c", PREPARE).splitlines()[-1])


@pytest.fixture(scope="module")
def server(folder, room):
    with running_server(folder) as running:
        yield running


def modes(folder):
    """What the log says is on, in order: tier and the number of the take."""
    rows = ask(folder, "SELECT CAST(data AS text) FROM live_event WHERE kind = 'media.mode' ORDER BY seq")
    said = [json.loads(data) for (data,) in rows]
    assert {one["name"] for one in said if one["tier"] == "push"} == {"何砚秋"}
    return [(one["tier"], int(one["sender"].removeprefix("take-"))) for one in said]


def takes_until(viewer, wanted):
    """The takes a viewer is told of until this fragment is there; of what it comes too late for it gets the newest."""
    takes = []
    while (frame := viewer.recv(timeout=60)) != wanted:
        takes += [json.loads(frame)["take"]] if isinstance(frame, str) and "take" in json.loads(frame) else []
    return takes


def test_who_begins_takes_over_and_is_the_one_whose_stop_ends_it(server, room, folder):
    with watch(server, room) as viewer, publish(server, room) as first:
        assert told(viewer, "idle")
        take = told(first)["take"]
        give(first, stream(2))
        assert takes_until(viewer, fragment(1)) == [take]
        with publish(server, room) as second:
            assert told(second)["take"] == take + 1
            assert closed(first) == 4409
            # It has sent no picture yet, and is what is on already.
            assert modes(folder) == [("push", take), ("push", take + 1)]
            give(second, stream(2))
            assert takes_until(viewer, fragment(1)) == [take + 1]
            end(second)
    assert modes(folder) == [("push", take), ("push", take + 1), ("none", take + 1)]


def test_the_stop_of_a_console_at_another_worker_does_not_end_what_another_sends(server, room, folder):
    if not folder.base_url:
        pytest.skip("SQLite takes one process; on PostgreSQL this runs")
    before = len(modes(folder))
    with running_server(folder) as elsewhere, publish(server, room) as first:
        take = told(first)["take"]
        give(first, stream(2))
        with publish(elsewhere, room) as second:
            assert told(second)["take"] == take + 1
            give(second, stream(2))
            # At once, before its own worker has found out by itself.
            first.send('{"end":1}')
            assert closed(first) in (1000, 4409)
            assert modes(folder)[before:] == [("push", take), ("push", take + 1)]
            end(second)
    assert modes(folder)[before:] == [("push", take), ("push", take + 1), ("none", take + 1)]


def test_who_is_sent_out_loses_the_picture_and_nobody_else_does(server, room):
    leaving = room["keys"]["leaving"][1]
    with watch(server, room, "leaving") as out, watch(server, room) as stays, publish(server, room) as trainer:
        told(trainer)
        give(trainer, stream(2))
        for viewer in (out, stays):
            takes_until(viewer, fragment(1))
        assert playlist(server, room, "leaving").status_code == 200
        kick(server, room, int(leaving.split("-")[1]))
        assert closed(out) == 4403
        assert playlist(server, room, "leaving").status_code == 404
        assert playlist(server, room, "cadre").status_code == 200
        trainer.send(fragment(2))
        takes_until(stays, fragment(2))
        end(trainer)
    with watch(server, room, "leaving") as again:
        assert closed(again) == 4403


def kick(server, room, who):
    cookie, ticket = room["keys"]["trainer"]
    headers = {"Cookie": f"sessionid={cookie}"}
    with connect(f"{server.socket_url}/ws/live/{room['training']}/", origin=server.url, additional_headers=headers) as line:
        line.send(json.dumps({"ticket": ticket, "since": 0}))
        line.send(json.dumps({"cmd": "kick", "idem": "out" * 5, "data": {"who": who, "venue": None}}))
        told(line, "ack")
