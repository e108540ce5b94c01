"""Question files as offices write them, made from a seed with every layout trait at random, and what they truly hold.

`make(seed)` gives the bytes of one file, its name and its questions. Nothing here knows how they are read.
"""

import random
import re
from dataclasses import dataclass, field, replace

from mingfa.spreadsheets import write_csv, write_xlsx

from tests.bank.word_files import Paragraph, document, runs_of, table

LAWS = ("信访工作条例", "行政处罚法", "人民调解法", "宪法", "公务员法", "民法典", "保守国家秘密法")
SUBJECTS = (
    "信访人",
    "村民委员会",
    "行政机关",
    "人民调解委员会",
    "公务员",
    "当事人",
    "县级人民政府",
    "用人单位",
    "B超室",
    "A镇",
)
DEEDS = (
    "应当在{n}日内作出答复", "可以依法提出申请", "不得收取任何费用", "自收到通知之日起{n}日内办结", "按照第{n}条的规定处理",
    "于{y}年{m}月1日前完成登记", "承担3.5%的费用", "提交A4纸打印的材料", "根据调解协议的答案作出说明", "由甲、乙双方协商",
)  # fmt: skip
WORDS = (
    "书信", "走访", "电话", "信息网络", "警告", "罚款", "行政拘留", "记过", "优秀", "称职", "基本称职", "不称职", "省部级",
    "厅局级", "县处级", "乡科级", "一年", "二年", "三年", "五年", "B超检查", "A4纸", "3.5%", "2022年5月1日", "第1条",
    "CPI指数", "60日", "1.5倍", "甲、乙两方", "（一）项情形", "以上都对", "全国人民代表大会", "由T市人民政府决定",
    "“三审三校”制度",
    "不超过7人", "1954年9月20日", "5G网络", "WTO规则", "30", "7", "12月4日", "对当事人的处分", "正确处理矛盾",
)  # fmt: skip
POINTS = ("依法登记", "及时答复", "转送有关机关", "告知申请人权利", "组织听证", "形成书面意见")
TYPES = ("single", "multiple", "judge", "blank", "short", "order", "match", "case")
NAMES = {
    "single": ("单选题", "单项选择题"), "multiple": ("多选题", "多项选择题"), "judge": ("判断题", "是非题"),
    "blank": ("填空题",), "short": ("简答题", "问答题"), "order": ("排序题",), "match": ("配对题", "连线题"),
    "case": ("案例分析题", "案例题"),
}  # fmt: skip
TAGS = {"single": "单选", "multiple": "多选", "judge": "判断", "blank": "填空", "short": "简答"}
NUMBERS = ("{}.", "{}、", "{}．", "{})", "（{}）", "第{}题 ", "{}. ", "{}） ", "第{}题：", "第{c}题 ", "1-{} ")
LABELS = (
    "答案：", "【答案】", "答案:", "正确答案：", "参考答案：", "【答案】：答案：", "标准答案：",
    "答案 ", "（答案：", "【正确答案】",
)  # fmt: skip
WHERE_TAGS = ("【{}】", "（{}题）", "[{}题]", "end（{}）", "end（{}，2分）")
TRUE = ("√", "对", "正确", "是", "T", "✓", "正确。", "（√）", "对。")
FALSE = ("×", "错", "错误", "否", "F", "✗", "错误。", "（×）", "错。")
FULL = str.maketrans({chr(code): chr(code + 0xFEE0) for code in [*range(48, 58), *range(65, 91)]})


@dataclass
class Truth:
    """A question as its file means it. answer: letters, "T" or "F", a line a blank, text. given: what a reader must find."""

    type: str
    stem: str
    options: tuple[str, ...] = ()
    answer: str = ""
    explanation: str = ""
    marks: float | None = None
    difficulty: int | None = None
    prompts: tuple[str, ...] = ()
    children: list["Truth"] = field(default_factory=list)


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


def make(seed: int) -> tuple[bytes, str, list[Truth], Layout]:
    """(bytes, file name, questions in file order, layout) of one file."""
    dice = random.Random(seed)
    form = dice.choice(("txt", "txt", "txt", "docx", "docx", "auto", "table", "xlsx", "csv", "one_line"))
    layout = _with_habits(dice, _layout(dice, form))
    questions = _questions(dice, layout)
    if form in ("xlsx", "csv", "table"):
        return (*_as_table(dice, form, questions), questions, layout)
    lines = _lines(dice, layout, questions)
    if form in ("docx", "auto"):
        return document(lines), f"题目{seed}.docx", questions, layout
    text = ("" if form == "one_line" else layout.newline).join(line.text for line in lines)
    return text.encode(layout.encoding, errors="strict"), f"题目{seed}.txt", questions, layout


def _layout(dice: random.Random, form: str) -> Layout:
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


def _questions(dice: random.Random, layout: Layout) -> list[Truth]:
    kinds = ["single", "multiple", "judge"]
    if (
        layout.heads
        and layout.answer in ("after", "end_list")
        and layout.form not in ("one_line", "xlsx", "csv", "table")
    ):
        kinds += [kind for kind in ("blank", "short", "order", "match", "case") if dice.random() < 0.4]
    if layout.answer == "strong":
        kinds = ["single", "multiple"]
    if layout.answer == "end_list":
        kinds = [kind for kind in kinds if kind not in ("case", "order", "match")]
    if layout.form in ("xlsx", "csv", "table"):
        kinds = ["single", "multiple", "judge"]
    questions, seen = [], set()
    for kind in kinds:
        for _ in range(dice.randint(2, 6)):
            made = _question(dice, layout, kind)
            if re.sub(r"\W", "", made.stem) not in seen:
                seen.add(re.sub(r"\W", "", made.stem))
                questions.append(made)
    if not layout.heads and layout.form not in ("xlsx", "csv", "table"):
        dice.shuffle(questions)
    return questions


def _deed(dice: random.Random) -> str:
    deed = dice.choice(DEEDS).format(n=dice.randint(2, 90), y=dice.randint(1950, 2026), m=dice.randint(1, 12))
    return f"{dice.choice(SUBJECTS)}{deed}"


def _question(dice: random.Random, layout: Layout, kind: str) -> Truth:
    law, deed, other = dice.choice(LAWS), _deed(dice), _deed(dice)
    explanation = (
        f"《{law}》第{dice.choice('一二三四五六七八九')}十条。" if layout.explain and dice.random() < 0.8 else ""
    )
    if kind in ("single", "multiple"):
        count = dice.choice((4, 4, 4, 4, 3, 5)) if kind == "multiple" or layout.answer != "x" else 4
        options = tuple(dice.sample(WORDS, count))
        letters = "ABCDE"[:count]
        answer = "".join(sorted(dice.sample(letters, 1 if kind == "single" else dice.randint(2, min(count, 4)))))
        opening = dice.choice(
            (
                "根据《{law}》，{deed}，",
                "{y}年，{deed}，{other}，",
                "{deed}，",
                "关于{deed}的说法，",
                "《{law}》第1条规定，{deed}，",
            )
        )
        stem = opening.format(law=law, deed=deed, other=other, y=dice.randint(1954, 2026))
        stem += dice.choice(
            ("正确的是（ ）。", "下列属于（ ）的情形。", "应当采用（ ）", "由（ ）负责。", "下列答案正确的有（ ）。")
        )
        return Truth(kind, stem, options, answer, explanation)
    if kind == "judge":
        return Truth(kind, f"{deed}，{other}。", (), dice.choice("TF"), explanation)
    if kind == "blank":
        gaps = dice.randint(1, 3)
        stem = deed + "".join(f"，期限为____{dice.choice('日天')}" for _ in range(gaps)) + "。"
        return Truth(kind, stem, (), "\n".join(str(dice.randint(2, 90)) for _ in range(gaps)), explanation)
    if kind == "short":
        stem = f"简述{deed}的程序。"
        points = dice.sample(POINTS, 3)
        style = dice.choice(("line", "points", "chinese"))
        answer = {"line": "；".join(points) + "。", "points": "\n".join(f"{n}.{one}。" for n, one in enumerate(points, 1)),
                  "chinese": "\n".join(f"（{n}）{one}。" for n, one in zip("一二三", points, strict=True))}[style]  # fmt: skip
        return Truth(kind, stem, (), answer, "")
    if kind == "order":
        options = tuple(dice.sample(POINTS, 4))
        return Truth(kind, f"办理{deed}事项的先后顺序是（ ）。", options, "".join(dice.sample("ABCD", 4)))
    if kind == "match":
        return Truth(kind, f"把{deed}的机关和事项配对。", tuple(dice.sample(POINTS, 3)), "".join(dice.sample("ABC", 3)),
                     prompts=tuple(dice.sample(SUBJECTS[:8], 3)))  # fmt: skip
    children = [
        _question(dice, replace(layout, explain=""), one) for one in dice.sample(("single", "multiple", "judge"), 2)
    ]
    return Truth("case", f"{deed}，{other}，群众到区里反映情况。", children=children)


def _lines(dice: random.Random, layout: Layout, questions: list[Truth]) -> list[Paragraph]:
    lines: list[Paragraph] = []
    if layout.title:
        lines.append(
            Paragraph(dice.choice(("2026年法治理论考试题库", "领导干部学法用法知识竞赛试题", "某区普法考试复习资料")))
        )
        if dice.random() < 0.3:
            lines.append(Paragraph("姓名：______ 单位：______ 得分：______"))
    if layout.form == "one_line":
        lines = []
    number, kind, place, head_numbers = 0, None, 0, "一二三四五六七八"
    keys: list[tuple[str, list[tuple[int, Truth]]]] = []
    for question in questions:
        if layout.heads and question.type != kind:
            if layout.answer == "section_end" and keys:
                lines += _key_block(dice, layout, keys[-1:], titled=True, section=True)
            kind, place = question.type, place + 1
            number = 0 if layout.restart else number
            head, marks = _head(dice, layout, kind, head_numbers[place - 1])
            group = [one for one in questions if one.type == kind]
            for one in group:
                one.marks = marks if kind not in ("case",) else None
            lines.append(Paragraph(head))
            keys.append((head, []))
        elif not keys:
            keys.append(("", []))
        number += 1
        keys[-1][1].append((number, question))
        if layout.blank_lines and layout.form != "one_line":
            lines.append(Paragraph(""))
        lines += _one(dice, layout, question, number)
        if layout.noise and dice.random() < 0.15:
            lines.append(Paragraph(dice.choice(("第 3 页 共 12 页", "- 5 -", "—————————", "2026年法治理论考试题库"))))
    if layout.answer == "section_end" and layout.heads:
        lines += _key_block(dice, layout, keys[-1:], titled=True, section=True)
    elif layout.answer in ("end", "end_list", "section_end"):
        lines += _key_block(dice, layout, keys, titled=True)
    return [line if layout.form == "auto" else replace(line, label="") for line in _widened(layout, lines)]


def _head(dice: random.Random, layout: Layout, kind: str, digit: str) -> tuple[str, float | None]:
    name = dice.choice(NAMES[kind])
    if layout.form == "one_line":
        return f"{digit}、{name}(每题2分,共20分)", 2
    form = dice.choice(
        (
            "{d}、{n}（每题{m}分，共20分）",
            "{d}、{n}",
            "{n}",
            "第{d}部分  {n}（20题）",
            "（{d}）{n}",
            "{d}、{n}：共10题，每题{m}分。",
        )
    )
    marks = dice.choice((1, 2, 1.5)) if "{m}" in form else None
    if kind in ("blank", "case", "match", "order"):
        form, marks = "{d}、{n}", None
    return form.format(d=digit, n=name, m=marks), marks


def _one(dice: random.Random, layout: Layout, question: Truth, number: int) -> list[Paragraph]:
    mark = layout.number.format(number, c=_chinese(number))
    auto = layout.form == "auto"
    tag, tail = "", ""
    if layout.tags and question.type in TAGS:
        words = layout.tags.removeprefix("end").format(TAGS[question.type])
        tail, tag = (words, "") if layout.tags.startswith("end") else ("", words)
        if "2分" in words:
            question.marks = 2
    if question.type == "case":
        return _case(dice, layout, question, mark)
    if question.type == "blank" and (layout.underlined or layout.bracketed):
        return _filled(layout, question, mark)
    stem = _key_in_stem(dice, layout, question)
    text = tag + stem + tail
    lines = [Paragraph(text, label="1", list=_list_of(layout, question))] if auto else _wrapped(dice, layout, mark + text)
    if question.prompts:
        lines += [Paragraph(f"{place}.{prompt}") for place, prompt in enumerate(question.prompts, 1)]
    options = question.options
    own_judge = (
        question.type == "judge" and layout.judge_options and layout.answer == "after" and layout.form != "one_line"
    )
    if own_judge:
        options = ("正确", "错误")
    if question.type in ("single", "multiple") and layout.option_signs != "letters":
        signs = "①②③④⑤" if layout.option_signs == "circles" else ["", "", "", "", ""]
        lines += [Paragraph(f"{sign}{option}") for sign, option in zip(signs, options, strict=False)]
    else:
        strong = question.answer if layout.answer == "strong" else ""
        if len(strong) == len(options):
            # All options in bold would be the style of the file.
            layout = replace(layout, shown="red")
        lines += _options(dice, layout, options, strong, _list_of(layout, question))
    if layout.answer == "after":
        lines += _answer(dice, layout, question, own_judge)
    elif layout.answer == "stem" and question.explanation:
        lines.append(Paragraph(layout.explain + question.explanation))
    elif layout.answer in ("end", "section_end", "strong"):
        question.explanation = ""
    return lines


def _filled(layout: Layout, question: Truth, mark: str) -> list[Paragraph]:
    """A 填空 whose answers are typed into its gaps."""
    question.explanation = ""
    parts, said = question.stem.split("____"), question.answer.split("\n")
    if layout.bracketed:
        text = "".join(part + f"（{key}）" for part, key in zip(parts, said, strict=False)) + parts[-1]
        return [Paragraph(mark + text)]
    parts[0] = mark + parts[0]
    runs = [one for part, key in zip(parts, said, strict=False) for one in ((part, ""), (key, "underlined"))]
    return [runs_of([*runs, (parts[-1], "")])]


def _list_of(layout: Layout, question: Truth) -> int:
    """Numbers that begin again under each head are another list of the document, with its start overridden."""
    return TYPES.index(question.type) + 1 if layout.restart and layout.heads else 1


def _chinese(number: int) -> str:
    tens, ones = divmod(number, 10)
    digits = " 一二三四五六七八九"
    return ((digits[tens] if tens > 1 else "") + ("十" if tens else "") + digits[ones]).strip()


def _key_in_stem(dice: random.Random, layout: Layout, question: Truth) -> str:
    if layout.answer != "stem":
        if question.type == "judge" and layout.answer != "after" and dice.random() < 0.6:
            return question.stem + dice.choice(("（ ）", "(  )", "（　　）"))
        return question.stem.replace("（ ）", dice.choice(("（ ）", "（　）", "( )", "（）", "(   )")))
    if question.type == "judge":
        said = dice.choice(("√", "对", "正确") if question.answer == "T" else ("×", "错", "错误"))
        return dice.choice((f"{question.stem}（{said}）", f"（{said}）{question.stem}", f"{question.stem}( {said} )"))
    return question.stem.replace(
        "（ ）", f"（{dice.choice((question.answer, ' ' + question.answer + ' ', '、'.join(question.answer)))}）"
    )


def _options(
    dice: random.Random, layout: Layout, options: tuple[str, ...], strong: str, options_of: int = 1
) -> list[Paragraph]:
    if not options:
        return []
    if layout.form == "auto":
        return [Paragraph(option, label="A", list=options_of) for option in options]
    sign = layout.sign
    texts = [
        f"({letter}){option}" if sign == "(A)" else f"{letter}{sign}{option}"
        for letter, option in zip("ABCDEFGH", options, strict=False)
    ]
    if strong:
        shown = [layout.shown if letter in strong else "" for letter in "ABCDEFGH"]
        return [Paragraph(text, strong=how) for how, text in zip(shown, texts, strict=False)]
    how = layout.options
    if how == "mixed":
        how = dice.choice(("lines", "two", "four"))
    if how == "glued" or how == "tight":
        return [Paragraph("".join(texts) if how == "glued" else " ".join(texts))]
    if how == "lines":
        return [Paragraph(text) for text in texts]
    step = 2 if how == "two" else 4
    gap = dice.choice(("    ", "\t", "  "))
    return [Paragraph(gap.join(texts[place : place + step])) for place in range(0, len(texts), step)]


def _said(dice: random.Random, layout: Layout, question: Truth) -> str:
    if question.type == "judge":
        return dice.choice(TRUE if question.answer == "T" else FALSE)
    if question.type == "multiple":
        between = layout.letters
        letters = question.answer
        if "、" in between:
            return "、".join(letters)
        if "," in between:
            return ",".join(letters.lower() if between[0] == "a" else letters)
        if "，" in between:
            return "，".join(letters)
        if "|" in between:
            return "|".join(letters)
        if between == "A B D":
            return " ".join(letters)
        if between == "ＡＢＤ":
            return letters.translate(FULL)
        return f"（{letters}）" if between.startswith("（") else letters + ("。" if between.endswith("。") else "")
    if question.type == "blank":
        return "；".join(question.answer.split("\n"))
    if question.type == "order":
        return dice.choice(
            (
                question.answer,
                "→".join(question.answer),
                "-".join(question.answer),
                "".join(str(ord(one) - 64) for one in question.answer),
            )
        )
    if question.type == "match":
        return " ".join(f"{place}-{letter}" for place, letter in enumerate(question.answer, 1))
    if question.type == "single" and dice.random() < 0.15:
        return f"{question.answer}（{question.options[ord(question.answer) - 65]}）"
    return question.answer


def _answer(dice: random.Random, layout: Layout, question: Truth, own_judge: bool) -> list[Paragraph]:
    if question.type == "judge" and layout.bare_judge and not own_judge:
        why = "，" + question.explanation if question.explanation else ""
        return [Paragraph(dice.choice(("正确", "对") if question.answer == "T" else ("错误", "错")) + why)]
    said = ("A" if question.answer == "T" else "B") if own_judge else _said(dice, layout, question)
    label = layout.label
    if question.type in ("short", "blank", "order", "match") and label in ("答案 ", "（答案："):
        label = "答案："
    if question.type == "short":
        label = dice.choice(("答：", "参考答案：", label))
    if label == "答案 " and (said[0] not in "ABCDEFGH√×对错正" or question.type == "multiple"):
        label = "答案："
    if label == "（答案：" and not re.fullmatch(r"[A-H]+|[√×对错]", said):
        label = "答案："
    if layout.option_signs == "circles" and question.type in ("single", "multiple"):
        label, said = "答案：", "".join("①②③④⑤"[ord(letter) - 65] for letter in question.answer)
    if layout.option_signs == "none" and question.type in ("single", "multiple"):
        label, said = "答案：", question.answer
    if question.explanation and layout.points:
        listed = dice.sample(POINTS, 3)
        question.explanation += "".join(f"\n{place}.{one}。" for place, one in enumerate(listed, 1))
    text = label + said + ("）" if label == "（答案：" else "")
    lines = [text.split("\n")[0], *text.split("\n")[1:]]
    if question.explanation and layout.explain:
        behind = layout.explain + question.explanation
        if (
            layout.explain in ("解析：", "【解析】")
            and dice.random() < 0.2
            and question.type != "short"
            and not layout.points
            and layout.form != "auto"
        ):
            lines[-1] += ("" if layout.form == "one_line" else " ") + behind
        else:
            lines += behind.split("\n")
    elif question.explanation:
        question.explanation = ""
    if layout.form != "one_line" and dice.random() < 0.15:
        question.difficulty = dice.choice((1, 2, 3))
        lines.append(f"难度：{'易中难'[question.difficulty - 1]}")
    return [Paragraph(line) for line in lines]


def _case(dice: random.Random, layout: Layout, question: Truth, mark: str) -> list[Paragraph]:
    if layout.form == "auto" or dice.random() < 0.5:
        lines = [Paragraph(f"【案例】{question.stem}")]
    else:
        lines = [Paragraph(f"{mark}{question.stem}")]
        if layout.number == "（{}）":
            lines = [Paragraph(f"【案例】{question.stem}")]
    for place, child in enumerate(question.children, 1):
        kind = {"single": "单选", "multiple": "多选", "judge": "判断"}[child.type]
        lines.append(Paragraph(f"（{place}）{child.stem}（{kind}，2分）"))
        child.marks = 2
        lines += [Paragraph(f"{letter}.{option}") for letter, option in zip("ABCDE", child.options, strict=False)]
        lines.append(Paragraph(f"答案：{_said(dice, layout, child)}"))
    question.marks = 2 * len(question.children)
    return lines


def _key_block(dice, layout: Layout, keys, *, titled: bool, section: bool = False) -> list[Paragraph]:
    lines = [Paragraph("")] if layout.blank_lines else []
    if titled:
        lines.append(Paragraph(dice.choice(("参考答案", "参考答案：", "答案", "参考答案及解析", "【参考答案】"))))
    for head, numbered in keys:
        if head and not section:
            lines.append(Paragraph(re.sub(r"[（：].*", "", head) if head[0] != "（" else head.split("（每")[0]))
        if layout.answer == "end_list":
            for number, question in numbered:
                said = _said(dice, layout, question) if question.type != "multiple" else question.answer
                behind = (
                    f" {layout.explain}{question.explanation}"
                    if question.explanation and layout.explain in ("解析：", "【解析】")
                    else ""
                )
                question.explanation = question.explanation if behind else ""
                lines += [Paragraph(line) for line in f"{number}.{said}{behind}".split("\n")]
            continue
        for _, question in numbered:
            question.explanation = ""
        kinds = {question.type for _, question in numbered}
        said = {
            number: ("√" if question.answer == "T" else "×") if question.type == "judge" else question.answer
            for number, question in numbered
        }
        if layout.key_table:
            lines.append(table([["题号", *map(str, said)], ["答案", *said.values()]]))
        elif kinds == {"single"} or kinds == {"judge"}:
            numbers = list(said)
            step = dice.choice((5, 10))
            parts = [numbers[place : place + step] for place in range(0, len(numbers), step)]
            words = [
                f"{part[0]}-{part[-1]} {''.join(said[one] for one in part)}"
                if len(part) > 1
                else f"{part[0]}.{said[part[0]]}"
                for part in parts
            ]
            lines.append(Paragraph("  ".join(words)))
        else:
            lines.append(Paragraph("  ".join(f"{number}.{key}" for number, key in said.items())))
    return lines


def _wrapped(dice: random.Random, layout: Layout, text: str) -> list[Paragraph]:
    """A stem that runs on in the next line."""
    if layout.wrap and len(text) > 30 and dice.random() < 0.5 and re.fullmatch(r"[\u4e00-\u9fff]{2}", text[19:21]):
        return [Paragraph(text[:20]), Paragraph(text[20:])]
    return [Paragraph(text)]


def _widened(layout: Layout, lines: list[Paragraph]) -> list[Paragraph]:
    if not layout.wide:
        return lines
    return [
        replace(line, text=re.sub(r"^[\dA-H]+(?=[.．、:：)）])", lambda match: match[0].translate(FULL), line.text))
        for line in lines
    ]


def _as_table(dice: random.Random, form: str, questions: list[Truth]) -> tuple[bytes, str]:
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
