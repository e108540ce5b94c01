"""An exam after a training: a draft for exactly its people, to be checked and published by its setter."""
from collections.abc import Collection
from datetime import datetime

from django.urls import reverse
from mingfa.bank.models import Bank
from mingfa.followups import FollowUp, Kind, Occasion, register
from mingfa.people.access import holds, units_visible_to
from mingfa.people.models import Role, User

from . import actions, after, rosters
from .models import Candidate, Exam
from .presets import PRESETS
from .queries import manageable

LATEST = 20  # exams offered to start from


def _choices(user, unit) -> list[tuple[str, str]]:
    """Former exams whose rules and settings may be used again, and banks for new rules."""
    if not holds(user, Role.SETTER, unit=unit):
        return []
    units = units_visible_to(user, Role.SETTER)
    exams = manageable(units)[:LATEST]
    banks = Bank.objects.filter(unit__in=units).order_by("name")
    return [
        *((f"exam:{one.pk}", f"规则和设置同“{one.name}”") for one in exams),
        *((f"bank:{one.pk}", f"新的组卷规则，题库：{one.name}") for one in banks),
    ]


def _plan(
    choice: str, occasion: Occasion, *, opens_at: datetime, closes_at: datetime, by: User, now: datetime
) -> FollowUp:
    """A draft exam.

    Raises:
        LookupError: the choice is not among this person's.
    """
    if choice not in dict(_choices(by, occasion.unit)):
        raise LookupError(choice)
    what, key = choice.split(":")
    fields = {"unit": occasion.unit, "opens_at": opens_at, "closes_at": closes_at}
    named = {"people": occasion.people, "due_units": occasion.units, "named_from": occasion.words}
    if what == "exam":
        exam = actions.create_exam_like(
            Exam.objects.get(pk=int(key)), name=occasion.title, by=by, now=now, **fields, **named
        )
    else:
        preset = min(PRESETS.values(), key=lambda one: sum(rule.count for rule in one.rules))
        settings = {name: getattr(preset, name) for name in ("pass_mark", "good_mark", "excellent_mark", "attempts")}
        exam = actions.create_exam_from_preset(
            preset=preset, bank=Bank.objects.get(pk=int(key)), name=occasion.title, by=by, now=now,
            duration_minutes=preset.minutes, **settings, **fields, **named,
        )  # fmt: skip
    return _told(exam, by)


def _told(exam: Exam, user, candidate: bool = False) -> FollowUp:
    url = ""
    if holds(user, Role.SETTER, unit=exam.unit):
        url = reverse("exams:manage", args=[exam.pk])
    elif candidate and exam.state != Exam.State.DRAFT:
        url = reverse("exams:notice", args=[exam.pk])
    return FollowUp(exam.pk, exam.name, exam.get_state_display(), exam.closes_at, url)


def _find(keys: Collection[int], user, now: datetime) -> dict[int, FollowUp]:
    sits = set(Candidate.objects.filter(exam__in=keys, user=user).values_list("exam", flat=True))
    exams = Exam.objects.filter(pk__in=keys).select_related("unit")
    return {one.pk: _told(one, user, one.pk in sits) for one in exams}


def _results(key: int, people: Collection[int], user, now: datetime) -> dict[int, str]:
    """Words only: 合格, 缺考, 已交卷. Marks stay in the exam."""
    exam = Exam.objects.select_related("unit").filter(pk=key).exclude(state=Exam.State.DRAFT).first()
    if exam is None:
        return {}
    candidates = exam.candidates.filter(user__in=people)
    who = dict(candidates.values_list("pk", "user"))
    lines = after.scores(exam, candidates, now=now, told=rosters.marks_told(user, exam, now))
    return {who[one.candidate_id]: one.standing for one in lines}


EXAM = register(Kind("exam", "培训后的考试", _choices, _plan, _find, _results))
