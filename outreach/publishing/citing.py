"""Public pages as things that cite articles: found when a law changes, looked at again, or withdrawn."""
from collections.abc import Collection, Iterable
from datetime import datetime

from django.urls import reverse
from mingfa.library.registry import Cited, Citing, Place
from mingfa.people.models import Role

from ..actions.publishing import withdraw_page
from ..models import Release, TextCitation
from .listing import released

REASON = "引用的法律修改，核对后撤回"


def find(short_title: str, places: Collection[Place]) -> list[Cited]:
    """What is public and cites one of the articles. Two queries."""
    public = {one.text_id: one.text for one in released()}
    cited: dict[int, set[Place]] = {}
    for row in TextCitation.objects.filter(text__in=public, law=short_title):
        if (row.article, row.sub) in set(places):
            cited.setdefault(row.text_id, set()).add((row.article, row.sub))
    texts = [(public[pk], found) for pk, found in sorted(cited.items())]
    return [Cited(str(text.page_id), text.title, text.unit_id, frozenset(found)) for text, found in texts]


def leave_alone(keys: Collection[str], by, now: datetime) -> None:
    """A page shows the text in force by itself; its words stay public until its 宣传员 has looked at them."""


def retire(key: str, by, now: datetime) -> None:
    if Release.objects.filter(page=int(key), ended_at=None).exists():
        withdraw_page(int(key), reason=REASON, by=by, now=now)


def addresses(keys: Iterable[str]) -> dict[str, str]:
    there = Release.objects.filter(page__in=[int(key) for key in keys]).values_list("page", flat=True)
    return {str(pk): reverse("publishing:page", args=[pk]) for pk in there}


PUBLIC_PAGES = Citing(
    kind="public", words="公开页面", role=Role.OUTREACH, find=find, hold=leave_alone, release=leave_alone, retire=retire,
    repoint=None, addresses=addresses, edited_here=False,
)  # fmt: skip
