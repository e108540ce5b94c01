"""bench bank_listing: the list of a bank of 50,000 questions, any page, filter and order, against the plain design.

    python3 run.py bench bank_listing [--quick] [--questions N] [--sqlite | --postgres]

Builds the bank on throw-away data with progress, then asks for pages in one process and counts its CPU and that of the
database's process. Reference, in the same run: pages by number over a counted list, words looked for with icontains,
topics and laws of the filter read anew for every page.
"""
import argparse
import json
import os
import sys
import time
from pathlib import Path

from bench.exam_day import REFERENCE_HASH_MS, one_hash_ms
from bench.load.child import played

BAR_MS = 300
TIMES = 5


def ticks_ms(pid: int) -> float:
    """CPU of a process so far, user + system."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return 1000 * (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def plain_page(bank, *, q="", law="", offset=0, order="-pk", **exact):
    """What the list was before: the reference."""
    from django.db.models import Exists, OuterRef
    from mingfa.bank.models import Citation, Question
    from mingfa.bank.queries import in_use

    listed = Question.objects.filter(bank=bank).exclude(status="staged")
    list(listed.exclude(topic="").order_by("topic").values_list("topic", flat=True).distinct())
    cited = Citation.objects.filter(version__in=listed.values("current")).order_by("law_title")
    list(cited.values_list("law_title", flat=True).distinct())
    found = in_use(bank).filter(**exact)
    if q:
        found = found.filter(current__stem__icontains=q) | found.filter(current__options__text__icontains=q)
        found = found.distinct()
    if law:
        found = found.filter(Exists(Citation.objects.filter(version=OuterRef("current"), law_title=law)))
    found.count()
    rows = found.select_related("current").prefetch_related("current__citations").order_by(order, "-pk")
    return list(rows[offset : offset + 30])


def child(count: int) -> None:
    """Build, ask, print the figures as one line of JSON."""
    import django
    from mingfa import settings as ours

    # No page is shown to anybody, so no collected files are needed.
    ours.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.http import QueryDict
    from django.test import Client
    from django.urls import reverse
    from mingfa.bank import listing
    from mingfa.bank.filters import ListFilter
    from mingfa.bank.models import Bank, QuestionTag
    from mingfa.people.models import User

    from bench.load.bank import LAWS, make

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    pk = make(count, lambda line: print(line, file=sys.stderr, flush=True))
    bank, client = Bank.objects.get(pk=pk), Client()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    client.force_login(User.objects.get(username="bench-setter"))
    address, server = reverse("bank:question_list", args=[pk]), None
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            (server,) = cursor.fetchone()

    def cpu():
        return 1000 * time.process_time() + (ticks_ms(server) if server else 0)

    def cost(ask):
        ask()
        began = cpu()
        for _ in range(TIMES):
            ask()
        return round((cpu() - began) / TIMES, 1)

    def page(**given):
        reply = client.get(address, given)
        if reply.status_code != 200:
            raise SystemExit(f"{given}: {reply.status_code} {reply.headers}")
        return reply

    deep = {"after": f"{count // 10}.{count // 10}"}
    tag = QuestionTag.objects.filter(bank=bank).first().pk
    law = LAWS[3]
    asked = {
        "first": ({}, {}), "deep": (deep, {"offset": count * 85 // 100}), "last": ({"before": "1.1"}, None),
        "words": ({"q": "行政复议受理"}, {"q": "受理"}), "common word": ({"q": "申请"}, {"q": "申请"}),
        "no hit": ({"q": "量子计算"}, {"q": "量子计算"}), "type": ({"type": "short"}, {"current__type": "short"}),
        "difficulty": ({"difficulty": "3"}, {"current__difficulty": 3}), "topic": ({"topic": "信访事项"}, {"topic": "信访事项"}),
        "law": ({"law": law}, {"law": law}), "not in force": ({"law_holds": "no"}, None), "tag": ({"tag": tag}, None),
        "share": ({"share": "hard"}, None), "never used": ({"used": "no"}, None), "changed": ({"changed": "older"}, None),
        "retired": ({"status": "retired"}, None), "by share": ({"sort": "share"}, {"order": "tally__share"}),
        "by share, deep": ({"sort": "share", "after": "700.1"}, {"order": "tally__share", "offset": count // 3}),
        "by use": ({"sort": "used"}, {"order": "-tally__used"}),
        "all at once": (
            {"q": "受理", "type": "single", "topic": "信访事项", "share": "low", "used": "yes", "law_holds": "no",
             "reserved": "no", "changed": "365", "sort": "used"}, None,
        ),
    }  # fmt: skip
    figures = {}
    for name, (given, plain) in asked.items():
        query = QueryDict(mutable=True)
        query.update(given)
        found = listing.narrowed(bank, ListFilter(query, bank=bank).narrowed).count()
        ours = cost(lambda given=given: page(**given))
        reference = None if plain is None else cost(lambda plain=plain: plain_page(bank, **plain))
        figures[name] = {"ours_ms": ours, "plain_ms": reference, "found": found}

    def anew():
        bank.edition += 1
        bank.save(update_fields=["edition"])
        page()

    figures["after a change"] = {"ours_ms": cost(anew), "plain_ms": None, "found": None}
    question = bank.questions.order_by("-pk")[count // 2]
    detail = reverse("bank:question", args=[question.pk])
    figures["one question"] = {
        "ours_ms": cost(lambda: client.get(detail, {"type": "single", "sort": "share"})), "plain_ms": None, "found": None,
    }  # fmt: skip
    print(json.dumps(figures, ensure_ascii=False))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="5,000 questions")
    parser.add_argument("--questions", type=int)
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    count = options.questions or (5_000 if options.quick else 50_000)
    if options.child:
        child(count)
        return 0
    both = options.sqlite == options.postgres
    databases = [name for name in ("sqlite", "postgres") if both or getattr(options, name)]
    hash_ms = one_hash_ms()
    bar = round(BAR_MS * max(1.0, hash_ms / REFERENCE_HASH_MS), 1)
    figures = {}
    for database in databases:
        print(f"{database}: building {count:,} questions", flush=True)
        found = played(__file__, database, "--questions", str(count))
        figures[database] = {name: one["ours_ms"] for name, one in found.items()}
        print(f"\n{database + ', CPU ms':24}{'plain':>10}{'ours':>10}{'bar':>8}{'found':>9}")
        for name, one in found.items():
            shown = ["" if one[key] is None else one[key] for key in ("plain_ms", "ours_ms", "found")]
            print(f"{name:24}{shown[0]:>10}{shown[1]:>10}{bar:>8}{shown[2]:>9}")
        print()
    slowest = {database: max(found.values()) for database, found in figures.items()}
    met = all(one <= bar for one in slowest.values())
    print(f"one argon2id hash (19 MiB, t=2, p=1): {hash_ms:.1f} ms; bar {bar} ms")
    print(json.dumps({"bench": "bank_listing", "argon2id_ms": round(hash_ms, 1), "questions": count, "figures": figures,
                      "slowest": slowest, "goals": {"page_cpu_ms": bar}, "met": met}, ensure_ascii=False))  # fmt: skip
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
