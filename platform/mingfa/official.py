"""Word documents in the shape of official documents (GB/T 9704-2012; the numbers are those of domain guide §8).

    paper = Official()
    paper.number("嘉信访发〔2026〕5号")
    paper.title("嘉禾区信访局", "关于2026年法治建设情况的报告")
    paper.heading("一、工作开展情况")
    paper.text("……")
    paper.signature("嘉禾区信访局", date(2026, 12, 30))
    paper.imprint(copies="嘉禾区司法局", office="嘉禾区信访局", day=date(2026, 12, 31))
    paper.content()

22 lines of 28 characters a page: exact line spacing of 28.95 pt and characters drawn together by 0.25 pt. Fonts are
named, never shipped. Data goes in as text, never as markup. Every indent is written in characters, which Word goes by,
and in twips, which others go by.
"""
import io
from collections.abc import Sequence
from datetime import date

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, Twips

from mingfa.documents import BODY, HEADING, LATIN, TITLE, plain

KAI, SONG = "楷体_GB2312", "宋体"
WIDTH, HEIGHT = Twips(11906), Twips(16838)
TOP, BOTTOM, LEFT, RIGHT = Twips(2098), Twips(1984), Twips(1587), Twips(1474)
LINE = Twips(579)
TIGHTER = "-5"  # twentieths of a point
TITLE_SIZE, SIZE, PAGE_NUMBER_SIZE, SMALL = 22, 16, 14, 12  # 2号, 3号, 4号, 小4
LINE_LENGTH = 28
HAIR = Twips(20)
THICK, THIN = "8", "6"  # lines of the 版记 in eighths of a point: 0.35 mm and 0.25 mm as near as the file can say
# 一、 （一） 1. （1）
LEVELS = (("公文一级标题", HEADING), ("公文二级标题", KAI), ("公文三级标题", BODY), ("公文四级标题", BODY))


def official_day(day: date) -> str:
    """“2026年1月5日”: Arabic, no leading zero, no spaces."""
    return f"{day.year}年{day.month}月{day.day}日"


class Official:
    """An A4 document that is written from the top down."""

    def __init__(self):
        self.document = Document()
        self.document.settings.odd_and_even_pages_header_footer = True
        normal = self.document.styles["Normal"]
        _type(normal, BODY, SIZE)
        _tighten(normal)
        form = normal.paragraph_format
        form.line_spacing_rule, form.line_spacing = WD_LINE_SPACING.EXACTLY, LINE
        form.space_before = form.space_after = Pt(0)
        form.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
        form.widow_control = False  # exactly 22 lines
        _no_gaps(normal)
        self._style("公文标题", TITLE, TITLE_SIZE, align=WD_ALIGN_PARAGRAPH.CENTER)
        self._style("公文正文", BODY, SIZE, indent=True)
        self._style("公文顶格", BODY, SIZE)
        for level, (name, font) in enumerate(LEVELS):
            self._style(name, font, SIZE, indent=True, level=level)
        self._style("公文署名", BODY, SIZE, align=WD_ALIGN_PARAGRAPH.RIGHT)
        self._style("公文附件", HEADING, SIZE).paragraph_format.page_break_before = True
        self._style("公文字号", BODY, SIZE, align=WD_ALIGN_PARAGRAPH.CENTER)
        _indent(self._style("公文版记", BODY, PAGE_NUMBER_SIZE, align=WD_ALIGN_PARAGRAPH.LEFT), "right", 1, PAGE_NUMBER_SIZE)
        self._style("公文说明", BODY, SMALL, align=WD_ALIGN_PARAGRAPH.LEFT, single=True)
        self._style("公文表格", BODY, SMALL, align=WD_ALIGN_PARAGRAPH.LEFT, single=True)
        self._style("公文表头", HEADING, SMALL, align=WD_ALIGN_PARAGRAPH.LEFT, single=True)
        _sheet(self.document.sections[0])
        _page_numbers(self.document.sections[0])

    def number(self, text: str) -> None:
        """发文字号, centred on the first line; the title follows two empty lines below (GB/T 9704 7.2.5, 7.3.1). The red head
        of the office stands above it on the paper that is printed on."""
        self._write(text, "公文字号")
        for _ in range(2):
            self._write("", "公文顶格")

    def title(self, *lines: str) -> None:
        """The title, one line each, and an empty line below."""
        for line in lines:
            self._write(line, "公文标题")
        self._write("", "公文顶格")

    def addressee(self, name: str) -> None:
        """主送机关 below the title's empty line, flush left, with a full-width colon."""
        self._write(f"{name}：", "公文顶格")

    def heading(self, text: str, *, level: int = 1) -> None:
        """A heading of level 1 to 4. One of level 2 that goes on behind its first full stop goes on in running type."""
        head, stop, rest = text.partition("。")
        words, rest = (head + stop, rest) if level == 2 else (text, "")
        paragraph = self._write(words, LEVELS[level - 1][0])
        if rest:
            _font(paragraph.add_run(plain(rest)).font, BODY, SIZE)
        else:
            paragraph.paragraph_format.keep_with_next = True

    def text(self, text: str) -> None:
        """Paragraphs, one for each line of the text."""
        for line in text.split("\n"):
            self._write(line, "公文正文")

    def note(self, text: str) -> None:
        """A small line above or below a table."""
        self._write(text, "公文说明")

    def attachments(self, *names: str) -> None:
        """附件说明, one empty line below the text, two characters in, without full stops."""
        self._write("", "公文顶格")
        for number, name in enumerate(names, start=1):
            self._write(f"{'附件：' if number == 1 else '　　　'}{number}.{name}", "公文正文")

    def signature(self, who: str, day: date) -> None:
        """署名 and 成文日期 without a seal: one empty line above; the date begins two characters right of the 署名, and
        whichever is the longer to the right stands two characters from the edge (GB/T 9704 7.3.5.3)."""
        written = official_day(day)
        self._write("", "公文顶格")
        name, length = min(_width(who), LINE_LENGTH - 2), _width(written)
        indents = (2, name - length) if length <= name else (length - name + 4, 2)
        for words, characters in zip((who, written), indents, strict=True):
            _indent(self._write(words, "公文署名"), "right", characters, SIZE)

    def annex(self, number: int, title: str) -> None:
        """附件 on its own page: the word on the first line, the title on the third."""
        self._write(f"附件{number}", "公文附件")
        self._write("", "公文顶格")
        self.title(title)

    def table(self, header: Sequence[str], rows: Sequence[Sequence[object]], widths: Sequence[float]) -> None:
        """A ruled table over the whole width; the header is repeated on every page. widths: shares."""
        table = self.document.add_table(0, len(header), style="Table Grid")
        table.autofit = False
        section = self.document.sections[-1]
        whole = section.page_width - section.left_margin - section.right_margin
        sizes = [int(whole * one / sum(widths)) for one in widths]
        for column, size in zip(table.columns, sizes, strict=True):
            column.width = size
        for number, row in enumerate([header, *rows]):
            line = table.add_row()
            _row(line, repeated=number == 0)
            for cell, words, size in zip(line.cells, row, sizes, strict=True):
                cell.width = size
                cell.paragraphs[0].style = self.document.styles["公文表格" if number else "公文表头"]
                cell.paragraphs[0].add_run(plain(str(words)))

    def landscape(self) -> None:
        """What follows stands on landscape pages; an empty document becomes landscape as a whole."""
        body = self.document.element.body
        empty = not any(child.tag in (qn("w:p"), qn("w:tbl")) for child in body)
        section = self.document.sections[0] if empty else self.document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = HEIGHT, WIDTH

    def imprint(self, *, copies: str = "", office: str = "", day: date | None = None) -> None:
        """版记 at the foot of the last even page: 抄送, then 印发机关 on the left and 印发日期 on the right of one line, ruled
        above, between and below (GB/T 9704 7.4). What is empty is left out; without any of it there is no such page.

        A page of its own, always even, without a page number: where the text ends is known to Word alone, and no page number
        is what the standard asks for behind an empty page (7.5). It stands in the footer of that page: the only place that
        Word, WPS and LibreOffice all set from the lower edge upwards.
        """
        if not (copies or office or day):
            return
        section = self.document.add_section(WD_SECTION.EVEN_PAGE)
        section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, WIDTH, HEIGHT
        section.footer_distance = BOTTOM - HAIR
        for footer in (section.footer, section.even_page_footer):
            footer.is_linked_to_previous = False
        width = WIDTH - LEFT - RIGHT
        table = footer.add_table(0, 1, width)
        _ruled(table, width)
        if copies:
            paragraph = self._cell(table, width, f"抄送：{copies}。")
            _indent(paragraph, "left", 4, PAGE_NUMBER_SIZE)
            _indent(paragraph, "hanging", 3, PAGE_NUMBER_SIZE)  # further lines begin below the first name
        if office or day:
            printed = f"{official_day(day)}印发" if day else ""
            paragraph = self._cell(table, width, f"{office}\t{printed}" if printed else office)
            _indent(paragraph, "left", 1, PAGE_NUMBER_SIZE)
            edge = width - Pt(PAGE_NUMBER_SIZE)
            paragraph.paragraph_format.tab_stops.add_tab_stop(edge, WD_TAB_ALIGNMENT.RIGHT)
        # A footer ends with a paragraph, here as low as can be.
        last = footer.paragraphs[0]
        table._tbl.addnext(last._p)
        last.style, last.paragraph_format.line_spacing = self.document.styles["公文顶格"], HAIR
        self._write("", "公文顶格")

    def _cell(self, table, width: int, text: str):
        row = table.add_row()
        _row(row, repeated=False)
        row.cells[0].width = width
        paragraph = row.cells[0].paragraphs[0]
        paragraph.style = self.document.styles["公文版记"]
        paragraph.add_run(plain(text))
        return paragraph

    def content(self) -> bytes:
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()

    def _style(self, name, font, size, *, align=None, indent=False, level=None, single=False):
        style = self.document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = self.document.styles["Normal"]
        _type(style, font, size)
        form = style.paragraph_format
        if align is not None:
            form.alignment = align
        if indent:
            _indent(style, "firstLine", 2, size)
        if single:
            form.line_spacing_rule = WD_LINE_SPACING.SINGLE
        if level is not None:
            depth = OxmlElement("w:outlineLvl")
            depth.set(qn("w:val"), str(level))
            style.element.get_or_add_pPr().append(depth)
        return style

    def _write(self, text: str, style: str):
        paragraph = self.document.add_paragraph(style=style)
        paragraph.add_run(plain(text))
        return paragraph


def _width(text: str) -> float:
    """In characters: digits and Latin letters are half as wide."""
    return sum(0.5 if one.isascii() else 1 for one in text)


def _indent(holder, side: str, characters: float, size: float) -> None:
    """`side`: firstLine, hanging, left or right; of a paragraph or a style."""
    indent = holder._element.get_or_add_pPr().get_or_add_ind()
    indent.set(qn(f"w:{side}Chars"), str(round(characters * 100)))
    indent.set(qn(f"w:{side}"), str(round(characters * size * 20)))


def _font(font, east: str, size: float) -> None:
    font.name, font.size = LATIN, Pt(size)
    font._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), east)


def _type(style, east: str, size: float) -> None:
    _font(style.font, east, size)
    fonts = style.element.rPr.rFonts
    for name in ("w:ascii", "w:hAnsi", "w:cs"):
        fonts.set(qn(name), LATIN)


def _tighten(style) -> None:
    """28 characters of 16 pt in a line of 156 mm."""
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), TIGHTER)
    style.element.rPr.find(qn("w:sz")).addprevious(spacing)


def _no_gaps(style) -> None:
    """Nothing is put in between Chinese and digits or Latin letters: it would take the room of characters, and the date
    would not begin where it should."""
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
        gap = OxmlElement(name)
        gap.set(qn("w:val"), "0")
        style.element.pPr.find(qn("w:spacing")).addprevious(gap)


def _sheet(section) -> None:
    section.page_width, section.page_height = WIDTH, HEIGHT
    section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = TOP, BOTTOM, LEFT, RIGHT
    section.footer_distance = Mm(25)
    for grid in section._sectPr.findall(qn("w:docGrid")):
        # Lines keep their exact height; a grid would move them.
        section._sectPr.remove(grid)


def _row(row, *, repeated: bool) -> None:
    properties = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", *(["w:tblHeader"] if repeated else [])):
        properties.append(OxmlElement(name))


def _ruled(table, width: int) -> None:
    """As wide as the text, its words flush with it; ruled across only."""
    table.autofit = False
    table.columns[0].width = width
    properties = table._tbl.tblPr
    properties.find(qn("w:tblW")).set(qn("w:w"), str(Emu(width).twips))
    properties.find(qn("w:tblW")).set(qn("w:type"), "dxa")
    lines, edges = OxmlElement("w:tblBorders"), OxmlElement("w:tblCellMar")
    for side, thickness in (("top", THICK), ("bottom", THICK), ("insideH", THIN)):
        line = OxmlElement(f"w:{side}")
        for name, value in (("val", "single"), ("sz", thickness), ("space", "0"), ("color", "auto")):
            line.set(qn(f"w:{name}"), value)
        lines.append(line)
    for side in ("left", "right"):
        edge = OxmlElement(f"w:{side}")
        edge.set(qn("w:w"), "0")
        edge.set(qn("w:type"), "dxa")
        edges.append(edge)
    layout = properties.find(qn("w:tblLayout"))
    layout.addprevious(lines)  # the order of the schema
    layout.addnext(edges)


def _page_numbers(section) -> None:
    """“— 1 —” in 4号 宋体: odd pages right, even pages left, one character in."""
    sides = ((section.footer, "right"), (section.even_page_footer, "left"))
    for footer, side in sides:
        footer.is_linked_to_previous = False
        paragraph = footer.paragraphs[0]
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if side == "right" else WD_ALIGN_PARAGRAPH.LEFT
        _indent(paragraph, side, 1, PAGE_NUMBER_SIZE)
        for words in ("— ", None, " —"):
            run = paragraph.add_run(words or "")
            _font(run.font, SONG, PAGE_NUMBER_SIZE)
            if words is None:
                _field(run, "PAGE")


def _field(run, name: str) -> None:
    for kind in ("begin", None, "end"):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = name
        run._element.append(part)
