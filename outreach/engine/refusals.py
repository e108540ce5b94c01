"""What the engine refuses, as exceptions that carry the facts. The Chinese sentence is written at the edge."""
from dataclasses import dataclass
from datetime import date


class Refusal(Exception):
    """Something may not be done now; subclasses carry the facts."""


@dataclass
class NotPositive(Refusal):
    """Nothing, or less than nothing, was to be moved."""

    quantity: int


@dataclass
class TooMuch(Refusal):
    """More than one entry may move."""

    most: int


@dataclass
class SamePlace(Refusal):
    """A transfer from a place to itself."""

    place: int


@dataclass
class NotUpwards(Refusal):
    """退回 leads to a store above, never sideways or down."""

    place: int


@dataclass
class Short(Refusal):
    """A place has not so many. `on` is the day on which the least was there, from the day of the entry on; `entry` the
    place of the entry among those that were to be written together."""

    batch: int
    place: int
    available: int
    wanted: int
    on: date
    entry: int = 0


@dataclass
class InTheFuture(Refusal):
    """What has not happened yet is not in the ledger."""

    day: date


@dataclass
class IsReversal(Refusal):
    """A reversal is not reversed; what was right is entered again."""


@dataclass
class AlreadyReversed(Refusal):
    """Somebody has reversed this entry already."""


@dataclass
class NothingToReverse(Refusal):
    """The entry moved nothing: a stock-taking that agreed."""


@dataclass
class NoReason(Refusal):
    """A loss, a difference or a reversal needs a reason."""


@dataclass
class FormUsed(Refusal):
    """The form's key belongs to another entry: it was sent, changed and sent again."""


@dataclass
class NameTaken(Refusal):
    """Another material of the same unit has this name."""

    name: str


@dataclass
class Stopped(Refusal):
    """Somebody took copies while a file was written: `done` of its rows are in, the row `row` could not follow."""

    done: int
    total: int
    row: int
    why: Refusal


@dataclass
class WrongState(Refusal):
    """The activity is not where this can be done: `state` is its word on the screen."""

    state: str


@dataclass
class OwnRecord(Refusal):
    """Nobody checks a record of his own."""


@dataclass
class TooManyPhotos(Refusal):
    """A record holds so many photos at most."""

    most: int


@dataclass
class PlanEmpty(Refusal):
    """A campaign without a stop cannot be approved by anybody."""


@dataclass
class OwnPlan(Refusal):
    """Nobody approves a campaign of his own."""


@dataclass
class OutsidePlan(Refusal):
    """A stop outside the days of its campaign."""

    day: date


@dataclass
class DayTaken(Refusal):
    """The unit has a day of this name already."""

    name: str


@dataclass
class DutyTaken(Refusal):
    """The unit has this item in that year already."""

    subject: str


@dataclass
class NotForPublic(Refusal):
    """The question is kept for exams, held, or has nothing to explain its key with. `stem`: how it begins."""

    stem: str


@dataclass
class TooFewQuestions(Refusal):
    """A public quiz has so many different questions."""

    fewest: int
    most: int
