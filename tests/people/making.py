"""Units and people for tests, made by the actions that users use."""
from datetime import datetime
from zoneinfo import ZoneInfo

from mingfa.people.actions import create_person, create_unit, grant_role
from mingfa.people.models import OrgUnit, Role, User

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PASSWORD = "Qing-Feng-2026"
NEW = "Ming-Yue-2027"


def district(name: str = "嘉禾区") -> OrgUnit:
    return create_unit(name=name, kind=OrgUnit.Kind.DISTRICT, parent=None, by=None, now=NOW)


def township(parent: OrgUnit, name: str = "东一镇") -> OrgUnit:
    return create_unit(name=name, kind=OrgUnit.Kind.TOWNSHIP, parent=parent, by=None, now=NOW)


def person(unit: OrgUnit, name: str = "甲一", *, password: str = "", **values) -> User:
    """Somebody of the unit; with `password` the account is ready to be used."""
    user = create_person(name=name, unit=unit, by=None, now=NOW, **values)
    if password:
        user.set_password(password)
        user.save(update_fields=["password"])
    return user


def holder(unit: OrgUnit, role: str, name: str = "联一", *, of: OrgUnit | None = None, **values) -> User:
    """Somebody of the unit who holds a role for it, or for the unit `of`."""
    user = person(unit, name, **values)
    grant_role(user, role=role, unit=of or unit, by=None, now=NOW)
    return User.objects.get(pk=user.pk)


def liaison(unit: OrgUnit, name: str = "联一", **values) -> User:
    return holder(unit, Role.LIAISON, name, **values)


def sign_in(client, name="jiayi", password=PASSWORD, **extra):
    return client.post("/login/", {"login": name, "password": password}, **extra)


def signed_in(client):
    return "_auth_user_id" in client.session
