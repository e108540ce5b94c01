"""Every write to a bank. Each counts the bank's edition up, so that cached pools are drawn anew."""

from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction
from django.db.models import F, Max
from wagtail.log_actions import log

from mingfa.bank import history
from mingfa.bank.actions.beliefs import carry_beliefs, store_beliefs
from mingfa.bank.drafts import MEDIUM, QuestionDraft, draft_hash, require_good
from mingfa.bank.models import Bank, Citation, Option, Question, QuestionVersion
from mingfa.bank.queries import versions
from mingfa.bank.registry import tell_left
from mingfa.bank.search import words_row
from mingfa.library.registry import tell_put_into_use, tell_settled
from mingfa.review import actions as reviewing


class NotPossible(Exception):
    """The question's status forbids it. `code` says which rule."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


@transaction.atomic
def create_bank(*, name: str, unit, by, now, reviewed: bool = False) -> Bank:
    """A new empty bank of `unit`; `reviewed`: its questions are drafts until 三审三校 has passed them.

    Raises IntegrityError when the name is taken.
    """
    bank = Bank.objects.create(name=name.strip(), unit=unit, reviewed=reviewed)
    log(bank, "bank.create_bank", user=by, timestamp=now, data={"unit": unit.pk})
    return bank


@transaction.atomic
def create_question(bank: Bank, draft: QuestionDraft, *, by, now, reserved: bool = False) -> Question:
    """A question with its first version; usable, in a reviewed bank a draft. Raises BadDraft when nobody could answer
    or mark it.

    Does not look for repeats: the importer and the form tell the setter about those beforehand.
    """
    draft = require_good(draft)
    count_edition_up(bank.pk)
    status = Question.Status.DRAFT if _is_reviewed(bank.pk) else Question.Status.USABLE
    question = Question.objects.create(bank=bank, topic=draft.topic, reserved=reserved, status=status)
    _store_version(question, draft, number=1, by=by, now=now)
    log(question, "bank.create_question", user=by, timestamp=now, data={"bank": bank.pk, "version": 1})
    return question


@transaction.atomic
def revise_question(
    question: Question, draft: QuestionDraft, *, by, now, seen: int | None = None
) -> QuestionVersion:
    """The new wording as the next version; papers that drew an earlier one keep it.

    seen: the number of the version that the person had before him.

    In a reviewed bank the question leaves new papers until the new version is approved; one in review goes back to
    一审. A draft equal to the current version changes nothing and returns that version. Raises BadDraft for a
    draft nobody could answer or mark, NotPossible("retired") for a retired question, NotPossible("changed") when
    somebody saved another version since `seen`.
    """
    draft = require_good(draft)
    question = Question.objects.select_for_update(of=("self",)).select_related("current", "bank__unit").get(pk=question.pk)
    _require_not_retired(question)
    if _is_current(question, draft):
        return question.current
    if seen is not None and seen != question.current.number:
        raise NotPossible("changed")
    version = _store_next_version(question, draft, by=by, now=now)
    log(question, "bank.revise_question", user=by, timestamp=now, data={"version": version.number})
    tell_settled("question", str(question.pk), "revised", by, now)
    return version


@transaction.atomic
def repoint_question(question: Question, draft: QuestionDraft, *, by, now) -> QuestionVersion:
    """The same question under the new number of its article, as the next version.

    Not a revision by its setter: it settles no review task of the question. Raises as `revise_question`.
    """
    draft = require_good(draft)
    question = Question.objects.select_for_update(of=("self",)).get(pk=question.pk)
    _require_not_retired(question)
    version = _store_next_version(question, draft, by=by, now=now)
    log(question, "bank.repoint_question", user=by, timestamp=now, data={"version": version.number})
    return version


@transaction.atomic
def retire_question(question: Question, *, by, now, reason: str = "") -> Question:
    """Take a question out of new papers and practice; drawn papers and its versions stay."""
    question = Question.objects.select_for_update().get(pk=question.pk)
    _require_not_retired(question)
    question.status = Question.Status.RETIRED
    question.save(update_fields=["status"])
    count_edition_up(question.bank_id)
    log(question, "bank.retire_question", user=by, timestamp=now, data={"reason": reason})
    settle_retired(question, by=by, now=now)
    return question


@transaction.atomic
def restore_question(question: Question, *, by, now) -> Question:
    """Put a retired question back into use, in a reviewed bank as a draft: what was signed went with its retiring.

    Raises NotPossible("not_retired") for any other.
    """
    question = Question.objects.select_for_update().get(pk=question.pk)
    if question.status != Question.Status.RETIRED:
        raise NotPossible("not_retired")
    count_edition_up(question.bank_id)
    settle_restored(question, by=by, now=now)
    tell_restored([question], by=by, now=now)
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
    count_edition_up(question.bank_id)
    log(question, "bank.reserve_question", user=by, timestamp=now, data={"reserved": reserved})
    if reserved:
        tell_left(question, by, now)
    return question


def _store_next_version(question: Question, draft: QuestionDraft, *, by, now) -> QuestionVersion:
    number = question.versions.aggregate(last=Max("number"))["last"] + 1
    question.topic = draft.topic
    before = question.current
    version = _store_version(question, draft, number=number, by=by, now=now)
    carry_beliefs(before, version)
    count_edition_up(question.bank_id)
    follow_new_version(question, before.pk, by=by, now=now)
    return version


def follow_new_version(question: Question, old_id: int, *, by, now) -> None:
    """What a new current version means in a reviewed bank: the approval was for the old one (`old_id`), so the question
    is a draft again, and a review under way begins anew. Inside the caller's transaction."""
    if _is_reviewed(question.bank_id):
        _back_to_draft(question, by=by, now=now)
        new = question.current_id
        text = reviewing.Submission(new, history.text_hashes([new])[new], _ids(by))
        reviewing.replace_text(history.MODEL, old_id, text, by=by, now=now)


def settle_retired(question: Question, *, by, now) -> None:
    """What hangs on a question that has just been retired. Inside the caller's transaction."""
    if _is_reviewed(question.bank_id):
        reviewing.void_reviews(history.MODEL, [question.current_id], by=by, now=now, reason="停用")
    tell_settled("question", str(question.pk), "retired", by, now)
    tell_left(question, by, now)


def settle_moved(question: Question, old: Bank, new: Bank, *, by, now) -> None:
    """What moving between banks with the same 审核后才可用 means for what was signed. Inside the caller's transaction."""
    if new.reviewed and (new.unit_id != old.unit_id or (old.author_first and not new.author_first)):
        reviewing.void_reviews(history.MODEL, [question.current_id], by=by, now=now, reason=f"移到题库“{new.name}”")
        _back_to_draft(question, by=by, now=now)


def settle_restored(question: Question, *, by, now) -> None:
    """Put a retired question back into use; in a reviewed bank it is a draft. Inside the caller's transaction."""
    question.status = Question.Status.DRAFT if _is_reviewed(question.bank_id) else Question.Status.USABLE
    question.save(update_fields=["status"])
    if question.status == Question.Status.DRAFT:
        # Retired before the bank was reviewed: an approval from an earlier time would make it usable unseen.
        reviewing.void_reviews(history.MODEL, [question.current_id], by=by, now=now, reason="停用后恢复")
    tell_settled("question", str(question.pk), "restored", by, now)


def tell_restored(questions: Sequence[Question], *, by, now) -> None:
    """Law that changed while they were retired has been noted without them: that is made good for all of them at once."""
    written = QuestionVersion.objects.filter(pk__in=[one.current_id for one in questions]).values_list("question", "created_at")
    tell_put_into_use("question", {str(pk): at for pk, at in written}, by, now)


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
    store_beliefs(question.bank, [(version, draft)], by=by, now=now)
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
        "stem_hash": draft_hash(draft),
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


def _is_reviewed(bank_id: int) -> bool:
    """Asked of the database, after the edition has been counted up: that has locked the bank, so nobody switches now."""
    return Bank.objects.values_list("reviewed", flat=True).get(pk=bank_id)


def _back_to_draft(question: Question, *, by, now) -> None:
    """The approval was for another wording: out of new papers and practice until the new one is approved."""
    if question.status == Question.Status.USABLE:
        question.status = Question.Status.DRAFT
        question.save(update_fields=["status"])
        tell_left(question, by, now)


def _ids(by) -> frozenset[int]:
    return frozenset({by.pk} if by else ())


def _require_not_retired(question: Question) -> None:
    if question.status == Question.Status.RETIRED:
        raise NotPossible("retired")


def count_edition_up(bank_id: int) -> None:
    """In the database, not in memory: two writers at once count two."""
    Bank.objects.filter(pk=bank_id).update(edition=F("edition") + 1)
