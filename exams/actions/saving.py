"""Saving answers: the hot path. One guarded UPDATE, durable on its own; a SELECT before it when the process does not
know the sitting yet or something else has changed it.
"""
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import blake2b

from django.db import connection

from ..engine import sheet as engine
from ..engine.refusals import Refusal
from ..engine.states import check_writable
from ..models import Sitting
from ..papers import LoadedPaper, paper_of

RECEIPT_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"  # no 0/O, 1/I/L: people read it out


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
    answers = form_answers(paper, chosen)
    return _write(sitting_id, paper, epoch, now, lambda sheet: form_changes(answers, sheet))


def form_answers(paper: LoadedPaper, chosen: Mapping[str, Sequence[str]]) -> dict[int, str]:
    """The canonical answer at every place of a paper, empty where the form names none.

    Raises:
        BadAnswer
    """
    return {
        place: engine.canonical(item, paper.kinds[place], chosen.get(name, ()), paper.names.options[place], name)
        for place, (item, name) in enumerate(zip(paper.items, paper.names.questions, strict=True))
    }


def form_changes(answers: Mapping[int, str], sheet: engine.Sheet) -> dict[int, tuple[str, int]]:
    """What of a whole form differs from the sheet, as changes newer than all of it."""
    seq = engine.highest_seq(sheet) + 1
    return {
        place: (answer, seq) for place, answer in answers.items() if answer != sheet.get(place, ("", 0))[0]
    }


def stored_instead(sitting_id: int, changes: object) -> dict[str, list[str]]:
    """What is stored for the questions of a save that another device made impossible: {question name: [values]}.

    Read from the database, not from memory: a page shows it beside its own choice (SI3). Unknown names are left out.
    """
    paper, sheet = paper_of(sitting_id), _read(sitting_id).sheet
    wanted = set(changes) if isinstance(changes, Mapping) else set()
    return {
        name: engine.values_of(
            paper.items[place], paper.kinds[place], sheet.get(place, ("", 0))[0], paper.names.options[place]
        )
        for place, name in enumerate(paper.names.questions)
        if name in wanted
    }  # fmt: skip


@dataclass(frozen=True)
class _Facts:
    """A sitting as it was at one revision. `sheet` is never changed in place."""

    state: str
    epoch: int
    ends_at: datetime
    frozen_reason: str
    void_reason: str
    revision: int
    saved_at: datetime | None
    sheet: engine.Sheet


# What this process wrote or read last, by sitting. A guess only: the UPDATE succeeds on that very revision and epoch,
# and whatever else writes to a sitting counts one of the two up.
_recent: dict[int, _Facts] = {}
_MOST_RECENT = 4096


def _read(sitting_id: int) -> _Facts:
    names = ("state", "epoch", "ends_at", "frozen_reason", "void_reason", "revision", "saved_at", "answers")
    *facts, answers = Sitting.objects.values_list(*names).get(pk=sitting_id)
    return _Facts(*facts, engine.load(answers))


def _remember(sitting_id: int, facts: _Facts) -> None:
    if len(_recent) >= _MOST_RECENT:
        _recent.clear()
    _recent[sitting_id] = facts


def forget() -> None:
    """Drop what is remembered: for tests, whose databases give the same ids to other rows."""
    _recent.clear()


# Written out, because putting it together through the ORM costs more than the database needs to carry it out.
_UPDATE = f"""
    UPDATE {Sitting._meta.db_table} SET answers = %s, revision = %s, saved_at = %s
    WHERE id = %s AND state = 'open' AND epoch = %s AND revision = %s AND ends_at > %s AND frozen_reason = ''
"""  # noqa: S608 - our own table name


def _store(sitting_id: int, facts: _Facts, sheet: engine.Sheet, now: datetime) -> bool:
    moment = connection.ops.adapt_datetimefield_value(now)
    with connection.cursor() as cursor:
        cursor.execute(_UPDATE, [
            engine.dump(sheet), facts.revision + 1, moment, sitting_id, facts.epoch, facts.revision, moment,
        ])  # fmt: skip
        return cursor.rowcount == 1


def _write(sitting_id, paper, epoch, now, changes_for) -> Saved:
    facts = _recent.get(sitting_id)
    while True:
        remembered = facts is not None
        facts = facts or _read(sitting_id)
        try:
            check_writable(
                state=facts.state, epoch=facts.epoch, held_epoch=epoch, ends_at=facts.ends_at, now=now,
                frozen_reason=facts.frozen_reason, void_reason=facts.void_reason,
            )  # fmt: skip
        except Refusal:
            if not remembered:
                raise
            facts = None  # it may be writable again
            continue
        sheet = dict(facts.sheet)
        changes = changes_for(sheet)
        if engine.merge(sheet, changes):
            if not _store(sitting_id, facts, sheet, now):
                facts = None  # somebody was faster: look again, the guard above says what happened
                continue
            facts = replace(facts, revision=facts.revision + 1, saved_at=now, sheet=sheet)
        elif remembered:
            facts = None  # nothing to write, so nothing would prove what is remembered
            continue
        _remember(sitting_id, facts)
        saved = {paper.names.questions[place]: sheet[place][1] for place in changes}
        receipt = receipt_code(sitting_id, facts.revision)
        return Saved(facts.revision, saved, facts.saved_at, receipt, facts.ends_at)
