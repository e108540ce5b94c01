"""Lists of outreach as rows for Excel, as the pages show them: each a header, and a function that makes its rows."""
from collections.abc import Iterable

from django.db.models import Count
from django.utils import timezone
from mingfa.bank.heads import FEWEST, OTHERS
from mingfa.indicators.figures import Figure
from mingfa.indicators.registry import Indicator
from mingfa.people.models import OrgUnit
from mingfa.periods import Period

from . import activities, campaigns, effects, queries
from .engine.calendar import Span
from .legal_days import LegalDay, day_named
from .models import Activity, Campaign, Code, Line, ListedWord, Release
from .publishing import listing
from .wording import place_name

HELD = (
    "日期", "活动名称", "法定节点", "宣传计划", "主题", "主办单位", "地点", "联合单位", "活动形式", "工作人员", "受众人数",
    "人数怎样来的", "咨询人次", "接待群众", "受理法律援助", "意见建议", "横幅、展板等", "线上阅读、答题", "资料发放明细",
    "发放份数", "媒体报道", "照片", "状态", "经办人", "审核人",
)  # fmt: skip
CAMPAIGNS = ("计划", "单位", "起", "止", "计划场次", "办了", "计划外", "状态", "拟定")
STOPS = ("日期", "单位", "地点", "形式", "人员", "办了没有", "办的日期", "活动")
ALLOTTED = ("品名", "计划", "已发", "单位")
FIGURES = ("数据", "数", "分子", "分母", "单位", "怎样算的")
TOTALS = ("品名", "类别", "涉及法律", "规格", "上期结存", "入库", "调入", "调出", "发放", "损耗", "盘点", "结存", "单位")
STOCKS = ("地方", "上期结存", "入库", "调入", "调出", "发放", "损耗", "盘点", "结存", "单位")
LINES = ("日期", "品名", "批次", "地点", "数量", "事项", "说明", "经办")
HISTORY = ("日期", "事项", "批次", "地点", "数量", "该处结存", "说明", "经办", "冲正")
PAGES = ("页面", "种类", "状态", "从", "正在公开")
PUBLISHED = ("页面", "种类", "单位", "一审、二审、三审", "发布", "撤下", "撤下原因")
WORDS = ("词或人名", "应当是，或职务", "种类", "单位")
DAYS = ("节点", "起", "止", "要做的", "依据", "哪个单位加的", "有记录的镇街", "镇街")
CODES = ("扫码答题", "地方", "印在、贴在哪里", "何时扫", "建立日期", "答题人次", "答完人次", "状态")
EFFECTS = ("误区", "地方", "何时答", "选错人次", "答题人次", "占比（%）")


def activity_rows(places: Iterable[OrgUnit], period: Period) -> list[tuple]:
    """The records of a period in the columns of a yearly list of activities, drafts left out."""
    found = activities.activities_of(places, period).exclude(state=Activity.State.DRAFT).annotate(shots=Count("photos"))
    found = found.order_by("held_on", "pk")
    handed = activities.handed_in(found)
    days = {key: day_named(key) for key in {one.legal_day for one in found}}
    return [_held(one, days[one.legal_day], handed.get(one.pk, [])) for one in found]


def _held(one: Activity, day, handed: list[tuple[str, str, int]]) -> tuple:
    return (
        one.held_on, one.name, day.name if day else "", one.campaign.name if one.campaign else "",
        one.campaign.theme if one.campaign else "", one.unit.name, one.spot, one.partners, one.get_form_display(), one.staff,
        one.audience, "逐人清点" if one.is_counted else "现场估计", one.consulted, one.received, one.aided, one.suggestions,
        one.displays, one.online, "；".join(f"{name} {copies} {measure}" for name, measure, copies in handed),
        sum(copies for _, measure, copies in handed if measure == "份"), one.media, one.shots,
        one.get_state_display(), one.by.name, one.decided_by.name if one.decided_by else "",
    )  # fmt: skip


def campaign_rows(places: list[OrgUnit]) -> list[tuple]:
    found = list(campaigns.campaigns_of(places))
    progress = campaigns.progress_of(found)
    return [
        (
            one.name, one.unit.name, one.starts_on, one.ends_on, progress[one.pk].planned, progress[one.pk].held,
            progress[one.pk].beside, one.get_state_display(), one.by.name,
        )
        for one in found
    ]  # fmt: skip


def stop_rows(campaign: Campaign) -> list[tuple]:
    """The planned stops, then what was held without having been planned."""
    rows = []
    for one in campaigns.stops_of(campaign):
        held, activity = campaigns.is_held(one), getattr(one, "activity", None)
        rows.append((
            one.planned_on, one.unit.name, one.spot or "地点待定", Activity.Form(one.form).label, one.staff,
            "办了" if held else "还没有" if activity else "计划中", activity.held_on if held else None,
            activity.name if activity else "",
        ))  # fmt: skip
    beside = campaigns.activities_beside(campaign)
    return rows + [
        (None, one.unit.name, one.spot, one.get_form_display(), one.staff, "计划外", one.held_on, one.name) for one in beside
    ]


def allotted_rows(campaign: Campaign) -> list[tuple]:
    handed = campaigns.handed_of_plan(campaign)
    return [(one.material.name, one.planned, one.handed, one.material.measure) for one in handed]


def figure_rows(rows: Iterable[tuple[Indicator, Figure, str]]) -> list[tuple]:
    """rows: as indicators.figures gives them. A rate stands in per cent with both its numbers; without data a dash."""
    return [
        (
            one.caption, figure.text if figure.value is None else figure.value, figure.part, figure.whole,
            "%" if figure.is_rate else one.measure, "。".join(filter(None, (one.definition, one.formula))),
        )
        for one, figure, _ in rows
    ]  # fmt: skip


def _sums(one: queries.Totals) -> tuple:
    return (one.opening, one.printed, one.brought, one.sent, one.handed, one.lost, one.counted, one.stock)


def total_rows(places: Iterable[OrgUnit], period: Period) -> list[tuple]:
    """A row for each material."""
    return [
        (one.name, one.get_category_display(), one.law.title if one.law else "", one.size, *_sums(row.totals), one.measure)
        for row in queries.totals_by_material(places, period) for one in (row.subject,)
    ]  # fmt: skip


def stock_rows(rows: Iterable[queries.Row], measure: str) -> list[tuple]:
    """One material by place, as queries.totals_by_place gives it, the sum last."""
    rows = list(rows)
    named = [(place_name(row.subject), row.totals) for row in rows]
    return [(name, *_sums(totals), measure) for name, totals in (*named, ("合计", queries.sum_of(rows)))] if rows else []


def line_rows(lines: Iterable[Line]) -> list[tuple]:
    """The lines behind a total of the ledger, as queries.lines_behind lists them."""
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
    return rows


def history_rows(lines: Iterable[Line]) -> list[tuple]:
    """What came and went of one material, as queries.history lists it."""
    lines = list(lines)
    ends = queries.ends_of(lines)
    rows = []
    for one in lines:
        entry, here = one.movement, place_name(one.place)
        other = [place_name(place) for place in ends.get(one.movement_id, []) if place.pk != one.place_id]
        way = [here, *other] if one.quantity < 0 else [*other, here]
        undone = f"冲 {entry.reverses.happened_on} 的{entry.reverses.get_kind_display()}" if entry.reverses else ""
        rows.append((
            entry.happened_on, entry.get_kind_display(), one.batch.label, " → ".join(way), one.quantity, one.running,
            "，".join(filter(None, (entry.spot, entry.note))), entry.by.name,
            "已冲正" if getattr(entry, "reversed_by", None) else undone,
        ))  # fmt: skip
    return rows


def page_rows(rows: Iterable[listing.Written]) -> list[tuple]:
    """rows: as publishing.listing.written gives them."""
    return [
        (one.page.draft_title or one.page.title, one.kind, one.state, one.since, "是" if one.public else "否") for one in rows
    ]


def published_rows(releases: Iterable[Release]) -> list[tuple]:
    """releases: as publishing.listing.published_in lists them. With who signed, in order."""
    releases = list(releases)
    reviews = listing.reviews_behind(releases)
    return [
        (
            one.text.title, listing.KIND_LABELS.get(one.text.kind, ""), one.text.unit.name, _signed(reviews.get(one.pk)),
            one.at, one.ended_at, one.reason if one.ended_at else "",
        )
        for one in releases
    ]  # fmt: skip


def _signed(review) -> str:
    return "、".join(step.person.name for step in review.steps.all() if step.act == "sign") if review else ""


def word_rows(words: Iterable[ListedWord]) -> list[tuple]:
    return [(one.word, one.right, one.get_kind_display(), one.unit.name) for one in words]


def day_rows(rows: Iterable[tuple[LegalDay, Span, int]], towns: int) -> list[tuple]:
    """rows: each day of the year with its span and how many of the `towns` townships have held something."""
    return [
        (
            one.name, span.starts_on, span.ends_on, one.tasks, one.basis, one.local.unit.name if one.local else "", held, towns,
        )
        for one, span, held in rows
    ]  # fmt: skip


def coverage_rows(rows: Iterable[activities.Coverage]) -> list[tuple]:
    """The matrix of places and months as shown."""
    return [(one.unit.name + ("本级" if one.alone else ""), *one.months, one.total, one.copies) for one in rows]


def coverage_header(period: Period) -> tuple[str, ...]:
    return ("地方", *(f"{one.month} 月" for one in activities.months_of(period)), "活动场次", "发放份数")


def code_rows(codes: Iterable[Code]) -> list[tuple]:
    """Codes as quizzes.codes_of lists them, with how many people answered: counts, nothing of anybody."""
    return [
        (
            one.quiz.name, one.unit.name, str(one.batch or one.activity or one.spot), one.get_phase_display(),
            timezone.localdate(one.created_at), one.begun, one.finished, "已停用" if one.retired_at else "在用",
        )
        for one in codes
    ]  # fmt: skip


def effect_rows(places: list[OrgUnit], year: int) -> list[tuple]:
    """What the page of effects shows, small groups folded as there."""
    names = {one.path: one.name for one in places} | {OTHERS: "其他地方合计"}
    table = []
    for one in effects.effects(places, year):
        groups = [*((names.get(path, "别处"), cells) for path, cells in one.towns), ("合计", one.total)]
        for name, cells in groups:
            for phase in (phase for phase in effects.PHASES if phase in cells):
                held = cells[phase]
                table.append((one.belief.name, name, phase.label, held.held, held.asked, held.percent))
    return table


# What the source of the table of effects says beside where it comes from.
EFFECTS_FOLDED = f"不到 {FEWEST} 人的地方不单独列"
