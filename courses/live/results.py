"""What a class came to: attendance and answers by venue and by unit. Pages, exports, minutes, indicators: one source."""
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from mingfa.bank.marking import is_right
from mingfa.bank.models import QuestionVersion
from mingfa.indicators.figures import Figure, rate
from mingfa.people import access
from mingfa.people.models import OrgUnit, Posting, Role, User
from mingfa.people.queries import rows_below
from mingfa.periods import Period

from .board import decide
from .facts import events_of, letters_of
from .models import Answer, AttendanceChange, CheckIn, RosterEntry, Training, Venue
from .queries import log_of_attendance

CAME = ("present", "late", "early")
OVER = ("replay", "archived")

_COUNTS = {
    "due": Count("id"), **{name: Count("id", filter=Q(attendance=name)) for name in (*CAME, "absent")},
    "made_up": Count("id", filter=Q(attendance="absent", made_up_at__isnull=False)),
}  # fmt: skip


@dataclass(frozen=True)
class Standing:
    """Heads: 应到, 出席, 迟到, 早退, 缺席, and of the absent those who made up. Before the result is settled all but
    `due` are 0."""

    due: int = 0
    present: int = 0
    late: int = 0
    early: int = 0
    absent: int = 0
    made_up: int = 0

    def __add__(self, other: "Standing") -> "Standing":
        return Standing(*(getattr(self, name) + getattr(other, name) for name in _COUNTS))

    @property
    def came(self) -> int:
        """实到: 迟到 and 早退 have attended."""
        return self.present + self.late + self.early


# --- who may see whom -----------------------------------------------------------------------------
def _home(rows: QuerySet[RosterEntry]) -> QuerySet[RosterEntry]:
    return rows.annotate(home=Coalesce("unit__path", "venue__unit__path"))


def _below(paths: Iterable[str]) -> Q:
    condition = Q(pk__in=[])
    for path in paths:
        condition |= Q(home__startswith=path)
    return condition


def entries_of(training: Training) -> QuerySet[RosterEntry]:
    """The whole roster, each line with `home`, the tree path of the unit it counts for."""
    return _home(training.roster.all())


def seen_entries(user: User, training: Training) -> QuerySet[RosterEntry] | None:
    """The lines of the roster whose result this person may see: all for the organiser's trainers and leaders, their own
    units' for leaders and liaisons, their hall's for its steward. None: nothing of this training."""
    rows = entries_of(training)
    if access.holds(user, Role.TRAINER, Role.LEADER, unit=training.unit):
        return rows
    paths = access.units_visible_to(user, Role.LEADER, Role.LIAISON).values_list("path", flat=True)
    tops: list[str] = []
    for path in sorted(paths):
        if not tops or not path.startswith(tops[-1]):
            tops.append(path)
    found = rows.filter(_below(tops) | Q(venue__steward=user))
    return found if found.exists() else None


# --- heads ----------------------------------------------------------------------------------------
def standing_of(entries: QuerySet[RosterEntry]) -> Standing:
    """Heads of these lines. One query."""
    return Standing(**entries.order_by().aggregate(**_COUNTS))


def standing_by_venue(entries: QuerySet[RosterEntry]) -> dict[int, Standing]:
    """Heads by venue. One query."""
    rows = entries.order_by().values_list("venue").annotate(**_COUNTS)
    return {row[0]: Standing(*row[1:]) for row in rows}


def trainings_of(period: Period, unit: OrgUnit | None = None) -> QuerySet[Training]:
    """Trainings held in the period whose result is settled, the latest first; with `unit` those somebody of it was due at."""
    found = Training.objects.filter(
        state__in=OVER, settled_at__isnull=False, starts_at__date__gte=period.starts_on, starts_at__date__lte=period.ends_on
    )
    if unit is not None:
        due = _home(RosterEntry.objects.all()).filter(home__startswith=unit.path)
        found = found.filter(pk__in=due.values("training"))
    return found.order_by("-starts_at", "-id")


def entries_in(trainings: QuerySet[Training], unit: OrgUnit) -> QuerySet[RosterEntry]:
    """The lines of these trainings' rosters of the unit and all below it."""
    return _home(RosterEntry.objects.filter(training__in=trainings)).filter(home__startswith=unit.path)


def by_child(entries: QuerySet[RosterEntry], parent: OrgUnit) -> list[tuple[OrgUnit, Standing, int]]:
    """(child, heads, trainings) of each child of `parent` that has anybody, everything below summed; then `parent`
    itself where people belong to it directly. Two queries."""
    step = len(parent.path) + OrgUnit.steplen
    sums: dict[str, Standing] = {}
    held: dict[str, set[int]] = defaultdict(set)
    for row in entries.order_by().values_list("home", "training").annotate(**_COUNTS):
        path = row[0][:step]
        sums[path] = sums.get(path, Standing()) + Standing(*row[2:])
        held[path].add(row[1])
    units = OrgUnit.objects.filter(path__in=sums).order_by("path")
    return [(unit, sums[unit.path], len(held[unit.path])) for unit in units]


def of_units(trainings: QuerySet[Training], units: Iterable[OrgUnit]) -> dict[int, tuple[Standing, int]]:
    """Key of each unit → (heads, trainings) of it and all below. One query."""
    entries = _home(RosterEntry.objects.filter(training__in=trainings)).order_by()
    found = rows_below(units, entries.values_list("home", "training").annotate(**_COUNTS))
    return {
        pk: (sum((Standing(*heads) for _, _, *heads in rows), Standing()), len({row[1] for row in rows}))
        for pk, rows in found.items()
    }


# --- answers --------------------------------------------------------------------------------------
@dataclass(frozen=True)
class Asked:
    """A question of the class with the number of the event that opened it. `version` None: the bank has it no more."""

    item: str
    seq: int
    text: str
    type: str
    options: tuple[str, ...]
    version: QuestionVersion | None


def questions_of(training: Training) -> list[Asked]:
    """What was asked from the bank, in order. Two queries."""
    events = events_of(training.pk, ["quiz.open"])
    versions = QuestionVersion.objects.in_bulk([one.data["question_ref"] for one in events])
    return [
        Asked(
            one.data["id"], one.seq, one.data["text"], one.data["type"], tuple(one.data["options"]),
            versions.get(one.data["question_ref"]),
        )
        for one in events
    ]  # fmt: skip


@dataclass
class Tally:
    """Answers of people: given, and right among them."""

    given: int = 0
    right: int = 0


def answers_by(training: Training, asked: list[Asked], entries: QuerySet[RosterEntry]) -> dict[tuple[str, int], Tally]:
    """(item, venue of the roster) → answers of these people. Answers of who is on no roster count nowhere. Two queries."""
    known = {one.item: one for one in asked}
    place = dict(entries.order_by().values_list("user", "venue"))
    found: dict[tuple[str, int], Tally] = defaultdict(Tally)
    rows = Answer.objects.filter(training=training, item__in=known).values_list("item", "user", "choice")
    for item, user, choice in rows:
        if user in place:
            tally, version = found[item, place[user]], known[item].version
            given = letters_of(known[item].type, choice)
            tally.given += 1
            tally.right += bool(given and version) and is_right(version.type, version.answer, given)
    return found


# --- people ---------------------------------------------------------------------------------------
@dataclass
class Person:
    """One line of the roster with everything known of its attendance; `after` is a word of the follow-up."""

    entry: RosterEntry
    post: str = ""
    after: str = ""
    signs: list[CheckIn] = field(default_factory=list)
    changes: list[AttendanceChange] = field(default_factory=list)

    @property
    def first(self) -> CheckIn | None:
        """The first sign-in that counts."""
        return min((one for one in self.signs if one.counts), key=lambda one: one.made_at, default=None)

    @property
    def waiting(self) -> list[CheckIn]:
        return [one for one in self.signs if not one.counts]

    @property
    def unit_name(self) -> str:
        return (self.entry.unit or self.entry.venue.unit).name

    @property
    def how(self) -> str:
        return self.first.get_how_display() if self.first else ""

    @property
    def note(self) -> str:
        """Reason, correction and 补学, as they stand on every list."""
        last = self.changes[-1] if self.changes else None
        parts = [
            self.entry.reason, last and f"由{last.get_before_display()}更正为{last.get_after_display()}：{last.reason}",
            "已补学" if self.entry.made_up_at else "",
        ]  # fmt: skip
        return "；".join(part for part in parts if part)


def people_of(training: Training, entries: QuerySet[RosterEntry], *, most: int | None = None) -> list[Person]:
    """The lines in the order of venues and units, the first `most`, with sign-ins and corrections. Three queries."""
    post = Posting.objects.filter(user=OuterRef("user"), main=True).order_by("-starts_on").values("post")[:1]
    rows = entries.select_related("user", "venue__unit", "unit").annotate(post=Subquery(post))
    found = {one.user_id: Person(one, one.post or "") for one in rows.order_by("venue__unit__path", "home", "pk")[:most]}
    for sign in CheckIn.objects.filter(training=training).select_related("ticked_by", "confirmed_by").order_by("round", "pk"):
        if sign.user_id in found:
            found[sign.user_id].signs.append(sign)
    for change in AttendanceChange.objects.filter(entry__training=training).select_related("by", "entry"):
        if change.entry.user_id in found:
            found[change.entry.user_id].changes.append(change)
    return list(found.values())


@dataclass(frozen=True)
class Hall:
    """A venue's line on the results page and in the exports."""

    venue: Venue
    standing: Standing
    heads: int | None
    confirmed: bool
    count_seq: int | None
    photo_ref: str
    phones: int
    given: int
    right: int
    asked: int

    @property
    def part(self) -> Figure:
        return rate(self.standing.came, self.standing.due)

    @property
    def too_many(self) -> bool:
        """More phones signed in than heads were counted: flagged, never blocked."""
        return self.heads is not None and self.phones > self.heads

    @property
    def answers_due(self) -> int:
        """Answers there would be if everybody who came had answered everything."""
        return max(self.standing.came * self.asked, self.given)


def halls_of(training: Training, entries: QuerySet[RosterEntry], asked: list[Asked]) -> list[Hall]:
    """The venues of these people, in the order of the tree. The same number of queries however many there are."""
    heads, answers = standing_by_venue(entries), answers_by(training, asked, entries)
    phones = phones_by_venue(training.pk)
    counts = {one.data["venue"]: one for one in events_of(training.pk, ["headcount"])}
    found = []
    for venue in training.venues.select_related("unit", "steward").filter(pk__in=heads).order_by("unit__path"):
        count = counts.get(venue.pk)
        own = [tally for (_, place), tally in answers.items() if place == venue.pk]
        given, right = sum(one.given for one in own), sum(one.right for one in own)
        counted = (count.data["heads"], bool(count.data["confirmed_by"]), count.seq, count.data["photo_ref"]) if count else (
            None, False, None, ""
        )  # fmt: skip
        found.append(Hall(venue, heads[venue.pk], *counted, phones.get(venue.pk, 0), given, right, len(asked)))
    return found


def phones_by_venue(training_id: int) -> dict[int, int]:
    """People who signed in by their own phone, by the hall they did it in."""
    own = (CheckIn.How.QR, CheckIn.How.CODE)
    rows = CheckIn.objects.filter(training=training_id, how__in=own).order_by()
    return dict(rows.values("venue").annotate(heads=Count("user", distinct=True)).values_list("venue", "heads"))


# --- computed anew --------------------------------------------------------------------------------
def attendance_anew(training: Training) -> dict[int, str]:
    """Person → result from the log and its rows alone: what `settle` stored, with the corrections made since."""
    rounds, started_at, signs = log_of_attendance(training.pk)
    found = {
        user: decide(rounds, signs.get(user, ()), started_at=started_at)
        for user in training.roster.values_list("user", flat=True)
    }
    for change in AttendanceChange.objects.filter(entry__training=training).select_related("entry").order_by("pk"):
        found[change.entry.user_id] = change.after
    return found


def changed_since(training: Training, moment: datetime) -> bool:
    """Whether a result was corrected or made up after a moment."""
    corrected = AttendanceChange.objects.filter(entry__training=training, at__gt=moment).exists()
    return corrected or training.roster.filter(made_up_at__gt=moment).exists()
