"""Spreadsheets for people: the empty template, and the rejected rows of a file to mend and bring again."""

from collections.abc import Iterable

from mingfa.bank.importing.results import Parsed, RawQuestion
from mingfa.bank.importing.words import type_word
from mingfa.spreadsheets import SheetError, write_xlsx

OPTIONS = [f"选项{letter}" for letter in "ABCDEFGH"]
HEADER = ["题型", "题干", *OPTIONS, "正确答案", "解析", "难度", "知识点", "分值", "依据法律", "依据条款"]
WIDTHS = [10, 60, *[20] * len(OPTIONS), 12, 40, 8, 16, 8, 24, 20]
CHOICES = {0: ["单选题", "多选题", "判断题", "填空题", "简答题"], HEADER.index("难度"): ["易", "中", "难"]}
HOW_TO = "每行一题。判断题答案写“正确”或“错误”；多选题答案写成 ABD；依据条款写成 第十七条第二款。"


def template_xlsx() -> bytes:
    """The empty table with drop-downs."""
    return write_xlsx(HEADER, [], sheet="试题", title=HOW_TO, widths=WIDTHS, choices=CHOICES)


def rejected_xlsx(parsed: Parsed) -> bytes:
    """The rows that were not saved as they stood, with where they stood and every reason."""
    return rejected_table(
        [*cells_of(one.raw), one.place.sheet, one.place.row, "\n".join(_reason(error) for error in one.errors)]
        for one in parsed.rejected
    )


def rejected_table(rows: Iterable[list]) -> bytes:
    """The same from rows: the cells of a question (`cells_of`), its sheet and row, what has to be changed."""
    header = [*HEADER, "原工作表", "原行号", "要改什么"]
    return write_xlsx(header, list(rows), sheet="待改正", widths=[*WIDTHS, 12, 8, 60], choices=CHOICES)


def _reason(error: SheetError) -> str:
    return (f"{error.column} 列：" if error.column else "") + error.message


def cells_of(raw: RawQuestion) -> list[str]:
    """The words of a question in the columns of the table."""
    options = [*raw.options[: len(OPTIONS)], *[""] * (len(OPTIONS) - len(raw.options))]
    type = raw.type_tag or next((word for word in map(type_word, raw.hints) if word), "")
    return [
        *(type, raw.stem, *options, raw.answer, raw.explanation, raw.difficulty, raw.topic, raw.marks),
        *(raw.laws, raw.articles),
    ]
