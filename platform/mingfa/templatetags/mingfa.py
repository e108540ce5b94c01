"""Tags and filters of the base templates: navigation, the site's identity, times and marks as people read them."""
import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django import template
from django.utils import timezone

from mingfa.models import SiteIdentity
from mingfa.people.access import grants_of
from mingfa.people.models import Role

register = template.Library()


@dataclass(frozen=True)
class Place:
    """One entry of the navigation, as shown."""

    url: str
    word: str
    icon: str
    current: bool


# Address, word, icon, pattern of the addresses that belong to it, and who has it besides the superuser (None: everybody
# signed in). The order counts: the phone bar has room for five, and an address belongs to the first that claims it.
_ENTRIES = [
    ("/me/", "我的任务", "list-check", r"/me/$|/exams/\d+/(start/)?$|/sittings/", None),
    ("/courses/", "学习", "book", r"/courses/", None),
    ("/laws/", "法律库", "bookmark", r"/laws/", None),
    ("/board/", "看板", "bar-chart", r"/board/", {Role.LEADER, Role.LIAISON}),
    ("/people/", "人员", "people", r"/people/", {Role.LIAISON, Role.SECURITY_ADMIN}),
    ("/exams/", "考试", "pencil-square", r"/exams/", {Role.SETTER}),
    ("/bank/", "题库", "collection", r"/bank/", {Role.SETTER}),
]
_LIBRARY = _ENTRIES[2]  # all that a visitor has


@register.simple_tag(takes_context=True)
def navigation(context) -> dict:
    """Where this person may go: `places` for the header and the phone bar, `admin` for the user menu."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        entries, admin = [_LIBRARY], False
    else:
        roles = {role for role, _ in grants_of(user)}
        entries = [one for one in _ENTRIES if one[4] is None or user.is_superuser or roles & one[4]]
        admin = user.is_superuser or (bool(roles) and user.has_perm("wagtailadmin.access_admin"))
    path = getattr(request, "path", "")
    here = next((one for one in _ENTRIES if re.match(one[3], path)), None)
    return {"places": [Place(*one[:3], current=one is here) for one in entries], "admin": admin}


@register.simple_tag
def site_identity() -> SiteIdentity:
    """The footer fields; an empty identity until somebody filled them in."""
    return SiteIdentity.current()


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
