"""bench article_suggestions: how often the cited article is among the suggestions, and how long one takes.

    python3 run.py bench article_suggestions

Imports the laws of the installed package (and of the folder in MINGFA_LAWS, if set) into a throw-away database and asks
for every question of fixtures/questions which articles it stands on, with its citation left out of what is asked.
A hit is the very article. Figures are CPU of this process; the bar scales with one argon2id hash.
"""
import csv
import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path

from bench.exam_day import REFERENCE_HASH_MS, one_hash_ms

ROOT = Path(__file__).resolve().parents[1]
GOALS = {"hit_3": 0.80, "suggestion_ms": 50, "build_s": 10}
CITED = re.compile("《[^》]*》|第[一二三四五六七八九十百零]+条(?:之[一二三四五六七八九十])?|第[一二三四五六七八九十]+[款项]")


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"MINGFA_DATA": folder, "DJANGO_SETTINGS_MODULE": "mingfa.settings"}
        os.environ.pop("DATABASE_URL", None)
        import django
        from django.core.management import call_command

        django.setup()
        call_command("migrate", verbosity=0)
        call_command("import_laws", "package")
        if laws := os.environ.get("MINGFA_LAWS"):
            call_command("import_laws", laws)
        return measure()


def measure() -> int:
    from mingfa.library.citations import parse_citations
    from mingfa.library.models import Article
    from mingfa.library.suggesting import Part
    from mingfa.library.suggestions import article_index

    hash_ms = one_hash_ms()
    began = time.process_time()
    index = article_index()
    figures = {"articles": len(index), "build_s": round(time.process_time() - began, 1)}
    places = {pk: place for pk, *place in Article.objects.values_list("pk", "edition__law__short_title", "number", "sub")}
    hits, took, rows = {"stem": [0, 0], "whole": [0, 0]}, [], list(questions())
    for row in rows:
        true = [[ref.law_title, ref.article, ref.sub] for ref in parse_citations(f"《{row['依据法律']}》{row['依据条款']}")]
        options = {letter: row[f"选项{letter}"] for letter in "ABCDE"}
        stem = [Part(row["题干"]), *(Part(options[letter], 0.8) for letter in row["正确答案"] if options.get(letter))]
        whole = [*stem, Part(CITED.sub("", row["解析"]), 0.7), Part(row["知识点"], 0.6)]
        for name, parts in (("stem", stem), ("whole", whole)):
            began = time.process_time()
            found = [places[one.id] for one in index.suggest(parts)]
            took.append(1000 * (time.process_time() - began))
            hits[name][0] += any(place in true for place in found[:1])
            hits[name][1] += any(place in true for place in found)
    figures |= {"questions": len(rows), "suggestion_ms": round(sum(took) / len(took), 1), "worst_ms": round(max(took), 1)}
    figures |= {"hit_1_stem_and_key": share(hits["stem"][0], rows), "hit_3_stem_and_key": share(hits["stem"][1], rows)}
    figures |= {"hit_1": share(hits["whole"][0], rows), "hit_3": share(hits["whole"][1], rows)}
    print(f"\n{'figure':24}{'measured':>12}{'goal':>10}")
    for name, value in figures.items():
        print(f"{name:24}{value:>12}{GOALS.get(name, ''):>10}")
    slower = max(1, hash_ms / REFERENCE_HASH_MS)
    met = figures["hit_3"] >= GOALS["hit_3"] and figures["hit_3_stem_and_key"] >= GOALS["hit_3"]
    met &= all(figures[name] <= GOALS[name] * slower for name in ("suggestion_ms", "build_s"))
    print(json.dumps({
        "bench": "article_suggestions", "argon2id_ms": round(hash_ms, 1), "figures": figures, "goals": GOALS, "met": met,
    }))  # fmt: skip
    return 0 if met else 1


def questions():
    """The rows of all question files."""
    for path in sorted((ROOT / "fixtures" / "questions").glob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            yield from csv.DictReader(file)


def share(count: int, rows: list) -> float:
    return round(count / len(rows), 3)


if __name__ == "__main__":
    sys.exit(main())
