"""Every write to a bank. Each counts the bank's edition up, so that cached pools are drawn anew."""

from dataclasses import asdict

from django.db import transaction
from django.db.models import F, Max
from wagtail.log_actions import log

from mingfa.bank.drafts import MEDIUM, QuestionDraft, require_good, stem_hash
from mingfa.bank.models import Bank, Citation, Option, Question, QuestionVersion
from mingfa.bank.queries import versions
from mingfa.bank.registry import tell_left
from mingfa.bank.search import words_row


class NotPossible(Exception):
    """The question's status forbids it. `code` says which rule."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@transaction.atomic
def create_bank(*, name: str, unit, by, now) -> Bank:
    """A new empty bank of `unit`. Raises IntegrityError when the name is taken."""
    bank = Bank.objects.create(name=name.strip(), unit=unit)
    log(bank, "bank.create_bank", user=by, timestamp=now, data={"unit": unit.pk})
    return bank


@transaction.atomic
def create_question(bank: Bank, draft: QuestionDraft, *, by, now, reserved: bool = False) -> Question:
    """A usable question with its first version. Raises BadDraft when nobody could answer or mark it.

    Does not look for repeats: the importer and the form tell the setter about those beforehand.
    """
    draft = require_good(draft)
    question = Question.objects.create(bank=bank, topic=draft.topic, reserved=reserved)
    _store_version(question, draft, number=1, by=by, now=now)
    _count_edition_up(bank.pk)
    log(question, "bank.create_question", user=by, timestamp=now, data={"bank": bank.pk, "version": 1})
    return question


@transaction.atomic
def revise_question(question: Question, draft: QuestionDraft, *, by, now) -> QuestionVersion:
    """The new wording as the next version; papers that drew an earlier one keep it.

    A draft equal to the current version changes nothing and returns that version. Raises BadDraft for a
    draft nobody could answer or mark, NotPossible("retired") for a retired question.
    """
    draft = require_good(draft)
    question = Question.objects.select_for_update(of=("self",)).select_related("current").get(pk=question.pk)
    _require_not_retired(question)
    if _is_current(question, draft):
        return question.current
    number = question.versions.aggregate(last=Max("number"))["last"] + 1
    question.topic = draft.topic
    version = _store_version(question, draft, number=number, by=by, now=now)
    _count_edition_up(question.bank_id)
    log(question, "bank.revise_question", user=by, timestamp=now, data={"version": number})
    return version


@transaction.atomic
def retire_question(question: Question, *, by, now, reason: str = "") -> Question:
    """Take a question out of new papers and practice; drawn papers and its versions stay."""
    question = Question.objects.select_for_update().get(pk=question.pk)
    _require_not_retired(question)
    question.status = Question.Status.RETIRED
    question.save(update_fields=["status"])
    _count_edition_up(question.bank_id)
    log(question, "bank.retire_question", user=by, timestamp=now, data={"reason": reason})
    tell_left(question, by, now)
    return question


@transaction.atomic
def restore_question(question: Question, *, by, now) -> Question:
    """Put a retired question back into use. Raises NotPossible("not_retired") for any other."""
    question = Question.objects.select_for_update().get(pk=question.pk)
    if question.status != Question.Status.RETIRED:
        raise NotPossible("not_retired")
    question.status = Question.Status.USABLE
    question.save(update_fields=["status"])
    _count_edition_up(question.bank_id)
    log(question, "bank.restore_question", user=by, timestamp=now)
    return question


@transaction.atomic
def reserve_question(question: Question, *, reserved: bool, by, now) -> Question:
    """Keep a question for exams (practice and quick checks never show it), or release it."""
    question = Question.objects.select_for_update().get(pk=question.pk)
    if question.reserved == reserved:
        return question
    question.reserved = reserved
    question.save(update_fields=["reserved"])
    _count_edition_up(question.bank_id)
    log(question, "bank.reserve_question", user=by, timestamp=now, data={"reserved": reserved})
    if reserved:
        tell_left(question, by, now)
    return question


def _store_version(question, draft, *, number, by, now, parent=None, order=0) -> QuestionVersion:
    """One version row with its options, citations and sub-questions; without a parent it becomes current."""
    version = QuestionVersion.objects.create(
        question=question,
        number=number,
        parent=parent,
        order=order,
        created_at=now,
        created_by=by,
        **version_fields(draft),
    )
    Option.objects.bulk_create(options_of(version, draft))
    Citation.objects.bulk_create(citations_of(version, draft))
    for place, child in enumerate(draft.children, start=1):
        _store_version(question, child, number=number, by=by, now=now, parent=version, order=place)
    if parent is None:
        words_row(version, draft).save(force_insert=True)
        question.current = version
        question.save(update_fields=["current", "topic"])
    return version


def version_fields(draft: QuestionDraft) -> dict:
    """What a version row takes from its draft."""
    return {
        "type": draft.type,
        "stem": draft.stem,
        "prompts": "\n".join(draft.prompts),
        "answer": draft.answer,
        "explanation": draft.explanation,
        "difficulty": draft.difficulty or MEDIUM,
        "marks": draft.marks,
        "stem_hash": stem_hash(draft.stem),
        "source": draft.source,
    }


def options_of(version: QuestionVersion, draft: QuestionDraft) -> list[Option]:
    """Unsaved option rows of a version."""
    return [Option(version=version, order=place, text=text) for place, text in enumerate(draft.options)]


def citations_of(version: QuestionVersion, draft: QuestionDraft) -> list[Citation]:
    """Unsaved citation rows of a version."""
    return [Citation(version=version, **asdict(ref)) for ref in draft.citations]


def _is_current(question: Question, draft: QuestionDraft) -> bool:
    """Whether a draft says nothing new (where it was read does not matter)."""
    now = question.current
    view = versions([now.pk])[now.pk]
    stored = (view.type, view.stem, view.options, view.prompts, view.answer, view.explanation, view.citations)
    stored += (question.topic, now.difficulty, now.marks)
    drafted = (draft.type, draft.stem, draft.options, draft.prompts, draft.answer, draft.explanation, draft.citations)
    drafted += (draft.topic, draft.difficulty or MEDIUM, draft.marks)
    return stored == drafted and not draft.children


def _require_not_retired(question: Question) -> None:
    if question.status == Question.Status.RETIRED:
        raise NotPossible("retired")


def _count_edition_up(bank_id: int) -> None:
    """In the database, not in memory: two writers at once count two."""
    Bank.objects.filter(pk=bank_id).update(edition=F("edition") + 1)
