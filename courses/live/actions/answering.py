"""Answers to polls and quizzes and votes: rows of their own, written in batches; their sums become events."""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.crypto import salted_hmac
from mingfa import sockets

from .. import facts
from ..board import Actor, BadData, Refusal, check_command
from ..board.refusals import Gone, NotAllowed
from ..models import Answer, Training
from .log import append, group_of

LATE = 2000  # milliseconds after the end of a quiz or poll in which an answer on its way still counts
AHEAD = 5000  # milliseconds a device's clock may be before ours


@dataclass(frozen=True)
class Given:
    """One command `answer` or `qa.vote` as it was sent. `at`: when by the device's own clock, in milliseconds; untrusted."""

    kind: str
    data: object
    actor: Actor
    at: object = None


def take_answers(training_id: int, given: Sequence[Given], *, now: datetime) -> list[Refusal | None]:
    """Write many answers in one transaction; one result each, None when it is taken.

    Until the question is closed the last answer of somebody counts, by the time it was given on the device: what is sent
    again, or overtaken on its way, changes nothing (LR2).
    """
    at = round(now.timestamp() * 1000)
    with transaction.atomic():
        # The same lock as for events: an answer is stored before its poll is closed, or refused.
        training = Training.objects.select_for_update().get(pk=training_id)
        results: list[Refusal | None] = []
        latest: dict[tuple[str, str], Answer] = {}
        for one in given:
            try:
                row = _row(training, one, at, now)
            except Refusal as refusal:
                results.append(refusal)
                continue
            results.append(None)
            before = latest.get((row.item, row.voter))
            if before is None or row.made_at >= before.made_at:
                latest[row.item, row.voter] = row
        _write(training, latest)
    sockets.notify(group_of(training_id), {"type": "live.rows"})
    return results


def _write(training: Training, latest: dict[tuple[str, str], Answer]) -> None:
    """Store these unless what is stored was given later. Nobody else writes: the training's row is locked."""
    if not latest:
        return
    items, voters = {item for item, _ in latest}, {voter for _, voter in latest}
    stored = Answer.objects.filter(training=training, item__in=items, voter__in=voters)
    known = {(item, voter): at for item, voter, at in stored.values_list("item", "voter", "made_at")}
    rows = [row for key, row in latest.items() if row.made_at > known.get(key, -1)]
    Answer.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["training", "item", "voter"],
        update_fields=["choice", "text", "made_at", "at"],
    )  # fmt: skip


def _row(training: Training, given: Given, at: int, now: datetime) -> Answer:
    actor, state = given.actor, training.snapshot
    data = check_command(given.kind, given.data, role=actor.role, state=state["state"])
    answer = Answer(
        training=training, item=data["id"], voter=actor.key, user_id=actor.id, venue_id=actor.venue, at=now, choice=[],
        made_at=_made_at(given.at, at),
    )  # fmt: skip
    if given.kind == "qa.vote":
        if all(one["id"] != data["id"] or one["status"] == "new" for one in state["qa"]):
            raise Gone("question")
        return answer
    choice, text = data["choice"], data["text"]
    if isinstance(choice, str):
        choice, text = [], choice
    quiz, poll = state["quiz"], state["poll"]
    if quiz and quiz["open"] and quiz["id"] == data["id"]:
        answer.choice = _chosen(choice, len(quiz["options"]), many=quiz["type"] == "multiple")
        if at > quiz["at"] + quiz["seconds"] * 1000 + LATE:
            raise Gone("quiz")
        if actor.role == "venue":
            raise NotAllowed("answer", "venue")
    elif poll and poll["open"] and poll["id"] == data["id"]:
        if poll["closes_at"] and at > poll["closes_at"] + LATE:
            raise Gone("poll")
        _fill(answer, poll, choice, text, training.secret, actor)
    else:
        raise Gone("poll")
    return answer


def _made_at(told: object, at: int) -> int:
    """What the device says, if it can be; a clock that is ahead would make every later answer seem older."""
    return told if type(told) is int and 0 <= told <= at + AHEAD else at


def _fill(answer: Answer, poll: dict, choice: list[int], text: str, secret: str, actor: Actor) -> None:
    if poll["audience"] == "all" and actor.role == "venue":
        raise NotAllowed("answer", "venue")
    if poll["audience"] != "all" and actor.role not in ("venue", "steward"):
        raise NotAllowed("answer", actor.role)
    if poll["kind"] in ("cloud", "text"):
        if not text:
            raise BadData("text")
        answer.text = text
    else:
        answer.choice = _chosen(choice, len(poll["options"]), many=poll["kind"] == "multi")
    if poll["audience"] == "one per venue":
        answer.voter = f"v{actor.venue}"
    if poll["anonymous"]:
        answer.voter, answer.user_id = nameless(secret, poll["id"], answer.voter), None


def nameless(secret: str, item: str, voter: str) -> str:
    """Who may answer an anonymous poll once, without saying who. Keyed with what is not in the database, so that who reads
    it cannot try everybody's name."""
    return "x" + salted_hmac(f"live.voter.{secret}", f"{item}.{voter}", algorithm="sha256").hexdigest()[:20]


def _chosen(choice: list[int], size: int, *, many: bool) -> list[int]:
    chosen = sorted(set(choice))
    if not chosen or chosen[-1] >= size or (len(chosen) > 1 and not many):
        raise BadData("choice")
    return chosen


def tally(training_id: int, *, now: datetime) -> tuple[dict, ...]:
    """Write the sums that have changed into the log; the envelopes. Nothing when nothing has changed.

    Several processes may ask at once: each compares with the log under its lock.
    """
    if not _changed(Training.objects.get(pk=training_id)):
        return ()
    with transaction.atomic():
        training = Training.objects.select_for_update().get(pk=training_id)
        envelopes: list[dict] = []
        for kind, data in _changed(training):
            envelopes += append(training, kind, data, now=now).envelopes
    return tuple(envelopes)


def _changed(training: Training) -> list[tuple[str, dict]]:
    return [*_votes(training), *_sums(training)]


def _sums(training: Training) -> Iterable[tuple[str, dict]]:
    state = training.snapshot
    if state["poll"] and state["poll"]["open"]:
        sums = facts.poll_tally(training.pk, state["poll"])
        if any(state["poll"][name] != sums[name] for name in ("counts", "by_venue", "n")):
            yield "poll.tally", sums
    if state["quiz"] and state["quiz"]["open"]:
        sums = facts.quiz_tally(training, state["quiz"])
        if any(state["quiz"][name] != sums[name] for name in sums):
            yield "quiz.tally", sums
    if state["state"] not in ("draft", "cancelled", "archived"):
        sums = facts.checkin_tally(training)
        known = {key: {name: one[name] for name in ("signed", "roster")} for key, one in state["venues"].items()}
        if any(known.get(key) != sum for key, sum in sums["by_venue"].items()):
            yield "checkin.tally", sums


def _votes(training: Training) -> Iterable[tuple[str, dict]]:
    asked = {one["id"]: one["votes"] for one in training.snapshot["qa"] if one["status"] != "new"}
    if asked:
        for item, n in sorted(facts.vote_counts(training.pk, list(asked)).items()):
            if n != asked[item]:
                yield "votes", {"id": item, "n": n}
