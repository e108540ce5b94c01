"""What publishing refuses. Pure: the facts; the sentences are in outreach/publishing/wording.py."""
from dataclasses import dataclass

from .refusals import Refusal


@dataclass
class FindingsOpen(Refusal):
    """So many findings are neither changed away nor justified."""

    count: int


class CaseUnchecked(Refusal):
    """Nobody has gone through the de-identification list for the text as it is now."""


@dataclass
class ChecklistOpen(Refusal):
    """So many lines of the list are not ticked."""

    left: int


class NoFinding(Refusal):
    """There is no such finding in the text (any more)."""


class MayNotStay(Refusal):
    """Whatever the reason: this is never public."""


class NotPublic(Refusal):
    """The page is not public now."""


@dataclass
class InReviewAlready(Refusal):
    """The very text waits for a signature or has all of them. `state`: its word."""

    state: str


class MayNotLoosen(Refusal):
    """Only the 三审人 of the unit lets authors do the first step."""


class BankNotReviewed(Refusal):
    """A question out of a case goes through 三审三校 as well, so its bank must be a reviewed one."""


class NothingWritten(Refusal):
    """A yield without text."""
