"""A report with its figures: live while it is a draft, out of its snapshot once frozen."""
import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from mingfa.bank.heads import FEWEST
from mingfa.indicators import queries as counted
from mingfa.indicators.figures import Figure
from mingfa.indicators.models import EnteredFigure
from mingfa.indicators.registry import Indicator, indicator
from mingfa.people.access import holds, units_visible_to
from mingfa.people.models import OrgUnit, Role
from mingfa.periods import Year
from mingfa.review.models import OPEN, Review
from mingfa.review.queries import STEP_ROLES, reviews_of

from . import engine
from .models import Report, ReportText

MODEL = "reports.reporttext"
WRITERS = (Role.LIAISON,)
READERS = (Role.LIAISON, Role.LEADER, *STEP_ROLES)


def visible_reports(user):
    """Reports of the units that this person drafts, leads or reviews for."""
    return Report.objects.filter(unit__in=units_visible_to(user, *READERS)).select_related("unit", "created_by", "frozen_by")


def text_hash(title: str, signer: str, body: str, overrides: Mapping[str, tuple[str, str]], addressee: str = "") -> str:
    """SHA-256 over everything a signature is given for. `overrides`: code → (words, reason)."""
    facts = [title, signer, body, sorted([code, *told] for code, told in overrides.items())]
    if addressee:
        facts.append(addressee)
    return hashlib.sha256(json.dumps(facts, ensure_ascii=False, separators=(",", ":")).encode()).hexdigest()


def digest_of_report(told: str, figures: str, imprint: Sequence[str]) -> str:
    """SHA-256 over the hash of the text, the digest of the figures and what `imprint_of` says, if anything: what stands on a
    frozen report."""
    facts = [told, figures, *([list(imprint)] if any(imprint) else [])]
    return hashlib.sha256(json.dumps(facts).encode()).hexdigest()


def imprint_of(report: Report) -> list[str]:
    """发文字号 and 版记: number, copies, office, day (ISO), empty where left out; and 加盖印章 where room is left for a seal."""
    day = report.printed_on.isoformat() if report.printed_on else ""
    return [report.number, report.copies_to, report.printed_by, day, *(["加盖印章"] if report.stamped else [])]


def overrides_of(text: ReportText) -> dict[str, tuple[str, str]]:
    """Code → (words, reason) of what was typed over in this wording."""
    return {row.code: (row.words, row.reason) for row in text.overrides.all()}


def last_text(report: Report) -> ReportText:
    """The wording that stands."""
    return report.texts.order_by("-number").first()


def last_year(report: Report) -> Report | None:
    """The frozen report of the year before, the latest restatement of it."""
    return Report.objects.filter(
        unit=report.unit_id, year=report.year - 1, state=Report.State.FROZEN, replaced_by=None
    ).first()


def review_of(text: ReportText) -> Review | None:
    """The latest review of this wording."""
    return reviews_of(MODEL, [text.pk]).last()


@dataclass(frozen=True)
class SlotLine:
    """One figure of the report as its right-hand column and the annex show it."""

    code: str
    indicator: Indicator | None
    figure: Figure | None
    words: str
    reason: str
    before: Figure | None
    entered: EnteredFigure | None = None

    @property
    def caption(self) -> str:
        return self.indicator.caption if self.indicator else self.code

    @property
    def source(self) -> str:
        if self.words:
            return "改写"
        return "填报" if self.indicator and self.indicator.entered else "系统生成"

    @property
    def fell(self) -> bool:
        """Whether a rate is below last year's."""
        rates = self.figure is not None and self.before is not None and self.figure.is_rate and self.before.is_rate
        return rates and None not in (self.figure.value, self.before.value) and self.figure.value < self.before.value

    @property
    def is_empty(self) -> bool:
        return not self.words and (self.figure is None or self.figure.value is None)

    @property
    def change(self) -> str:
        """The difference to last year: +3.1 个百分点, −12; empty where either is missing."""
        if self.figure is None or self.before is None or None in (self.figure.value, self.before.value):
            return ""
        difference = self.figure.value - self.before.value
        sign = "+" if difference > 0 else "−" if difference < 0 else "±"
        return f"{sign}{abs(difference).normalize() + 0:,f}{' 个百分点' if self.figure.is_rate else ''}"


class Compiled:
    """A report put together: its text, figures, written paragraphs and findings. Figures are asked for once."""

    def __init__(self, report: Report, text: ReportText | None = None):
        self.report, self.text = report, text or last_text(report)
        self.period = Year(report.year)
        self.paragraphs = engine.parse(self.text.body)
        self.codes = engine.codes_in(self.paragraphs)
        self.typed = engine.typed_in(self.paragraphs)
        rows = list(self.text.overrides.all())
        self.reasons = {row.code: row.reason for row in rows}
        self.overrides = {row.code: row.words for row in rows}

    @cached_property
    def figures(self) -> dict[str, Figure]:
        if self.report.frozen:
            return counted.frozen_figures(self.report.snapshot)
        return counted.figures_of(self.report.unit, self.period, self.codes)

    @cached_property
    def written(self) -> list[engine.Written]:
        return engine.write(self.paragraphs, self.figures, self.overrides)

    @cached_property
    def findings(self) -> list[engine.Finding]:
        known = set(self.figures) if self.report.frozen else counted.codes()
        return engine.findings(self.paragraphs, known=known, figures=self.figures, overrides=self.overrides)

    @cached_property
    def before(self) -> Report | None:
        """Last year's frozen report."""
        return last_year(self.report)

    @cached_property
    def _entered(self) -> dict[str, EnteredFigure]:
        """Code → what was typed in for a figure and stands, checked or not."""
        rows = counted.entered_lines(self.report.unit, self.period)
        return {line.indicator.code: line.row for line in rows if line.row is not None}

    @cached_property
    def lines(self) -> list[SlotLine]:
        earlier = counted.frozen_figures(self.before.snapshot) if self.before else {}
        known = counted.codes()
        entered = {} if self.report.frozen else self._entered
        return [
            SlotLine(
                code, indicator(code) if code in known else None, self.figures.get(code),
                self.overrides.get(code, ""), self.reasons.get(code, ""), earlier.get(code), entered.get(code),
            )
            for code in self.codes
        ]  # fmt: skip

    @cached_property
    def withheld(self) -> list[str]:
        """Codes of rates over fewer than ten people, which nobody outside is told: it would be clear who is meant."""
        return [code for code, figure in self.figures.items() if _is_of_few(code, figure)]

    @cached_property
    def public(self) -> list[engine.Written]:
        """The paragraphs as the public may read them: what is withheld has no figure, whatever was typed over it, and makes
        no condition true."""
        figures = {code: Figure(None) if code in self.withheld else one for code, one in self.figures.items()}
        overrides = {code: words for code, words in self.overrides.items() if code not in self.withheld}
        return engine.write(self.paragraphs, figures, overrides)

    def differences(self) -> list[counted.Difference]:
        """What today's rows say otherwise than the frozen report."""
        return counted.differences(self.report.snapshot, self.period) if self.report.frozen else []


@dataclass(frozen=True)
class May:
    """What a person can do with a report now."""

    write: bool
    submit: bool
    freeze: bool
    restate: bool


def may(user, compiled: Compiled, review: Review | None) -> May:
    """`review`: the latest one of the wording that stands."""
    report = compiled.report
    own = holds(user, *WRITERS, unit=report.unit)
    write, state = own and not report.frozen, review and review.state
    waits = state in (*OPEN, Review.State.PASSED)
    return May(
        write,
        submit=write and not waits and not compiled.findings,
        freeze=write and state == Review.State.PASSED,
        restate=own and report.frozen and not hasattr(report, "replaced_by"),
    )


def _is_of_few(code: str, figure: Figure) -> bool:
    """Of an indicator that is no more, a rate may have been of people; an average that does not know of how many is of few."""
    of_people = indicator(code).of_people if code in counted.codes() else figure.is_rate
    if not of_people or figure.value is None:
        return False
    return figure.whole < FEWEST if figure.is_rate else (figure.heads or 0) < FEWEST


def due_reports(paths: list[str], year: int) -> list[tuple[str, str, Report | None]]:
    """(path, name, draft) of those units whose report of the year is not frozen. Two queries."""
    units = list(OrgUnit.objects.filter(path__in=paths))
    reports = {one.unit_id: one for one in Report.objects.filter(unit__in=units, year=year).order_by("pk")}
    found = [(unit.path, unit.name, reports.get(unit.pk)) for unit in units]
    return [(path, name, report) for path, name, report in found if report is None or not report.frozen]
