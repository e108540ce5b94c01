"""Saving answers: the hot path. One SELECT and one guarded UPDATE, each durable on its own."""
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import blake2b

from ..engine import sheet as engine
from ..engine.states import check_writable
from ..models import Sitting
from ..papers import paper_of

RECEIPT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0/O, 1/I/L: people read it out
_FACTS = (
    "state", "epoch", "ends_at", "frozen_reason", "void_reason", "revision", "saved_at", "answers",
)  # fmt: skip


@dataclass(frozen=True)
class Saved:
    """The server's word that answers are stored for good.

    saved: {question name: seq} of the questions of this request, as stored now.
    """

    revision: int
    saved: dict[str, int]
    saved_at: datetime | None
    receipt: str
    ends_at: datetime


def receipt_code(sitting_id: int, revision: int) -> str:
    """Four letters or digits that name one stored revision, for people to read out."""
    digest = blake2b(b"%d/%d" % (sitting_id, revision), digest_size=4).digest()
    return "".join(RECEIPT_ALPHABET[byte % len(RECEIPT_ALPHABET)] for byte in digest)


def save_answers(sitting_id: int, changes: object, *, epoch: int, now: datetime) -> Saved:
    """Store the changes of a page, all of them or none.

    No audit entry: the answer record with its receipt is the evidence (design §5.1). A repeated request
    changes nothing and gets the same reply.

    Args:
        changes: {question name: [[option names], seq]}, untrusted.
        epoch: the device epoch of the page's token.

    Raises:
        BadAnswer: something is not on this paper; nothing is stored.
        SittingEnded, Replaced, Frozen, Voided: the guard refuses.
        Sitting.DoesNotExist
    """
    paper = paper_of(sitting_id)
    parsed = engine.parse_changes(changes, paper.items, paper.kinds, paper.names)
    return _write(sitting_id, paper, epoch, now, lambda _: parsed)


def save_sheet(sitting_id: int, chosen: Mapping[str, Sequence[str]], *, epoch: int, now: datetime) -> Saved:
    """Store the whole form of a page that works without scripts: what it does not name is cleared.

    Args:
        chosen: {question name: [option names]}, untrusted.

    Raises: as save_answers.
    """
    paper = paper_of(sitting_id)
    answers = {
        place: engine.canonical(item, paper.kinds[place], chosen.get(name, ()), paper.names.options[place], name)
        for place, (item, name) in enumerate(zip(paper.items, paper.names.questions, strict=True))
    }

    def changes(sheet):
        seq = engine.highest_seq(sheet) + 1
        return {
            place: (answer, seq)
            for place, answer in answers.items()
            if answer != sheet.get(place, ("", 0))[0]
        }

    return _write(sitting_id, paper, epoch, now, changes)


def _write(sitting_id, paper, epoch, now, changes_for) -> Saved:
    while True:
        facts = dict(zip(_FACTS, Sitting.objects.values_list(*_FACTS).get(pk=sitting_id), strict=True))
        check_writable(
            state=facts["state"], epoch=facts["epoch"], held_epoch=epoch, ends_at=facts["ends_at"], now=now,
            frozen_reason=facts["frozen_reason"], void_reason=facts["void_reason"],
        )  # fmt: skip
        sheet = engine.load(facts["answers"])
        changes = changes_for(sheet)
        revision, saved_at = facts["revision"], facts["saved_at"]
        if engine.merge(sheet, changes):
            stored = Sitting.objects.filter(
                pk=sitting_id, state=Sitting.State.OPEN, epoch=epoch, revision=revision,
                ends_at__gt=now, frozen_reason="",
            ).update(answers=engine.dump(sheet), revision=revision + 1, saved_at=now)  # fmt: skip
            if not stored:
                continue  # somebody was faster: look again, the guard above says what happened
            revision, saved_at = revision + 1, now
        saved = {paper.names.questions[place]: sheet[place][1] for place in changes}
        return Saved(revision, saved, saved_at, receipt_code(sitting_id, revision), facts["ends_at"])
