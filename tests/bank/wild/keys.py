"""How the answers of a made file are written."""

import random
import re

from tests.bank.truths import Truth
from tests.bank.wild.layouts import Layout
from tests.bank.wild.signs import FALSE, FULL, POINTS, TRUE
from tests.bank.word_files import Paragraph, table


def said_of(dice: random.Random, layout: Layout, question: Truth) -> str:
    """The key as a file writes it."""
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


def answer_of(dice: random.Random, layout: Layout, question: Truth, own_judge: bool) -> list[Paragraph]:
    """The lines of the answer behind a question."""
    if question.type == "judge" and layout.bare_judge and not own_judge:
        why = "，" + question.explanation if question.explanation else ""
        return [Paragraph(dice.choice(("正确", "对") if question.answer == "T" else ("错误", "错")) + why)]
    said = ("A" if question.answer == "T" else "B") if own_judge else said_of(dice, layout, question)
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


def key_block(dice, layout: Layout, keys, *, titled: bool, section: bool = False) -> list[Paragraph]:
    """The keys of many questions in one place."""
    lines = [Paragraph("")] if layout.blank_lines else []
    if titled:
        lines.append(Paragraph(dice.choice(("参考答案", "参考答案：", "答案", "参考答案及解析", "【参考答案】"))))
    for head, numbered in keys:
        if head and not section:
            lines.append(Paragraph(re.sub(r"[（：].*", "", head) if head[0] != "（" else head.split("（每")[0]))
        if layout.answer == "end_list":
            for number, question in numbered:
                said = said_of(dice, layout, question) if question.type != "multiple" else question.answer
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
