"""Who may see and do what: roles held for a unit reach everything below it. Every look-up starts here.

    units_visible_to(user, Role.LIAISON)      the units that a liaison looks after
    people_visible_to(user, Role.LIAISON)     the people who belong there now
    holds(user, Role.TRAINER, unit=unit)      yes or no
    require(user, Role.SETTER, unit=unit)     the same as a refusal in Chinese

Roles are read once per user object, so a change counts from the next request on.
"""

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet

from mingfa.people.models import THREE_ADMINS, OrgUnit, Role, User

# Who looks after people: lists, accounts, 花名册.
MANAGERS = (Role.LIAISON, Role.SECURITY_ADMIN)


def grants_of(user) -> tuple[tuple[str, str], ...]:
    """All (role, path of unit) of a user; none for visitors. One query per user object; none where the statement that
    read the session has said already that there is no role."""
    if not user.is_authenticated or getattr(user, "role_less", False):
        return ()
    if not hasattr(user, "_grants"):
        user._grants = tuple(
            user.role_grants.values_list("role", "unit__path").order_by("role", "unit__path")
        )
    return user._grants


def _paths(user, roles) -> list[str]:
    """Paths of the units for which the user holds any of the roles, without those below another."""
    paths = sorted({path for role, path in grants_of(user) if not roles or role in roles})
    tops: list[str] = []
    for path in paths:
        if not tops or not path.startswith(tops[-1]):
            tops.append(path)
    return tops


def _below(paths: list[str], field: str) -> Q:
    condition = Q()
    for path in paths:
        condition |= Q(**{f"{field}__startswith": path})
    return condition


def units_visible_to(user, *roles: str) -> QuerySet[OrgUnit]:
    """Units where the user holds any of `roles` (any role if none is given), and all below them."""
    if user.is_authenticated and user.is_superuser:
        return OrgUnit.objects.all()
    paths = _paths(user, roles)
    return OrgUnit.objects.filter(_below(paths, "path")) if paths else OrgUnit.objects.none()


def top_units(user, *roles: str) -> QuerySet[OrgUnit]:
    """The highest of the units visible to the user for `roles`; every other one is below them."""
    if user.is_authenticated and user.is_superuser:
        return OrgUnit.objects.filter(depth=1)
    return OrgUnit.objects.filter(path__in=_paths(user, roles))


def people_visible_to(user, *roles: str) -> QuerySet[User]:
    """People whose open main posting is in the units visible to the user for `roles`."""
    if user.is_authenticated and user.is_superuser:
        return User.objects.filter(postings__main=True, postings__ends_on=None)
    paths = _paths(user, roles)
    if not paths:
        return User.objects.none()
    # One filter call: it must be the same posting that is open, main and below the unit. At most one row each.
    return User.objects.filter(
        _below(paths, "postings__unit__path"), postings__main=True, postings__ends_on=None
    )


def holds(user, *roles: str, unit: OrgUnit | None = None) -> bool:
    """Whether the user holds any of the roles: for `unit` or a unit above it, or anywhere if none is given."""
    if not user.is_authenticated:
        return False
    if user.is_superuser:
        return True
    paths = _paths(user, roles)
    return any(unit.path.startswith(path) for path in paths) if unit else bool(paths)


def require(user, *roles: str, unit: OrgUnit | None = None) -> None:
    """Raises PermissionDenied with a sentence for the screen unless the user holds one of the roles."""
    if holds(user, *roles, unit=unit):
        return
    words = "或".join(Role(role).label for role in roles)
    where = f"“{unit.name}”的" if unit else ""
    raise PermissionDenied(f"这里由{where}{words}管理，您现在没有这个角色。需要时请联系安全管理员。")


def may_manage_account(user, person: User) -> bool:
    """Whether `user` may issue codes for, disable or edit the account of `person`.

    Who can issue a code could sign in as that person. So a liaison manages only people whose own roles reach no
    further than the liaison's units, and none of the three administrators; the security administrator manages
    everybody of his units except the super-user.
    """
    if user.is_superuser:
        return True
    posting = person.current_posting
    if person.is_superuser or person.pk == user.pk or posting is None:
        return False
    if holds(user, Role.SECURITY_ADMIN, unit=posting.unit):
        return True
    return holds(user, Role.LIAISON, unit=posting.unit) and _roles_stay_below(person, _paths(user, (Role.LIAISON,)))


def may_take_in(user, person: User, unit: OrgUnit) -> bool:
    """Whether `user` may put somebody who has left another unit (or never had one) into `unit`.

    Nobody manages such a person, so there is no one to ask; but roles that reach further came from somebody else.
    """
    if user.is_superuser:
        return True
    if person.is_superuser or person.pk == user.pk or not holds(user, *MANAGERS, unit=unit):
        return False
    return _roles_stay_below(person, _paths(user, MANAGERS))


def _roles_stay_below(person: User, paths: list[str]) -> bool:
    return all(
        role not in THREE_ADMINS and any(path.startswith(top) for top in paths) for role, path in grants_of(person)
    )
