"""补学小测: an offer is taken or put aside, and asked no more."""
from datetime import datetime

from django.db import transaction
from mingfa.changes.models import LawChange
from mingfa.people.models import User
from wagtail.log_actions import log

from ..models import TopUp


@transaction.atomic
def finish_top_up(user: User, change: LawChange, *, now: datetime) -> TopUp:
    """The person has handed one in. What was right is kept nowhere; repeating changes nothing, also after dismissing."""
    return _remember(user, change, TopUp.State.DONE, "exams.finish_top_up", now)


@transaction.atomic
def dismiss_top_up(user: User, change: LawChange, *, now: datetime) -> TopUp:
    """The person does not want it. Repeating changes nothing; what was done stays done."""
    return _remember(user, change, TopUp.State.DISMISSED, "exams.dismiss_top_up", now)


def _remember(user: User, change: LawChange, state: str, action: str, now: datetime) -> TopUp:
    row, created = TopUp.objects.get_or_create(user=user, change=change, defaults={"state": state, "at": now})
    if created:
        log(row, action, user=user, timestamp=now, data={"change": change.pk})
    return row
