"""What differs between two wordings."""

from hypothesis import given
from hypothesis import strategies as st
from mingfa.bank.differences import LONGEST, Piece, compare, pieces


def test_a_changed_number_is_one_change():
    assert pieces("应当在三十日内办结。", "应当在六十日内办结。") == (
        Piece("same", "应当在"), Piece("gone", "三十"), Piece("new", "六十"), Piece("same", "日内办结。"),
    )  # fmt: skip


def test_equal_texts_are_one_piece_and_empty_ones_none():
    assert pieces("信访人", "信访人") == (Piece("same", "信访人"),)
    assert pieces("", "") == ()


def test_latin_words_and_digits_stay_whole():
    assert pieces("共 15 日 GB", "共 5 日 GB2") == (
        Piece("same", "共 "), Piece("gone", "15"), Piece("new", "5"), Piece("same", " 日 GB"), Piece("new", "2"),
    )  # fmt: skip


def test_parts_are_compared_by_their_name_and_lost_ones_come_last():
    found = compare({"题干": "甲", "选项 D": "丁"}, {"题干": "甲", "解析": "乙"})
    assert [(one.label, one.changed, one.pieces) for one in found] == [
        ("题干", False, (Piece("same", "甲"),)),
        ("解析", True, (Piece("new", "乙"),)),
        ("选项 D", True, (Piece("gone", "丁"),)),
    ]


def test_very_long_texts_are_compared_by_line():
    old = "\n".join(f"第{n}行" for n in range(LONGEST))
    assert [one.kind for one in pieces(old, old.replace("第7行", "另一行"))] == ["same", "gone", "new", "same"]


TEXT = st.text(st.sampled_from("甲乙三十六日内AB 12\n．（"), max_size=40)


@given(TEXT, TEXT)
def test_the_pieces_put_together_are_both_wordings(old, new):
    found = pieces(old, new)
    assert "".join(one.text for one in found if one.kind != "gone") == new
    assert "".join(one.text for one in found if one.kind != "new") == old
    assert all(one.text for one in found)
