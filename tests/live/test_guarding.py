"""Who is let in, thrown out and held back: tickets, sessions, rates, sockets; and that nobody deaf holds the room up."""
import asyncio
import json
import logging
from datetime import timedelta
from secrets import token_urlsafe

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, connections
from mingfa import clock, consumers
from mingfa.people import actions as people
from mingfa.people.models import Role, Session
from wagtail.models import ModelLogEntry

from courses.live import hub as hubs
from courses.live import tickets
from courses.live.board import Actor
from courses.live.clients import Client, begin
from courses.live.models import Answer, Event, Training

from . import scene as scenes
from .rooms import Room, Socket, close_connections, running
from .scene import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(settings, transactional_db):
    scene = scenes.build()
    scene.begin()
    # The hub's clock is the real one: the class must not be over.
    Training.objects.update(starts_at=clock.now(), ends_at=clock.now() + timedelta(hours=2))
    yield Room(scene)
    close_connections()


@pytest.fixture(autouse=True)
async def _nothing_left_open():
    yield
    await sync_to_async(connections.close_all)()


async def test_LR3_a_session_that_ends_loses_its_socket_within_five_seconds(room):
    watch = asyncio.create_task(consumers.watch())
    async with running(room):
        phone, other = [await room.enter(user) for user in room.scene.cadres[:2]]
        await room.elsewhere(Session.objects.filter(user=room.scene.cadres[0]).delete)
        assert await phone.closed(timeout=60) == 4403
        done = await room.elsewhere(room.scene.do, "mark", {"text": "还在"})
        await other.follow(done.seq)
    watch.cancel()


async def test_AZ3_a_trainer_whose_role_is_taken_loses_the_console_within_five_seconds(room):
    scene = room.scene
    async with running(room):
        console = await room.enter(scene.trainer)
        await console.frame()
        await room.elsewhere(
            people.revoke_role, scene.trainer, role=Role.TRAINER, unit=scene.district, by=scene.boss, now=NOW
        )
        assert await console.closed(timeout=60) == 4403


async def test_AZ3_a_disabled_account_loses_its_socket_within_five_seconds(room):
    scene = room.scene
    watch = asyncio.create_task(consumers.watch())
    async with running(room):
        phone, other = [await room.enter(user) for user in scene.cadres[:2]]
        await room.elsewhere(type(scene.boss).objects.filter(pk=scene.cadres[0].pk).update, is_active=False)
        assert await phone.closed(timeout=60) == 4403
        done = await room.elsewhere(scene.do, "mark", {"text": "还在"})
        await other.follow(done.seq)
    watch.cancel()


async def test_a_socket_that_takes_nothing_does_not_hold_up_the_watch_over_the_others(monkeypatch):
    monkeypatch.setattr(consumers, "WATCH_INTERVAL", 0.01)
    closed = []

    class Line:
        user_id, session_key = None, "ended"

        def __init__(self, deaf):
            self.deaf = deaf

        async def close(self, code):
            if self.deaf:
                await asyncio.Event().wait()
            closed.append(code)

    for one in (Line(deaf=True), Line(deaf=False), Line(deaf=True)):
        consumers.begin_watch(one)
    watch = asyncio.create_task(consumers.watch())
    while not closed:
        await asyncio.sleep(0.01)
    assert closed == [4403]
    watch.cancel()


async def test_who_was_sent_out_does_not_come_back_with_the_same_page(room):
    scene, cadre = room.scene, room.scene.cadres[0]
    actor, cookie, own = room.people[cadre.pk]
    async with running(room):
        phone, trainer = await room.enter(cadre), await room.enter(scene.trainer)
        await room.command(trainer, "kick", {"who": cadre.pk, "venue": None})
        assert await phone.closed() == 4403
        again = Socket(room.id, cookie)
        assert await again.shake()
        await again.hello(own)
        assert await again.closed() == 4403
        assert tickets.read(own).was_ended_by((await room.elsewhere(lambda: scene.log))[-1])
        # The page opened anew has a ticket of its own time.
        later = tickets.read(own)
        object.__setattr__(later, "issued", later.issued + 5)
        assert not later.was_ended_by((await room.elsewhere(lambda: scene.log))[-1])


async def test_the_twenty_first_socket_of_one_person_takes_the_place_of_the_oldest(room, monkeypatch):
    monkeypatch.setattr(hubs, "MOST_SOCKETS", 3)
    async with running(room):
        first, *rest = [await room.enter(room.scene.cadres[0]) for _ in range(4)]
        other = await room.enter(room.scene.cadres[1])
        assert await first.closed() == 4429
        done = await room.elsewhere(room.scene.do, "mark", {"text": "还在"})
        for socket in (*rest, other):
            await socket.follow(done.seq)


async def test_ten_minutes_of_drawing_cost_who_missed_them_one_frame_of_at_most_20_kB(room):
    scene = room.scene
    async with running(room):
        stay = await room.enter(scene.cadres[1])
        await stay.frame()
        since = stay.last
        for n in range(90):
            stroke = {"page": 1, "id": f"s{n}", "colour": "red", "width": 3, "points": [n, n, *[n % 90 - 40] * 120]}
            done = await room.elsewhere(scene.do, "ink.stroke", stroke)
        await stay.follow(done.seq, timeout=60)
        back = await room.enter(scene.cadres[0], since=since)
        frame = await back.frame()
        assert frame["seq"] == room.hub.last
        assert len(json.dumps(frame, ensure_ascii=False).encode()) <= 20_000
        # A few strokes come as they are.
        near = await room.enter(scene.cadres[2], since=done.seq - 3)
        assert [one["kind"] for one in (await near.frame())["events"]][:3] == ["ink.stroke"] * 3


async def test_a_vote_without_names_names_nobody_in_the_database_or_the_log(room, caplog):
    caplog.set_level(logging.DEBUG)
    scene, cadre = room.scene, room.scene.cadres[0]
    async with running(room):
        trainer, phone = await room.enter(scene.trainer), await room.enter(cadre)
        asked = {"kind": "single", "text": "满意吗", "options": ["满意", "不满意"], "anonymous": True}
        await room.command(trainer, "poll.open", asked)
        poll = room.hub.state["poll"]["id"]
        before = await room.elsewhere(ModelLogEntry.objects.count)
        assert "ack" in await room.command(phone, "answer", {"id": poll, "choice": [1]}, idem="n" * 22)
        await trainer.until(lambda frame: any(one["kind"] == "poll.tally" for one in frame.get("events", [])), timeout=60)
    stored = await room.elsewhere(Answer.objects.get)
    assert (stored.user_id, stored.voter[0], len(stored.voter)) == (None, "x", 21)
    events = await room.elsewhere(lambda: list(Event.objects.filter(kind="poll.tally").values_list("actor", "actor_key", "data")))
    assert [one[:2] for one in events] == [(None, "s")] * len(events)
    assert cadre.name not in json.dumps([one[2] for one in events], ensure_ascii=False)
    assert await room.elsewhere(ModelLogEntry.objects.count) == before
    said = "\n".join(f"{one.name} {one.getMessage()}" for one in caplog.records if not one.name.startswith("django.db"))
    assert [one for one in (cadre.name, stored.voter, "n" * 22) if one in said] == []


async def test_the_room_ends_in_time_though_one_socket_takes_nothing(room, monkeypatch):
    monkeypatch.setattr(hubs, "PATIENCE", 0.1)
    closed = []

    async def deaf(*_):
        await asyncio.Event().wait()

    async def close(code):
        closed.append(code)

    async with running(room):
        hub = await hubs.enter(room.id)
        for end in (deaf, close):
            hub.join(Client(Actor("cadre", 1, "", None), deaf, end), hub.last)
        await asyncio.wait_for(hubs.close_all(), 20)
        assert closed == [1012]
        assert hubs.running(room.id) is None


async def test_whoever_leaves_while_the_room_opens_does_not_keep_it_open(room):
    async with running(room):
        entering = asyncio.create_task(hubs.enter(room.id))
        await asyncio.sleep(0)
        entering.cancel()
        with pytest.raises(asyncio.CancelledError):
            await entering
        hub = hubs.running(room.id)
        assert hub.held == 0
        assert hub.going is not None


async def test_a_room_that_could_not_open_opens_the_next_time(room):
    async with running(room):
        with pytest.raises(Training.DoesNotExist):
            await hubs.enter(room.id + 999)
        assert hubs.running(room.id + 999) is None


async def test_what_begins_at_once_goes_on_when_it_had_to_wait():
    got, gate = [], asyncio.Event()

    async def work():
        got.append("first")
        await gate.wait()
        await asyncio.sleep(0)
        got.append("second")

    async def at_once():
        got.append("done")

    assert begin(at_once()) is None
    rest = begin(work())
    assert got == ["done", "first"]
    gate.set()
    await rest
    assert got == ["done", "first", "second"]


# --- single requests --------------------------------------------------------------------------------
@pytest.fixture
def begun(room):
    return room.scene


def ask(client, begun, ticket):
    return client.get(f"/live/{begun.training.pk}/events/", {"now": 1, "since": 0}, headers={"X-Live-Ticket": ticket})


def ticket_of(page):
    text = page.content.decode()
    return json.loads(text.partition('id="room-data" type="application/json">')[2].partition("</script>")[0])["ticket"]


def test_LR3_the_ticket_of_a_page_ends_with_the_sign_in(begun, client):
    client.force_login(begun.cadres[0])
    own = ticket_of(client.get(f"/live/{begun.training.pk}/room/"))
    assert ask(client, begun, own).status_code == 200
    cookie = client.cookies["sessionid"].value
    client.logout()
    assert ask(client, begun, own).status_code == 401
    client.cookies["sessionid"] = cookie
    assert ask(client, begun, own).status_code == 401
    # Nor does it help somebody else who is signed in.
    client.force_login(begun.cadres[1])
    assert ask(client, begun, own).status_code == 401


def test_who_was_sent_out_has_no_use_of_the_ticket_over_http(begun, client):
    own = tickets.issue(begun.training.pk, begun.sitting())
    assert ask(client, begun, own).status_code == 200
    begun.do("kick", {"who": begun.cadres[0].pk, "venue": None}, now=clock.now() + timedelta(seconds=1))
    assert ask(client, begun, own).status_code == 403
    assert ask(client, begun, tickets.issue(begun.training.pk, begun.sitting(1))).status_code == 200


def test_a_flood_of_requests_is_held_back_like_one_of_messages(begun, client):
    own = tickets.issue(begun.training.pk, begun.sitting())
    replies = []
    for _ in range(40):
        replies.append(client.post(
            f"/live/{begun.training.pk}/commands/",
            json.dumps({"cmd": "hand.down", "idem": token_urlsafe(16), "data": {}}),
            content_type="application/json", headers={"X-Live-Ticket": own},
        ))  # fmt: skip
    assert {one.status_code for one in replies[:20]} == {409}  # no hand is up
    assert 429 in {one.status_code for one in replies}
    assert replies[-1].json()["message"] == "操作太频繁，页面会自动再试。" or replies[-1].status_code == 409
    # Others are not held back.
    assert ask(client, begun, tickets.issue(begun.training.pk, begun.sitting(1))).status_code == 200


def test_the_wall_and_the_board_name_the_halls_in_the_order_of_the_units(begun, client):
    second, first = begun.venues[::-1]
    first.unit.path, second.unit.path = second.unit.path, first.unit.path
    with connection.cursor() as cursor:
        for unit, path in ((first.unit, "~"), (second.unit, second.unit.path), (first.unit, first.unit.path)):
            cursor.execute("UPDATE people_orgunit SET path = %s WHERE id = %s", [path, unit.pk])
    client.force_login(begun.trainer)
    text = client.get(f"/live/{begun.training.pk}/console/").content.decode()
    data = json.loads(text.partition('id="room-data" type="application/json">')[2].partition("</script>")[0])
    assert data["halls"] == [second.pk, first.pk]
