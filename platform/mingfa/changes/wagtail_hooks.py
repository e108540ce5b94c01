"""Registers what law changes write into the log."""
from wagtail import hooks

ACTIONS = {
    "note_change": ("法律修改", "发现法律有修改，建立了核对任务"),
    "decide": ("核对任务", "决定了核对任务"),
    "export": ("导出核对任务", "导出了核对任务"),
}


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for name, (label, message) in ACTIONS.items():
        actions.register_action(f"changes.{name}", label, message)
