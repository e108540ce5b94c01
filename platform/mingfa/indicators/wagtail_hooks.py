"""What figures write into the log."""
from wagtail import hooks

ACTIONS = {
    "enter": ("填报数据", "填报了数据"),
    "check": ("核对数据", "核对了填报的数据"),
    "export": ("导出看板", "导出了看板"),
    "freeze": ("冻结数据", "冻结了一期数据"),
    "keep_form": ("上级报表", "上传了上级报表的空表"),
    "map_form": ("对应报表单元格", "改了上级报表的单元格对应"),
    "retire_form": ("停用上级报表", "停用了上级报表"),
    "export_forms": ("导出上级报表的表格", "导出了上级报表的清单或对应关系"),
    "fill_form": ("填上级报表", "导出了填好的上级报表"),
    "export_entered": ("导出填报数据", "导出了填报数据"),
}


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for name, (label, message) in ACTIONS.items():
        actions.register_action(f"indicators.{name}", label, message)
