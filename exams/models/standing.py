"""The counters of the board: heads of one exam in one unit, kept beside the roster they are counted from.

They hold nothing that is not in Candidate. A change of a candidate leaves a mark (TouchedCandidate) in its own transaction;
marks are folded into the counters soon after (actions.standings), and until then whoever reads adds what marked candidates
have become (exams.standings), so that a figure is never late.
"""
from django.db import models


class UnitStanding(models.Model):
    """Heads of an exam in one unit, without those below it; the names are those of queries.Standing."""

    exam = models.ForeignKey("exams.Exam", models.CASCADE, related_name="standings", db_index=False)
    unit = models.ForeignKey("people.OrgUnit", models.CASCADE, related_name="+")
    on_roster = models.PositiveIntegerField("在册", default=0)
    exempt = models.PositiveIntegerField("免考", default=0)
    deferred = models.PositiveIntegerField("缓考", default=0)
    due = models.PositiveIntegerField("应考", default=0)
    sat = models.PositiveIntegerField("实考", default=0)
    passed = models.PositiveIntegerField("合格", default=0)
    excellent = models.PositiveIntegerField("优秀", default=0)

    class Meta:
        verbose_name = "单位人数"
        verbose_name_plural = "单位人数"
        constraints = [models.UniqueConstraint(fields=["exam", "unit"], name="standing_once")]

    def __str__(self):
        return f"{self.exam_id}/{self.unit_id}"


class UnitDay(models.Model):
    """How many of 实考 of a unit handed in for the first time on a day (Candidate.sat_on); the days add up to 实考."""

    exam = models.ForeignKey("exams.Exam", models.CASCADE, related_name="+", db_index=False)
    unit = models.ForeignKey("people.OrgUnit", models.CASCADE, related_name="+", db_index=False)
    day = models.DateField("日期")
    heads = models.PositiveIntegerField("人数")

    class Meta:
        verbose_name = "每天交卷人数"
        verbose_name_plural = "每天交卷人数"
        constraints = [models.UniqueConstraint(fields=["exam", "unit", "day"], name="unit_day_once")]
        # The last week of three months, read from the index alone.
        indexes = [models.Index(fields=["exam", "day", "unit", "heads"], name="unit_day_of_exam")]

    def __str__(self):
        return f"{self.exam_id}/{self.unit_id} {self.day}"


class TouchedCandidate(models.Model):
    """A mark: how a candidate stood before a change that the counters do not hold yet. Only ever added and deleted.

    Counters and the earliest mark of a candidate agree, so that candidate minus mark is what the counters lack. Without
    foreign keys in the database: their check would take a lock on the row of the exam, and handing in would wait for a
    correction that waits for the sitting being handed in (handing_in.hold_results).
    """

    exam = models.ForeignKey("exams.Exam", models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    unit = models.ForeignKey("people.OrgUnit", models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    candidate = models.ForeignKey("exams.Candidate", models.CASCADE, related_name="+", db_constraint=False, db_index=False)
    exempt = models.BooleanField()
    deferred = models.BooleanField()
    counted = models.BooleanField()
    passed = models.BooleanField(null=True)
    counted_mark = models.DecimalField(max_digits=6, decimal_places=1, null=True)
    sat_on = models.DateField(null=True)

    class Meta:
        verbose_name = "待计人员"
        verbose_name_plural = "待计人员"
        indexes = [models.Index(fields=["exam", "unit", "candidate"], name="touched_candidate_of_unit")]

    def __str__(self):
        return f"{self.candidate_id}"
