"""The ways a reminder goes: the desk, e-mail, and what an office adds (短信, 企业微信).

A module of the office's own registers its way and is named in the environment, REMINDER_CHANNELS=office.sms:

    from mingfa.reminders.channels import Channel, register

    def reaches(user) -> bool: ...                     # whether this person can be reached so
    def send(user, subject: str, body: str) -> None: ...   # returns once it is handed over; raises when it is not

    register(Channel("sms", "短信", reaches, send))

The product itself calls no other host: whatever `send` reaches, the office has chosen.
"""
from collections.abc import Callable
from dataclasses import dataclass

from django.conf import settings
from django.core.mail import EmailMessage

DUMMY = "django.core.mail.backends.dummy.EmailBackend"


@dataclass(frozen=True)
class Channel:
    """One way.

    Attributes:
        code: short code, kept in the log.
        caption: how it is called on screen.
        reaches: (user) → whether this person can be reached.
        send: (user, subject, body) → None; raises when it was not handed over. It may be tried again, three times in all.
        names: whether the names of others may go this way. Without it a 联络员 reads a number and the way to the list.
    """

    code: str
    caption: str
    reaches: Callable[[object], bool]
    send: Callable[[object, str, str], None]
    names: bool = False


def _on_the_desk(user, subject: str, body: str) -> None:
    """Nothing to hand over: the start page shows what was sent (todos.py)."""


def _has_email(user) -> bool:
    return settings.EMAIL_BACKEND != DUMMY and bool(user.email)


def _by_email(user, subject: str, body: str) -> None:
    EmailMessage(subject, body, to=[user.email]).send()


DESK = Channel("desk", "我的任务", lambda user: True, _on_the_desk, names=True)
EMAIL = Channel("email", "电子邮件", _has_email, _by_email, names=True)
_channels: dict[str, Channel] = {DESK.code: DESK, EMAIL.code: EMAIL}


def register(channel: Channel) -> Channel:
    """A second registration of the same code replaces the first."""
    _channels[channel.code] = channel
    return channel


def unregister(code: str) -> None:
    _channels.pop(code, None)


def channels() -> list[Channel]:
    """The desk first."""
    return list(_channels.values())


def channel(code: str) -> Channel | None:
    return _channels.get(code)
