"""A class on the real server: long polls wait without holding anybody up, a killed server loses nothing it took, idle
sockets cost little, and a server that is stopped sends everybody away in order."""
import asyncio
import json
import socket
import threading
import time
from contextlib import contextmanager, suppress
from urllib.parse import urlsplit

import pytest
import requests
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import connect

from bench.load.crowd import Crowd, Keys
from bench.load.faults import begun
from bench.load.live import resident
from tests.servers import running_server

from .test_screens import rows_of

LOG = """
import json
from courses.live.models import Training
made = Training.objects.get()
print(json.dumps([one.envelope for one in made.events.order_by("seq")]))
"""


@pytest.fixture(scope="module")
def folder(new_data_folder):
    return new_data_folder()


@pytest.fixture(scope="module")
def room(folder):
    """(training, (cookie, ticket) of a cadre, the same of the trainer)"""
    made = begun(folder, 1)
    return made["training"], made["cadres"][0][:2], made["trainer"][:2]


DECK = """
from django.utils import timezone
from courses.live import actions
from courses.live.models import Training
from tests.live import decks
made = Training.objects.get()
content = decks.pdf(*[f"第 {n} 页" for n in range(1, 61)])
print(actions.add_deck(made, name="长", content=content, by=made.trainer, now=timezone.now()).pk)
"""


@contextmanager
def enter(server, room, keys, since=0):
    cookie, ticket = keys
    url = f"{server.socket_url}/ws/live/{room[0]}/"
    with connect(url, origin=server.url, additional_headers={"Cookie": f"sessionid={cookie}"}) as socket:
        socket.send(json.dumps({"ticket": ticket, "since": since}))
        yield socket


def read_until(socket, wanted):
    while True:
        frame = json.loads(socket.recv(timeout=60))
        if wanted(frame):
            return frame


def news(server, room, since, **more):
    address = f"{server.url}/live/{room[0]}/events/"
    cookie, ticket = room[1]
    headers = {"X-Live-Ticket": ticket, "Cookie": f"sessionid={cookie}"}
    return requests.get(address, params={"since": since, **more}, headers=headers, timeout=40)


def test_a_long_poll_is_answered_as_soon_as_something_happens_and_five_hold_no_page_up(folder, room):
    with running_server(folder) as server, enter(server, room, room[2]) as trainer:
        head = read_until(trainer, lambda frame: "snapshot" in frame)["seq"]
        assert news(server, room, head, now=1).json() == {"events": []}
        replies = []
        threads = [threading.Thread(target=lambda: replies.append(news(server, room, head))) for _ in range(5)]
        for one in threads:
            one.start()
        # More polls wait than there are threads for pages.
        assert requests.get(f"{server.url}/login/", timeout=60).status_code == 200
        assert replies == []
        trainer.send(json.dumps({"cmd": "mark", "idem": "p" * 22, "data": {"text": "第一段"}}))
        for one in threads:
            one.join(60)
        assert [[one["kind"] for one in reply.json()["events"]] for reply in replies] == [["mark"]] * 5
        assert news(server, room, 0).json()["snapshot"]["marks"][-1]["text"] == "第一段"
        bad = requests.get(f"{server.url}/live/{room[0]}/events/", timeout=60)
        assert (bad.status_code, bad.json()["message"]) == (401, "凭证已过期，请重新打开页面。")


def test_kill_9_loses_no_command_that_was_acknowledged_and_makes_none_twice(folder, room):
    acknowledged = {}
    sent = {f"kill-{n:017d}": f"第 {n} 句" for n in range(60)}
    with running_server(folder) as server, suppress(ConnectionClosed), enter(server, room, room[2]) as trainer:
        for place, (idem, text) in enumerate(sent.items()):
            trainer.send(json.dumps({"cmd": "mark", "idem": idem, "data": {"text": text}}))
            if place < 20:
                acknowledged[idem] = read_until(trainer, lambda frame, idem=idem: frame.get("ack") == idem)["seq"]
            elif place == 25:
                # Five are on their way, in whatever stage.
                server.kill()
    with running_server(folder) as server, enter(server, room, room[2]) as trainer:
        for idem, text in sent.items():
            # The outbox after the restart: everything once more, slower than the limit of 30 a second.
            seq = None
            while seq is None:
                # On a quick machine the limit may still say: a little later.
                trainer.send(json.dumps({"cmd": "mark", "idem": idem, "data": {"text": text}}))
                told = read_until(trainer, lambda frame, idem=idem: idem in (frame.get("ack"), frame.get("refused")))
                assert told.get("code", "often") == "often"
                seq = told.get("seq")
            assert acknowledged.get(idem, seq) == seq
    log = json.loads(folder.manage("shell", "-v0", "-c", LOG).splitlines()[-1])
    texts = [one["data"]["text"] for one in log if one["kind"] == "mark" and one["data"]["text"] in set(sent.values())]
    assert sorted(texts) == sorted(sent.values())
    assert [one["seq"] for one in log] == list(range(1, len(log) + 1))
    assert len(acknowledged) == 20


def wait_for(asked, wanted, seconds=90):
    deadline = time.monotonic() + seconds
    while not wanted(found := asked()):
        assert time.monotonic() < deadline, found
        threading.Event().wait(0.1)  # between two looks
    return found


def test_a_deck_whose_server_is_killed_while_it_is_drawn_is_finished_by_the_next(folder, room):
    deck = int(folder.manage("shell", "-v0", "-c", DECK).splitlines()[-1])

    def pages():
        return [number for (number,) in rows_of(folder, f"SELECT number FROM live_slide WHERE deck_id = {deck} ORDER BY number")]

    with running_server(folder) as server:
        wait_for(pages, lambda found: len(found) >= 12)
        server.kill()
    drawn = len(pages())
    assert drawn < 60
    with running_server(folder) as server:
        if folder.base_url:
            # Another process may still be at it: here a lost task waits an hour, or for the button on the page.
            token = {"X-CSRFToken": "t" * 32, "Cookie": f"sessionid={room[2][0]}; csrftoken={'t' * 32}"}
            address = f"{server.url}/live/{room[0]}/decks/{deck}/change/"
            assert requests.post(address, {"do": "again"}, headers=token, timeout=60, allow_redirects=False).status_code == 302
        assert wait_for(pages, lambda found: len(found) == 60) == list(range(1, 61))
        ready = f"SELECT state FROM live_deck WHERE id = {deck}"
        wait_for(lambda: rows_of(folder, ready), lambda found: found == [("ready",)])
    told = rows_of(folder, "SELECT seq FROM live_event WHERE kind = 'slide.deck'")
    assert len(told) == 1


IDLE, PEOPLE = 600, 30


def test_LD4_idle_sockets_cost_little_and_a_server_that_stops_sends_everybody_away(data_folder):
    made = begun(data_folder, PEOPLE)
    people, path = [Keys(*one) for one in made["cadres"]], f"/ws/live/{made['training']}/"
    with running_server(data_folder) as server:

        async def fill():
            first = Crowd(path, people, [server.url])
            await first.enter()
            await first.leave()
            before = resident(server.process.pid)
            idle = Crowd(path, people * (IDLE // PEOPLE), [server.url])
            await idle.enter()
            taken = (resident(server.process.pid) - before) / IDLE
            page = await asyncio.to_thread(requests.get, f"{server.url}/login/", timeout=60)
            head = idle.phones[0].last
            poll = await asyncio.to_thread(begin_poll, server, made, head)
            for keeper in idle.keepers:
                keeper.cancel()
            assert await asyncio.to_thread(server.stop) == 0
            await idle.until(lambda phone: phone.lost.done())
            return taken, page.status_code, {phone.code for phone in idle.phones}, reply_of(poll)

        taken, page, codes, reply = asyncio.run(fill())
    assert taken < 60_000  # bytes each; bench live_fanout holds them to 35 kB with a thousand
    assert page == 200
    assert codes == {1012}
    assert reply.startswith("HTTP/1.1 200 ")


def begin_poll(server, made, head):
    """Ask for news that do not come; the line, on which the server waits."""
    cookie, ticket, _ = made["cadres"][0]
    place, asked = urlsplit(server.url), f"/live/{made['training']}/events/?since="
    line = socket.create_connection((place.hostname, place.port), 20)
    head_lines = f"Host: {place.netloc}\r\nX-Live-Ticket: {ticket}\r\nCookie: sessionid={cookie}\r\n\r\n"
    line.sendall(f"GET {asked}{head} HTTP/1.1\r\n{head_lines}".encode())
    # Requests are worked on in order: when this one is answered, the other waits.
    for _ in range(2):
        keys = (made["training"], made["cadres"][1][:2])
        assert news(server, keys, head, now=1).status_code == 200
    return line


def reply_of(line):
    with line:
        line.settimeout(20)
        parts = []
        while part := line.recv(65536):
            parts.append(part)
    return b"".join(parts).decode()
