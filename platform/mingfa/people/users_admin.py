"""Wagtail's own app for users, with our list in place of its forms."""
from wagtail.users.apps import WagtailUsersAppConfig


class UsersAdminConfig(WagtailUsersAppConfig):
    """Listed in INSTALLED_APPS where Wagtail's `wagtail.users` would stand."""

    user_viewset = "mingfa.people.viewsets.UserViewSet"

    def ready(self):
        super().ready()
        from mingfa.people import permissions

        permissions.register_accounts()
