"""Citations in running text."""
import pytest
from hypothesis import given
from hypothesis import strategies as st
from mingfa.library.citations import (
    CitationRef,
    chinese_to_int,
    find_citations,
    fold_title,
    format_citation,
    int_to_chinese,
    parse_citations,
)


def places(text, here=""):
    return [(ref.law_title, ref.article, ref.sub, ref.paragraph, ref.item) for ref in parse_citations(text, here)]


@given(st.integers(0, 9999))
def test_a_number_written_in_chinese_reads_back(number):
    assert chinese_to_int(int_to_chinese(number)) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("十", 10), ("一十", 10), ("两百", 200), ("一百零五", 105), ("一千二百六十", 1260), ("〇五", 5), ("１８８", 188)],
)
def test_numbers_are_read_as_people_write_them(text, number):
    assert chinese_to_int(text) == number


@pytest.mark.parametrize("text", ["", "条", "1a", "-1", "²"])
def test_what_is_no_number_is_refused(text):
    with pytest.raises(ValueError, match="not a number"):
        chinese_to_int(text)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("《石凳法》第三条", [("石凳法", 3, 0, 0, 0)]),
        ("《中华人民共和国石凳法》第3条", [("石凳法", 3, 0, 0, 0)]),
        ("《石凳法》（2021年修订）第三条", [("石凳法", 3, 0, 0, 0)]),
        ("《石凳法》3条", [("石凳法", 3, 0, 0, 0)]),
        ("《石凳法》第三条之一", [("石凳法", 3, 1, 0, 0)]),
        ("《石凳法》第三条第二款第（四）项", [("石凳法", 3, 0, 2, 4)]),
        ("《石凳法》第三条第四项", [("石凳法", 3, 0, 0, 4)]),
        ("《石凳法》第三条、第五条", [("石凳法", 3, 0, 0, 0), ("石凳法", 5, 0, 0, 0)]),
        ("《石凳法》第三至五条", [("石凳法", n, 0, 0, 0) for n in (3, 4, 5)]),
        ("《石凳法》第三条至第五条", [("石凳法", n, 0, 0, 0) for n in (3, 4, 5)]),
        ("《石凳法》第3、5-7条", [("石凳法", n, 0, 0, 0) for n in (3, 5, 6, 7)]),
        ("《石凳法》第三条之一至第三条之三", [("石凳法", 3, n, 0, 0) for n in (1, 2, 3)]),
        ("《石凳法》第三条第一款和第三款", [("石凳法", 3, 0, 1, 0), ("石凳法", 3, 0, 3, 0)]),
        ("《石凳法》第三条第一款至第三款", [("石凳法", 3, 0, n, 0) for n in (1, 2, 3)]),
        ("《石凳法》第三条第二款第一项、第三项", [("石凳法", 3, 0, 2, 1), ("石凳法", 3, 0, 2, 3)]),
        ("《石凳法》第三条，《花坛法》第四条", [("石凳法", 3, 0, 0, 0), ("花坛法", 4, 0, 0, 0)]),
        ("《关于执行〈石凳法〉的规定》第一条", [("关于执行《石凳法》的规定", 1, 0, 0, 0)]),
        ("《关于执行《中华人民共和国石凳法》的规定》第一条", [("关于执行《石凳法》的规定", 1, 0, 0, 0)]),
        ("《石凳法》第三条。第四条", [("石凳法", 3, 0, 0, 0)]),
        ("《石凳法》", []),
        ("第三条", []),
        ("根据石凳法第三条", []),
    ],
)
def test_citations_are_found(text, found):
    assert places(text) == found


def test_this_law_is_meant_only_where_the_reader_says_which_one_it_is():
    assert places("违反本法第三条、第五条规定") == []
    assert places("违反本法第三条、第五条规定", here="石凳法") == [("石凳法", 3, 0, 0, 0), ("石凳法", 5, 0, 0, 0)]
    assert places("依照第三条处理", here="石凳法") == [("石凳法", 3, 0, 0, 0)]


def test_a_law_named_without_title_marks_is_not_mistaken_for_this_one():
    assert places("依照花坛法第三条处理", here="石凳法") == []


def test_a_place_cited_twice_is_given_once():
    assert places("《石凳法》第三条和《石凳法》第三条") == [("石凳法", 3, 0, 0, 0)]


def test_a_senselessly_long_range_is_not_spelt_out():
    assert len(parse_citations("《石凳法》第一条至第九千条")) == 2


def test_positions_point_into_the_text_as_it_was_given():
    text = "依照《石凳法》第３条处理。"
    (found,) = find_citations(text)
    assert text[found.start : found.end] == "《石凳法》第３条"


def test_a_citation_is_written_the_official_way():
    ref = CitationRef("中华人民共和国石凳法", 120, 1, 2, 3)
    assert format_citation(ref) == "《石凳法》第一百二十条之一第二款第三项"


@pytest.mark.parametrize(
    ("title", "short"),
    [
        ("中华人民共和国石凳法", "石凳法"),
        ("《石凳法》", "石凳法"),
        (" 石 凳 法 ", "石凳法"),
        ("石凳法修正案(二)", "石凳法修正案（二）"),
        ("关于《中华人民共和国石凳法》的解释", "关于《石凳法》的解释"),
        ("中华人民共和国", "中华人民共和国"),
    ],
)
def test_titles_fold_to_the_short_one(title, short):
    assert fold_title(title) == short
