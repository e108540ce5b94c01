"""签到表, 签到汇总 and 会议纪要 as Word and Excel, all from the log."""
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime

from django.utils import timezone
from mingfa.documents import DOCX
from mingfa.indicators.figures import rate
from mingfa.official import Official, official_day
from mingfa.spreadsheets import XLSX, export_xlsx
from mingfa.wording import clock, time_of_day

from .models import Minutes, Training
from .results import Hall, Person, Standing

SIGNED = ("序号", "会场", "单位", "姓名", "职务", "签到时间", "方式", "结果", "备注")
HALLS = (
    "会场", "应到", "实到", "出席", "迟到", "早退", "缺席", "已补学", "参训率", "清点人数", "手机签到", "应答题", "作答", "答对",
)  # fmt: skip
MINUTES = ("段落", "内容", "依据的事件", "是否修改过")
TYPES = {"docx": DOCX, "xlsx": XLSX}


def _when(training: Training) -> str:
    return f"{official_day(timezone.localdate(training.starts_at))}{time_of_day(training.starts_at)}"


# --- 签到表 ---------------------------------------------------------------------------------------
def signed_rows(people: Sequence[Person]) -> list[tuple]:
    return [
        (
            number, one.entry.venue.name, one.unit_name, one.entry.user.name, one.post,
            clock(one.first.made_at) if one.first else "", one.how, one.entry.get_attendance_display(), one.note,
        )
        for number, one in enumerate(people, 1)
    ]  # fmt: skip


def signed_docx(training: Training, people: Sequence[Person]) -> bytes:
    """签到表: landscape, a line a person, with room to sign by hand below."""
    page = Official()
    page.landscape()
    page.title(f"{training.title}签到表")
    page.note(f"时间：{_when(training)}　组织单位：{training.unit.name}　主讲：{training.trainer.name}　共{len(people)}人")
    page.table(SIGNED, signed_rows(people), (3, 9, 9, 5, 6, 6, 8, 4, 12))
    page.note("代签的由另一人确认后才算。会场管理员（签字）：　　　　　　　　　　组织单位（盖章）：")
    return page.content()


def signed_xlsx(training: Training, people: Sequence[Person], *, now: datetime) -> bytes:
    title = f"{training.title}签到表"
    return export_xlsx(SIGNED, signed_rows(people), sheet="签到表", title=title, of="签到表", now=now)


# --- attendance -----------------------------------------------------------------------------------
def _heads(name: str, one: Standing, rest: Sequence) -> tuple:
    return (
        name, one.due, one.came, one.present, one.late, one.early, one.absent, one.made_up, rate(one.came, one.due).text,
        *rest,
    )  # fmt: skip


def hall_rows(halls: Sequence[Hall]) -> list[tuple]:
    """A line a venue and the sum of heads last."""
    rows = [
        _heads(
            one.venue.name, one.standing,
            ("" if one.heads is None else one.heads, one.phones, one.answers_due, one.given, one.right),
        )
        for one in halls
    ]  # fmt: skip
    total = sum((one.standing for one in halls), Standing())
    counted = sum(one.heads or 0 for one in halls)
    sums = (sum(one.phones for one in halls), *answer_sums(halls))
    return [*rows, _heads("合计", total, (counted, *sums))]


def answer_sums(halls: Sequence[Hall]) -> tuple[int, int, int]:
    """(应答题, 作答, 答对) of these venues."""
    return (
        sum(one.answers_due for one in halls), sum(one.given for one in halls), sum(one.right for one in halls)
    )  # fmt: skip


def attendance_docx(training: Training, halls: Sequence[Hall], people: Sequence[Person]) -> bytes:
    """签到汇总: heads by venue, then by name who was late, left early or was absent, with reasons."""
    page = Official()
    page.landscape()
    page.title(f"{training.title}签到汇总")
    page.note(f"时间：{_when(training)}　组织单位：{training.unit.name}　主讲：{training.trainer.name}")
    page.table(HALLS, hall_rows(halls), (9, *[4] * 7, 5, 5, 5, 5, 4, 4))
    named = [one for one in people if one.entry.attendance in ("late", "early", "absent")]
    if named:
        page.note("")
        rows = [(one.entry.get_attendance_display(), one.unit_name, one.entry.user.name, one.note) for one in named]
        page.table(("结果", "单位", "姓名", "原因、更正和补学"), rows, (4, 8, 5, 20))
    page.note("参训率 = 实到 ÷ 应到，迟到和早退算实到，补学另计；分母为 0 时写“—”。")
    return page.content()


def attendance_xlsx(training: Training, halls: Sequence[Hall], *, now: datetime) -> bytes:
    title = f"{training.title}签到汇总"
    return export_xlsx(HALLS, hall_rows(halls), sheet="签到汇总", title=title, of="签到汇总", now=now, widths=(24, *[9] * 13))


# --- the list of trainings ------------------------------------------------------------------------
TRAININGS = ("名称", "组织单位", "主讲", "开始", "结束", "状态", "会场数", "应到", "实到", "参训率（%）")


def trainings_xlsx(trainings: Iterable[Training], *, now: datetime) -> bytes:
    """trainings: as queries.trainings_with_heads lists them. Heads stand where the result is settled; a rate over nobody
    is a dash."""
    rows = []
    for one in trainings:
        settled = one.settled_at is not None
        share = rate(one.came, one.due) if settled else None
        rows.append((
            one.title, one.unit.name, one.trainer.name, one.starts_at, one.ends_at, one.get_state_display(),
            one.halls,
            one.due if settled else None, one.came if settled else None,
            None if share is None else share.text if share.value is None else share.value,
        ))  # fmt: skip
    return export_xlsx(TRAININGS, rows, sheet="实时培训", title="实时培训", of="实时培训", now=now, widths=(36, 24, 12, 20, 20))


# --- what happened in class, and who looked at it afterwards ------------------------------------------
EVENTS = ("编号", "时间", "事项", "内容", "谁")
LOOKS = ("时间", "谁", "做了什么")


def event_rows(told: Iterable[tuple]) -> list[tuple]:
    """told: (event, what it is, its words), as the page of the log shows them."""
    return [(one.seq, one.at, kind, words, _who(one)) for one, kind, words in told]


def _who(event) -> str:
    if event.actor:
        return event.actor.name
    return event.venue.name if event.venue else "系统"


def look_rows(looks: Iterable[tuple]) -> list[tuple]:
    """looks: as keeping.looks_at gives them."""
    return [(one.timestamp, one.user.name, words) for one, words in looks]


# --- minutes --------------------------------------------------------------------------------------
def minutes_docx(training: Training, minutes: Minutes, people: Sequence[Person]) -> bytes:
    """会议纪要 in the shape of an official document, the 签到表 as its annex."""
    page = Official()
    page.title(f"{training.title}", "会议纪要")
    if minutes.frozen_at is None:
        page.note("草稿，没有定稿")
    for line in minutes.lines.all():
        (page.heading if line.heading else page.text)(line.text)
    page.attachments(f"{training.title}签到表")
    page.signature(training.unit.name, timezone.localdate(minutes.frozen_at or minutes.drafted_at))
    if minutes.frozen_at:
        page.note(f"已定稿，正文校验码（SHA-256）：{minutes.sha256}")
    page.landscape()
    page.annex(1, f"{training.title}签到表")
    page.table(SIGNED, signed_rows(people), (3, 9, 9, 5, 6, 6, 8, 4, 12))
    return page.content()


def minutes_xlsx(training: Training, minutes: Minutes, *, now: datetime) -> bytes:
    """The paragraphs with the numbers of the events their figures come from."""
    part, rows = "", []
    for line in minutes.lines.all():
        if line.heading:
            part = line.text
        else:
            rows.append((part, line.text, "、".join(map(str, line.events)), line.is_edited))
    title = f"{training.title}会议纪要"
    return export_xlsx(MINUTES, rows, sheet="会议纪要", title=title, of="会议纪要", now=now, widths=(16, 80, 24, 10))


WRITERS: dict[tuple[str, str], Callable[..., bytes]] = {
    ("signed", "docx"): lambda training, halls, people, now: signed_docx(training, people),
    ("signed", "xlsx"): lambda training, halls, people, now: signed_xlsx(training, people, now=now),
    ("attendance", "docx"): lambda training, halls, people, now: attendance_docx(training, halls, people),
    ("attendance", "xlsx"): lambda training, halls, people, now: attendance_xlsx(training, halls, now=now),
}
