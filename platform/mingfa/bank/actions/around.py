"""Writes around questions: tags, remarks, kept filters. None of them changes what a paper draws."""

from datetime import datetime

from django.db import transaction
from wagtail.log_actions import log

from mingfa.bank.actions.questions import NotPossible
from mingfa.bank.models import Bank, Question, QuestionTag, Remark, SavedFilter


@transaction.atomic
def tag_question(question: Question, names: list[str], *, by, now: datetime) -> list[str]:
    """Let a question have exactly these tags; those of its bank that are missing are made. Returns the names, sorted.

    A tag that no question has any more goes.
    """
    names = sorted({name.strip() for name in names if name.strip()})
    before = sorted(question.tags.values_list("name", flat=True))
    if names == before:
        return names
    tags = [QuestionTag.objects.get_or_create(bank_id=question.bank_id, name=name)[0] for name in names]
    question.tags.set(tags)
    QuestionTag.objects.filter(bank=question.bank_id, questions=None).delete()
    log(question, "bank.tag_question", user=by, timestamp=now, data={"before": before, "after": names})
    return names


@transaction.atomic
def rename_tag(tag: QuestionTag, name: str, *, by, now: datetime) -> QuestionTag:
    """Rename a tag; where the bank has one of that name already the two become one. Returns the tag that stays."""
    tag = QuestionTag.objects.select_for_update(of=("self",)).select_related("bank").get(pk=tag.pk)
    other = QuestionTag.objects.filter(bank=tag.bank_id, name=name).exclude(pk=tag.pk).first()
    data = {"before": tag.name, "after": name, "questions": tag.questions.count(), "merged": other is not None}
    if other is None:
        tag.name = name
        tag.save(update_fields=["name"])
    else:
        through = QuestionTag.questions.through
        twice = through.objects.filter(questiontag=other).values("question")
        through.objects.filter(questiontag=tag).exclude(question__in=twice).update(questiontag=other)
        bank, tag = tag.bank, (tag.delete(), other)[1]
        tag.bank = bank
    log(tag.bank, "bank.rename_tag", user=by, timestamp=now, data=data)
    return tag


@transaction.atomic
def delete_tag(tag: QuestionTag, *, by, now: datetime) -> None:
    """Take a tag from all its questions."""
    data = {"tag": tag.name, "questions": tag.questions.count()}
    log(tag.bank, "bank.delete_tag", user=by, timestamp=now, data=data)
    tag.delete()


@transaction.atomic
def add_remark(question: Question, text: str, *, by, now: datetime) -> Remark:
    """A remark on the current version, for the setters. Raises NotPossible("empty")."""
    text = text.strip()
    if not text:
        raise NotPossible("empty")
    remark = Remark.objects.create(
        question=question, number=question.current.number, text=text[:500], made_by=by, made_at=now
    )
    log(question, "bank.add_remark", user=by, timestamp=now, data={"remark": remark.pk})
    return remark


@transaction.atomic
def resolve_remark(remark: Remark, *, resolved: bool, by, now: datetime) -> None:
    """Mark a remark as dealt with, or open it again. A second call changes nothing."""
    changed = Remark.objects.filter(pk=remark.pk, resolved_at__isnull=resolved).update(
        resolved_by=by if resolved else None, resolved_at=now if resolved else None
    )
    if changed:
        data = {"remark": remark.pk, "resolved": resolved}
        log(remark.question, "bank.resolve_remark", user=by, timestamp=now, data=data)


@transaction.atomic
def save_filter(bank: Bank, name: str, query: str, *, by) -> SavedFilter:
    """Keep a list's address under a name of the person's own; the same name again replaces it.

    A person's own bookmark: nothing of the bank changes, so there is no audit line. Raises NotPossible("empty") for a
    filter without name or that narrows nothing, NotPossible("too_many") from the 50th on.
    """
    name = name.strip()[:40]
    if not name or not query or len(query) > 1000:
        raise NotPossible("empty")
    own = SavedFilter.objects.filter(user=by, bank=bank)
    if own.count() >= 50 and not own.filter(name=name).exists():
        raise NotPossible("too_many")
    return SavedFilter.objects.update_or_create(user=by, bank=bank, name=name, defaults={"query": query})[0]


@transaction.atomic
def rename_filter(kept: SavedFilter, name: str) -> None:
    """Another name for a kept filter. Raises NotPossible("empty"), NotPossible("taken")."""
    name = name.strip()[:40]
    if not name:
        raise NotPossible("empty")
    if SavedFilter.objects.filter(user=kept.user_id, bank=kept.bank_id, name=name).exclude(pk=kept.pk).exists():
        raise NotPossible("taken")
    SavedFilter.objects.filter(pk=kept.pk).update(name=name)


def delete_filter(kept: SavedFilter) -> None:
    """Forget a kept filter."""
    kept.delete()
