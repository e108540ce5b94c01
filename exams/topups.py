"""补学小测: who passed on a text that has changed since is offered a few questions instead of a rerun.

Nothing is stored until somebody takes or dismisses an offer: whom it is for follows from the papers each time, so a
law change in the middle of a working day writes nothing for thousands of people. It touches no result and no figure.
Source: docs/rules.md “补学小测”.
"""
import random
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from mingfa.bank.citing import current_citing
from mingfa.bank.marking import is_marked_by_people
from mingfa.bank.models import Citation, Question
from mingfa.bank.queries import PoolItem
from mingfa.bank.registry import kept_back, withheld_from
from mingfa.bank.types import KINDS
from mingfa.changes.models import LawChange, TouchedArticle
from mingfa.changes.queries import Texts, article_texts, changes_since
from mingfa.library.citations import CitationRef, fold_title
from mingfa.people.models import User

from . import practice
from .engine import paper as engine
from .engine.disclosure import visible
from .models import Candidate, Response, TopUp

SIZE = 5
# For how long after the change it is offered, and how old an exam may be that it follows from.
OFFERED_FOR, LOOKED_BACK = timedelta(days=180), timedelta(days=366)


@dataclass(frozen=True)
class Offer:
    """What one person is offered because of one law change. `asked` are the touched articles of the own papers."""

    change: LawChange
    exams: tuple[str, ...]
    asked: tuple[TouchedArticle, ...]
    near: tuple[PoolItem, ...]  # questions on the asked articles
    others: tuple[PoolItem, ...]  # on other touched ones

    @property
    def size(self) -> int:
        return min(SIZE, len(self.near) + len(self.others))


def offers_for(user: User, *, now: datetime) -> list[Offer]:
    """The open offers of this person, the newest change first. One query where no law has changed lately."""
    changes = changes_since(now - OFFERED_FOR)
    if not changes:
        return []
    answered = set(TopUp.objects.filter(user=user, change__in=changes).values_list("change", flat=True))
    changes = [change for change in changes if change.pk not in answered]
    passed = _passed(user, now) if changes else []
    if not passed:
        return []
    cited = _cited_on_papers([one.counted_id for one in passed])
    offers = [_offer(change, passed, cited, user, now) for change in changes]
    return [offer for offer in offers if offer]


def offer_for(user: User, change_id: int, *, now: datetime) -> Offer | None:
    """The open offer of this person for one law change."""
    return next((offer for offer in offers_for(user, now=now) if offer.change.pk == change_id), None)


def _passed(user: User, now: datetime) -> list[Candidate]:
    """Exams this person has passed and may know it (AL3), that are over for everybody."""
    rows = Candidate.objects.filter(
        user=user, passed=True, counted__submitted_at__gte=now - OFFERED_FOR - LOOKED_BACK
    ).select_related("exam", "counted")
    return [
        one
        for one in rows
        if now >= one.exam.keys_from
        and visible(one.exam.result_policy, now=now, keys_from=one.exam.keys_from, released_at=one.exam.released_at) != "none"
    ]


def _cited_on_papers(sittings: Collection[int]) -> dict[int, set[tuple[str, int, int]]]:
    """Sitting id → (short title, 条, 之) of everything its questions cite, a case for its sub-questions too. Two queries."""
    asked = list(Response.objects.filter(sitting__in=sittings).values_list("sitting", "version", "version__parent"))
    versions = {pk for _, *pair in asked for pk in pair if pk}
    cited = defaultdict(set)
    for version, title, *place in Citation.objects.filter(version__in=versions).values_list(
        "version", "law_title", "article", "sub"
    ):
        cited[version].add((fold_title(title), *place))
    found = defaultdict(set)
    for sitting, version, parent in asked:
        found[sitting] |= cited[version] | (cited[parent] if parent else set())
    return found


def _offer(change: LawChange, passed: Iterable[Candidate], cited, user: User, now: datetime) -> Offer | None:
    """None where the person's papers had nothing of it, or nothing can be asked about the new text now."""
    title, touched = change.law.short_title, list(change.touched.all())
    places = {(title, *article.place) for article in touched}
    hit, names = set(), []
    for one in passed:
        before = one.counted.submitted_at
        if before < change.noted_at <= before + LOOKED_BACK and (found := cited[one.counted_id] & places):
            hit |= found
            names.append(one.exam.name)
    asked = tuple(article for article in touched if (title, *article.place) in hit)
    near, others = _pools(change, asked, touched, user, now) if asked else ((), ())
    return Offer(change, tuple(names), asked, near, others) if near else None


def _pools(change: LawChange, asked, touched, user: User, now: datetime) -> tuple[tuple[PoolItem, ...], ...]:
    """Questions of the person's banks that cite a touched article under its new number: on asked ones, on others.

    Neither held, reserved, kept back by a coming exam (AL2) nor on a paper the person is sitting (AL1).
    """
    first = {article.new_place for article in asked} - {None}
    places = current_citing(change.law.short_title, {article.new_place for article in touched} - {None})
    rows = Question.objects.filter(
        pk__in=places, status=Question.Status.USABLE, held=False, reserved=False, bank__in=practice.banks_for(user),
        current__type__in=[kind for kind in KINDS if not is_marked_by_people(kind)],
    ).order_by("id")  # fmt: skip
    pool = [
        PoolItem(*row, laws=())
        for row in rows.values_list("current_id", "id", "current__type", "topic", "current__difficulty")
    ]
    hidden = kept_back([one.question_id for one in pool], now) | withheld_from(user, now)
    free = [one for one in pool if one.question_id not in hidden]
    near = tuple(one for one in free if places[one.question_id] & first)
    return near, tuple(one for one in free if one not in near)


def draw(offer: Offer, *, seed: int) -> list[engine.Item]:
    """Up to five questions: at random among those on the asked articles, filled up with others that were touched."""
    rng = random.Random(seed)  # noqa: S311 - which questions are practised is no secret
    chosen = rng.sample(offer.near, min(SIZE, len(offer.near)))
    chosen += rng.sample(offer.others, min(SIZE - len(chosen), len(offer.others)))
    return practice.draw_practice(chosen, size=SIZE, seed=seed)


def texts_for(change: LawChange, citations: Collection[CitationRef]) -> list[Texts]:
    """Old and new text of the touched articles that a question cites under their new numbers. Two queries."""
    title = change.law.short_title
    places = {(ref.article, ref.sub) for ref in citations if fold_title(ref.law_title) == title}
    touched = [article for article in change.touched.all() if article.new_place in places]
    return list(article_texts(change, touched).values()) if touched else []
