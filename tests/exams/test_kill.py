"""kill -9 of the real server while candidates save, on the database of this run."""
import http.client
import json
import random
import threading
import time
import urllib.request

from tests.servers import running_server

CANDIDATES = 50
KILLS = 3
PREPARE = """
import json
from bench.load.people import make
make({candidates})
from django.utils import timezone
from exams import actions, tokens
from exams.models import Candidate
from exams.papers import paper_of
rows = []
for candidate in Candidate.objects.select_related("exam__blueprint__bank", "user"):
    sitting = actions.start_sitting(candidate, by=candidate.user, now=timezone.now())
    names = paper_of(sitting.pk).names
    rows.append([sitting.pk, tokens.issue(sitting.pk, sitting.epoch), names.questions, names.options])
print(json.dumps(rows))
"""
READ = """
import json
from exams.models import Sitting
print(json.dumps({row.pk: [row.revision, json.loads(row.answers)] for row in Sitting.objects.all()}))
"""


class Person:
    """Answers without pause: each save carries all that is unacknowledged, like the page. Knows what was acknowledged."""

    def __init__(self, row):
        self.sitting, self.token, self.questions, self.options = row
        self.seq, self.acknowledged, self.pending = 0, {}, {}
        self.rng = random.Random(self.sitting)

    def save_until_it_fails(self, url):
        while True:
            place = self.rng.randrange(len(self.questions))
            self.seq += 1
            self.pending[place] = [[self.rng.choice(self.options[place])], self.seq]
            body = json.dumps({"changes": {self.questions[at]: change for at, change in self.pending.items()}})
            request = urllib.request.Request(
                f"{url}/sittings/{self.sitting}/save/", body.encode(),
                {"Content-Type": "application/json", "X-Sitting-Token": self.token},
            )  # fmt: skip
            try:
                with urllib.request.urlopen(request, timeout=120) as reply:
                    saved = json.load(reply)["saved"]
            except (OSError, http.client.HTTPException, ValueError):
                return  # killed before, in or right behind the reply: not acknowledged
            assert saved == {self.questions[at]: seq for at, (_, seq) in self.pending.items()}
            self.acknowledged.update({at: seq for at, (_, seq) in self.pending.items()})
            self.pending = {}


def last_line(printed):
    return json.loads(printed.strip().splitlines()[-1])


def assert_nothing_acknowledged_is_lost(people, stored):
    """What `READ` printed against what each person was promised."""
    for one in people:
        _, sheet = stored[str(one.sitting)]
        have = {int(place): seq for place, (_, seq) in sheet.items()}
        sent = {place: seq for place, (_, seq) in one.pending.items()}
        for place, seq in one.acknowledged.items():
            assert have[place] in {seq, sent.get(place)}, "an acknowledged answer is missing or older"
        # An unacknowledged save is there as a whole or not at all.
        arrived = {place: have.get(place) == seq for place, seq in sent.items()}
        assert len(set(arrived.values())) <= 1
        assert have.keys() <= one.acknowledged.keys() | sent.keys()


def test_SI1_after_kill_9_every_acknowledged_answer_is_there_and_none_is_older(data_folder):
    rows = last_line(data_folder.manage("shell", "-v0", "-c", PREPARE.format(candidates=CANDIDATES)))
    people = [Person(row) for row in rows]
    for _ in range(KILLS):
        with running_server(data_folder) as server:
            threads = [threading.Thread(target=one.save_until_it_fails, args=(server.url,)) for one in people]
            before = sum(one.seq for one in people)
            for thread in threads:
                thread.start()
            deadline = time.monotonic() + 300
            while sum(len(one.acknowledged) for one in people) < 3 * CANDIDATES or (
                sum(one.seq for one in people) - before < 4 * CANDIDATES
            ):
                assert time.monotonic() < deadline, "the candidates could not save"
                threading.Event().wait(0.05)
            server.kill()
            for thread in threads:
                thread.join()
        stored = last_line(data_folder.manage("shell", "-v0", "-c", READ))
        assert_nothing_acknowledged_is_lost(people, stored)
