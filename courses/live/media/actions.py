"""Every write about the media of a training."""
from datetime import datetime

from django.db import transaction
from mingfa.audit import record
from mingfa.people import access
from mingfa.people.models import Role, User

from ..actions import do
from ..board import Actor, Refusal
from ..board.refusals import WrongMoment
from ..models import MediaPlan, Recording, Training
from . import files, queries

SYSTEM = Actor("system")
PLANNABLE = ("draft", "scheduled", "lobby", "live", "paused")


@transaction.atomic
def plan_media(
    training: Training, *, tier: str, provider: str = "", address: str = "", number: str = "", password: str = "", by: User,
    now: datetime,
) -> MediaPlan:
    """Decide how the class is seen and heard. Raises WrongMoment when it is over."""
    access.require(by, Role.TRAINER, unit=training.unit)
    locked = Training.objects.select_for_update().get(pk=training.pk)
    if locked.state not in PLANNABLE:
        raise WrongMoment("revise", locked.state)
    fields = {"tier": tier, "provider": provider, "address": address, "number": number, "password": password}
    if tier != MediaPlan.Tier.EXTERNAL:
        fields |= {"provider": "", "address": "", "number": "", "password": ""}
    plan, _ = MediaPlan.objects.update_or_create(training=locked, defaults=fields)
    record(locked, "live.plan_media", user=by, now=now, data={"tier": tier, "provider": fields["provider"]})
    return plan


def begin_recording(training_id: int, *, mime: str, by: User, now: datetime) -> Recording:
    """A new take; takes that were still open are closed first."""
    for left in Recording.objects.filter(training=training_id, state=Recording.State.OPEN):
        close_recording(left, now=now)
    with transaction.atomic():
        training = Training.objects.select_for_update().get(pk=training_id)
        if training.state not in queries.WATCHABLE:
            raise WrongMoment("media", training.state)
        last, offset = queries.end_of_takes(training_id)
        made = Recording.objects.create(
            training=training, take=last + 1, mime=mime, offset_ms=offset, made_by=by, made_at=now,
        )  # fmt: skip
        record(training, "live.record", user=by, now=now, data={"take": made.take})
    return made


def close_recording(recording: Recording, *, now: datetime) -> Recording:
    """Measure the file of a take and say that nothing more comes. Safe to do twice; a file another process writes stays open.

    The file is read through once for its hash, so not on the event loop.
    """
    size, length, frames, digest = 0, 0, 0, ""
    if recording.path.exists():
        try:
            writer = files.Writer(recording.path)
        except files.Busy:
            return recording
        writer.finish()
        size, length, frames = writer.size, writer.end_ms, writer.frames
        digest = files.sha256_of(recording.path)
    with transaction.atomic():
        locked = Recording.objects.select_for_update().get(pk=recording.pk)
        if locked.state == Recording.State.OPEN:
            locked.state, locked.closed_at = Recording.State.DONE, now
            locked.size, locked.duration_ms, locked.frames, locked.sha256 = size, length, frames, digest
            locked.save()
            said = {"take": locked.take, "bytes": size, "sha256": digest}
            record(locked.training, "live.recorded", user=locked.made_by, now=now, data=said)
    return locked


def close_left(training_id: int, *, now: datetime) -> int:
    """Close what a crashed process left open, once the class is over; how many takes."""
    if queries.state_of(training_id) in queries.WATCHABLE:
        return 0
    left = list(Recording.objects.filter(training=training_id, state=Recording.State.OPEN))
    return sum(close_recording(one, now=now).state == Recording.State.DONE for one in left)


def say_on(
    training_id: int, *, tier: str, sender: str, by: int, tracks: list[str], kbps: int, now: datetime
) -> tuple[dict, ...]:
    """`media.mode` into the log: what is on from now, and who sends it. Nothing where the class is over.

    Args:
        sender: key of the stream, by which it ends later (`say_off`).
        by: id of the trainer who sends.
        kbps: kbit/s of all its tracks.
    """
    name = User.objects.values_list("name", flat=True).get(pk=by)
    said = {"tier": tier, "tracks": tracks, "kbps": kbps, "sender": sender, "name": name}
    return _say_mode(training_id, said, idem=f"on-{sender}", now=now)


def say_off(training_id: int, *, sender: str, now: datetime) -> tuple[dict, ...]:
    """`media.mode` into the log: nothing is on from now. Nothing where another stream has taken this one's place."""
    return _say_mode(training_id, {"tier": "none", "sender": sender}, idem=f"off-{sender}", now=now)


def _say_mode(training_id, said, *, idem, now):
    try:
        return do(training_id, "media.mode", said, actor=SYSTEM, idem=idem, now=now).envelopes
    except Refusal:
        return ()


def say_marker(training_id: int, media_ms: int, *, now: datetime) -> tuple[dict, ...]:
    """`media.marker` into the log: where the recording's clock is now. Nothing before and after the class."""
    try:
        return do(training_id, "media.marker", {"media_ms": media_ms}, actor=SYSTEM, idem="", now=now).envelopes
    except Refusal:
        return ()
