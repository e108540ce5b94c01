"""The tables of exams as rows for Excel, as the pages show them: each a header, and a function that makes its rows."""
from collections.abc import Iterable

from mingfa.people.models import Category

from .actions import standing_words
from .models import Candidate, Certificate, Exam, KeyCorrection, Paper, RoomMessage, TimeGrant, Venue
from .rooms import Line
from .scripts import ROUNDS, Progress
from .slots import SlotLine

EXAMS = ("名称", "组织单位", "状态", "开始", "截止", "名册日期", "应考", "实考", "缺考")
ROSTERS = ("考试", "组织单位", "状态", "开始", "截止")
PEOPLE = ("序号", "单位", "姓名", "人员类别", "情况", "批准人", "成绩", "结果")
EXPECTED = ("序号", "单位", "姓名", "人员类别", "补考原因")
CERTIFICATES = ("编号", "姓名", "单位", "成绩", "发证时间", "情况", "作废理由")
ROOM = ("单位", "姓名", "情况", "开始", "最后保存", "收卷", "交卷", "要留意", "作答期间")
DEEDS = ("时间", "事项", "分钟", "对象", "涉及人数", "原因、内容", "办理人")
CUT_OFF = ("单位", "姓名", "收卷")
SLOTS = ("单位（含下级）", "时段开始", "时段结束", "应考", "放开时间", "放开人")
VENUES = ("考点", "单位（含下级）", "进场码", "网络地址")
REPORTED = ("试题", "待核对", "共")
CORRECTIONS = ("试题", "更正", "理由", "更正时间", "更正人", "原合格人数", "合格人数", "实考")
PROGRESS = ("题目", "评完", "共", *(f"等{word}" for word in ROUNDS.values()))
PAPERS = ("姓名", "单位", "第几次", "开始", "难度", "法条", "题库版次", "情况")
RULES = ("题型", "知识点", "法律法规", "难度", "题数", "每题分值", "题库可用")


def exam_rows(exams: Iterable[Exam]) -> list[tuple]:
    """exams: as queries.manageable lists them. A draft has no heads yet."""
    return [
        (
            one.name, one.unit.name, one.get_state_display(), one.opens_at, one.closes_at, one.roster_on,
            *((None, None, None) if one.state == Exam.State.DRAFT else (one.due, one.sat, one.due - one.sat)),
        )
        for one in exams
    ]  # fmt: skip


def roster_rows(exams: Iterable[Exam]) -> list[tuple]:
    """exams: as rosters.exams_looked_after lists them."""
    return [(one.name, one.unit.name, one.get_state_display(), one.opens_at, one.closes_at) for one in exams]


def people_rows(people: Iterable[Candidate], *, told: bool) -> list[tuple]:
    """The roster list as it was filtered. told: whether marks may be seen by whoever takes it away."""
    return [
        (
            number, one.unit.name, one.user.name, one.get_category_display(), standing_words(one),
            one.approved_by.name if one.approved_by else "", one.counted_mark if told else None, _result(one, told),
        )
        for number, one in enumerate(people, 1)
    ]  # fmt: skip


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


def expected_rows(people: Iterable) -> list[tuple]:
    """Who will be on the roster of a draft, as queries.expected_people lists them."""
    words = dict(Category.choices)
    return [
        (number, one.unit.name, one.user.name, words.get(one.category, ""), getattr(one, "why", ""))
        for number, one in enumerate(people, 1)
    ]


def certificate_rows(issued: Iterable[Certificate]) -> list[tuple]:
    """The register of certificates, revoked ones too."""
    return [
        (
            one.number, one.name, one.unit, one.mark, one.issued_at,
            "已作废" if one.revoked_at else "有效" if one.holds else "成绩有变动，已失效", one.revoked_reason,
        )
        for one in issued
    ]  # fmt: skip


def room_rows(lines: Iterable[Line]) -> list[tuple]:
    """lines: as rooms.with_sittings gives them."""
    return [(one.candidate.unit.name, one.candidate.user.name, *_sat(one)) for one in lines]


def _sat(line: Line) -> tuple:
    one = line.sitting
    if one is None:
        return ("未进入", *[None] * 6)
    running = one.state == one.State.OPEN
    words = "作答中" if running else one.get_ending_display()
    return (words, one.started_at, one.saved_at, one.ends_at, one.submitted_at, line.trouble, "；".join(line.facts))


def deed_rows(grants: Iterable[TimeGrant], sent: Iterable[RoomMessage]) -> list[tuple]:
    """Time given and messages sent, the latest first."""
    rows = [
        (one.given_at, one.get_kind_display(), one.minutes, one.whom, one.affected, one.reason, one.given_by.name)
        for one in grants
    ]
    rows += [(one.sent_at, "通知", None, _told(one), None, one.text, one.sent_by.name) for one in sent]
    return sorted(rows, key=lambda row: row[0], reverse=True)


def _told(one: RoomMessage) -> str:
    if one.candidate:
        return one.candidate.user.name
    return one.unit.name if one.unit else "全体考生"


def cut_off_rows(sittings: Iterable) -> list[tuple]:
    """sittings: as rooms.ended_in_outages lists them."""
    return [(one.candidate.unit.name, one.candidate.user.name, one.ends_at) for one in sittings]


def slot_rows(lines: Iterable[SlotLine], without: int, *, frozen: bool) -> list[tuple]:
    """frozen: whether there is a roster yet, so that heads can be told."""
    rows = [
        (
            one.slot.unit.name, one.slot.opens_at, one.slot.closes_at, one.heads if frozen else None, one.slot.opened_at,
            one.slot.opened_by.name if one.slot.opened_by else "",
        )
        for one in lines
    ]  # fmt: skip
    return [*rows, ("没有时段的人", None, None, without, None, "")] if without else rows


def venue_rows(venues: Iterable[Venue]) -> list[tuple]:
    return [(one.name, one.unit.name, one.code or "不要", one.networks or "不限") for one in venues]


def reported_rows(reported: Iterable) -> list[tuple]:
    """reported: as corrections.reported lists them."""
    return [(view.stem, still, all_) for view, still, all_ in reported]


def correction_rows(made: Iterable[KeyCorrection], *, keys: bool) -> list[tuple]:
    """keys: whether whoever takes it away may see the answers."""
    return [
        (
            one.version.stem, _corrected(one, keys), one.reason, one.made_at, one.made_by.name,
            one.before.get("passed"), one.after.get("passed"), one.after.get("sat"),
        )
        for one in made
    ]  # fmt: skip


def _corrected(one: KeyCorrection, keys: bool) -> str:
    if one.everybody:
        return "全部给分"
    return f"答案：{' 或 '.join(one.accepted)}" if keys else "改了答案"


def progress_rows(lines: Iterable[Progress]) -> list[tuple]:
    return [(one.stem, one.done, one.all, *(one.waiting.get(number, 0) for number in ROUNDS)) for one in lines]


def paper_rows(papers: Iterable[Paper]) -> list[tuple]:
    """papers: as fairness.papers_of lists them."""
    return [
        (
            one.sitting.candidate.user.name, one.sitting.candidate.unit.name, one.sitting.number, one.sitting.started_at,
            one.difficulty, one.articles, one.bank_edition, "作答中" if one.sitting.state == "open" else "",
        )
        for one in papers
    ]  # fmt: skip


def rule_rows(lines: Iterable[dict]) -> list[tuple]:
    """lines: the rules with how many questions are there for each, as the exam's page lists them."""
    return [
        (
            rule.get_type_display(), rule.topic or "不限", str(rule.law or "不限"), rule.get_difficulty_display() or "不限",
            rule.count, rule.marks, one["available"],
        )
        for one in lines for rule in (one["rule"],)
    ]  # fmt: skip
