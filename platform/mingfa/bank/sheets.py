"""Figures of the bank as rows for Excel, as the pages show them: each a header, and a function that makes its rows."""
from datetime import datetime

from mingfa.bank.beliefs import Overview
from mingfa.bank.heads import Held
from mingfa.bank.models import Belief
from mingfa.bank.statistics import Counted, Statistics
from mingfa.spreadsheets import Extra, extra_sheet

HELD = ("选了的人", "答过的人", "占比（%）")
BELIEFS = ("误区", "单位", "正确的规定", *HELD, "试题")
OPTIONS = ("选项", "内容", "是答案", "选的人次", "占")
SOURCES = ("考试", "人次", "答对", "答对率", "区分度")


def _held(held: Held | None) -> tuple:
    """Nothing where fewer answered than may be told."""
    return (held.held, held.asked, held.percent) if held else (None, None, None)


def belief_rows(overview: Overview) -> list[tuple]:
    """Every belief; the figures of a group that is too small stay empty, as on the page."""
    return [(*belief_row(one, held), one.questions) for one, held in overview.beliefs]


def belief_row(belief: Belief, held: Held | None) -> tuple:
    return (belief.name, belief.unit.name, belief.place if belief.ref else "", *_held(held))


def group_sheets(overview: Overview, *, by: str, now: datetime, laws: bool = True) -> list[Extra]:
    """By law, over time and by unit, those that the page shows. by: "month" or "quarter"."""
    times = [(_span(held.key, by), *_held(held)) for held in overview.times]
    groups = [
        ("按法律", "法律法规", [(str(held.key), *_held(held)) for held in overview.laws] if laws else []),
        ("随时间", "交卷时间", times),
        ("按单位", "单位", [(name, *_held(held)) for name, held in overview.units]),
    ]  # fmt: skip
    return [
        extra_sheet((word, *HELD), rows, sheet=sheet, title=sheet, of=f"常见误区，{sheet}", now=now, widths=(40, 10, 10, 10))
        for sheet, word, rows in groups if rows
    ]  # fmt: skip


def _span(key, by: str) -> str:
    first, last = key
    words = f"{first.year} 年 {first.month} 月"
    words += f"至 {last.year} 年 {last.month} 月" if first != last else ""
    return words + ("起的一季" if by == "quarter" else "")


def option_rows(statistics: Statistics) -> list[tuple]:
    return [(one.letter, one.text, "是" if one.is_key else "", one.count, one.share) for one in statistics.options]


def source_rows(statistics: Statistics) -> list[tuple]:
    """The exams this person may see by name; all others as one row."""
    rows = [(one.name, *_counted(one.counted), _two(one.discrimination)) for one in statistics.sources]
    other = statistics.elsewhere
    return [*rows, ("其他单位的考试，合计", *_counted(other), None)] if other else rows


def _counted(one: Counted) -> tuple:
    """How many were right only where the share may be told."""
    return (one.asked, one.right if one.share else None, one.share or "—")


def _two(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
