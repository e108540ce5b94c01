"""Exams on the start page: what can be sat now, what comes, what was handed in lately."""
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils import timezone
from mingfa import clock
from mingfa.desk.registry import Fact, State, Todo, register
from mingfa.indicators.figures import rate
from mingfa.people.access import grants_of, holds
from mingfa.people.models import Role
from mingfa.wording import marks, minutes, moment

from . import corrections, queries, scripts, shortages, topups
from .arrangements import arrangements_of
from .eligibility import check_eligible
from .engine.disclosure import visible
from .engine.refusals import Refusal
from .engine.slots import check_slot
from .wording import sentence

RECENT = timedelta(days=60)
COUNTS = {"best": "取最高分", "last": "以最后一次为准", "first": "以第一次为准"}


@register
def exam_todos(user, now: datetime) -> list[Todo | Fact]:
    tasks = queries.tasks_of(user, now=now)
    own = [entry(task, now) for task in tasks if _recent(task, now)]
    return [
        *_clock_alert(user), *_short(user, now), *_marking(user, now), *_corrected(user, now), *_year(tasks, now), *own,
        *_top_ups(user, tasks, now),
    ]  # fmt: skip


def _clock_alert(user) -> list[Todo]:
    """For the administrators: the system's clock has jumped, and exams do not follow it (SI7)."""
    jump = clock.jump()
    if not jump or not holds(user, Role.SYSTEM_ADMIN):
        return []
    seconds = int(jump.total_seconds())
    facts = (
        f"比考试用的时间{'快' if seconds > 0 else '慢'} {abs(seconds)} 秒。考试按跳变以前的时间继续，没有人提前收卷。"
        "请改正系统时间；确认现在的时间是对的，就在没有人考试时重启服务。"
    )
    return [Todo("服务器时钟跳变", facts, reverse("exams:mine"), "看考试", None, State.NOW)]


def _short(user, now: datetime) -> list[Todo]:
    """For setters: exams that are published and cannot be drawn any more, because questions wait for 核对."""
    if not any(role == Role.SETTER for role, _ in grants_of(user)):
        return []
    return [
        Todo(
            exam.name, f"法律修改后有试题待核对，这场考试还缺 {lacking} 题，现在开始考的人抽不出试卷。请核对试题或补题。",
            reverse("exams:manage", args=[exam.pk]), "看考试", exam.closes_at, State.NOW,
        )
        for exam, lacking in shortages.exams_run_short(user, now)
    ]  # fmt: skip


def _top_ups(user, tasks: list[queries.Task], now: datetime) -> list[Todo]:
    """补学小测 on offer: no duty, so it stands below what has to be done. Asks nothing of who has passed nothing."""
    if not any(task.candidate.passed for task in tasks):
        return []
    return [
        Todo(
            f"补学小测：{offer.change.law.short_title}有修改",
            f"您考过的“{offer.exams[0]}”里有题依据的条文改了。{offer.size} 题，看看新旧有什么不同。可做可不做，不影响成绩。",
            reverse("exams:top_up", args=[offer.change.pk]), "看一看", None, State.NEXT, "可选",
        )
        for offer in topups.offers_for(user, now=now)
    ]  # fmt: skip


def _marking(user, now: datetime) -> list[Todo]:
    """For markers and setters: exams with written answers that wait for a mark. Asks nothing of anybody else."""
    if not any(role in (Role.MARKER, Role.SETTER) for role, _ in grants_of(user)):
        return []
    words = "有简答题的答案等着评分。看不到姓名。"
    return [
        Todo(exam.name, words, reverse("exams:marking", args=[exam.pk]), "去阅卷", None, State.NOW)
        for exam in scripts.exams_to_mark(user, now)
    ]


def _corrected(user, now: datetime) -> list[Todo]:
    """A mark was changed because a question was corrected: the person is told, with the reason."""
    found = []
    for change in corrections.told_to(user, now):
        exam = change.sitting.candidate.exam
        url = reverse("exams:result", args=[change.sitting_id])
        # The reason may tell the key, so it waits as the key does.
        told = corrections.reasons_told(exam, now)
        facts = f"有一题作了更正：{change.correction.reason}" if told else "有一题作了更正，理由在公布答案以后看"
        found.append(Todo(exam.name, facts, url, "看结果", change.correction.made_at, State.DONE, "成绩有更正"))
    return found


def _year(tasks: list[queries.Task], now: datetime) -> list[Fact]:
    """考试 1 / 2 场: sat of those this person is due for this year, and the way to all of them."""
    if not tasks:
        return []
    url = reverse("exams:mine")
    year = timezone.localdate(now).year
    due = [
        task for task in tasks if task.state != "excused" and timezone.localdate(task.exam.closes_at).year == year
    ]
    if not due:
        return [Fact("考试", "我的考试", url)]
    sat = rate(sum(task.candidate.counted_id is not None for task in due), len(due))
    return [Fact("考试", f"{sat.fraction} 场", url, width=sat.width)]


def _recent(task: queries.Task, now: datetime) -> bool:
    """Whether the start page still shows it; 我的考试 keeps everything."""
    match task.state:
        case "done":
            return task.sitting is not None and (task.sitting.submitted_at or now) >= now - RECENT
        case "missed":
            return task.exam.closes_at >= now - RECENT
        case "excused":
            return now < task.exam.closes_at
    return True


def entry(task: queries.Task, now: datetime) -> Todo:
    """One exam as its candidate reads it."""
    exam = task.exam
    url = reverse("exams:notice", args=[exam.pk])
    rules = f"{minutes(exam.duration_minutes)}，{marks(exam.pass_mark)} 分及格。"
    match task.state:
        case "resume":
            paper = reverse("exams:paper", args=[task.sitting.pk])
            facts = "已开始作答，答案都在。时间一到系统自动交卷。"
            return Todo(exam.name, facts, paper, "继续作答", task.sitting.ends_at, State.NOW)
        case "open":
            if why := _in_the_way(task, now):
                return Todo(exam.name, why, url, "看考前须知", exam.closes_at, State.NEXT, "还不能开始")
            action = "再考一次" if task.candidate.attempts_used else "去考试"
            return Todo(exam.name, rules + _attempts(task), url, action, exam.closes_at, State.NOW)
        case "early":
            facts = f"{moment(exam.opens_at)} 开始，{moment(exam.closes_at)} 截止。{rules}"
            return Todo(exam.name, facts, url, "看考前须知", exam.opens_at, State.NEXT, "未开始")
        case "excused":
            candidate = task.candidate
            facts = f"原因：{candidate.exempt_reason or candidate.deferred_reason}"
            word = "免考" if candidate.exempt_reason else "缓考"
            state = State.NEXT if now < exam.closes_at else State.DONE
            return Todo(exam.name, facts, url, "看考前须知", exam.closes_at, state, word)
        case "done":
            return _done(task, now)
    return Todo(exam.name, "已截止，没有参加", url, "看考前须知", exam.closes_at, State.DONE, "缺考")


def _in_the_way(task: queries.Task, now: datetime) -> str:
    """What keeps this person from starting now, in words; asks only for exams with slots or conditions."""
    try:
        arranged = arrangements_of(task.exam)
        check_slot(arranged.slot_for(task.candidate), now=now)
        check_eligible(task.candidate, arranged)
    except Refusal as refusal:
        return sentence(refusal)
    return ""


def _done(task: queries.Task, now: datetime) -> Todo:
    """The result that counts; the last sitting when none does. Voided ones say so on their own page."""
    exam, candidate, sitting = task.exam, task.candidate, task.sitting
    shown = visible(exam.result_policy, now=now, keys_from=exam.keys_from, released_at=exam.released_at)
    facts, word = "成绩公布后可以看", "已交卷"
    if candidate.counted_id is None:
        facts, word = "没有有效交卷，不算参加", "缺考"
        if sitting.void_reason:
            facts = f"作答已作废：{sitting.void_reason}"
    elif candidate.counted_mark is None:
        facts = "正在阅卷，评完以后公布"
    elif shown != "none":
        facts = f"{marks(candidate.counted_mark)} 分"
        word = "合格" if candidate.passed else "不合格"
    url = reverse("exams:result", args=[candidate.counted_id or sitting.pk])
    return Todo(exam.name, facts, url, "看结果", sitting.submitted_at or exam.closes_at, State.DONE, word)


def _attempts(task: queries.Task) -> str:
    allowed = task.candidate.attempts_allowed
    if allowed == 1:
        return "只能考一次。"
    return f"可考 {allowed} 次，还剩 {task.attempts_left} 次，{COUNTS[task.exam.counting]}。"
