"""What setters keep around questions: filters, tags, remarks, and what happened to a question."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, F, QuerySet
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry

from mingfa.bank.bulk import ACTIONS, value_words
from mingfa.bank.models import Bank, BulkItem, Question, QuestionTag, Remark, SavedFilter

SHOWN_EVENTS = 30


def filters_of(user, bank: Bank) -> QuerySet[SavedFilter]:
    """The filters a person keeps in a bank, by name."""
    return SavedFilter.objects.filter(user=user, bank=bank)


def counted_tags(bank: Bank) -> QuerySet[QuestionTag]:
    """The tags of a bank with `held`, how many questions have each. One statement."""
    return QuestionTag.objects.filter(bank=bank).annotate(held=Count("questions"))


def remarks_of(question: Question) -> QuerySet[Remark]:
    """The remarks on a question, the open ones first, then the oldest."""
    remarks = Remark.objects.filter(question=question).select_related("made_by", "resolved_by")
    return remarks.order_by(F("resolved_at").asc(nulls_first=True), "made_at", "id")


@dataclass(frozen=True)
class Event:
    """One line of what happened to a question."""

    at: datetime
    by: object
    words: str


def events_of(question: Question) -> list[Event]:
    """What was done to a question, the latest first: its audit lines and the bulk runs it was in. Two statements."""
    entries = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Question), object_id=str(question.pk)
    )  # fmt: skip
    found = [
        Event(one.timestamp, one.user, _action_words(one))
        for one in entries.select_related("user").order_by("-timestamp", "-id")[:SHOWN_EVENTS]
    ]
    items = BulkItem.objects.filter(question=question, outcome__in=("done", "undone")).select_related("run__made_by")
    for item in items.order_by("-id")[:SHOWN_EVENTS]:
        run = item.run
        value = value_words(run.action, run.value) if run.value and run.action != "move" else ""
        undone = "（已撤销）" if item.outcome == "undone" else ""
        words = f"批量{ACTIONS[run.action]}{f'：{value}' if value else ''}{undone}"
        found.append(Event(run.made_at, run.made_by, words))
    return sorted(found, key=lambda one: one.at, reverse=True)[:SHOWN_EVENTS]


def _action_words(entry: ModelLogEntry) -> str:
    """What was done. Not get_action_label: it knows nothing until the process has logged or listed something."""
    formatter = registry.get_formatter(entry)
    return str(formatter.label) if formatter else entry.action
