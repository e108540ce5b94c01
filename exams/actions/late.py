"""Taking in what arrived after the end, and deciding about it."""
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal

from django.db import transaction
from django.db.models import F
from mingfa.bank.marking import is_marked_by_people, mark_question
from mingfa.people.models import User
from wagtail.log_actions import log

from ..engine import sheet as engine
from ..engine.correcting import corrected_mark
from ..engine.late import arrived_in_grace, was_in_time
from ..engine.refusals import AlreadySo, BadAnswer, OwnCase, Replaced, SittingEnded, WrongState
from ..models import Exam, LateAnswer, Response, Sitting
from ..papers import keys_of, paper_of
from ..proving import proof_of
from .handing_in import corrections_of, hold_results, recount
from .tallying import marks_changed

HANDED_IN = (Sitting.State.SUBMITTED, Sitting.State.MARKED)
LATEST_MS = 4_102_444_800_000  # the year 2100


def store_late_answers(sitting: Sitting, changes: object, *, epoch: object, now: datetime) -> int:
    """Keep the answers that a page could not send before its sitting ended by time. Nothing is marked.

    Args:
        sitting: with candidate and exam, ended.
        changes: {question name: [[option names], milliseconds of the change by the server's clock]}, untrusted.
        epoch: the device epoch of the page, untrusted.

    Returns:
        How many wait for a decision now. Left out are changes that are none of this paper, claim a moment outside
        the sitting or say what is stored already: one of them must not cost the others.

    Raises:
        SittingEnded: it was not ended by time, or the grace is over. Replaced: another device had it. BadAnswer.
    """
    exam = sitting.candidate.exam
    ended_by_time = sitting.state in HANDED_IN and sitting.ending == Sitting.Ending.TIME
    if not ended_by_time or not arrived_in_grace(now, ends_at=sitting.ends_at, grace_minutes=exam.grace_minutes):
        raise SittingEnded(sitting.ends_at)
    paper, sheet = paper_of(sitting.pk), engine.load(sitting.answers)
    parsed = _parsed(changes, paper)
    if epoch != sitting.epoch:
        raise Replaced()
    found = [
        LateAnswer(sitting=sitting, place=place, answer=answer, changed_at=changed_at, arrived_at=now)
        for place, answer, changed_at in parsed
        if was_in_time(changed_at, started_at=sitting.started_at, ends_at=sitting.ends_at)
        and answer != sheet.get(place, ("", 0))[0]
    ]
    with transaction.atomic():
        # A second call brings the same again: what is there already stays.
        before = sitting.late_answers.count()
        LateAnswer.objects.bulk_create(found, ignore_conflicts=True)
        if sitting.late_answers.count() > before:
            log(sitting, "exams.store_late_answers", user=sitting.candidate.user, data={"answers": len(found)}, timestamp=now)
    return sitting.late_answers.filter(state=LateAnswer.State.PENDING).count()


def _parsed(changes: object, paper) -> list[tuple[int, str, datetime]]:
    """(place, canonical answer, claimed moment) of each change that can be read. Raises BadAnswer when none can."""
    if not isinstance(changes, Mapping):
        raise BadAnswer("", "form")
    found, refusal = [], None
    for name, change in changes.items():
        try:
            found.append(_parsed_one(name, change, paper))
        except BadAnswer as bad:
            refusal = bad
    if refusal and not found:
        raise refusal
    return found


def _parsed_one(name: str, change: object, paper) -> tuple[int, str, datetime]:
    moment = change[1] if isinstance(change, list) and len(change) == 2 else None
    if not isinstance(moment, int) or isinstance(moment, bool) or not 0 < moment < LATEST_MS:
        raise BadAnswer(str(name)[:40], "form")
    parsed = engine.parse_changes({name: [change[0], 1]}, paper.items, paper.kinds, paper.names)
    [(place, (answer, _))] = parsed.items()
    return place, answer, datetime.fromtimestamp(moment / 1000, UTC)


def decide_late_answers(
    sitting: Sitting, *, accepted: bool, reason: str, seen: int, by: User, now: datetime
) -> int:  # fmt: skip
    """Let the waiting answers of a sitting count, or not; the result is worked out anew.

    Args:
        seen: the highest id among the answers that were on the page; what came later is not decided about.

    Returns:
        How many answers it was about.

    Raises:
        OwnCase: nobody decides about himself. AlreadySo: nothing waits. WrongState: the exam is archived.
    """
    if sitting.candidate.user_id == by.pk:
        raise OwnCase()
    with transaction.atomic():
        hold_results(sitting.candidate.exam_id)
        locked = Sitting.objects.select_for_update(of=("self",)).select_related("candidate__exam").get(pk=sitting.pk)
        waiting = list(locked.late_answers.filter(state=LateAnswer.State.PENDING, pk__lte=seen))
        if locked.candidate.exam.state == Exam.State.ARCHIVED:
            raise WrongState("archived", "archived")
        if not waiting or locked.state not in HANDED_IN:
            raise AlreadySo()
        state = LateAnswer.State.ACCEPTED if accepted else LateAnswer.State.REFUSED
        locked.late_answers.filter(pk__in=[one.pk for one in waiting]).update(
            state=state, decided_by=by, decided_at=now, reason=reason
        )
        before = locked.mark
        if accepted:
            _count_in(locked, waiting)
            recount(locked.candidate)
        marks_changed(locked.candidate.exam, now=now)
        data = {"accepted": accepted, "answers": len(waiting), "reason": reason, "before": str(before),
                "after": str(locked.mark), **proof_of(locked.pk, locked.mark)}  # fmt: skip
        log(locked, "exams.decide_late_answers", user=by, data=data, timestamp=now)
    return len(waiting)


def _count_in(sitting: Sitting, answers: list[LateAnswer]) -> None:
    """Answers into sheet, rows and mark, so that marking the sheet again gives the same."""
    paper, sheet = paper_of(sitting.pk), engine.load(sitting.answers)
    keys, seq = keys_of(paper), engine.highest_seq(sheet)
    corrections = corrections_of(sitting.candidate.exam)
    for one in answers:
        (kind, key), item = keys[one.place], paper.items[one.place]
        seq += 1
        sheet[one.place] = (one.answer, seq)
        policy = sitting.candidate.exam.multiple_policy
        if item.version_id in corrections:
            mark = corrected_mark(
                kind, corrections[item.version_id], one.answer, item.marks, policy=policy, mark_question=mark_question
            )
        elif not one.answer:
            mark = Decimal(0)
        else:
            mark = None if is_marked_by_people(kind) else mark_question(kind, key, one.answer, item.marks, policy)
        sitting.script_marks.filter(place=one.place).delete()  # they were for another answer
        Response.objects.filter(sitting=sitting, place=one.place).update(answer=one.answer, mark=mark)
    marks = list(sitting.responses.values_list("mark", flat=True))
    sitting.mark = None if None in marks else sum(marks, Decimal(0))
    sitting.state = Sitting.State.SUBMITTED if sitting.mark is None else Sitting.State.MARKED
    sitting.answers = engine.dump(sheet)
    Sitting.objects.filter(pk=sitting.pk).update(
        state=sitting.state, mark=sitting.mark, answers=sitting.answers, revision=F("revision") + 1
    )
