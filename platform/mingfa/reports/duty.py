"""述法情况表 of a leader: the figures of the units led, the own study and exams. Only what the system knows."""
from dataclasses import dataclass
from datetime import datetime

from django.utils import timezone

from mingfa.indicators.figures import Figure
from mingfa.indicators.registry import Indicator, indicators
from mingfa.official import Official, official_day
from mingfa.people.access import holds, units_visible_to
from mingfa.people.models import OrgUnit, Role, RoleGrant, User
from mingfa.people.registry import OwnRecord, records_of
from mingfa.periods import Year

# Who prepares the papers of a leader's units.
ORGANISERS = (Role.LIAISON,)
FIGURES = ("数据", "数值", "分子/分母", "口径", "来源")
RECORDS = ("类别", "名称", "日期", "结果")
CHINESE = "一二三四五六七八九十"


@dataclass(frozen=True)
class Sheet:
    """What is known of one leader and year. `units`: each unit led, the highest first, with the figures that have a value."""

    leader: User
    year: Year
    units: list[tuple[OrgUnit, list[tuple[Indicator, Figure]]]]
    records: list[OwnRecord]
    as_of: datetime


def leaders_for(user) -> list[User]:
    """The leaders whose sheet this person may have: the own one, and those of units this person organises for."""
    grants = RoleGrant.objects.filter(role=Role.LEADER, user__is_active=True).select_related("unit", "user")
    paths: dict[User, list[str]] = {}
    for grant in grants.order_by("unit__path", "user__pk"):
        paths.setdefault(grant.user, []).append(grant.unit.path)
    own = set(units_visible_to(user, *ORGANISERS).values_list("path", flat=True))
    return [leader for leader, led in paths.items() if leader.pk == user.pk or own.issuperset(led)]


def may_have(user, leader: User) -> bool:
    """Whether the sheet of this leader is for this person: the leader, or an organiser of every unit led."""
    units = _units_of(leader)
    own = user.pk == leader.pk and holds(user, Role.LEADER)
    return bool(units) and (own or all(holds(user, *ORGANISERS, unit=unit) for unit in units))


def _units_of(leader: User) -> list[OrgUnit]:
    """The units of the role 领导, without those below another."""
    units: list[OrgUnit] = []
    for unit in OrgUnit.objects.filter(role_grants__user=leader, role_grants__role=Role.LEADER).order_by("path"):
        if not any(unit.path.startswith(one.path) for one in units):
            units.append(unit)
    return units


def sheet_of(leader: User, year: Year, *, now: datetime) -> Sheet:
    """The figures and records of the year as they are now."""
    units = _units_of(leader)
    figures = [(one, one.of_units(units, year)) for one in indicators()] if units else []
    told = [(unit, [(one, by[unit.pk]) for one, by in figures if by[unit.pk].value is not None]) for unit in units]
    return Sheet(leader, year, told, records_of(leader, year, now), now)


def sheet_docx(sheet: Sheet) -> bytes:
    """The sheet in the shape of an official document; what the leader has to write is named and left open."""
    paper, leader, posting = Official(), sheet.leader, sheet.leader.current_posting
    day = timezone.localdate(sheet.as_of)
    paper.title(f"{leader.name}同志", f"{sheet.year.year}年述法情况表")
    place = posting.unit.name if posting else "、".join(unit.name for unit, _ in sheet.units)
    post = f"，职务：{posting.post}" if posting and posting.post else ""
    paper.text(f"单位：{place}{post}。数据截至{official_day(day)}，没有冻结，以冻结的年度报告为准。")
    paper.heading("一、所领导单位的数据")
    for number, (unit, figures) in enumerate(sheet.units):
        if len(sheet.units) > 1:
            paper.heading(f"（{CHINESE[number]}）{unit.name}" if number < len(CHINESE) else unit.name, level=2)
        if figures:
            paper.table(FIGURES, [_figure_row(*one) for one in figures], (4, 3, 3, 8, 3))
        else:
            paper.text(f"系统里没有{unit.name}{sheet.year.year}年的数据。")
    paper.heading("二、本人学法、考试和培训")
    if sheet.records:
        rows = [(one.kind, one.name, official_day(one.day), one.result) for one in sheet.records]
        paper.table(RECORDS, rows, (2, 8, 5, 6))
    else:
        paper.text(f"系统里没有本人{sheet.year.year}年的学习、考试和培训记录。")
    paper.heading("三、由本人撰写")
    paper.text("履行推进法治建设职责的情况、存在的问题和下一步打算，系统里没有，由本人撰写。")
    paper.signature(leader.name, day)
    return paper.content()


def _figure_row(one: Indicator, figure: Figure) -> tuple[str, ...]:
    measure = "" if figure.is_rate else one.measure
    source = "填报" if one.entered else "系统生成"
    return one.caption, figure.text.replace(",", "") + measure, figure.fraction, one.definition, source
