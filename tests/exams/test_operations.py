"""OP1 to OP4: killed, out of disk, without Redis, restarted; played against the real server on the data of this run."""
import asyncio
import contextlib
import json
import resource
import sqlite3
import sys
import threading
import time
import urllib.error
import urllib.request
from types import SimpleNamespace

import psycopg
import pytest

from tests.exams.test_kill import PREPARE, READ, Person, assert_nothing_acknowledged_is_lost, last_line
from tests.servers import ROOT, running_server

NOBODY_ANSWERS = "redis://127.0.0.1:1/0"
OVERDUE = """
from datetime import timedelta
from django.utils import timezone
from exams.models import Sitting
from exams.tasks import end_sittings
now = timezone.now()
Sitting.objects.filter(state="open").update(ends_at=now - timedelta(seconds=1))
end_sittings.enqueue()
"""
GRADED = """
import json
from exams.models import Candidate, Sitting
rows = [
    [one.state, one.mark is not None and str(one.mark), str(sum(row.mark for row in one.responses.all())), one.responses.count()]
    for one in Sitting.objects.prefetch_related("responses")
]
counted = Candidate.objects.filter(counted__isnull=False).count()
print(json.dumps([rows, counted]))
"""
ANSWERED = """
from django.utils import timezone
from exams import actions
from exams.models import Sitting
from exams.papers import paper_of
for one in Sitting.objects.all():
    names = paper_of(one.pk).names
    whole = {name: [[names.options[place][0]], 1] for place, name in enumerate(names.questions)}
    actions.save_answers(one.pk, whole, epoch=one.epoch, now=timezone.now())
"""


def prepared(folder, candidates):
    return last_line(folder.manage("shell", "-v0", "-c", PREPARE.format(candidates=candidates)))


def stored(folder):
    return last_line(folder.manage("shell", "-v0", "-c", READ))


def count(folder, query):
    """A number of the database, read beside the server."""
    if folder.base_url:
        with psycopg.connect(folder.database_url) as connection:
            return connection.execute(query).fetchone()[0]
    with contextlib.closing(sqlite3.connect(folder.sqlite_file, timeout=20)) as connection:
        return connection.execute(query).fetchone()[0]


def wait_until(condition, what, seconds=300):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, what
        threading.Event().wait(0.02)


def save(url, person, place, seq):
    """One save of one answer; (status, reply)."""
    body = {"changes": {person.questions[place]: [[person.options[place][0]], seq]}}
    headers = {"Content-Type": "application/json", "X-Sitting-Token": person.token}
    request = urllib.request.Request(f"{url}/sittings/{person.sitting}/save/", json.dumps(body).encode(), headers)
    try:
        with urllib.request.urlopen(request, timeout=120) as reply:
            return reply.status, json.load(reply)
    except urllib.error.HTTPError as error:
        return error.code, json.load(error)


@pytest.fixture
def driver(monkeypatch):
    """The load driver of the bench: it signs in, sits and hands in as the pages do."""
    monkeypatch.syspath_prepend(str(ROOT / "bench/load"))
    monkeypatch.delitem(sys.modules, "exam_day", raising=False)
    import exam_day

    return exam_day


def play_sittings(driver, server, exam, sittings):
    target = {
        "name": "test", "adapter": f"{ROOT / 'bench/mingfa_adapter.py'}:Mingfa", "base": server.url,
        "user": "bench{n:04d}", "password": "Bench-2026-mingfa", "groups": {"web": {"pid": server.process.pid}},
    }  # fmt: skip
    options = SimpleNamespace(exam=str(exam), first=1, timeout=300, sittings=sittings, concurrency=3)

    async def play():
        run = driver.Run(target, options)
        try:
            return await run.sit()
        finally:
            await run.close()

    return asyncio.run(play())


def test_OP1_kill_9_while_papers_are_marked_leaves_no_half_marked_one_and_the_restart_marks_the_rest(data_folder):
    people = 60
    prepared(data_folder, people)
    data_folder.manage("shell", "-v0", "-c", ANSWERED)
    data_folder.manage("shell", "-v0", "-c", OVERDUE)
    marked = "SELECT count(*) FROM exams_sitting WHERE state = 'marked'"
    with running_server(data_folder) as server:
        wait_until(lambda: count(data_folder, marked) >= 2, "nothing was marked")
        server.kill()
    rows, counted = last_line(data_folder.manage("shell", "-v0", "-c", GRADED))
    for state, mark, summed, responses in rows:
        assert (state, responses, mark) in {("marked", 20, summed), ("open", 0, False)}
    assert any(state == "open" for state, *_ in rows)
    assert counted == sum(state == "marked" for state, *_ in rows)

    with running_server(data_folder):
        wait_until(lambda: count(data_folder, marked) == people, "the restarted server did not mark the rest")
    rows, counted = last_line(data_folder.manage("shell", "-v0", "-c", GRADED))
    assert all((state, responses, mark) == ("marked", 20, summed) for state, mark, summed, responses in rows)
    assert counted == people


def test_OP2_a_full_disk_refuses_saves_with_a_reason_and_they_arrive_once_it_is_free(data_folder):
    if data_folder.base_url:
        pytest.skip("the disk of a PostgreSQL server that others use cannot be filled")
    people = [Person(row) for row in prepared(data_folder, 5)]
    with running_server(data_folder) as server:
        assert all(save(server.url, one, 0, 1)[0] == 200 for one in people)
        # No file of the process may grow or be written beyond its first byte.
        unlimited = resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, (1, resource.RLIM_INFINITY))
        for one in people:
            status, reply = save(server.url, one, 1, 2)
            assert (status, reply["code"]) == (503, "busy")
            assert "没有保存" in reply["message"]
        with urllib.request.urlopen(f"{server.url}/login/", timeout=120) as page:
            assert page.status == 200
        resource.prlimit(server.process.pid, resource.RLIMIT_FSIZE, unlimited)
        # The page sends the very same change again; nobody has restarted anything.
        for one in people:
            status, reply = save(server.url, one, 1, 2)
            assert (status, reply["saved"]) == (200, {one.questions[1]: 2})
    sheets = stored(data_folder)
    for one in people:
        _, sheet = sheets[str(one.sitting)]
        assert {place: seq for place, (_, seq) in sheet.items()} == {"0": 1, "1": 2}
    with contextlib.closing(sqlite3.connect(data_folder.sqlite_file)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_OP3_without_redis_people_sign_in_sit_hand_in_and_read_their_mark(data_folder, driver):
    people = 8
    exam = last_line(data_folder.manage("shell", "-v0", "-c", f"from bench.load.people import make; make({people})"))
    with running_server(data_folder, REDIS_URL=NOBODY_ANSWERS) as server:
        played = play_sittings(driver, server, exam, people - 2)
        assert played["errors"] == {}
        assert played["done"] == people - 2
    rows, counted = last_line(data_folder.manage("shell", "-v0", "-c", GRADED))
    assert [state for state, *_ in rows] == ["marked"] * (people - 2)


def test_OP3_without_redis_the_server_ends_overdue_sittings(data_folder):
    prepared(data_folder, 4)
    data_folder.manage("shell", "-v0", "-c", OVERDUE)
    with running_server(data_folder, REDIS_URL=NOBODY_ANSWERS):
        marked = "SELECT count(*) FROM exams_sitting WHERE state = 'marked'"
        wait_until(lambda: count(data_folder, marked) == 4, "overdue sittings were not ended")


def test_OP4_a_normal_restart_with_200_saves_in_flight_loses_nothing_it_acknowledged(data_folder):
    people = [Person(row) for row in prepared(data_folder, 200)]
    with running_server(data_folder) as server:
        threads = [threading.Thread(target=one.save_until_it_fails, args=(server.url,)) for one in people]
        for thread in threads:
            thread.start()
        wait_until(lambda: sum(bool(one.acknowledged) for one in people) >= 150, "the candidates could not save")
        assert server.stop() == 0
        for thread in threads:
            thread.join()
    assert all(one.pending for one in people)
    assert_nothing_acknowledged_is_lost(people, stored(data_folder))

    with running_server(data_folder) as server:
        # What was not acknowledged is sent again as it was.
        one = people[0]
        place, (chosen, seq) = next(iter(one.pending.items()))
        status, reply = save(server.url, one, place, seq + 1)
        assert (status, reply["saved"]) == (200, {one.questions[place]: seq + 1})
