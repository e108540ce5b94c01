"""Long work in short transactions, with room between them for everybody else who writes.

SQLite has one writer and no queue: who finds the database taken asks again, at last every 100 ms. A work that begins its
next transaction right behind the last lets others in by luck only; people waited seconds to save an answer. So after
`HELD` seconds of holding the database it leaves it alone for `FREE` seconds, longer than anybody takes to ask again.
"""
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from django.db import connection, transaction

HELD, FREE = 0.25, 0.12  # seconds


class Turns:
    """The transactions of one long work.

        turns = Turns()
        for batch in batches:
            with turns.transaction():
                write(batch)
    """

    def __init__(self):
        self.held = 0.0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """One transaction; behind it others get their turn, where that is due."""
        with transaction.atomic():
            # Behind BEGIN IMMEDIATE: waiting for others is no turn of ours.
            began = monotonic()
            yield
        self.held += monotonic() - began
        if self.held >= HELD:
            self.let_others()

    def let_others(self) -> None:
        """Leave the database to others now, for instance before a transaction that is long by itself."""
        # PostgreSQL lets writers of other rows in at any time; inside a transaction of a caller nothing would be free.
        if self.held and connection.vendor == "sqlite" and not connection.in_atomic_block:
            sleep(FREE)
        self.held = 0.0
