"""Headings of a 花名册 and what they mean; the template that is offered for download."""

# field → headings, compared with blanks and full-width forms folded.
SYNONYMS: dict[str, tuple[str, ...]] = {
    "name": ("姓名", "人员姓名"),
    "staff_number": ("工号", "职工号", "人员编号"),
    "identity": ("身份证号", "公民身份号码", "身份证号码", "身份证"),
    "phone": ("联系电话", "手机号码", "手机号", "手机", "电话"),
    "unit": ("工作单位", "单位", "所在单位", "单位名称"),
    "section": ("科室", "部门", "所在科室", "内设机构"),
    "post": ("职务", "现任职务"),
    "grade": ("职级", "现任职级"),
    "category": ("人员类别", "编制类型", "人员类型", "身份类别"),
    "duty_status": ("在岗状态", "人员状态", "状态"),
    "birth_month": ("出生年月", "出生日期", "出生年月日"),
}
REQUIRED = ("name", "unit")
KEYS = ("staff_number", "phone", "identity")
LABELS = {field: words[0] for field, words in SYNONYMS.items()}

TEMPLATE = (
    "姓名", "工号", "身份证号", "手机号码", "单位", "科室", "职务", "职级", "人员类别", "在岗状态", "出生年月",
)  # fmt: skip

# Longest text of a cell that is kept, as wide as its column in the database.
LONGEST = {"name": 60, "staff_number": 30, "unit": 100, "section": 100, "post": 60, "grade": 30}
