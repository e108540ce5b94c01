"""bench importing: wild question files against their truth, and 10,000 questions from a file into a bank.

    python3 run.py bench importing [--quick] [--files N] [--first SEED]

Makes 1,000 files of known truth with every layout trait at random (tests/bank/wild.py), reads them, and counts what was
read right and what was wrong without a word. Then parses a text file of 10,000 questions and imports it into a
throw-away SQLite database, with progress.
"""

import argparse
import json
import os
import sys
import tempfile
import time
from pathlib import Path

from bench.exam_day import REFERENCE_HASH_MS, one_hash_ms

ROOT = Path(__file__).parents[1]
GOALS = {"right": 0.99, "silent": 0, "staged": 10_000, "wall_s": 30}


def read_wild(first: int, count: int) -> dict:
    """Counts over the files of `count` seeds."""
    from mingfa.bank.importing import parse_file

    from tests.bank.judging import judge
    from tests.bank.wild import make

    total = {"files": count, "questions": 0, "right": 0, "doubted": 0, "silent": 0}
    for seed in range(first, first + count):
        data, name, truths, _ = make(seed)
        found = judge(parse_file(data, name), truths)
        total["questions"] += found.questions
        total["right"] += found.right
        total["doubted"] += found.doubted
        total["silent"] += len(found.silent)
        for words in found.silent:
            print(f"  seed {seed}, silently wrong: {words}")
        if (seed - first + 1) % 200 == 0:
            print(f"  {seed - first + 1:>6,} / {count:,} files", flush=True)
    return total


def text_of(count: int) -> bytes:
    """A text file of `count` different questions."""
    lines = ["一、单项选择题（每题2分）"]
    for number in range(1, count + 1):
        lines += [
            f"{number}．根据《信访工作条例》，编号{number * 7919}的事项应当自受理之日起（ ）日内办结。",
            "A．15日    B．30日", "C．60日    D．90日", f"答案：{'ABCD'[number % 4]}", "解析：《信访工作条例》第三十四条。",
        ]  # fmt: skip
    return "\n".join(lines).encode()


def stage(count: int) -> dict:
    """Seconds of parsing and of importing `count` questions into a new database."""
    import django

    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"MINGFA_DATA": folder, "DATABASE_URL": f"sqlite:///{folder}/bench.sqlite3"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mingfa.settings")
        django.setup()
        from django.core.management import call_command
        from django.db import connections
        from django.utils import timezone
        from mingfa.bank import actions
        from mingfa.bank.importing import parse_file
        from mingfa.people.models import OrgUnit

        call_command("migrate", verbosity=0)
        bank = actions.create_bank(
            name="题库", unit=OrgUnit.add_root(name="区", kind="district"), by=None, now=timezone.now()
        )
        data = text_of(count)
        began = time.monotonic()
        parsed = parse_file(data, "题库.txt")
        read = time.monotonic()
        outcome = actions.import_questions(bank, parsed, by=None, now=timezone.now(), progress=_tell)
        done = time.monotonic()
        connections.close_all()
    return {"staged": outcome.imported, "parse_s": round(read - began, 1), "wall_s": round(done - began, 1)}


def _tell(done: int, total: int) -> None:
    if done % 2500 == 0 or done == total:
        print(f"  {done:>6,} / {total:,} questions staged", flush=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="100 files and 1,000 questions")
    parser.add_argument("--files", type=int)
    parser.add_argument("--first", type=int, default=0, help="seed of the first file")
    options = parser.parse_args()
    sys.path[:0] = [str(ROOT), str(ROOT / "platform")]
    count = 1000 if options.quick else GOALS["staged"]
    goals = {**GOALS, "staged": count}
    hash_ms = one_hash_ms()
    wild = read_wild(options.first, options.files or (100 if options.quick else 1000))
    staged = stage(count)
    share = wild["right"] / wild["questions"]
    print(
        f"\n{'files':24}{wild['files']:>10,}\n{'questions':24}{wild['questions']:>10,}\n{'read right':24}{share:>10.2%}"
    )
    print(f"{'with a note':24}{wild['doubted']:>10,}\n{'silently wrong':24}{wild['silent']:>10,}")
    print(
        f"{'questions imported':24}{staged['staged']:>10,}\n{'parsing, s':24}{staged['parse_s']:>10}\n"
        f"{'all, s':24}{staged['wall_s']:>10}"
    )
    print(f"{'argon2id hash, ms':24}{hash_ms:>10.1f}")
    met = (
        share >= goals["right"] and wild["silent"] == 0 and staged["staged"] == count
        and staged["wall_s"] <= goals["wall_s"] * max(1, hash_ms / REFERENCE_HASH_MS)
    )  # fmt: skip
    figures = {**wild, "right_share": round(share, 4), **staged}
    print(
        json.dumps(
            {"bench": "importing", "argon2id_ms": round(hash_ms, 1), "figures": figures, "goals": goals, "met": met}
        )
    )
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
