"""The list of a bank: what it is narrowed by, in which order, and the page after or before a place in it.

A page is found from the last row of the one before (keyset), so the thousandth costs what the first does. The same
order gives the neighbours of a question.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from mingfa.bank.models import Bank, Citation, Question, QuestionVersion, Remark, VersionTally
from mingfa.bank.queries import in_use
from mingfa.bank.search import versions_with
from mingfa.library.citations import fold_title
from mingfa.library.models import Article, Edition, Law
from mingfa.library.queries import current_editions
from mingfa.numbers import whole

PAGE = 30
LARGEST_ID = 2**63 - 1
UNKNOWN_SHARE = 1001  # above every share: what was answered too rarely comes last
# Share right in thousandths: [from, below).
SHARES = {"hard": (0, 200), "low": (200, 500), "middle": (500, 800), "high": (800, 951), "easy": (951, 1001)}
DAYS = {"7": 7, "30": 30, "365": 365}


@dataclass(frozen=True)
class Narrowed:
    """What a list is narrowed by; empty values narrow nothing. The names are those of the address.

    `share` is a key of SHARES, "none" (fewer than 30 answers) or ""; `used` and `reserved` are "yes", "no" or "";
    `law_holds` "no" asks for questions with a citation that is not in force; `changed` is a key of DAYS or "older"
    (more than a year ago).
    """

    q: str = ""
    type: str = ""
    difficulty: int = 0
    share: str = ""
    topic: str = ""
    tag: int = 0
    law: str = ""
    law_holds: str = ""
    status: str = ""
    reserved: str = ""
    used: str = ""
    changed: str = ""
    open_remarks: str = ""

    @property
    def chosen(self) -> dict:
        """The values that narrow anything, by name."""
        return {one.name: value for one in fields(self) if (value := getattr(self, one.name))}


@dataclass(frozen=True)
class Order:
    """An order of the list: by a value of each question, then by its number. `descending` holds for both."""

    value: object
    descending: bool


SORTS = {
    "newest": Order(None, True),
    "number": Order(None, False),
    "share": Order(Coalesce("tally__share", UNKNOWN_SHARE), False),
    "used": Order(Coalesce("tally__used", 0), True),
}
SORT_WORDS = [("newest", "新加的在前"), ("number", "按编号"), ("share", "答对率低的在前"), ("used", "用得多的在前")]


@dataclass(frozen=True)
class Page:
    """A page of the list. `after` and `before` are the places to go on from, empty at either end."""

    rows: Sequence[Question]
    total: int
    after: str = ""
    before: str = ""

    @property
    def object_list(self) -> Sequence[Question]:
        return self.rows


def narrowed(bank: Bank, by: Narrowed, *, now: datetime | None = None) -> QuerySet[Question]:
    """The questions of a bank that a filter finds, in no order.

    Retired ones only when asked for by status. `q` is looked for by words in stem and options; a number also finds
    that question.
    """
    if by.status:
        found = Question.objects.filter(bank=bank, status=by.status).exclude(status=Question.Status.STAGED)
    else:
        found = in_use(bank)
    if by.q:
        found = found.filter(_by_words(by.q))
    exact = {"current__type": by.type, "current__difficulty": by.difficulty, "topic": by.topic}
    found = found.filter(**{field: value for field, value in exact.items() if value})
    if by.tag:
        found = found.filter(tags=by.tag)
    if by.law:
        found = found.filter(_citing(Q(law_title=by.law)))
    if by.law_holds:
        found = found.filter(_citing(not_in_force(now)))
    if by.reserved:
        found = found.filter(reserved=by.reserved == "yes")
    if by.open_remarks:
        found = found.filter(Exists(Remark.objects.filter(question=OuterRef("pk"), resolved_at=None)))
    return _by_use(found, by, now)


def _by_words(typed: str) -> Q:
    words, number = versions_with(typed), whole(typed.strip())
    by_words = Q(pk__in=[]) if words is None else Q(current__in=words)
    return by_words if number is None else by_words | Q(pk=number)


def _by_use(found: QuerySet[Question], by: Narrowed, now: datetime | None) -> QuerySet[Question]:
    if by.share == "none":
        found = found.filter(tally__share=None)
    elif by.share:
        low, high = SHARES[by.share]
        found = found.filter(tally__share__gte=low, tally__share__lt=high)
    if by.used:
        ever = Exists(VersionTally.objects.filter(question=OuterRef("pk"), asked__gt=0))
        found = found.filter(ever if by.used == "yes" else ~ever)
    if by.changed:
        since = (now or timezone.now()) - timedelta(days=DAYS.get(by.changed, 365))
        found = found.filter(**{f"current__created_at__{'lt' if by.changed == 'older' else 'gte'}": since})
    return found


def _citing(citation: Q) -> Q:
    """Questions whose current version, or a sub-question of it, has such a citation.

    Two lists of ids, each made once: one condition with “or” inside would be gone through for every question.
    """
    found = Citation.objects.filter(citation).order_by()
    parts = QuestionVersion.objects.filter(Exists(found.filter(version=OuterRef("pk"))), parent__isnull=False)
    return Q(current__in=found.values("version")) | Q(current__in=parts.order_by().values("parent"))


def not_in_force(now: datetime | None = None) -> Q:
    """The citations whose article is missing in the library or whose law is not in force today. Four statements."""
    today = timezone.localdate(now)
    cited: dict[str, set[tuple[int, int]]] = {}
    for title, article, sub in Citation.objects.order_by().values_list("law_title", "article", "sub").distinct():
        cited.setdefault(title, set()).add((article, sub))
    laws = {law.short_title: law.pk for law in Law.objects.filter(short_title__in={fold_title(one) for one in cited})}
    editions = current_editions(Law(pk=pk) for pk in laws.values())
    holding = {pk: one.pk for pk, one in editions.items() if one and one.status_on(today) == Edition.Status.IN_FORCE}
    known: dict[int, set[tuple[int, int]]] = {}
    for edition, number, sub in Article.objects.filter(edition__in=holding.values()).values_list("edition", "number", "sub"):
        known.setdefault(edition, set()).add((number, sub))
    fallen, found = [], Q(pk__in=[])
    for title, places in cited.items():
        edition = holding.get(laws.get(fold_title(title)))
        if edition is None:
            fallen.append(title)
            continue
        missing: dict[int, list[int]] = {}
        for number, sub in places - known.get(edition, set()):
            missing.setdefault(sub, []).append(number)
        for sub, numbers in missing.items():
            found |= Q(law_title=title, sub=sub, article__in=numbers)
    return found | Q(law_title__in=fallen)


def page_of(
    bank: Bank, by: Narrowed, *, sort: str = "newest", after: str = "", before: str = "", now: datetime | None = None
) -> Page:
    """One page of the list, rows with current version, tally, citations and tags: five statements.

    Args:
        after, before: a place of another page ("value.id"), untrusted; nonsense gives the first page.
    """
    found, order = narrowed(bank, by, now=now), SORTS[sort]
    total = found.count()
    backwards, place = bool(before), _read_place(before or after)
    # Found by number alone first: a database that has to sort sorts numbers then, not the words of 50,000 questions.
    ids = _walk(found, order, place, backwards=backwards).values("pk")[: PAGE + 1]
    rows = list(_walk(_shown(Question.objects.filter(pk__in=ids)), order, None, backwards=backwards))
    more, rows = len(rows) > PAGE, rows[:PAGE]
    if backwards:
        rows.reverse()
    has_next, has_before = (True, more) if backwards and place else (more, place is not None)
    if not rows and place:
        return page_of(bank, by, sort=sort, now=now)
    return Page(
        rows, total, _place_of(rows[-1]) if has_next and rows else "", _place_of(rows[0]) if has_before and rows else ""
    )


def neighbours(bank: Bank, by: Narrowed, question: Question, *, sort: str = "newest") -> tuple[int | None, int | None]:
    """(the question before, the one after) in the list that a filter finds; None at its ends. Three statements."""
    order, found = SORTS[sort], narrowed(bank, by)
    here = _valued(Question.objects.filter(pk=question.pk), order).values_list("place_value", "pk").get()
    ids = [_walk(found, order, here, backwards=back).values_list("pk", flat=True).first() for back in (True, False)]
    return ids[0], ids[1]


def _valued(found: QuerySet[Question], order: Order) -> QuerySet[Question]:
    return found.annotate(place_value=F("pk") if order.value is None else order.value)


def _walk(found, order: Order, place: tuple[int, int] | None, *, backwards: bool) -> QuerySet[Question]:
    """The questions after a place of the list, or before it, the nearest first."""
    found, descending = _valued(found, order), order.descending != backwards
    sign, side = ("-", "lt") if descending else ("", "gt")
    if place:
        value, pk = place
        # The first condition says nothing new; databases walk an index by it.
        beyond = Q(**{f"place_value__{side}": value}) | Q(place_value=value, **{f"pk__{side}": pk})
        found = found.filter(Q(**{f"pk__{side}": pk}) if order.value is None else beyond)
    return found.order_by(f"{sign}pk") if order.value is None else found.order_by(f"{sign}place_value", f"{sign}pk")


def _shown(found: QuerySet[Question]) -> QuerySet[Question]:
    return found.select_related("current", "tally").prefetch_related("current__citations", "tags")


def _place_of(question: Question) -> str:
    return f"{question.place_value}.{question.pk}"


def _read_place(text: str) -> tuple[int, int] | None:
    value, _, pk = text.partition(".")
    numbers = whole(value, most=LARGEST_ID), whole(pk, most=LARGEST_ID)
    return None if None in numbers else numbers


def choices_of(bank: Bank) -> tuple[list[str], list[str]]:
    """(topics, titles of laws) that a filter can ask for. Kept in memory while the bank's edition stays."""
    key = f"bank-choices-{bank.pk}-{bank.edition}"
    found = cache.get(key)
    if found is None:
        topics = Question.objects.filter(bank=bank).exclude(status=Question.Status.STAGED).exclude(topic="")
        titles = Citation.objects.order_by("law_title").values_list("law_title", flat=True).distinct()
        # A list of ids, not a join: PostgreSQL takes the two ways from version to question for unlikely to meet.
        current = Question.objects.filter(bank=bank).order_by().values("current")
        own = Citation.objects.filter(law_title=OuterRef("law_title"), version__in=current)
        found = (
            list(topics.order_by("topic").values_list("topic", flat=True).distinct()),
            list(titles.filter(Exists(own))),
        )
        cache.set(key, found)
    return found
