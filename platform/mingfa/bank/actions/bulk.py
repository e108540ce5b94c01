"""Bulk actions: one function a kind for a batch of questions, and the run that takes a selection through it.

A run keeps what it is about (BulkItem) before it begins, so a killed one goes on where it stopped, and never twice over
the same question; so does taking one back. Batches are short transactions: an exam that is running beside it never
waits half a second.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from time import monotonic

from django.db import transaction
from django.db.models import F, Q
from wagtail.log_actions import log

from mingfa.bank.actions.beliefs import carry_beliefs
from mingfa.bank.actions.questions import (
    NotPossible,
    count_edition_up,
    follow_new_version,
    settle_moved,
    settle_restored,
    settle_retired,
    tell_restored,
)
from mingfa.bank.actions.versions import copy_versions
from mingfa.bank.bulk import UNDOABLE, judge
from mingfa.bank.models import Bank, BulkItem, BulkRun, NearCheck, NearPair, Question, QuestionTag
from mingfa.bank.registry import tell_left
from mingfa.turns import Turns

BATCH = 100
LISTED = 1000  # rows written by one transaction when a run is prepared
# A run is prepared within a minute or was killed.
CUT_OFF = timedelta(minutes=10)
Changed = dict[int, str]


def topic_questions(questions: Sequence[Question], value: str, *, by, now: datetime) -> Changed:
    """Set the 知识点. It stands beside the versions, so no new version comes of it. Returns what was before."""
    Question.objects.filter(pk__in=[one.pk for one in questions]).update(topic=value)
    return {one.pk: one.topic for one in questions}


def tag_questions(questions: Sequence[Question], value: str, *, by, now: datetime) -> Changed:
    """Add a tag of the questions' bank, which is made where there is none of that name."""
    for bank_id in {one.bank_id for one in questions}:
        tag, _ = QuestionTag.objects.get_or_create(bank_id=bank_id, name=value)
        tag.questions.add(*(one.pk for one in questions if one.bank_id == bank_id))
    return {one.pk: "" for one in questions}


def untag_questions(questions: Sequence[Question], value: str, *, by, now: datetime) -> Changed:
    """Take a tag away; a tag without any question is no longer offered, so it goes."""
    for tag in QuestionTag.objects.filter(bank__in={one.bank_id for one in questions}, name=value):
        tag.questions.remove(*(one.pk for one in questions))
        if not tag.questions.exists():
            tag.delete()
    return {one.pk: "" for one in questions}


def grade_questions(questions: Sequence[Question], value: str, *, by, now: datetime) -> Changed:
    """Set the difficulty: a new version of each, for versions never change and papers tell their difficulty by them."""
    before = {one.pk: str(one.current.difficulty) for one in questions}
    old = {one.pk: one.current for one in questions}
    copy_versions(questions, difficulty=int(value), by=by, now=now)
    for one in questions:
        carry_beliefs(old[one.pk], one.current)
        follow_new_version(one, old[one.pk].pk, by=by, now=now)
    return before


def reserve_questions(questions: Sequence[Question], value: str, *, by, now: datetime) -> Changed:
    """Keep for exams."""
    Question.objects.filter(pk__in=[one.pk for one in questions]).update(reserved=True)
    for one in questions:
        one.reserved = True
        tell_left(one, by, now)
    return {one.pk: "" for one in questions}


def release_questions(questions: Sequence[Question], value: str, *, by, now: datetime) -> Changed:
    """Let practice ask them again."""
    Question.objects.filter(pk__in=[one.pk for one in questions]).update(reserved=False)
    return {one.pk: "" for one in questions}


def retire_questions(questions: Sequence[Question], value: str, *, by, now: datetime) -> Changed:
    """Take out of new papers and practice."""
    Question.objects.filter(pk__in=[one.pk for one in questions]).update(status=Question.Status.RETIRED)
    before = {one.pk: one.status for one in questions}
    for one in questions:
        one.status = Question.Status.RETIRED
        settle_retired(one, by=by, now=now)
    return before


def restore_questions(questions: Sequence[Question], value: str, *, by, now: datetime) -> Changed:
    """Back into use; in a reviewed bank as drafts."""
    before = {one.pk: one.status for one in questions}
    for one in questions:
        settle_restored(one, by=by, now=now)
    tell_restored(questions, by=by, now=now)
    return before


def move_questions(questions: Sequence[Question], value: str, *, by, now: datetime) -> Changed:
    """Move to another bank with all versions; tags go along by name. Both banks count an edition.

    Signatures of another unit, or under looser rules, do not count in a reviewed bank: there it is a draft.
    """
    before = {one.pk: str(one.bank_id) for one in questions}
    ids, target = list(before), int(value)
    banks = Bank.objects.in_bulk({one.bank_id for one in questions} | {target})
    held = list(QuestionTag.questions.through.objects.filter(question__in=ids).values_list("questiontag__name", "question"))
    QuestionTag.questions.through.objects.filter(question__in=ids).delete()
    for name in {name for name, _ in held}:
        tag, _ = QuestionTag.objects.get_or_create(bank_id=target, name=name)
        tag.questions.add(*(question for one, question in held if one == name))
    QuestionTag.objects.filter(bank__in=set(map(int, before.values())), questions=None).delete()
    # Near pairs are of one bank; the new one compares them anew.
    NearPair.objects.filter(Q(first__question__in=ids) | Q(second__question__in=ids)).delete()
    NearCheck.objects.filter(version__question__in=ids).delete()
    Question.objects.filter(pk__in=ids).update(bank=target)
    count_edition_up(target)
    for one in questions:
        settle_moved(one, banks[one.bank_id], banks[target], by=by, now=now)
    return before


KINDS = {
    "topic": topic_questions, "tag": tag_questions, "untag": untag_questions, "grade": grade_questions,
    "reserve": reserve_questions, "release": release_questions, "retire": retire_questions, "restore": restore_questions,
    "move": move_questions,
}  # fmt: skip
# What takes a run back; those of FROM_BEFORE by what each question was before.
OPPOSITE = {
    "topic": "topic", "tag": "untag", "untag": "tag", "reserve": "release", "release": "reserve", "retire": "restore",
    "restore": "retire", "move": "move",
}  # fmt: skip
FROM_BEFORE = {"topic", "move"}


def begin_run(bank: Bank, action: str, value: str, ids: Iterable[int], *, by, now: datetime) -> BulkRun:
    """Note down a run over questions of a bank; nothing of them changes yet. One audit line for all of it.

    The run counts from its last commit on: killed before, it was never begun, and a later one sweeps what is left.
    """
    ids, states, turns = list(ids), BulkRun.State, Turns()
    _sweep_cut_off(turns, now)
    run = BulkRun.objects.create(
        bank=bank, action=action, value=value, total=len(ids), state=states.PREPARING, made_by=by, made_at=now, touched_at=now
    )
    for start in range(0, len(ids), LISTED):
        with turns.transaction():
            BulkItem.objects.bulk_create(BulkItem(run=run, question_id=pk) for pk in ids[start : start + LISTED])
    with turns.transaction():
        run.state = states.RUNNING
        run.save(update_fields=["state"])
        log(bank, f"bank.{action}_questions", user=by, timestamp=now,
            data={"run": run.pk, "questions": len(ids), "value": value})  # fmt: skip
    return run


def _sweep_cut_off(turns: Turns, now: datetime) -> None:
    for run in BulkRun.objects.filter(state=BulkRun.State.PREPARING, touched_at__lt=now - CUT_OFF):
        while ids := list(run.items.values_list("pk", flat=True)[:LISTED]):
            with turns.transaction():
                BulkItem.objects.filter(pk__in=ids).delete()
        run.delete()


def carry_out(run: BulkRun, *, now: datetime) -> BulkRun:
    """Do what is still to be done of a run, a batch a transaction. Safe to call twice, and after a kill.

    What has changed since the preview is asked again: a question it no longer fits stays as it is, with the reason.
    """
    running, turns, clock = BulkRun.objects.filter(pk=run.pk, state=BulkRun.State.RUNNING), Turns(), _clock(now)
    more = running.exists()
    while more:
        with turns.transaction():
            more = _do_batch(run, now=now)
            running.update(touched_at=clock())
    running.update(state=BulkRun.State.DONE)
    run.refresh_from_db()
    return run


def _clock(now: datetime) -> Callable[[], datetime]:
    """Tells the time from `now` on, for signs of life."""
    began = monotonic()
    return lambda: now + timedelta(seconds=monotonic() - began)


def _do_batch(run: BulkRun, *, now: datetime) -> bool:
    items = list(BulkItem.objects.select_for_update().filter(run=run, outcome="").order_by("pk")[:BATCH])
    if not items:
        return False
    ids = [item.question_id for item in items]
    here = Question.objects.select_for_update(of=("self",)).filter(pk__in=ids, bank=run.bank_id)
    questions = {one.pk: one for one in here.select_related("current")}
    _lock_banks(run, run.value)
    doable = set(judge(run.action, run.value, run.bank, here, now=now).doable)
    before = {}
    if doable:
        chosen = [questions[pk] for pk in ids if pk in doable]
        before = KINDS[run.action](chosen, run.value, by=run.made_by, now=now)
        count_edition_up(run.bank_id)
    for item in items:
        gone = "gone" if item.question_id not in questions else "changed"
        item.outcome, item.before = ("done", before[item.question_id]) if item.question_id in before else (gone, "")
    BulkItem.objects.bulk_update(items, ["outcome", "before"])
    BulkRun.objects.filter(pk=run.pk).update(done=F("done") + len(before))
    return True


def undo_run(run: BulkRun, *, by, now: datetime) -> int:
    """Take a finished run back where its questions still are as it left them. Returns how many. Raises as `begin_undo`."""
    begin_undo(run, by=by, now=now)
    return carry_undo(run, by=by, now=now)


@transaction.atomic
def begin_undo(run: BulkRun, *, by, now: datetime) -> None:
    """Note down that a run is taken back; `carry_undo` does it.

    Raises:
        NotPossible: "not_undoable" (a new version stays), "not_done" (still running, or taken back already).
    """
    if run.action not in UNDOABLE:
        raise NotPossible("not_undoable")
    states = BulkRun.State
    if not BulkRun.objects.filter(pk=run.pk, state=states.DONE).update(state=states.UNDONE, touched_at=now):
        raise NotPossible("not_done")
    log(run.bank, "bank.undo_run", user=by, timestamp=now, data={"run": run.pk, "action": run.action})


def carry_undo(run: BulkRun, *, by, now: datetime) -> int:
    """Take back what is left to take back, a batch a transaction. Safe to call twice, and after a kill. Returns how many."""
    taken_back, turns, clock = BulkRun.objects.filter(pk=run.pk, state=BulkRun.State.UNDONE), Turns(), _clock(now)
    undone, more = 0, taken_back.exists()
    while more:
        with turns.transaction():
            count = _undo_batch(run, by=by, now=now)
            taken_back.update(touched_at=clock())
        more = count >= 0
        undone += max(count, 0)
    return undone


def _undo_batch(run: BulkRun, *, by, now: datetime) -> int:
    """How many of the next batch were taken back; -1 when nothing is left."""
    items = list(BulkItem.objects.select_for_update().filter(run=run, outcome="done").order_by("pk")[:BATCH])
    if not items:
        return -1
    where = int(run.value) if run.action == "move" else run.bank_id
    found = Question.objects.select_for_update(of=("self",)).filter(pk__in=[one.question_id for one in items], bank=where)
    questions = {one.pk: one for one in found}
    by_value: dict[str, list[BulkItem]] = {}
    for item in items:
        by_value.setdefault(item.before if run.action in FROM_BEFORE else run.value, []).append(item)
        item.outcome = "changed"
    undone = 0
    _lock_banks(run, *(item.before for item in items))
    for value, some in by_value.items():
        still = [one for one in some if one.question_id in questions and _as_left(run, questions[one.question_id])]
        bank = Bank.objects.get(pk=where)
        opposite, theirs = OPPOSITE[run.action], found.filter(pk__in=[one.question_id for one in still])
        fits = set(judge(opposite, value, bank, theirs, now=now).doable)
        chosen = [one for one in still if one.question_id in fits]
        if chosen:
            KINDS[opposite]([questions[one.question_id] for one in chosen], value, by=by, now=now)
        for one in chosen:
            one.outcome = "undone"
        undone += len(chosen)
    BulkItem.objects.bulk_update(items, ["outcome"])
    count_edition_up(where)
    return undone


def _lock_banks(run: BulkRun, *values: str) -> None:
    """The banks a batch touches, after its questions and always in one order: two runs that move questions to and fro
    never wait for each other crosswise, and nobody changes the rules of review between asking for them and writing."""
    touched = {run.bank_id} | ({int(value) for value in (run.value, *values)} if run.action == "move" else set())
    list(Bank.objects.select_for_update().filter(pk__in=touched).order_by("pk"))


def _as_left(run: BulkRun, question: Question) -> bool:
    """Whether nobody has changed since what the run set."""
    return run.action != "topic" or question.topic == run.value
