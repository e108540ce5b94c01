"""Groups of fewer than ten people are never shown alone, nor left over by the rest."""

from hypothesis import given
from hypothesis import strategies as st
from mingfa.bank.heads import FEWEST, OTHERS, Held, fold_small, join_small, large_enough


def held(key, asked, chose=0):
    return Held(key, chose, asked)


ROWS = st.lists(st.integers(0, 40), max_size=12).map(lambda sizes: [held(n, size, size // 2) for n, size in enumerate(sizes)])


@given(ROWS)
def test_no_shown_group_is_small_and_nobody_is_counted_twice_or_lost(rows):
    for shown in (fold_small(rows), join_small(rows)):
        assert all(row.asked >= FEWEST for row in shown)
        assert sum(row.asked for row in shown) in (0, sum(row.asked for row in rows))
        assert sum(row.held for row in shown) in (0, sum(row.held for row in rows))


def test_small_units_stand_together_and_draw_in_the_next_larger_one_while_too_few():
    for third, others in ((7, 11), (12, 16)):
        shown = fold_small([held("甲", 30), held("乙", 4), held("丙", third)])
        assert [(row.key, row.asked) for row in shown] == [("甲", 30), (OTHERS, others)]
    assert fold_small([held("甲", 4), held("乙", 5)]) == []


def test_small_months_join_the_next_and_the_last_joins_back():
    rows = [held(1, 4), held(2, 8), held(3, 20), held(4, 3)]
    assert [(row.key, row.asked) for row in join_small(rows)] == [((1, 2), 12), ((3, 4), 23)]
    assert join_small([held(1, 9)]) == []


def test_beliefs_with_few_answers_are_left_out_and_the_largest_share_comes_first():
    rows = [held("少", 9, 9), held("低", 100, 10), held("高", 10, 5)]
    assert [(row.key, row.percent) for row in large_enough(rows)] == [("高", 50), ("低", 10)]
