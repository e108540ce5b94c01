"""Words and signs of question files."""

POINTS = ("依法登记", "及时答复", "转送有关机关", "告知申请人权利", "组织听证", "形成书面意见")
TYPES = ("single", "multiple", "judge", "blank", "short", "order", "match", "case")
NAMES = {
    "single": ("单选题", "单项选择题"), "multiple": ("多选题", "多项选择题"), "judge": ("判断题", "是非题"),
    "blank": ("填空题",), "short": ("简答题", "问答题"), "order": ("排序题",), "match": ("配对题", "连线题"),
    "case": ("案例分析题", "案例题"),
}  # fmt: skip
TAGS = {"single": "单选", "multiple": "多选", "judge": "判断", "blank": "填空", "short": "简答"}
TRUE = ("√", "对", "正确", "是", "T", "✓", "正确。", "（√）", "对。")
FALSE = ("×", "错", "错误", "否", "F", "✗", "错误。", "（×）", "错。")
FULL = str.maketrans({chr(code): chr(code + 0xFEE0) for code in [*range(48, 58), *range(65, 91)]})
