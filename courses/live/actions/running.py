"""What the clock does to a training: doors open, polls and rounds end, the class ends, attendance is settled."""
from collections import Counter
from datetime import datetime, timedelta

from django.db import transaction

from ..models import Presence, Training
from .closing import close_class
from .log import DOORS, GRACE, SETTLING, append

ALONE = timedelta(seconds=60)  # without any console
# A hub reports every 5 s; one that has not for so long is gone.
STALE = timedelta(seconds=15)


def keep_time(training_id: int, *, now: datetime) -> tuple[dict, ...]:
    """Do what is due by the clock; the envelopes. Safe to call from anywhere, as often as one likes."""
    if not _due(Training.objects.get(pk=training_id), now):
        return ()
    envelopes: list[dict] = []
    with transaction.atomic():
        training = Training.objects.select_for_update().get(pk=training_id)
        for kind, data in _due(training, now):
            envelopes += append(training, kind, data, now=now).envelopes
        if training.state == "processing":
            close_class(training, now=now)
            envelopes += append(training, "session.state", {"to": "replay", "reason": ""}, now=now).envelopes
    return tuple(envelopes)


def _due(training: Training, now: datetime) -> list[tuple[str, dict]]:
    """The commands of the clock, at most one change of the state."""
    at, state = round(now.timestamp() * 1000), training.snapshot
    poll, quiz, checkin = state["poll"], state["quiz"], state["checkin"]
    found: list[tuple[str, dict]] = []
    in_room = state["state"] in ("lobby", "live", "paused")
    if in_room and poll and poll["open"] and poll["closes_at"] and at >= poll["closes_at"] + 2000:
        found.append(("poll.close", {"id": poll["id"]}))
    if in_room and quiz and quiz["open"] and at >= quiz["at"] + quiz["seconds"] * 1000 + 2000:
        found.append(("quiz.close", {"id": quiz["id"]}))
    if checkin and checkin["closes_at"] and at >= checkin["closes_at"] and (in_room or state["state"] == "ended"):
        found.append(("checkin.close", {}))
    if state["state"] == "scheduled" and now >= training.starts_at - DOORS:
        found.append(("session.state", {"to": "lobby", "reason": "开始前 30 分钟"}))
    elif state["state"] in ("live", "paused") and now >= training.ends_at + GRACE:
        found.append(("session.state", {"to": "ended", "reason": "超过结束时间 30 分钟"}))
    elif state["state"] == "live" and training.trainer_seen_at and now >= training.trainer_seen_at + ALONE:
        found.append(("session.state", {"to": "paused", "reason": "培训师的网络断了"}))
    elif state["state"] == "ended" and now >= _ended_at(training) + SETTLING:
        found.append(("session.state", {"to": "processing", "reason": ""}))
    return found


def _ended_at(training: Training) -> datetime:
    return training.events.filter(kind="session.state", data__to="ended").latest("seq").at


def report_presence(training_id: int, hub: str, counts: dict, *, now: datetime) -> tuple[dict, ...]:
    """Keep what one hub sees, and write into the log how many are online in all, if that has changed.

    Args:
        hub: name of the hub, unique among processes.
        counts: {"online": {venue id: heads}, "screens": [venue ids], "trainers": heads}.
    """
    with transaction.atomic():
        training = Training.objects.select_for_update().get(pk=training_id)
        Presence.objects.update_or_create(training=training, hub=hub, defaults={"counts": counts, "at": now})
        training.presences.filter(at__lt=now - STALE).delete()
        fresh = [one.counts for one in training.presences.all()]
        if any(one["trainers"] for one in fresh):
            training.trainer_seen_at = now
            training.save(update_fields=["trainer_seen_at"])
        if training.state not in ("scheduled", "lobby", "live", "paused", "ended"):
            return ()
        envelopes: list[dict] = []
        for kind, data in _presence(training.snapshot["venues"], fresh):
            envelopes += append(training, kind, data, now=now).envelopes
    return tuple(envelopes)


def _presence(venues: dict, fresh: list[dict]) -> list[tuple[str, dict]]:
    """The events that bring the board to what the hubs see; venues that are not on the board are left out."""
    online: Counter = Counter()
    for one in fresh:
        online.update(one["online"])
    screens = {str(venue) for one in fresh for venue in one["screens"]}
    changed = {key: {"online": online[key]} for key, one in venues.items() if one["online"] != online[key]}
    found: list[tuple[str, dict]] = [("presence", {"by_venue": changed})] if changed else []
    for key, one in venues.items():
        if one["screen"] != (key in screens):
            facts = {"venue": int(key), "device": "", "rtt": 0, "quality": ""}
            found.append(("venue.offline" if one["screen"] else "venue.online", facts))
    return found
