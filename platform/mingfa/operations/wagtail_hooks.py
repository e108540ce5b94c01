"""What operations register with Wagtail: the ways to 系统状况 and 操作日志, and what a backup writes into the log."""
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from mingfa.people.access import holds
from mingfa.people.models import Role


class RoleMenuItem(MenuItem):
    """An entry that holders of one role see."""

    def __init__(self, *args, role, **options):
        super().__init__(*args, **options)
        self.role = role

    def is_shown(self, request):
        return holds(request.user, self.role)


@hooks.register("register_admin_menu_item")
def register_status_menu_item():
    return RoleMenuItem("系统状况", reverse("operations:status"), icon_name="desktop", order=900, role=Role.SYSTEM_ADMIN)


@hooks.register("register_admin_menu_item")
def register_log_menu_item():
    return RoleMenuItem("操作日志", reverse("operations:log"), icon_name="history", order=910, role=Role.AUDIT_ADMIN)


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action("operations.back_up", "备份", "开始了备份")
    actions.register_action("operations.export_status", "导出系统状况", "导出了系统状况")
    actions.register_action("operations.export_log", "导出操作日志", "导出了操作日志")
