"""Two editions compared: every article is found exactly once, and what was done to a text is what is found."""
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mingfa.library.comparing import (
    CHANGED,
    MOVED,
    NEW,
    REMOVED,
    SAME,
    ArticleText,
    compare,
    counts,
    word_changes,
)

CHARACTERS = [chr(0x4E00 + n) for n in range(3000)]


def words(rng, size=40):
    """A text that shares next to nothing with any other."""
    return "".join(rng.choice(CHARACTERS) for _ in range(size)) + "。"


def law(count, seed=1):
    rng = random.Random(seed)
    return [ArticleText(number, 0, words(rng)) for number in range(1, count + 1)]


def numbered(texts):
    return [ArticleText(number, 0, text) for number, text in enumerate(texts, start=1)]


def found(findings):
    """(kind, old place, new place) of everything that did not stay."""
    return {
        (one.kind, one.old and one.old.place, one.new and one.new.place) for one in findings if one.kind != SAME
    }


laws = st.builds(law, st.integers(0, 30), st.integers(0, 5))
# Texts over three characters share much, so every way of matching is gone through.
alike = st.lists(st.text("甲乙丙", max_size=12), max_size=12).map(numbered)


@given(st.one_of(laws, alike), st.one_of(laws, alike))
def test_every_old_and_every_new_article_is_found_exactly_once(old, new):
    findings = compare(old, new)
    assert sorted(one.old.place for one in findings if one.old) == [one.place for one in old]
    assert [one.new for one in findings if one.new] == new
    assert counts(findings)[SAME] + counts(findings)[CHANGED] + counts(findings)[MOVED] + counts(findings)[NEW] == len(new)


@given(st.one_of(laws, alike))
def test_a_text_compared_with_itself_is_the_same_throughout(text):
    assert {one.kind for one in compare(text, text)} <= {SAME}


@given(laws.filter(bool), st.data())
def test_an_article_taken_out_is_the_only_finding(old, data):
    gone = data.draw(st.sampled_from(old))
    new = [one for one in old if one != gone]
    assert found(compare(old, new)) == {(REMOVED, gone.place, None)}


@given(laws, st.data())
def test_an_article_put_in_as_zhi_is_the_only_finding(old, data):
    at = data.draw(st.integers(0, len(old)))
    fresh = ArticleText(at, 1, words(random.Random(99)))
    assert found(compare(old, [*old[:at], fresh, *old[at:]])) == {(NEW, None, (at, 1))}


@given(laws.filter(lambda one: len(one) > 1), st.data())
def test_an_article_put_in_with_a_number_of_its_own_moves_all_behind_it(old, data):
    at = data.draw(st.integers(0, len(old)))
    texts = [one.text for one in old]
    new = numbered([*texts[:at], words(random.Random(99)), *texts[at:]])
    moved = {(MOVED, (n, 0), (n + 1, 0)) for n in range(at + 1, len(old) + 1)}
    assert found(compare(old, new)) == moved | {(NEW, None, (at + 1, 0))}


@given(laws.filter(lambda one: len(one) > 2), st.data())
def test_an_article_that_goes_elsewhere_is_followed_and_the_ones_between_move(old, data):
    here, there = data.draw(st.permutations(range(len(old))).map(lambda order: order[:2]))
    order = list(range(len(old)))
    order.insert(there, order.pop(here))
    expected = {(MOVED, (i + 1, 0), (j + 1, 0)) for j, i in enumerate(order) if i != j}
    assert found(compare(old, numbered([old[i].text for i in order]))) == expected


@given(laws.filter(bool), st.data())
def test_a_few_words_changed_are_found_in_their_article_only(old, data):
    at = data.draw(st.integers(0, len(old) - 1))
    text = old[at].text
    new = [*old]
    new[at] = ArticleText(at + 1, 0, text[:10] + "应当书面告知" + text[16:])
    assert found(compare(old, new)) == {(CHANGED, (at + 1, 0), (at + 1, 0))}


def test_spaces_and_width_make_no_difference():
    assert compare([ArticleText(1, 0, "甲：乙，丙。")], [ArticleText(1, 0, "甲: 乙,\u3000丙。")])[0].kind == SAME


def test_an_article_renumbered_whose_references_follow_has_moved():
    old = "居民委员会依照本办法第七条第二款的规定收到申请以后，应当当场登记并且出具回执，不得推诿。"
    new = old.replace("第七条第二款", "第九条第一款")
    assert compare([ArticleText(8, 0, old)], [ArticleText(10, 0, new)])[0].kind == MOVED


@pytest.mark.parametrize(("was", "became"), [("三十日", "十五日"), ("五百元", "一千元"), ("30日", "15日")])
def test_an_article_renumbered_with_another_figure_has_changed_however_much_is_alike(was, became):
    old = f"居民委员会收到申请以后，应当在{was}以内逐户核对情况，并且把核对的结果书面告知申请人和街道。"
    finding = compare([ArticleText(8, 0, old)], [ArticleText(10, 0, old.replace(was, became))])[0]
    assert (finding.kind, finding.renumbered, finding.touched) == (CHANGED, True, True)


def test_the_same_number_with_quite_other_words_is_another_article():
    kinds = [one.kind for one in compare(law(1, seed=3), law(1, seed=4))]
    assert sorted(kinds) == [NEW, REMOVED]


def test_words_that_stand_twice_keep_their_numbers_where_they_can():
    old = [ArticleText(1, 0, "同上。"), ArticleText(2, 0, "同上。"), ArticleText(3, 0, "另外。")]
    new = [ArticleText(1, 0, "新的一条规定写在最前面。"), ArticleText(2, 0, "同上。"), ArticleText(3, 0, "另外。")]
    assert (MOVED, (2, 0), (2, 0)) not in found(compare(old, new))
    assert (REMOVED, (1, 0), None) in found(compare(old, new))


def test_removed_articles_stand_where_they_stood():
    old = law(4)
    assert [one.old.number for one in compare(old, [old[0], old[3]])] == [1, 2, 3, 4]


@given(st.text("甲乙丙丁，。\n ", max_size=60), st.text("甲乙丙丁，。\n ", max_size=60))
def test_both_sides_of_changed_words_join_to_their_texts_and_agree_where_nothing_differs(old, new):
    left, right = word_changes(old, new)
    assert ("".join(one.text for one in left), "".join(one.text for one in right)) == (old, new)
    same = ["".join(one.text for one in side if not one.differs) for side in (left, right)]
    assert same[0] == same[1]


def test_changed_words_are_marked_as_words():
    left, right = word_changes("应当在三十日内答复。", "应当在十五日内书面答复。")
    assert [one.text for one in left if one.differs] == ["三十日"]
    assert [one.text for one in right if one.differs] == ["十五日", "书面"]
