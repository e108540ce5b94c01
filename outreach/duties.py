"""The 普法责任清单 in and out of Excel."""
from collections import defaultdict
from collections.abc import Iterable

from mingfa.people.models import OrgUnit
from mingfa.spreadsheets import SheetError

from .campaigns import duties_of
from .importing.duties import LABELS, ParsedDuties

DUTIES = (*LABELS.values(), "完成情况", "佐证")
WIDTHS = (18, 32, 18, 24, 14, 12, 14, 12, 20, 12, 48)


def resolve_duties(
    parsed: ParsedDuties, places: list[OrgUnit]
) -> tuple[list[tuple[OrgUnit, str, dict[str, str]]], list[SheetError]]:
    """The rows with the units their names mean; without a name, the person's highest unit."""
    by_name: dict[str, list[OrgUnit]] = defaultdict(list)
    for one in places:
        by_name[one.name].append(one)
    rows, errors = [], list(parsed.errors)
    for read in parsed.rows:
        found = by_name.get(read.unit, []) if read.unit else places[:1]
        if len(found) == 1:
            rows.append((found[0], read.subject, read.words))
        else:
            words = "不在您管的范围里，或名称和系统里不一样" if not found else "有几处，不能导入，请逐项填写"
            errors.append(parsed.error(read.row, "unit", "unit", f"“{read.unit[:20]}”{words}"))
    return rows, sorted(errors, key=lambda one: one.row or 0)


def duty_rows(places: Iterable[OrgUnit], year: int) -> list[tuple]:
    """The list in the columns of DUTIES; what was done is counted, and named as its proof."""
    rows = []
    for one in duties_of(places, year):
        held = [activity for campaign in one.campaigns.all() for activity in campaign.held]
        proof = "；".join(f"{activity.held_on:%Y-%m-%d} {activity.name}" for activity in held[:10])
        words = (one.audience, one.ways, one.due, one.leader, one.section, one.officer, one.standard)
        rows.append((one.unit.name, one.subject, *words, f"{one.done} 场" if one.done else "还没有", proof))
    return rows
