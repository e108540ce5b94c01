"""催考: an exam that runs, and who is due and has not sat it."""
from django.db.models import Case, F, QuerySet, When
from django.urls import reverse
from mingfa.people.access import holds
from mingfa.people.models import OrgUnit, Role
from mingfa.reminders.registry import Lacking, Occasion, Source, register

from .models import Candidate, Exam
from .queries import DUE


def _find(key: int) -> Occasion | None:
    exam = Exam.objects.select_related("unit").filter(pk=key).exclude(state=Exam.State.DRAFT).first()
    if exam is None:
        return None
    return Occasion(
        kind="exam", key=exam.pk, name=exam.name, unit=exam.unit, opens=exam.opens_at, due=exam.closes_at,
        url=reverse("exams:notice", args=[exam.pk]), list_url=reverse("exams:roster", args=[exam.pk]) + "?show=absent",
        home=(reverse("exams:manage", args=[exam.pk]), exam.name), action="去考试",
    )  # fmt: skip


def _absent(occasion: Occasion) -> QuerySet[Candidate]:
    """缺考 so far."""
    return Candidate.objects.filter(DUE, exam=occasion.key, counted=None)


def _lacking(occasion: Occasion) -> list[Lacking]:
    """Who has used up every attempt (voided, empty) or sits at this moment can do nothing: no reminder."""
    able = When(user__is_active=True, attempts_used__lt=F("exam__attempts") + F("extra_attempts"), then=True)
    rows = _absent(occasion).annotate(able=Case(able, default=False)).order_by("unit__path", "pk")
    return [Lacking(*row) for row in rows.values_list("user_id", "user__name", "unit__name", "unit__path", "able")]


def _lacks(occasion: Occasion, user) -> bool:
    return _absent(occasion).filter(user=user).exists()


def _heads(occasion: Occasion, units: QuerySet[OrgUnit]) -> int:
    return _absent(occasion).filter(unit__in=units).count()


def _organises(user, occasion: Occasion) -> bool:
    return holds(user, Role.SETTER, unit=occasion.unit)


EXAM = register(Source("exam", _find, _lacking, _lacks, _heads, _organises))
