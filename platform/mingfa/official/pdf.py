"""Official documents as PDF, set by typst: nothing but this program is needed to print them as the standard has them.

The fonts of the standard are taken from FONT_FOLDERS where the office has them; else the fonts that come with the product.
"""
import json
from collections.abc import Sequence
from pathlib import Path

import typst
from django.conf import settings

from mingfa.documents import BODY, HEADING, LATIN, TITLE, plain

from . import layout
from .layout import KAI, LEVELS, PAGE_NUMBER_SIZE, SIZE, SMALL, SONG, TITLE_SIZE, Paper

TEMPLATE = Path(__file__).parent / "typst/official.typ"
# A font may tell its Chinese or its English name.
STAND_INS = {
    TITLE: ("FZXiaoBiaoSong-B05S", "FZXiaoBiaoSong-B05", "Noto Serif SC"),
    BODY: ("FangSong_GB2312", "仿宋", "FangSong", "Noto Serif SC"),
    KAI: ("KaiTi_GB2312", "楷体", "KaiTi", "Noto Serif SC"),
    HEADING: ("SimHei", "Noto Sans SC"),
    SONG: ("SimSun", "Noto Serif SC"),
}
LAYOUT = {
    "width": layout.WIDTH / 20, "height": layout.HEIGHT / 20, "line": layout.LINE / 20, "tighter": layout.TIGHTER / 20,
    "margins": {"top": layout.TOP / 20, "bottom": layout.BOTTOM / 20, "left": layout.LEFT / 20, "right": layout.RIGHT / 20},
    "latin": LATIN, "number_size": PAGE_NUMBER_SIZE,
}  # fmt: skip


def _style(font: str, size: float = SIZE, *, align: str = "both", indent: float = 0, page: bool = False, single: bool = False):
    return {
        "fonts": [font, *STAND_INS[font]], "size": size, "align": align, "indent": indent, "page": page, "single": single,
    }  # fmt: skip


STYLES = {
    "公文标题": _style(TITLE, TITLE_SIZE, align="center"),
    "公文正文": _style(BODY, indent=2),
    "公文顶格": _style(BODY),
    **{name: _style(font, indent=2) for name, font in LEVELS},
    "公文署名": _style(BODY, align="right"),
    "公文附件": _style(HEADING, page=True),
    "公文字号": _style(BODY, align="center"),
    "公文版记": _style(BODY, PAGE_NUMBER_SIZE, align="left"),
    "公文说明": _style(BODY, SMALL, align="left", single=True),
    "公文表格": _style(BODY, SMALL, align="left", single=True),
    "公文表头": _style(HEADING, SMALL, align="left", single=True),
    "公文页码": _style(SONG, PAGE_NUMBER_SIZE, align="left"),
}


class OfficialPdf(Paper):
    """A PDF. The same pieces give the same bytes."""

    def __init__(self):
        self._titles: list[str] = []
        self._imprint: list[str] = []
        self._sections = [{"landscape": False, "pieces": []}]

    def title(self, *lines: str) -> None:
        self._titles = self._titles or [plain(line) for line in lines]
        super().title(*lines)

    def table(self, header: Sequence[str], rows: Sequence[Sequence[object]], widths: Sequence[float]) -> None:
        told = [[plain(str(cell)) for cell in row] for row in rows]
        self._add("table", header=[plain(one) for one in header], rows=told, widths=list(widths))

    def landscape(self) -> None:
        if self._sections[-1]["pieces"]:
            self._sections.append({"landscape": True, "pieces": []})
        self._sections[-1]["landscape"] = True

    def content(self) -> bytes:
        data = {
            "title": "".join(self._titles), "sections": self._sections, "imprint": self._imprint,
            "styles": STYLES, "layout": LAYOUT,
        }  # fmt: skip
        return typst.compile(
            str(TEMPLATE), sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
            font_paths=settings.FONT_FOLDERS, ignore_system_fonts=True,
        )  # fmt: skip

    def _write(self, text: str, style: str) -> None:
        self._add("line", words=plain(text), style=style)

    def _head(self, words: str, rest: str, level: int) -> None:
        self._add("heading", words=plain(words), rest=plain(rest), level=level, style=LEVELS[level - 1][0])

    def _sign(self, who: str, day: str, seal: bool) -> None:
        self._add("signature", who=plain(who), day=day, seal=seal)

    def _foot(self, copies: str, office: str, printed: str) -> None:
        self._imprint = [plain(one) for one in (copies, office, printed)]

    def _add(self, kind: str, **facts) -> None:
        self._sections[-1]["pieces"].append({"kind": kind, **facts})
