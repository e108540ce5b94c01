"""Whom reminders would go to, and what was sent."""
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Max, QuerySet
from django.utils import timezone

from mingfa.people.models import OrgUnit, Role, RoleGrant, User

from . import channels
from .models import Message, Policy
from .registry import Lacking, Occasion, source_of


def policy_for(unit: OrgUnit) -> Policy:
    """The rules that hold for a unit: its own, else those of the nearest unit above, else the defaults (unsaved)."""
    rows = Policy.objects.filter(unit__path__in=OrgUnit.paths_down_to(unit.path)).select_related("unit")
    return rows.order_by("-unit__depth").first() or Policy(unit=unit)


def moment_for(policy: Policy, now: datetime) -> datetime:
    """From when a message asked for now may go out."""
    first = policy.quiet.first_moment(timezone.localtime(now).replace(tzinfo=None))
    return max(now, timezone.make_aware(first))


def channels_for(policy: Policy) -> list[channels.Channel]:
    """The ways that the rules allow, the desk always."""
    allowed = {channels.DESK.code}
    if policy.by_email:
        allowed.add(channels.EMAIL.code)
    own = {channels.DESK.code, channels.EMAIL.code}
    return [one for one in channels.channels() if one.code in allowed or (policy.by_others and one.code not in own)]


def lists_for(people: list[Lacking]) -> tuple[dict[User, list[Lacking]], list[Lacking]]:
    """联络员 → the missing people they look after, and those nobody looks after.

    Somebody belongs to the 联络员 of the nearest unit at or above the own one; several share the list.
    """
    grants = RoleGrant.objects.filter(role=Role.LIAISON, user__is_active=True).select_related("user", "unit")
    by_path: dict[str, list[User]] = defaultdict(list)
    for one in grants.order_by("unit__path", "user_id"):
        by_path[one.unit.path].append(one.user)
    lists: dict[User, list[Lacking]] = {}
    nobody = []
    for person in people:
        above = reversed(OrgUnit.paths_down_to(person.path))
        liaisons = next((by_path[path] for path in above if path in by_path), [])
        for user in liaisons:
            lists.setdefault(user, []).append(person)
        if not liaisons:
            nobody.append(person)
    return lists, nobody


@dataclass(frozen=True)
class Line:
    """A 联络员 and the people on the list. `told`: today's list has been asked for."""

    user: User
    people: list[Lacking]
    told: bool

    @property
    def units(self) -> list[tuple[str, int]]:
        """(unit, heads) in the order of the tree."""
        heads: dict[str, int] = {}
        for one in self.people:
            heads[one.unit] = heads.get(one.unit, 0) + 1
        return list(heads.items())


@dataclass(frozen=True)
class Plan:
    """What pressing the button now would send.

    `people`: who is reminded, with the turn it is; `from_day`: from when the rules let people be reminded, None when
    that is now; `enough`: able to do it and reminded as often as the rules allow, or today already.
    """

    missing: int
    lines: list[Line]
    nobody: list[Lacking]
    people: dict[int, int]
    enough: int
    from_day: datetime | None
    moment: datetime
    policy: Policy

    @property
    def fresh_lines(self) -> list[Line]:
        return [line for line in self.lines if not line.told]

    @property
    def empty(self) -> bool:
        return not (self.fresh_lines or self.people)


def plan_for(occasion: Occasion, now: datetime) -> Plan:
    """Five queries, however many people are missing."""
    policy, today = policy_for(occasion.unit), timezone.localdate(now)
    people = source_of(occasion.kind).lacking(occasion)
    lists, nobody = lists_for(people)
    mine = messages_of(occasion)
    told = set(
        mine.filter(audience=Message.Audience.LIAISON, turn=today.isoformat()).values_list("to", flat=True)
    )
    turns = _turns(mine)
    starts = occasion.due - timedelta(days=policy.days_before)
    able = [one.user_id for one in people if one.able]
    wanted = {} if now < starts else {
        user: turns.get(user, (0, None))[0] + 1 for user in able
        if turns.get(user, (0, None))[0] < policy.most and turns.get(user, (0, None))[1] != today
    }  # fmt: skip
    return Plan(
        missing=len(people), lines=[Line(user, some, user.pk in told) for user, some in lists.items()], nobody=nobody,
        people=wanted, enough=0 if now < starts else len(able) - len(wanted), from_day=starts if now < starts else None,
        moment=moment_for(policy, now), policy=policy,
    )  # fmt: skip


def _turns(messages: QuerySet[Message]) -> dict[int, tuple[int, object]]:
    """User → (how often reminded, the last day of it)."""
    rows = messages.filter(audience=Message.Audience.PERSON).order_by().values_list("to")
    found = rows.annotate(turns=Count("turn", distinct=True), last=Max("asked_at"))
    return {user: (turns, timezone.localdate(last)) for user, turns, last in found}


def messages_of(occasion: Occasion) -> QuerySet[Message]:
    """Everything asked for, the latest first."""
    return Message.objects.filter(kind=occasion.kind, key=occasion.key).select_related("to", "asked_by")


def on_the_desk_of(user) -> list[Message]:
    """What was sent to this person's start page, of each occasion and kind the latest. One query."""
    rows = Message.objects.filter(to=user, channel=channels.DESK.code, state=Message.State.SENT)
    latest: dict[tuple, Message] = {}
    for one in rows.select_related("asked_by").order_by("sent_at"):
        latest[one.kind, one.key, one.audience] = one
    return list(latest.values())
