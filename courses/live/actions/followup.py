"""An exam (or whatever else may follow) after a training, arranged through the registry."""
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from mingfa import followups
from mingfa.audit import record
from mingfa.followups import FollowUp, Occasion
from mingfa.people.models import OrgUnit, User

from ..board import Actor, BadData
from ..board.refusals import WrongMoment
from ..models import Training
from ..results import CAME
from .log import append

# After it the people are known; from the settling on also who came.
STATES = frozenset({"ended", "processing", "replay"})


def plan_followup(
    training: Training, *, kind: str, choice: str, who: str, opens_at: datetime, closes_at: datetime, by: User,
    now: datetime,
) -> FollowUp:  # fmt: skip
    """A draft of the follow-up for exactly these people, and `task.after` in the log.

    Args:
        who: roster (everybody), came (those who attended), made_up (those who attended or made up).

    Raises:
        WrongMoment: before the end, or who came is not known yet; BadData: nobody, or no such choice.
    """
    with transaction.atomic():
        locked = Training.objects.select_for_update().get(pk=training.pk)
        if locked.state not in STATES or (who != "roster" and locked.settled_at is None):
            raise WrongMoment("followup", locked.state)
        people = people_for(locked, who)
        found = followups.kind(kind)
        if not people or found is None:
            raise BadData("who")
        units = OrgUnit.objects.filter(pk__in=locked.venues.values("unit"))
        title = f"“{locked.title}”课后考试"
        occasion = Occasion(f"培训：{locked.title}", title, locked.unit, people, list(units))
        try:
            made = found.plan(choice, occasion, opens_at=opens_at, closes_at=closes_at, by=by, now=now)
        except LookupError:
            raise BadData("choice") from None
        data = {"exam_ref": made.key, "due": timezone.localdate(closes_at).isoformat()}
        append(locked, "task.after", data, actor=Actor("trainer", by.pk, by.name), now=now)
        said = {"kind": kind, "key": made.key, "people": len(people), "who": who}
        record(locked, "live.plan_followup", user=by, now=now, data=said)
    return made


def people_for(training: Training, who: str) -> list[int]:
    """Ids of those it is for. Raises BadData for an unknown word."""
    rows = training.roster.order_by("pk")
    if who == "came":
        rows = rows.filter(attendance__in=CAME)
    elif who == "made_up":
        rows = rows.filter(attendance__in=CAME) | rows.filter(made_up_at__isnull=False)
    elif who != "roster":
        raise BadData("who")
    return list(rows.values_list("user", flat=True))
