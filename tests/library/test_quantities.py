"""Amounts, limits, shares and dates are the same whatever digits they are written in."""
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mingfa.library.citations import int_to_chinese
from mingfa.library.quantities import UNITS, WORDS_WITH_ONE, bare_number, number_value, quantities, stands_in


def found(text):
    return [(one.value, one.unit) for one in quantities(text)]


@given(st.integers(0, 9999), st.sampled_from(sorted(UNITS)))
def test_chinese_and_arabic_digits_are_the_same_quantity(number, unit):
    assert found(f"应当{int_to_chinese(number)}{unit}内") == found(f"应当 {number}{unit}内")
    if number != 1 or UNITS[unit] not in WORDS_WITH_ONE:
        assert found(f"应当{number}{unit}内") == [(number, UNITS[unit])]


@given(st.integers(2000, 2099), st.integers(1, 12), st.integers(1, 28))
def test_a_date_is_its_year_and_its_day_in_both_spellings(year, month, day):
    wanted = [(year, "年"), (month * 100 + day, "月日")]
    years = "".join("〇一二三四五六七八九"[int(digit)] for digit in str(year))
    assert found(f"自{year}年{month}月{day}日起施行") == wanted
    assert found(f"自{years}年{int_to_chinese(month)}月{int_to_chinese(day)}日起施行") == wanted


@given(st.integers(1, 100))
def test_a_share_is_the_same_in_words_and_with_a_sign(share):
    assert found(f"百分之{int_to_chinese(share)}") == found(f"{share}%") == [(Fraction(share, 100), "%")]


@given(st.integers(1, 9999))
def test_a_limit_stands_only_in_a_text_that_names_it(number):
    limit = quantities(f"{number}日")[0]
    assert stands_in(limit, f"应当自收到之日起{int_to_chinese(number)}日内提出")
    assert not stands_in(limit, f"应当自收到之日起{number + 1}日内提出")
    assert not stands_in(limit, f"应当自收到之日起{number}个月内提出")


@given(st.text(alphabet="零一二十百千万亿点年月日元分之半%0123456789.,，至第个人 "))
def test_no_text_breaks_the_reading(text):
    for one in quantities(text):
        assert one.words


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("六十日", [(60, "日")]),
        ("15个工作日内", [(15, "日")]),
        ("６０日", [(60, "日")]),
        ("三至九人", [(3, "人"), (9, "人")]),
        ("10-15日", [(10, "日"), (15, "日")]),
        ("两名以上", [(2, "人")]),
        ("五万元以下", [(50000, "元")]),
        ("2.5万元", [(25000, "元")]),
        ("1,000元", [(1000, "元")]),
        ("三分之二以上", [(Fraction(2, 3), "%")]),
        ("过半数", [(Fraction(1, 2), "%")]),
        ("半年内", [(6, "个月")]),
        ("一年内", [(1, "年")]),
        ("每年12月4日", [(1204, "月日")]),
        ("十八周岁", [(18, "岁")]),
        ("第三人、第二年、第一百八十八条第一款", []),
        ("一次告知、一人一户、一般情况", []),
        ("零分之一", []),
    ],
)
def test_quantities_are_read_as_laws_write_them(text, wanted):
    assert found(text) == wanted


def test_a_quantity_keeps_the_words_of_its_text():
    assert [one.words for one in quantities("2022年5月1日起三十日，处百分之三")] == ["2022年", "5月1日", "三十日", "百分之三"]


@pytest.mark.parametrize(
    ("words", "value"), [("十二万", 120000), ("一亿零五", 100000005), ("3万", 30000), ("1.5", Fraction(3, 2))]
)
def test_large_numbers_are_read(words, value):
    assert number_value(words) == value


def test_a_bare_number_stands_in_a_text_that_has_it_with_any_unit():
    assert stands_in(bare_number("30"), "三十日内")
    assert not stands_in(bare_number("30"), "六十日内")
    assert bare_number("30日") is None
