"""Reader of Excel and CSV question banks: one row a question, columns found by name in any order."""

import re
from collections.abc import Iterator
from dataclasses import replace

from mingfa.bank.importing.chains import find_options
from mingfa.bank.importing.folding import fold_text
from mingfa.bank.importing.heads import PAGE, TYPES
from mingfa.bank.importing.options import split_options, without_labels
from mingfa.bank.importing.results import Place, RawQuestion
from mingfa.bank.importing.tags import Tagged, take_tags
from mingfa.bank.importing.units import SHAPES
from mingfa.bank.importing.words import is_section_head, marks_each
from mingfa.spreadsheets import (
    Header,
    Row,
    Sheet,
    SheetError,
    cell_text,
    find_header,
    fold_label,
    read_rows,
)

OPTION_LETTERS = "ABCDEFGHIJ"
CHINESE_DIGITS = "一二三四五六七八九十"
COLUMNS = {
    "number": ("序号", "题号", "编号", "No"),
    "type": ("题型", "题目类型", "试题类型", "题目题型", "类型", "题类", "试题类别", "题目类别", "试题题型",
             "试题种类", "题型名称"),
    "stem": ("题干", "题目", "试题", "试题内容", "题目内容", "题干内容", "试题题干", "问题", "考题", "内容", "题目描述",
             "试题描述", "题干描述", "问题描述", "题目名称", "试题名称", "题目正文", "试题正文", "问题内容", "考题内容"),
    "options": ("选项", "备选答案", "备选项", "选项内容", "试题选项", "题目选项", "答案选项", "候选答案", "可选项"),
    "answer": ("正确答案", "答案", "标准答案", "参考答案", "试题答案", "正确选项", "正确项", "题目答案", "答案内容",
               "正确答案选项"),
    "explanation": ("解析", "答案解析", "试题解析", "题目解析", "解释", "说明", "理由", "依据", "出处", "答案说明",
                    "答案解释", "试题解释", "解题思路"),
    "difficulty": ("难度", "难易程度", "难易度", "难度等级", "试题难度", "题目难度", "难度系数"),
    "topic": ("知识点", "考点", "所属知识点", "知识点名称", "考查知识点"),
    "marks": ("分值", "分数", "每题分值", "题目分值", "试题分值"),
    "laws": ("依据法律", "法律依据", "法律名称", "依据法规", "依据法律法规", "法律法规", "所属法律"),
    "articles": ("依据条款", "依据条文", "条款", "法条", "条文", "条号"),
} | {
    f"option_{letter}": (
        f"选项{letter}", f"{letter}选项", letter, f"{letter}项", f"备选答案{letter}", f"备选项{letter}",
        f"答案{letter}", f"选项{place}", f"选项{CHINESE_DIGITS[place - 1]}", f"备选答案{place}",
        f"答案选项{letter}", f"选项{letter}内容", f"{letter}选项内容", f"备选{letter}", f"选项内容{letter}", f"答案选项{place}",
    )
    for place, letter in enumerate(OPTION_LETTERS, 1)
}  # fmt: skip
NUMBER = re.compile(r"^\s*\d{1,4}\s*[.、．)）](?!\d)\s*")
NUMBERED_TAG = re.compile(rf"\s*[(\[]{TYPES}")
ABOUT = re.compile("说明|须知|目录|封面|注意事项")
STEM_LABELS = {fold_label(word) for word in COLUMNS["stem"]}


def read_tables(data: bytes, name: str) -> tuple[list[RawQuestion], list[SheetError], tuple[str, ...]]:
    """The raw questions of all sheets, the sheets that hold something but no table of questions, and notes.

    Raises SpreadsheetRefused for files that cannot be read.
    """
    questions: list[RawQuestion] = []
    errors: list[SheetError] = []
    notes: list[str] = []
    sheets = list(read_rows(data, name))
    for sheet in sheets:
        header = find_header(sheet, COLUMNS, required=("stem",))
        if header:
            header = _with_row_below(sheet, header)
            around = (sheet.name or name.rsplit(".", 1)[0], *_titles(sheet, header))
            questions += sheet_questions(sheet, header, name, around)
            notes += _unknown_columns(sheet, header)
        elif ABOUT.search(sheet.name) and questions_elsewhere(sheets, sheet):
            notes.append(f"工作表“{sheet.name}”没有表头，按说明处理，没有读入。")
        elif any(not row.is_blank for row in sheet.rows):
            errors.append(
                SheetError(
                    sheet.name, None, None, "no_header",
                    "前 10 行里没有找到表头。请写上“题干、正确答案”等列名；这张表如果不是试题，请删去。",
                )
            )  # fmt: skip
    return questions, errors, tuple(notes)


def questions_elsewhere(sheets: list[Sheet], this: Sheet) -> bool:
    """Whether another sheet of the file is a table of questions."""
    return any(other is not this and find_header(other, COLUMNS, required=("stem",)) for other in sheets)


def sheet_questions(sheet: Sheet, header: Header, file: str, around: tuple[str, ...]) -> Iterator[RawQuestion]:
    """A raw question a row below the header. around: what may name their type, nearest first."""
    columns = {field.removeprefix("option_"): header.letters(field) for field in header.columns}
    section = ""
    for row in sheet.rows_after(header.row):
        head = section_head(row)
        if head:
            section = head
        elif not _is_no_question(row, header):
            number = row.text(header.columns.get("number"))
            place = Place(file, sheet.name, row.number, columns, number=number if number.isdecimal() else "")
            raw = _raw_question(row, header, place, (section, *around) if section else around)
            yield replace(raw, excerpt=" | ".join(text for text in map(cell_text, row.cells) if text))


def _with_row_below(sheet: Sheet, header: Header) -> Header:
    """A header of two rows, 选项 over A B C D, as one; any other as it is."""
    below = next(iter(sheet.rows_after(header.row)), None)
    if below is None:
        return header
    letters = {
        f"option_{text}": column
        for column in range(len(below.cells))
        if (text := fold_label(below.text(column)).upper().removeprefix("选项")) in OPTION_LETTERS and text
    }
    rest = [column for column in range(len(below.cells)) if below.text(column) and column not in letters.values()]
    if len(letters) < 2 or rest:
        return header
    kept = {field: column for field, column in header.columns.items() if column not in letters.values()}
    return Header(below.number, kept | letters)


def _unknown_columns(sheet: Sheet, header: Header) -> Iterator[str]:
    """A sentence for each column that holds something under a heading nobody knows."""
    known = set(header.columns.values())
    for column, cell in enumerate(sheet.rows[header.row - 1].cells):
        heading = cell_text(cell)
        if heading and column not in known and any(row.text(column) for row in sheet.rows_after(header.row)):
            yield f"工作表“{sheet.name}”的“{heading[:20]}”列没有认出，没有读入。"


def _titles(sheet: Sheet, header: Header) -> Iterator[str]:
    """What stands above the header, the nearest line first."""
    for row in reversed(sheet.rows[: header.row - 1]):
        yield from (row.text(column) for column in range(len(row.cells)) if row.text(column))


def section_head(row: Row) -> str:
    """The words of a row that holds nothing but 一、单选题; "" for any other."""
    texts = [text for text in (row.text(column) for column in range(len(row.cells))) if text]
    return texts[0] if len(texts) == 1 and is_section_head(texts[0]) else ""


def _is_no_question(row: Row, header: Header) -> bool:
    """A row with nothing but its number or who made the list, or the header again (tables pasted under each other)."""
    texts = [text for text in (row.text(column) for column in range(len(row.cells))) if text]
    if texts and all(PAGE.match(text.translate(SHAPES).strip()) for text in texts):
        return True
    filled = [field for field, column in header.columns.items() if row.text(column)]
    return set(filled) <= {"number"} or fold_label(row.text(header.columns["stem"])) in STEM_LABELS


def _raw_question(row: Row, header: Header, place: Place, hints: tuple[str, ...]) -> RawQuestion:
    def text(field: str) -> str:
        return row.text(header.columns.get(field))

    section_marks = marks_each(hints[0]) if hints and is_section_head(hints[0]) else ""
    stem, options, tags = text("stem"), _options(row, header), Tagged("")
    if not any(field.startswith("option") for field in header.columns):
        stem, options, tags = _whole_question(stem)
    return RawQuestion(
        place=place,
        stem=stem,
        type_tag=text("type") or tags.type,
        hints=hints,
        options=options,
        answer=text("answer"),
        explanation=text("explanation"),
        difficulty=text("difficulty"),
        topic=text("topic"),
        marks=text("marks") or tags.marks or section_marks,
        laws=text("laws"),
        articles=text("articles"),
    )


def _whole_question(text: str) -> tuple[str, tuple[str, ...], Tagged]:
    """(stem, options, tags) of a cell that holds all of a question: 1.（单选）… A.… B.…"""
    text = NUMBER.sub("", fold_text(text))
    found = find_options(text, text.translate(SHAPES))
    if found is None or not found.start:
        tags = take_tags(text) if NUMBERED_TAG.match(text.translate(SHAPES)) else Tagged(text)
        return tags.stem, (), tags
    tags = take_tags(text[: found.start])
    return tags.stem, found.texts, tags


def _options(row: Row, header: Header) -> tuple[str, ...]:
    """The options by their columns, "" for an empty one, trailing empty ones off; or those of the one cell."""
    in_columns = [row.text(header.columns.get(f"option_{letter}")) for letter in OPTION_LETTERS]
    while in_columns and not in_columns[-1]:
        in_columns.pop()
    return without_labels(tuple(in_columns)) or split_options(row.text(header.columns.get("options")))
