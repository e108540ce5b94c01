"""How a made file is written."""

import random
from dataclasses import dataclass, replace

NUMBERS = ("{}.", "{}、", "{}．", "{})", "（{}）", "第{}题 ", "{}. ", "{}） ", "第{}题：", "第{c}题 ", "1-{} ")
LABELS = (
    "答案：", "【答案】", "答案:", "正确答案：", "参考答案：", "【答案】：答案：", "标准答案：",
    "答案 ", "（答案：", "【正确答案】",
)  # fmt: skip
WHERE_TAGS = ("【{}】", "（{}题）", "[{}题]", "end（{}）", "end（{}，2分）")


@dataclass
class Layout:
    """How a file is written; every trait is drawn on its own."""

    form: str
    number: str
    restart: bool
    sign: str
    options: str
    answer: str
    label: str
    explain: str
    heads: bool
    tags: str
    wide: bool
    blank_lines: bool
    noise: bool
    encoding: str
    letters: str
    judge_options: bool
    title: bool
    wrap: bool
    newline: str
    # Habits of some offices only; each is off in most files.
    shown: str = "red"
    points: bool = False
    option_signs: str = "letters"
    bare_judge: bool = False
    underlined: bool = False
    bracketed: bool = False
    key_table: bool = False


def layout_for(dice: random.Random, form: str) -> Layout:
    """Every trait drawn for a form of file."""
    return _with_habits(dice, _drawn(dice, form))


def _drawn(dice: random.Random, form: str) -> Layout:
    heads = dice.random() < 0.7
    answer = dice.choice(
        ("after", "after", "after", "stem", "end", "end_list", "strong" if form == "docx" else "after", "section_end")
    )
    if form == "one_line":
        answer, heads = "after", True
    return Layout(
        form=form,
        number="{}." if form == "one_line" else dice.choice(NUMBERS),
        restart=dice.random() < 0.5 and form != "auto",
        sign=dice.choice((".", "、", "．", ". ", ")", "）", ":", "(A)", "：")) if form != "one_line" else ".",
        options=dice.choice(("lines", "lines", "two", "four", "glued", "mixed", "tight")) if form not in ("auto", "one_line") else
        ("glued" if form == "one_line" else "lines"),
        answer=answer,
        label=dice.choice(LABELS),
        explain=dice.choice(("", "解析：", "【解析】", "依据：", "答案解析：", "出处：", "理由：")),
        heads=heads,
        tags=dice.choice(WHERE_TAGS) if not heads or dice.random() < 0.2 else "",
        wide=dice.random() < 0.15,
        blank_lines=dice.random() < 0.4,
        noise=dice.random() < 0.35 and form != "one_line",
        encoding=dice.choice(("utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le")),
        letters=dice.choice(("ABD", "A、B、D", "A,B,D", "a,b,d", "A B D", "ＡＢＤ", "ABD。", "A，B，D", "（ABD）", "A|B|D")),
        judge_options=dice.random() < 0.2,
        title=dice.random() < 0.6,
        wrap=dice.random() < 0.15 and form not in ("one_line", "auto"),
        newline=dice.choice(("\n", "\r\n")),
    )  # fmt: skip


def _with_habits(dice: random.Random, layout: Layout) -> Layout:
    plain = layout.form in ("txt", "docx") and layout.answer == "after" and layout.heads
    return replace(
        layout,
        restart=layout.restart or (layout.form == "auto" and dice.random() < 0.5),
        shown=dice.choice(("red", "bold", "underlined")),
        points=plain and bool(layout.explain) and dice.random() < 0.2,
        option_signs=dice.choices(("letters", "none", "circles"), (16, 1, 2))[0] if plain else "letters",
        bare_judge=plain and dice.random() < 0.15,
        underlined=plain and layout.form == "docx" and dice.random() < 0.4,
        bracketed=plain and dice.random() < 0.1,
        key_table=layout.form == "docx" and layout.answer in ("end", "section_end") and dice.random() < 0.5,
    )
