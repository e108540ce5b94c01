"""The 会议纪要: drafted from the log, edited by the trainer, frozen."""
import hashlib
import json
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from mingfa.audit import record
from mingfa.people.models import User

from ..board import BadData
from ..board.refusals import Frozen, WrongMoment
from ..drafting import draft_minutes
from ..models import Minutes, MinutesLine, Training

LONGEST = 5000  # characters of a paragraph


def draft(training: Training, *, by: User | None, now: datetime) -> Minutes:
    """Write the draft from the log, over what was there before. Part of `keep_time`, or asked for again by the trainer.

    Raises:
        Frozen; WrongMoment: the result of the class is not settled.
    """
    with transaction.atomic():
        training = Training.objects.select_for_update().get(pk=training.pk)
        if training.settled_at is None or training.state == "archived":
            raise WrongMoment("minutes", training.state)
        minutes, _ = Minutes.objects.get_or_create(training=training, defaults={"drafted_at": now})
        _check_open(minutes)
        minutes.lines.all().delete()
        minutes.drafted_at, minutes.edited_by, minutes.edited_at = now, None, None
        minutes.save(update_fields=["drafted_at", "edited_by", "edited_at"])
        MinutesLine.objects.bulk_create(
            MinutesLine(
                minutes=minutes, order=10 * place, heading=one.heading, text=one.text, drafted=one.text,
                events=list(one.events),
            )
            for place, one in enumerate(draft_minutes(training), 1)
        )  # fmt: skip
        record(minutes, "live.draft_minutes", user=by, now=now, data={"seq": training.seq})
    return minutes


def revise(minutes: Minutes, *, texts: Mapping[int, str], added: Mapping[int, str], by: User, now: datetime) -> Minutes:
    """Change paragraphs; an empty one is taken out. Headings stay.

    Args:
        texts: id of a paragraph → its text; those left out stay as they are.
        added: id of a heading → a paragraph to put at the end of its part.

    Raises:
        Frozen; WrongMoment; BadData: a paragraph is too long.
    """
    with transaction.atomic():
        minutes = _locked(minutes)
        if any(len(text) > LONGEST for text in (*texts.values(), *added.values())):
            raise BadData("text")
        lines, heading, kept = list(minutes.lines.all()), None, []
        for line in lines:
            if line.heading:
                kept += _put_in(minutes, heading, added)
                heading = line
            elif line.pk in texts:
                line.text = texts[line.pk].replace("\r\n", "\n").strip()
            kept.append(line)
        kept += _put_in(minutes, heading, added)
        _write(minutes, kept)
        minutes.edited_by, minutes.edited_at = by, now
        minutes.save(update_fields=["edited_by", "edited_at"])
        record(minutes, "live.revise_minutes", user=by, now=now, data={"lines": minutes.lines.count()})
    return minutes


def _put_in(minutes: Minutes, heading: MinutesLine | None, added: Mapping[int, str]) -> list[MinutesLine]:
    text = added.get(heading.pk, "").replace("\r\n", "\n").strip() if heading else ""
    return [MinutesLine(minutes=minutes, text=text)] if text else []


def _write(minutes: Minutes, lines: list[MinutesLine]) -> None:
    for place, line in enumerate(lines, 1):
        if line.heading or line.text:
            line.order = 10 * place
            line.save()
        elif line.pk:
            line.delete()


def freeze(minutes: Minutes, *, by: User, now: datetime) -> Minutes:
    """定稿: from now on nobody changes the text; its SHA-256 is on the page and in the exports.

    Raises:
        Frozen, WrongMoment
    """
    with transaction.atomic():
        minutes = _locked(minutes)
        minutes.frozen_by, minutes.frozen_at, minutes.sha256 = by, now, digest(minutes)
        minutes.save(update_fields=["frozen_by", "frozen_at", "sha256"])
        record(minutes, "live.freeze_minutes", user=by, now=now, data={"sha256": minutes.sha256})
    return minutes


def digest(minutes: Minutes) -> str:
    """SHA-256 of training, headings and paragraphs in order, as canonical JSON in UTF-8."""
    lines = [[line.heading, line.text, line.events] for line in minutes.lines.all()]
    text = json.dumps([minutes.training_id, lines], ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _locked(minutes: Minutes) -> Minutes:
    training = Training.objects.select_for_update().get(pk=minutes.training_id)
    found = Minutes.objects.select_for_update(of=("self",)).get(pk=minutes.pk)
    _check_open(found)
    if training.state != "replay":
        raise WrongMoment("minutes", training.state)
    return found


def _check_open(minutes: Minutes) -> None:
    if minutes.frozen_at is not None:
        raise Frozen
