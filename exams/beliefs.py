"""Who held which belief: counted from marked answers of exams that are over (docs/rules.md “误区”)."""
from datetime import timedelta

from django.db.models import Count, F, Q
from django.db.models.functions import Substr, TruncMonth, TruncQuarter
from django.utils import timezone
from mingfa.bank.heads import Held
from mingfa.bank.registry import Asked
from mingfa.people.models import OrgUnit

from .models import Exam, Response, Sitting

BELIEF = "version__beliefs__belief"
PERSON = "sitting__candidate__user"
UNIT = "sitting__candidate__unit__path"


def held(groups: tuple[str, ...], asked: Asked) -> dict[str, list[Held]]:
    """People who answered a question that offers one of the beliefs, and those who chose it, a query a group.

    Only handed-in, marked sittings count, and of those only of exams that nobody can sit any more and that take no late
    answer any more (AL4). A blank answer was asked and did not choose.
    """
    rows = _answers(asked)
    deeper = len(asked.unit.path) + OrgUnit.steplen
    keys = {
        "belief": F(BELIEF), "law": F(f"{BELIEF}__law_title"), "unit": Substr(UNIT, 1, deeper),
        "month": TruncMonth("sitting__submitted_at"), "quarter": TruncQuarter("sitting__submitted_at"),
    }  # fmt: skip
    chose = Q(answer__contains=F("version__beliefs__answer"))
    found = {}
    for group in groups:
        counted = rows.annotate(key=keys[group]).values("key").order_by().annotate(
            asked=Count(PERSON, distinct=True), held=Count(PERSON, distinct=True, filter=chose)
        )  # fmt: skip
        found[group] = [Held(_key(row["key"]), row["held"], row["asked"]) for row in counted]
    return found


def _answers(asked: Asked):
    over = [exam.pk for exam in Exam.objects.filter(closes_at__lte=asked.now) if exam.keys_from <= asked.now]
    first, after = _midnight(asked.since), _midnight(asked.until + timedelta(days=1))
    return Response.objects.filter(
        version__beliefs__belief__in=asked.beliefs, sitting__state=Sitting.State.MARKED, sitting__candidate__exam__in=over,
        sitting__candidate__unit__path__startswith=asked.unit.path,
        sitting__submitted_at__gte=first, sitting__submitted_at__lt=after,
    )  # fmt: skip


def _midnight(day):
    return timezone.make_aware(timezone.datetime(day.year, day.month, day.day))


def _key(value):
    """A month or quarter as its first day; the rest as it stands."""
    return timezone.localtime(value).date() if hasattr(value, "hour") else value
