"""What reports write into the log."""
from wagtail import hooks

ACTIONS = {
    "start": ("起草报告", "开始起草年度报告"),
    "edit": ("修改报告", "修改了年度报告"),
    "imprint": ("填写发文字号、印章和版记", "填写了年度报告的发文字号、印章和版记"),
    "freeze": ("冻结报告", "冻结了年度报告"),
    "restate": ("更正报告", "开始更正已冻结的年度报告"),
    "duty_sheet": ("导出述法情况表", "导出了领导的述法情况表"),
    "export": ("导出报告", "导出了年度报告或其依据"),
}


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for name, (label, message) in ACTIONS.items():
        actions.register_action(f"reports.{name}", label, message)
