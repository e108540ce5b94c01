"""离线会场: a bundle goes out, a sealed result comes back, is merged, and counts when a second person has confirmed it."""
from datetime import datetime

from django.db import transaction
from mingfa import sockets
from mingfa.audit import record
from mingfa.people.models import User

from ..board import Actor, decide
from ..board import hall as halls
from ..board.refusals import Already, Gone, NotAllowed, SamePerson, WrongMoment
from ..facts import poll_tally
from ..models import Answer, Bundle, CheckIn, HallResult, Training, Venue
from ..offline import Asked, Preview, digest, preview
from ..queries import log_of_attendance
from .answering import nameless
from .log import append, group_of
from .signing import keep_once

TAKES_ALONG = frozenset({"scheduled", "lobby", "live", "paused", "ended", "replay"})
BRINGS_BACK = TAKES_ALONG - {"scheduled"}
ROLES = frozenset({"trainer", "steward"})


def make_bundle(venue: Venue, *, actor: Actor, now: datetime) -> Bundle:
    """A new bundle with a key of its own.

    Raises:
        NotAllowed, WrongMoment
    """
    _check(venue, actor, TAKES_ALONG)
    with transaction.atomic():
        bundle = Bundle.objects.create(training=venue.training, venue=venue, made_at=now, made_by_id=actor.id)
        said = {"venue": venue.pk, "bundle": bundle.number}
        record(venue.training, "live.make_bundle", user=User(pk=actor.id), now=now, data=said)
    return bundle


def receive_result(venue: Venue, content: bytes, *, actor: Actor, now: datetime) -> HallResult:
    """Prove a file and keep it for the preview; nothing counts yet.

    Raises:
        halls.BadResult: it is not a file of this venue's bundle, was changed, is of another playing, or was merged before.
        NotAllowed, WrongMoment
    """
    _check(venue, actor, BRINGS_BACK)
    try:
        return _keep(venue, halls.read(content), actor, now)
    except halls.BadResult as wrong:
        said = {"venue": venue.pk, "what": wrong.what}
        record(venue.training, "live.refuse_result", user=User(pk=actor.id), now=now, data=said)
        raise


def _keep(venue: Venue, sealed: halls.Sealed, actor: Actor, now: datetime) -> HallResult:
    bundle = Bundle.objects.filter(number=sealed.bundle).first()
    if bundle is None:
        raise halls.BadResult("bundle")
    result = sealed.opened(bundle.key)
    if bundle.training_id != venue.training_id or result.training != venue.training_id:
        raise halls.BadResult("training")
    if bundle.venue_id != venue.pk or result.venue != venue.pk:
        raise halls.BadResult("venue")
    if bundle.run and bundle.run != result.run:
        raise halls.BadResult("run")
    sha256 = digest(sealed.payload)
    if bundle.results.filter(sha256=sha256).exclude(merged_at=None).exists():
        raise halls.BadResult("again")
    with transaction.atomic():
        bundle.results.filter(merged_at=None).delete()
        return HallResult.objects.create(
            bundle=bundle, payload=sealed.payload, sha256=sha256, received_at=now, received_by_id=actor.id
        )


def content_of(received: HallResult) -> halls.Result:
    """The result of a file that was proved when it came."""
    bundle = received.bundle
    return halls.Sealed(bundle.number, received.payload, halls.seal(bundle.key, received.payload)).opened(bundle.key)


def merge_result(received: HallResult, *, actor: Actor, now: datetime) -> Preview:
    """Write sign-ins, head-count and answers of a file; what was there before stays and is not counted again.

    Raises:
        halls.BadResult (run): another playing of the bundle was merged meanwhile.
        Already: merged before. NotAllowed, WrongMoment
    """
    with transaction.atomic():
        training = Training.objects.select_for_update().get(pk=received.bundle.training_id)
        received = HallResult.objects.select_related("bundle__venue").get(pk=received.pk)
        bundle, result = received.bundle, content_of(received)
        bundle.training = bundle.venue.training = training
        _check(bundle.venue, actor, BRINGS_BACK)
        if received.merged_at:
            raise Already("result")
        if bundle.run and bundle.run != result.run:
            raise halls.BadResult("run")
        found = preview(received, result, now=now)
        received.made = _write(training, bundle, found, actor, now)
        received.merged_at, bundle.run = now, result.run
        received.save(update_fields=["made", "merged_at"])
        bundle.save(update_fields=["run"])
        said = {"venue": bundle.venue_id, "bundle": bundle.number, "sha256": received.sha256}
        said |= {"signed": len(received.made["checkins"]), "answers": received.made["answers"]}
        record(training, "live.merge_result", user=User(pk=actor.id), now=now, data=said)
    sockets.notify(group_of(training.pk), {"type": "live.rows"})
    return found


def _write(training: Training, bundle: Bundle, found: Preview, actor: Actor, now: datetime) -> dict:
    made = []
    for line in found.people:
        if line.state not in ("new", "phone"):
            continue
        facts = {
            "how": CheckIn.How.OFFLINE, "device": "", "made_at": line.at, "received_at": now, "needs_second": True,
            "ticked_by_id": actor.id,
        }  # fmt: skip
        # Round 0: the hall had no part in the rounds of the class.
        row = keep_once(training, bundle.venue, line.user_id, 0, facts)
        if row.how == CheckIn.How.OFFLINE:
            made.append(row.pk)
    heads = found.result.heads
    board = training.snapshot["venues"].get(str(bundle.venue_id), {})
    if heads is not None and heads != board.get("heads"):
        append(training, "headcount", {"venue": bundle.venue_id, "heads": heads}, actor=actor, now=now)
    answers = sum(_answer(training, bundle, one, now) for one in found.questions)
    return {"checkins": made, "heads": heads, "answers": answers, "began": found.result.began_at, "by": actor.id}


def _answer(training: Training, bundle: Bundle, one: Asked, now: datetime) -> int:
    """Store the answers to one question; how many are new. Each hand and each head once, whatever comes twice."""
    if one.state != "new":
        return 0
    item, votes = one.opened["id"], one.votes(bundle.venue_id)
    if one.opened.get("anonymous") and one.each:
        votes = {nameless(training.secret, item, voter): (None, choice) for voter, (_, choice) in votes.items()}
    known = set(Answer.objects.filter(training=training, item=item, voter__in=votes).values_list("voter", flat=True))
    Answer.objects.bulk_create(
        Answer(training=training, item=item, voter=voter, user_id=user_id, venue=bundle.venue, choice=choice, at=now)
        for voter, (user_id, choice) in votes.items()
        if voter not in known
    )
    if "kind" in one.opened and len(known) < len(votes):
        append(training, "poll.tally", poll_tally(training.pk, one.opened), now=now)
    return len(votes) - len(known)


def confirm_result(received: HallResult, *, actor: Actor, now: datetime) -> int:
    """A second person confirms what a merged file brought; how many sign-ins count now that did not.

    Where attendance is settled already it is decided again for these people, unless somebody corrected it by hand.

    Raises:
        Gone: not merged, or confirmed. SamePerson, NotAllowed, WrongMoment
    """
    with transaction.atomic():
        training = Training.objects.select_for_update().get(pk=received.bundle.training_id)
        received = HallResult.objects.select_related("bundle__venue").get(pk=received.pk)
        _check(received.bundle.venue, actor, BRINGS_BACK)
        if received.merged_at is None or received.confirmed_at is not None:
            raise Gone("result")
        if received.made["by"] == actor.id:
            raise SamePerson
        waiting = CheckIn.objects.filter(pk__in=received.made["checkins"], needs_second=True, confirmed_by=None)
        mine = waiting.exclude(ticked_by=actor.id).exclude(user=actor.id)
        people = list(mine.values_list("user", flat=True))
        if not people and waiting.exists():
            raise SamePerson
        before = _decided(training, people)
        mine.update(confirmed_by=actor.id, confirmed_at=now)
        _confirm_heads(training, received, actor, now)
        if training.settled_at is not None:
            _decide_again(training, people, before)
        # One's own sign-in waits for yet another person.
        if not waiting.exists():
            received.confirmed_at, received.confirmed_by_id = now, actor.id
            received.save(update_fields=["confirmed_at", "confirmed_by"])
        said = {"venue": received.bundle.venue_id, "bundle": received.bundle.number, "checkins": len(people)}
        record(training, "live.confirm_result", user=User(pk=actor.id), now=now, data=said)
    sockets.notify(group_of(training.pk), {"type": "live.rows"})
    return len(people)


def _confirm_heads(training: Training, received: HallResult, actor: Actor, now: datetime) -> None:
    venue, heads = received.bundle.venue_id, received.made["heads"]
    last = training.events.filter(kind="headcount", data__venue=venue).order_by("seq").last()
    if heads is None or last is None or last.data["heads"] != heads:
        return
    if last.data["confirmed_by"] is None and last.data["by"] != actor.id:
        append(training, "headcount", {"venue": venue, "heads": heads, "confirm": True}, actor=actor, now=now)


def _decided(training: Training, people: list[int]) -> dict[int, str]:
    rounds, started_at, signs = log_of_attendance(training.pk)
    return {one: decide(rounds, signs.get(one, ()), started_at=started_at) for one in people}


def _decide_again(training: Training, people: list[int], before: dict[int, str]) -> None:
    after = _decided(training, people)
    for entry in training.roster.filter(user__in=people):
        if entry.attendance == before[entry.user_id] != after[entry.user_id]:
            entry.attendance = after[entry.user_id]
            entry.save(update_fields=["attendance"])


def _check(venue: Venue, actor: Actor, states: frozenset[str]) -> None:
    if actor.role not in ROLES or (actor.role == "steward" and actor.venue != venue.pk):
        raise NotAllowed("offline", actor.role)
    state = Training.objects.values_list("state", flat=True).get(pk=venue.training_id)
    if state not in states:
        raise WrongMoment("offline", state)
