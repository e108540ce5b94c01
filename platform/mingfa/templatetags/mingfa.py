"""Tags and filters of the base templates: navigation, the site's identity, times and marks as people read them."""
import re
from dataclasses import dataclass

from django import template
from django.templatetags.static import static
from django.utils.html import escape

from mingfa.models import SiteIdentity
from mingfa.people.access import grants_of
from mingfa.people.models import Role
from mingfa.people.permissions import IN_ADMIN
from mingfa.review.queries import STEP_ROLES
from mingfa.wording import clock, day, marks, minutes, moment, time_of_day

register = template.Library()
for written in (day, time_of_day, moment, clock, marks, minutes):
    register.filter(written)


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
    ("/me/", "我的任务", "list-check", r"/me/(exams/(wrong/)?)?$|/exams/\d+/(start/)?$|/sittings/", None),
    ("/courses/", "学习", "book", r"/courses/", None),
    ("/laws/", "法律库", "bookmark", r"/laws/", None),
    ("/board/", "看板", "bar-chart", r"/board/", {Role.LEADER, Role.LIAISON, Role.TRAINER}),
    ("/live/", "培训", "broadcast", r"/live/", {Role.TRAINER}),
    ("/people/", "人员", "people", r"/people/", {Role.LIAISON, Role.SECURITY_ADMIN}),
    ("/exams/", "考试", "pencil-square", r"/exams/|/roster/|/reminders/", {Role.SETTER, Role.LIAISON, Role.LEADER}),
    ("/review/", "审核", "check2-square", r"/review/|/bank/reviews/|/reports/reviews/", {*STEP_ROLES}),
    ("/bank/", "题库", "collection", r"/bank/", {Role.SETTER}),
    ("/outreach/", "外宣", "megaphone", r"/outreach/", {Role.OUTREACH, Role.LEADER}),
    ("/reports/", "报告", "file-earmark-text", r"/reports/(?!reviews/)|/upper-forms/", {Role.LIAISON, Role.LEADER}),
]
ON_THE_BAR = 5
_LIBRARY = _ENTRIES[2]  # all that a visitor has


@register.simple_tag(takes_context=True)
def navigation(context) -> dict:
    """Where this person may go: `places` for the header, `bar` and (behind 更多) `more` for the phone, which has room for
    five, `admin` for the user menu, and a `key` that is the same whenever these are."""
    request = context.get("request")
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        entries, admin = [_LIBRARY], False
    else:
        roles = {role for role, _ in grants_of(user)}
        entries = [one for one in _ENTRIES if one[4] is None or user.is_superuser or roles & one[4]]
        admin = user.is_superuser or not roles.isdisjoint(IN_ADMIN)
    path = getattr(request, "path", "")
    here = next((one for one in _ENTRIES if re.match(one[3], path)), None)
    places = [Place(*one[:3], current=one is here) for one in entries]
    shown = f"{admin} {here and here[0]} {' '.join(place.url for place in places)}"
    first = len(places) if len(places) <= ON_THE_BAR else ON_THE_BAR - 1
    more = places[first:]
    return {
        "places": places, "bar": places[:first], "more": more, "in_more": any(place.current for place in more),
        "admin": admin, "key": shown,
    }  # fmt: skip


@register.simple_tag
def site_identity() -> SiteIdentity:
    """The footer fields; an empty identity until somebody filled them in."""
    return SiteIdentity.current()


class Asset(template.Node):
    """The address of a static file. What it is called does not change while the process runs, and a page names a
    dozen: asked for once a place, while Django's own tag asks every time."""

    def __init__(self, name: str):
        self.name, self.address = name, ""

    def render(self, context):
        self.address = self.address or escape(static(self.name))
        return self.address


@register.tag
def asset(parser, token) -> Asset:
    """{% asset 'mingfa/base.js' %}"""
    _, name = token.split_contents()
    return Asset(name[1:-1])


@register.filter
def subtract(value: int, other: int) -> int:
    """How many are left."""
    return int(value) - int(other)


@register.filter
def share(value) -> str:
    """A share from 0 to 1 in whole percent, for forecasts; rates of people are Figures and print their heads."""
    return f"{value:.0%}"


@register.filter
def unit_path(unit) -> str:
    """Names from the top of the tree to this unit; one query, so for single pages, not for lists."""
    return " / ".join([*unit.get_ancestors().values_list("name", flat=True), unit.name])
