"""For the system administrators: what is not well."""
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
