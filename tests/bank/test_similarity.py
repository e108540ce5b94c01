"""What near questions are, and that they are found, told apart and named."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mingfa.bank.similarity import LEAST, Index, Kind, Wording, compare, denies, fold, marked

from bench.made_questions import made_questions, reworded

TEXT = st.text(alphabet="村民申请复议的期限是三十六日不包括（）？，《法》第12条 a", max_size=60)
DAYS = ("十五日", "三十日", "六十日", "九十日")


def single(stem, options=DAYS, right="六十日"):
    return Wording("single", stem, options, frozenset([right]))


def index_of(*wordings):
    index = Index()
    for id, wording in enumerate(wordings):
        index.add(id, wording)
    return index


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("自知道之日起六十日内提出", "自知道之日起 60 天内提出"),
        ("应当在３０日内答复（ ）", "应该在三十日内答复____"),
        ("《行政复议法》规定的期限", "行政复议法规定的期限"),
        ("罚款百分之五", "罚款5%"),
        ("不得少于两人", "至少2人"),
    ],
)
def test_the_same_in_other_signs_folds_to_the_same(one, other):
    assert fold(one) == fold(other)


def test_other_numbers_make_another_question_that_is_named_so():
    one, other = (single(f"申请复议，应当在{days}内提出。老唐超过了吗？") for days in ("六十日", "三十日"))
    likeness = compare(one, other)
    assert likeness.kind is Kind.NUMBERS
    assert not likeness.kind.may_repeat
    assert likeness.percent >= LEAST


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("行政处罚的种类包括下列哪些？", "行政处罚的种类不包括下列哪些？"),
        ("下列关于听证的说法正确的是", "下列关于听证的说法错误的是"),
        ("村委会可以提供担保。", "村委会不可以提供担保。"),
    ],
)
def test_a_question_and_its_denial_are_told_apart_and_named(one, other):
    assert compare(single(one), single(other)).kind is Kind.NEGATED


def test_not_wrong_is_right_and_a_condition_denies_nothing():
    assert not denies("下列说法没有错误的是")
    assert not denies("法律没有另外规定的，申请复议的期限是几日？")
    assert not denies("当事人不服处罚的，向谁申请复议？")
    assert denies("下列不属于行政处罚的是")


def test_the_same_stem_with_another_key_is_named_so():
    assert compare(single("申请复议的期限是？"), single("申请复议的期限是？", right="三十日")).kind is Kind.OTHER_KEY


def test_the_same_stem_with_other_options_is_named_so():
    other = single("申请复议的期限是？", ("六十日", "一年", "二年", "三年"))
    assert compare(single("申请复议的期限是？"), other).kind is Kind.OTHER_OPTIONS


def test_the_order_of_the_options_makes_no_difference():
    likeness = compare(single("申请复议的期限是？"), single("申请复议的期限是？", tuple(reversed(DAYS))))
    assert (likeness.percent, likeness.kind) == (100, Kind.SAME)


def test_questions_that_only_share_the_frame_of_questions_are_not_near():
    one = single("下列关于行政许可延续的说法，正确的是？", ("届满前申请", "不用申请"), "届满前申请")
    other = single("下列关于人民调解收费的说法，正确的是？", ("一律免费", "按件收费"), "一律免费")
    assert index_of(one).near(other) == []


def test_rewordings_are_found_among_many_and_others_are_not_flagged():
    rng = random.Random(7)
    questions = made_questions(rng, 1500)
    index = index_of(*questions)
    chosen = rng.sample(range(len(questions)), 200)
    found = sum(id in [near.id for near in index.near(reworded(questions[id], rng))] for id in chosen)
    pairs = [rng.sample(questions, 2) for _ in range(500)]
    flagged = sum(compare(*pair, index.rarity).percent >= LEAST for pair in pairs)
    assert found >= 190
    assert flagged <= 5


def test_a_discarded_wording_is_found_no_more_and_a_replaced_one_by_its_new_words():
    index = index_of(single("申请行政复议的期限是几日？"), single("听证通知书要提前几日送达？"))
    index.discard(0)
    index.discard(99)
    assert [near.id for near in index.near(single("申请行政复议的期限是几日？"))] == []
    index.add(1, single("申请行政复议的期限是几日？"))
    assert [near.id for near in index.near(single("申请行政复议的期限是几日？"))] == [1]
    assert list(index.ids) == [1]


def test_what_is_left_out_is_not_found():
    index = index_of(single("申请行政复议的期限是几日？"))
    assert index.near(single("申请行政复议的期限是几日？"), without={0}) == []


@given(TEXT, TEXT)
def test_both_sides_of_a_difference_give_their_texts_back(one, other):
    left, right = marked(one, other)
    assert ("".join(text for text, _ in left), "".join(text for text, _ in right)) == (one, other)
    same = ["".join(text for text, differs in side if not differs) for side in (left, right)]
    assert same[0] == same[1]


@given(TEXT, TEXT)
def test_likeness_is_the_same_from_both_sides_and_whole_with_itself(one, other):
    assert compare(single(one), single(other)) == compare(single(other), single(one))
    itself = compare(single(one), single(one))
    assert (itself.percent, itself.kind) == (100, Kind.SAME)


def test_only_what_differs_is_marked():
    left, right = marked("期限是三十日内", "期限是六十日内")
    assert left == [("期限是", False), ("三", True), ("十日内", False)]
    assert right == [("期限是", False), ("六", True), ("十日内", False)]
