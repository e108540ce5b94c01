"""The report's language: slots, choices, numbers typed in, and what the checks find."""
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mingfa.indicators.figures import Figure, count, rate
from mingfa.reports.engine import BadText, EmptySlot, Finding, findings, parse, typed_in, write

FIGURES = {"sat": rate(124, 125), "all": rate(128, 128), "copies": count(6137), "none": rate(0, 0), "zero": count(0)}


def text(body, overrides=None, figures=FIGURES):
    return "\n".join(one.text for one in write(parse(body), figures, overrides or {}))


def found(body, overrides=None, figures=FIGURES):
    known = {*FIGURES, "later"}
    return findings(parse(body), known=known, figures=figures, overrides=overrides or {})


@pytest.mark.parametrize(
    ("body", "printed"),
    [
        ("参考率{sat}", "参考率99.2%"),
        ("应考{sat:总数}人，实考{sat:实数}人（{sat:分数}）", "应考125人，实考124人（124/125）"),
        ("发放{copies:余}份，{copies:余1}份，{copies}份", "发放6100余份，6000余份，6137份"),
        ("{满 all|均达100%|{all}}", "均达100%"),
        ("{满 all sat|均达100%|参考率{sat}、通过率{all}}", "参考率99.2%、通过率100%"),
        ("{有 copies|发放{copies}份。}{有 zero|没有。}{有 none|没有。}后文", "发放6137份。后文"),
        ("会议{数 6次|会议记录}", "会议6次"),
    ],
)
def test_a_text_is_printed_with_its_figures(body, printed):
    assert text(body) == printed


def test_a_choice_that_prints_nothing_leaves_no_empty_paragraph():
    assert text("甲\n{有 zero|乙}\n丙") == "甲\n丙"


def test_words_typed_over_a_figure_stand_instead_of_it():
    assert text("参考率{sat}", {"sat": "99.2%（含补考）"}) == "参考率99.2%（含补考）"


def test_an_empty_figure_is_never_printed_as_a_number():
    [written] = write(parse("通过率{none}，{later}"), FIGURES, {})
    assert written.parts == ("通过率", EmptySlot("none"), "，", EmptySlot("later"))


def test_a_form_that_does_not_fit_the_figure_is_empty():
    assert found("{sat:余}{copies:总数}") == [Finding("empty", 1, "sat"), Finding("empty", 1, "copies")]


@pytest.mark.parametrize(
    ("body", "why"),
    [("甲{sat", "unclosed"), ("甲}乙", "stray"), ("{满 sat|}", "choice"), ("{满 |甲}", "choice"), ("{数 6次}", "source"),
     ("{数 6次| }", "source"), ("{Sat}", "code"), ("{sat:约}", "form"), ("{若 sat|甲}", "condition"), ("{有 sat|甲{b}",
     "unclosed"), ("{有 sat|甲|乙|丙}", "choice")],
)  # fmt: skip
def test_a_text_that_cannot_be_read_says_where_and_why(body, why):
    with pytest.raises(BadText) as refused:
        parse(f"第一段\n{body}")
    assert (refused.value.line, refused.value.why) == (2, why)


@pytest.mark.parametrize("number", ["98%", "6000余份", "3.5个百分点", "百分之九十八", "三次", "两名", "1,200人"])
def test_a_number_in_the_prose_is_found(number):
    assert [one.kind for one in found(f"本年完成{number}。")] == ["number"]


@pytest.mark.parametrize(
    "words",
    ["2026年", "2026年12月4日", "12月", "2021—2025年", "第三条", "嘉信〔2026〕5号", "《信访工作条例》第12条",
     "一是抓学习，二是抓落实", "1.加强学习", "（1）加强学习", "一人一档", "第一责任人", "“三审三校”", "一、工作开展情况"],
)  # fmt: skip
def test_dates_articles_and_numbering_are_no_figures(words):
    assert found(words) == []


def test_a_hundred_may_stand_only_where_a_choice_makes_sure_of_it():
    assert found("{满 all|均达100%}") == []
    assert [one.part for one in found("均达100%")] == ["100%"]
    assert [one.part for one in found("{满 all|均达100%，比上年高3%}")] == ["3%"]
    assert [one.part for one in found("{有 all|均达100%}")] == ["100%"]


def test_unknown_codes_are_found_everywhere_and_empty_slots_only_where_they_would_be_printed():
    assert found("{有 nobody|甲{later}}") == [Finding("unknown", 1, "nobody")]
    assert found("{有 zero|{later}|{none}}") == [Finding("empty", 1, "none")]
    assert found("{none}", {"none": "略"}) == []


def test_numbers_typed_in_keep_their_source():
    assert [(one.text, one.source) for one in typed_in(parse("{有 copies|会议{数 6次|会议记录}}"))] == [("6次", "会议记录")]


@given(st.text(alphabet="{}|: 数满有a1，。\n", max_size=60))
def test_any_text_is_either_read_or_refused(body):
    with contextlib.suppress(BadText):
        paragraphs = parse(body)
        write(paragraphs, {}, {})
        findings(paragraphs, known=set(), figures={}, overrides={})


@given(st.integers(0, 200), st.integers(0, 200))
def test_a_hundred_is_printed_only_for_everybody(part, whole):
    figure = rate(min(part, whole), whole) if whole else Figure(None, 0, 0)
    printed = text("{满 x|均达100%|{x}}", figures={"x": figure})
    assert ("100%" in printed) is (whole > 0 and part >= whole)
