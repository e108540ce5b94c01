"""What the odd files are made with: truths by type, and files out of text, paragraphs and rows."""

import io

import docx
import openpyxl

from tests.bank.truths import Truth
from tests.bank.word_files import Paragraph, document

FOUR = ("七日", "十五日", "三十日", "六十日")
WAYS = ("书信", "走访", "电话", "传真")


def single(stem, options, answer, explanation="", **more):
    return Truth("single", stem, tuple(options), answer, explanation, **more)


def multiple(stem, options, answer, explanation="", **more):
    return Truth("multiple", stem, tuple(options), answer, explanation, **more)


def judgement(stem, answer, explanation="", **more):
    return Truth("judge", stem, (), answer, explanation, **more)


def short(stem, answer, **more):
    return Truth("short", stem, (), answer, **more)


def blank(stem, answer, **more):
    return Truth("blank", stem, (), answer, **more)


def text(words: str, *truths: Truth, name: str = "题库.txt", encoding: str = "utf-8"):
    return name, words.strip("\n").encode(encoding), list(truths)


def word(lines, *truths: Truth, **more):
    made = [Paragraph(line) if isinstance(line, str) else line for line in lines]
    return "题库.docx", document(made, **more), list(truths)


def book(sheets: dict[str, list[list]], *truths: Truth, merge: dict[str, str] | None = None):
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    for title, rows in sheets.items():
        page = workbook.create_sheet(title)
        for row in rows:
            page.append(row)
        if merge and title in merge:
            page.merge_cells(merge[title])
    out = io.BytesIO()
    workbook.save(out)
    return "题库.xlsx", out.getvalue(), list(truths)


def underlined(before: str, key: str, after: str) -> Paragraph:
    run = '<w:r>{}<w:t xml:space="preserve">{}</w:t></w:r>'
    line = '<w:rPr><w:u w:val="single"/></w:rPr>'
    return Paragraph("", xml=f"<w:p>{run.format('', before)}{run.format(line, key)}{run.format('', after)}</w:p>")


def library_document() -> bytes:
    """Made by a word processor's own library: title of three-type, header, footer, table with merged title row."""
    made = docx.Document()
    made.sections[0].header.paragraphs[0].text = "2026年某区法治考试题库"
    made.sections[0].footer.paragraphs[0].text = "— 3 —"
    made.add_heading("2026年某区法治考试题库", 0)
    made.add_paragraph("（内部资料  注意保存）")
    grid = made.add_table(rows=4, cols=7)
    grid.cell(0, 0).merge(grid.cell(0, 6)).text = "单项选择题"
    for place, name in enumerate(("序号", "题目", "A", "B", "C", "D", "答案")):
        grid.cell(1, place).text = name
    for row, cells in enumerate(
        (
            ("1", "受理期限为（ ）。", *FOUR, "B"),
            ("2", "提出的形式是（ ）。", *WAYS, "A"),
        ),
        2,
    ):
        for place, cell in enumerate(cells):
            grid.cell(row, place).text = cell
    made.add_paragraph("制表人：甲某    审核人：乙某")
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


LEVELS = """<w:numbering {W}><w:abstractNum w:abstractNumId="7"><w:multiLevelType w:val="multilevel"/>
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="chineseCountingThousand"/><w:lvlText w:val="%1、"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%2."/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%3."/></w:lvl></w:abstractNum>
<w:num w:numId="3"><w:abstractNumId w:val="7"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="7"/><w:lvlOverride w:ilvl="1"><w:startOverride w:val="1"/></w:lvlOverride>
</w:num></w:numbering>""".replace(
    "{W}", 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
)


def level(words: str, depth: int, num: int = 3) -> Paragraph:
    return Paragraph(
        "",
        xml=f'<w:p><w:pPr><w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{num}"/></w:numPr></w:pPr>'
        f"<w:r><w:t>{words}</w:t></w:r></w:p>",
    )
