"""How long recordings and photos are kept, and who looked at them."""
from datetime import datetime

from django.db import transaction
from mingfa.audit import record
from mingfa.people.models import User

from ..board import BadData
from ..board.refusals import WrongMoment
from ..keeping import past_term, takes_of
from ..media.files import index_of
from ..models import HeadPhoto, Recording, Training

TERMS = range(1, 3651)  # days


def set_term(training: Training, days: int, *, by: User, now: datetime) -> None:
    """Keep recordings and photos of this training so many days from its settling.

    Raises:
        BadData: not 1 to 3650 days; WrongMoment: cancelled or archived.
    """
    if days not in TERMS:
        raise BadData("days")
    with transaction.atomic():
        locked = Training.objects.select_for_update().get(pk=training.pk)
        if locked.state in ("cancelled", "archived"):
            raise WrongMoment("keep", locked.state)
        before, locked.keep_days = locked.keep_days, days
        locked.save(update_fields=["keep_days"])
        record(locked, "live.set_term", user=by, now=now, data={"before": before, "after": days})


def clear_files(*, now: datetime) -> int:
    """Delete the recordings and photos of every training past its term; how many files. Each training leaves a line.

    The rows stay with the hash: what was reported, by whom and when, is part of the log.
    """
    files = 0
    for training in past_term(now):
        with transaction.atomic():
            photos = list(HeadPhoto.objects.select_for_update().filter(training=training, deleted_at=None))
            paths = [(photo.file.storage, photo.file.name) for photo in photos]
            HeadPhoto.objects.filter(pk__in=[one.pk for one in photos]).update(file="", deleted_at=now)
            takes = takes_of(training)
            Recording.objects.filter(pk__in=[one.pk for one in takes]).update(state=Recording.State.GONE)
            said = {"photos": len(photos), "recordings": len(takes), "days": training.keep_days}
            record(training, "live.clear_files", user=None, now=now, data=said)
        # After the commit: a file without a row is only space, a row without its file would be a broken picture.
        for storage, name in paths:
            storage.delete(name)
        for one in takes:
            index_of(one.path).unlink(missing_ok=True)
            one.path.unlink(missing_ok=True)
        files += len(photos) + len(takes)
    return files


def note_watching(training: Training, *, by: User, now: datetime) -> None:
    """Leave a line: this person opened the replay."""
    record(training, "live.watch_replay", user=by, now=now)


def note_download(training: Training, *, by: User, now: datetime, data: dict) -> None:
    """Leave a line: this person downloaded the recording."""
    record(training, "live.download_recording", user=by, now=now, data=data)
