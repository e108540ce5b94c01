"""The socket of the board: while somebody watches, it is told as soon as something has changed."""
import asyncio
import logging

from channels.db import database_sync_to_async
from mingfa import clock
from mingfa.consumers import CLOSED, SignedInConsumer
from mingfa.people.access import holds
from mingfa.people.models import Role

from . import rooms
from .models import Exam

logger = logging.getLogger(__name__)
LOOK_EVERY = 2  # seconds; one statement a look, whatever the number of candidates


class BoardConsumer(SignedInConsumer):
    """`/ws/exams/<id>/room/`: a hint whenever the heads of the board change. Looks only while it is open, so that
    starting and handing in cost nothing for it."""

    look = None

    async def connect(self):
        self.exam_id = int(self.scope["url_route"]["kwargs"]["exam_id"])
        user = self.scope["user"]
        if user.is_authenticated and not await database_sync_to_async(_may_watch)(user, self.exam_id):
            await self.close(CLOSED)
            return
        await super().connect()
        if user.is_authenticated and user.is_active:
            self.look = asyncio.create_task(self._watch())

    async def disconnect(self, code):
        if self.look:
            self.look.cancel()
        await super().disconnect(code)

    async def receive(self, text_data=None, bytes_data=None):
        """The page has nothing to say here."""

    async def _watch(self):
        seen = None
        while True:
            try:
                now = await database_sync_to_async(rooms.pulse)(self.exam_id, clock.now())
                if seen is not None and now != seen:
                    await self.send_json({"kind": "room", "id": self.exam_id})
                seen = now
            except asyncio.CancelledError:
                raise
            except Exception:
                logger.exception("board of exam %s could not look; next look in %s s", self.exam_id, LOOK_EVERY)
            await asyncio.sleep(LOOK_EVERY)


def _may_watch(user, exam_id: int) -> bool:
    exam = Exam.objects.select_related("unit").exclude(state=Exam.State.DRAFT).filter(pk=exam_id).first()
    return exam is not None and holds(user, Role.SETTER, unit=exam.unit)
