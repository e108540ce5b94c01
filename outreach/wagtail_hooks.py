"""Registers what outreach writes into the log."""
from django.urls import reverse
from mingfa.people.access import holds
from mingfa.people.models import Role
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.models import Page

from .publishing import guard

ACTIONS = {
    "create_material": "新建宣传资料",
    "revise_material": "修改宣传资料",
    "receive": "资料入库",
    "transfer": "资料调拨",
    "hand_out": "资料发放",
    "send_back": "资料退回",
    "lose": "资料损耗",
    "count": "资料盘点",
    "reverse": "冲正台账",
    "import_ledger": "导入台账",
    "export_ledger": "导出台账",
    "export_list": "导出外宣列表",
    "plan_activities": "按节点建活动草稿",
    "record_activity": "登记宣传活动",
    "revise_activity": "修改宣传活动",
    "approve_activity": "审核宣传活动",
    "return_activity": "退回宣传活动",
    "release": "发布公开页面",
    "withdraw_page": "撤回公开页面",
    "justify": "说明检查提示",
    "set_publishing_rule": "设定拟稿人一审",
    "check_case": "去标识化核对",
    "yield": "由案例做出",
    "list_word": "增改校对用词",
    "unlist_word": "去掉校对用词",
    "export_page": "导出公开页面",
    "draw_up_campaign": "拟定宣传计划",
    "revise_campaign": "修改宣传计划",
    "add_stop": "计划加场次",
    "remove_stop": "计划减场次",
    "allot_material": "计划资料",
    "submit_campaign": "提交宣传计划",
    "approve_campaign": "批准宣传计划",
    "return_campaign": "退回宣传计划",
    "close_campaign": "总结宣传计划",
    "save_duty": "保存普法责任清单",
    "import_duties": "导入普法责任清单",
    "release_question": "公开试题",
    "withdraw_question": "撤下公开题",
    "create_quiz": "建扫码答题",
    "close_quiz": "停用扫码答题",
    "make_code": "建答题码",
    "retire_code": "停用答题码",
    "remove_photo": "删去活动照片",
    "drop_photo": "清理到期的活动照片",
    "add_local_day": "增加本地节点",
    "end_local_day": "停用本地节点",
}


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for name, words in ACTIONS.items():
        actions.register_action(f"outreach.{name}", words, words)


@hooks.register("before_publish_page")
@hooks.register("before_unpublish_page")
def three_signatures_publish(request, page):
    return guard.refuse_publishing(request, page)


@hooks.register("before_delete_page")
def keep_what_was_reviewed(request, page):
    return guard.refuse_deleting(request, page)


@hooks.register("before_bulk_action")
def refuse_for_many(request, action_type, objects, action):
    """The same for a selection in the page list."""
    refusals = {"publish": guard.refuse_publishing, "unpublish": guard.refuse_publishing, "delete": guard.refuse_deleting}
    if action_type not in refusals or not issubclass(action.model, Page):
        return None
    return next(filter(None, (refusals[action_type](request, page) for page in objects)), None)


@hooks.register("construct_page_action_menu")
def only_drafts_are_saved_here(menu_items, request, context):
    page = context.get("page")
    if (page is not None and guard.is_public_kind(page)) or context.get("parent_page"):
        kept = ("action-save-draft", "action-preview", "page-locked")
        parent = context.get("parent_page")
        if parent is None or parent.specific_class.__name__ == "PublicSite":
            menu_items[:] = [one for one in menu_items if one.name in kept]


class WritersMenuItem(MenuItem):
    def is_shown(self, request):
        return holds(request.user, Role.OUTREACH)


@hooks.register("register_admin_menu_item")
def register_publishing_menu_item():
    return WritersMenuItem("检查和送审", reverse("publishing:overview"), icon_name="check", order=260)
