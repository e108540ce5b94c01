"""The words people use for types, difficulty and marks."""

import re
from decimal import Decimal, InvalidOperation

from mingfa.bank.drafts import (
    BLANK,
    CASE,
    EASY,
    HARD,
    JUDGE,
    LARGEST_MARKS,
    MATCH,
    MEDIUM,
    MULTIPLE,
    ORDER,
    SHORT,
    SINGLE,
)
from mingfa.bank.importing.folding import fold_word

TYPE_WORDS = {
    SINGLE: r"单选|单项选择|单项题|单择|^单项$",
    MULTIPLE: r"多选|多项选择|多项题|不定项|^多项$",
    JUDGE: r"判断|是非|对错题|正误",
    BLANK: r"填空",
    SHORT: r"简答|问答|论述|名词解释|简述|辨析",
    CASE: r"案例|材料分析|材料题|综合分析|情景",
    ORDER: r"排序",
    MATCH: r"配对|匹配",
}
TYPE_LABELS = {
    SINGLE: "单选题",
    MULTIPLE: "多选题",
    JUDGE: "判断题",
    BLANK: "填空题",
    SHORT: "简答题",
    CASE: "案例分析题",
    ORDER: "排序题",
    MATCH: "配对题",
}
DIFFICULTY_WORDS = {
    EASY: {"易", "容易", "简单", "较易", "低", "1"},
    MEDIUM: {"中", "中等", "一般", "适中", "普通", "2"},
    HARD: {"难", "困难", "较难", "高", "3"},
}
EACH_MARKS = re.compile(r"每[小]?[题空](?:各|得|计)?(\d+(?:\.\d+)?)分|(\d+(?:\.\d+)?)分/题|每题(?:分值)?:?(\d+(?:\.\d+)?)分")
GAP_MARKS = re.compile(r"每[个]?空(?:格)?(\d+(?:\.\d+)?)分")
# 一、 第一部分 (一) II. in front, at most eight characters of name, 每题…分 in brackets behind.
SECTION_NUMBER = r"(第?[一二三四五六七八九十]+(部分|大题)?[、.,:]?|[(][一二三四五六七八九十]+[)]|[IVX]+[、.])"
SECTION_HEAD = re.compile(rf"^{SECTION_NUMBER}?.{{0,8}}题(目)?([(].*[)])?:?$")


def type_named(text: str) -> str | None:
    """The one type a text names; None where it names none, or several (“单选多选题库” tells nothing)."""
    folded = fold_word(text)
    named = [type for type, words in TYPE_WORDS.items() if re.search(words, folded)]
    return named[0] if len(named) == 1 else None


def type_word(text: str) -> str:
    """The plain word for the type a text names (“一、多选（每题2分）” → 多选题), "" if none."""
    return TYPE_LABELS.get(type_named(text), "")


def is_section_head(text: str) -> bool:
    """Whether a line of its own opens a section: 一、单项选择题(每题2分,共40分)."""
    return type_named(text) is not None and bool(SECTION_HEAD.match(fold_word(text)))


def marks_each(text: str) -> str:
    """The marks a section head gives each question, "" if none."""
    found = EACH_MARKS.search(fold_word(text))
    return next(filter(None, found.groups())) if found else ""


def gaps_in(stem: str) -> int:
    """How many blanks to fill in a stem has: ____ where there are any, else empty brackets."""
    lines = re.findall(r"_{2,}", stem)
    return len(lines) or len(re.findall(r"[(（]\s*[)）]", stem))


def marks_of_gaps(head: str, stem: str) -> str:
    """The marks of a 填空 under a head that gives marks for each blank (每空1分), "" if it does not."""
    found = GAP_MARKS.search(fold_word(head))
    gaps = gaps_in(stem)
    return str(Decimal(found[1]) * gaps) if found and gaps else ""


def difficulty_named(text: str) -> int | None:
    """1 to 3 for 易, 中, 难 and their synonyms; None for anything else."""
    folded = fold_word(text)
    return next((level for level, words in DIFFICULTY_WORDS.items() if folded in words), None)


def marks_given(text: str) -> Decimal | None:
    """2, 1.5 or 2分 as marks with at most one place; None for anything else."""
    try:
        marks = Decimal(fold_word(text).removesuffix("分"))
    except InvalidOperation:
        return None
    if not marks.is_finite() or not 0 < marks <= LARGEST_MARKS or marks != marks.quantize(Decimal("0.1")):
        return None
    return marks.quantize(Decimal("0.1"))
