"""指标目录: every figure there is, how it is counted, from where, towards what; on a page and as Excel."""
from dataclasses import dataclass

from django.apps import apps
from django.contrib.auth.decorators import login_required
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from mingfa.downloads import excel
from mingfa.people.access import require
from mingfa.people.models import Role
from mingfa.spreadsheets import export_xlsx

from .registry import Indicator, boards, indicators

# Who may look up how a figure is defined: whoever reads or answers for figures.
READERS = (Role.LIAISON, Role.LEADER, Role.TRAINER, Role.SETTER, Role.OUTREACH)
HEADER = ("编码", "名称", "公式", "口径", "单位", "目标", "期间", "负责", "来源")
WIDTHS = (26, 18, 22, 60, 8, 8, 10, 12, 10)
ENTERED_BY, ANY_PERIOD, BY_YEAR = "单位联络员", "年、季、月", "年"


@dataclass(frozen=True)
class Entry:
    """One figure as the catalogue tells it, every field in words."""

    indicator: Indicator
    measure: str
    target: str
    period: str
    owner: str
    source: str

    @property
    def row(self) -> tuple:
        one = self.indicator
        return (
            one.code, one.caption, one.formula, one.definition, self.measure, self.target, self.period, self.owner, self.source,
        )  # fmt: skip


def entries() -> list[Entry]:
    """Counted by the system first, then what is typed in; each in the order it was registered."""
    towards_all = {one.code for board in boards() for one in board.cards}
    return [_entry(one, one.code in towards_all) for one in sorted(indicators(), key=lambda one: one.entered)]


def _entry(one: Indicator, towards_all: bool) -> Entry:
    is_rate = one.entered_rate or not one.measure
    return Entry(
        one, "%" if is_rate else one.measure, "100%" if towards_all else "", BY_YEAR if one.entered else ANY_PERIOD,
        ENTERED_BY if one.entered else _owner(one), "填报" if one.entered else "系统生成",
    )  # fmt: skip


def _owner(one: Indicator) -> str:
    """The part of the product that counts it."""
    config = apps.get_containing_app_config(one.compute.__module__)
    return config.verbose_name if config else ""


@login_required
@require_safe
def catalogue(request):
    """For everybody who reads or answers for figures."""
    require(request.user, *READERS)
    return render(request, "indicators/catalogue.html", {"entries": entries()})


@login_required
@require_safe
def catalogue_excel(request):
    """The same as a file. It holds no data of anybody, so no line in the log."""
    require(request.user, *READERS)
    rows, name = [one.row for one in entries()], "指标目录"
    return excel(export_xlsx(HEADER, rows, sheet=name, title=name, of=name, now=timezone.now(), widths=WIDTHS), f"{name}.xlsx")
