"""Photos of activities: kept with the record, taken off again, thrown away when their time is over."""
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils import timezone
from mingfa.people.models import User
from wagtail.log_actions import log

from ..engine.photos import Clean
from ..engine.refusals import TooManyPhotos, WrongState
from ..models import Activity, Photo

MOST = 6  # the form says the same before the upload


def keep_photos(activity: Activity, photos: Sequence[Clean], *, by: User, now: datetime) -> list[Photo]:
    """Keep these photos with the record, inside the transaction of the action that calls. A photo that is there
    already is not kept again.

    Raises:
        TooManyPhotos
    """
    there = set(activity.photos.values_list("digest", flat=True)) if photos else set()
    fresh = [one for one in {one.digest: one for one in photos}.values() if one.digest not in there]
    if len(there) + len(fresh) > MOST:
        raise TooManyPhotos(MOST)
    until = timezone.localdate(now) + timedelta(days=settings.OUTREACH_PHOTO_DAYS)
    kept: list[Photo] = []
    try:
        for one in fresh:
            words = {"width": one.width, "height": one.height, "digest": one.digest, "by": by, "added_at": now}
            photo = Photo(activity=activity, kept_until=until, **words)
            photo.file.save("", ContentFile(one.content), save=False)
            kept.append(photo)
            photo.save()
    except BaseException:
        # The rows go with the transaction; the files would stay.
        for photo in kept:
            photo.file.storage.delete(photo.file.name)
        raise
    return kept


def remove_photo(photo: Photo, *, by: User, now: datetime) -> None:
    """Take a photo off a record that is not approved yet.

    Raises:
        WrongState
    """
    with transaction.atomic():
        activity = Activity.objects.select_for_update().get(pk=photo.activity_id)
        if activity.state == Activity.State.APPROVED:
            raise WrongState(activity.get_state_display())
        _delete(photo)
        log(activity, "outreach.remove_photo", user=by, timestamp=now, data={"photo": photo.digest})


def drop_old_photos(*, now: datetime) -> int:
    """Throw away photos that are kept no longer; the records stay. Safe to run twice. Returns how many."""
    old = Photo.objects.filter(kept_until__lt=timezone.localdate(now)).select_related("activity").order_by("pk")
    number = 0
    for photo in old.iterator():
        with transaction.atomic():
            log(photo.activity, "outreach.drop_photo", timestamp=now, data={"photo": photo.digest})
            _delete(photo)
            number += 1
    return number


def _delete(photo: Photo) -> None:
    """The file goes once the row is gone for good."""
    storage, name = photo.file.storage, photo.file.name
    photo.delete()
    transaction.on_commit(lambda: storage.delete(name))
