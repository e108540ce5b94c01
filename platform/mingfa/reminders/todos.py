"""Reminders on the start page, until what they are about is done or over."""
from datetime import datetime

from mingfa.desk.registry import State, Todo, register
from mingfa.people.access import units_visible_to
from mingfa.people.models import Role
from mingfa.wording import moment

from .models import Message
from .queries import on_the_desk_of
from .registry import Occasion, find, source_of


@register
def reminder_todos(user, now: datetime) -> list[Todo]:
    """One query for who was never reminded, three more for each occasion."""
    found = []
    for message in on_the_desk_of(user):
        occasion = find(message.kind, message.key)
        if occasion is None or occasion.due <= now:
            continue
        source = source_of(message.kind)
        if message.audience == Message.Audience.PERSON:
            if source.lacks(occasion, user):
                found.append(_own(message, occasion))
        elif heads := source.heads(occasion, units_visible_to(user, Role.LIAISON)):
            found.append(_list(occasion, heads))
    return found


def _own(message: Message, occasion: Occasion) -> Todo:
    facts = f"{occasion.unit} {moment(message.sent_at)} 提醒：您还没有参加。因故不能参加的，请告诉本单位联络员。"
    return Todo(f"提醒：{occasion.name}", facts, occasion.url, occasion.action, occasion.due, State.NOW, joins=True)


def _list(occasion: Occasion, heads: int) -> Todo:
    facts = f"您联络的单位还有 {heads} 人没有参加。请分别了解情况，确有原因的办理免考或缓考。"
    return Todo(f"催考：{occasion.name}", facts, occasion.list_url, "看名单", occasion.due, State.NOW)
