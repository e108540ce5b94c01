"""bench live_faults: a class on two servers while things fail, 1,000 phones, 12,000 answers.

    python3 run.py bench live_faults [--quick] [--postgres URL]

Two real processes share a PostgreSQL and a Redis of their own. Events and answers flow, and half-way hints are lost
(30 %, all), a server is killed with kill -9 (from outside; by itself between a commit and its hint), Redis is killed
and started again, everybody loses the line at once. At the end no phone may have a gap, a double or another last
number, and the database must hold everything that was acknowledged exactly once.
"""
import argparse
import asyncio
import json
import os
import resource
import sys
import tempfile
from pathlib import Path

from bench.exam_day import REFERENCE_HASH_MS, one_hash_ms
from bench.load.faults import FAULTS, Run, Servers, begun

GOALS = {"wrong_clients": 0, "gaps": 0, "doubles": 0, "lost": 0, "twice": 0, "holes": 0, "refused": 0}
LEAST = {"commands_and_answers": 10_000}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the people and answers")
    default = os.environ.get("TEST_DATABASE_URL") or "postgres://postgres@127.0.0.1:5432/postgres"
    parser.add_argument("--postgres", default=default, metavar="URL", help="a server on which databases may be made")
    arguments = parser.parse_args()
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    hash_ms = one_hash_ms()
    people = 100 if arguments.quick else 1000
    found, kept = play(arguments.postgres, people, polls=1 if arguments.quick else 2)
    figures = {
        "phones": people, **{name: max(one[name] for one in found.values()) for name in ("wrong_clients", "gaps", "doubles")},
        "reconnects": sum(one["reconnects"] for one in found.values()), **kept,
        "commands_and_answers": kept["commands"] + kept["answers"],
    }  # fmt: skip
    least = {} if arguments.quick else LEAST
    print(f"\n{'figure':24}{'measured':>12}{'goal':>10}   (argon2id {hash_ms:.1f} ms, reference {REFERENCE_HASH_MS})")
    for name, value in figures.items():
        goal = f"≥ {least[name]}" if name in least else GOALS.get(name, "")
        print(f"{name:24}{value:>12}{goal:>10}")
    met = all(figures[name] <= goal for name, goal in GOALS.items())
    met = met and all(figures[name] >= goal for name, goal in least.items())
    said = {"bench": "live_faults", "argon2id_ms": round(hash_ms, 1), "figures": figures, "goals": {**GOALS, **least}, "met": met}
    print(json.dumps(said, ensure_ascii=False))
    return 0 if met else 1


def play(postgres: str, people: int, *, polls: int) -> tuple[dict, dict]:
    """(figures by fault, what became of the acknowledged)"""
    from tests.servers import DataFolder

    with tempfile.TemporaryDirectory() as path:
        folder = DataFolder(Path(path) / "data", base_url=postgres).create()
        try:
            print("preparing the database…", flush=True)
            folder.manage("migrate", "-v0")
            made = begun(folder, people)
            with Servers(folder, Path(path)) as servers:
                run = Run(servers, made, events=60, polls=polls)
                print(f"{people} phones at two servers, {len(FAULTS)} faults", flush=True)
                found = asyncio.run(run.play(say=tell))
                return found, run.lost()
        finally:
            folder.remove()


def tell(fault: str, figures: dict) -> None:
    print(f"{fault:34}" + "  ".join(f"{name} {value}" for name, value in figures.items()), flush=True)


if __name__ == "__main__":
    sys.exit(main())
