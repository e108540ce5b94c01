"""Answers of the same moment into the database together: one transaction for a room that answers at once."""
import asyncio

from mingfa import clock

from . import actions
from .actions import Given
from .threads import in_thread

BATCH = 0.05  # seconds answers wait for others to share a transaction with


class Batches:
    """The answers of one room on their way.

    Args:
        stored: called after each batch that is in the database.
    """

    def __init__(self, training_id: int, stored):
        self.training_id, self.stored = training_id, stored
        self.waiting: list[tuple[Given, asyncio.Future]] = []
        self.writers: set[asyncio.Task] = set()

    async def take(self, given: Given):
        """Store an answer; its refusal, or None when it is in the database.

        Raises:
            django.db.Error: it could not be stored.
        """
        future = asyncio.get_running_loop().create_future()
        self.waiting.append((given, future))
        if len(self.waiting) == 1:
            writer = asyncio.create_task(self._store())
            self.writers.add(writer)
            writer.add_done_callback(self.writers.discard)
        return await future

    async def finish(self):
        """Wait until what has been taken is stored, or has failed."""
        await asyncio.gather(*self.writers, return_exceptions=True)

    async def _store(self):
        await asyncio.sleep(BATCH)
        batch, self.waiting = self.waiting, []
        given = [one for one, _ in batch]
        try:
            results = await in_thread(actions.take_answers, self.training_id, given, now=clock.now())
        except Exception as error:
            for _, future in batch:
                if not future.done():
                    future.set_exception(error)
            return
        self.stored()
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():
                future.set_result(result)
