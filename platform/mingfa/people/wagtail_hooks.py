"""What the people app adds to the Wagtail admin."""

from django.core.exceptions import PermissionDenied
from wagtail import hooks

from mingfa.people.models import User
from mingfa.people.viewsets import role_grant_viewset, unit_viewset

ACTIONS = (
    ("people.create_unit", "新增单位", "新增了单位"),
    ("people.revise_unit", "修改单位", "修改了单位"),
    ("people.delete_unit", "删除单位", "删除了单位"),
    ("people.create_person", "新增人员", "新增了人员"),
    ("people.revise_person", "修改人员", "修改了人员资料"),
    ("people.move_person", "调整任职", "调整了任职"),
    ("people.grant_role", "授予角色", "授予了角色"),
    ("people.revoke_role", "撤销角色", "撤销了角色"),
    ("people.disable_account", "停用账号", "停用了账号"),
    ("people.enable_account", "启用账号", "启用了账号"),
    ("people.issue_activation", "发放激活码", "发放了激活码"),
    ("people.redeem_activation", "激活账号", "用激活码设置了密码"),
    ("people.change_password", "修改密码", "修改了密码"),
    ("people.expire_password", "密码到期", "密码到期，须修改"),
    ("people.set_one_time_password", "设置一次性密码", "设置了一次性密码"),
    ("people.make_demo_account", "设为演示账号", "设为演示账号"),
    ("people.stage_roster", "上传花名册", "上传了花名册"),
    ("people.apply_roster", "导入花名册", "导入了花名册"),
    ("people.discard_roster", "放弃花名册", "放弃了花名册"),
    ("people.export_people", "导出名册", "导出了名册"),
)


@hooks.register("register_log_actions")
def register_actions(actions):
    """Words for the entries the actions write."""
    for code, label, message in ACTIONS:
        actions.register_action(code, label, message)


@hooks.register("register_admin_viewset")
def register_viewsets():
    """Units and roles under settings; accounts come through Wagtail's users app (users_admin.py)."""
    return [unit_viewset, role_grant_viewset]


@hooks.register("before_bulk_action")
def refuse_bulk_changes(request, action_type, objects, action):
    """Wagtail's bulk actions on users would pass our actions by."""
    if action.model is User:
        raise PermissionDenied("账号不能在这里批量修改。请到人员名册里办理。")
