"""What operations register with Wagtail: the way to 系统状况, and the log."""
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from mingfa.people.access import holds
from mingfa.people.models import Role


class AdministratorsMenuItem(MenuItem):
    def is_shown(self, request):
        return holds(request.user, Role.SYSTEM_ADMIN)


@hooks.register("register_admin_menu_item")
def register_status_menu_item():
    return AdministratorsMenuItem("系统状况", reverse("operations:status"), icon_name="desktop", order=900)


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action("operations.back_up", "备份", "开始了备份")
