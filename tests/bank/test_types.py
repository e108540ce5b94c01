"""Question types: what a page sends becomes one canonical text, comes back the same, and is marked."""
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mingfa.bank.drafts import QuestionDraft, problems
from mingfa.bank.forms import pairs_of
from mingfa.bank.marking import mark_question
from mingfa.bank.types import KINDS, LONGEST_TEXT, RANKS, BadValue

NAMES = tuple(f"n{at}" for at in range(6))
TEN = Decimal(10)


@st.composite
def shown_orders(draw, least=2):
    size = draw(st.integers(least, 6))
    return tuple(draw(st.permutations(range(size))))


@given(shown_orders(), st.data())
def test_whatever_is_chosen_is_read_and_written_back_for_every_type_with_options(shown, data):
    names = NAMES[: len(shown)]
    values = {
        "single": data.draw(st.lists(st.sampled_from(names), max_size=1)),
        "multiple": sorted(data.draw(st.sets(st.sampled_from(names))), key=names.index),
        "order": data.draw(st.lists(st.sampled_from(["", *RANKS[: len(shown)]]), min_size=len(shown), max_size=len(shown))),
        "match": data.draw(st.lists(st.sampled_from(["", *names]), min_size=3, max_size=3)),
    }
    for kind, sent in values.items():
        answer = KINDS[kind].read(sent, names, shown)
        back = KINDS[kind].write(answer, names, shown)
        assert back == (sent if any(sent) else [])
        assert KINDS[kind].read(back, names, shown) == answer


@given(shown_orders())
def test_the_same_order_is_right_however_its_options_are_shown(shown):
    key = "".join("CABFED"[: len(shown)]) if len(shown) in (3, 6) else "ABCDEF"[: len(shown)]
    names, ranks = NAMES[: len(shown)], {letter: RANKS[at] for at, letter in enumerate(key)}
    sent = [ranks["ABCDEF"[place]] for place in shown]
    assert mark_question("order", key, KINDS["order"].read(sent, names, shown), TEN) == TEN
    sent[0], sent[1] = sent[1], sent[0]
    assert mark_question("order", key, KINDS["order"].read(sent, names, shown), TEN) == 0


@pytest.mark.parametrize(
    ("given_answer", "mark"), [("BAC", "10.0"), ("BAD", "6.7"), ("B--", "3.3"), ("ABD", "0.0"), ("", "0.0")]
)
def test_each_right_pair_has_its_share(given_answer, mark):
    assert mark_question("match", "BAC", given_answer, TEN) == Decimal(mark)


def test_blanks_keep_their_places_and_their_accepted_spellings():
    sent = ["", "　６０ 日", "x\r\ny"]
    answer = KINDS["blank"].read(sent, (), ())
    assert answer == "\n６０ 日\nx y"
    assert mark_question("blank", "甲\n60 日|六十日", answer, TEN) == Decimal("5.0")


@pytest.mark.parametrize("kind", ["blank", "short"])
@pytest.mark.parametrize(
    ("sent", "code"),
    [(["a\x00b"], "text"), (["\ud800"], "text"), ([5], "text"), (["长" * (LONGEST_TEXT + 1)], "long"), (["a"] * 30, "too_many")],
)
def test_SI11_text_that_cannot_be_kept_is_refused_and_nothing_is_guessed(kind, sent, code):
    with pytest.raises(BadValue) as refused:
        KINDS[kind].read(sent, (), ())
    assert refused.value.code == code


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")), max_size=200))
def test_SI11_any_other_text_is_kept_exactly(text):
    assert KINDS["short"].read([text], (), ()) == text.strip()


@pytest.mark.parametrize(
    ("kind", "sent"),
    [("order", ["9", ""]), ("order", ["1", "2", "3"]), ("order", ["一", ""]), ("match", ["nobody"]), ("match", [None, 3])],
)
def test_SI11_a_rank_or_partner_that_is_not_offered_is_refused(kind, sent):
    with pytest.raises(BadValue):
        KINDS[kind].read(sent, NAMES[:2], (1, 0))


def test_a_written_answer_is_never_marked_by_the_machine():
    with pytest.raises(ValueError, match="not marked by machine"):
        mark_question("short", "要点", "要点", TEN)


def codes(**more):
    return [one.code for one in problems(QuestionDraft(stem="怎么说", **more))]


def test_an_order_or_a_match_that_nobody_could_answer_is_told():
    assert codes(type="order", options=("甲", "乙", "丙"), answer="BAC") == []
    assert codes(type="order", options=("甲", "乙", "丙"), answer="BA") == ["bad_order"]
    assert codes(type="order", options=("甲",), answer="A") == ["order_count"]
    assert codes(type="match", options=("甲", "乙"), prompts=("一", "二"), answer="BB") == []
    assert codes(type="match", options=("甲", "乙"), prompts=("一", "二"), answer="BD") == ["answer_not_in_options"]
    assert codes(type="match", options=("甲", "乙"), prompts=("一", "二"), answer="B") == ["no_answer"]
    assert codes(type="match", options=("甲", "乙"), prompts=("一",), answer="B") == ["no_prompts"]
    assert codes(type="order", options=("甲", "甲"), answer="AB") == ["duplicate_options"]


def test_pairs_are_read_from_lines_and_a_line_without_partner_is_noticed():
    assert pairs_of("复议 = 六十日\n诉讼＝六个月\n= 三十日") == (["复议", "诉讼"], ["六十日", "六个月", "三十日"], "AB")
    assert pairs_of("复议 = 六十日\n申诉") == (["复议", "申诉"], ["六十日"], "A")
