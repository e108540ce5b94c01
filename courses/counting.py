"""The study board of one course, counted by the database unit by unit: a district has more people than a page can read.

What was counted is kept in memory while roster, assignments and day stay (`StudyBoard.leaves`), so a page counts only the
units in which somebody has finished since.
"""
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from functools import cached_property, reduce
from hashlib import sha256
from operator import or_
from typing import NamedTuple

from django.core.cache import cache
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Window
from django.db.models.functions import RowNumber
from mingfa.indicators.figures import Figure, rate
from mingfa.indicators.registry import Missing
from mingfa.people.models import OrgUnit, Posting
from mingfa.people.queries import roster_edition, roster_on
from mingfa.periods import Period

from .models import Assignment, Completion, CoursePage, LessonPage, LessonResult
from .queries import assignments_in, end_of, units_below

# Seconds. A bulk of completions may be overtaken by so many others that it is missed until then; reports count anew anyhow.
KEPT_FOR = 300
# Completions before the last counted one that are looked for again: a transaction may end after that of a later number.
OVERTAKEN = 500
# With more new ones than this everybody is counted anew.
MANY = 2_000


class Leaf(NamedTuple):
    """A unit in which somebody is due himself, and its heads."""

    path: str
    pk: int
    due: int
    finished: int


class Kept(NamedTuple):
    """What was counted, and up to which completion."""

    leaves: list[Leaf]
    last: int
    recent: frozenset[int]
    until: float


class StudyBoard:
    """Who is due for a course below a unit and who has finished; the same people as queries.due_people.

    Args:
        period: the assignments that fall due in it; finishing counts until its end.
        course: key of the CoursePage.
        today: rosters of due dates to come are those of this day.
    """

    def __init__(self, unit: OrgUnit, period: Period, *, course: int, today: date):
        self.unit, self.period, self.course, self.today = unit, period, course, today

    @cached_property
    def _days(self) -> list[tuple[Assignment, date]]:
        """The assignments, each with the day whose roster says who is due. Three queries."""
        found = assignments_in(self.period, [self.course]).order_by("pk").prefetch_related("units", "categories")
        return [(one, min(self.today, one.due_on)) for one in found]

    @cached_property
    def due(self) -> QuerySet[Posting]:
        """The postings by which people are due, one a person."""
        by_day: dict[date, list[QuerySet[Posting]]] = defaultdict(list)
        for one, day in self._days:
            by_day[day].append(roster_on(
                day, units=units_below(one.units.all(), self.unit.path),
                categories=[kind.category for kind in one.categories.all()] or None,
            ))  # fmt: skip
        # Nobody has two main postings on one day; on another day somebody may stand elsewhere, and is counted only once.
        found: list[QuerySet[Posting]] = []
        for some in by_day.values():
            postings = reduce(or_, some)
            for earlier in found:
                postings = postings.exclude(user__in=earlier.values("user"))
            found.append(postings)
        if len(found) < 2:
            return found[0] if found else Posting.objects.none()
        return Posting.objects.filter(reduce(or_, (Q(pk__in=postings.values("pk")) for postings in found)))

    @property
    def _finished(self) -> Exists:
        rows = Completion.objects.filter(user=OuterRef("user"), course=self.course, finished_at__lt=end_of(self.period))
        return Exists(rows)

    @cached_property
    def leaves(self) -> list[Leaf]:
        """Each unit with anybody due, by path. Three queries while the roster stays, two more after somebody has finished."""
        days = [(one.pk, day) for one, day in self._days]
        asked = (self.unit.pk, self.course, self.period.ends_on, roster_edition(), days)
        key = f"study-board-{sha256(repr(asked).encode()).hexdigest()}"
        kept: Kept | None = cache.get(key)
        rows = Completion.objects.filter(course=self.course, pk__gt=kept.last - OVERTAKEN if kept else 0).order_by("-pk")
        found = dict(rows.values_list("pk", "user_id")[: MANY if kept else OVERTAKEN])
        new = {pk: user for pk, user in found.items() if not kept or pk not in kept.recent}
        if kept is None or len(found) == MANY:
            kept = Kept(self._count(self.due), max(found, default=0), frozenset(found), time.time() + KEPT_FOR)
        elif new:
            units = set(self.due.filter(user__in=new.values()).values_list("unit_id", flat=True))
            same = [leaf for leaf in kept.leaves if leaf.pk not in units]
            kept = kept._replace(
                leaves=sorted(same + self._count(self.due.filter(unit__in=units))),
                last=max(found), recent=kept.recent.union(new),
            )  # fmt: skip
        else:
            return kept.leaves
        cache.set(key, kept, max(1, kept.until - time.time()))
        return kept.leaves

    def _count(self, due: QuerySet[Posting]) -> list[Leaf]:
        rows = due.order_by().values("unit_id").annotate(people=Count("pk"), finished=Count("pk", filter=self._finished))
        paths = dict(OrgUnit.objects.filter(path__startswith=self.unit.path).values_list("pk", "path"))
        return sorted(Leaf(paths[pk], pk, *heads) for pk, *heads in rows.values_list("unit_id", "people", "finished"))

    @property
    def figure(self) -> Figure:
        return rate(sum(leaf.finished for leaf in self.leaves), sum(leaf.due for leaf in self.leaves))

    def rows(self) -> list[tuple[OrgUnit, Figure]]:
        """Each child of the unit with anybody due, and the unit itself where people stand directly in it. One query."""
        sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        for path, _, due, finished in self.leaves:
            row = sums[self._row_of(path)]
            row[0] += finished
            row[1] += due
        return [(unit, rate(*sums[unit.path])) for unit in OrgUnit.objects.filter(path__in=sums).order_by("path")]

    def _row_of(self, path: str) -> str:
        return path[: len(self.unit.path) + OrgUnit.steplen]

    def unfinished(self, units: Iterable[int]) -> QuerySet[Posting]:
        """Those directly in these units who have not finished, in order of the tree."""
        return self.due.filter(~self._finished, unit__in=list(units)).order_by("unit__path", "user_id")

    def first_unfinished(self, children: Iterable[OrgUnit], limit: int) -> dict[str, list[str]]:
        """Path of each of these rows → the first names of those who have not finished. One query."""
        wanted, sums, inside = {child.path for child in children}, defaultdict(int), {}
        for path, unit_id, due, finished in self.leaves:
            row = self._row_of(path)
            if row in wanted and sums[row] < limit and due > finished:
                sums[row] += due - finished
                inside[unit_id] = row
        place = Window(RowNumber(), partition_by=F("unit_id"), order_by=F("user_id").asc())
        first = self.unfinished(inside).order_by().annotate(place=place).filter(place__lte=limit)
        of_unit: dict[int, list[str]] = defaultdict(list)
        # Found in a query of their own, so that accounts are read of these alone.
        rows = Posting.objects.filter(pk__in=first.values("pk")).order_by("user_id")
        for unit_id, name in rows.values_list("unit_id", "user__name"):
            of_unit[unit_id].append(name)
        names: dict[str, list[str]] = defaultdict(list)
        for unit_id, row in inside.items():
            names[row] += of_unit[unit_id][: limit - len(names[row])]
        return {row: some for row, some in names.items() if some}


class Unfinished(Sequence):
    """Everybody who has not finished and how far each got, in order of the tree; reads only the part asked for."""

    def __init__(self, board: StudyBoard):
        self.board = board

    def __len__(self) -> int:
        return sum(due - finished for _, _, due, finished in self.board.leaves)

    def __getitem__(self, part):
        if not isinstance(part, slice):
            return self[part : part + 1][0]
        start, stop, _ = part.indices(len(self))
        inside, before, skip = [], 0, start
        for _, unit_id, due, finished in self.board.leaves:
            if before + due - finished > start and before < stop:
                if not inside:
                    skip = start - before
                inside.append(unit_id)
            before += due - finished
        rows = self.board.unfinished(inside).select_related("user", "unit").only("user__name", "unit__name", "unit__path")
        shown = list(rows[skip : skip + stop - start])
        passed = self._passed([one.user_id for one in shown])
        return [
            Missing(one.user.name, one.unit_id, one.unit.name, one.unit.path,
                    f"已完成 {passed[one.user_id]} 课" if one.user_id in passed else "还没开始")
            for one in shown
        ]  # fmt: skip

    def _passed(self, people: list[int]) -> dict[int, int]:
        lessons = LessonPage.objects.descendant_of(CoursePage.objects.only("path", "depth").get(pk=self.board.course))
        rows = LessonResult.objects.filter(user__in=people, lesson__in=lessons, passed=True).order_by()
        return dict(rows.values("user_id").annotate(lessons=Count("lesson", distinct=True)).values_list("user_id", "lessons"))
