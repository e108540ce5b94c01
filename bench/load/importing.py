"""An import of a large file while people sit an exam: the file, who saves meanwhile, and how long each write took."""

import contextlib
import http.client
import json
import random
import threading
import time
import urllib.request
from dataclasses import dataclass, field
from functools import partial

# Run by manage.py shell: all candidates sit; prints [[sitting, token, questions, options], …].
SEAT = """
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
# Run by manage.py shell: prints what `import_watched` found.
IMPORT = "import json\nfrom bench.load.importing import import_watched\nprint(json.dumps(import_watched({count})))"
# Run by manage.py shell: prints {sitting: {place of the question: [chosen, seq]}}.
STORED = """
import json
from exams.models import Sitting
print(json.dumps({row.pk: json.loads(row.answers) for row in Sitting.objects.all()}))
"""


def text_of(count: int) -> bytes:
    """A text file of `count` different questions."""
    lines = ["一、单项选择题（每题2分）"]
    for number in range(1, count + 1):
        lines += [
            f"{number}．根据《信访工作条例》，编号{number * 7919}的事项应当自受理之日起（ ）日内办结。",
            "A．15日    B．30日", "C．60日    D．90日", f"答案：{'ABCD'[number % 4]}", "解析：《信访工作条例》第三十四条。",
        ]  # fmt: skip
    return "\n".join(lines).encode()


def import_watched(count: int) -> dict:
    """Import `count` questions into a new bank; seconds, and milliseconds of the longest write transaction."""
    from django.utils import timezone
    from mingfa.bank import actions
    from mingfa.bank.importing import parse_file
    from mingfa.people.models import OrgUnit

    unit = OrgUnit.get_first_root_node() or OrgUnit.add_root(name="区", kind="district")
    bank = actions.create_bank(name="新题库", unit=unit, by=None, now=timezone.now())
    data = text_of(count)
    began = time.monotonic()
    parsed = parse_file(data, "题库.txt")
    read = time.monotonic()
    with longest_transaction() as longest:
        outcome = actions.import_questions(bank, parsed, by=None, now=timezone.now())
    return {
        "staged": outcome.imported,
        "parse_s": round(read - began, 1),
        "wall_s": round(time.monotonic() - began, 1),
        "lock_ms": round(longest() * 1000),
    }


@contextlib.contextmanager
def longest_transaction():
    """Gives a function that says how many seconds the longest outermost transaction of this process held on."""
    from django.db import connection, transaction

    lengths, began = [0.0], []
    real = transaction.Atomic.__enter__, transaction.Atomic.__exit__

    def enter(self):
        outermost = not connection.in_atomic_block
        real[0](self)
        if outermost:
            # Behind BEGIN IMMEDIATE: waiting for others is no lock of ours.
            began.append(time.monotonic())

    def leave(self, *error):
        real[1](self, *error)
        if not connection.in_atomic_block:
            lengths.append(time.monotonic() - began.pop())

    transaction.Atomic.__enter__, transaction.Atomic.__exit__ = enter, leave
    try:
        yield partial(max, lengths)
    finally:
        transaction.Atomic.__enter__, transaction.Atomic.__exit__ = real


@dataclass
class Saver:
    """One candidate whose page saves again and again: what was acknowledged, and every error."""

    row: list
    acknowledged: dict[int, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    saves: int = 0
    slowest_ms: int = 0

    def save_until(self, stop: threading.Event, url: str, pause: float) -> None:
        """pause: seconds between two saves."""
        sitting, token, questions, options = self.row
        rng = random.Random(sitting)
        while not stop.wait(pause):
            place = rng.randrange(len(questions))
            self.saves += 1
            body = json.dumps({"changes": {questions[place]: [[rng.choice(options[place])], self.saves]}})
            request = urllib.request.Request(
                f"{url}/sittings/{sitting}/save/", body.encode(),
                {"Content-Type": "application/json", "X-Sitting-Token": token},
            )  # fmt: skip
            began = time.monotonic()
            try:
                with urllib.request.urlopen(request, timeout=60) as reply:
                    saved = json.load(reply)["saved"]
            except (OSError, http.client.HTTPException, ValueError) as error:
                self.errors.append(repr(error))
                continue
            self.slowest_ms = max(self.slowest_ms, round((time.monotonic() - began) * 1000))
            if saved == {questions[place]: self.saves}:
                self.acknowledged[place] = self.saves
            else:
                self.errors.append(f"saved {saved}")

    def lost(self, stored: dict) -> int:
        """How many acknowledged answers are not what `STORED` printed."""
        have = {int(place): seq for place, (_, seq) in stored[str(self.row[0])].items()}
        return sum(have.get(place) != seq for place, seq in self.acknowledged.items())


@contextlib.contextmanager
def people_saving(rows: list, url: str, pause: float):
    """All these candidates save while the block runs; gives their Savers."""
    people, stop = [Saver(row) for row in rows], threading.Event()
    threads = [threading.Thread(target=one.save_until, args=(stop, url, pause)) for one in people]
    for thread in threads:
        thread.start()
    try:
        yield people
    finally:
        stop.set()
        for thread in threads:
            thread.join()
