"""bench ledger: any total of a ledger of 10,000 lines and the lines behind it, with its bar of 150 ms.

    python3 run.py bench ledger [--quick] [--sqlite | --postgres]

Builds a ledger through the importer's own action on throw-away data (40 materials, 22 places), then asks for the pages in
one process: CPU is that of the process and of the database's process, statements are counted on its connection. The
reference of the same run is the plain design: every line read and added up in Python.
"""
import argparse
import json
import sys
import time
from datetime import date, timedelta

from bench.bank_listing import ticks_ms
from bench.exam_day import REFERENCE_HASH_MS, one_hash_ms
from bench.load.child import played

BAR_MS, TIMES = 150, 5


def child(lines: int) -> None:
    """Build, ask, print the figures as one line of JSON."""
    import django
    from mingfa import settings as ours

    # No page is shown to anybody, so no collected files are needed.
    ours.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from outreach.models import Line

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    keeper, material, town, import_ms = build(lines)
    client, server = Client(), None
    client.force_login(keeper)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
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

    def page(address):
        reply = client.get(f"/outreach/materials/{address}")
        if reply.status_code != 200:
            raise SystemExit(f"{address}: {reply.status_code}")

    def plain():
        found: dict = {}
        for one in Line.objects.select_related("movement__by", "batch__material", "place"):
            key = one.batch.material, one.account
            found[key] = found.get(key, 0) + one.quantity

    year = "?period=2026"
    asked = {"all totals": year, "one material": f"{material}/{year}", "totals of a township": f"{year}&place={town}"}
    for account in ("stock", "printed", "in", "out", "handed", "lost", "counted"):
        asked[f"lines behind {account}"] = f"lines/{account}/{year}"
    asked["lines, last page"] = f"lines/stock/{year}&page=9999"
    asked["lines of a material"] = f"lines/handed/{year}&material={material}"
    figures = {}
    for name, address in asked.items():
        figures[name] = {"cpu_ms": cost(lambda address=address: page(address))}
        with CaptureQueriesContext(connection) as found:
            page(address)
        figures[name]["statements"] = len(found)
    print(json.dumps({"lines": Line.objects.count(), "import_ms": import_ms, "plain_ms": cost(plain), "pages": figures}))


def build(lines: int):
    """A ledger of so many lines, half of them hand-outs at townships. Returns the keeper, a material, a township, CPU ms
    of writing 5,000 entries (or all, where there are fewer)."""
    from django.utils import timezone
    from mingfa.people import actions as people
    from mingfa.people.models import Role, User

    from outreach import actions
    from outreach.actions.posting import Entry, post
    from outreach.engine import ledger
    from outreach.engine.ledger import Kind

    now, boss = timezone.now(), User.objects.create_superuser("bench-ledger", name="管理")
    district = people.create_unit(name="嘉禾区", kind="district", parent=None, by=boss, now=now)
    towns = []
    for n in range(21):
        parent = type(district).objects.get(pk=district.pk)
        towns.append(people.create_unit(name=f"第{n}镇", kind="township", parent=parent, by=boss, now=now))
    keeper = people.create_person(name="罗知远", unit=district, category="civil", by=boss, now=now)
    people.grant_role(keeper, role=Role.OUTREACH, unit=district, by=boss, now=now)
    day, batches = date(2026, 1, 1), []
    for n in range(40):
        material = actions.create_material(name=f"资料{n:02}", category="leaflet", unit=district, by=keeper, now=now)
        words = {"quantity": 1_000_000, "day": day, "by": keeper, "now": now}
        batches.append(actions.receive_print(material, label="第 1 批", place=district, **words).lines.first().batch)
    entries = []
    for n in range(lines // 4):
        batch, town = batches[n % 40], towns[n % 21]
        sent = day + timedelta(days=n % 150)
        entries.append(Entry(Kind.TRANSFER, sent, ledger.transfer(batch.pk, district.pk, town.pk, 20)))
        if n % 2:
            entries.append(Entry(Kind.HAND_OUT, sent, ledger.hand_out(batch.pk, town.pk, 7), spot=f"点位{n}"))
    began = time.process_time()
    for start in range(0, len(entries), 200):
        post(entries[start : start + 200], by=keeper, now=now)
    spent = round(1000 * (time.process_time() - began))
    return keeper, batches[0].material_id, towns[0].pk, spent


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="2,000 lines")
    parser.add_argument("--lines", type=int)
    parser.add_argument("--sqlite", action="store_true")
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--child", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    lines = options.lines or (2_000 if options.quick else 10_000)
    if options.child:
        child(lines)
        return 0
    both, hash_ms = options.sqlite == options.postgres, one_hash_ms()
    bar = round(BAR_MS * max(1.0, hash_ms / REFERENCE_HASH_MS), 1)
    figures = {}
    for database in [name for name in ("sqlite", "postgres") if both or getattr(options, name)]:
        figures[database] = found = played(__file__, database, "--lines", str(lines))
        print(f"\n{database + ', ' + format(found['lines'], ',') + ' lines':34}{'CPU ms':>10}{'statements':>12}{'bar':>8}")
        for name, one in found["pages"].items():
            print(f"{name:34}{one['cpu_ms']:>10}{one['statements']:>12}{bar:>8}")
        print(f"{'reference: read all, add up':34}{found['plain_ms']:>10}")
    slowest = {database: max(one["cpu_ms"] for one in found["pages"].values()) for database, found in figures.items()}
    met = all(one <= bar for one in slowest.values())
    print(f"\none argon2id hash (19 MiB, t=2, p=1): {hash_ms:.1f} ms; bar {bar} ms")
    print(json.dumps({"bench": "ledger", "argon2id_ms": round(hash_ms, 1), "figures": figures, "slowest": slowest,
                      "goals": {"page_cpu_ms": bar}, "met": met}, ensure_ascii=False))  # fmt: skip
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
