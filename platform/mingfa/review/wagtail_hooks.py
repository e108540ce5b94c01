"""What the review tells Wagtail: its audit words."""

from wagtail import hooks

LOG_ACTIONS = {
    "review.submit": ("送审", "送交三审三校"),
    "review.sign": ("签审", "签审通过了一步"),
    "review.return": ("退回", "退回了送审的内容"),
    "review.withdraw": ("撤回", "撤回了送审的内容"),
    "review.void": ("签审失效", "原来的签审不再有效"),
    "review.export": ("导出审核进度", "导出了审核进度"),
}


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for name, (label, message) in LOG_ACTIONS.items():
        actions.register_action(name, label, message)
