"""Lessons as things that cite articles (mingfa.library.registry): found when a law changes, and taken offline."""
from collections.abc import Collection, Iterable
from datetime import datetime

from django.urls import reverse
from django.utils.html import strip_tags
from mingfa.library.citations import fold_title, parse_citations
from mingfa.library.registry import Cited, Citing, Place
from mingfa.people.models import Role

from . import study
from .models import CoursePage, LessonPage

IN_WORDS = ("text", "case")  # blocks whose text may name articles


def places_in(lesson: LessonPage, short_title: str) -> set[Place]:
    """The articles of a law that a lesson shows or names in its text."""
    refs = study.citations_of(lesson)
    for block in lesson.body:
        if block.block_type in IN_WORDS:
            refs += parse_citations(strip_tags(str(block.render())))
    return {(ref.article, ref.sub) for ref in refs if fold_title(ref.law_title) == short_title}


def find(short_title: str, places: Collection[Place]) -> list[Cited]:
    """The published lessons that show or name one of the articles. Two queries."""
    units = dict(CoursePage.objects.values_list("path", "unit"))
    found = []
    for lesson in LessonPage.objects.live().order_by("path"):
        if cited := places_in(lesson, short_title) & set(places):
            unit_id = units[lesson.path[: -LessonPage.steplen]]
            found.append(Cited(str(lesson.pk), lesson.title, unit_id, frozenset(cited)))
    return found


def leave_alone(keys: Collection[str], by, now: datetime) -> None:
    """A lesson shows the text in force by itself, so it stays readable while its trainer looks at the words around it."""


def retire(key: str, by, now: datetime) -> None:
    """Take the lesson offline; its records stay (CM4)."""
    lesson = LessonPage.objects.live().filter(pk=int(key)).first()
    if lesson:
        lesson.unpublish(user=by)


def addresses(keys: Iterable[str]) -> dict[str, str]:
    there = LessonPage.objects.filter(pk__in=[int(key) for key in keys]).values_list("pk", flat=True)
    return {str(pk): reverse("wagtailadmin_pages:edit", args=[pk]) for pk in there}


LESSONS = Citing(
    kind="lesson", words="课", role=Role.TRAINER, find=find, hold=leave_alone, release=leave_alone, retire=retire,
    repoint=None, addresses=addresses, edited_here=False,
)  # fmt: skip
