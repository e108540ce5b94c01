"""Numbers with what they count, told alike however they are written: 三十日, 30天, ３０日. Pure."""

import re
import unicodedata
from collections import Counter

from mingfa.library.citations import chinese_to_int

NUMERAL = "[零〇一二两三四五六七八九十百千]"
UNIT = "个?(?:工作日|小时|周岁|日|天|年|月|周|分钟|元|人|名|次|倍|岁|件|户|条|款|项|平方米|公里|级)"
NUMBER = re.compile(rf"(\d+(?:\.\d+)?|{NUMERAL}+)([万亿]?)({UNIT}|%)")
PERCENT = re.compile(rf"百分之(\d+|{NUMERAL}+)")


def fold_quantities(text: str) -> str:
    """The text with its quantities in digits and one word for the same unit; the rest as it stands."""
    text = PERCENT.sub(lambda match: f"{_value(match[1])}%", text)
    return NUMBER.sub(lambda match: f"{_value(match[1])}{match[2]}{_unit(match[3])}", text)


def quantities(text: str) -> Counter[str]:
    """Each quantity of a text, folded, as often as it stands there."""
    folded = fold_quantities(unicodedata.normalize("NFKC", text))
    return Counter(match[0] for match in NUMBER.finditer(folded))


def _value(digits: str) -> str:
    return digits if digits[0].isdigit() else str(chinese_to_int(digits))


def _unit(unit: str) -> str:
    return unit.removeprefix("个").replace("天", "日")
