"""Wagtail's own app for users, with our list in place of its forms."""
from wagtail.users.apps import WagtailUsersAppConfig


class UsersAdminConfig(WagtailUsersAppConfig):
    """Listed in INSTALLED_APPS where Wagtail's `wagtail.users` would stand."""

    user_viewset = "mingfa.people.viewsets.UserViewSet"
