"""Every list and number of people: the roster on a date, search, names for sign-in."""

from collections.abc import Iterable
from datetime import date

from django.db.models import CharField, Q, QuerySet

from mingfa.people.models import GONE, OrgUnit, Posting, RosterEdition, User
from mingfa.people.vault import typed_phone_hash
from mingfa.prepared import Given, Prepared


def roster_on(
    day: date, *, units: Iterable[OrgUnit] | QuerySet[OrgUnit], categories: Iterable[str] | None = None
) -> QuerySet[Posting]:
    """Main postings that cover `day` in exactly these units, without people who are gone by then.

    Long sick leave and maternity leave stay on the roster: they are exempted by name (docs/rules.md).
    categories: 人员类别 that count, all if None.
    """
    postings = Posting.objects.filter(
        Q(ends_on=None) | Q(ends_on__gte=day), main=True, starts_on__lte=day, unit__in=units
    ).exclude(duty_status__in=GONE)
    return postings if categories is None else postings.filter(category__in=list(categories))


def roster_edition() -> int:
    """Another number after every change of the roster. One query."""
    return RosterEdition.objects.values_list("number", flat=True).first() or 0


def people_called(people: QuerySet[User], words: str) -> QuerySet[User]:
    """Those of `people` whose name, pinyin initials, staff number, user name or telephone number fits."""
    words = "".join(words.split())
    if not words:
        return people
    fits = Q(name__contains=words) | Q(staff_number__istartswith=words) | Q(username__istartswith=words)
    if words.isascii() and words.isalpha():
        fits |= Q(initials__startswith=words.lower())
    if hashed := typed_phone_hash(words):
        fits |= Q(phone_hash=hashed)
    return people.filter(fits)


def postings_in(units: QuerySet[OrgUnit], *, words: str = "", state: str = "here") -> QuerySet[Posting]:
    """Open main postings in these units with person and unit, in order of the tree.

    words: as in people_called. state: here (on the roster), gone (退休, 调出 …) or off (account disabled).
    """
    postings = Posting.objects.filter(main=True, ends_on=None, unit__in=units).select_related("user", "unit")
    if words.strip():
        postings = postings.filter(user__in=people_called(User.objects.all(), words))
    if state == "gone":
        postings = postings.filter(duty_status__in=GONE)
    elif state == "off":
        postings = postings.filter(user__is_active=False)
    else:
        postings = postings.exclude(duty_status__in=GONE)
    return postings.order_by("unit__path", "pk")


def _named() -> Q:
    return Q(username=Given(0, CharField())) | Q(staff_number=Given(1, CharField()))


# Nobody has an empty telephone hash typed in, so the shorter one asks no index for it.
_BY_NAME = Prepared(lambda: User.objects.filter(_named())[:5])
_BY_ANY_NAME = Prepared(lambda: User.objects.filter(_named() | Q(phone_hash=Given(2, CharField())))[:5])


def account_called(typed: str) -> User | None:
    """The account behind what was typed at sign-in: user name, staff number or telephone number. One query.

    A telephone number that two people share belongs to neither.
    """
    typed = typed.strip()
    hashed = typed_phone_hash(typed)
    found = _BY_ANY_NAME.all(typed, typed, hashed) if hashed else _BY_NAME.all(typed, typed)
    for field in ("username", "staff_number"):
        for user in found:
            if getattr(user, field) == typed:
                return user
    return found[0] if len(found) == 1 else None


def rows_below(units: Iterable[OrgUnit], rows: Iterable[tuple]) -> dict[int, list[tuple]]:
    """Key of each of these units → the rows of it and all below, in their order. The path of a row's unit comes first in it."""
    units = list(units)
    found: dict[str, list[tuple]] = {unit.path: [] for unit in units}
    for row in rows:
        for path in OrgUnit.paths_down_to(row[0]):
            if path in found:
                found[path].append(row)
    return {unit.pk: found[unit.path] for unit in units}
