"""The room over its sockets: every event once and in order, whatever is lost; refusals at the door; floods shut out."""
import asyncio
import json
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.db import connections
from mingfa import clock

from courses.live import hub as hubs
from courses.live import proofs, tickets
from courses.live.board import Actor, initial, proof, public, reduce
from courses.live.clients import QUEUE, Client
from courses.live.models import Answer, Event, Training

from . import scene as scenes
from .rooms import LosingLayer, Room, Socket, close_connections, running

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(settings, transactional_db, monkeypatch):
    # Reports of who is here make events of the hub's own, whenever a busy machine gets to them.
    monkeypatch.setattr(hubs, "PRESENCE", 10**6)
    settings.CHANNEL_LAYERS = {"default": {"BACKEND": "tests.live.rooms.LosingLayer"}}
    LosingLayer.share, LosingLayer.lost = 0.0, 0
    scene = scenes.build()
    scene.begin()
    # The hub's clock is the real one: the class must not be over.
    Training.objects.update(starts_at=clock.now(), ends_at=clock.now() + timedelta(hours=2))
    yield Room(scene)
    close_connections()


@pytest.fixture(autouse=True)
async def _nothing_left_open():
    """The thread that reads sessions for the handshake keeps a connection; PostgreSQL would not drop its database."""
    yield
    await sync_to_async(connections.close_all)()


def without_gaps(socket, since):
    return [one["seq"] for one in socket.events] == list(range(since + 1, socket.last + 1))


@pytest.mark.parametrize(("share", "healed_by"), [(0.0, "nothing"), (0.3, "gaps"), (1.0, "ticks")])
async def test_LR6_whatever_hints_are_lost_everybody_gets_every_event_once_and_in_order(room, share, healed_by, monkeypatch):
    if healed_by != "ticks":
        monkeypatch.setattr(hubs, "COMPARE", 10**6)
    scene = room.scene
    async with running(room):
        since = (await room.elsewhere(lambda: scene.training.events.count()))
        everybody = [await room.enter(user, since=since) for user in scene.cadres]
        await room.joined(len(everybody))
        LosingLayer.share = share
        for n in range(39):
            await room.elsewhere(scene.do, "mark", {"text": f"第 {n} 段"})
        LosingLayer.share = 1.0 if healed_by == "ticks" else 0.0
        # The last hint arrives, unless all are lost: it shows the gap.
        last = (await room.elsewhere(scene.do, "mark", {"text": "最后一段"})).seq
        for socket in everybody:
            await socket.follow(last)
            assert without_gaps(socket, since)
            assert socket.snapshots == []
            assert len(socket.events) == 40
        assert (LosingLayer.lost == 0) == (share == 0.0)


async def test_LR6_without_hints_and_without_healing_nobody_would_get_anything(room, monkeypatch):
    """What the test above shows is the healing: there is no third way by which events reach a socket."""
    monkeypatch.setattr(hubs, "COMPARE", 10**6)
    async with running(room):
        phone = await room.enter(room.scene.cadres[0])
        await phone.frame()
        LosingLayer.share = 1.0
        await room.elsewhere(room.scene.do, "mark", {"text": "没人听见"})
        assert await phone.line.receive_nothing(timeout=2.5)


async def test_a_command_is_acknowledged_and_everybody_sees_it(room):
    scene = room.scene
    async with running(room):
        trainer = await room.enter(scene.trainer)
        phone = await room.enter(scene.cadres[0])
        answer = await room.command(trainer, "mark", {"text": "第一段"})
        assert answer["ack"] == "i" * 22
        await phone.follow(answer["seq"])
        assert phone.events[-1]["data"] == {"text": "第一段"}
        assert phone.events[-1]["actor"] == scene.trainer.pk
        again = await room.command(trainer, "mark", {"text": "第一段"})
        assert again["seq"] == answer["seq"]
    assert await room.elsewhere(Event.objects.filter(kind="mark").count) == 1


async def test_LR4_a_cadres_trainer_command_is_refused_and_written_down(room):
    from wagtail.models import ModelLogEntry

    async with running(room):
        phone = await room.enter(room.scene.cadres[0])
        refused = await room.command(phone, "slide.goto", {"deck": "d1", "page": 2})
        assert refused["code"] == "role"
        assert "不能翻页" in refused["why"]
    def written():
        return [(one.user, one.data["kind"]) for one in ModelLogEntry.objects.filter(action="live.refused")]

    assert await room.elsewhere(written) == [(room.scene.cadres[0], "slide.goto")]


async def test_LR1_whoever_comes_back_gets_what_was_missed_in_one_frame(room):
    scene = room.scene
    async with running(room):
        phone = await room.enter(scene.cadres[0])
        await phone.until(lambda frame: "snapshot" in frame)
        seen = phone.last
        await phone.leave()
        room.sockets.remove(phone)
        stay = await room.enter(scene.cadres[1])
        for n in range(30):
            done = await room.elsewhere(scene.do, "mark", {"text": f"第 {n} 段"})
        await stay.follow(done.seq)
        back = await room.enter(scene.cadres[0], since=seen)
        frame = await back.frame()
        assert [one["seq"] for one in frame["events"]] == list(range(seen + 1, done.seq + 1))


async def test_a_long_absence_costs_one_snapshot_of_at_most_20_kB(room):
    scene = room.scene
    async with running(room):
        for n in range(120):
            await room.elsewhere(scene.do, "mark", {"text": f"第 {n} 段"})
        phone = await room.enter(scene.cadres[0], since=1)
        frame = await phone.frame()
        assert frame["seq"] == room.hub.last
        assert frame["snapshot"] == room.seen
        assert len(json.dumps(frame)) <= 20_000


async def test_a_question_reaches_the_room_when_the_trainer_has_approved_it(room):
    scene = room.scene
    async with running(room):
        trainer = await room.enter(scene.trainer)
        asker, other = [await room.enter(user) for user in scene.cadres[:2]]
        for one in (trainer, asker, other):
            await one.frame()  # what has been; what comes from here on comes as events
        asked = (await room.command(asker, "qa.new", {"text": "秘密的问题"}))["seq"]
        await other.follow(asked)
        assert other.events[-1] == {"seq": asked, "at": other.events[-1]["at"], "kind": "", "data": {}}
        await trainer.follow(asked)
        assert trainer.events[-1]["data"]["text"] == "秘密的问题"
        late = await room.enter(scene.cadres[2])
        assert (await late.frame())["snapshot"]["qa"] == []
        done = await room.command(trainer, "qa.approve", {"id": f"a{asked}"})
        await other.follow(done["seq"])
        state = other.snapshots[0]
        for envelope in other.events:
            state = reduce(state, envelope)
        assert state == room.seen
        assert state["qa"][0]["text"] == "秘密的问题"


async def test_one_question_in_twenty_seconds(room):
    async with running(room):
        phone = await room.enter(room.scene.cadres[0])
        assert "ack" in await room.command(phone, "qa.new", {"text": "一"}, idem="a" * 22)
        assert "ack" in await room.command(phone, "qa.new", {"text": "一"}, idem="a" * 22)
        assert (await room.command(phone, "qa.new", {"text": "二"}, idem="b" * 22))["code"] == "often"


async def test_LR2_ten_taps_are_one_answer_and_the_bars_show_it(room):
    scene = room.scene
    async with running(room):
        trainer = await room.enter(scene.trainer)
        await room.command(trainer, "poll.open", {"kind": "single", "text": "懂吗", "options": ["懂", "不懂"]})
        poll = room.hub.state["poll"]["id"]
        phones = [await room.enter(user) for user in scene.cadres]
        sent = [room.command(phone, "answer", {"id": poll, "choice": [0]}) for phone in phones]
        assert all("ack" in one for one in await asyncio.gather(*sent))
        for n in range(9):
            told = await room.command(phones[0], "answer", {"id": poll, "choice": [1]}, idem=f"{n}" * 22)
            assert "ack" in told

        def tallies(frame):
            return [one["data"]["counts"] for one in frame.get("events", []) if one["kind"] == "poll.tally"]

        await trainer.until(lambda frame: [5, 1] in tallies(frame))
    assert await room.elsewhere(Answer.objects.count) == 6


async def test_a_slow_phone_is_given_a_snapshot_and_holds_nobody_up(room):
    scene = room.scene
    gate, got = asyncio.Event(), []

    async def slow(text):
        await gate.wait()
        got.append(json.loads(text))

    async def close(code):
        raise AssertionError("a slow phone is not thrown out")

    async with running(room):
        quick = await room.enter(scene.cadres[0])
        hub = await hubs.enter(room.id)
        client = Client(scene_actor(room, 1), slow, close)
        hub.join(client, hub.last)
        for n in range(QUEUE + 20):
            done = await room.elsewhere(scene.do, "mark", {"text": f"第 {n} 段"})
        await quick.follow(done.seq)
        assert len(client.queue) <= QUEUE
        gate.set()
        await client.task
        hubs.leave(hub, client)
        # What was on its way, then one snapshot of now.
        assert got[-1]["seq"] == done.seq
        assert got[-1]["snapshot"] == room.seen
        assert len(got) == 2


def scene_actor(room, place):
    return room.people[room.scene.cadres[place].pk][0]


async def test_a_person_sent_out_loses_the_line(room):
    scene = room.scene
    async with running(room):
        phone, other = [await room.enter(user) for user in scene.cadres[:2]]
        trainer = await room.enter(scene.trainer)
        done = await room.command(trainer, "kick", {"who": scene.cadres[0].pk, "venue": None})
        assert await phone.closed() == 4403
        await other.follow(done["seq"])


async def test_a_pointer_is_shown_to_those_who_see_the_slides_and_not_kept(room):
    scene = room.scene
    async with running(room):
        trainer, phone, other = [await room.enter(user) for user in (scene.trainer, *scene.cadres[:2])]
        await phone.frame()
        before = room.hub.last
        await phone.say({"looks": True})
        await phone.say({"beat": 1})
        await phone.until(lambda frame: "beat" in frame)
        await trainer.say({"cmd": "pointer", "data": {"x": 10, "y": 20}})
        assert (await phone.frame())["hint"] == {"kind": "pointer", "x": 10, "y": 20}
        # Ever so many: some are dropped, none is a strike, and the line stays open for what counts.
        for n in range(50):
            await trainer.say({"cmd": "pointer", "data": {"x": n, "y": 20}})
        done = await room.command(trainer, "mark", {"text": "一"})
        shown = []
        await phone.until(lambda frame: shown.append("hint" in frame) or phone.last == done["seq"])
        assert 1 <= sum(shown) < 50
        frames = []
        await other.until(lambda frame: frames.append(frame) or other.last == done["seq"])
        assert [one for one in frames if "hint" in one] == []
        assert room.hub.last == before + 1


async def test_a_venues_screen_is_told_the_code_of_the_moment_and_the_board_that_it_is_there(room, monkeypatch):
    monkeypatch.setattr(hubs, "PRESENCE", 1)
    scene = room.scene
    venue = scene.venues[0]

    def device():
        from django.test import Client

        client = Client()
        client.get(f"/live/{room.id}/venue/{venue.pk}/enter/{proofs.door_key(venue)}/")
        return f"sessionid={client.cookies['sessionid'].value}"

    cookie = await room.elsewhere(device)
    screen = Socket(room.id, cookie)
    assert await screen.shake()
    async with running(room):
        room.sockets.append(screen)
        await screen.hello(tickets.issue(room.id, Actor("venue", None, venue.name, venue.pk)))
        await screen.until(lambda frame: "snapshot" in frame)
        await room.elsewhere(scene.do, "checkin.open", {"kind": "qr", "seconds": None})
        hint = (await screen.until(lambda frame: "hint" in frame))["hint"]
        assert hint["spoken"] == proof.spoken(venue.secret, room.id, venue.pk, 1)
        assert hint["svg"].startswith(f"/live/{room.id}/venue/{venue.pk}/qr/?step=")
        await screen.until(lambda frame: any(one["kind"] == "venue.online" for one in frame.get("events", [])))
        assert room.hub.state["venues"][str(venue.pk)]["screen"] is True


async def test_a_class_without_its_trainer_pauses_after_a_minute(room):
    scene = room.scene
    async with running(room):
        phone = await room.enter(scene.cadres[0])
        seen = clock.now() - timedelta(seconds=61)
        await room.elsewhere(lambda: Training.objects.update(trainer_seen_at=seen))
        paused = await phone.until(lambda frame: any(one["kind"] == "session.state" for one in frame.get("events", [])))
        assert paused["events"][0]["data"] == {"from": "live", "to": "paused", "reason": "培训师的网络断了"}


async def test_the_log_is_the_room(room):
    """After all of it, reducing the log gives what the hub shows."""
    scene = room.scene
    async with running(room):
        trainer = await room.enter(scene.trainer)
        await room.command(trainer, "poll.open", {"kind": "single", "text": "懂吗", "options": ["懂", "不懂"]}, idem="a" * 22)
        await room.command(trainer, "checkin.open", {"kind": "code"}, idem="b" * 22)
        # A sum may reach the log while it is read.
        while (log := await room.elsewhere(lambda: scene.log))[-1]["seq"] != room.hub.last:
            pass
        state = initial()
        for envelope in log:
            state = reduce(state, envelope)
        assert state == room.hub.state
        assert public(state) == room.seen
