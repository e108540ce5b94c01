"""三审三校 as a pure state machine: 拟稿 → 一审一校 → 二审二校 → 三审三校 → 通过 (domain guide §6, docs/rules.md).

    case = submit(draft("hash", authors={1}))
    case = sign(case, by=2, at=now, text_hash="hash")

It knows no database, no roles and nothing of what is reviewed: people are ids, a text is its hash. Who may do which
step at all is a matter of roles and is asked before. A refusal is an exception with facts; the sentence is written
at the edge (`mingfa.review.wording`).
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum


class State(StrEnum):
    DRAFT = "draft"
    FIRST = "first"
    SECOND = "second"
    THIRD = "third"
    PASSED = "passed"
    RETURNED = "returned"
    WITHDRAWN = "withdrawn"
    VOID = "void"


STEPS = (State.FIRST, State.SECOND, State.THIRD)
LAST = len(STEPS)


@dataclass(frozen=True)
class Signature:
    """Who passed a text at which step (1 to 3; 0 for the 保密审查), when, with which opinion, and which text."""

    step: int
    person: int
    at: datetime
    opinion: str
    text_hash: str


@dataclass(frozen=True)
class Case:
    """One text under review. `authors`: everybody who wrote on it since it last passed.

    `author_first`: the unit lets the author do 一审 (拟稿人一审), which takes one of the three signatures.
    """

    state: State
    text_hash: str
    authors: frozenset[int]
    author_first: bool = False
    signatures: tuple[Signature, ...] = ()
    secrecy: Signature | None = None

    @property
    def step(self) -> int:
        """The step that is waited for, 1 to 3; 0 while the case is not in review."""
        return STEPS.index(self.state) + 1 if self.state in STEPS else 0


class ReviewRefusal(Exception):
    """Something that the rules of 三审三校 do not allow. Nothing was changed."""


class NotInReview(ReviewRefusal):
    """The case does not wait for a review (any more). `state`: what it is."""

    def __init__(self, state: State):
        super().__init__(state)
        self.state = State(state)


class InReview(ReviewRefusal):
    """It is in review or has passed already. `state`: what it is."""

    def __init__(self, state: State):
        super().__init__(state)
        self.state = State(state)


class StepDone(ReviewRefusal):
    """The page stood at one step, and somebody has signed that step meanwhile. `step`: the one on the page."""

    def __init__(self, step: int):
        super().__init__(step)
        self.step = step


class TextChanged(ReviewRefusal):
    """The text on the page is not the text in review. `seen` and `now`: their hashes."""

    def __init__(self, seen: str, now: str):
        super().__init__(seen, now)
        self.seen, self.now = seen, now


class IsAuthor(ReviewRefusal):
    """An author neither reviews the own text nor does its 保密审查. `step`: the one that was tried."""

    def __init__(self, step: int):
        super().__init__(step)
        self.step = step


class SignedBefore(ReviewRefusal):
    """The three reviews are three people. `step`: the one this person has signed."""

    def __init__(self, step: int):
        super().__init__(step)
        self.step = step


class NoSecrecyCheck(ReviewRefusal):
    """The last step waits for the 保密审查."""


class NoOpinion(ReviewRefusal):
    """A text goes back only with the reason."""


class OpinionTooLong(ReviewRefusal):
    """`length`: as typed; `longest`: what there is room for."""

    def __init__(self, length: int, longest: int):
        super().__init__(length, longest)
        self.length, self.longest = length, longest


class NotReady(ReviewRefusal):
    """The text's own app does not let it pass now. `why` is its sentence for the reader."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why


class NotAnAuthor(ReviewRefusal):
    """Only an author withdraws."""


def draft(text_hash: str, *, authors, author_first: bool = False) -> Case:
    """A text that nobody has submitted yet."""
    return Case(State.DRAFT, text_hash, frozenset(authors), author_first)


def submit(case: Case) -> Case:
    """送审: the case waits for 一审, without signatures. Raises InReview when it waits already or has passed."""
    if case.state in STEPS or case.state is State.PASSED:
        raise InReview(case.state)
    return replace(case, state=State.FIRST, signatures=(), secrecy=None)


def require_reviewer(case: Case, *, by: int) -> None:
    """Raises what sign and send_back would refuse this person whatever the text says."""
    if not case.step:
        raise NotInReview(case.state)
    if by in case.authors and not (case.step == 1 and case.author_first):
        raise IsAuthor(case.step)
    for signature in case.signatures:
        if signature.person == by:
            raise SignedBefore(signature.step)


def check_secrecy(case: Case, *, by: int, at: datetime, text_hash: str) -> Case:
    """保密审查: this person has looked that nothing secret goes out. A second tick changes nothing.

    Raises NotInReview, TextChanged, IsAuthor (never the author, not even where 拟稿人一审 is allowed).
    """
    if not case.step:
        raise NotInReview(case.state)
    _require_text(case, text_hash)
    if by in case.authors:
        raise IsAuthor(0)
    return case if case.secrecy else replace(case, secrecy=Signature(0, by, at, "", text_hash))


def sign(case: Case, *, by: int, at: datetime, text_hash: str, opinion: str = "", step: int | None = None) -> Case:
    """Pass the step that is waited for; after the third the case has passed.

    `text_hash` and `step` are those of the page that was signed. Raises NotInReview, StepDone, TextChanged, IsAuthor,
    SignedBefore, NoSecrecyCheck.
    """
    require_here(case, step)
    _require_text(case, text_hash)
    require_reviewer(case, by=by)
    if case.step == LAST and case.secrecy is None:
        raise NoSecrecyCheck
    signed = (*case.signatures, Signature(case.step, by, at, opinion.strip(), text_hash))
    following = (*STEPS, State.PASSED)[case.step]
    return replace(case, state=following, signatures=signed)


def send_back(case: Case, *, by: int, opinion: str, text_hash: str, step: int | None = None) -> Case:
    """退回: back to the author with the reason; what was signed is void.

    Raises NotInReview, StepDone, TextChanged, IsAuthor, SignedBefore, NoOpinion.
    """
    require_here(case, step)
    _require_text(case, text_hash)
    require_reviewer(case, by=by)
    if not opinion.strip():
        raise NoOpinion
    return replace(case, state=State.RETURNED, signatures=(), secrecy=None)


def withdraw(case: Case, *, by: int) -> Case:
    """撤回 by an author while it is in review. Raises NotInReview, NotAnAuthor."""
    if not case.step:
        raise NotInReview(case.state)
    if by not in case.authors:
        raise NotAnAuthor
    return replace(case, state=State.WITHDRAWN, signatures=(), secrecy=None)


def void(case: Case) -> Case:
    """已失效: what was reviewed is gone (retired, replaced), so nothing that was signed counts any more."""
    return replace(case, state=State.VOID, signatures=(), secrecy=None)


def edit(case: Case, *, by: int, text_hash: str) -> Case:
    """The text is another one now, however that came. A text equal to the last changes nothing.

    In review: back to 一审 without signatures, and the editor is an author too. Passed: a draft of the editor alone,
    for what passed was the work of the others. Otherwise a draft.
    """
    if text_hash == case.text_hash:
        return case
    state = State.FIRST if case.step else State.DRAFT
    authors = frozenset({by}) if case.state is State.PASSED else case.authors | {by}
    return Case(state, text_hash, authors, case.author_first)


def require_here(case: Case, step: int | None) -> None:
    """Raises NotInReview, or StepDone when the page stood at another `step` than the one waited for."""
    if not case.step:
        raise NotInReview(case.state)
    if step is not None and step != case.step:
        raise StepDone(step)


def _require_text(case: Case, text_hash: str) -> None:
    if text_hash != case.text_hash:
        raise TextChanged(text_hash, case.text_hash)
