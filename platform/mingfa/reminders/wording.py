"""What stands in the messages. They say facts and the way out; nobody but the own 联络员 reads a name of others."""
from django.conf import settings

from mingfa.wording import moment

from .models import Message
from .registry import Lacking, Occasion

MOST_NAMES = 300


def subject_for(occasion: Occasion, audience: str, heads: int) -> str:
    if audience == Message.Audience.PERSON:
        return f"提醒：{occasion.name}"
    return f"{occasion.name}：还有 {heads} 人没有参加"


def person_body(occasion: Occasion, name: str) -> str:
    return (
        f"{name}：\n“{occasion.name}”{moment(occasion.due)} 截止，您还没有参加。"
        f"请登录明法，在“我的任务”里打开。{_address(occasion.url)}\n因故不能参加的，请告诉本单位联络员办理免考或缓考。\n{occasion.unit}"
    )


def liaison_body(occasion: Occasion, people: list[Lacking], now, *, names: bool) -> str:
    """With the names by unit where the channel may carry them."""
    head = f"“{occasion.name}”{moment(occasion.due)} 截止。截至 {moment(now)}，您联络的单位还有 {len(people)} 人没有参加"
    if not names:
        return f"{head}。请登录明法看名单。{_address(occasion.list_url)}"
    by_unit: dict[str, list[str]] = {}
    for one in people[:MOST_NAMES]:
        by_unit.setdefault(one.unit, []).append(one.name)
    lines = [f"{unit}：{'、'.join(some)}" for unit, some in by_unit.items()]
    if len(people) > MOST_NAMES:
        lines.append(f"以上 {MOST_NAMES} 人，其余请登录看名单。")
    return "\n".join([
        f"{head}：", *lines, f"请分别了解情况，名单不要公开。确有原因的，办理免考或缓考。{_address(occasion.list_url)}",
        str(occasion.unit),
    ])  # fmt: skip


def _address(path: str) -> str:
    """The whole address, where the office has said under which name it serves."""
    return f"\n{settings.CSRF_TRUSTED_ORIGINS[0]}{path}" if settings.CSRF_TRUSTED_ORIGINS else ""
