"""The public quiz: questions released and withdrawn, quizzes and their codes, and the counts of answers."""
import secrets
from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from mingfa.bank.models import Question
from mingfa.bank.registry import kept_back
from mingfa.people.models import OrgUnit, User
from wagtail.log_actions import log

from ..engine.refusals import NameTaken, NotForPublic, TooFewQuestions
from ..models import Activity, Batch, Campaign, Code, QuestionRelease, Quiz, QuizQuestion, Tally, Visits
from ..quizzes import FEWEST, MOST, TYPES

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # nothing that looks like something else on a poster
LENGTH = 9


def release_question(question: Question, *, by: User, now: datetime) -> QuestionRelease:
    """Let the current wording be asked in public. Twice changes nothing.

    Raises:
        NotForPublic: it is kept for exams, held, no choice question, or has no explanation.
    """
    with transaction.atomic():
        question = Question.objects.select_for_update(of=("self",)).select_related("current", "bank__unit").get(pk=question.pk)
        version = question.current
        fit = question.status == Question.Status.USABLE and not question.reserved and not question.held
        if not fit or version.type not in TYPES or not version.explanation or kept_back([question.pk], now):
            raise NotForPublic(str(question))
        words = {"unit": question.bank.unit, "released_by": by, "released_at": now, "withdrawn_at": None}
        release, made = QuestionRelease.objects.get_or_create(version=version, defaults=words)
        if not made and release.withdrawn_at is None:
            return release
        for name, value in words.items():
            setattr(release, name, value)
        release.save()
        log(release, "outreach.release_question", user=by, timestamp=now, data={"question": question.pk})
    return release


def withdraw_release(release: QuestionRelease, *, by: User | None, now: datetime) -> None:
    """Nobody is asked any more; what was counted stays. Twice changes nothing."""
    with transaction.atomic():
        if QuestionRelease.objects.filter(pk=release.pk, withdrawn_at=None).update(withdrawn_at=now):
            log(release, "outreach.withdraw_question", user=by, timestamp=now)


def withdraw_left(question: Question, by: User | None, now: datetime) -> None:
    """A question was just retired or kept for exams (mingfa.bank.registry.on_leaving)."""
    for release in QuestionRelease.objects.filter(version__question=question, withdrawn_at=None):
        withdraw_release(release, by=by, now=now)


def create_quiz(
    *, name: str, unit: OrgUnit, releases: Sequence[QuestionRelease], by: User, now: datetime, campaign: Campaign | None = None,
    help: str = "",
) -> Quiz:  # fmt: skip
    """A quiz of these questions in this order.

    Raises:
        TooFewQuestions: not three to five different ones.
        NameTaken
    """
    if not FEWEST <= len({one.pk for one in releases}) == len(releases) <= MOST:
        raise TooFewQuestions(FEWEST, MOST)
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=unit.pk)
        if Quiz.objects.filter(unit=unit, name=name).exists():
            raise NameTaken(name)
        quiz = Quiz.objects.create(name=name, unit=unit, campaign=campaign, help=help, by=by, created_at=now)
        QuizQuestion.objects.bulk_create(
            QuizQuestion(quiz=quiz, release=one, place=place) for place, one in enumerate(releases)
        )
        log(quiz, "outreach.create_quiz", user=by, timestamp=now, data={"unit": unit.pk})
    return quiz


def close_quiz(quiz: Quiz, *, by: User, now: datetime) -> None:
    """Its codes say from now on that the quiz is over. Twice changes nothing."""
    with transaction.atomic():
        if Quiz.objects.filter(pk=quiz.pk, closed_at=None).update(closed_at=now):
            log(quiz, "outreach.close_quiz", user=by, timestamp=now)


def make_code(
    quiz: Quiz, *, unit: OrgUnit, by: User, now: datetime, phase: str = Code.Phase.ONCE, batch: Batch | None = None,
    activity: Activity | None = None, spot: str = "",
) -> Code:  # fmt: skip
    """The code of one batch at one place, of one activity, or of one spot; the one that is there where there is one."""
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=unit.pk)
        words = {"quiz": quiz, "phase": phase, "unit": unit, "batch": batch, "activity": activity, "spot": spot}
        code = Code.objects.filter(**words, retired_at=None).first()
        if code is None:
            slug = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
            code = Code.objects.create(slug=slug, by=by, created_at=now, **words)
            log(code, "outreach.make_code", user=by, timestamp=now, data={"quiz": quiz.pk, "unit": unit.pk})
    return code


def retire_code(code: Code, *, by: User, now: datetime) -> None:
    """Who scans it is told that it is over. Twice changes nothing."""
    with transaction.atomic():
        if Code.objects.filter(pk=code.pk, retired_at=None).update(retired_at=now):
            log(code, "outreach.retire_code", user=by, timestamp=now)


def count_answer(code: int, *, version: int, answer: str, first: bool, last: bool, now: datetime) -> None:
    """One more answer. No entry in the log: there is nobody to name, and the count is all that is kept.

    first, last: the answer to the first or last question of the code's quiz.
    """
    month = timezone.localdate(now).replace(day=1)
    with transaction.atomic():
        _one_more(Tally, {"code_id": code, "month": month, "version_id": version, "answer": answer}, "number")
        if first or last:
            words = [name for name, meant in (("begun", first), ("finished", last)) if meant]
            _one_more(Visits, {"code_id": code, "month": month}, *words)


def _one_more(model: type[Tally] | type[Visits], key: dict, *fields: str) -> None:
    more = {name: F(name) + 1 for name in fields}
    if not model.objects.filter(**key).update(**more):
        model.objects.bulk_create([model(**key)], ignore_conflicts=True)
        model.objects.filter(**key).update(**more)
