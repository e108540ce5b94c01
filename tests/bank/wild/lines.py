"""The lines of a made text or Word file."""

import random
import re
from dataclasses import replace

from tests.bank.truths import Truth
from tests.bank.wild.keys import answer_of, key_block, said_of
from tests.bank.wild.layouts import Layout
from tests.bank.wild.signs import FULL, NAMES, TAGS, TYPES
from tests.bank.word_files import Paragraph, runs_of


def lines_of(dice: random.Random, layout: Layout, questions: list[Truth]) -> list[Paragraph]:
    """The whole file, line by line."""
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
                lines += key_block(dice, layout, keys[-1:], titled=True, section=True)
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
        lines += key_block(dice, layout, keys[-1:], titled=True, section=True)
    elif layout.answer in ("end", "end_list", "section_end"):
        lines += key_block(dice, layout, keys, titled=True)
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
        lines += answer_of(dice, layout, question, own_judge)
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
        lines.append(Paragraph(f"答案：{said_of(dice, layout, child)}"))
    question.marks = 2 * len(question.children)
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
