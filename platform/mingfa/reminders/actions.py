"""Asking for reminders, sending them when the quiet hours allow, and the rules of an office."""
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.log_actions import log

from mingfa.people.models import OrgUnit, User

from . import wording
from .channels import channel
from .models import Message, Policy
from .queries import channels_for, lists_for, moment_for, plan_for, policy_for
from .registry import Lacking, Occasion, find, source_of
from .tasks import plan_sending

logger = logging.getLogger(__name__)

MOST_TRIES, PAUSE = 3, timedelta(minutes=15)
LOST_AFTER = timedelta(hours=1)
BATCH = 50  # messages of one run; other tasks of the process, which ends sittings too, get their turn between


class ReminderRefusal(Exception):
    """Nothing is sent, and nothing was written."""


class NotOpen(ReminderRefusal):
    """Nobody can do it yet, or any more. `opens`, `due`: its window."""

    def __init__(self, opens: datetime, due: datetime):
        super().__init__(opens, due)
        self.opens, self.due = opens, due


class QuietUntilDue(ReminderRefusal):
    """The quiet hours last until it is over. `moment`: the first moment after them."""

    def __init__(self, moment: datetime):
        super().__init__(moment)
        self.moment = moment


class NothingToSend(ReminderRefusal):
    """Nobody is missing, or everything the rules allow today has been asked for."""


@dataclass(frozen=True)
class Asked:
    """What will be sent from `moment` on: so many lists, and reminders to so many people."""

    lists: int
    people: int
    moment: datetime


def ask_reminders(occasion: Occasion, *, by: User, now: datetime) -> Asked:
    """Send the lists of today to the 联络员, and the reminders that the rules allow to the people themselves.

    Pressing again on the same day sends nothing again. Raises NotOpen, QuietUntilDue, NothingToSend.
    """
    if not occasion.opens <= now < occasion.due:
        raise NotOpen(occasion.opens, occasion.due)
    with transaction.atomic():
        # Two who press at the same time queue up here; the second finds what the first has asked for.
        OrgUnit.objects.select_for_update().get(pk=occasion.unit.pk)
        plan = plan_for(occasion, now)
        if plan.empty:
            raise NothingToSend
        if plan.moment >= occasion.due:
            raise QuietUntilDue(plan.moment)
        ways = channels_for(plan.policy)
        users = User.objects.in_bulk(plan.people)
        rows = [
            _message(occasion, Message.Audience.LIAISON, line.user, way, _day(now), plan.moment, by, now)
            for line in plan.fresh_lines for way in ways if way.reaches(line.user)
        ] + [
            _message(occasion, Message.Audience.PERSON, users[pk], way, str(turn), plan.moment, by, now)
            for pk, turn in plan.people.items() for way in ways if way.reaches(users[pk])
        ]  # fmt: skip
        Message.objects.bulk_create(rows, batch_size=500)
        asked = Asked(len(plan.fresh_lines), len(plan.people), plan.moment)
        log(occasion.unit, "reminders.ask", user=by, timestamp=now, data={
            "kind": occasion.kind, "key": occasion.key, "lists": asked.lists, "people": asked.people,
        })  # fmt: skip
        transaction.on_commit(lambda: plan_sending(asked.moment))
    return asked


def _day(now: datetime) -> str:
    return timezone.localdate(now).isoformat()


def _message(occasion: Occasion, audience: str, user: User, way, turn: str, moment: datetime, by: User, now: datetime):
    return Message(
        kind=occasion.kind, key=occasion.key, name=occasion.name, unit=occasion.unit, to=user, audience=audience,
        channel=way.code, turn=turn, asked_by=by, asked_at=now, send_after=moment,
    )  # fmt: skip


def send_waiting(*, now: datetime) -> int:
    """Send a batch of what is due, and plan the next. Safe to run twice and from several workers: each message is claimed
    before it is sent. Whoever does not answer is asked again later, once for all who wait for it.

    Whoever has done it meanwhile gets nothing. In the quiet hours nothing goes out, also after the server was down. What a
    killed process was sending is not sent again: nobody knows whether it arrived, and twice would be nagging.

    Returns:
        How many were sent.
    """
    lost = Message.objects.filter(state=Message.State.SENDING, claimed_at__lt=now - LOST_AFTER)
    lost.update(state=Message.State.FAILED, note="发送时中断，不知道是否送到，没有再发")
    sent = 0
    later: set[datetime] = set()
    waiting, known = list(_waiting(now)[: BATCH + 1]), _Known(later)
    for message in waiting[:BATCH]:
        if message.channel not in known.silent and Message.objects.filter(pk=message.pk, state=Message.State.WAITING).update(
            state=Message.State.SENDING, claimed_at=now, tries=F("tries") + 1
        ):
            sent += _send(message, known, now)
    if known.silent:
        later.add(now + PAUSE)
    elif len(waiting) > BATCH:
        later.add(now)
    for moment in later:
        plan_sending(moment)
    return sent


def _waiting(now: datetime):
    rows = Message.objects.filter(state=Message.State.WAITING, send_after__lte=now)
    return rows.select_related("to", "unit").order_by("send_after", "pk")


class _Known:
    """What a batch asks once for each occasion: it, who is still missing, and whose list they stand on. `later` collects
    when the run has to go on, `silent` the ways that do not answer."""

    def __init__(self, later: set[datetime]):
        self.later = later
        self.silent: set[str] = set()
        self._facts: dict[tuple, tuple] = {}

    def of(self, message: Message) -> tuple[Occasion | None, dict[int, Lacking], dict[int, list[Lacking]]]:
        place = message.kind, message.key
        if place not in self._facts:
            occasion = find(*place)
            people = source_of(message.kind).lacking(occasion) if occasion else []
            lists, _ = lists_for(people)
            self._facts[place] = (
                occasion, {one.user_id: one for one in people}, {user.pk: some for user, some in lists.items()},
            )  # fmt: skip
        return self._facts[place]


def _send(message: Message, known: _Known, now: datetime) -> int:
    """1 when it went out, else 0 with the reason in its row."""
    occasion, lacking, lists = known.of(message)
    if occasion is None or occasion.due <= now:
        return _end(message, Message.State.DROPPED, "已经截止")
    moment = moment_for(policy_for(message.unit), now)
    if moment > now:
        Message.objects.filter(pk=message.pk).update(state=Message.State.WAITING, send_after=moment, tries=F("tries") - 1)
        known.later.add(moment)
        return 0
    way, people = channel(message.channel), lists.get(message.to_id, [])
    if way is None or not message.to.is_active or not way.reaches(message.to):
        return _end(message, Message.State.DROPPED, "这种方式已经找不到本人")
    if message.audience == Message.Audience.PERSON and message.to_id not in lacking:
        return _end(message, Message.State.DROPPED, "已经参加，或不用再参加")
    if message.audience == Message.Audience.LIAISON and not people:
        return _end(message, Message.State.DROPPED, "名单上已经没有人，或不再是联络员")
    message.subject = wording.subject_for(occasion, message.audience, len(people))
    message.body = (
        wording.person_body(occasion, message.to.name) if message.audience == Message.Audience.PERSON
        else wording.liaison_body(occasion, people, now, names=way.names)
    )  # fmt: skip
    try:
        way.send(message.to, message.subject, message.body)
    except Exception as fault:
        # The reason may quote an address: the log gets the class alone.
        logger.warning("reminder %s was not handed over: %s", message.pk, type(fault).__name__)
        if isinstance(fault, TimeoutError | ConnectionError):
            known.silent.add(message.channel)
        return _again(message, known, now)
    Message.objects.filter(pk=message.pk, state=Message.State.SENDING).update(
        state=Message.State.SENT, sent_at=now, subject=message.subject, body=message.body
    )
    return 1


def _again(message: Message, known: _Known, now: datetime) -> int:
    """Try later, three times in all."""
    if message.tries + 1 >= MOST_TRIES:
        return _end(message, Message.State.FAILED, "发送服务没有接收，试了 3 次")
    later = now + PAUSE
    Message.objects.filter(pk=message.pk).update(state=Message.State.WAITING, send_after=later)
    known.later.add(later)
    return 0


def _end(message: Message, state: str, note: str) -> int:
    Message.objects.filter(pk=message.pk).update(state=state, note=note)
    return 0


def set_policy(unit: OrgUnit, *, by: User, now: datetime, **fields) -> Policy:
    """The rules of a unit and of all below it without rules of their own. `fields` are those of Policy."""
    with transaction.atomic():
        OrgUnit.objects.select_for_update().get(pk=unit.pk)
        policy, _ = Policy.objects.update_or_create(unit=unit, defaults=fields)
        told = {name: str(value) for name, value in fields.items()}
        log(unit, "reminders.set_policy", user=by, timestamp=now, data=told)
    return policy
