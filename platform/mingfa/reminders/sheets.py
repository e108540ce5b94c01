"""The log of one occasion as Excel."""
from datetime import datetime

from mingfa.spreadsheets import export_xlsx, extra_sheet

from .channels import channel
from .models import Message
from .queries import Line
from .registry import Occasion

LIAISONS = ("联络员", "单位和没有参加的人数", "合计", "今天发起过")
HEADER = ("发起时间", "发起人", "收件人", "内容", "方式", "状态", "发送时间", "标题", "说明")


def caption_of(code: str) -> str:
    """How a way is called; its code where it is no longer there."""
    found = channel(code)
    return found.caption if found else code


def log_xlsx(occasion: Occasion, messages: list[Message], lines: list[Line], *, now: datetime) -> bytes:
    """What was sent, and on a sheet of its own whom the button would reach now. lines: those of queries.plan_for."""
    rows = [
        (
            one.asked_at, one.asked_by.name, one.to.name, one.get_audience_display(), caption_of(one.channel),
            one.get_state_display(), one.sent_at, one.subject, one.note,
        )
        for one in messages
    ]  # fmt: skip
    liaisons = [
        (one.user.name, "、".join(f"{unit} {heads} 人" for unit, heads in one.units), len(one.people), one.told) for one in lines
    ]
    title, widths = f"{occasion.name}催考记录", (18, 12, 12, 24, 12, 12, 18, 36, 36)
    second = extra_sheet(
        LIAISONS, liaisons, sheet="联络员", title=f"{occasion.name}联络员", of="催考，联络员", now=now, widths=(12, 60, 8, 12)
    )
    beside = [second] if liaisons else []
    return export_xlsx(HEADER, rows, sheet="催考记录", title=title, of="催考记录", now=now, widths=widths, beside=beside)
