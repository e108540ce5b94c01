"""For the system administrators what is not well, for the audit administrators the way to the log."""
from datetime import datetime

from mingfa.desk.registry import Fact, State, Todo, register
from mingfa.people.access import holds
from mingfa.people.models import Role

from .health import look


@register
def what_is_not_well(user, now: datetime) -> list[Todo | Fact]:
    if not holds(user, Role.SYSTEM_ADMIN):
        return []
    bad = [line.name for line in look(now) if not line.well]
    if not bad:
        return [Fact("系统状况", "正常", "/operations/")]
    return [Todo("系统状况", f"要处理：{'、'.join(bad)}", "/operations/", "查看", None, State.NOW, f"{len(bad)} 项")]


@register
def the_log(user, now: datetime) -> list[Todo | Fact]:
    return [Fact("操作日志", "查看", "/operations/log/")] if holds(user, Role.AUDIT_ADMIN) else []
