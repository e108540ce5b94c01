"""What stands before the start of an exam: its slots, venues and conditions, read together."""
from dataclasses import dataclass

from django.db.models import BigIntegerField, DateTimeField, QuerySet, Value
from mingfa.prepared import Given, PreparedRows

from .engine.slots import Slot, slot_of
from .engine.venues import Venue as Place
from .engine.venues import parse_networks
from .models import Candidate, Exam, ExamRequirement, UnitSlot, Venue


@dataclass(frozen=True)
class Arrangements:
    """Of one exam.

    Attributes:
        conditions: (kind, key, words) in the order they were set; kind and key as in mingfa.completions.
    """

    slots: tuple[Slot, ...] = ()
    venues: tuple[Place, ...] = ()
    conditions: tuple[tuple[str, str, str], ...] = ()

    def slot_for(self, candidate: Candidate) -> Slot | None:
        """The slot that holds for one candidate (loaded with unit)."""
        return slot_of(candidate.unit.path, self.slots)

    def venue_for(self, candidate: Candidate) -> Place | None:
        """The venue that holds for one candidate (loaded with unit)."""
        return slot_of(candidate.unit.path, self.venues)


def _rows() -> QuerySet:
    exam, never = {"exam_id": Given(0, BigIntegerField())}, [Value(None, DateTimeField())] * 3
    own_slots = UnitSlot.objects.filter(**exam).order_by().values_list(
        Value("slot"), "pk", "unit__path", "unit__name", Value(""), Value(""), "opens_at", "closes_at", "opened_at"
    )
    own_venues = Venue.objects.filter(**exam).order_by().values_list(
        Value("venue"), "pk", "unit__path", "name", "code", "networks", *never
    )
    conditions = ExamRequirement.objects.filter(**exam).order_by().values_list(
        Value("condition"), "pk", Value(""), "words", "kind", "key", *never
    )
    return own_slots.union(own_venues, conditions, all=True)


_ROWS = PreparedRows(_rows)


def arrangements_of(exam: Exam) -> Arrangements:
    """All three of an exam. One query where it has any of them, else none."""
    if not (exam.has_slots or exam.has_venues or exam.has_requirements):
        return Arrangements()
    found: dict[str, list] = {"slot": [], "venue": [], "condition": []}
    for what, pk, *row in _ROWS.all(exam.pk):
        found[what].append((pk, *row))
    return Arrangements(
        tuple(
            Slot(path, unit, opens_at, closes_at, opened_at is not None)
            for _, path, unit, _, _, opens_at, closes_at, opened_at in found["slot"]
        ),
        tuple(
            Place(path, name, code, parse_networks(networks))
            for _, path, name, code, networks, *_ in found["venue"]
        ),
        tuple((kind, key, words) for _, _, words, kind, key, *_ in sorted(found["condition"])),
    )
