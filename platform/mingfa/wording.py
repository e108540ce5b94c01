"""How days, times, durations and marks are written, in templates and in sentences alike (design system §3)."""
from datetime import date, datetime
from decimal import Decimal

from django.utils import timezone


def day(value: date | datetime | None) -> str:
    """“9 月 17 日”, in Beijing time; the year is added when it is not this one."""
    if not value:
        return ""
    local = _local(value)
    year = "" if local.year == timezone.localtime().year else f"{local.year} 年 "
    return f"{year}{local.month} 月 {local.day} 日"


def time_of_day(value: datetime | None) -> str:
    """“9:41”, in Beijing time."""
    if not value:
        return ""
    local = _local(value)
    return f"{local.hour}:{local:%M}"


def moment(value: datetime | None) -> str:
    """“9 月 17 日 9:41”, in Beijing time; the year is added when it is not this one."""
    return f"{day(value)} {time_of_day(value)}" if value else ""


def clock(value: datetime | None) -> str:
    """“10:41:52”, in Beijing time: receipts, where the digits of many stand below each other."""
    return f"{_local(value):%H:%M:%S}" if value else ""


def marks(value: Decimal | None) -> str:
    """Marks as on paper: 80 for 80.0, 72.5 for 72.5, “—” where there are none."""
    return "—" if value is None else f"{Decimal(value).normalize():f}"


def minutes(value: int) -> str:
    """“60 分钟”, “1 小时 30 分”."""
    hours, rest = divmod(int(value), 60)
    if hours and rest:
        return f"{hours} 小时 {rest} 分"
    return f"{hours} 小时" if hours > 1 else f"{value} 分钟"


def _local(value):
    return timezone.localtime(value) if isinstance(value, datetime) and timezone.is_aware(value) else value
