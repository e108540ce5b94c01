"""The sockets of media on the real server: what comes in is what is kept, pushed and listed; nobody else gets in."""
import hashlib
import json
import re
import sqlite3
from contextlib import closing, contextmanager, suppress

import psycopg
import pytest
import requests
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import connect

from courses.live.media.boxes import Cutter, Fragment
from tests.servers import running_server

from .stream import fragment, init, stream

PREPARE = """
import json
from datetime import timedelta
from django.test import Client
from django.utils import timezone
from courses.live import tickets
from courses.live.media.actions import plan_media
from courses.live.models import Training
from tests.live import scene as scenes
made = scenes.build()
now = timezone.now()
Training.objects.update(starts_at=now, ends_at=now + timedelta(hours=2))
plan_media(made.training, tier="push", by=made.trainer, now=now)
made.begin(now=now)
keys = {}
stranger = made.person("丁一", made.district)
for name, user, actor in (("trainer", made.trainer, made.teaching), ("cadre", made.cadres[0], made.sitting()),
                          ("stranger", stranger, made.sitting()), ("leaving", made.cadres[1], made.sitting(1))):
    client = Client()
    client.force_login(user)
    key = client.session.session_key
    keys[name] = [key, tickets.issue(made.training.pk, actor, session_key=key)]
print(json.dumps({"keys": keys, "training": made.training.pk}))
"""
MIME = "video/mp4;codecs=avc1.42001f,opus"


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


@contextmanager
def door(server, room, who, path, *, origin=None, **frame):
    cookie, ticket = room["keys"][who]
    url = f"{server.socket_url}/ws/live/{room['training']}/{path}/"
    headers = {"Cookie": f"sessionid={cookie}"}
    with connect(url, origin=origin or server.url, additional_headers=headers, max_size=None, ping_interval=None) as line:
        line.send(json.dumps({"ticket": ticket, **frame}))
        yield line


def publish(server, room, who="trainer", take=0, **more):
    return door(server, room, who, "publish", **{"take": take, "mime": MIME, **more})


def watch(server, room, who="cadre", **more):
    return door(server, room, who, "watch", **more)


def told(line, wanted="have"):
    while True:
        frame = line.recv(timeout=60)
        if isinstance(frame, str) and wanted in json.loads(frame):
            return json.loads(frame)


def give(line, data, have=0, whole=0, part=50_000):
    """Send the stream and wait until so much of it is kept."""
    for at in range(0, len(data), part):
        line.send(data[at : at + part])
    while have < (whole or len(data)):
        have = told(line)["have"]


def end(line):
    line.send('{"end":1}')
    assert closed(line) == 1000


def closed(line):
    with suppress(ConnectionClosed):
        while True:
            line.recv(timeout=60)
    return line.close_code


def pieces_of(line, count):
    """The next so many binary frames, and the texts between."""
    texts, pieces = [], []
    while len(pieces) < count:
        frame = line.recv(timeout=60)
        (texts if isinstance(frame, str) else pieces).append(frame)
    return [json.loads(one) for one in texts], pieces


def ask(folder, query):
    """Beside Django: a program of its own takes seconds to start."""
    if folder.base_url:
        with psycopg.connect(folder.database_url, autocommit=True) as connection:
            made = connection.execute(query)
            return made.fetchall() if made.description else []
    with closing(sqlite3.connect(folder.sqlite_file, timeout=60)) as connection, connection:
        return connection.execute(query).fetchall()


def takes_of(folder):
    return ask(folder, "SELECT state, size, duration_ms, offset_ms, frames, sha256 FROM live_recording ORDER BY take")


def address(server, room, rest):
    return f"{server.url}/live/{room['training']}/{rest}"


def path_of(folder, room, take):
    return folder.path / "recordings" / str(room["training"]) / f"{take}.mp4"


def page(server, room, who, rest):
    cookies = {"sessionid": room["keys"][who][0]} if who else {}
    return requests.get(address(server, room, rest), cookies=cookies, allow_redirects=False, timeout=60)


def playlist(server, room, who, more="", *, as_of=""):
    """The list a page of `who` asks for, from the browser of `as_of`."""
    return page(server, room, as_of or who, f"hls/index.m3u8?ticket={room['keys'][who][1]}{more}")


def test_the_stream_is_pushed_kept_and_listed_from_the_same_bytes(server, room, folder):
    data = stream(9)
    with watch(server, room) as viewer, watch(server, room, sound=True) as listener, publish(server, room) as trainer:
        assert told(viewer, "idle")
        take = told(trainer)["take"]
        trainer.send(init())
        (head, *_), begun = pieces_of(viewer, 1)
        assert head == {"take": take, "mime": MIME, "offset": 0, "picture": True}
        _, heard = pieces_of(listener, 1)
        give(trainer, data[len(init()) :], have=told(trainer)["have"], whole=len(data))
        _, pieces = pieces_of(viewer, 9)
        assert b"".join(begun + pieces) == data
        with watch(server, room) as late:
            # Who comes late begins with the newest key frame.
            assert pieces_of(late, 2)[1] == [init(), fragment(8)]
        heard += pieces_of(listener, 9)[1]
        sound = Cutter().feed(b"".join(heard))
        assert [one.frames("audio") for one in sound[1:]] == [18] * 9
        assert sum(map(len, heard)) < len(data) / 8
        listed = playlist(server, room, "cadre")
        assert read_back(server, listed.text) == [(15, 18)] * 8
        alone = playlist(server, room, "cadre", "&sound=1")
        assert read_back(server, alone.text) == [(0, 18)] * 8
        end(trainer)
    assert path_of(folder, room, take).read_bytes() == data
    # The first take: the test before all others.
    assert takes_of(folder)[0] == ("done", len(data), 9 * 15 * 1333 // 20, 0, 9 * 15, hashlib.sha256(data).hexdigest())
    events = ask(folder, "SELECT kind, CAST(data AS text) FROM live_event WHERE kind LIKE 'media.%' ORDER BY seq")[:3]
    assert [kind for kind, _ in events] == ["media.mode", "media.marker", "media.mode"]
    assert [json.loads(data)["tier"] for kind, data in events if kind == "media.mode"] == ["push", "none"]


def read_back(server, text):
    """Frames by fragment of everything a playlist names, fetched without any cookie."""
    names = re.findall(r'URI="([^"]+)"', text) + [row for row in text.splitlines() if row.startswith("/")]
    replies = [requests.get(server.url + one, timeout=60) for one in names]
    for one in replies:
        assert one.status_code == 200
        assert one.headers["Cache-Control"] == "public, max-age=3600, immutable"
        assert "Cookie" not in one.headers.get("Vary", "")
        assert one.headers["X-Content-Type-Options"] == "nosniff"
    pieces = Cutter().feed(b"".join(one.content for one in replies))
    return [(one.frames("video"), one.frames("audio")) for one in pieces[1:]]


def test_the_playlist_is_for_those_who_may_watch_and_a_segment_for_those_who_were_given_its_address(server, room):
    with publish(server, room) as trainer:
        take = told(trainer)["take"]
        give(trainer, stream(4))
        text = playlist(server, room, "cadre").text
        assert page(server, room, "cadre", "hls/index.m3u8").status_code == 404
        assert playlist(server, room, "cadre", as_of="stranger").status_code == 404
        assert playlist(server, room, "stranger").status_code == 404
        key = re.search(r"hls/([0-9a-f]{32})/", text)[1]
        good = f"hls/{key}/{take}/1-2.m4s"
        assert page(server, room, "", good).status_code == 200
        other = "0" if key[0] != "0" else "1"
        for wrong in (
            f"hls/{other}{key[1:]}/{take}/1-2.m4s", f"hls/{key}/{take + 9}/1-2.m4s", f"hls/{key}/{take}/0-2.m4s",
            f"hls/{key}/{take}/2-1.m4s", f"hls/{key}/{take}/1-99.m4s", f"hls/{key}/{take}/..%2f1.mp4", f"hls/{key}/{take}/1.idx",
        ):  # fmt: skip
            assert page(server, room, "", wrong).status_code == 404, wrong
        elsewhere = requests.get(f"{server.url}/live/{room['training'] + 1}/{good}", timeout=60)
        assert elsewhere.status_code == 404
        end(trainer)


def test_after_kill_9_the_same_take_goes_on_and_the_file_is_the_whole_stream(room, folder, new_data_folder):
    own = new_data_folder()
    made = json.loads(own.manage("shell", "-v0", "-c", PREPARE).splitlines()[-1])
    data = stream(12)
    border = len(stream(5))
    with running_server(own) as first, suppress(ConnectionClosed), publish(first, made) as trainer:
        take = told(trainer)["take"]
        give(trainer, data[:border])
        # Half a fragment more is on its way when it dies.
        trainer.send(data[border : border + 5000])
        first.kill()
    with running_server(own) as second:
        with publish(second, made, take=take) as trainer:
            frame = told(trainer)
            assert frame == {"take": take, "have": border}
            trainer.send(data[border : len(stream(8))])
            assert told(trainer)["have"] == len(stream(8))
        # The line alone is lost, and another socket of the same browser goes on.
        with watch(second, made) as viewer, publish(second, made, take=take) as trainer:
            assert told(trainer) == {"take": take, "have": len(stream(8))}
            trainer.send(data[len(stream(8)) :])
            assert told(trainer)["have"] == len(data)
            _, pieces = pieces_of(viewer, 6)
            assert b"".join(pieces) == init() + b"".join(fragment(n) for n in range(7, 12))
            end(trainer)
        with publish(second, made, take=take) as trainer:
            # It was ended: what comes now is another take, later on the same clock.
            assert told(trainer)["take"] == take + 1
            give(trainer, stream(2))
            end(trainer)
    assert path_of(own, made, take).read_bytes() == data
    first, second = takes_of(own)
    assert first[4] == 12 * 15
    assert second[3] == first[2] > 11_000


def test_a_viewer_that_does_not_read_jumps_to_the_newest_key_frame_and_holds_nobody_up(server, room):
    count, large = 60, 40_000
    with watch(server, room) as slow, watch(server, room) as quick, publish(server, room) as trainer:
        assert told(slow, "idle")
        told(trainer)
        seen = []
        trainer.send(init())
        pieces_of(quick, 1)
        for number in range(count):
            for part in (fragment(number, size=large)[at : at + 200_000] for at in range(0, 700_000, 200_000)):
                if part:
                    trainer.send(part)
            seen += pieces_of(quick, 1)[1]
        assert [number_of(one) for one in seen] == list(range(count))
        got, jumps = [], 0
        while not got or got[-1] < count - 1:
            frame = slow.recv(timeout=60)
            if isinstance(frame, bytes) and frame[4:8] != b"ftyp":
                got.append(number_of(frame))
            elif isinstance(frame, str):
                jumps = max(jumps, json.loads(frame).get("jumps", 0))
        assert jumps >= 1
        assert got == sorted(set(got))
        assert len(got) < count
        end(trainer)


def number_of(data):
    found = Cutter(Cutter().feed(init())[0]).feed(data)
    assert [type(one) for one in found] == [Fragment]
    return found[0].runs[0].start // (15 * 1333)


def test_only_the_trainer_sends_and_only_who_has_a_place_watches(server, room):
    with publish(server, room, "cadre") as line:
        assert closed(line) == 4403
    with pytest.raises(InvalidStatus), watch(server, room, origin="https://evil.example"):
        pass
    for path in ("publish", "watch"):
        with pytest.raises(InvalidStatus), door(server, room, "stranger", path):
            pass
    forged = room["keys"]["trainer"][1][:-2] + "xx"
    with publish(server, room, "cadre", ticket=forged) as line:
        assert closed(line) == 4401
    with watch(server, room, "cadre", ticket=room["keys"]["trainer"][1]) as line:
        assert closed(line) == 4403
    url = f"{server.socket_url}/ws/live/{room['training']}/watch/"
    with pytest.raises(InvalidStatus), connect(url, origin=server.url):
        pass


def test_an_ended_session_loses_its_picture(server, room, folder):
    with watch(server, room, "leaving") as viewer:
        assert told(viewer, "idle")
        ask(folder, f"DELETE FROM people_session WHERE session_key = '{room['keys']['leaving'][0]}'")
        assert closed(viewer) == 4403


def test_what_is_no_stream_too_large_or_from_a_viewer_is_closed_with_the_right_code(server, room):
    with publish(server, room) as line:
        told(line)
        line.send(b"<html>" * 100)
        assert closed(line) == 1007
    with publish(server, room) as line:
        told(line)
        line.send(b"\0" * (256 * 1024 + 1))
        assert closed(line) == 1009
    with publish(server, room, mime="text/html") as line:
        assert closed(line) == 1007
    with publish(server, room, test=1) as line:
        sent = 0
        with suppress(ConnectionClosed):
            while sent < 4 * 1024 * 1024:
                line.send(b"\0" * 200_000)
                sent += 200_000
        assert closed(line) == 4429
    with watch(server, room) as line:
        line.send(b"\0" * 10)
        assert closed(line) == 1009
    with watch(server, room) as line:
        with suppress(ConnectionClosed):
            for _ in range(200):
                line.send('{"sound":true}')
        assert closed(line) == 4429


def test_viewers_of_another_worker_follow_the_same_files(server, room, folder):
    if not folder.base_url:
        pytest.skip("SQLite takes one process; on PostgreSQL this runs")
    with running_server(folder) as second, watch(second, room) as viewer, publish(server, room) as trainer:
        told(trainer)
        data = stream(3)
        trainer.send(init())
        _, begun = pieces_of(viewer, 1)
        give(trainer, data[len(init()) :], have=told(trainer)["have"], whole=len(data))
        _, pieces = pieces_of(viewer, 3)
        assert b"".join(begun + pieces) == data
        end(trainer)
