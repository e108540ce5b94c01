"""Names in one spelling, initials for searching, user names nobody has."""
import pytest
from mingfa.people.names import UserNames, fold_name, initials, username_base


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("乙　二", "乙二"),
        (" 丁 四 ", "丁四"),
        ("阿娜尔•古丽", "阿娜尔·古丽"),
        ("阿娜尔・古丽", "阿娜尔·古丽"),
        ("John  Li", "John Li"),
    ],
)
def test_blanks_and_dots_are_folded(text, name):
    assert fold_name(text) == name


@pytest.mark.parametrize(
    ("name", "letters"),
    [("丁四", "ds"), ("曾国强", "zgq"), ("单小明", "sxm"), ("阿娜尔·古丽", "anegl")],
)
def test_initials_follow_the_reading_of_surnames(name, letters):
    assert initials(name) == letters


def test_user_names_are_numbered_when_taken():
    names = UserNames({"dingsi", "dingsi3"})

    assert [names.take("丁四") for _ in range(3)] == ["dingsi2", "dingsi4", "dingsi5"]
    assert username_base("・") == "ren"
