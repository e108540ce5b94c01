"""Roles, held for a unit and everything below it."""

from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction
from wagtail.log_actions import log

from ..errors import GrantsToSelf, HoldsAnotherAdminRole
from ..models import THREE_ADMINS, OrgUnit, Role, RoleGrant, User


def grant_role(user: User, *, role: str, unit: OrgUnit, by: User | None, now: datetime) -> RoleGrant:
    """Give a role for a unit; giving it twice changes nothing.

    The person also joins the Django group of the role's name, which carries the rights on Wagtail's pages.

    Raises HoldsAnotherAdminRole (三员, compliance A7), GrantsToSelf.
    """
    role = Role(role)
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        refuse_grant(user, role=role, by=by)
        grant, created = RoleGrant.objects.get_or_create(user=user, role=role, unit=unit)
        if created:
            group, _ = Group.objects.get_or_create(name=role.label)
            user.groups.add(group)
            log(
                user,
                "people.grant_role",
                user=by,
                data={"role": role.label, "unit": unit.name},
                timestamp=now,
            )
    return grant


def refuse_grant(user: User, *, role: str, by: User | None) -> None:
    """Raises what grant_role would refuse; for forms that want to say so before saving."""
    _refuse_own(user, by)
    if role in THREE_ADMINS:
        held = user.role_grants.filter(role__in=THREE_ADMINS - {role}).first()
        if held:
            raise HoldsAnotherAdminRole(user.name, held.get_role_display())


def revoke_role(user: User, *, role: str, unit: OrgUnit, by: User | None, now: datetime) -> None:
    """Take a role for a unit away; it counts from the person's next request on. Raises GrantsToSelf."""
    role = Role(role)
    _refuse_own(user, by)
    with transaction.atomic():
        deleted, _ = RoleGrant.objects.filter(user=user, role=role, unit=unit).delete()
        if not deleted:
            return
        if not user.role_grants.filter(role=role).exists():
            user.groups.remove(*Group.objects.filter(name=role.label))
        log(user, "people.revoke_role", user=by, data={"role": role.label, "unit": unit.name}, timestamp=now)


def _refuse_own(user: User, by: User | None) -> None:
    if by is not None and by.pk == user.pk and not by.is_superuser:
        raise GrantsToSelf
