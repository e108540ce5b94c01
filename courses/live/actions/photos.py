"""Photos of a hall for its head-count."""
import hashlib
from datetime import datetime

from django.core.files.base import ContentFile
from django.db import transaction
from mingfa.audit import record
from mingfa.people.models import User

from ..board import Actor
from ..board.commands import SIGNING
from ..board.refusals import NotAllowed, WrongMoment
from ..models import HeadPhoto, Training, Venue
from ..pictures import reduced


def keep_photo(venue: Venue, content: bytes, *, actor: Actor, now: datetime) -> HeadPhoto:
    """Keep a photo of this hall, reduced and bare; the head-count names it afterwards.

    Raises:
        board.Refusal: NotAPicture, WrongMoment, NotAllowed (another hall's steward).
    """
    if actor.role not in ("steward", "trainer") or (actor.role == "steward" and actor.venue != venue.pk):
        raise NotAllowed("headcount", actor.role)
    jpeg = reduced(content)
    with transaction.atomic():
        training = Training.objects.select_for_update().get(pk=venue.training_id)
        if training.state not in SIGNING:
            raise WrongMoment("photo", training.state)
        photo = HeadPhoto(training=training, venue=venue, by_id=actor.id, at=now, sha256=hashlib.sha256(jpeg).hexdigest())
        photo.file.save("photo.jpg", ContentFile(jpeg), save=False)
        photo.save()
        record(photo, "live.keep_photo", user=User(pk=actor.id), now=now, data={"venue": venue.pk, "sha256": photo.sha256})
    return photo
