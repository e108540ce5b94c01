"""款, 项 and 目 of an article."""
from mingfa.library.provisions import find_provision, split_provisions

TEXT = "有下列情形的：\n（一）甲；\n(二)乙：\n1.丙；\n２．丁。\n第二款说的事。\n（一）戊。"


def test_lines_are_told_apart_by_how_they_open():
    assert [(line.kind, line.paragraph, line.item, line.point) for line in split_provisions(TEXT)] == [
        ("款", 1, 0, 0),
        ("项", 1, 1, 0),
        ("项", 1, 2, 0),
        ("目", 1, 2, 1),
        ("目", 1, 2, 2),
        ("款", 2, 0, 0),
        ("项", 2, 1, 0),
    ]


def test_every_line_has_an_anchor_of_its_own():
    assert [line.anchor for line in split_provisions(TEXT)] == [
        "k1", "k1x1", "k1x2", "k1x2m1", "k1x2m2", "k2", "k2x1"
    ]  # fmt: skip


def test_a_year_at_the_start_of_a_line_is_no_point():
    assert [line.kind for line in split_provisions("2021年起施行。")] == ["款"]


def test_a_cited_paragraph_comes_with_its_items():
    assert [line.text for line in find_provision(TEXT, 2)] == ["第二款说的事。", "（一）戊。"]


def test_an_item_cited_without_a_paragraph_is_one_of_the_first():
    assert [line.text for line in find_provision(TEXT, 0, 1)] == ["（一）甲；"]


def test_a_place_the_article_does_not_have_is_empty():
    assert find_provision(TEXT, 3) == []
