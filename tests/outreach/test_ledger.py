"""Writing into the ledger: balances, refusals, corrections, and two who hand out at once."""
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from threading import Barrier
from uuid import uuid4

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.models import ProtectedError, Sum
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from outreach import actions
from outreach.engine.refusals import (
    AlreadyReversed,
    FormUsed,
    InTheFuture,
    IsReversal,
    NameTaken,
    NoReason,
    NothingToReverse,
    NotUpwards,
    Refusal,
    Short,
)
from outreach.models import Line, Material, Movement, Stock

from . import scene as scenes
from .scene import DAY, NOW


def balance(batch, place):
    return Stock.objects.filter(batch=batch, place=place).values_list("balance", flat=True).first() or 0


def stocks_and_sums():
    """(stocks, sums of stock lines), which must be the same."""
    stocks = {(one.batch_id, one.place_id): one.balance for one in Stock.objects.exclude(balance=0)}
    sums = Line.objects.filter(account="stock").values_list("batch", "place").annotate(total=Sum("quantity")).order_by()
    return stocks, {(batch, place): total for batch, place, total in sums if total}


def test_printed_sent_handed_out_lost_and_sent_back_leaves_what_the_formula_says(scene):
    batch = scene.batch(5000)
    scene.send(batch, 300)
    scene.give(batch, 120)
    actions.record_loss(batch, place=scene.town, quantity=12, day=DAY, note="受潮", by=scene.towner, now=NOW)
    actions.send_back(batch, place=scene.town, to=scene.district, quantity=30, day=DAY, by=scene.towner, now=NOW)
    assert (balance(batch, scene.district), balance(batch, scene.town)) == (4730, 138)
    assert stocks_and_sums()[0] == stocks_and_sums()[1]


def test_more_than_there_is_cannot_be_handed_out_and_nothing_is_written(scene):
    batch = scene.batch()
    scene.send(batch, 65)
    before = Movement.objects.count()
    with pytest.raises(Short) as refused:
        scene.give(batch, 80)
    assert (refused.value.available, refused.value.wanted, refused.value.place) == (65, 80, scene.town.pk)
    assert (Movement.objects.count(), balance(batch, scene.town)) == (before, 65)


def test_one_hand_out_of_several_materials_is_refused_as_a_whole(scene):
    booklet, leaflet = scene.batch(100), scene.batch(10, material=scene.material("折页", "leaflet"))
    with pytest.raises(Short) as refused:
        actions.hand_out(
            [(booklet, 50), (leaflet, 11)], place=scene.district, day=DAY, spot="广场", by=scene.keeper, now=NOW
        )
    assert refused.value.batch == leaflet.pk
    assert (balance(booklet, scene.district), balance(leaflet, scene.district)) == (100, 10)


def test_the_same_batch_twice_in_one_hand_out_is_added_up(scene):
    batch = scene.batch(100)
    movement = actions.hand_out(
        [(batch, 30), (batch, 20)], place=scene.district, day=DAY, spot="广场", by=scene.keeper, now=NOW
    )
    assert sorted(movement.lines.values_list("account", "quantity")) == [("handed", 50), ("stock", -50)]


def test_an_entry_written_late_may_not_take_what_was_handed_out_since(scene):
    batch = scene.batch(100, day=date(2026, 11, 1))
    scene.give(batch, 90, place=scene.district, day=DAY)
    with pytest.raises(Short) as refused:
        scene.give(batch, 20, place=scene.district, day=date(2026, 11, 20))
    assert (refused.value.available, refused.value.on) == (10, DAY)


def test_what_has_not_happened_yet_is_refused(scene):
    batch = scene.batch()
    with pytest.raises(InTheFuture):
        scene.send(batch, 1, day=DAY + timedelta(days=1))


def test_a_correction_is_an_entry_of_its_own_and_the_first_stays(scene):
    batch = scene.batch(100)
    wrong = scene.give(batch, 40, place=scene.district)
    lines = list(wrong.lines.values_list("account", "quantity"))
    back = actions.reverse_movement(wrong, note="多记 40", by=scene.keeper, now=NOW)
    assert balance(batch, scene.district) == 100
    assert list(Movement.objects.get(pk=wrong.pk).lines.values_list("account", "quantity")) == lines
    assert sorted(back.lines.values_list("account", "quantity")) == [("handed", -40), ("stock", 40)]
    assert (back.reverses_id, back.happened_on) == (wrong.pk, DAY)


def test_an_entry_is_corrected_once_and_a_correction_never(scene):
    batch = scene.batch(100)
    wrong = scene.give(batch, 40, place=scene.district)
    back = actions.reverse_movement(wrong, note="重复登记", by=scene.keeper, now=NOW)
    with pytest.raises(AlreadyReversed):
        actions.reverse_movement(wrong, note="再冲", by=scene.keeper, now=NOW)
    with pytest.raises(IsReversal):
        actions.reverse_movement(back, note="冲回", by=scene.keeper, now=NOW)
    with pytest.raises(NoReason):
        actions.reverse_movement(scene.give(batch, 1, place=scene.district), note=" ", by=scene.keeper, now=NOW)


def test_what_has_been_handed_out_cannot_be_unreceived(scene):
    batch = scene.batch(100)
    received = Movement.objects.get(kind="receive")
    scene.give(batch, 60, place=scene.district)
    with pytest.raises(Short) as refused:
        actions.reverse_movement(received, note="入错库", by=scene.keeper, now=NOW)
    assert (refused.value.available, refused.value.wanted) == (40, 100)


def test_a_count_brings_the_books_to_what_lies_there(scene):
    batch = scene.batch(100)
    less = actions.take_stock(batch, place=scene.district, counted=97, day=DAY, by=scene.keeper, now=NOW)
    assert balance(batch, scene.district) == 97
    assert sorted(less.lines.values_list("account", "quantity")) == [("counted", 3), ("stock", -3)]
    same = actions.take_stock(batch, place=scene.district, counted=97, day=DAY, by=scene.keeper, now=NOW)
    assert (same.lines.count(), same.taking.booked, same.taking.counted) == (0, 97, 97)
    assert (less.taking.booked, less.taking.counted) == (100, 97)
    with pytest.raises(NothingToReverse):
        actions.reverse_movement(same, note="没有差异", by=scene.keeper, now=NOW)


def test_material_is_sent_back_upwards_only(scene):
    batch = scene.batch()
    scene.send(batch, 50)
    for wrong in (scene.other, scene.village, scene.town):
        with pytest.raises(NotUpwards):
            actions.send_back(batch, place=scene.town, to=wrong, quantity=5, day=DAY, by=scene.towner, now=NOW)


def test_a_loss_says_why(scene):
    batch = scene.batch()
    with pytest.raises(NoReason):
        actions.record_loss(batch, place=scene.district, quantity=1, day=DAY, note="", by=scene.keeper, now=NOW)


def test_a_form_sent_twice_is_one_entry_and_a_changed_one_is_told(scene):
    batch, key = scene.batch(100), uuid4()
    first = scene.give(batch, 40, place=scene.district, key=key)
    again = scene.give(batch, 40, place=scene.district, key=key)
    assert (first.pk, balance(batch, scene.district)) == (again.pk, 60)
    with pytest.raises(FormUsed):
        scene.give(batch, 41, place=scene.district, key=key)
    assert ModelLogEntry.objects.filter(action="outreach.hand_out").count() == 1


def test_a_second_print_of_the_same_batch_adds_to_it(scene):
    batch = scene.batch(100)
    movement = actions.receive_print(
        batch.material, label=" 第 1 批 ", place=scene.district, quantity=50, day=DAY, by=scene.keeper, now=NOW
    )
    assert movement.lines.first().batch == batch
    assert balance(batch, scene.district) == 150


def test_two_materials_of_one_unit_have_two_names(scene):
    material = scene.material()
    with pytest.raises(NameTaken):
        scene.material()
    scene.material("折页", "leaflet")
    words = {"category": "leaflet", "law": None, "size": "", "low_at": 0, "by": scene.keeper, "now": NOW}
    with pytest.raises(NameTaken):
        actions.revise_material(material, name="折页", **words)
    assert actions.revise_material(material, name="宪法读本", **words).name == "宪法读本"


def test_CM4_a_material_a_batch_and_a_unit_with_entries_cannot_be_deleted(scene):
    batch = scene.batch()
    for thing in (batch.material, batch, scene.district, scene.keeper):
        with pytest.raises(ProtectedError):
            thing.delete()


def test_the_database_itself_refuses_a_stock_below_zero_and_a_correction_without_its_entry(scene):
    batch = scene.batch(5)
    with pytest.raises(IntegrityError), transaction.atomic():
        Stock.objects.filter(batch=batch).update(balance=-1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Movement.objects.filter(kind="receive").update(kind="reverse", note="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Line.objects.filter(batch=batch).update(quantity=0)


def test_every_entry_leaves_one_line_in_the_log(scene):
    batch = scene.batch()
    scene.send(batch, 10)
    wrong = scene.give(batch, 1)
    actions.reverse_movement(wrong, note="错", by=scene.keeper, now=NOW)
    logged = ModelLogEntry.objects.filter(action__startswith="outreach.").order_by("pk").values_list("action", flat=True)
    assert list(logged) == [
        "outreach.create_material", "outreach.receive", "outreach.transfer", "outreach.hand_out", "outreach.reverse",
    ]  # fmt: skip


STEP = st.one_of(
    st.tuples(st.just("give"), st.integers(0, 2), st.integers(1, 60)),
    st.tuples(st.just("send"), st.integers(0, 2), st.integers(0, 2), st.integers(1, 60)),
    st.tuples(st.just("count"), st.integers(0, 2), st.integers(0, 60)),
    st.tuples(st.just("reverse"), st.integers(0, 20)),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, max_size=12))
def test_any_order_of_entries_keeps_stocks_equal_to_lines_and_above_zero(scene, steps):
    with transaction.atomic():
        place = (scene.district, scene.town, scene.other)
        material = Material.objects.filter(name="试").first() or scene.material("试")
        batch, made = scene.batch(100, material=material), []
        for name, *rest in steps:
            try:
                if name == "give":
                    made.append(scene.give(batch, rest[1], place=place[rest[0]]))
                elif name == "send":
                    made.append(
                        actions.transfer_stock(
                            batch, place=place[rest[0]], to=place[rest[1]], quantity=rest[2], day=DAY, by=scene.keeper,
                            now=NOW,
                        )
                    )  # fmt: skip
                elif name == "count":
                    made.append(
                        actions.take_stock(
                            batch, place=place[rest[0]], counted=rest[1], day=DAY, by=scene.keeper, now=NOW
                        )
                    )
                elif made:
                    actions.reverse_movement(made[rest[0] % len(made)], note="错", by=scene.keeper, now=NOW)
            except Refusal:
                pass
            stocks, sums = stocks_and_sums()
            assert stocks == sums
            assert min(stocks.values(), default=0) >= 0
        transaction.set_rollback(True)


@pytest.mark.django_db(transaction=True)
def test_two_who_hand_out_the_last_copies_at_once_get_them_once(transactional_db):
    scene = scenes.build()
    batch = scene.batch(100)
    together = Barrier(4)

    def give(quantity):
        together.wait()
        try:
            return scene.give(batch, quantity, place=scene.district)
        except Short as short:
            return short
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        done = list(pool.map(give, [60, 60, 60, 60]))
    assert sorted(type(one).__name__ for one in done) == ["Movement", "Short", "Short", "Short"]
    assert balance(batch, scene.district) == 40
    assert stocks_and_sums()[0] == stocks_and_sums()[1]


@pytest.mark.django_db(transaction=True)
def test_transfers_there_and_back_at_once_do_not_wait_for_each_other_for_ever(transactional_db):
    scene = scenes.build()
    batch = scene.batch(100)
    scene.send(batch, 50)
    together = Barrier(2)

    def move(way):
        try:
            for _ in range(6):
                together.wait()
                actions.transfer_stock(batch, place=way[0], to=way[1], quantity=3, day=DAY, by=scene.keeper, now=NOW)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(move, [(scene.district, scene.town), (scene.town, scene.district)]))
    assert (balance(batch, scene.district), balance(batch, scene.town)) == (50, 50)


@pytest.mark.django_db(transaction=True)
def test_an_entry_is_corrected_once_also_when_two_press_the_button(transactional_db):
    scene = scenes.build()
    batch = scene.batch(100)
    wrong, together = scene.give(batch, 40, place=scene.district), Barrier(2)

    def back(_):
        together.wait()
        try:
            return actions.reverse_movement(wrong, note="错", by=scene.keeper, now=NOW)
        except AlreadyReversed as refused:
            return refused
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(back, range(2)))
    assert sorted(type(one).__name__ for one in done) == ["AlreadyReversed", "Movement"]
    assert balance(batch, scene.district) == 100
