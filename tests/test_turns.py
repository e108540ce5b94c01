"""Long work leaves the database to others between its transactions."""
import contextlib
import threading
from time import monotonic

import pytest
from django.db import OperationalError, connection
from mingfa.people.models import OrgUnit
from mingfa.turns import FREE, HELD, Turns

from tests.bank.samples import connection_that_waits


def write_for_a_while(seconds):
    """Rename a unit again and again."""
    until, names = monotonic() + seconds, 0
    while monotonic() < until:
        OrgUnit.objects.update(name=f"第 {names} 次")
        names += 1


def lengths_behind(turns, seconds):
    """(how long the transaction held the database, how long it took until the work could go on behind it)"""
    with turns.transaction():
        began = monotonic()
        write_for_a_while(seconds)
        ended = monotonic()
    return ended - began, monotonic() - ended


@pytest.fixture
def unit():
    return OrgUnit.add_root(name="嘉禾区", kind="district")


@pytest.mark.django_db(transaction=True)
def test_after_a_quarter_of_a_second_of_writing_sqlite_is_left_to_others_for_longer_than_they_take_to_ask_again(unit):
    turns = Turns()
    behind = [lengths_behind(turns, HELD / 2)[1] for _ in range(4)]
    waits = [FREE if connection.vendor == "sqlite" else 0.0] * 2
    assert [behind[1] >= waits[0], behind[3] >= waits[1]] == [True, True]
    assert FREE > 0.1


@pytest.mark.django_db(transaction=True)
def test_a_writer_who_only_asks_once_every_tenth_of_a_second_gets_in_while_long_work_goes_on(unit):
    over, got_in = threading.Event(), []

    def write():
        with connection_that_waits(0) as own:  # asks once and is told at once
            while not over.wait(0.1):
                with contextlib.suppress(OperationalError), own.cursor() as cursor:
                    cursor.execute("UPDATE people_user SET name = name")
                    got_in.append(None)

    writer, turns = threading.Thread(target=write), Turns()
    writer.start()
    try:
        for _ in range(200):
            lengths_behind(turns, HELD / 4)
            if len(got_in) == 3:
                break
    finally:
        over.set()
        writer.join()
    # At least one question falls into every gap, of which each fourth turn leaves one; a busy machine asks too late.
    assert len(got_in) >= 3


@pytest.mark.django_db
def test_inside_a_transaction_of_the_caller_nobody_waits_for_nothing(unit):
    assert min(lengths_behind(Turns(), HELD)[1] for _ in range(3)) < FREE


@pytest.mark.django_db(transaction=True)
def test_a_transaction_that_fails_is_undone_and_its_error_told(unit):
    def rename_and_fail():
        with Turns().transaction():
            OrgUnit.objects.update(name="不要")
            raise KeyError("不要")

    with pytest.raises(KeyError):
        rename_and_fail()
    assert OrgUnit.objects.get().name == "嘉禾区"
