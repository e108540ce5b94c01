"""The questions of a made file."""

import random
import re
from dataclasses import replace

from tests.bank.truths import Truth
from tests.bank.wild.layouts import Layout
from tests.bank.wild.signs import POINTS

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


def questions_of(dice: random.Random, layout: Layout) -> list[Truth]:
    """The questions of a file; what its layout cannot say is not asked."""
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
