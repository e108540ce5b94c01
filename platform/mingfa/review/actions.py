"""Every write to a review. What is legal is asked of the engine; what follows for the text, its own app is told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from mingfa.people.access import holds
from mingfa.people.models import OrgUnit
from mingfa.review import engine
from mingfa.review.models import OPEN, Opening, Review, ReviewStep
from mingfa.review.queries import STEP_ROLES, case_of, content_type_of, reviews_of
from mingfa.review.registry import kind_of

STANDING = (*OPEN, Review.State.PASSED, Review.State.RETURNED)
Act = ReviewStep.Act


class NotYourStep(engine.ReviewRefusal):
    """The person does not hold the role of this step for the unit. `step`: 1 to 3."""

    def __init__(self, step: int):
        super().__init__(step)
        self.step = step


class Withheld(engine.ReviewRefusal):
    """The person must not know the text now: it stands on a paper that he or she is sitting (AL1)."""


@dataclass(frozen=True)
class Submission:
    """A text to be reviewed: its immutable row, its hash, the ids of everybody who wrote on it since it last passed."""

    target_id: int
    text_hash: str
    authors: frozenset[int]


@transaction.atomic
def submit_texts(
    model: str, texts: Iterable[Submission], *, unit: OrgUnit, about, by, now: datetime, author_first: bool = False
) -> list[Review]:
    """送审: a review at 一审 for every text; whoever submits counts as an author. One audit entry on `about`.

    `model` is the label of a registered kind. A returned text may be submitted again as it is. Raises InReview when
    one of them waits or has passed; then none is submitted. The caller has locked what the texts belong to.
    """
    texts = list(texts)
    standing = {one.target_id: one for one in reviews_of(model, [text.target_id for text in texts]).filter(state__in=STANDING)}
    for text in texts:
        if (old := standing.get(text.target_id)) is not None:
            engine.submit(case_of(old))
            _end(old, by=by, now=now, reason="重新送审")
    made = Review.objects.bulk_create(
        Review(
            target_type=content_type_of(model), target_id=text.target_id, unit=unit, text_hash=text.text_hash,
            author_first=author_first, submitted_at=now, submitted_by=by,
        )
        for text in texts
    )  # fmt: skip
    _write_authors(zip(made, (text.authors | {by.pk} for text in texts), strict=True))
    ReviewStep.objects.bulk_create(_step(review, Act.SUBMIT, by=by, now=now) for review in made)
    facts = {"kind": model, "reviews": [review.pk for review in made]}
    log(about, "review.submit", user=by, timestamp=now, data=facts)
    for review in made:
        _tell_moved(review, by, now)
    return made


def sign_review(
    review_id: int, *, by, now: datetime, text_hash: str, step: int | None = None, opinion: str = "", secrecy: bool = False
) -> Review:
    """Pass the step that is waited for; `secrecy` ticks the 保密审查 before. The third signature passes the text.

    `text_hash` and `step` are what stood on the page. Raises the refusals of engine.sign, NotYourStep and Withheld. When the
    text itself is not the one in review any more, the review goes back to 一审 (that is kept) and TextChanged is raised.
    """
    return _unless_changed(review_id, text_hash, now, lambda review: _sign(review, by, now, text_hash, step, opinion, secrecy))


def return_review(
    review_id: int, *, by, now: datetime, text_hash: str, opinion: str, step: int | None = None
) -> Review:
    """退回 with the reason. Raises the refusals of engine.send_back, NotYourStep, Withheld; TextChanged as
    sign_review."""

    def send_back(review: Review) -> None:
        case = case_of(review)
        engine.require_here(case, step)
        _require_role(review, case, by)
        _require_not_withheld(review, by, now)
        engine.send_back(case, by=by.pk, opinion=opinion, text_hash=text_hash, step=step)
        _move(review, Review.State.RETURNED)
        _step(review, Act.RETURN, by=by, now=now, opinion=opinion.strip(), step=case.step).save()
        log(review, "review.return", user=by, timestamp=now, data={"step": case.step, "hash": review.text_hash})
        _tell_moved(review, by, now)
        kind_of(review.target_type).returned(review, by, now)

    return _unless_changed(review_id, text_hash, now, send_back)


@transaction.atomic
def withdraw_review(review_id: int, *, by, now: datetime) -> Review:
    """撤回 by an author. Raises NotInReview, NotAnAuthor."""
    review, _ = _locked(review_id)
    engine.withdraw(case_of(review), by=by.pk)
    _move(review, Review.State.WITHDRAWN)
    _step(review, Act.WITHDRAW, by=by, now=now).save()
    log(review, "review.withdraw", user=by, timestamp=now)
    _tell_moved(review, by, now)
    return review


def replace_text(model: str, old_id: int, new: Submission, *, by, now: datetime) -> Review | None:
    """The text has a new wording in another row. Inside the caller's transaction, which has locked the text.

    In review: the new wording waits for 一审 (returned here), nothing that was signed counts, whoever edited is an
    author too. Returned: that is settled. Passed: the old row stays passed, the new one is a draft.
    """
    old = _standing(model, old_id)
    if old is None or old.state == Review.State.PASSED:
        return None
    case = case_of(old)
    # by None: a command edits, and a command cannot sign.
    after = engine.edit(case, by=by.pk if by else 0, text_hash=new.text_hash)
    _end(old, by=by, now=now, reason="文字有改动")
    if not after.step:
        return None
    return _again(old, new.target_id, new.text_hash, (after.authors - {0}) | new.authors, by=by, now=now)


def void_reviews(model: str, target_ids, *, by, now: datetime, reason: str) -> int:
    """已失效: whatever stands for these rows, an approval too. Inside the caller's transaction. Returns how many."""
    standing = list(reviews_of(model, target_ids).filter(state__in=STANDING).select_related("target_type"))
    for review in standing:
        _end(review, by=by, now=now, reason=reason)
    return len(standing)


def require_signer(review: Review, *, by) -> None:
    """Raises what keeps this person from signing the step that is waited for; decides nothing."""
    case = case_of(review)
    _require_role(review, case, by)
    engine.require_reviewer(case, by=by.pk)


def open_review(review: Review, *, by, now: datetime) -> None:
    """Note that a reviewer has the page open. Looking is no decision, so the log has no entry."""
    Opening.objects.get_or_create(review=review, person=by, defaults={"at": now})


def _unless_changed(review_id: int, seen: str, now: datetime, act) -> Review:
    with transaction.atomic():
        review, current = _locked(review_id)
        changed = review.state in OPEN and current != review.text_hash
        if changed:
            _end(review, by=None, now=now, reason="文字有改动")
            authors = review.authors.values_list("pk", flat=True)
            _again(review, review.target_id, current, authors, by=None, now=now)
        else:
            act(review)
    if changed:
        raise engine.TextChanged(seen, current)
    return review


def _sign(review: Review, by, now: datetime, text_hash: str, step: int | None, opinion: str, secrecy: bool) -> None:
    case = case_of(review)
    engine.require_here(case, step)
    _require_role(review, case, by)
    _require_not_withheld(review, by, now)
    checked = engine.check_secrecy(case, by=by.pk, at=now, text_hash=text_hash) if secrecy else case
    signed = engine.sign(checked, by=by.pk, at=now, text_hash=text_hash, opinion=opinion, step=step)
    if checked.secrecy is not case.secrecy:
        _step(review, Act.SECRECY, by=by, now=now).save()
    _step(review, Act.SIGN, by=by, now=now, opinion=opinion.strip(), step=case.step).save()
    _move(review, Review.State(signed.state))
    facts = {"step": case.step, "hash": review.text_hash, "secrecy": secrecy}
    log(review, "review.sign", user=by, timestamp=now, data=facts)
    _tell_moved(review, by, now)
    if signed.state is engine.State.PASSED:
        kind_of(review.target_type).passed(review, by, now)


def _require_role(review: Review, case: engine.Case, by) -> None:
    if case.step and not holds(by, STEP_ROLES[case.step - 1], unit=review.unit):
        raise NotYourStep(case.step)


def _require_not_withheld(review: Review, by, now: datetime) -> None:
    if kind_of(review.target_type).withheld(review.target_id, by, now):
        raise Withheld


def _locked(review_id: int) -> tuple[Review, str]:
    """The review, locked after its text as everywhere, and the hash of the text as it stands."""
    review = Review.objects.select_related("target_type").get(pk=review_id)
    current = kind_of(review.target_type).lock(review.target_id)
    locked = Review.objects.select_for_update(of=("self",)).select_related("target_type", "unit")
    return locked.get(pk=review_id), current


def _standing(model: str, target_id: int) -> Review | None:
    found = reviews_of(model, [target_id]).filter(state__in=STANDING)
    return found.select_for_update(of=("self",)).select_related("target_type", "unit").first()


def _move(review: Review, state: str) -> None:
    """Conditional: whoever moved the review between reading and writing has won, and this one is told."""
    if not Review.objects.filter(pk=review.pk, state=review.state, text_hash=review.text_hash).update(state=state):
        raise engine.StepDone(case_of(review).step)
    review.state = state


def _end(review: Review, *, by, now: datetime, reason: str) -> None:
    _move(review, Review.State.VOID)
    _step(review, Act.VOID, by=by, now=now, opinion=reason).save()
    log(review, "review.void", user=by, timestamp=now, data={"reason": reason})
    _tell_moved(review, by, now)


def _again(old: Review, target_id: int, text_hash: str, authors, *, by, now: datetime) -> Review:
    """The next round of the same text, at 一审."""
    review = Review.objects.create(
        target_type=old.target_type, target_id=target_id, unit=old.unit, text_hash=text_hash,
        author_first=old.author_first, submitted_at=now, submitted_by=by or old.submitted_by,
    )  # fmt: skip
    _write_authors([(review, authors)])
    _step(review, Act.SUBMIT, by=by, now=now, opinion="文字有改动，从一审重新开始").save()
    log(review, "review.submit", user=by, timestamp=now, data={"again": old.pk})
    _tell_moved(review, by, now)
    return review


def _tell_moved(review: Review, by, now: datetime) -> None:
    kind_of(review.target_type).moved(review, by, now)


def _write_authors(pairs) -> None:
    through = Review.authors.through
    through.objects.bulk_create(through(review=review, user_id=pk) for review, authors in pairs for pk in sorted(authors))


def _step(review: Review, act: str, *, by, now: datetime, opinion: str = "", step: int = 0) -> ReviewStep:
    return ReviewStep(review=review, act=act, step=step, person=by, at=now, opinion=opinion, text_hash=review.text_hash)
