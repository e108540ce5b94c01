"""Word documents with Chinese type (GB/T 9704-2012 names its fonts). Data goes in as text, never as markup."""
import io
import re
from collections.abc import Sequence

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

# Proprietary fonts are named, never shipped; Word takes what stands for them where they are missing.
TITLE, BODY, HEADING, LATIN = "方正小标宋简体", "仿宋_GB2312", "黑体", "Times New Roman"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# What XML 1.0 has no place for.
_ILLEGAL = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def plain(text: str) -> str:
    """The text without characters that a document cannot hold."""
    return _ILLEGAL.sub("", text)


class Page:
    """An A4 document that is written from the top down."""

    def __init__(self, size: float = 12):
        self.document = Document()
        section = self.document.sections[0]
        section.page_width, section.page_height = Mm(210), Mm(297)
        section.top_margin, section.bottom_margin, section.left_margin, section.right_margin = Mm(25), Mm(22), Mm(28), Mm(26)
        style = self.document.styles["Normal"]
        style.font.name, style.font.size = LATIN, Pt(size)
        style.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), BODY)
        style.paragraph_format.space_after, style.paragraph_format.line_spacing = Pt(3), 1.25
        _page_number(section.footer.paragraphs[0])

    def title(self, text: str, size: float = 22) -> None:
        self._write(text, TITLE, size, WD_ALIGN_PARAGRAPH.CENTER)

    def centre(self, text: str) -> None:
        self._write(text, BODY, None, WD_ALIGN_PARAGRAPH.CENTER)

    def heading(self, text: str) -> None:
        paragraph = self._write(text, HEADING, None, None)
        paragraph.paragraph_format.space_before, paragraph.paragraph_format.keep_with_next = Pt(10), True

    def text(self, text: str, *, indent: float = 0, together: bool = False) -> None:
        """A paragraph; indent in millimetres; together: on one page with the next."""
        paragraph = self._write(text, BODY, None, None)
        paragraph.paragraph_format.left_indent, paragraph.paragraph_format.keep_with_next = Mm(indent), together

    def lines(self, count: int) -> None:
        """Ruled lines to write on."""
        for _ in range(count):
            self.text("＿" * 34)

    def table(self, rows: Sequence[Sequence[str]], *, header: bool = False) -> None:
        table = self.document.add_table(0, len(rows[0]), style="Table Grid")
        for number, row in enumerate(rows):
            cells = table.add_row().cells
            for cell, words in zip(cells, row, strict=True):
                _font(cell.paragraphs[0].add_run(plain(words)), HEADING if header and number == 0 else BODY, None)

    def next_page(self) -> None:
        self.document.add_page_break()

    def content(self) -> bytes:
        out = io.BytesIO()
        self.document.save(out)
        return out.getvalue()

    def _write(self, text, font, size, align):
        paragraph = self.document.add_paragraph()
        paragraph.alignment = align
        for number, line in enumerate(plain(text).split("\n")):
            run = paragraph.add_run()
            if number:
                run.add_break()
            run.add_text(line)
            _font(run, font, size)
        return paragraph


def _font(run, east: str, size: float | None) -> None:
    run.font.name = LATIN
    run._element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), east)
    if size:
        run.font.size = Pt(size)


def _page_number(paragraph) -> None:
    """第 X 页 共 Y 页, counted by the program that opens it."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    for words, field in (("第 ", "PAGE"), (" 页　共 ", "NUMPAGES"), (" 页", "")):
        _font(paragraph.add_run(words), BODY, 9)
        if field:
            add_field(paragraph.add_run(), field)


def add_field(run, name: str) -> None:
    """Let the program that opens the file put in what it counts, such as PAGE."""
    for kind in ("begin", None, "end"):
        part = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            part.set(qn("w:fldCharType"), kind)
        else:
            part.text = name
        run._element.append(part)
