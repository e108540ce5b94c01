"""What is kept of a class for a term: takes of the recording, photos of the halls."""
from datetime import datetime, timedelta

from django.contrib.contenttypes.models import ContentType
from wagtail.models import ModelLogEntry

from .facts import events_of
from .models import HeadPhoto, Recording, Training


def takes_of(training: Training) -> list[Recording]:
    """The finished takes of the recording whose files are still there, in order; none where a class was not recorded."""
    rows = Recording.objects.filter(training=training, state=Recording.State.DONE).order_by("take")
    return [one for one in rows if one.path.exists()]


def markers_of(training: Training) -> list[tuple[int, int]]:
    """(millisecond of the media clock, moment) pairs that tie recording and log."""
    return [(one.data["media_ms"], round(one.at.timestamp() * 1000)) for one in events_of(training.pk, ["media.marker"])]


def photos_of(training: Training) -> dict[str, HeadPhoto]:
    """Reference in the head-count's event → the photo, those deleted left out."""
    return {str(one.pk): one for one in training.photos.filter(deleted_at=None)}


def clearing_at(training: Training) -> datetime:
    """When the term of a training's files ends, counted from its settling; of one that was never held, from its planned
    end."""
    return (training.settled_at or training.ends_at) + timedelta(days=training.keep_days)


def past_term(now: datetime) -> list[Training]:
    """Trainings whose term is over and that still have files."""
    over = Training.objects.filter(ends_at__lte=now - timedelta(days=1)).order_by("pk")
    return [one for one in over if clearing_at(one) <= now and (photos_of(one) or takes_of(one))]


LOOKS = {"live.watch_replay": "看回放", "live.download_recording": "下载录像"}


MOST_LOOKS = 500  # on the page; the file has them all


def looks_at(training: Training, *, most: int | None = None) -> list[tuple[ModelLogEntry, str]]:
    """(line of the log, what was done) of everybody who looked at the replay or downloaded the recording, the latest first."""
    rows = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(training), object_id=str(training.pk), action__in=LOOKS
    )
    return [(one, LOOKS[one.action]) for one in rows.select_related("user").order_by("-timestamp", "-pk")[:most]]
