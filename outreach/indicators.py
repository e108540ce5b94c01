"""What outreach counts (docs/rules.md “宣传的数据”). Counted and estimated heads are two indicators and never one sum; what
was recorded counts with or without its check, as on the pages. Every figure opens into its lines (`lines_address`)."""
from collections.abc import Callable, Sequence

from django.db.models import Sum
from django.urls import reverse
from mingfa.indicators.figures import Figure, count, rate
from mingfa.indicators.registry import Indicator, register
from mingfa.people.models import OrgUnit
from mingfa.people.queries import rows_below
from mingfa.periods import Period

from . import activities, effects, queries
from .engine.ledger import Account
from .models import Visits
from .publishing import listing

Rows = list[tuple[str, object]]  # what was counted at each place, with its path


def _places(unit: OrgUnit) -> list[OrgUnit]:
    return list(OrgUnit.objects.filter(path__startswith=unit.path, kind__in=queries.STORES).order_by("path"))


def _children(unit: OrgUnit) -> list[OrgUnit]:
    return [one for one in unit.get_children().order_by("path") if one.kind in queries.STORES]


def _heads(name: str) -> dict[str, Callable]:
    def by_place(period: Period) -> Rows:
        return [(path, getattr(heads, name)) for path, heads in activities.heads_by_place(period).items()]

    return {"figure": lambda places, period: count(getattr(activities.heads_in(places, period), name)), "by_place": by_place,
            "of_rows": _added}  # fmt: skip


def _added(rows: Rows) -> Figure:
    return count(sum(number for _, number in rows))


def _handed(places: list[OrgUnit], period: Period) -> list:
    rows = queries.totals_by_material(places, period)
    return [row for row in rows if row.subject.is_print and row.totals.handed > 0]


def _handed_by_place(period: Period) -> Rows:
    return [(path, (material, copies)) for path, material, copies in queries.handed_by_place(period)]


def _of_materials(rows: Rows) -> list[int]:
    """The copies of each material that were handed out here, as in `_handed`."""
    sums: dict[int, int] = {}
    for _, (material, copies) in rows:
        sums[material] = sums.get(material, 0) + copies
    return [copies for copies in sums.values() if copies > 0]


def _kinds(places, period) -> Figure:
    return count(len(_handed(places, period)))


def _copies(places, period) -> Figure:
    return count(sum(row.totals.handed for row in _handed(places, period)))


def _coverage(places, period) -> Figure:
    rows = activities.coverage(places, period)
    return rate(sum(1 for row in rows if row.total), len(rows))


def _scans(places, period) -> Figure:
    found = Visits.objects.filter(code__unit__in=places, month__gte=period.starts_on, month__lte=period.ends_on)
    return count(found.aggregate(total=Sum("begun", default=0))["total"])


def _scans_by_place(period: Period) -> Rows:
    found = Visits.objects.filter(
        code__unit__kind__in=queries.STORES, month__gte=period.starts_on, month__lte=period.ends_on
    )
    return list(found.order_by().values_list("code__unit__path").annotate(total=Sum("begun")))


def _fallen(places, period) -> Figure:
    """By year only: parts of one would tell what small groups answered."""
    return rate(*effects.fallen(effects.effects(places, period.starts_on.year)))


def _published(unit: OrgUnit, period: Period, subject: str | None = None) -> Figure:
    return count(listing.published_pages(unit.path, period))


def _register(
    code, caption, definition, figure, *, formula="", by_child=True, measure="", by_place=None, of_rows=None
) -> Indicator:
    """`figure(places, period)`; where `by_place(period)` reads what was counted everywhere, `of_rows` makes the same figure of
    the rows of some places."""

    def compute(unit: OrgUnit, period: Period, subject: str | None = None) -> Figure:
        return figure(_places(unit), period)

    def children(unit: OrgUnit, period: Period, subject: str | None = None) -> list[tuple[OrgUnit, Figure]]:
        own = [(unit, figure([unit], period))] if unit.kind in queries.STORES else []
        return [*((one, figure(_places(one), period)) for one in _children(unit)), *own]

    def together(units: Sequence[OrgUnit], period: Period) -> dict[int, Figure]:
        return {pk: of_rows(rows) for pk, rows in rows_below(units, by_place(period)).items()}

    return register(Indicator(
        code, caption, definition, compute, children if by_child else None, formula, measure=measure,
        together=together if by_place else None,
    ))  # fmt: skip


ACTIVITIES = _register(
    "outreach_activities", "宣传活动场次", "登记过的活动，审核过的和等审核的都算，草稿和退回的不算", **_heads("activities"),
    measure="场",
)  # fmt: skip
COUNTED = _register("outreach_counted", "受众人数（清点）", "逐人清点的受众人数之和", **_heads("counted"), measure="人")
ESTIMATED = _register(
    "outreach_estimated", "受众人数（估计）", "现场估计的受众人数之和，不和清点的相加", **_heads("estimated"), measure="人"
)
CONSULTED = _register("outreach_consulted", "咨询人次", "活动记录里咨询人次之和", **_heads("consulted"), measure="人次")
KINDS = _register(
    "outreach_kinds", "发放资料种类", "这段时间发放过的印刷品有几种，全部冲正的不算", _kinds, by_child=False, measure="种",
    by_place=_handed_by_place, of_rows=lambda rows: count(len(_of_materials(rows))),
)
COPIES = _register(
    "outreach_copies", "发放资料份数", "台账里印刷品发放的份数之和，冲正的减去；实用品按件，不算在内", _copies, measure="份",
    by_place=_handed_by_place, of_rows=lambda rows: count(sum(_of_materials(rows))),
)
COVERAGE = _register(
    "outreach_coverage", "镇街覆盖率", "镇街本级或所属村(社区)办过活动，就算这个镇街有", _coverage,
    formula="有活动的镇街 ÷ 镇街", by_child=False,
)  # fmt: skip
SCANS = _register(
    "outreach_scans", "扫码答题人次", "答了第一题的人次，按月计数，不认人；同一个人扫两次算两次", _scans, measure="人次",
    by_place=_scans_by_place, of_rows=_added,
)
FALLEN = _register(
    "outreach_fallen", "误区下降", "当年活动前、活动后都有 10 人以上答过的误区里，活动后选错占比变小的个数", _fallen,
    formula="下降的误区 ÷ 前后都有数的误区", by_child=False,
)  # fmt: skip

PUBLISHED = register(
    Indicator(
        "outreach_published", "三审三校发布篇数",
        "这段时间经过三审三校公开的页面有几篇；同一篇改后再发只算一篇，后来撤回的也算", _published, measure="篇",
    )
)  # fmt: skip


def lines_address(indicator: Indicator, unit: OrgUnit, period: Period) -> str:
    """The page with the rows that make the figure."""
    asked = f"?period={period}&place={unit.pk if unit.kind != OrgUnit.Kind.DISTRICT else ''}"
    if indicator in (KINDS, COPIES):
        return reverse("outreach:lines", args=[Account.HANDED.value]) + asked
    if indicator is SCANS:
        return reverse("outreach:quizzes")
    if indicator is FALLEN:
        return reverse("outreach:effects") + f"?year={period.starts_on.year}"
    if indicator is PUBLISHED:
        return reverse("publishing:published") + asked
    return reverse("outreach:overview") + asked


def figures(unit: OrgUnit, period: Period) -> list[tuple[Indicator, Figure, str]]:
    """Every figure of a unit with the address of its lines."""
    every = (ACTIVITIES, COVERAGE, KINDS, COPIES, COUNTED, ESTIMATED, CONSULTED, SCANS, FALLEN, PUBLISHED)
    return [(one, one.compute(unit, period), lines_address(one, unit, period)) for one in every]
