"""bench importing: wild question files against their truth, and 10,000 questions from a file into a bank.

    python3 run.py bench importing [--quick] [--files N] [--first SEED]

Makes 1,000 files of known truth with every layout trait at random (tests/bank/wild), reads them, and counts what was
read right and what was wrong without a word. Then imports a text file of 10,000 questions into a throw-away SQLite
database on which 20 candidates of an exam save all the time through a real server.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

from bench.exam_day import REFERENCE_HASH_MS, one_hash_ms
from bench.load.importing import IMPORT, SEAT, STORED, people_saving

ROOT = Path(__file__).parents[1]
GOALS = {"right": 0.99, "silent": 0, "staged": 10_000, "wall_s": 30, "lock_ms": 500, "saves_lost": 0, "errors": 0}
# Twenty people with a save every half second each are as many saves as some hundred who read and think.
CANDIDATES, PAUSE = 20, 0.5


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


def stage(count: int) -> dict:
    """Import `count` questions in a process of its own while candidates save on the same SQLite file."""
    from tests.servers import DataFolder, running_server

    with tempfile.TemporaryDirectory() as path:
        folder = DataFolder(Path(path) / "data", base_url="").create()
        folder.manage("migrate", "-v0")
        rows = json.loads(folder.manage("shell", "-v0", "-c", SEAT.format(candidates=CANDIDATES)).splitlines()[-1])
        with running_server(folder) as server, people_saving(rows, server.url, pause=PAUSE) as people:
            found = json.loads(folder.manage("shell", "-v0", "-c", IMPORT.format(count=count)).splitlines()[-1])
        stored = json.loads(folder.manage("shell", "-v0", "-c", STORED).splitlines()[-1])
    for message in sorted({error for one in people for error in one.errors}):
        print(f"  {message}", flush=True)
    return found | {
        "saves": sum(one.saves for one in people),
        "slowest_save_ms": max(one.slowest_ms for one in people),
        "saves_lost": sum(one.lost(stored) for one in people),
        "errors": sum(len(one.errors) for one in people),
    }


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
        f"{'all, s':24}{staged['wall_s']:>10}\n"
        f"{'longest write, ms':24}{staged['lock_ms']:>10}\n{'saves meanwhile':24}{staged['saves']:>10,}\n"
        f"{'slowest save, ms':24}{staged['slowest_save_ms']:>10}\n"
        f"{'saves lost / errors':24}{staged['saves_lost']:>6} / {staged['errors']}"
    )
    print(f"{'argon2id hash, ms':24}{hash_ms:>10.1f}")
    slower = max(1, hash_ms / REFERENCE_HASH_MS)
    met = (
        share >= goals["right"] and wild["silent"] == 0 and staged["staged"] == count
        and staged["wall_s"] <= goals["wall_s"] * slower and staged["lock_ms"] <= goals["lock_ms"] * slower
        and staged["saves_lost"] == 0 and staged["errors"] == 0
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
