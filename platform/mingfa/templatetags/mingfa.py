"""Tags and filters of the base templates: navigation, the site's identity, times and marks as people read them."""
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone

from mingfa.models import SiteIdentity
from mingfa.people.models import Role

register = template.Library()


@dataclass(frozen=True)
class Place:
    """One entry of the navigation, as shown."""

    url: str
    word: str
    icon: str
    current: bool


# Address, word, icon, and further addresses that belong to the entry.
_EVERYBODY = [
    ("/me/", "我的任务", "list-check", ("/exams/", "/sittings/")),
    ("/courses/", "学习", "book", ()),
    ("/laws/", "法律库", "bookmark", ()),
]
_BOARD = ("/board/", "看板", "bar-chart", ())
_BANK = ("/bank/", "题库", "collection", ())
_VISITORS = [_EVERYBODY[2]]


@register.simple_tag(takes_context=True)
def navigation(context) -> dict:
    """Where this person may go: `places` for the header and the phone bar, `admin` for the user menu."""
    request = context.get("request")
    user = getattr(request, "user", None)
    path = getattr(request, "path", "")
    if user is None or not user.is_authenticated:
        entries, admin = _VISITORS, False
    else:
        roles = set(user.role_grants.values_list("role", flat=True))
        sees_board = user.is_superuser or roles & {Role.LEADER, Role.LIAISON}
        sets_questions = user.is_superuser or Role.SETTER in roles
        entries = _EVERYBODY + ([_BOARD] if sees_board else []) + ([_BANK] if sets_questions else [])
        admin = user.is_superuser or (bool(roles) and user.has_perm("wagtailadmin.access_admin"))
    return {
        "places": [
            Place(url, word, icon, any(path.startswith(home) for home in (url, *homes)))
            for url, word, icon, homes in entries
        ],
        "admin": admin,
    }


@register.simple_tag
def site_identity() -> SiteIdentity:
    """The footer fields; an empty identity until somebody filled them in."""
    return SiteIdentity.objects.first() or SiteIdentity()


@register.filter
def day(value: date | datetime | None) -> str:
    """“9 月 17 日”, in Beijing time."""
    if not value:
        return ""
    value = _local(value)
    return f"{value.month} 月 {value.day} 日"


@register.filter
def moment(value: datetime | None) -> str:
    """“9 月 17 日 9:41”, in Beijing time; the year is added when it is not this one."""
    if not value:
        return ""
    local = _local(value)
    year = "" if local.year == timezone.localtime().year else f"{local.year} 年 "
    return f"{year}{day(local)} {local.hour}:{local:%M}"


@register.filter
def clock(value: datetime | None) -> str:
    """“10:41:52”, in Beijing time."""
    return f"{_local(value):%H:%M:%S}" if value else ""


@register.filter
def marks(value: Decimal | None) -> str:
    """Marks as on paper: 80 for 80.0, 72.5 for 72.5, “—” where there are none."""
    if value is None:
        return "—"
    value = Decimal(value)
    return f"{value:.0f}" if value == value.to_integral_value() else f"{value.normalize():f}"


@register.filter
def minutes(value: int) -> str:
    """“60 分钟”, “1 小时 30 分”."""
    hours, rest = divmod(int(value), 60)
    if hours and rest:
        return f"{hours} 小时 {rest} 分"
    return f"{hours} 小时" if hours > 1 else f"{value} 分钟"


@register.filter
def subtract(value: int, other: int) -> int:
    """How many are left."""
    return int(value) - int(other)


@register.filter
def unit_path(unit) -> str:
    """Names from the top of the tree to this unit; one query, so for single pages, not for lists."""
    return " / ".join([*unit.get_ancestors().values_list("name", flat=True), unit.name])


def _local(value):
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
