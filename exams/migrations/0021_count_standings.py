from django.db import migrations
from django.db.models import Count, F, OuterRef, Q, Subquery
from django.db.models.functions import TruncDate

DUE = Q(exempt_reason="", deferred_reason="")
SAT = DUE & Q(counted__isnull=False)
# As queries.COUNTS when the counters were introduced; later ones are counted by recount_standings.
COUNTS = {
    "on_roster": Count("id"),
    "exempt": Count("id", filter=~Q(exempt_reason="")),
    "deferred": Count("id", filter=~Q(deferred_reason="")),
    "due": Count("id", filter=DUE),
    "sat": Count("id", filter=SAT),
    "passed": Count("id", filter=SAT & Q(passed=True)),
    "excellent": Count("id", filter=SAT & Q(counted_mark__gte=F("exam__excellent_mark"))),
}


def count(apps, schema_editor):
    """What was handed in before: the day of the first handed-in sitting, blank ones included, then the counters."""
    Candidate = apps.get_model("exams", "Candidate")
    UnitStanding, UnitDay = apps.get_model("exams", "UnitStanding"), apps.get_model("exams", "UnitDay")
    handed_in = apps.get_model("exams", "Sitting").objects.filter(candidate=OuterRef("pk"), state__in=["submitted", "marked"])
    first = handed_in.order_by("number").annotate(day=TruncDate("submitted_at")).values("day")[:1]
    Candidate.objects.filter(counted__isnull=False).update(sat_on=Subquery(first))
    for exam_id in apps.get_model("exams", "Exam").objects.exclude(state="draft").values_list("pk", flat=True):
        roster = Candidate.objects.filter(exam_id=exam_id).order_by()
        rows = roster.values("exam_id", "unit_id").annotate(**COUNTS)
        UnitStanding.objects.bulk_create((UnitStanding(**row) for row in rows), batch_size=500)
        days = roster.filter(SAT, sat_on__isnull=False).values_list("unit_id", "sat_on").annotate(Count("id"))
        UnitDay.objects.bulk_create(
            (UnitDay(exam_id=exam_id, unit_id=unit_id, day=day, heads=heads) for unit_id, day, heads in days), batch_size=500
        )


class Migration(migrations.Migration):
    dependencies = [("exams", "0020_standings")]

    operations = [migrations.RunPython(count, migrations.RunPython.noop)]
