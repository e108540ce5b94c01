"""A board as Excel: the same units and figures as on the page, the days beside them; the lists of names behind it."""
import hashlib
import json
from collections.abc import Sequence
from datetime import datetime

from mingfa.people.models import OrgUnit
from mingfa.periods import Period
from mingfa.spreadsheets import Extra, export_xlsx, source_line, write_xlsx
from mingfa.wording import moment

from . import boards
from .queries import entered_lines
from .registry import Excused, Missing


def board_xlsx(table: boards.Table, *, now: datetime) -> bytes:
    """Every row of the board with both numbers of each rate, the sum last, and a line with source and digest; the last days
    on a sheet of their own where the board has them."""
    board = table.choice.board
    header = ["单位", board.whole_words, board.part_words, board.lead.caption]
    for column in board.columns:
        header += [f"{column.caption}分子", f"{column.caption}分母", column.caption]
    rows = [_row(row.unit.name, (row.figure, *row.columns)) for row in table.rows]
    rows.append(_row("合计", (table.figure, *table.columns)))
    told = json.dumps(rows, ensure_ascii=False, separators=(",", ":"))
    digest = hashlib.sha256(told.encode()).hexdigest()
    definitions = "；".join(f"{one.caption}={one.definition}" for one in board.indicators)
    return write_xlsx(
        header, rows, sheet="看板", title=f"{table.unit.name} {table.choice.subject.name}", filters=True,
        source=f"来源：明法看板，截至 {moment(now)}。口径：{definitions}。内容摘要 SHA-256 {digest}", widths=(30, 10, 10, 12),
        beside=[_days(table, now)] if table.reading.days else [],
    )  # fmt: skip


DAYS = ("日期", "交卷人数")


def _days(table: boards.Table, now: datetime) -> Extra:
    rows = [(one.day, one.heads) for one in table.reading.days]
    title = f"{table.unit.name} {table.choice.subject.name} 近日交卷人数"
    source = source_line(DAYS, rows, of="看板，实考的人各按第一次有效交卷的日期计一次", now=now)
    return Extra("近日交卷人数", DAYS, rows, title=title, source=source, widths=(14, 12))


MISSING = ("姓名", "单位", "情况")
EXCUSED = ("姓名", "单位", "类别", "原因")


def missing_xlsx(people: Sequence[Missing], *, title: str, words: str, now: datetime) -> bytes:
    """Everybody a figure still waits for. words: what they are called on the page."""
    rows = [(one.name, one.unit, one.why) for one in people]
    return export_xlsx(MISSING, rows, sheet="名单", title=title, of=f"看板，{words}", now=now, widths=(14, 36, 24))


def excused_xlsx(people: Sequence[Excused], *, title: str, words: str, now: datetime) -> bytes:
    """Everybody who is not counted, with the reason."""
    rows = [(one.name, one.unit, one.kind, one.reason) for one in people]
    return export_xlsx(EXCUSED, rows, sheet="名单", title=title, of=f"看板，{words}", now=now, widths=(14, 36, 10, 36))


def _row(name: str, figures) -> list:
    """A rate is written as a number with one decimal, without data as a dash."""
    cells: list = [name]
    for number, figure in enumerate(figures):
        heads = (figure.part, figure.whole)
        cells += [*(heads[::-1] if number == 0 else heads), figure.text if figure.value is None else float(figure.value)]
    return cells


ENTERED = ("数据", "数值", "总数", "率（%）", "单位", "来源文件", "填报人", "填报时间", "核对人", "核对时间")


def entered_xlsx(unit: OrgUnit, period: Period, *, now: datetime) -> bytes:
    """填报 of one unit and year, a row for each figure; what nobody has typed in stays empty."""
    rows = [
        (
            line.indicator.caption, row and row.part, row and row.whole,
            float(line.figure.value) if row and line.figure.is_rate and line.figure.value is not None else None,
            line.indicator.measure, row and row.source, row and row.entered_by.name, row and row.entered_at,
            row and row.checked_by and row.checked_by.name, row and row.checked_at,
        )
        for line in entered_lines(unit, period) for row in (line.row,)
    ]  # fmt: skip
    title = f"{unit.name}填报数据 {period.label}"
    return export_xlsx(ENTERED, rows, sheet="填报数据", title=title, of="填报数据", now=now, widths=(20, 10, 10, 10, 8, 36))
