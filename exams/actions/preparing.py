"""Blueprints, exams, publishing with the frozen roster, 免考 and 缓考."""
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils import timezone
from mingfa.bank.models import Bank, QuestionType
from mingfa.people.models import OrgUnit, User
from wagtail.log_actions import log

from ..engine.refusals import AlreadyClosed, NobodyAgain, NotHeldBack, Refusal, WrongState
from ..engine.states import EXAM, check_transition
from ..models import Blueprint, BlueprintRule, Candidate, Exam, ExamCategory, ExamRequirement, NamedPerson
from ..papers import draw_paper
from ..queries import expected_people
from ..tasks import plan_ending
from .makeup import COPIED, check_over
from .printing import draw_fixed_papers
from .standings import count_anew

if TYPE_CHECKING:
    from ..presets import Preset


@dataclass
class NobodyDue(Refusal):
    """No main posting of the chosen units and categories on the roster date."""

    roster_on: date
    code = "nobody_due"


@dataclass
class MarkUnreachable(Refusal):
    """The pass mark is above the sum of all marks."""

    pass_mark: Decimal
    total: Decimal
    code = "mark_unreachable"


@dataclass(frozen=True)
class RuleSpec:
    """What a blueprint line says, before it is a row."""

    type: str
    count: int
    marks: Decimal
    topic: str = ""
    law: str = ""
    difficulty: int | None = None

    @property
    def type_label(self) -> str:
        return QuestionType(self.type).label


def _write_rules(blueprint: Blueprint, rules: Sequence[RuleSpec]) -> None:
    BlueprintRule.objects.bulk_create(
        BlueprintRule(
            blueprint=blueprint, order=order, type=one.type, count=one.count, marks=one.marks,
            topic=one.topic, law=one.law, difficulty=one.difficulty,
        )
        for order, one in enumerate(rules)
    )  # fmt: skip


def create_blueprint(*, name: str, bank: Bank, rules: Sequence[RuleSpec], by: User, now: datetime) -> Blueprint:
    """A new blueprint over one bank. Whether the bank can fill it is asked at publishing."""
    with transaction.atomic():
        blueprint = Blueprint.objects.create(name=name, bank=bank)
        _write_rules(blueprint, rules)
        log(blueprint, "exams.create_blueprint", user=by, timestamp=now)
    return blueprint


def revise_blueprint(
    blueprint: Blueprint, *, rules: Sequence[RuleSpec], by: User, now: datetime, bank: Bank | None = None
) -> Blueprint:
    """Replace the rules (and the bank) and count the edition up. Papers already drawn keep what they have.

    Raises:
        WrongState: an exam that uses it is published; its candidates must all get the same rules.
    """
    with transaction.atomic():
        locked = Blueprint.objects.select_for_update().get(pk=blueprint.pk)
        used = locked.exams.exclude(state=Exam.State.DRAFT).first()
        if used:
            raise WrongState(used.state, "draft")
        locked.rules.all().delete()
        _write_rules(locked, rules)
        locked.edition += 1
        locked.bank = bank or locked.bank
        locked.save(update_fields=["edition", "bank"])
        log(locked, "exams.revise_blueprint", user=by, data={"edition": locked.edition}, timestamp=now)
    return locked


def _write_conditions(exam: Exam, categories: Iterable[str], requires: Iterable[tuple[str, str, str]]) -> None:
    exam.categories.all().delete()
    ExamCategory.objects.bulk_create(ExamCategory(exam=exam, category=one) for one in categories)
    exam.requirements.all().delete()
    rows = [ExamRequirement(exam=exam, kind=kind, key=key, words=words) for kind, key, words in requires]
    ExamRequirement.objects.bulk_create(rows)
    Exam.objects.filter(pk=exam.pk).update(has_requirements=bool(rows))


def create_exam(
    *, due_units: Iterable[OrgUnit], categories: Iterable[str] = (), requires: Iterable[tuple[str, str, str]] = (),
    people: Iterable[int] = (), by: User, now: datetime, **fields,
) -> Exam:  # fmt: skip
    """A draft exam. `fields` are those of Exam; constraints and lengths are the database's own.

    Args:
        requires: what has to be finished before starting: (kind, key, words), see mingfa.completions.
        people: ids of those it is for, if it is for them by name; `named_from` says where they come from.
    """
    with transaction.atomic():
        exam = Exam.objects.create(**fields)
        exam.due_units.set(due_units)
        NamedPerson.objects.bulk_create((NamedPerson(exam=exam, user_id=one) for one in people), batch_size=500)
        _write_conditions(exam, categories, requires)
        log(exam, "exams.create_exam", user=by, timestamp=now)
    return exam


def create_exam_from_preset(
    *, preset: "Preset", bank: Bank, name: str, by: User, now: datetime, **fields
) -> Exam:
    """A draft exam with a blueprint of its own that starts with the rules of a preset."""
    with transaction.atomic():
        blueprint = create_blueprint(name=name, bank=bank, rules=preset.rules, by=by, now=now)
        return create_exam(name=name, blueprint=blueprint, by=by, now=now, **fields)


def create_exam_like(exam: Exam, *, by: User, now: datetime, **fields) -> Exam:
    """A draft with the rules and settings of another exam, without its conditions; `fields` as in create_exam."""
    same = {name: getattr(exam, name) for name in COPIED if name not in ("unit", "has_requirements")}
    taken = {"duration_minutes": exam.duration_minutes, "attempts": exam.attempts}
    return create_exam(by=by, now=now, **{**same, **taken, **fields})


def revise_exam(
    exam: Exam, *, due_units: Iterable[OrgUnit], categories: Iterable[str], requires: Iterable[tuple[str, str, str]] = (),
    by: User, now: datetime, **fields,
) -> Exam:  # fmt: skip
    """Change a draft.

    Raises:
        WrongState: it has been published.
    """
    with transaction.atomic():
        locked = Exam.objects.select_for_update().get(pk=exam.pk)
        if locked.state != Exam.State.DRAFT:
            raise WrongState(locked.state, "draft")
        for name, value in fields.items():
            setattr(locked, name, value)
        locked.save()
        locked.due_units.set(due_units)
        _write_conditions(locked, categories, requires)
        log(locked, "exams.revise_exam", user=by, timestamp=now)
    return locked


def publish_exam(exam: Exam, *, by: User, now: datetime, on: date | None = None) -> int:
    """Publish a draft: try the blueprint, freeze the roster of `on` (today) into candidates.

    Those who left the roster are not in it; 长期病假, 产假 and the like are, until somebody approves
    免考 or 缓考 (domain guide §3: 应考 = 在册 − 免考 − 缓考).

    Returns:
        How many people are on the roster.

    Raises:
        WrongState, AlreadyClosed, PaperShortage, MarkUnreachable, NobodyDue; of a makeup StillRunning, NobodyAgain
    """
    on = on or timezone.localdate(now)
    with transaction.atomic():
        exam = Exam.objects.select_for_update().get(pk=exam.pk)
        check_transition(EXAM, exam.state, "published")
        if exam.state != Exam.State.DRAFT:
            raise WrongState(exam.state, "published")
        if exam.closes_at <= now:
            raise AlreadyClosed(exam.closes_at)
        # Locked, so that nobody changes the rules between trying them and publishing (revise_blueprint locks too).
        rules = Blueprint.objects.select_for_update(of=("self",)).select_related("bank")
        blueprint = rules.get(pk=exam.blueprint_id)
        total = sum((item.marks for item in draw_paper(blueprint, seed=0)), Decimal(0))
        if exam.pass_mark > total:
            raise MarkUnreachable(exam.pass_mark, total)
        if exam.makeup_of_id:
            check_over(exam.makeup_of, now)
        Candidate.objects.bulk_create(
            (
                Candidate(exam=exam, user_id=one.user_id, unit_id=one.unit_id, category=one.category)
                for one in expected_people(exam, on=on)
            ),
            batch_size=500,
        )
        count = exam.candidates.count()
        if not count:
            raise NobodyAgain() if exam.makeup_of_id else NobodyDue(on)
        count_anew(exam.pk)
        exam.blueprint = blueprint
        draw_fixed_papers(exam, by=by, now=now)
        exam.state, exam.published_at, exam.roster_on = Exam.State.PUBLISHED, now, on
        exam.save(update_fields=["state", "published_at", "roster_on"])
        log(exam, "exams.publish_exam", user=by, data={"candidates": count}, timestamp=now)
        # Closes the exam even when nobody sits up to its end.
        transaction.on_commit(lambda: plan_ending(exam.closes_at))
    return count


def release_results(exam: Exam, *, by: User, now: datetime) -> None:
    """公布成绩 of a published or closed exam whose results wait for it. A second call changes nothing.

    Raises:
        WrongState: a draft has no results, an archived exam's stay as they are.
        NotHeldBack: its results show without being released.
    """
    with transaction.atomic():
        locked = Exam.objects.select_for_update().get(pk=exam.pk)
        if locked.state not in (Exam.State.PUBLISHED, Exam.State.CLOSED):
            raise WrongState(locked.state, "released")
        if locked.result_policy != Exam.ResultPolicy.AFTER_RELEASE:
            raise NotHeldBack()
        if locked.released_at is None:
            locked.released_at = now
            locked.save(update_fields=["released_at"])
            log(locked, "exams.release_results", user=by, timestamp=now)
