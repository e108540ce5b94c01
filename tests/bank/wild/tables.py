"""Made files that are tables."""

import random

from mingfa.spreadsheets import write_csv, write_xlsx

from tests.bank.truths import Truth
from tests.bank.wild.signs import FALSE, TAGS, TRUE
from tests.bank.word_files import Paragraph, document, table


def as_table(dice: random.Random, form: str, questions: list[Truth]) -> tuple[bytes, str]:
    """(bytes, name) of the questions as a sheet, or as a table in Word."""
    header = ["序号", "题型", "题干", "A", "B", "C", "D", "E", "答案", "解析"]
    one_cell = dice.random() < 0.4
    if one_cell:
        header = ["序号", "题型", "题目", "选项", "正确答案", "解析"]
    rows = []
    for number, question in enumerate(questions, 1):
        texts = [f"{letter}.{option}" for letter, option in zip("ABCDE", question.options, strict=False)]
        options = (
            [dice.choice(("\n", "；") if form != "csv" else ("；",)).join(texts)]
            if one_cell
            else [*question.options, *[""] * (5 - len(question.options))]
        )
        said = dice.choice(TRUE if question.answer == "T" else FALSE) if question.type == "judge" else question.answer
        rows.append([number, TAGS[question.type] + "题", question.stem, *options, said, question.explanation])
    if form == "xlsx":
        return write_xlsx(header, rows, sheet="试题"), "题库.xlsx"
    if form == "csv":
        return write_csv(header, rows), "题库.csv"
    with_header = dice.random() < 0.7 or any(not question.explanation for question in questions) or one_cell
    cells = [[str(cell) for cell in row] for row in rows]
    return document([Paragraph("题库"), table([header, *cells] if with_header else cells)]), "表格.docx"
