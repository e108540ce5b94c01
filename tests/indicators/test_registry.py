"""Registries take what apps contribute and refuse a code twice."""
import pytest
from mingfa.indicators import registry
from mingfa.indicators.figures import rate
from mingfa.indicators.registry import Board, Indicator


def indicator(code):
    return Indicator(code, "率", "甲 ÷ 乙", lambda unit, period, subject=None: rate(1, 2))


def test_all_apps_contribute_their_indicators():
    codes = {one.code for one in registry.indicators()}
    assert codes >= {
        "exam_attendance", "exam_passed_of_due", "exam_passed_of_sat", "exam_excellent", "study_completion",
    }  # fmt: skip
    assert {board.code for board in registry.boards()} >= {"exams", "courses"}


def test_an_indicator_is_found_by_its_code():
    assert registry.indicator("exam_attendance").caption == "参考率"
    with pytest.raises(KeyError):
        registry.indicator("nothing")


def test_the_same_code_twice_is_refused(monkeypatch):
    monkeypatch.setattr(registry, "_indicators", {})
    registry.register(indicator("one"))
    with pytest.raises(ValueError, match="registered twice"):
        registry.register(indicator("one"))


def test_a_board_lists_each_indicator_once():
    first, second = indicator("a"), indicator("b")
    board = Board("x", "板", cards=(first, second), subjects=list, missing=list, columns=(second,))
    assert board.indicators == (first, second)
    assert board.lead == first
