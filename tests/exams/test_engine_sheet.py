from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.engine import sheet as engine
from exams.engine.paper import Item, names
from exams.engine.refusals import BadAnswer

ITEMS = [Item(1, 0, Decimal(1), (2, 0, 1, 3)), Item(2, 1, Decimal(2), (3, 2, 1, 0)), Item(3, 2, Decimal(1), ())]
KINDS = ["single", "multiple", "judge"]
NAMED = names(ITEMS, seed=99)
SINGLE, MULTIPLE, JUDGE = NAMED.questions


def parse(changes):
    return engine.parse_changes(changes, ITEMS, KINDS, NAMED)


def test_what_is_shown_first_is_stored_under_its_original_letter():
    assert parse({SINGLE: [[NAMED.options[0][0]], 5]}) == {0: ("C", 5)}


def test_letters_of_a_multiple_choice_are_stored_in_order():
    chosen = [NAMED.options[1][0], NAMED.options[1][3]]  # shown D and A
    assert parse({MULTIPLE: [chosen, 1]}) == {1: ("AD", 1)}


def test_true_and_false_are_the_two_places_of_a_judge_question():
    assert parse({JUDGE: [[NAMED.options[2][0]], 1]}) == {2: ("T", 1)}
    assert parse({JUDGE: [[NAMED.options[2][1]], 2]}) == {2: ("F", 2)}


def test_no_option_clears_an_answer():
    assert parse({SINGLE: [[], 3]}) == {0: ("", 3)}


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"q0000009": [[], 1]}, "question"),
        ({SINGLE + "0": [[], 1]}, "question"),
        ({SINGLE[:-1] + "١": [[], 1]}, "question"),
        ({SINGLE: [["x"], 1]}, "option"),
        ({SINGLE: [[NAMED.options[1][0]], 1]}, "option"),
        ({SINGLE: [[3], 1]}, "option"),
        ({SINGLE: [[["x"]], 1]}, "option"),
        ({SINGLE: [list(NAMED.options[0][:2]), 1]}, "too_many"),
        ({JUDGE: [list(NAMED.options[2]), 1]}, "too_many"),
        ({MULTIPLE: [[NAMED.options[1][0]] * 2, 1]}, "option"),
        ({SINGLE: [[], 0]}, "form"),
        ({SINGLE: [[], True]}, "form"),
        ({SINGLE: [[], 2**60]}, "form"),
        ({SINGLE: [[], "1"]}, "form"),
        ({SINGLE: "A"}, "form"),
        ({SINGLE: ["A", 1]}, "form"),
        ([SINGLE], "form"),
        (None, "form"),
    ],
)
def test_what_is_not_on_the_paper_is_refused_with_a_reason(changes, why):
    with pytest.raises(BadAnswer) as refused:
        parse(changes)
    assert refused.value.why == why


def test_what_a_page_chose_is_what_it_is_shown_again():
    for item, kind, options in zip(ITEMS[:2], KINDS, NAMED.options, strict=False):
        for place, name in enumerate(options):
            answer = engine.canonical(item, kind, [name], options, "q")
            assert engine.shown_places(item, kind, answer) == {place}


changes = st.lists(
    st.dictionaries(st.integers(0, 5), st.tuples(st.sampled_from(["", "A", "BC", "T"]), st.integers(1, 30))),
    max_size=8,
)


@given(changes)
def test_requests_in_any_order_and_any_number_end_in_the_newest_answer(requests):
    # One seq belongs to one change, as on the page.
    newest, seen = {}, {}
    for request in requests:
        for place, (answer, seq) in list(request.items()):
            answer = seen.setdefault((place, seq), answer)
            request[place] = (answer, seq)
            if place not in newest or seq > newest[place][1]:
                newest[place] = (answer, seq)
    sheet = {}
    for request in [*requests, *reversed(requests)]:
        engine.merge(sheet, request)
    assert sheet == newest


@given(st.dictionaries(st.integers(0, 99), st.tuples(st.text(max_size=9), st.integers(1, 2**53 - 1))))
def test_a_stored_sheet_reads_back_as_it_was(sheet):
    assert engine.load(engine.dump(sheet)) == sheet


def test_a_repeated_request_changes_nothing():
    sheet = {}
    assert engine.merge(sheet, {0: ("A", 1)}) is True
    assert engine.merge(sheet, {0: ("A", 1)}) is False
