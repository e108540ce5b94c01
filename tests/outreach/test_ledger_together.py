"""The ledger's promise over any order of entries and over many hands at once: every total is the sum of its lines."""
import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mingfa.periods import Year

from outreach import actions, queries
from outreach.engine.refusals import Refusal
from outreach.models import Material, Movement

from . import scene as scenes
from .scene import DAY, NOW
from .test_ledger import stocks_and_sums

KINDS = ("give", "send", "lose", "count", "reverse")
STEP = st.tuples(st.sampled_from(KINDS), st.integers(0, 2), st.integers(0, 2), st.integers(0, 1), st.integers(1, 60))


def do(scene, batches, made, step) -> None:
    """One entry, or nothing where the ledger refuses it."""
    kind, at, to, which, number = step
    places = (scene.district, scene.town, scene.other)
    batch, words = batches[which], {"by": scene.keeper, "now": NOW}
    try:
        if kind == "give":
            made.append(scene.give(batch, number, place=places[at]))
        elif kind == "send":
            moved = actions.transfer_stock(batch, place=places[at], to=places[to], quantity=number, day=DAY, **words)
            made.append(moved)
        elif kind == "lose":
            made.append(actions.record_loss(batch, place=places[at], quantity=number, note="受潮", day=DAY, **words))
        elif kind == "count":
            made.append(actions.take_stock(batch, place=places[at], counted=number, day=DAY, **words))
        elif made:
            actions.reverse_movement(made[number % len(made)], note="错", **words)
    except Refusal:
        return


def check(scene) -> None:
    """Stocks are sums of lines and not below zero; by place and by material, everything comes to the same."""
    stocks, sums = stocks_and_sums()
    assert stocks == sums
    assert min(stocks.values(), default=0) >= 0
    places, year = queries.places_read_by(scene.keeper), Year(2026)
    by_material = queries.totals_by_material(places, year)
    for row in by_material:
        assert queries.sum_of(queries.totals_by_place(row.subject, places, year)) == row.totals
    one_by_one = [queries.sum_of(queries.totals_by_material([place], year)) for place in places]
    assert sum(one_by_one, queries.Totals()) == queries.sum_of(by_material)
    for account in queries.Account:
        lines = queries.lines_behind(places, year, account=account)
        whole = sum(queries.sum_shown(queries.lines_behind([place], year, account=account)) for place in places)
        assert queries.sum_shown(lines) == whole


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=15))
def test_any_order_of_entries_and_corrections_comes_to_the_same_by_place_and_by_material(scene, steps):
    made: list[Movement] = []
    names = [f"资料{Material.objects.count() + number}" for number in range(2)]
    batches = [scene.batch(100, material=scene.material(name)) for name in names]
    for step in steps:
        do(scene, batches, made, step)
    check(scene)


@pytest.mark.django_db(transaction=True)
def test_many_hands_at_once_leave_every_stock_the_sum_of_its_lines_and_above_zero(transactional_db):
    scene = scenes.build()
    batches = [scene.batch(120), scene.batch(80, material=scene.material("折页", "leaflet"))]
    together = Barrier(4)

    def work(seed):
        rng, made = random.Random(seed), []
        try:
            together.wait()
            for _ in range(12):
                step = (rng.choice(KINDS), rng.randrange(3), rng.randrange(3), rng.randrange(2), rng.randint(1, 60))
                do(scene, batches, made, step)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(4)))
    assert Movement.objects.count() > 6
    check(scene)
