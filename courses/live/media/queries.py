"""What is asked about the media of trainings."""
from django.db.models import Max, Sum
from django.urls import reverse

from .. import queries as live_queries
from ..board import Actor
from ..models import MediaPlan, Recording, Training
from ..tickets import Ticket
from . import rooms

# Whoever is in the room may watch; a class that is over is watched as a replay.
WATCHABLE = ("lobby", "live", "paused")


def plan_of(training: Training) -> MediaPlan:
    """How the class is seen and heard; an unsaved plan without media where nobody has decided."""
    return MediaPlan.objects.filter(training=training).first() or MediaPlan(training=training)


def recordings_of(training: Training):
    """The takes that can be played, in order."""
    return training.recordings.exclude(state=Recording.State.GONE).order_by("take")


def newest_take(training_id: int) -> Recording | None:
    return Recording.objects.filter(training=training_id).order_by("take").last()


def take_of(training_id: int, take: int) -> Recording | None:
    return Recording.objects.filter(training=training_id, take=take).exclude(state=Recording.State.GONE).first()


def end_of_takes(training_id: int) -> tuple[int, int]:
    """(number of the last take, milliseconds of all closed ones): where another begins."""
    found = Recording.objects.filter(training=training_id).aggregate(take=Max("take"), length=Sum("duration_ms"))
    return found["take"] or 0, found["length"] or 0


def state_of(training_id: int) -> str:
    """The state of the class; empty when there is none."""
    return Training.objects.filter(pk=training_id).values_list("state", flat=True).first() or ""


def is_for_media(ticket: Ticket) -> bool:
    """Whether media may be sent or shown now in the room of a ticket."""
    return state_of(ticket.training) in WATCHABLE


def two_way(training_id: int) -> Training | None:
    """The training, if its class has a two-way room and people may be in it now."""
    training = Training.objects.filter(pk=training_id, state__in=WATCHABLE).first()
    return training if training and plan_of(training).tier == "janus" and rooms.is_set_up() else None


def sender_on(training_id: int) -> str:
    """The key of the stream that is on by the log; empty for none."""
    said = Training.objects.only("snapshot").get(pk=training_id).snapshot.get("media") or {}
    return said.get("sender", "") if said.get("tier") in ("push", "janus") else ""


def may_speak(ticket: Ticket) -> bool:
    """Whether sound and picture may come from there now: from a trainer, and from the hall that has the floor."""
    training = Training.objects.filter(pk=ticket.training, state__in=WATCHABLE).only("snapshot").first()
    if training is None or live_queries.actor_of(ticket) is None:
        return False
    floor = training.snapshot.get("floor") or {}
    return ticket.role == "trainer" or (ticket.role == "venue" and floor.get("venue") == ticket.venue)


def who_may_not_watch(training_id: int, held: list[Ticket]) -> tuple[bool, list[Ticket]]:
    """(whether the class is on, tickets of those who have lost their role or were sent out since).

    Few queries, however many viewers.
    """
    training = Training.objects.select_related("unit").filter(pk=training_id).first()
    if training is None or training.state not in WATCHABLE:
        return False, []
    actors = [Actor(one.role, one.user, venue=one.venue) for one in held]
    lost, kicks = set(live_queries.lost_their_role(training, actors)), live_queries.kicks_of(training_id)
    return True, [
        one for one, actor in zip(held, actors, strict=True)
        if actor in lost or any(one.was_ended_by(kick) for kick in kicks)
    ]  # fmt: skip


def media_data(training: Training) -> dict | None:
    """What a page of the room needs to know of media; None where there is none."""
    found = plan_of(training)
    if found.tier == "none":
        return None
    here = f"/live/{training.pk}/"
    data = {"tier": found.tier}
    if found.tier == "external":
        shown = {"number": found.number, "password": found.password, "word": found.get_provider_display()}
        return {**data, **shown, "meeting": reverse("live:meeting", args=[training.pk])}
    data |= {"watch": f"/ws{here}watch/", "publish": f"/ws{here}publish/", "hls": f"{here}hls/index.m3u8"}
    # Planned once, and the office has no Janus any more: the platform's own stream does what it can.
    two_way = found.tier == "janus" and rooms.is_set_up()
    return {**data, "relay": f"/ws{here}relay/"} if two_way else {**data, "tier": "push"}
