"""操作日志: who did what when, of everything that writes a line. Read only; what was done to exactly what stays with the rows."""
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q, QuerySet
from django.utils import timezone
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry, PageLogEntry

from mingfa.people.models import User

FIELDS = ("timestamp", "user_id", "action", "label", "content_type_id")


@dataclass(frozen=True)
class Entry:
    """One line as shown. who: name and account; "系统" for what the server did by itself."""

    at: datetime
    who: str
    words: str
    label: str
    kind: str


def lines(*, who: str, action: str, since: date | None, until: date | None) -> QuerySet:
    """Rows of FIELDS of both logs, the latest first.

    Args:
        who: part of a name or an account; "" for everybody.
        action: code of an action; "" for all.
        since, until: days in Beijing time, both included.
    """
    wanted = Q()
    if who:
        wanted &= Q(user__in=User.objects.filter(Q(name__contains=who) | Q(username__icontains=who)))
    if action:
        wanted &= Q(action=action)
    if since:
        wanted &= Q(timestamp__gte=_midnight(since))
    if until:
        wanted &= Q(timestamp__lt=_midnight(until + timedelta(days=1)))
    models, pages = (log.objects.filter(wanted).order_by().values_list(*FIELDS) for log in (ModelLogEntry, PageLogEntry))
    return models.union(pages, all=True).order_by("-timestamp", "label")


def shown(rows) -> list[Entry]:
    """The rows of one page in words; one query for all names."""
    rows = list(rows)
    people = User.objects.in_bulk({row[1] for row in rows if row[1]})
    words = dict(actions())
    return [
        Entry(at, _who(people, user), words.get(action, action), label, _kind(content_type))
        for at, user, action, label, content_type in rows
    ]


def actions() -> list[tuple[str, str]]:
    """(code, word) of everything that may be logged, for the choice on the page."""
    return sorted(((code, str(label)) for code, label in registry.get_choices()), key=lambda one: one[1])


def _who(people: dict, user: int | None) -> str:
    if user is None:
        return "系统"
    person = people.get(user)
    return f"{person.name}（{person.username}）" if person else f"已删除的账号 {user}"


def _kind(content_type: int | None) -> str:
    model = ContentType.objects.get_for_id(content_type).model_class() if content_type else None
    return str(model._meta.verbose_name) if model else ""


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))
