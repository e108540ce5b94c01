"""Papers that are drawn before anybody sits: the same for all, A and B, or printed for one candidate."""
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from mingfa.people.models import User
from wagtail.log_actions import log

from ..engine.refusals import TooMany, WrongState
from ..fairness import digest
from ..models import Candidate, Exam, PrintedPaper
from ..papers import draw_paper, dump_items, fairness_of

LABELS = "ABCDEFGH"
MOST_AT_ONCE = 60  # papers of one file: a document takes its time


def fixed_labels(exam: Exam) -> str:
    """The papers that its sittings share: none, A, or A and B."""
    return {Exam.PaperMode.FIXED: "A", Exam.PaperMode.AB: "AB"}.get(exam.paper_mode, "")


def draw_fixed_papers(exam: Exam, *, by: User, now: datetime) -> None:
    """At publishing: the papers everybody will have. Raises PaperShortage."""
    for label in fixed_labels(exam):
        _draw(exam, label, None, by, now)


def draw_printed_paper(exam: Exam, *, by: User, now: datetime) -> PrintedPaper:
    """One more paper for many, with the next letter.

    Raises:
        WrongState: drafts may still change. TooMany: all letters are used. PaperShortage
    """
    with transaction.atomic():
        locked = _published(exam)
        used = set(locked.printed_papers.filter(candidate=None).values_list("label", flat=True))
        label = next((one for one in LABELS if one not in used), None)
        if label is None:
            raise TooMany(len(LABELS))
        made = _draw(locked, label, None, by, now)
        log(locked, "exams.draw_printed_paper", user=by, data={"label": label, "digest": made.digest}, timestamp=now)
    return made


def draw_own_papers(exam: Exam, candidates: Sequence[Candidate], *, by: User, now: datetime) -> list[PrintedPaper]:
    """A paper of their own for each candidate; who has one keeps it.

    Raises:
        WrongState; TooMany: more than MOST_AT_ONCE. PaperShortage
    """
    if len(candidates) > MOST_AT_ONCE:
        raise TooMany(MOST_AT_ONCE)
    with transaction.atomic():
        locked = _published(exam)
        known = {one.candidate_id: one for one in locked.printed_papers.filter(candidate__in=candidates)}
        last = locked.printed_papers.exclude(candidate=None).count()
        made = []
        for one in candidates:
            if one.pk not in known:
                last += 1
                known[one.pk] = _draw(locked, f"{last:04d}", one, by, now)
                made.append(known[one.pk])
        if made:
            log(locked, "exams.draw_own_papers", user=by, data={"papers": len(made)}, timestamp=now)
    return [known[one.pk] for one in candidates]


def _published(exam: Exam) -> Exam:
    locked = Exam.objects.select_for_update(of=("self",)).select_related("blueprint__bank").get(pk=exam.pk)
    if locked.state not in (Exam.State.PUBLISHED, Exam.State.CLOSED):
        raise WrongState(locked.state, "published")
    return locked


def _draw(exam: Exam, label: str, candidate: Candidate | None, by: User, now: datetime) -> PrintedPaper:
    seed = secrets.randbits(63)
    items = draw_paper(exam.blueprint, seed=seed)
    grade, articles = fairness_of(items)
    made = PrintedPaper(
        exam=exam, label=label, candidate=candidate, seed=seed, bank_edition=exam.blueprint.bank.edition,
        blueprint_edition=exam.blueprint.edition, items=dump_items(items), difficulty=grade, articles=articles,
        created_by=by, created_at=now,
    )  # fmt: skip
    made.digest = digest(made)
    made.save()
    return made
