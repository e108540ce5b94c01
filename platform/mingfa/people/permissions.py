"""What roles may do in the Wagtail admin. Asked by Wagtail through `user.has_perm` (rules' backend).

Who gets in at all (`wagtailadmin.access_admin`): trainers and setters for their content, 宣传员 for theirs, and the
three administrators. Everybody else works on the pages outside. 三员 stay apart (compliance A7): the system
administrator keeps units, the security administrator sees people and gives roles, the audit administrator reads
the log. Nobody changes accounts here: that is the liaison's page, which goes through the actions.
"""
import rules

from mingfa.people.access import holds
from mingfa.people.models import Role

IN_ADMIN = (
    Role.TRAINER, Role.SETTER, Role.OUTREACH, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN, Role.AUDIT_ADMIN,
)  # fmt: skip


def holder_of(*roles: str):
    """A predicate: the user holds any of the roles somewhere. Which objects, the views say."""
    return rules.predicate(lambda user: holds(user, *roles), name="holds " + ", ".join(roles))


PERMISSIONS = {
    "wagtailadmin.access_admin": holder_of(*IN_ADMIN),
    "people.view_orgunit": holder_of(Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN),
    "people.add_orgunit": holder_of(Role.SYSTEM_ADMIN),
    "people.change_orgunit": holder_of(Role.SYSTEM_ADMIN),
    "people.delete_orgunit": holder_of(Role.SYSTEM_ADMIN),
    "people.view_user": holder_of(Role.SECURITY_ADMIN),
    "people.view_rolegrant": holder_of(Role.SECURITY_ADMIN),
    "people.add_rolegrant": holder_of(Role.SECURITY_ADMIN),
    "people.delete_rolegrant": holder_of(Role.SECURITY_ADMIN),
}


def register() -> None:
    """Called once when the app is ready."""
    for name, predicate in PERMISSIONS.items():
        rules.set_perm(name, predicate)
