"""What courses register with Wagtail: log actions, the question chooser, a guard on what people finished."""
from django.contrib import messages
from django.shortcuts import redirect
from django.urls import reverse
from mingfa.people import access
from mingfa.people.models import Role
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from . import queries
from .viewsets import question_chooser


@hooks.register("register_log_actions")
def register_actions(actions):
    actions.register_action("courses.prepare_site", "准备网站", "建立学习栏目")
    actions.register_action("courses.assign", "布置学习", "布置学习")
    actions.register_action("courses.withdraw", "撤回布置", "撤回学习布置")
    actions.register_action("courses.complete_remaining", "补记完成", "课减少后，为已通过其余各课的人记为完成")
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


@hooks.register("before_bulk_action")
def keep_what_people_finished_of_many(request, action_type, objects, action):
    """The same for a selection in the page list."""
    if action_type != "delete" or not issubclass(action.model, Page):
        return None
    return next(filter(None, (keep_what_people_finished(request, page) for page in objects)), None)
