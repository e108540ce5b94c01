"""Reviews on the start page: what waits for this person's signature, what came back."""

from datetime import datetime

from django.urls import reverse

from mingfa.desk.registry import State, Todo, register
from mingfa.people.access import grants_of
from mingfa.review import queries
from mingfa.review.registry import kind_of


@register
def review_todos(user, now: datetime) -> list[Todo]:
    """Asks nothing of people without one of the roles."""
    roles = {role for role, _ in grants_of(user)}
    todos = []
    if roles & set(queries.STEP_ROLES):
        todos += [
            Todo(
                f"三审三校：{number} 件等您{queries.STEP_WORDS[step - 1][:2]}", "看过再签，退回写明理由。",
                reverse("review:desk"), "去审核", None, State.NOW,
            )
            for step, number in queries.counts_for(user).items()
        ]  # fmt: skip
    if roles & set(queries.WRITERS):
        todos += _returned(user)
    return todos


def _returned(user) -> list[Todo]:
    """One line for all that came back, leading to the first."""
    returned = list(queries.returned_to(user).select_related("target_type"))
    if not returned:
        return []
    first = returned[0]
    words = "审核人写了理由。修改以后重新送审；不用改的，也可以直接重新送审。"
    url = kind_of(first.target_type).url(first.pk)
    return [Todo(f"退回给您的有 {len(returned)} 件", words, url, "看退回理由", None, State.NOW)]
