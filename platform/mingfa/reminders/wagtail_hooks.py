"""What reminders write into the log."""
from wagtail import hooks

ACTIONS = {
    "ask": ("催考", "发出了催考名单和提醒"),
    "export": ("导出催考记录", "导出了催考记录"),
    "set_policy": ("催考规则", "改了催考规则"),
}


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for name, (label, message) in ACTIONS.items():
        actions.register_action(f"reminders.{name}", label, message)
