"""The detector of what tells who somebody is: tricky texts, and what holds for every text."""
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from mingfa.people.privacy import check_character

from outreach.engine import identifying as i
from outreach.engine.identifying import EVERYTHING, NUMBERS, find, masked
from outreach.engine.proofreading import Listed, slips

FOUND = [
    ("申请人李建国，男，1962年3月5日出生", [("name", "李建国"), ("date", "1962年3月5日")]),
    ("身份证号11010519491231002X。", [("identity", "11010519491231002X")]),
    ("身份证号１１０１０５１９４９１２３１００２Ｘ", [("identity", "１１０１０５１９４９１２３１００２Ｘ")]),
    ("110105 19491231 002x", [("identity", "110105 19491231 002x")]),
    ("老身份证110105491231002", [("identity", "110105491231002")]),
    ("电话138 0013 8000，或+86-13900139000", [("phone", "138 0013 8000"), ("phone", "+86-13900139000")]),
    ("区里电话0731-85551234", [("landline", "0731-85551234")]),
    ("卡号6222 0212 3456 7894", [("card", "6222 0212 3456 7894")]),
    ("湘A·12345和湘AD12345", [("plate", "湘A·12345"), ("plate", "湘AD12345")]),
    ("家住杏花路12号3栋2单元501室", [("address", "家住杏花路12号3栋2单元501室")]),
    ("嘉禾区澄溪镇樟树村", [("address", "嘉禾区澄溪镇樟树村")]),
    ("村民赵铁柱住在老街12号", [("name", "赵铁柱"), ("address", "住在老街12号")]),
    ("王小明诉称，没有收到", [("name", "王小明")]),
    ("姓名：欧阳修文", [("name", "欧阳修文")]),
    ("二〇二五年六月十二日下午", [("date", "二〇二五年六月十二日")]),
    ("2025-06-12送达", [("date", "2025-06-12")]),
    ("6月12日送达", [("date", "6月12日")]),
]
CLEAN = [
    "张某不服某镇的决定，李某某在场，王某甲没有来",
    "申请人张××，电话138****8000，身份证110105********002X",
    "罗阿姨和老李都说好，村民代表大会通过了",
    "湘A某车停在某小区某栋",
    "自2024年1月1日起施行，2023年9月1日修订",
    "法律服务热线12348，政务热线12345，报警110",
    "申请人高度重视，被告方面没有意见，居民许可后施工",
    "六十日内申请，第二十条第二款，2023年5月，第二天",
    "单号20231231123456789，文号信访发〔2026〕5号",
    "公里数12345678901234567，身份证号110105194912310021",
    "《行政复议法》第二十条，三个月后，某年5月",
]


@pytest.mark.parametrize(("text", "expected"), FOUND)
def test_what_tells_who_somebody_is_is_found(text, expected):
    assert [(one.kind, one.words) for one in find(text)] == expected


@pytest.mark.parametrize("text", CLEAN)
def test_what_is_hidden_or_public_is_no_finding(text):
    assert find(text) == []


plain = st.text(alphabet="的了在是我们这里说好吗，。某一二三镇村", max_size=30)
born = st.dates(min_value=date(1930, 1, 1), max_value=date(2019, 12, 31))


@st.composite
def identities(draw) -> str:
    region = draw(st.integers(110000, 659999))
    body = f"{region}{draw(born):%Y%m%d}{draw(st.integers(0, 999)):03}"
    return body + check_character(body)


@given(before=plain, number=identities(), after=plain)
@example(before="", number="11010519491231002X", after="")
def test_every_identity_number_with_its_check_character_is_found_where_it_stands(before, number, after):
    text = f"{before}{number}{after}"
    (one,) = [found for found in find(text, NUMBERS) if found.kind == i.IDENTITY]
    assert (one.start, text[one.start : one.end]) == (len(before), number)


@given(before=plain, number=identities(), step=st.integers(1, 9), after=plain)
def test_a_number_with_a_wrong_check_character_is_no_identity_number(before, number, step, after):
    wrong = number[:17] + "0123456789X"[("0123456789X".index(number[17]) + step) % 11]
    assert not [one for one in find(f"{before}{wrong}{after}", NUMBERS) if one.kind == i.IDENTITY]


@given(
    before=plain, second=st.sampled_from("3456789"), rest=st.integers(0, 999_999_999), after=plain,
    gap=st.sampled_from(["", " ", "-"]),
)  # fmt: skip
def test_every_mobile_number_is_found_however_it_is_grouped(before, second, rest, after, gap):
    digits = f"1{second}{rest:09}"
    number = f"{digits[:3]}{gap}{digits[3:7]}{gap}{digits[7:]}"
    assert [(one.kind, one.words) for one in find(f"{before}{number}{after}", (i.PHONE,))] == [("phone", number)]


@given(
    surname=st.sampled_from(i.SURNAMES), form=st.sampled_from(["某", "某某", "某甲", "××", "*", "XX"]),
    role=st.sampled_from(["申请人", "村民", "原告"]),
)  # fmt: skip
def test_no_name_written_with_a_hidden_part_is_a_finding(surname, form, role):
    assert [one for one in find(f"{role}{surname}{form}诉称，没有收到") if one.kind == i.NAME] == []


@given(text=st.text(alphabet="张王李某村民诉称男女，。0123456789Xx年月日路号栋单元室湘A-京 ", max_size=80))
def test_findings_lie_in_the_text_in_order_and_never_overlap(text):
    found = find(text)
    assert all(text[one.start : one.end] == one.words and one.kind in EVERYTHING for one in found)
    assert all(first.end <= second.start for first, second in pairwise(found))


@given(text=st.text(alphabet="张王李某村民诉称0123456789Xx年月日路号", max_size=60))
def test_full_width_digits_and_letters_hide_nothing(text):
    wide = "".join(chr(ord(one) + 0xFEE0) if one.isascii() and one.isalnum() else one for one in text)
    assert [(one.kind, one.start, one.end) for one in find(wide)] == [(one.kind, one.start, one.end) for one in find(text)]


@given(words=st.text(min_size=2, max_size=40))
def test_a_mask_tells_one_character_at_most(words):
    assert masked(words)[0] == words[0]
    assert set(masked(words)[1:]) == {"*"}


def test_a_listed_word_is_found_but_not_inside_its_right_spelling():
    listed = [Listed("mistaken", "登陆", "登录"), Listed("mistaken", "帐", "帐篷")]
    assert [(one.word, one.right) for one in slips("登陆以后看帐单，住帐篷", listed)] == [("登陆", "登录"), ("帐", "帐篷")]


def test_a_name_without_its_title_is_pointed_at():
    listed = [Listed("titled", "唐守正", "区委书记")]
    assert slips("区委书记唐守正到场，唐守正区委书记讲话", listed) == []
    assert [one.start for one in slips("会上唐守正讲话", listed)] == [2]
