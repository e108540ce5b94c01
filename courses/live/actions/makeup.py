"""补学 of somebody who was absent."""
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from mingfa.audit import record
from mingfa.bank.marking import is_right
from mingfa.people.models import User

from ..board import BadData
from ..board.refusals import Already, Gone, WrongMoment
from ..makeup import held_up, to_answer
from ..models import MakeupAnswer, RosterEntry, Training

LETTERS = frozenset("ABCDEFGHIJKLTF")


def make_up(training_id: int, given: Mapping[int, str], *, by: User, now: datetime) -> RosterEntry:
    """Keep the answers to the questions of the class; when all are right, or none can be asked, the 补学 is done.

    The result of the class stays 缺席. As often as one likes; what was right is not asked again.

    Args:
        given: version id → letters in order; a question left out stays unanswered.

    Raises:
        Gone: not on the roster, or not absent; WrongMoment; BadData; Already: done before;
        Gone("paper"): a question stands on a paper the person is sitting.
    """
    with transaction.atomic():
        training = Training.objects.get(pk=training_id)
        if training.state != "replay":
            raise WrongMoment("makeup", training.state)
        entry = RosterEntry.objects.select_for_update().filter(training=training, user=by, attendance="absent").first()
        if entry is None:
            raise Gone("makeup")
        if entry.made_up_at:
            raise Already("makeup")
        if held_up(training, by, now=now):
            raise Gone("paper")
        asked = to_answer(training, now=now)
        for one in asked:
            letters = given.get(one.version.pk, "")
            if not set(letters) <= LETTERS or len(letters) > len(set(letters)):
                raise BadData("answer")
            if letters:
                right = is_right(one.version.type, one.version.answer, letters)
                MakeupAnswer.objects.update_or_create(
                    entry=entry, item=one.item, defaults={"given": letters, "right": right, "at": now}
                )
        done = set(entry.makeup_answers.filter(right=True).values_list("item", flat=True))
        if {one.item for one in asked} <= done:
            entry.made_up_at = now
            entry.save(update_fields=["made_up_at"])
            record(entry, "live.make_up", user=by, now=now, data={"questions": len(asked)})
    return entry
