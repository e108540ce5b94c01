"""Registers what the law library writes into the log and shows in the admin."""
from wagtail import hooks

from mingfa.library.viewsets import EditionViewSet

ACTIONS = {
    "import_edition": ("导入法律文本", "导入了法律文本"),
    "settle_edition": ("推算时效", "推算了版本的时效"),
    "confirm_status": ("核对时效", "核对了版本的时效"),
}


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for name, (label, message) in ACTIONS.items():
        actions.register_action(f"library.{name}", label, message)


@hooks.register("register_admin_viewset")
def register_viewset():
    return EditionViewSet()
