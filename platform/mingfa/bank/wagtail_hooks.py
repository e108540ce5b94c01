"""What the bank tells Wagtail: its audit words and the way from the admin to its pages."""

from django.urls import reverse_lazy
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from mingfa.bank.bulk import ACTIONS
from mingfa.people.access import holds
from mingfa.people.models import Role

LOG_ACTIONS = {
    "bank.create_bank": ("新建题库", "新建了题库"),
    "bank.create_question": ("新建试题", "新建了试题"),
    "bank.revise_question": ("修改试题", "保存了试题的新版本"),
    "bank.retire_question": ("停用试题", "停用了试题"),
    "bank.restore_question": ("恢复试题", "恢复了停用的试题"),
    "bank.reserve_question": ("设置考试专用", "改变了试题的“考试专用”"),
    "bank.keep_both": ("保留近似题", "决定近似的两题都保留"),
    "bank.reopen_pair": ("重新考虑近似题", "把近似的两题放回待看"),
    "bank.create_belief": ("新建误区", "新建了误区"),
    "bank.revise_belief": ("修改误区", "修改了误区"),
    "bank.tag_answers": ("标注误区", "标注了错误答案背后的误区"),
    "bank.hold_questions": ("试题待核对", "因所引条文有变化，试题暂不使用"),
    "bank.release_questions": ("试题核对完", "核对以后恢复使用试题"),
    "bank.repoint_question": ("改条号", "按新的条号更新了试题的依据"),
    "bank.tag_question": ("改试题标签", "改了试题的标签"),
    "bank.rename_tag": ("标签改名或合并", "改了标签的名称"),
    "bank.delete_tag": ("删除标签", "删除了标签"),
    "bank.add_remark": ("留言", "在试题上留言"),
    "bank.resolve_remark": ("处理留言", "处理了试题上的留言"),
    "bank.undo_run": ("撤销批量操作", "撤销了批量操作"),
    **{f"bank.{action}_questions": (f"批量{words}", f"对一批试题办理“{words}”") for action, words in ACTIONS.items()},
    "bank.import_questions": ("导入试题", "从文件导入了试题"),
    "bank.export_list": ("导出题库的表格", "导出了题库的表格，没有试题"),
    "bank.export_questions": ("导出试题", "把试题连同答案导出成文件"),
    "bank.set_review_rules": ("设置审核", "改变了题库的审核设置"),
}


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for name, (label, message) in LOG_ACTIONS.items():
        actions.register_action(name, label, message)


class BankMenuItem(MenuItem):
    """The way from the admin to the setter's pages, for those who may go there."""

    def is_shown(self, request):
        return holds(request.user, Role.SETTER)


@hooks.register("register_admin_menu_item")
def register_bank_menu_item():
    return BankMenuItem("题库", reverse_lazy("bank:bank_list"), name="bank", icon_name="list-ul", order=300)
