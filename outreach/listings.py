"""Lists of outreach as Excel, as the pages show them."""
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Count
from mingfa.indicators.figures import Figure
from mingfa.indicators.registry import Indicator
from mingfa.people.models import OrgUnit
from mingfa.periods import Period
from mingfa.spreadsheets import export_xlsx
from mingfa.wording import moment

from . import activities, campaigns, queries
from .legal_days import day_named
from .models import Activity, Line
from .publishing.listing import Written
from .wording import place_name

HELD = (
    "日期", "活动名称", "法定节点", "宣传计划", "主题", "主办单位", "地点", "联合单位", "活动形式", "工作人员", "受众人数",
    "人数怎样来的", "咨询人次", "接待群众", "受理法律援助", "意见建议", "横幅、展板等", "线上阅读、答题", "资料发放明细",
    "发放份数", "媒体报道", "照片", "状态", "经办人", "审核人",
)  # fmt: skip
CAMPAIGNS = ("计划", "单位", "起", "止", "计划场次", "办了", "计划外", "状态", "拟定")
FIGURES = ("数据", "数", "分子", "分母", "单位", "怎样算的")
LINES = ("日期", "品名", "批次", "地点", "数量", "事项", "说明", "经办")
PAGES = ("页面", "种类", "状态", "从", "正在公开")


def activities_xlsx(places: Iterable[OrgUnit], period: Period, *, now: datetime) -> tuple[bytes, int]:
    """The records of a period in the columns of a yearly list of activities, drafts left out, and how many there are."""
    found = activities.activities_of(places, period).exclude(state=Activity.State.DRAFT).annotate(shots=Count("photos"))
    found = found.order_by("held_on", "pk")
    handed = activities.handed_in(found)
    days = {key: day_named(key) for key in {one.legal_day for one in found}}
    table = [_held(one, days[one.legal_day], handed.get(one.pk, [])) for one in found]
    title, widths = f"宣传活动 {period.label}", (12, 32, 18, 24, 24, 18, 24, 18, 12, 18)
    return export_xlsx(HELD, table, sheet="宣传活动", title=title, of="宣传活动", now=now, widths=widths), len(table)


def _held(one: Activity, day, handed: list[tuple[str, str, int]]) -> tuple:
    return (
        one.held_on, one.name, day.name if day else "", one.campaign.name if one.campaign else "",
        one.campaign.theme if one.campaign else "", one.unit.name, one.spot, one.partners, one.get_form_display(), one.staff,
        one.audience, "逐人清点" if one.is_counted else "现场估计", one.consulted, one.received, one.aided, one.suggestions,
        one.displays, one.online, "；".join(f"{name} {copies} {measure}" for name, measure, copies in handed),
        sum(copies for _, measure, copies in handed if measure == "份"), one.media, one.shots,
        one.get_state_display(), one.by.name, one.decided_by.name if one.decided_by else "",
    )  # fmt: skip


def campaigns_xlsx(places: list[OrgUnit], *, now: datetime) -> tuple[bytes, int]:
    found = list(campaigns.campaigns_of(places))
    progress = campaigns.progress_of(found)
    rows = [
        (
            one.name, one.unit.name, one.starts_on, one.ends_on, progress[one.pk].planned, progress[one.pk].held,
            progress[one.pk].beside, one.get_state_display(), one.by.name,
        )
        for one in found
    ]  # fmt: skip
    return export_xlsx(CAMPAIGNS, rows, sheet="宣传计划", title="宣传计划", of="宣传计划", now=now, widths=(32, 22)), len(rows)


def figures_xlsx(
    rows: Iterable[tuple[Indicator, Figure, str]], unit: OrgUnit, period: Period, *, now: datetime
) -> bytes:
    """rows: as indicators.figures gives them. A rate stands in per cent with both its numbers; without data a dash."""
    table = [
        (
            one.caption, figure.text if figure.value is None else figure.value, figure.part, figure.whole,
            "%" if figure.is_rate else one.measure, "。".join(filter(None, (one.definition, one.formula))),
        )
        for one, figure, _ in rows
    ]  # fmt: skip
    title = f"{unit.name}宣传数据 {period.label}"
    return export_xlsx(FIGURES, table, sheet="宣传数据", title=title, of="宣传数据", now=now, widths=(24, 12, 10, 10, 8, 70))


def lines_xlsx(lines: Iterable[Line], *, word: str, period: Period, now: datetime) -> tuple[bytes, int]:
    """The lines behind a total of the ledger, as queries.lines_behind lists them.

    word: what is totalled, “发放”.
    """
    lines = list(lines)
    ends = queries.ends_of(lines)
    rows = []
    for one in lines:
        other = [place_name(place) for place in ends.get(one.movement_id, []) if place.pk != one.place_id]
        rows.append((
            one.movement.happened_on, one.batch.material.name, one.batch.label, "、".join([place_name(one.place), *other]),
            one.shown, one.movement.get_kind_display(),
            "，".join(filter(None, (one.movement.spot, one.movement.note))), one.movement.by.name,
        ))  # fmt: skip
    title = f"资料台账{word}明细 {period.label}"
    return export_xlsx(LINES, rows, sheet=f"{word}明细", title=title, of="资料台账明细", now=now, widths=(12, 28)), len(rows)


def pages_xlsx(rows: Iterable[Written], *, now: datetime) -> bytes:
    """rows: as publishing.listing.written gives them."""
    table = [
        (one.page.draft_title or one.page.title, one.kind, one.state, moment(one.since), "是" if one.public else "否")
        for one in rows
    ]
    return export_xlsx(PAGES, table, sheet="公开页面", title="公开页面", of="公开页面", now=now, widths=(48, 12, 14, 20))
