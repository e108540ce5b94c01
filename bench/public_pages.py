"""bench public_pages: a public page as a visitor gets it again and again, against building it each time.

    python3 run.py bench public_pages [--quick]

Publishes a page, a case and a campaign through the actions on throw-away data (SQLite), then asks for them in one
process through the whole stack of middlewares and counts its CPU. Reference, in the same run: the same pages with nothing
kept. The goal is 3 ms on the reference machine, where one argon2id hash costs 23 ms.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time

from bench.exam_day import REFERENCE_HASH_MS, ROOT, one_hash_ms

BAR_MS = 3.0
ADDRESSES = ("/public/", "/public/list/cases/", "/public/bench/", "/public/bench/?text=xlarge", "/robots.txt")


def measure(times: int) -> dict:
    """In a process of its own: settings are read once."""
    data = tempfile.mkdtemp(prefix="mingfa-bench-")
    env = {**os.environ, "MINGFA_DATA": data, "DJANGO_SETTINGS_MODULE": "mingfa.settings",
           "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}"}  # fmt: skip
    env.pop("DATABASE_URL", None)
    try:
        command = [sys.executable, __file__, "--child", str(times)]
        done = subprocess.run(command, env=env, stdout=subprocess.PIPE, text=True, check=True)
        return json.loads(done.stdout.splitlines()[-1])
    finally:
        shutil.rmtree(data, ignore_errors=True)


def publish() -> None:
    """A case with text and an article, signed by three people."""
    from datetime import timedelta

    from django.utils import timezone
    from mingfa.library.models import Article, Edition, Law
    from mingfa.people.models import OrgUnit, Role, RoleGrant, User
    from mingfa.review import actions as reviewing

    from outreach.actions import cases, publishing
    from outreach.models import CasePage
    from outreach.publishing.checks import CHECKLIST

    now = timezone.now() - timedelta(days=1)
    unit = OrgUnit.add_root(name="嘉禾区", kind="district")
    law = Law.objects.create(title="石凳办法", short_title="石凳办法", slug="shi-deng-ban-fa")
    edition = Edition.objects.create(law=law, slug="2021-01-01", in_force_from="2021-01-01", digest="0" * 64)
    Article.objects.create(edition=edition, order=1, number=2, label="第二条", text="弄坏石凳的，应当修好。")
    people = []
    for role in (Role.OUTREACH, Role.REVIEWER_1, Role.REVIEWER_2, Role.REVIEWER_3):
        person = User.objects.create(username=f"bench-{role}", name=role)
        RoleGrant.objects.create(user=person, role=role, unit=unit)
        people.append(person)
    writer, *reviewers = people
    text = "<h2>案情</h2>" + "<p>某村张某坐坏了石凳，《石凳办法》第二条说要修好。</p>" * 20
    page = publishing.create_page(
        CasePage, unit=unit, by=writer, now=now, title="坐坏了石凳", slug="bench", summary="要修好。",
        body=[("text", text), ("law", {"law": "石凳办法", "article": "第二条"})],
    )  # fmt: skip
    cases.check_case(page.pk, ticked=range(len(CHECKLIST)), by=writer, now=now)
    review = publishing.submit_page(page.pk, by=writer, now=now)
    for one in reviewers:
        reviewing.sign_review(review.pk, by=one, now=now, text_hash=review.text_hash, secrecy=True)


def child(times: int) -> None:
    import django
    from mingfa import settings as ours

    ours.STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    django.setup()
    from django.conf import settings
    from django.core.cache import cache
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    settings.ALLOWED_HOSTS = ["*"]
    call_command("migrate", verbosity=0)
    publish()
    client, rows = Client(), {}

    def cost(address: str, count: int, anew: bool) -> float:
        assert client.get(address).status_code == 200, address
        began = time.process_time()
        for _ in range(count):
            if anew:
                cache.clear()
            client.get(address)
        return 1000 * (time.process_time() - began) / count

    for address in ADDRESSES:
        kept = cost(address, times, anew=False)
        made = []

        def count(execute, sql, params, many, context, made=made):
            made.append(sql)
            return execute(sql, params, many, context)

        with connection.execute_wrapper(count):
            client.get(address)
        built = cost(address, max(times // 20, 5), anew=True)
        rows[address] = {"kept_ms": round(kept, 2), "statements": len(made), "built_ms": round(built, 1)}
    print(json.dumps(rows))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--child", type=int)
    options = parser.parse_args()
    if options.child:
        child(options.child)
        return
    hash_ms = one_hash_ms()
    bar = round(BAR_MS * max(hash_ms / REFERENCE_HASH_MS, 1), 2)
    rows = measure(200 if options.quick else 1000)
    print(f"one argon2id hash {hash_ms:.1f} ms; bar {bar} ms of CPU a page")
    print(f"{'page':<30}{'kept ms':>9}{'statements':>12}{'built ms':>10}{'ratio':>7}")
    for address, one in rows.items():
        ratio = one["built_ms"] / one["kept_ms"]
        print(f"{address:<30}{one['kept_ms']:>9}{one['statements']:>12}{one['built_ms']:>10}{ratio:>7.1f}")
    met = all(one["kept_ms"] <= bar for one in rows.values())
    print(json.dumps({"bench": "public_pages", "figures": rows, "goals": {"kept_ms": bar}, "met": met}))


if __name__ == "__main__":
    main()
