"""The log of one occasion as Excel."""
from datetime import datetime

from mingfa.spreadsheets import export_xlsx
from mingfa.wording import moment

from .channels import channel
from .models import Message
from .registry import Occasion

HEADER = ("发起时间", "发起人", "收件人", "内容", "方式", "状态", "发送时间", "标题", "说明")


def caption_of(code: str) -> str:
    """How a way is called; its code where it is no longer there."""
    found = channel(code)
    return found.caption if found else code


def log_xlsx(occasion: Occasion, messages: list[Message], *, now: datetime) -> bytes:
    rows = [
        (
            moment(one.asked_at), one.asked_by.name, one.to.name, one.get_audience_display(), caption_of(one.channel),
            one.get_state_display(), moment(one.sent_at), one.subject, one.note,
        )
        for one in messages
    ]  # fmt: skip
    return export_xlsx(HEADER, rows, sheet="催考记录", title=f"{occasion.name}催考记录", of="催考记录", now=now)
