"""Every write to a report: start, edit, submit, freeze, restate."""
from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from django.db import transaction
from wagtail.log_actions import log

from mingfa.indicators.actions import freeze_figures
from mingfa.people.models import OrgUnit
from mingfa.review import actions as reviewing
from mingfa.review.models import Review

from . import engine
from .models import Override, Report, ReportText
from .queries import (
    MODEL,
    Compiled,
    digest_of_report,
    imprint_of,
    last_text,
    last_year,
    overrides_of,
    review_of,
    text_hash,
)

TEMPLATE = Path(__file__).parent / "data/template.txt"


class ReportRefusal(Exception):
    """Something that a report does not allow now. Nothing was changed."""


class Exists(ReportRefusal):
    """The unit has a report of this year. `report`: it."""

    def __init__(self, report: Report):
        super().__init__(report.pk)
        self.report = report


class Frozen(ReportRefusal):
    """A frozen report does not change; it can be restated."""


class NotFrozen(ReportRefusal):
    """Only a frozen report that nothing replaces can be restated."""


class EditedMeanwhile(ReportRefusal):
    """Somebody saved another wording meanwhile. `text`: it."""

    def __init__(self, text: ReportText):
        super().__init__(text.number)
        self.text = text


class NotReady(ReportRefusal):
    """`findings`: what is wrong with the text."""

    def __init__(self, findings: list[engine.Finding]):
        super().__init__(len(findings))
        self.findings = findings


class NotReviewed(ReportRefusal):
    """This wording has not passed 三审三校."""


@transaction.atomic
def start_report(unit: OrgUnit, year: int, *, by, now: datetime) -> Report:
    """A draft from last year's frozen text, or from the office's template. Raises Exists."""
    OrgUnit.objects.select_for_update().get(pk=unit.pk)
    if (old := Report.objects.filter(unit=unit, year=year).last()) is not None:
        raise Exists(old)
    report = Report(
        unit=unit, year=year, title=f"{unit.name}\n关于{year}年法治建设情况的报告", signer=unit.name,
        created_by=by, created_at=now,
    )  # fmt: skip
    before = last_year(report)
    if before:
        report.addressee, report.copies_to, report.printed_by = before.addressee, before.copies_to, before.printed_by
        report.stamped = before.stamped
    report.save()
    body = _next_year(last_text(before).body, year) if before else TEMPLATE.read_text("utf-8").replace("YYYY", str(year))
    _add_text(report, body, {}, number=1, by=by, now=now)
    log(report, "reports.start", user=by, timestamp=now, data={"year": year, "from": before.pk if before else None})
    return report


def _next_year(body: str, year: int) -> str:
    """Last year's prose with the years moved on; typed-in numbers are cleared so that nobody forgets them."""
    body = body.replace(f"{year}年", f"{year + 1}年").replace(f"{year - 1}年", f"{year}年")
    pieces = engine.typed_in(engine.parse(body))
    for one in pieces:
        body = body.replace(f"{{数 {one.text}|{one.source}}}", f"（上年：{one.text}，请重新填）")
    return body


@transaction.atomic
def save_text(
    report_id: int, *, title: str, signer: str, body: str, overrides: Mapping[str, tuple[str, str]], seen: int, by,
    now: datetime, addressee: str = "",
) -> ReportText:  # fmt: skip
    """Another wording. In review it goes back to 一审 and nothing signed counts.

    Args:
        overrides: code → (words, reason) for every figure that is typed over.
        seen: the number of the wording that the person edited.

    Raises:
        Frozen, EditedMeanwhile, engine.BadText.
    """
    report = _draft(report_id)
    old = last_text(report)
    if old.number != seen:
        raise EditedMeanwhile(old)
    engine.parse(body)
    if old.text_hash == text_hash(title, signer, body, overrides, addressee):
        return old
    report.title, report.signer, report.addressee = title, signer, addressee
    report.save(update_fields=["title", "signer", "addressee"])
    text = _add_text(report, body, overrides, number=old.number + 1, by=by, now=now)
    again = reviewing.Submission(text.pk, text.text_hash, frozenset({by.pk} if by else ()))
    reviewing.replace_text(MODEL, old.pk, again, by=by, now=now)
    log(report, "reports.edit", user=by, timestamp=now, data={"number": text.number, "hash": text.text_hash,
        "overrides": {code: list(told) for code, told in overrides.items()}})  # fmt: skip
    return text


@transaction.atomic
def set_imprint(
    report_id: int, *, number: str, copies_to: str, printed_by: str, printed_on: date | None, stamped: bool, by,
    now: datetime,
) -> Report:  # fmt: skip
    """发文字号, 版记 and whether a seal is put on a draft. A number is given when the text has been signed, so
    signatures stay; freezing binds it.

    Raises Frozen.
    """
    report = _draft(report_id)
    before = imprint_of(report)
    report.number, report.copies_to, report.printed_by, report.printed_on = number, copies_to, printed_by, printed_on
    report.stamped = stamped
    if imprint_of(report) != before:
        report.save(update_fields=["number", "copies_to", "printed_by", "printed_on", "stamped"])
        log(report, "reports.imprint", user=by, timestamp=now, data={"before": before, "after": imprint_of(report)})
    return report


@transaction.atomic
def submit_report(report_id: int, *, by, now: datetime) -> Review:
    """送审 of the wording that stands. Raises Frozen, NotReady; InReview when it waits or has passed."""
    report = _draft(report_id)
    compiled = Compiled(report)
    if compiled.findings:
        raise NotReady(compiled.findings)
    authors = frozenset(report.texts.values_list("created_by", flat=True))
    text = reviewing.Submission(compiled.text.pk, compiled.text.text_hash, authors)
    return reviewing.submit_texts(MODEL, [text], unit=report.unit, about=report, by=by, now=now)[0]


@transaction.atomic
def freeze_report(report_id: int, *, by, now: datetime) -> Report:
    """Keep text and figures for good. Raises Frozen, NotReviewed, NotReady (figures may have emptied since the review)."""
    report = _draft(report_id)
    compiled = Compiled(report)
    review = review_of(compiled.text)
    if review is None or review.state != Review.State.PASSED:
        raise NotReviewed
    if compiled.findings:
        raise NotReady(compiled.findings)
    replaced = report.replaces.snapshot if report.replaces_id else None
    report.snapshot = freeze_figures(
        report.unit, compiled.period, compiled.codes, by=by, now=now, replaces=replaced, reason=report.reason
    )
    report.state, report.frozen_at, report.frozen_by = Report.State.FROZEN, now, by
    report.digest = digest_of_report(compiled.text.text_hash, report.snapshot.digest, imprint_of(report))
    report.save()
    log(report, "reports.freeze", user=by, timestamp=now, data={"digest": report.digest, "snapshot": report.snapshot_id})
    return report


@transaction.atomic
def restate_report(report_id: int, *, reason: str, by, now: datetime) -> Report:
    """Another draft that will replace a frozen report; the frozen one stays. Raises NotFrozen, Exists."""
    old = Report.objects.select_for_update().select_related("unit").get(pk=report_id)
    if not old.frozen or hasattr(old, "replaced_by"):
        raise NotFrozen
    text = last_text(old)
    report = Report.objects.create(
        unit=old.unit, year=old.year, title=old.title, signer=old.signer, addressee=old.addressee, created_by=by,
        created_at=now, replaces=old, reason=reason.strip(), copies_to=old.copies_to, printed_by=old.printed_by,
        stamped=old.stamped,
    )  # fmt: skip
    _add_text(report, text.body, overrides_of(text), number=1, by=by, now=now)
    log(report, "reports.restate", user=by, timestamp=now, data={"replaces": old.pk, "reason": reason})
    return report


def _draft(report_id: int) -> Report:
    report = Report.objects.select_for_update(of=("self",)).select_related("unit").get(pk=report_id)
    if report.frozen:
        raise Frozen
    return report


def _add_text(report: Report, body: str, overrides, *, number: int, by, now: datetime) -> ReportText:
    text = ReportText.objects.create(
        report=report, number=number, body=body, created_by=by, created_at=now,
        text_hash=text_hash(report.title, report.signer, body, overrides, report.addressee),
    )  # fmt: skip
    Override.objects.bulk_create(
        Override(text=text, code=code, words=words, reason=reason, by=by, at=now)
        for code, (words, reason) in overrides.items()
    )
    return text
