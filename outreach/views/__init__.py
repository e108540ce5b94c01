"""Views of outreach: the doors they stand behind."""
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from django.views.decorators.cache import never_cache
from mingfa.people.models import OrgUnit
from mingfa.periods import Month, Period, Quarter, Year, parse_period

from .. import queries


def private(view):
    """Signed in, never kept by browser or proxy."""
    return login_required(never_cache(view))


def readable(request) -> list[OrgUnit]:
    """The stores the person may read; nobody else has anything to do here."""
    places = queries.places_read_by(request.user)
    if not places:
        raise PermissionDenied("宣传资料台账由宣传员管理，领导可以看，您现在没有这个角色。需要时请联系安全管理员。")
    return places


def kept(request) -> list[OrgUnit]:
    """The stores the person keeps the ledger of."""
    places = queries.places_kept_by(request.user)
    if not places:
        raise PermissionDenied("登记台账要有宣传员角色，您现在没有。需要时请联系安全管理员。")
    return places


def chosen(request, places: list[OrgUnit]) -> tuple[list[OrgUnit], OrgUnit | None]:
    """What of `places` the address asks for: all, the district's own store, or a place and all below it."""
    asked = request.GET.get("place", "")
    if not asked:
        return places, None
    place = next((one for one in places if str(one.pk) == asked), None)
    if place is None:
        raise Http404
    if place.kind == OrgUnit.Kind.DISTRICT:
        return [place], place
    return [one for one in places if one.path.startswith(place.path)], place


def period_of(request) -> Period:
    """The period of the address; this year where there is none."""
    try:
        return parse_period(request.GET.get("period", ""))
    except ValueError:
        return Year(timezone.localdate().year)


def periods() -> list[Period]:
    """This month, quarter and year, and last year."""
    today = timezone.localdate()
    year = Year(today.year)
    return [year, Quarter(today.year, (today.month + 2) // 3), Month(today.year, today.month), year.previous()]
