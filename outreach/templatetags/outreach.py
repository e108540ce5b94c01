"""Filters of the ledger's pages."""
from django import template

from ..engine.ledger import Account
from ..models import Activity, Line
from ..wording import count, place_name, signed

register = template.Library()
register.filter("count", count)
register.filter("signed", signed)
register.filter("place", place_name)


@register.filter
def other_end(line: Line, ends: dict) -> str:
    """Where the copies of a transfer went to or came from; empty for what is no transfer."""
    return "、".join(place_name(one) for one in ends.get(line.movement_id, ()) if one.pk != line.place_id)


@register.filter
def account_word(name: str) -> str:
    return Line.Account(Account(name).value).label


@register.filter
def form_word(stop) -> str:
    """The 形式 of a planned stop in words."""
    return Activity.Form(stop.form).label


@register.filter
def code_place(code) -> str:
    """What a QR code is of: a batch, an activity, a spot."""
    return str(code.batch or code.activity or code.spot)


@register.filter
def magnitude(number: int) -> int:
    return abs(number)
