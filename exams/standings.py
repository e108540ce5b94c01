"""Heads of an exam by unit from the counters: always what counting the roster anew would give (docs/rules.md “看板的计数”).

What the counters lack is between the marks and their candidates as they stand now; both are read with the counters in one
statement.
"""
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from operator import itemgetter

from django.db import connection
from django.db.models import (
    BigIntegerField,
    Case,
    CharField,
    Count,
    DateField,
    Exists,
    Expression,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Sum,
    Value,
    When,
    Window,
)
from django.db.models.functions import Coalesce, RowNumber, Substr
from django.db.models.lookups import Exact
from mingfa.people.models import OrgUnit
from mingfa.prepared import AmongGiven, Given, Prepared, PreparedRows

from .models import NOT_DUE, Candidate, Exam, TouchedCandidate, UnitDay, UnitStanding
from .queries import COUNTS, DUE, SAT, Standing


def _heads(exempt: Q, deferred: Q, counted: Q, passed: Q, excellent: Q) -> tuple[Count, ...]:
    """The counts of queries.COUNTS where they are not asked of Candidate itself."""
    due = ~exempt & ~deferred
    conditions = (Q(pk__isnull=False), exempt, deferred, due, due & counted, due & counted & passed, due & counted & excellent)
    return tuple(Count("pk", filter=one) for one in conditions)


_NOW = _heads(
    ~Q(candidate__exempt_reason=""), ~Q(candidate__deferred_reason=""), Q(candidate__counted__isnull=False),
    Q(candidate__passed=True), Q(candidate__counted_mark__gte=F("exam__excellent_mark")),
)  # fmt: skip
_WAS = _heads(
    Q(exempt=True), Q(deferred=True), Q(counted=True), Q(passed=True), Q(counted_mark__gte=F("exam__excellent_mark"))
)
# What marked candidates have become since the counters were right. Names of their own: “exempt” would be taken for the count
# from then on, not for the field.
CHANGED = {f"{name}_heads": now - was for name, now, was in zip(COUNTS, _NOW, _WAS, strict=True)}
SAT_NOW = Q(candidate__exempt_reason="", candidate__deferred_reason="", candidate__counted__isnull=False)
SAT_THEN = Q(exempt=False, deferred=False, counted=True)


@dataclass(frozen=True)
class Kind:
    """People of a list: the condition on their rows; by the counters they are those `among` the one `without` the other."""

    condition: Q
    among: str
    without: str


MISSING = Kind(DUE & Q(counted=None), "due", "sat")
FAILED = Kind(SAT & (Q(passed=False) | Q(passed=None)), "sat", "passed")
EXCUSED = Kind(NOT_DUE, "on_roster", "due")
KINDS = (MISSING, FAILED, EXCUSED)


def earliest_marks() -> QuerySet[TouchedCandidate]:
    """The one mark of each marked candidate that agrees with the counters."""
    earlier = TouchedCandidate.objects.filter(
        exam_id=OuterRef("exam_id"), unit_id=OuterRef("unit_id"), candidate_id=OuterRef("candidate_id"), pk__lt=OuterRef("pk")
    )
    return TouchedCandidate.objects.filter(~Exists(earlier)).order_by()


def _signed(rows: QuerySet, sign: int, *keys: str) -> QuerySet:
    return rows.order_by().annotate(sign=Value(sign, IntegerField())).values_list("sign", *keys)


def heads_rows(
    stored: QuerySet, marks: QuerySet, *keys: str, roster: QuerySet | None = None, **key: Expression
) -> QuerySet:
    """(sign, keys, counts) that add up to the heads as they are now; one statement, so that a mark that is being folded in
    is seen here or in the counters, never in both.

    Args:
        roster: candidates whose heads are taken away, so that nothing remains where all is right.
    """
    counters = _signed(stored.annotate(**key), 1, *keys).annotate(**{name: Sum(name) for name in COUNTS})
    others = [_signed(marks.annotate(**key), 1, *keys).annotate(**CHANGED)]
    if roster is not None:
        others.append(_signed(roster, -1, *keys).annotate(**COUNTS))
    return counters.union(*others, all=True)


def day_rows(stored: QuerySet, marks: QuerySet, *keys: str, roster: QuerySet | None = None) -> QuerySet:
    """(sign, keys, day, heads) that add up to how many came on each day, in one statement for the same reason."""
    counters = _signed(stored, 1, *keys, "day").annotate(number=Sum("heads"))
    now = _signed(marks.filter(SAT_NOW, candidate__sat_on__isnull=False), 1, *keys, "candidate__sat_on")
    then = _signed(marks.filter(SAT_THEN, sat_on__isnull=False), -1, *keys, "sat_on")
    others = [now.annotate(number=Count("pk")), then.annotate(number=Count("pk"))]
    if roster is not None:
        came = roster.filter(SAT, sat_on__isnull=False)
        others.append(_signed(came, -1, *keys, "sat_on").annotate(number=Count("pk")))
    return counters.union(*others, all=True)


def count_heads(roster: QuerySet[Candidate]) -> dict[int, list[int]]:
    """Unit → its heads by these lines of one exam's roster. One query."""
    return {unit: heads for unit, *heads in roster.order_by().values_list("unit_id").annotate(**COUNTS)}


def count_days(roster: QuerySet[Candidate]) -> dict[tuple[int, date], list[int]]:
    """(unit, day) → how many of 实考 came that day. One query."""
    came = roster.filter(SAT, sat_on__isnull=False).order_by().values_list("unit_id", "sat_on").annotate(number=Count("pk"))
    return {(unit, day): [number] for unit, day, number in came}


def add_up(rows: Iterable[Sequence], keys: int = 1) -> dict:
    """Key → sums of the counts behind it, of rows as above."""
    sums: dict = {}
    for sign, *row in rows:
        key = row[0] if keys == 1 else tuple(row[:keys])
        known = sums.get(key)
        heads = row[keys:] if sign > 0 else [-one for one in row[keys:]]
        sums[key] = heads if known is None else [one + other for one, other in zip(known, heads, strict=True)]
    return sums


def _people_rows(stored: QuerySet, marks: QuerySet) -> QuerySet:
    """(sign, path, unit, heads of each of KINDS) that add up to how many people of each list a unit has of its own."""
    keys = ("unit__path", "unit_id")
    counters = _signed(stored.exclude(due=F("on_roster"), sat=F("due"), passed=F("sat")), 1, *keys)
    changed = _signed(marks, 1, *keys)
    return counters.annotate(**{f"list{n}": F(kind.among) - F(kind.without) for n, kind in enumerate(KINDS)}).union(
        changed.annotate(
            **{f"list{n}": CHANGED[f"{kind.among}_heads"] - CHANGED[f"{kind.without}_heads"] for n, kind in enumerate(KINDS)}
        ),
        all=True,
    )


def _of_exam(rows: QuerySet) -> QuerySet:
    """Of one exam; takes it."""
    return rows.filter(exam_id=Given(0, BigIntegerField()))


def _below(rows: QuerySet, path: int = 1) -> QuerySet:
    """Of one exam, in a unit and those below it; takes exam and, from the place `path` on, path of the unit and the length
    of that path."""
    # A plain comparison is taken for a rare one by PostgreSQL, which plans before it knows the path, and then it looks a
    # thousand counters up one by one.
    inside = Exact(Substr("unit__path", 1, Given(path + 1, IntegerField())), Given(path, CharField()))
    return _of_exam(rows).filter(Coalesce(inside, Value(False)))


_BY_ROW = PreparedRows(
    lambda: heads_rows(
        _below(UnitStanding.objects), _below(earliest_marks()), "row", row=Substr("unit__path", 1, Given(3, IntegerField()))
    )
)
_BY_UNIT = PreparedRows(lambda: _people_rows(_below(UnitStanding.objects), _below(earliest_marks())))


def _days(of: Callable[[QuerySet], QuerySet]) -> QuerySet:
    """Takes the exam, the first day and the last, and what `of` takes from the fourth place on."""
    return day_rows(
        of(UnitDay.objects).filter(day__range=(Given(1, DateField()), Given(2, DateField()))), of(earliest_marks())
    )


_DAYS_BELOW = PreparedRows(lambda: _days(partial(_below, path=3)))
_DAYS = PreparedRows(lambda: _days(_of_exam))
_TOTAL_BELOW = PreparedRows(lambda: heads_rows(_below(UnitStanding.objects), _below(earliest_marks()), "exam_id"))
_TOTAL = PreparedRows(lambda: heads_rows(_of_exam(UnitStanding.objects), _of_exam(earliest_marks()), "exam_id"))
_OTHER_ROOTS = PreparedRows(lambda: OrgUnit.objects.filter(depth=1).exclude(pk=Given(0, BigIntegerField())).values_list("pk")[:1])


# A unit, by its path and the length of that, and its children, by their depth.
_UNITS = Prepared(
    lambda: OrgUnit.objects.filter(
        Q(Exact(F("path"), Given(0, CharField())))
        | Q(Exact(Substr("path", 1, Given(1, IntegerField())), Given(0, CharField())), depth=Given(2, IntegerField()))
    ).order_by("path")
)


class Board:
    """The counters of one exam below one unit: rows and totals come from one look, lists of people from another.

    Args:
        exam: with a frozen roster.
        parent: the unit whose children are the rows; people directly in it are a row of their own.
    """

    def __init__(self, exam: Exam, parent: OrgUnit):
        self.exam, self.parent, self._of = exam, parent, (exam.pk, parent.path, len(parent.path))

    @cached_property
    def by_path(self) -> dict[str, Standing]:
        """Heads of each child of the parent with everything below it, by path in order of the tree."""
        sums = add_up(_BY_ROW.all(*self._of, len(self.parent.path) + OrgUnit.steplen))
        found = {path: Standing(*heads) for path, heads in sorted(sums.items())}
        return {path: heads for path, heads in found.items() if heads.on_roster}

    @property
    def total(self) -> Standing:
        """Heads of the parent: the sum of its rows."""
        return sum(self.by_path.values(), Standing())

    def total_of(self, exam: Exam) -> Standing:
        """Heads of the parent in another exam."""
        sums = add_up(_TOTAL.all(exam.pk) if self._whole else _TOTAL_BELOW.all(exam.pk, *self._of[1:]))
        return Standing(*sums.get(exam.pk, ()))

    @cached_property
    def _whole(self) -> bool:
        """Most trees have one root: below it is everybody, and thousands of rows need not be looked up in the tree."""
        return self.parent.depth == 1 and not _OTHER_ROOTS.all(self.parent.pk)

    @cached_property
    def by_unit(self) -> list[tuple[OrgUnit, Standing]]:
        """The rows with their units, in order of the tree."""
        units = _UNITS.all(self.parent.path, len(self.parent.path), self.parent.depth + 1)
        return [(unit, self.by_path[unit.path]) for unit in units if unit.path in self.by_path]

    def days(self, first: date, last: date) -> dict[date, int]:
        """How many came on each day from `first` to `last`; days without anybody are left out."""
        exam, *below = self._of
        sums = add_up(_DAYS.all(exam, first, last) if self._whole else _DAYS_BELOW.all(exam, first, last, *below))
        return {day: heads for day, (heads,) in sorted(sums.items()) if heads and first <= day <= last}

    @cached_property
    def _by_unit(self) -> list[tuple[tuple[str, int], list[int]]]:
        return sorted(add_up(_BY_UNIT.all(*self._of), keys=2).items(), key=itemgetter(0))

    def leaves(self, people: Kind) -> list[tuple[str, int, int]]:
        """(path, unit, heads) of every unit that has any of these people of its own, in order of the tree."""
        which = KINDS.index(people)
        return [(*key, heads[which]) for key, heads in self._by_unit if heads[which] > 0]


# What a list says of a person: not the whole account with its ciphers.
READ = (
    "exam_id", "exempt_reason", "deferred_reason", "attempts_used", "counted_id", "counted_mark", "passed", "sat_on",
    "user__name", "unit__name", "unit__path",
)  # fmt: skip


def _at_places(kind: Kind, **wanted: Expression) -> QuerySet[Candidate]:
    """The candidates of a list whose places in their unit, from 1, are as wanted; takes exam and units. Found in a query of
    their own, so that accounts and units are read of these alone."""
    place = Window(RowNumber(), partition_by=F("unit_id"), order_by=F("pk").asc())
    condition = kind.condition
    if kind is MISSING and connection.vendor == "sqlite":
        # “IS NULL” makes it look for these few among all the empty entries of that column's unique index.
        condition = DUE & Q(Exact(Coalesce(F("counted_id"), Value(0)), 0))
    found = Candidate.objects.filter(condition, AmongGiven("unit_id", 1), exam_id=Given(0, BigIntegerField()))
    return Candidate.objects.filter(pk__in=found.order_by().annotate(place=place).filter(**wanted).values("pk"))


_FIRST_MISSING = PreparedRows(
    lambda: _at_places(MISSING, place__lte=Given(2, IntegerField())).order_by("pk").values_list("unit_id", "user__name")
)


def _part(kind: Kind) -> QuerySet[Candidate]:
    """Takes exam, units, the first unit and how many of it are left out, the last unit and how many of it are wanted."""
    after = Case(When(unit_id=Given(2, BigIntegerField()), then=Given(3, IntegerField())), default=Value(0))
    until = Case(When(unit_id=Given(4, BigIntegerField()), then=Given(5, IntegerField())), default=F("place"))
    return _at_places(kind, place__gt=after, place__lte=until).select_related("user", "unit").only(*READ).order_by()


_PART = {kind: Prepared(partial(_part, kind)) for kind in KINDS}


class People(Sequence):
    """The candidates of one list below a unit, in order of the tree; reads only the part that is asked for.

    The counters tell in which units the part lies, so that page 900 costs what page 1 costs.
    """

    def __init__(self, board: Board, kind: Kind):
        self.board, self.kind = board, kind

    @cached_property
    def _leaves(self) -> list[tuple[str, int, int]]:
        return self.board.leaves(self.kind)

    def __len__(self) -> int:
        return sum(number for _, _, number in self._leaves)

    def __getitem__(self, part):
        if not isinstance(part, slice):
            return self[part : part + 1][0]
        start, stop, _ = part.indices(len(self))
        inside, before = {}, 0
        for path, unit_id, number in self._leaves:
            if before + number > start and before < stop:
                inside[unit_id] = (path, max(start - before, 0), min(stop - before, number))
            before += number
        if not inside:
            return []
        # Only of the first and the last of these units a part is wanted.
        (first, (_, skip, _)), (last, (_, _, end)) = next(iter(inside.items())), next(reversed(inside.items()))
        rows = _PART[self.kind].all(self.board.exam.pk, inside, first, skip, last, end)
        return sorted(rows, key=lambda one: (inside[one.unit_id][0], one.pk))

    def __iter__(self) -> Iterator[Candidate]:
        return iter(self[:])


def first_missing(board: Board, children: Iterable[OrgUnit], limit: int) -> dict[str, list[str]]:
    """The first names of those who have not sat, for each of these rows of the board, by path of the row."""
    step, wanted = len(board.parent.path) + OrgUnit.steplen, {child.path for child in children}
    sums: dict[str, int] = defaultdict(int)
    inside: dict[int, str] = {}
    for path, unit_id, number in board.leaves(MISSING):
        row = path[:step]
        if row in wanted and sums[row] < limit:
            sums[row] += number
            inside[unit_id] = row
    of_unit: dict[int, list[str]] = defaultdict(list)
    for unit_id, name in _FIRST_MISSING.all(board.exam.pk, inside, limit):
        of_unit[unit_id].append(name)
    names: dict[str, list[str]] = defaultdict(list)
    for unit_id, row in inside.items():
        names[row] += of_unit[unit_id][: limit - len(names[row])]
    return {row: some for row, some in names.items() if some}
