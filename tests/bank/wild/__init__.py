"""Question files as offices write them, made from a seed with every layout trait at random, and what they truly hold.

`make(seed)` gives the bytes of one file, its name and its questions. Nothing here knows how they are read.
"""

import random

from tests.bank.truths import Truth
from tests.bank.wild.layouts import Layout, layout_for
from tests.bank.wild.lines import lines_of
from tests.bank.wild.questions import questions_of
from tests.bank.wild.tables import as_table
from tests.bank.word_files import document


def make(seed: int) -> tuple[bytes, str, list[Truth], Layout]:
    """(bytes, file name, questions in file order, layout) of one file."""
    dice = random.Random(seed)
    form = dice.choice(("txt", "txt", "txt", "docx", "docx", "auto", "table", "xlsx", "csv", "one_line"))
    layout = layout_for(dice, form)
    questions = questions_of(dice, layout)
    if form in ("xlsx", "csv", "table"):
        return (*as_table(dice, form, questions), questions, layout)
    lines = lines_of(dice, layout, questions)
    if form in ("docx", "auto"):
        return document(lines), f"题目{seed}.docx", questions, layout
    text = ("" if form == "one_line" else layout.newline).join(line.text for line in lines)
    return text.encode(layout.encoding, errors="strict"), f"题目{seed}.txt", questions, layout
