"""Events of the log in words, for who looks up where a figure comes from."""
from datetime import UTC, datetime

from mingfa.wording import time_of_day

from .models import Event, Training

KINDS = {
    "session.state": "状态", "session.notice": "通知", "slide.goto": "翻页", "slide.deck": "课件", "media.mode": "音视频",
    "media.marker": "录像对时", "ink.stroke": "批注", "ink.undo": "撤回批注", "ink.clear": "清除批注", "law.show": "法条",
    "poll.open": "投票", "poll.tally": "投票统计", "poll.close": "投票结束", "poll.show": "投票结果", "quiz.open": "答题",
    "quiz.tally": "答题统计", "quiz.close": "答题结束", "quiz.board": "会场得分", "qa.new": "提问", "qa.approve": "提问上墙",
    "qa.merge": "合并提问", "qa.pin": "置顶提问", "qa.answered": "答复", "qa.hide": "隐藏提问", "qa.vote": "也想问",
    "hand.up": "举手", "hand.down": "放下手", "hand.call": "请发言", "floor": "发言", "checkin.open": "开始签到",
    "checkin.tally": "签到统计", "checkin.close": "签到结束", "headcount": "清点人数", "venue.online": "大屏连上",
    "venue.offline": "大屏断开", "presence": "在线人数", "caption": "字幕", "timer": "计时", "mark": "书签",
    "task.after": "会后安排", "kick": "请出",
}  # fmt: skip


def told(event: Event, names: dict[int, str]) -> tuple[str, str]:
    """(what kind of event, what it says) in Chinese. names: venues by id."""
    tell = _TOLD.get(event.kind)
    return KINDS.get(event.kind, "其他"), tell(event.data, names) if tell else ""


def _state(data, names):
    before, after = (Training.State(data[name]).label for name in ("from", "to"))
    return f"{before} → {after}" + (f"，{data['reason']}" if data["reason"] else "")


def _closes(milliseconds) -> str:
    return f"，{time_of_day(datetime.fromtimestamp(milliseconds / 1000, UTC))} 截止" if milliseconds else ""


def _poll(data, names):
    options = f"（{'、'.join(data['options'])}）" if data["options"] else ""
    return f"{data['text']}{options}{_closes(data['closes_at'])}"


def _counts(data, names):
    return f"{data['n']} 份：" + "、".join(
        f"{one[0]} {one[1]}" if isinstance(one, list) else str(one) for one in data["counts"]
    )


def _signed(data, names):
    parts = [
        f"{names.get(int(key), key)} {one['signed']}/{one['roster']}" for key, one in data["by_venue"].items() if "signed" in one
    ]
    return "、".join(parts)


def _heads(data, names):
    photo = "，有照片" if data["photo_ref"] else ""
    second = "已由另一人确认" if data["confirmed_by"] else "待另一人确认"
    return f"{names.get(data['venue'], '')} {data['heads']} 人，{second}{photo}"


_TOLD = {
    "session.state": _state,
    "session.notice": lambda data, names: data["text"],
    "slide.goto": lambda data, names: f"第 {data['page']} 页",
    "slide.deck": lambda data, names: f"共 {data['pages']} 页",
    "media.marker": lambda data, names: f"录像 {data['media_ms'] // 1000} 秒",
    "law.show": lambda data, names: f"《{data['law']}》{data['article']}" if data["law"] else "收起",
    "poll.open": _poll,
    "poll.tally": _counts,
    "quiz.open": lambda data, names: f"{data['text']}（{data['seconds']} 秒）",
    "quiz.tally": lambda data, names: f"{data['answered']} / {data['of']} 人已答",
    "quiz.close": lambda data, names: f"答案 {data['correct']}，各项 {'、'.join(map(str, data['counts']))}",
    "quiz.board": lambda data, names: "、".join(f"{names.get(one['venue'], '')} {one['average']}" for one in data["rows"]),
    "qa.new": lambda data, names: data["text"],
    "qa.approve": lambda data, names: f"{names.get(data['venue'], '')}问：{data['text']}",
    "qa.answered": lambda data, names: data["note"],
    "qa.vote": lambda data, names: f"{data['n']} 人",
    "hand.up": lambda data, names: f"{data['name']}，{names.get(data['venue'], '')}",
    "floor": lambda data, names: data["holder"] or "收回",
    "checkin.open": lambda data, names: f"第 {data['round']} 轮{_closes(data['closes_at'])}",
    "checkin.tally": _signed,
    "checkin.close": lambda data, names: f"第 {data['round']} 轮",
    "headcount": _heads,
    "caption": lambda data, names: data["text"],
    "mark": lambda data, names: data["text"],
    "task.after": lambda data, names: f"培训后的考试，{data['due']} 前完成",
}
