"""The door of a room: who is refused at the handshake, which tickets open nothing, and what shuts a line that is open."""
import asyncio
from datetime import timedelta

import pytest
from asgiref.sync import sync_to_async
from django.core import signing
from django.db import connections
from mingfa import clock
from mingfa.people import actions as people
from mingfa.people.models import Role, Session

from courses.live import actions, tickets
from courses.live import hub as hubs
from courses.live.board import Actor
from courses.live.models import RosterEntry, Training

from . import scene as scenes
from .rooms import PATIENCE, Room, Socket, close_connections, running
from .scene import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def room(transactional_db):
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


async def test_LR3_another_sites_page_is_refused_at_the_handshake(room):
    _, cookie, _ = room.people[room.scene.trainer.pk]
    assert not await Socket(room.id, cookie, origin="http://evil.example").shake()


async def test_LR3_nobody_signed_in_and_an_ended_session_are_refused_at_the_handshake(room):
    assert not await Socket(room.id).shake()
    assert not await Socket(room.id, "sessionid=planted").shake()

    def end():
        Session.objects.update(expire_date=NOW - timedelta(days=400))

    await room.elsewhere(end)
    assert not await Socket(room.id, room.people[room.scene.trainer.pk][1]).shake()


async def test_a_room_one_has_no_place_in_is_refused_at_the_handshake(room):
    scene = room.scene

    def another():
        when = {"starts_at": NOW, "ends_at": NOW + timedelta(hours=1)}
        return actions.create_training(
            title="另一场", unit=scene.district, venues=[scene.towns[1]], by=scene.trainer, now=NOW, **when
        ).pk

    other = await room.elsewhere(another)
    _, cookie, _ = room.people[scene.cadres[0].pk]
    assert not await Socket(other, cookie).shake()
    assert not await Socket(room.id + 999, cookie).shake()


async def close_code(room, user, ticket):
    _, cookie, _ = room.people[user.pk]
    socket = Socket(room.id, cookie)
    assert await socket.shake()
    await socket.hello(ticket)
    return await socket.closed()


async def test_a_ticket_that_is_forged_old_of_another_room_or_person_shuts_the_line(room):
    scene = room.scene
    cadre, trainer = scene.cadres[0], scene.trainer
    actor, _, own = room.people[cadre.pk]
    async with running(room):
        assert await close_code(room, cadre, own[:-3] + "abc") == 4401
        assert await close_code(room, cadre, own.replace("cadre", "trainer")) == 4401
        assert await close_code(room, cadre, None) == 4401
        assert await close_code(room, cadre, tickets.issue(room.id + 1, actor)) == 4403
        assert await close_code(room, cadre, room.people[trainer.pk][2]) == 4403
        assert await close_code(room, cadre, tickets.issue(room.id, Actor("system", cadre.pk))) == 4401


def test_a_ticket_is_good_for_twelve_hours(room, monkeypatch):
    own = room.people[room.scene.cadres[0].pk][2]
    assert tickets.read(own).user == room.scene.cadres[0].pk
    made = signing.time.time()
    monkeypatch.setattr(signing.time, "time", lambda: made + 12 * 3600 + 2)
    assert tickets.read(own) is None


async def test_a_flood_is_throttled_and_then_shut_out(room):
    async with running(room):
        phone = await room.enter(room.scene.cadres[0])
        for n in range(400):  # while a busy machine reads them, some more become allowed
            await phone.say({"cmd": "hand.down", "idem": f"{n:022d}", "data": {}})
        assert await phone.closed() == 4429


@pytest.mark.parametrize("text", ["x" * 9000, "法" * 2000])
async def test_a_message_over_four_kB_shuts_the_line(room, text):
    async with running(room):
        phone = await room.enter(room.scene.cadres[0])
        await phone.say({"cmd": "qa.new", "idem": "a" * 22, "data": {"text": text}})
        assert await phone.closed() == 1009


async def test_what_is_no_command_does_no_harm(room):
    async with running(room):
        phone = await room.enter(room.scene.cadres[0])
        for text in ("{not json", "[]", "5", '"x"', '{"cmd": 5}', '{"cmd": "answer", "data": 7}', "[" * 2000):
            await phone.write(text)
        await phone.say({"beat": 1})
        assert await phone.until(lambda frame: "beat" in frame) == {"beat": 1}


async def test_AZ3_a_ticket_of_a_role_that_was_taken_lets_nobody_in(room):
    scene = room.scene
    _, _, own = room.people[scene.trainer.pk]
    async with running(room):
        await room.elsewhere(
            people.revoke_role, scene.trainer, role=Role.TRAINER, unit=scene.district, by=scene.boss, now=NOW
        )
        # He still has a place as one of the audience.
        await room.elsewhere(
            RosterEntry.objects.update_or_create, training=scene.training, user=scene.trainer,
            defaults={"venue": scene.venues[0]},
        )  # fmt: skip
        assert await close_code(room, scene.trainer, own) == 4403


async def test_a_room_ends_at_whatever_step_of_connecting_to_the_layer_it_is(room):
    async with running(room):
        for steps in range(0, 60, 3):
            await hubs.enter(room.id)
            for _ in range(steps):
                await asyncio.sleep(0)
            async with asyncio.timeout(PATIENCE):
                await hubs.close_all()
