"""What the engine refuses, as exceptions that carry the facts. The Chinese sentence is written at the edge."""
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal


class Refusal(Exception):
    """Something may not be done now. `code` names why; subclasses carry the facts."""

    code = "refused"


@dataclass
class NotYetOpen(Refusal):
    opens_at: datetime
    code = "early"


@dataclass
class AlreadyClosed(Refusal):
    closes_at: datetime
    code = "closed"


@dataclass
class NoAttemptLeft(Refusal):
    allowed: int
    code = "attempts"


@dataclass
class NotDue(Refusal):
    """The person is not on the roster, or is 免考 or 缓考; `reason` says which."""

    reason: str
    code = "not_due"


@dataclass
class NotPublished(Refusal):
    state: str
    code = "not_published"


@dataclass
class WrongState(Refusal):
    """A transition that the state machine does not have."""

    state: str
    wanted: str
    code = "state"


@dataclass
class NotHeldBack(Refusal):
    """The results of this exam do not wait to be released."""

    code = "not_held_back"


@dataclass
class AlreadySo(Refusal):
    """The candidate stands already as asked for."""

    code = "already"


@dataclass
class ChangePending(Refusal):
    """Another change of the same candidate waits for approval."""

    code = "pending"


@dataclass
class SittingNow(Refusal):
    """The candidate sits at this moment; who sits is neither 免考 nor 缓考."""

    code = "sitting"


@dataclass
class OwnCase(Refusal):
    """Nobody decides about his own exam, or approves what he has asked for himself."""

    code = "own_case"


@dataclass
class AccountOff(Refusal):
    """The sitting was frozen with the account, and the account is still off."""

    code = "account_off"


@dataclass
class NobodySits(Refusal):
    """Time for those who sit now, and nobody does."""

    code = "nobody"


@dataclass
class BadSpan(Refusal):
    """An outage that ends before it begins, lies ahead or takes longer than a day."""

    code = "span"


@dataclass
class AlreadyLogged(Refusal):
    """The minutes of this outage have been given back."""

    code = "logged"


@dataclass
class SittingEnded(Refusal):
    ended_at: datetime
    code = "closed"


@dataclass
class Replaced(Refusal):
    """Another device has taken the sitting over."""

    code = "replaced"


@dataclass
class Frozen(Refusal):
    reason: str
    code = "frozen"


@dataclass
class Voided(Refusal):
    reason: str
    code = "void"


@dataclass
class BadAnswer(Refusal):
    """Something in a save that is not on this paper: nothing of the save is stored."""

    question: str
    why: str
    code = "bad_answer"


@dataclass
class BadMark(Refusal):
    """A mark below 0, above the marks of the question, or with more than one place."""

    full: Decimal
    code = "bad_mark"


@dataclass
class NotYours(Refusal):
    """Two markers disagree: the organiser arbitrates."""

    code = "not_yours"


@dataclass
class WrongAddress(Refusal):
    """Not in the network of the venue."""

    venue: str
    code = "address"


@dataclass
class WrongCode(Refusal):
    """Not the code of the venue."""

    venue: str
    code = "venue_code"


@dataclass
class TooManyTries(Refusal):
    """Too many wrong codes; again after so many minutes."""

    minutes: int
    code = "tries"


@dataclass
class TooManyDevices(Refusal):
    """The sitting changed devices so often that the invigilator has to look at it."""

    most: int
    code = "devices"


@dataclass
class NeedsSafeBrowser(Refusal):
    """The exam is sat with Safe Exam Browser only, with our configuration."""

    code = "safe_browser"


@dataclass
class NotYetIssued(Refusal):
    """Results may still change, or wait to be released."""

    from_: datetime
    code = "not_yet_issued"


@dataclass
class TooMany(Refusal):
    """More than can be done at once."""

    most: int
    code = "too_many"


@dataclass
class NothingSaid(Refusal):
    """A report that names no question of the paper, or says nothing."""

    code = "nothing_said"


@dataclass
class Outdated(Refusal):
    """Since the page was read, something has changed that it is about."""

    code = "outdated"


@dataclass
class PaperShortage(Refusal):
    """A rule asks for more questions than the bank can give. `rule` is its place, from 1."""

    rule: int
    wanted: int
    available: int
    code = "shortage"


@dataclass
class NotEligible(Refusal):
    """Something that has to be finished before the exam is not; `missing` says what, in words."""

    missing: tuple[str, ...]
    code = "not_eligible"


@dataclass
class StillRunning(Refusal):
    """A makeup waits until every session before it is over for everybody."""

    name: str
    over_at: datetime
    code = "running"


@dataclass
class NobodyAgain(Refusal):
    """Nobody is left who has to sit a makeup."""

    code = "nobody_again"


@dataclass
class OutsideSlot(Refusal):
    """The person's unit starts at another time: the slot of `unit` is not now."""

    unit: str
    opens_at: datetime
    closes_at: datetime
    is_over: bool
    code = "slot"


@dataclass
class SlotOutsideWindow(Refusal):
    """A slot must lie inside the exam's window."""

    opens_at: datetime
    closes_at: datetime
    code = "slot_window"
