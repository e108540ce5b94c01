"""A board as one picture (PNG), for slides and documents: the large figures and a bar for each unit."""
import json
from datetime import datetime
from pathlib import Path

import typst
from django.conf import settings

from mingfa.wording import moment

from .boards import Table
from .figures import Figure, share

TEMPLATE = Path(__file__).with_name("typst") / "board.typ"
MOST_ROWS = 40  # more cannot be read on a slide; the rest is said, and stands in the Excel file
DOTS = 144  # an inch


def board_png(table: Table, *, now: datetime) -> bytes:
    """The picture of a board: rows as on the page, those missing most first, and the sum.

    Args:
        table: without names (boards.table with page=None): a picture goes from hand to hand.
    """
    board, left = table.choice.board, len(table.rows) - MOST_ROWS
    facts = {
        "title": f"{table.unit.name}　{table.choice.subject.name}",
        "facts": f"{table.choice.subject.facts}数据截至 {moment(now)}。",
        "cards": [
            {**_said(one.figure), "caption": one.indicator.caption, "formula": one.indicator.formula} for one in table.cards
        ],
        "heads": ["单位", f"{board.part_words} / {board.whole_words}", board.lead.caption, "目标 100%"],
        "rows": [
            *({**_said(row.figure), "name": _name(row.unit, table)} for row in table.rows[:MOST_ROWS]),
            {**_said(table.figure), "name": f"{table.unit.name}合计"},
        ],
        "source": (f"其余 {left} 个单位见看板的 Excel。" if left > 0 else "")
        + f"来源：明法看板。{board.lead.caption} = {board.lead.definition}。",
    }  # fmt: skip
    return typst.compile(
        str(TEMPLATE), sys_inputs={"data": json.dumps(facts, ensure_ascii=False)}, format="png", ppi=DOTS,
        font_paths=settings.FONT_FOLDERS, ignore_system_fonts=True,
    )  # fmt: skip


def _name(unit, table: Table) -> str:
    return f"{unit.name}（本级）" if unit.pk == table.unit.pk else unit.name


def _said(figure: Figure) -> dict:
    return {"text": figure.text, "fraction": figure.fraction or "—", "share": float(share(figure)), "full": figure.full}
