from collections import Counter
from dataclasses import dataclass
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exams.engine.paper import Item, Rule, draw, names
from exams.engine.refusals import PaperShortage

ONE = Decimal("1.0")


@dataclass(frozen=True)
class Question:
    version_id: int
    type: str
    topic: str = ""
    difficulty: int = 2
    laws: tuple = ()

    @property
    def question_id(self):
        return self.version_id + 1000


def four_options(version_id):
    return 4


POOL = [Question(n, "single", topic="甲" if n % 3 else "乙", difficulty=1 + n % 3) for n in range(60)]


def test_the_same_seed_draws_the_same_paper_whatever_the_order_of_the_pool():
    rules = [Rule("single", 20, ONE)]
    assert draw(rules, POOL, four_options, seed=7) == draw(rules, POOL[::-1], four_options, seed=7)


def test_another_seed_draws_another_paper():
    rules = [Rule("single", 20, ONE)]
    assert draw(rules, POOL, four_options, seed=7) != draw(rules, POOL, four_options, seed=8)


def test_a_known_seed_draws_a_known_paper_on_every_python():
    items = draw([Rule("single", 3, ONE)], POOL, four_options, seed=2026)
    assert [(item.version_id, item.shown) for item in items] == KNOWN


KNOWN = [(7, (3, 1, 2, 0)), (30, (2, 3, 1, 0)), (31, (3, 0, 1, 2))]


@given(seed=st.integers(0, 2**63 - 1), broad=st.integers(1, 20), narrow=st.integers(1, 20))
def test_every_rule_gets_what_it_asks_for_and_no_question_comes_twice(seed, broad, narrow):
    rules = [Rule("single", broad, ONE), Rule("single", narrow, ONE, topic="乙")]
    items = draw(rules, POOL, four_options, seed=seed)
    by_id = {one.version_id: one for one in POOL}
    assert Counter(item.rule for item in items) == {0: broad, 1: narrow}
    assert len({item.version_id for item in items}) == broad + narrow
    assert all(by_id[item.version_id].topic == "乙" for item in items if item.rule == 1)
    assert all(sorted(item.shown) == [0, 1, 2, 3] for item in items)


def test_a_narrow_rule_gets_its_questions_before_a_broad_one_takes_them():
    pool = [Question(1, "single", topic="乙"), Question(2, "single", topic="甲")]
    rules = [Rule("single", 1, ONE), Rule("single", 1, ONE, topic="乙")]
    for seed in range(20):
        assert [item.version_id for item in draw(rules, pool, four_options, seed=seed)] == [2, 1]


def test_a_shortage_names_the_rule_and_both_counts():
    with pytest.raises(PaperShortage) as refused:
        draw([Rule("single", 5, ONE), Rule("multiple", 2, ONE)], POOL, four_options, seed=1)
    assert (refused.value.rule, refused.value.wanted, refused.value.available) == (2, 2, 0)


@pytest.mark.parametrize("places", [1, 20, 1200])
def test_names_are_unique_inside_a_sitting_and_different_in_another(places):
    items = [Item(n, 0, ONE, (0, 1, 2, 3)) for n in range(places)]
    one, other = names(items, seed=1), names(items, seed=2)
    assert len(set(one.questions)) == places
    assert all(len(set(options)) == 4 for options in one.options)
    assert not set(one.questions) & set(other.questions)
    assert one == names(items, seed=1)


def test_a_judge_question_has_two_names_for_its_two_answers():
    assert len(names([Item(1, 0, ONE, ())], seed=3).options[0]) == 2
