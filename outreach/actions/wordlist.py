"""易错词 and 人名职务 of an office."""
from datetime import datetime

from django.db import transaction
from mingfa.people.access import require
from mingfa.people.models import OrgUnit, Role, User
from wagtail.log_actions import log

from ..models import ListedWord


@transaction.atomic
def list_word(*, unit: OrgUnit, kind: str, word: str, right: str, by: User, now: datetime) -> ListedWord:
    """Put a word on the unit's list, or change what stands beside it."""
    require(by, Role.OUTREACH, unit=unit)
    row, _ = ListedWord.objects.update_or_create(unit=unit, kind=kind, word=word.strip(), defaults={"right": right.strip()})
    log(row, "outreach.list_word", user=by, timestamp=now, data={"kind": kind})
    return row


@transaction.atomic
def unlist_word(word: ListedWord, *, by: User, now: datetime) -> None:
    require(by, Role.OUTREACH, unit=word.unit)
    log(word, "outreach.unlist_word", user=by, timestamp=now, data={"kind": word.kind})
    word.delete()
