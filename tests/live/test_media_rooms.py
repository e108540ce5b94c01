"""Two-way rooms on a real Janus: made by us, entered with our tokens, and with nothing else."""
import asyncio
import json
from datetime import timedelta

import pytest
from mingfa import clock

from courses.live.media import rooms, seats
from courses.live.media.asking import NoAnswer, ask, ask_beside

from .janus import ADMIN, SECRET, free_port, running_janus


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    with running_janus(tmp_path_factory.mktemp("janus")) as running:
        yield running.api


@pytest.fixture
def janus(address, settings):
    settings.JANUS_API, settings.JANUS_SECRET, settings.JANUS_ADMIN_KEY = address, SECRET, ADMIN
    return rooms.janus()


def enter(address, room, token, room_token):
    """What a browser does before it has a picture: (what happened, error code)."""
    def say(path, **message):
        return json.loads(ask(address + path, json.dumps({"transaction": "t", "token": token, **message}).encode()))

    session = say("", janus="create")
    if session["janus"] == "error":
        return "refused", session["error"]["code"]
    here = f"/{session['data']['id']}"
    handle = say(here, janus="attach", plugin=rooms.PLUGIN)
    if handle["janus"] == "error":
        return "refused", handle["error"]["code"]
    body = {"request": "join", "ptype": "publisher", "room": room, "display": "甲", "token": room_token}
    say(f"{here}/{handle['data']['id']}", janus="message", body=body)
    while True:
        event = json.loads(ask(f"{address}{here}?token={token.replace('+', '%2B').replace('=', '%3D')}&maxev=1"))
        if event["janus"] == "event":
            said = event["plugindata"]["data"]
            return said["videoroom"], said.get("error_code")


def test_a_room_is_made_once_and_opens_to_its_own_token_only(janus, address):
    now = clock.now()
    for _ in range(2):
        janus.make_room(7, title="行政复议法新规", now=now)
    janus.make_room(8, title="另一场", now=now)
    good = janus.api_token(now)
    assert enter(address, 7, good, janus.room_token(7, now)) == ("joined", None)
    unauthorized = 433
    assert enter(address, 7, good, janus.room_token(8, now)) == ("event", unauthorized)
    assert enter(address, 7, good, "") == ("event", unauthorized)
    assert enter(address, 7, good, janus.room_token(7, now - timedelta(hours=2))) == ("event", unauthorized)
    assert enter(address, 7, "", janus.room_token(7, now)) == ("refused", 403)
    assert enter(address, 7, janus.api_token(now - timedelta(hours=2)), "") == ("refused", 403)
    forged = rooms.Janus(address, "another secret", ADMIN)
    assert enter(address, 7, forged.api_token(now), "") == ("refused", 403)


def test_without_the_admin_key_nobody_makes_rooms(janus, address):
    with pytest.raises(rooms.NoRoom):
        rooms.Janus(address, SECRET, "guessed").make_room(9, title="x", now=clock.now())


def test_a_seat_tells_when_there_is_no_janus_and_takes_no_offer_it_cannot_read(janus, address):
    now = clock.now()
    janus.make_room(11, title="行政复议法新规", now=now)
    told = []

    async def tell(frame):
        told.append(frame)

    async def sit(one):
        seat = seats.Seat(one, 11, tell)
        try:
            assert await seat.enter("trainer") == []
            with pytest.raises(rooms.NoRoom):
                await seat.speak("v=0 and nothing of it")
            with pytest.raises(rooms.NoRoom):
                await seat.watch(12345, sound=False)
        finally:
            await seat.leave()

    asyncio.run(sit(janus))
    nobody = rooms.Janus(f"http://127.0.0.1:{free_port()}/janus", SECRET, ADMIN)
    with pytest.raises(rooms.NoRoom):
        asyncio.run(sit(nobody))
    with pytest.raises(rooms.NoRoom):
        asyncio.run(sit(rooms.Janus(address, "another secret", ADMIN)))
    assert told == []


def test_an_answer_on_the_loop_is_the_same_as_in_a_thread(janus, address):
    answer = asyncio.run(ask_beside(f"{address}/info", patience=10))
    assert json.loads(answer)["janus"] == json.loads(ask(f"{address}/info"))["janus"] == "server_info"
    for wrong in ("ftp://127.0.0.1/", f"http://127.0.0.1:{free_port()}/", address.replace("/janus", "/nothing")):
        with pytest.raises(NoAnswer):
            asyncio.run(ask_beside(wrong, patience=10))
