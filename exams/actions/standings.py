"""Keeping the counters of the board: leaving a mark, folding marks in, and proving that the counters are right.

Counters change only here, under a lock on the rows of their units. A mark is folded in once: what it adds is read with the
mark in one statement, and the mark goes in the same transaction.
"""
from collections.abc import Iterable, Iterator, Sequence

from django.db import connection, transaction
from django.db.models import BigIntegerField, F, Model
from mingfa.json_rows import as_json, from_json
from mingfa.prepared import AmongGiven, Given, PreparedRows

from ..models import Candidate, Exam, TouchedCandidate, UnitDay, UnitStanding
from ..queries import COUNTS
from ..standings import add_up, count_days, count_heads, day_rows, earliest_marks, heads_rows
from ..tasks import plan_settling
from ..yearly import published_exams

AT_ONCE = 200  # units of one transaction, which others wait for
_TOUCH = """INSERT INTO exams_touchedcandidate
 ("candidate_id", "exam_id", "unit_id", "exempt", "deferred", "counted", "passed", "counted_mark", "sat_on")
 SELECT "id", "exam_id", "unit_id", "exempt_reason" <> '', "deferred_reason" <> '', "counted_id" IS NOT NULL, "passed",
 "counted_mark", "sat_on" FROM exams_candidate WHERE "id" = %s"""


def touch(*candidate_ids: int) -> None:
    """Inside the transaction that is about to change these candidates, before it does: the counters are behind by what
    they become. One statement for each, which takes the lock that the change needs anyway."""
    lock = " FOR NO KEY UPDATE" if connection.features.has_select_for_no_key_update else ""
    with connection.cursor() as cursor:
        for candidate_id in sorted(candidate_ids):
            cursor.execute(_TOUCH + lock, [candidate_id])
    transaction.on_commit(plan_settling)


def insert_touching(candidate_id: int | None, sql: str, params: Sequence) -> None:
    """Run an INSERT of the transaction that is about to change this candidate, and touch() the candidate: in one statement
    where the database can, because a way to it and back costs more than the mark. None touches nobody."""
    if candidate_id is not None:
        if connection.features.has_select_for_no_key_update:
            sql, params = f"WITH touched AS ({_TOUCH} FOR NO KEY UPDATE) {sql}", [candidate_id, *params]
            transaction.on_commit(plan_settling)
        else:
            touch(candidate_id)
    with connection.cursor() as cursor:
        cursor.execute(sql, params)


def count_anew(exam_id: int) -> None:
    """Inside the transaction that froze the roster: the counters of an exam that nobody else knows yet."""
    roster = Candidate.objects.filter(exam_id=exam_id)
    _write(exam_id, count_heads(roster), count_days(roster))


def settle_standings() -> int:
    """Fold every mark into the counters. Safe to run twice and from several workers.

    Returns:
        How many units of exams were behind.
    """
    settled = 0
    for exam_id in list(TouchedCandidate.objects.order_by().values_list("exam_id", flat=True).distinct()):
        behind = TouchedCandidate.objects.filter(exam_id=exam_id).order_by("unit_id").values_list("unit_id", flat=True)
        for units in _portions(list(behind.distinct())):
            with transaction.atomic():
                _fold(exam_id, units, _hold(exam_id, units))
            settled += len(units)
    return settled


def recount_standings(*, repair: bool = True) -> Iterator[tuple[Exam, int, int, int]]:
    """Compare the counters of every exam with its roster, unit by unit; set right what differs and compare again.

    Yields:
        (exam, units, units that differed, units that still differ), one exam after the other.
    """
    for exam in published_exams().order_by("pk"):
        known = set(UnitStanding.objects.filter(exam=exam).values_list("unit_id", flat=True))
        known |= set(exam.candidates.order_by().values_list("unit_id", flat=True).distinct())
        known |= set(UnitDay.objects.filter(exam=exam).values_list("unit_id", flat=True).distinct())
        differing = left = 0
        for units in _portions(sorted(known)):
            with transaction.atomic():
                kept = _hold(exam.pk, units)
                heads, days = _lacking(exam.pk, units)
                wrong = set(heads) | {unit_id for unit_id, _ in days}
                differing += len(wrong)
                if repair and wrong:
                    _add(exam.pk, kept, heads, days)
                    heads, days = _lacking(exam.pk, units)
                    wrong = set(heads) | {unit_id for unit_id, _ in days}
                left += len(wrong)
                transaction.set_rollback(not repair)  # a row that was only made to be locked
        yield exam, len(known), differing, left


def _portions(units: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(units), AT_ONCE):
        yield units[start : start + AT_ONCE]


def _hold(exam_id: int, units: Iterable[int]) -> dict[int, list[int]]:
    """Lock the counters of these units, which are there from now on, against everybody else who writes counters.

    Returns:
        Unit → its heads by the counters.
    """
    kept = {unit_id: heads for unit_id, *heads in _HELD.all(exam_id, units)}
    if missing := sorted(set(units) - set(kept)):
        new = [UnitStanding(exam_id=exam_id, unit_id=unit_id) for unit_id in missing]
        UnitStanding.objects.bulk_create(new, ignore_conflicts=True)
        kept = {unit_id: heads for unit_id, *heads in _HELD.all(exam_id, units)}
    return kept


_HELD = PreparedRows(
    lambda: UnitStanding.objects.select_for_update().filter(AmongGiven("unit_id", 1), exam_id=Given(0, BigIntegerField()))
    .order_by("unit_id").values_list("unit_id", *COUNTS)
)  # fmt: skip
_MARKS = PreparedRows(
    lambda: TouchedCandidate.objects.filter(AmongGiven("unit_id", 1), exam_id=Given(0, BigIntegerField())).order_by("pk")
    .values_list(
        "pk", "candidate_id", "unit_id", "exam__excellent_mark",
        "exempt", "deferred", "counted", "passed", "counted_mark", "sat_on",
        "candidate__exempt_reason", "candidate__deferred_reason", "candidate__counted_id", "candidate__passed",
        "candidate__counted_mark", "candidate__sat_on",
    )
)  # fmt: skip


def _fold(exam_id: int, units: list[int], kept: dict[int, list[int]]) -> None:
    marks = _MARKS.all(exam_id, units)
    heads: dict[int, list[int]] = {}
    days: dict[tuple, list[int]] = {}
    seen = set()
    for _, candidate_id, unit_id, excellent, *facts in marks:
        if candidate_id in seen:
            continue  # the earliest mark agrees with the counters
        seen.add(candidate_id)
        for sign, (exempt, deferred, counted, passed, mark, day) in ((-1, facts[:6]), (1, facts[6:])):
            due = not exempt and not deferred
            sat = due and counted is not None and counted is not False
            above = mark is not None and mark >= excellent
            one = (1, bool(exempt), bool(deferred), due, sat, sat and passed is True, sat and above)
            known = heads.setdefault(unit_id, [0] * len(one))
            heads[unit_id] = [number + sign * more for number, more in zip(known, one, strict=True)]
            if sat and day:
                days.setdefault((unit_id, day), [0])[0] += sign
    heads, days = ({key: one for key, one in some.items() if any(one)} for some in (heads, days))
    _add(exam_id, kept, heads, days)
    pks = [pk for pk, *_ in marks]
    for start in range(0, len(pks), 500):
        TouchedCandidate.objects.filter(pk__in=pks[start : start + 500]).delete()


def _lacking(exam_id: int, units: list[int]) -> tuple[dict, dict]:
    """What counters and marks together lack to what the roster says: by unit, and by (unit, day); nothing where they agree.
    One statement each, so that nothing can change in between."""
    mine = {"exam_id": exam_id, "unit_id__in": units}
    marks, roster = earliest_marks().filter(**mine), Candidate.objects.filter(**mine)
    rows = heads_rows(UnitStanding.objects.filter(**mine), marks, "unit_id", roster=roster)
    heads = {unit_id: [-one for one in lacking] for unit_id, lacking in add_up(rows).items() if any(lacking)}
    rows = day_rows(UnitDay.objects.filter(**mine), marks, "unit_id", roster=roster)
    return heads, {key: [-one for one in lacking] for key, lacking in add_up(rows, keys=2).items() if any(lacking)}


def _add(exam_id: int, kept: dict[int, list[int]], heads: dict[int, list[int]], days: dict[tuple, list[int]]) -> None:
    """Add to the counters of units that are held; a counter that comes to nothing goes."""
    sums = {unit: [one + more for one, more in zip(kept[unit], added, strict=True)] for unit, added in heads.items()}
    if nobody := [unit for unit, one in sums.items() if not one[0]]:
        UnitStanding.objects.filter(exam_id=exam_id, unit_id__in=nobody).delete()
    _write(exam_id, {unit: one for unit, one in sums.items() if one[0]}, {key: one for key, one in days.items() if one[0] > 0})
    for (unit_id, day), (more,) in days.items():
        if more < 0:
            row = UnitDay.objects.filter(exam_id=exam_id, unit_id=unit_id, day=day)
            if not row.filter(heads__gt=-more).update(heads=F("heads") + more):
                row.delete()


def _put(model: type[Model], columns: dict[str, str], keys: str, changed: str) -> dict[str, str]:
    """INSERT of counters from a JSON text, or what has changed of those that are there, by vendor."""
    into = f"INSERT INTO {model._meta.db_table} ({', '.join(columns)})"
    then = f"ON CONFLICT ({keys}) DO UPDATE SET {changed}"
    return {vendor: f"{into} SELECT {rows} {then}" for vendor, rows in from_json(*columns.values()).items()}


_PUT_HEADS = _put(
    UnitStanding, {"exam_id": "bigint", "unit_id": "bigint"} | dict.fromkeys(COUNTS, "integer"), "exam_id, unit_id",
    ", ".join(f"{name} = excluded.{name}" for name in COUNTS),
)  # fmt: skip
_PUT_DAYS = _put(
    UnitDay, {"exam_id": "bigint", "unit_id": "bigint", "day": "date", "heads": "integer"}, "exam_id, unit_id, day",
    f"heads = {UnitDay._meta.db_table}.heads + excluded.heads",
)  # fmt: skip


def _write(exam_id: int, heads: dict[int, Iterable[int]], days: dict[tuple, Iterable[int]]) -> None:
    """Heads as they are from now on; how many more came on a day."""
    of_units = [(exam_id, unit_id, *one) for unit_id, one in sorted(heads.items())]
    of_days = [(exam_id, *key, *one) for key, one in sorted(days.items())]
    with connection.cursor() as cursor:
        for put, rows in ((_PUT_HEADS, of_units), (_PUT_DAYS, of_days)):
            if rows:
                cursor.execute(put[connection.vendor], [as_json(rows)])
