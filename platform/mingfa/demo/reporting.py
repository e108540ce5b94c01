"""The demo's yearly report: figures typed in and checked, one that waits, and a draft from the office's template."""
from datetime import datetime

from django.utils import timezone

from mingfa.indicators import actions as entering
from mingfa.people.models import OrgUnit, User
from mingfa.periods import Year
from mingfa.reports import actions
from mingfa.reports.queries import last_text

from . import sources


def load_report(units: dict[str, OrgUnit], accounts: dict[str, User], *, by: User, now: datetime) -> None:
    """For the whole district and this year; `by` checks what the liaison typed in."""
    document, unit, writer = sources.document("report.yaml"), units["嘉禾区"], accounts["demo-report"]
    year = Year(timezone.localdate(now).year)
    for code, told in document["figures"].items():
        part, whole = told if isinstance(told, list) else (told, None)
        row = entering.enter_figure(
            unit, code, year, part=part, whole=whole, source=document["source"], by=writer, now=now
        )
        if code != document["waiting"]:
            entering.check_figure(row.pk, by=by, now=now)
    report = actions.start_report(unit, year.year, by=writer, now=now)
    text, signer = last_text(report), document["signer"]
    title = f"{signer}\n关于{year.year}年法治建设情况的报告"
    actions.save_text(
        report.pk, title=title, addressee=document["addressee"], signer=signer, body=text.body, overrides={}, seen=text.number,
        by=writer, now=now,
    )  # fmt: skip
