"""What roles may do in the Wagtail admin. Asked by Wagtail through `user.has_perm` (rules' backend).

Who gets in at all (`wagtailadmin.access_admin`): trainers and setters for their content, 宣传员 for theirs, and the
three administrators. Everybody else works on the pages outside. 三员 stay apart (compliance A7): the system
administrator keeps units, the security administrator sees people and gives roles, the audit administrator reads
the log. Nobody changes accounts here: that is the liaison's page, which goes through the actions.
"""
import rules
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import register_permission_policy

from mingfa.people.access import holds
from mingfa.people.models import OrgUnit, Role, RoleGrant, User

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
    "library.view_edition": holder_of(Role.SYSTEM_ADMIN),
    "library.change_edition": holder_of(Role.SYSTEM_ADMIN),
    "mingfa.change_siteidentity": holder_of(Role.SYSTEM_ADMIN),
    "people.view_user": holder_of(Role.SECURITY_ADMIN),
    "people.view_rolegrant": holder_of(Role.SECURITY_ADMIN),
    "people.add_rolegrant": holder_of(Role.SECURITY_ADMIN),
    "people.delete_rolegrant": holder_of(Role.SECURITY_ADMIN),
}


class Only(ModelPermissionPolicy):
    """Permissions by role, and of these only some actions for anybody, the super-user included."""

    def __init__(self, model, *allowed: str):
        super().__init__(model)
        self.allowed = allowed

    def user_has_permission(self, user, action):
        return action in self.allowed and super().user_has_permission(user, action)

    def user_has_any_permission(self, user, actions):
        return any(self.user_has_permission(user, action) for action in actions)


def register() -> None:
    """Called once when the app is ready."""
    for name, predicate in PERMISSIONS.items():
        rules.set_perm(name, predicate)
    register_permission_policy(OrgUnit)
    register_permission_policy(RoleGrant, Only(RoleGrant, "view", "add", "delete"))


def register_accounts() -> None:
    """Called after Wagtail's users app has registered a policy of its own."""
    register_permission_policy(User, Only(User, "view"))
