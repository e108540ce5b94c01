"""One cell to one value. A cell that cannot be read raises `CellError` with a code and a sentence."""
import re
from datetime import date, timedelta
from typing import Any

from mingfa.people.privacy import IdentityError, check_identity, fold_digits, fold_phone
from mingfa.spreadsheets import cell_text, fold_label

# A number in a spreadsheet keeps 15 digits; the rest of a longer one is zeros.
EXACT_DIGITS = 15
EXCEL_EPOCH = date(1899, 12, 30)
MONTH = re.compile(r"(\d{4})[.\-/年]?(\d{1,2})月?(?:[.\-/]?\d{1,2}日?)?")
MONTH_WITH_DAY = re.compile(r"(\d{4})(\d{2})\d{2}")

CATEGORIES = {
    "公务员": "civil",
    "行政编制": "civil",
    "参公人员": "civil_like",
    "参公": "civil_like",
    "参照公务员法管理": "civil_like",
    "事业编制": "institution",
    "事业": "institution",
    "事业人员": "institution",
    "编外聘用": "contract",
    "编外": "contract",
    "聘用人员": "contract",
    "村(社区)干部": "village",
    "村干部": "village",
    "社区干部": "village",
    "国企人员": "firm",
}
STATUSES = {
    "在岗": "on_duty",
    "在职": "on_duty",
    "借调": "seconded",
    "挂职": "attached",
    "援派": "aid",
    "驻村": "village_post",
    "脱产学习": "study_leave",
    "长期病假": "long_sick",
    "产假": "maternity",
    "停职": "suspended",
    "退休": "retired",
    "离职": "resigned",
    "辞职": "resigned",
    "调出": "moved_out",
    "去世": "deceased",
}
# Not due in exams while it lasts; on the roster all the same unless they are gone for good.
NOT_DUE = frozenset({"long_sick", "maternity", "retired", "resigned", "moved_out", "deceased"})
# The unit of 人事关系 counts (domain guide §3); for these the list does not say which unit that is.
UNIT_UNCERTAIN = frozenset({"seconded", "attached"})


class CellError(ValueError):
    """code: as in the sample's expected.json. message: a Chinese sentence."""

    def __init__(self, code: str, message: str):
        super().__init__(message)
        self.code, self.message = code, message


def read_identity(value: Any) -> tuple[str, str]:
    """(18 characters, birth month) of an identity number; ("", "") for an empty cell."""
    text = fold_digits(cell_text(value))
    if not text:
        return "", ""
    if _lost_digits(value, text):
        raise CellError(
            "id_stored_as_number_precision_lost",
            "身份证号被存成了数字，后几位已经丢失。请把这一列设为文本后重新填写。",
        )
    try:
        identity = check_identity(text)
    except IdentityError as wrong:
        raise CellError(*IDENTITY_FINDINGS[wrong.code]) from wrong
    return identity.number, f"{identity.born:%Y-%m}"


IDENTITY_FINDINGS = {
    "identity_length": ("id_length", "身份证号应为 18 位（最后一位可以是 X）。请核对。"),
    "identity_date": ("id_date", "身份证号里的出生日期不存在。请核对第 7 至 14 位。"),
    "identity_checksum": ("id_checksum", "身份证号校验不通过，可能有一位写错。请核对。"),
}


def _lost_digits(value: Any, text: str) -> bool:
    """Whether a program stored the number as a number: 15 digits are left, zeros follow."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return abs(value) >= 10**EXACT_DIGITS
    if "E+" in text:
        return True
    return len(text) == 18 and text.isdecimal() and text.endswith("000") and not _passes(text)


def _passes(text: str) -> bool:
    try:
        check_identity(text)
    except IdentityError:
        return False
    return True


def read_phone(value: Any) -> str:
    """Eleven digits, "" for an empty cell."""
    try:
        return fold_phone(cell_text(value))
    except ValueError as wrong:
        raise CellError("phone_length", "手机号应为 11 位数字，一格只填一个。请核对。") from wrong


def read_birth_month(value: Any) -> str:
    """YYYY-MM out of 1985.03, 1985-03, 198503, 1985年3月, 19850312, an Excel date or its serial number."""
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    if isinstance(value, float) and value.is_integer() and 10_000 < value < 60_000:
        return f"{EXCEL_EPOCH + timedelta(days=int(value)):%Y-%m}"
    text = "".join(cell_text(value).split())
    if not text:
        return ""
    if isinstance(value, float) and re.fullmatch(r"\d{4}\.1", text):
        # The number 1985.1 may have been 1985.10: nobody can tell.
        raise CellError("birth_month", "出生年月被存成了数字，分不清是 1 月还是 10 月。请写成 1985-01 的样子。")
    match = MONTH_WITH_DAY.fullmatch(text) or MONTH.fullmatch(fold_label(text))
    if not match or not (1900 <= int(match[1]) <= 2100 and 1 <= int(match[2]) <= 12):
        raise CellError("birth_month", "看不懂出生年月。请写成 1985-03 的样子。")
    return f"{match[1]}-{int(match[2]):02d}"


def read_category(value: Any) -> str:
    """Value of Category, "" for an empty cell."""
    return _choice(value, CATEGORIES, "unknown_category", "人员类别")


def read_duty_status(value: Any) -> str:
    """Value of DutyStatus, 在岗 for an empty cell."""
    return _choice(value, STATUSES, "unknown_status", "在岗状态") or "on_duty"


def _choice(value: Any, words: dict[str, str], code: str, label: str) -> str:
    text = fold_label(cell_text(value))
    if not text:
        return ""
    if text not in words:
        known = "、".join(first_words(words))
        raise CellError(code, f"{label}“{cell_text(value)[:20]}”不在可选范围。可以填：{known}。")
    return words[text]


def first_words(words: dict[str, str]) -> list[str]:
    """The word to offer for each value: the first of its synonyms."""
    first: dict[str, str] = {}
    for word, value in words.items():
        first.setdefault(value, word)
    return list(first.values())
