"""The ledger's rules: whatever happens in whatever order, the books balance and nothing is below zero."""
from collections import defaultdict
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mingfa.rounding import about

from outreach.engine import ledger
from outreach.engine.ledger import SIGNS, Account, Books, least_from
from outreach.engine.refusals import NothingToReverse, NotPositive, Refusal, SamePlace, Short, TooMuch

DAY = date(2026, 12, 1)
BATCHES, PLACES = st.integers(1, 2), st.integers(1, 3)
AMOUNT = st.integers(1, 60)
STEP = st.one_of(
    st.tuples(st.just("receive"), BATCHES, PLACES, st.integers(1, 100)),
    st.tuples(st.just("transfer"), BATCHES, PLACES, PLACES, AMOUNT),
    st.tuples(st.just("hand_out"), BATCHES, PLACES, AMOUNT),
    st.tuples(st.just("lose"), BATCHES, PLACES, AMOUNT),
    st.tuples(st.just("count"), BATCHES, PLACES, st.integers(0, 80)),
    st.tuples(st.just("reverse"), st.integers(0, 30)),
)


def play(steps):
    """Entries that were accepted, as (day, lines): what was refused left nothing."""
    books, kept = Books({}), []
    for (name, *arguments), late in steps:
        day = DAY + timedelta(days=late)
        try:
            if name == "reverse":
                lines = ledger.reverse(kept[arguments[0] % len(kept)][1] if kept else ())
            elif name == "count":
                batch, place, counted = arguments
                lines = ledger.count(batch, place, booked=books.stock(batch, place, day), counted=counted)
            else:
                lines = getattr(ledger, name)(*arguments)
            books.enter(lines, day)
        except Refusal:
            continue
        kept.append((day, lines))
    return kept


@given(st.lists(st.tuples(STEP, st.integers(0, 6)), max_size=40))
def test_any_order_of_entries_keeps_every_stock_at_zero_or_more_on_every_day(steps):
    kept = play(steps)
    for until in range(8):
        stock = defaultdict(int)
        for day, lines in kept:
            for line in lines:
                if line.account is Account.STOCK and day <= DAY + timedelta(days=until):
                    stock[line.batch, line.place] += line.quantity
        assert all(balance >= 0 for balance in stock.values())


@given(st.lists(st.tuples(STEP, st.integers(0, 6)), max_size=40))
def test_stock_is_always_received_plus_brought_minus_sent_handed_lost_and_counted(steps):
    sums = defaultdict(int)
    for _, lines in play(steps):
        for line in lines:
            sums[line.batch, line.place, line.account] += line.quantity * SIGNS[line.account]
    for batch in (1, 2):
        for place in (1, 2, 3):
            said = {account: sums[batch, place, account] for account in Account}
            assert said[Account.STOCK] == (
                said[Account.PRINTED] + said[Account.IN] - said[Account.OUT] - said[Account.HANDED]
                - said[Account.LOST] + said[Account.COUNTED]
            )  # fmt: skip
        assert sum(sums[batch, place, Account.IN] - sums[batch, place, Account.OUT] for place in (1, 2, 3)) == 0


@given(st.lists(st.tuples(STEP, st.integers(0, 6)), max_size=40))
def test_totals_by_place_are_the_totals_by_batch(steps):
    by_place, by_batch = defaultdict(int), defaultdict(int)
    for _, lines in play(steps):
        for line in lines:
            by_place[line.place, line.account] += line.quantity
            by_batch[line.batch, line.account] += line.quantity
    for account in Account:
        assert sum(by_place[place, account] for place in (1, 2, 3)) == sum(by_batch[b, account] for b in (1, 2))


@given(st.lists(st.tuples(STEP, st.integers(0, 6)), max_size=30))
def test_in_every_entry_the_lines_of_a_batch_at_a_place_sum_to_zero(steps):
    for _, lines in play(steps):
        sums = defaultdict(int)
        for line in lines:
            assert line.quantity != 0
            sums[line.batch, line.place] += line.quantity
        assert set(sums.values()) <= {0}


def test_an_entry_written_late_may_not_leave_less_than_nothing_on_a_day_since():
    books = Books({})
    books.enter(ledger.receive(1, 1, 100), DAY)
    books.enter(ledger.hand_out(1, 1, 90), DAY + timedelta(days=5))
    with pytest.raises(Short) as refused:
        books.enter(ledger.hand_out(1, 1, 20), DAY + timedelta(days=1))
    assert refused.value == Short(1, 1, available=10, wanted=20, on=DAY + timedelta(days=5))


def test_what_comes_later_cannot_be_handed_out_before():
    books = Books({})
    books.enter(ledger.receive(1, 1, 100), DAY + timedelta(days=2))
    with pytest.raises(Short) as refused:
        books.enter(ledger.hand_out(1, 1, 1), DAY)
    assert (refused.value.available, refused.value.on) == (0, DAY)


def test_the_least_stock_is_looked_for_from_the_day_on():
    days = {DAY: 50, DAY + timedelta(days=2): -30, DAY + timedelta(days=3): 100}
    assert least_from(days, DAY) == (20, DAY + timedelta(days=2))
    assert least_from(days, DAY + timedelta(days=3)) == (120, DAY + timedelta(days=3))
    assert least_from(days, DAY - timedelta(days=1)) == (0, DAY - timedelta(days=1))


def test_a_refused_transfer_takes_in_neither_of_its_lines():
    books = Books({(1, 1): {DAY: 10}})
    with pytest.raises(Short):
        books.enter(ledger.transfer(1, 1, 2, 11), DAY)
    assert (books.stock(1, 1, DAY), books.stock(1, 2, DAY)) == (10, 0)


def test_a_count_that_agrees_has_no_line_and_nothing_to_reverse():
    assert ledger.count(1, 1, booked=20, counted=20) == ()
    with pytest.raises(NothingToReverse):
        ledger.reverse(())


@pytest.mark.parametrize("quantity", [0, -1])
def test_nothing_and_less_than_nothing_are_refused(quantity):
    with pytest.raises(NotPositive):
        ledger.receive(1, 1, quantity)


def test_a_number_nobody_prints_is_refused():
    with pytest.raises(TooMuch):
        ledger.receive(1, 1, 13_800_000_000)


def test_a_transfer_needs_two_places():
    with pytest.raises(SamePlace):
        ledger.transfer(1, 3, 3, 5)


@pytest.mark.parametrize(
    ("count", "two", "one"),
    [(6137, "6100余", "6000余"), (12543, "12000余", "10000余"), (6100, "6100", "6000余"), (6000, "6000", "6000"),
     (137, "130余", "100余"), (99, "99", "90余"), (7, "7", "7"), (0, "0", "0"), (101, "100余", "100余")],
)  # fmt: skip
def test_reports_round_down_with_yu_and_an_exact_round_number_has_none(count, two, one):
    assert (about(count), about(count, digits=1)) == (two, one)


def test_a_negative_count_is_not_rounded():
    with pytest.raises(ValueError, match="nothing to round"):
        about(-1)
