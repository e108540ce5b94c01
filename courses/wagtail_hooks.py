"""What courses register with Wagtail: log actions, the question chooser, guards on other units' courses."""
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from mingfa.people import access
from mingfa.people.models import Role

from . import queries
from .viewsets import question_chooser


@hooks.register("register_log_actions")
def register_actions(actions):
    actions.register_action("courses.prepare_site", "准备网站", "建立学习栏目")
    actions.register_action("courses.assign", "布置学习", "布置学习")
    actions.register_action("courses.withdraw", "撤回布置", "撤回学习布置")
    actions.register_action("courses.check", "测一测", "交了一次测一测")


@hooks.register("register_admin_viewset")
def register_question_chooser():
    return question_chooser


class TrainersMenuItem(MenuItem):
    def is_shown(self, request):
        return access.holds(request.user, Role.TRAINER)


@hooks.register("register_admin_menu_item")
def register_assignments_menu_item():
    return TrainersMenuItem("布置学习", reverse("assignments"), icon_name="calendar-alt", order=250)


def require_trainer_of(request, page, *args):
    """Wagtail's page rights reach the whole course tree; a trainer's reach the own units (AZ1)."""
    unit = queries.unit_of_page(page)
    if unit is not None:
        access.require(request.user, Role.TRAINER, unit=unit)


for _name in ("edit", "publish", "unpublish", "delete", "move", "copy", "convert_alias"):
    hooks.register(f"before_{_name}_page", require_trainer_of, order=-10)


@hooks.register("before_create_page")
def require_trainer_of_parent(request, parent, page_class):
    require_trainer_of(request, parent)


@hooks.register("before_bulk_action")
def require_trainer_of_all(request, action_type, objects, action):
    for page in objects:
        require_trainer_of(request, page)


@hooks.register("before_delete_page")
def keep_what_people_finished(request, page):
    """A course or lesson with results stays; taking it offline is the way (CM4)."""
    records = queries.records_of_page(page)
    if not records:
        return None
    messages.error(
        request, f"“{page}”不能删除：已有 {records} 条学习或布置记录。不再使用时，请改为“取消发布”，记录会保留。"
    )
    return redirect("wagtailadmin_pages:edit", page.pk)
