"""Official documents as Word files. Every indent is written in characters, which Word goes by, and in twips, which others
go by.
"""
import io
from collections.abc import Sequence

from docx import Document
from docx.enum.section import WD_ORIENT, WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, Twips

from mingfa.documents import BODY, HEADING, LATIN, TITLE, add_field, plain

from . import layout
from .layout import LEVELS, LINE_LENGTH, PAGE_NUMBER_SIZE, SIZE, SMALL, SONG, TITLE_SIZE, Paper, signed

WIDTH, HEIGHT = Twips(layout.WIDTH), Twips(layout.HEIGHT)
TOP, BOTTOM, LEFT, RIGHT = map(Twips, (layout.TOP, layout.BOTTOM, layout.LEFT, layout.RIGHT))
LINE = Twips(layout.LINE)
HAIR = Twips(20)
THICK, THIN = "8", "6"  # lines of the 版记 in eighths of a point: 0.35 mm and 0.25 mm as near as the file can say


class Official(Paper):
    """A Word file."""

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

    def _head(self, words: str, rest: str, level: int) -> None:
        paragraph = self._write(words, LEVELS[level - 1][0])
        if rest:
            _font(paragraph.add_run(plain(rest)).font, BODY, SIZE)
        else:
            paragraph.paragraph_format.keep_with_next = True

    def _sign(self, who: str, day: str, seal: bool) -> None:
        longest = LINE_LENGTH if seal else LINE_LENGTH - 2
        indents = signed(min(_width(who), longest), _width(day), seal=seal)
        name, date = self._write(who, "公文署名"), self._write(day, "公文署名")
        for paragraph, characters in zip((name, date), indents, strict=True):
            _indent(paragraph, "right", characters, SIZE)
        name.paragraph_format.keep_with_next = True

    def table(self, header: Sequence[str], rows: Sequence[Sequence[object]], widths: Sequence[float]) -> None:
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
        body = self.document.element.body
        empty = not any(child.tag in (qn("w:p"), qn("w:tbl")) for child in body)
        section = self.document.sections[0] if empty else self.document.add_section(WD_SECTION.NEW_PAGE)
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = HEIGHT, WIDTH

    def _foot(self, copies: str, office: str, printed: str) -> None:
        """It stands in the footer of its page: the only place that Word, WPS and LibreOffice all set from the lower edge
        upwards."""
        section = self.document.add_section(WD_SECTION.EVEN_PAGE)
        section.orientation, section.page_width, section.page_height = WD_ORIENT.PORTRAIT, WIDTH, HEIGHT
        section.footer_distance = BOTTOM - HAIR
        for footer in (section.footer, section.even_page_footer):
            footer.is_linked_to_previous = False
        width = WIDTH - LEFT - RIGHT
        table = footer.add_table(0, 1, width)
        _ruled(table, width)
        if copies:
            paragraph = self._cell(table, width, copies)
            _indent(paragraph, "left", 4, PAGE_NUMBER_SIZE)
            _indent(paragraph, "hanging", 3, PAGE_NUMBER_SIZE)  # further lines begin below the first name
        if office or printed:
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
    spacing.set(qn("w:val"), str(layout.TIGHTER))
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
                add_field(run, "PAGE")
