"""bench near_duplicates: looking up near questions among 50,000, against comparing with every one of them.

    python3 run.py bench near_duplicates [--quick]

50,000 made-up questions are put into the bank's index (mingfa.bank.similarity). Looked up are the same questions in
other words, which must come back, and questions about something else, which must not be flagged. The reference is
difflib over the whole bank in the same run. Figures are CPU of this process; bars scale with one argon2id hash.
"""
import argparse
import difflib
import json
import random
import sys
import time
import tracemalloc
from dataclasses import replace

from mingfa.bank.similarity import LEAST, Index, compare

from bench.exam_day import REFERENCE_HASH_MS, one_hash_ms
from bench.made_questions import made_questions, reworded

GOALS = {"lookup_ms": 200, "build_s": 30, "file_of_1000_s": 20, "found": 0.95, "flagged": 0.01}
MEMORY_SAMPLE = 5000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="5,000 questions")
    size = 5_000 if parser.parse_args().quick else 50_000
    rng, hash_ms = random.Random(20), one_hash_ms()
    questions = made_questions(rng, size)
    figures = {"questions": size, "memory_mb": round(memory_mb(questions[:MEMORY_SAMPLE]) * size / MEMORY_SAMPLE)}

    began = time.process_time()
    index = Index()
    for id, question in enumerate(questions):
        index.add(id, replace(question))  # a copy: what it remembers of itself is not the index
    figures["build_s"] = round(time.process_time() - began, 1)

    chosen = rng.sample(range(size), 1000)
    asked = [reworded(questions[id], rng) for id in chosen]
    took, found = [], 0
    for id, question in zip(chosen, asked, strict=True):
        began = time.process_time()
        near = index.near(question)
        took.append(1000 * (time.process_time() - began))
        found += id in [one.id for one in near]
    figures |= {"lookup_ms": round(sum(took) / len(took), 2), "lookup_worst_ms": round(max(took), 1)}
    figures |= {"file_of_1000_s": round(sum(took) / 1000, 1), "found": found / len(chosen)}

    pairs = [rng.sample(questions, 2) for _ in range(2000)]
    figures["flagged"] = sum(compare(*pair, index.rarity).percent >= LEAST for pair in pairs) / len(pairs)

    began = time.process_time()
    agreed, scans = 0, 3
    for id, question in list(zip(chosen, asked, strict=True))[:scans]:
        best = max(range(size), key=lambda one: difflib.SequenceMatcher(None, questions[one].stem, question.stem).ratio())
        agreed += best == id
    figures["difflib_ms"] = round(1000 * (time.process_time() - began) / scans)
    figures["difflib_agrees"] = f"{agreed}/{scans}"

    print(f"\n{'figure':20}{'measured':>14}{'goal':>12}")
    for name, value in figures.items():
        print(f"{name:20}{value!s:>14}{GOALS.get(name, ''):>12}")
    slower = max(1, hash_ms / REFERENCE_HASH_MS)
    met = all(figures[name] <= GOALS[name] * slower for name in ("lookup_ms", "build_s", "file_of_1000_s"))
    met &= figures["lookup_worst_ms"] <= GOALS["lookup_ms"] * slower
    met &= figures["found"] >= GOALS["found"] and figures["flagged"] <= GOALS["flagged"]
    said = {"bench": "near_duplicates", "argon2id_ms": round(hash_ms, 1), "figures": figures, "goals": GOALS, "met": met}
    print(json.dumps(said))
    return 0 if met else 1


def memory_mb(questions) -> float:
    """Megabytes an index of these questions holds, their texts included once."""
    tracemalloc.start()
    index = Index()
    for id, question in enumerate(questions):
        index.add(id, replace(question))  # a copy: what it remembers of itself is not the index
    held = tracemalloc.get_traced_memory()[0] / 1e6
    tracemalloc.stop()
    return held + sum(2 * len(one.stem) + sum(2 * len(text) for text in one.options) for one in questions) / 1e6


if __name__ == "__main__":
    sys.exit(main())
