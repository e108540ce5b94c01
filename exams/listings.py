"""Lists of exams and of their people as Excel, as the pages show them."""
from collections.abc import Iterable
from datetime import datetime

from mingfa.people.models import Category
from mingfa.spreadsheets import export_xlsx
from mingfa.wording import moment

from .actions import standing_words
from .models import Candidate, Certificate, Exam

EXAMS = ("名称", "组织单位", "状态", "开始", "截止", "名册日期", "应考", "实考", "缺考")
PEOPLE = ("序号", "单位", "姓名", "人员类别", "情况", "批准人", "成绩", "结果")
EXPECTED = ("序号", "单位", "姓名", "人员类别", "补考原因")
CERTIFICATES = ("编号", "姓名", "单位", "成绩", "发证时间", "情况", "作废理由")


def exams_xlsx(exams: Iterable[Exam], *, now: datetime) -> bytes:
    """exams: as queries.manageable lists them. A draft has no heads yet."""
    rows = [
        (
            one.name, one.unit.name, one.get_state_display(), moment(one.opens_at), moment(one.closes_at), one.roster_on,
            *((None, None, None) if one.state == Exam.State.DRAFT else (one.due, one.sat, one.due - one.sat)),
        )
        for one in exams
    ]  # fmt: skip
    return export_xlsx(EXAMS, rows, sheet="考试", title="考试", of="考试", now=now, widths=(36, 24, 10, 20, 20, 12))


def people_xlsx(exam: Exam, people: Iterable[Candidate], *, shown: str, told: bool, now: datetime) -> bytes:
    """The roster list as it was filtered.

    Args:
        shown: the filter in words: “未参加”.
        told: whether marks may be seen by whoever takes it away.
    """
    rows = [
        (
            number, one.unit.name, one.user.name, one.get_category_display(), standing_words(one),
            one.approved_by.name if one.approved_by else "", one.counted_mark if told else None, _result(one, told),
        )
        for number, one in enumerate(people, 1)
    ]  # fmt: skip
    title = f"{exam.name}名册（{shown}）"
    return export_xlsx(PEOPLE, rows, sheet="名册", title=title, of=f"名册，{shown}", now=now, widths=(6, 28, 12, 14, 24, 12))


def _result(one: Candidate, told: bool) -> str:
    if one.exempt_reason or one.deferred_reason:
        return ""
    if one.counted_id is None:
        return "未参加"
    if not told:
        return "已交卷"
    if one.counted_mark is None:
        return "等待阅卷"
    return "合格" if one.passed else "未合格"


def expected_xlsx(exam: Exam, people: Iterable, *, now: datetime) -> bytes:
    """Who will be on the roster of a draft, as queries.expected_people lists them."""
    words = dict(Category.choices)
    rows = [
        (number, one.unit.name, one.user.name, words.get(one.category, ""), getattr(one, "why", ""))
        for number, one in enumerate(people, 1)
    ]
    return export_xlsx(EXPECTED, rows, sheet="应考名单", title=f"{exam.name}应考名单预览", of="应考名单预览", now=now)


def certificates_xlsx(exam: Exam, issued: Iterable[Certificate], *, now: datetime) -> bytes:
    """The register of certificates, revoked ones too."""
    rows = [
        (
            one.number, one.name, one.unit, one.mark, moment(one.issued_at),
            "已作废" if one.revoked_at else "有效" if one.holds else "成绩有变动，已失效", one.revoked_reason,
        )
        for one in issued
    ]  # fmt: skip
    return export_xlsx(CERTIFICATES, rows, sheet="证书", title=f"{exam.name}证书登记", of="合格证书", now=now, widths=(22, 12))
