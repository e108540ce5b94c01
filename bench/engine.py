"""bench engine: random sequences of start, save, hand-in, take-over, void, extension and clock through the exam engine.

    python3 run.py bench engine [--quick] [--sequences N] [--first SEED]

Plays 1,000,000 sequences (bench/sequences) from seeds 0, 1, 2 …; a witness with rules of its own objects to every
illegal state, every lost promise and every mark that re-marking the redrawn paper does not give. Stops at the first
objection and prints its seed and sequence, which `--first SEED --sequences 1` plays again.
"""
import argparse
import json
import os
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor

from bench.exam_day import REFERENCE_HASH_MS, one_hash_ms
from bench.sequences.play import generate
from bench.sequences.rooms import play_in_engine

CHUNK = 2000
CORES = 2
GOALS = {"sequences": 1_000_000, "objections": 0, "wall_s": 600}


class Objection(Exception):
    """The witness objected to the sequence of one seed."""


def play_chunk(first: int, count: int) -> tuple[Counter, Counter, int]:
    """Play the sequences of `count` seeds.

    Returns:
        happenings carried out, happenings refused (both by name), and how many papers were marked again.

    Raises:
        Objection
    """
    done, refused, marked = Counter(), Counter(), 0
    for seed in range(first, first + count):
        happenings = generate(seed)
        try:
            play = play_in_engine(seed, happenings)
        except Exception as error:
            raise Objection(f"seed {seed}: {type(error).__name__}: {error}\n{happenings}") from None
        for name, (carried_out, not_done) in play.tally.items():
            done[name] += carried_out
            refused[name] += not_done
        marked += sum(one.mark is not None for one in play.room.sittings())
    return done, refused, marked


def play_all(first: int, count: int) -> tuple[Counter, Counter, int]:
    """Play `count` sequences on the cores there are, with progress."""
    done, refused, marked, finished = Counter(), Counter(), 0, 0
    starts = range(first, first + count, CHUNK)
    sizes = [min(CHUNK, first + count - start) for start in starts]
    began = told = time.monotonic()
    with ProcessPoolExecutor(max_workers=min(CORES, os.cpu_count() or 1)) as pool:
        try:
            for size, (did, did_not, papers) in zip(sizes, pool.map(play_chunk, starts, sizes), strict=True):
                done, refused, marked, finished = done + did, refused + did_not, marked + papers, finished + size
                if time.monotonic() - told > 5 or finished == count:
                    told = time.monotonic()
                    print(f"  {finished:>9,} / {count:,}   {finished / (told - began):,.0f} a second", flush=True)
        except Objection:
            pool.shutdown(cancel_futures=True)
            raise
    return done, refused, marked


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="50,000 sequences")
    parser.add_argument("--sequences", type=int)
    parser.add_argument("--first", type=int, default=0, help="seed of the first one")
    options = parser.parse_args()
    count = options.sequences or (50_000 if options.quick else GOALS["sequences"])
    goals = {**GOALS, "sequences": count}
    hash_ms, began, objections = one_hash_ms(), time.monotonic(), 0
    done, refused, marked = Counter(), Counter(), 0
    try:
        done, refused, marked = play_all(options.first, count)
    except Objection as objection:
        print(f"\nthe witness objects: {objection}")
        objections = 1
    wall = time.monotonic() - began
    print(f"\n{'happening':14}{'carried out':>14}{'refused':>12}")
    for name in sorted(done | refused):
        print(f"{name:14}{done[name]:>14,}{refused[name]:>12,}")
    figures = {
        "sequences": 0 if objections else count, "happenings": sum((done + refused).values()), "papers_marked_again": marked,
        "objections": objections, "wall_s": round(wall, 1), "each_ms": round(1000 * wall / count, 3),
    }  # fmt: skip
    met = figures["sequences"] >= count and not objections and wall <= goals["wall_s"] * max(1, hash_ms / REFERENCE_HASH_MS)
    print(json.dumps({"bench": "engine", "argon2id_ms": round(hash_ms, 1), "figures": figures, "goals": goals, "met": met}))
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
