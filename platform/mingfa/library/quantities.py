"""Time limits, amounts, shares and dates as laws write them: 六十日 is 60日, 百分之十 is 10%. Pure."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction

from mingfa.library.citations import chinese_to_int

CHINESE = r"[零〇一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]*"
NUMBER = rf"(?:\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+(?:\.\d+)?)[万亿]?|{CHINESE}"
# What is counted → under which name it is compared. 工作日 and 日 are one: whether days off count stands elsewhere.
UNITS = {
    "个工作日": "日", "工作日": "日", "日": "日", "天": "日", "个月": "个月", "月": "月", "年": "年", "周岁": "岁",
    "岁": "岁", "小时": "小时", "分钟": "分钟", "元": "元", "人": "人", "名": "人", "倍": "倍", "次": "次", "户": "户",
    "平方米": "平方米",
}  # fmt: skip
# 一次告知, 一人一户: a word rather than a count.
WORDS_WITH_ONE = {"次", "人", "户"}
SHARE = "%"
ANY_UNIT = ""

# 第三人, 第一年 are names of places, not amounts.
FOUND = re.compile(
    rf"(?<!第)(?:(?P<year>{NUMBER})年)?(?P<month>{NUMBER})月(?P<day>{NUMBER})日"
    rf"|百分之(?P<percent>{NUMBER})|(?P<sign>{NUMBER})%|(?<!第)(?P<below>{NUMBER})分之(?P<above>{NUMBER})"
    r"|(?P<half>半数|一半)|(?P<half_year>半年)"
    rf"|(?<!第)(?P<first>{NUMBER})(?:(?:至|到|[~-])(?P<last>{NUMBER}))?(?P<unit>{'|'.join(UNITS)})"
)
SCALES = (("亿", 10**8), ("万", 10**4))


@dataclass(frozen=True)
class Quantity:
    """A number and what it counts; `words` are how the text puts it. Days of the year have the unit 月日, as 501."""

    value: Fraction
    unit: str
    words: str = field(default="", compare=False)


def number_value(words: str) -> Fraction:
    """The value of 1,000, 2.5万, 三百二十 or 十二万. Raises ValueError for anything else."""
    for name, scale in SCALES:
        high, found, low = words.partition(name)
        if found:
            return (number_value(high) if high else Fraction(1)) * scale + (number_value(low) if low else 0)
    if words[:1].isascii():
        return Fraction(words.replace(",", ""))
    return Fraction(chinese_to_int(words))


def quantities(text: str) -> list[Quantity]:
    """Everything counted or dated in `text`, in order. Both ends of 三至九人 count; a full date is its year and its day."""
    folded = unicodedata.normalize("NFKC", text)
    return [one for match in FOUND.finditer(folded) for one in _read(match)]


def bare_number(text: str) -> Quantity | None:
    """A text that is a number and nothing else (30, 三十), as a quantity of any unit; None for other texts."""
    folded = unicodedata.normalize("NFKC", text).strip()
    if re.fullmatch(NUMBER, folded):
        return Quantity(number_value(folded), ANY_UNIT, folded)
    return None


def stands_in(quantity: Quantity, text: str) -> bool:
    """Whether `text` names this quantity, in whatever digits."""
    if quantity.unit != ANY_UNIT:
        return quantity in quantities(text)
    folded = unicodedata.normalize("NFKC", text)
    return any(number_value(found) == quantity.value for found in re.findall(NUMBER, folded))


def _read(match: re.Match) -> Iterator[Quantity]:
    words, parts = match[0], match.groupdict()
    if parts["month"]:
        if parts["year"]:
            yield Quantity(number_value(parts["year"]), "年", f"{parts['year']}年")
        day = number_value(parts["month"]) * 100 + number_value(parts["day"])
        yield Quantity(day, "月日", f"{parts['month']}月{parts['day']}日")
    elif parts["percent"] or parts["sign"]:
        yield Quantity(number_value(parts["percent"] or parts["sign"]) / 100, SHARE, words)
    elif parts["below"]:
        below = number_value(parts["below"])
        if below:
            yield Quantity(number_value(parts["above"]) / below, SHARE, words)
    elif parts["half"]:
        yield Quantity(Fraction(1, 2), SHARE, words)
    elif parts["half_year"]:
        yield Quantity(Fraction(6), "个月", words)
    else:
        unit = UNITS[parts["unit"]]
        for number in filter(None, (parts["first"], parts["last"])):
            value = number_value(number)
            if value != 1 or unit not in WORDS_WITH_ONE:
                yield Quantity(value, unit, f"{number}{parts['unit']}")
