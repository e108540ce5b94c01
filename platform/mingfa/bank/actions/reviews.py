"""三审三校 of questions: submitting versions, and what a signature means for the question (docs/rules.md)."""

from datetime import datetime

from django.db import transaction
from django.db.models import F
from wagtail.log_actions import log

from mingfa.bank import history
from mingfa.bank.actions.questions import NotPossible
from mingfa.bank.models import Bank, Question, QuestionVersion
from mingfa.bank.registry import tell_left, withheld_from
from mingfa.people.access import holds
from mingfa.people.models import Role
from mingfa.review import actions as reviewing
from mingfa.review.models import Review

# One batch is one transaction: small enough that a running exam never waits half a second for it.
BATCH = 100
SETTING_WORDS = {"reviewed": "审核后才可用", "author_first": "拟稿人可以一审"}


class DraftsLeft(Exception):
    """Without review nobody would ever make these drafts usable. `count`: how many."""

    def __init__(self, count: int):
        super().__init__(count)
        self.count = count


class MayNotLoosen(Exception):
    """Whoever sets questions does not decide that they need no review; the 三审人 of the unit does."""


def submit_questions(bank: Bank, question_ids, *, by, now: datetime) -> int:
    """送审: those of the questions that may be submitted; the others are left as they are. Returns how many went.

    Not one transaction: a batch each, every batch whole. Raises NotPossible("not_reviewed").
    """
    ids = sorted(set(question_ids))
    return sum(_submit_batch(bank, ids[start : start + BATCH], by=by, now=now) for start in range(0, len(ids), BATCH))


@transaction.atomic
def _submit_batch(bank: Bank, ids: list[int], *, by, now: datetime) -> int:
    bank = Bank.objects.select_related("unit").get(pk=bank.pk)
    if not bank.reviewed:
        raise NotPossible("not_reviewed")
    # Locked first, judged afterwards: of two clicks the second finds them in review.
    list(Question.objects.select_for_update().filter(bank=bank, pk__in=ids).order_by("pk").values_list("pk"))
    current = dict(history.submittable(bank, ids).values_list("id", "current_id"))
    if not current:
        return 0
    hashes, authors = history.text_hashes(current.values()), history.authors_of(current)
    texts = [reviewing.Submission(version, hashes[version], authors[pk]) for pk, version in current.items()]
    reviewing.submit_texts(
        history.MODEL, texts, unit=bank.unit, about=bank, by=by, now=now, author_first=bank.author_first
    )
    return len(texts)


@transaction.atomic
def set_review_rules(bank: Bank, *, reviewed: bool, author_first: bool, by, now: datetime) -> Bank:
    """Whether the bank's questions need 三审三校, and whether the author may do 一审.

    Questions that are usable now stay so until somebody edits them. Reviews under way keep the rule they began with.
    Raises MayNotLoosen, DraftsLeft.
    """
    bank = Bank.objects.select_for_update(of=("self",)).select_related("unit").get(pk=bank.pk)
    loosened = (bank.reviewed and not reviewed) or (author_first and not bank.author_first)
    if loosened and not holds(by, Role.REVIEWER_3, unit=bank.unit):
        raise MayNotLoosen
    drafts = Question.objects.filter(bank=bank, status=Question.Status.DRAFT).count()
    if bank.reviewed and not reviewed and drafts:
        raise DraftsLeft(drafts)
    bank.reviewed, bank.author_first = reviewed, author_first
    bank.save(update_fields=["reviewed", "author_first"])
    facts = {SETTING_WORDS["reviewed"]: reviewed, SETTING_WORDS["author_first"]: author_first}
    log(bank, "bank.set_review_rules", user=by, timestamp=now, data=facts)
    return bank


def lock_version(version_id: int) -> str:
    """Lock the question of a version, as every write to it does first, and return the hash of the version's text."""
    question = QuestionVersion.objects.values_list("question_id", flat=True).get(pk=version_id)
    Question.objects.select_for_update().get(pk=question)
    return history.text_hashes([version_id])[version_id]


def is_withheld(version_id: int, person, now: datetime) -> bool:
    """Whether the question stands on a paper that this person is sitting: then nobody tells him or her the key."""
    on_papers = withheld_from(person, now)
    return bool(on_papers) and QuestionVersion.objects.filter(pk=version_id, question__in=on_papers).exists()


def on_passed(review: Review, by, now: datetime) -> None:
    """The version has its three signatures: new papers draw it, if it still is the current one."""
    question = Question.objects.get(versions=review.target_id)
    waiting = Question.objects.filter(pk=question.pk, current=review.target_id, status=Question.Status.DRAFT)
    if waiting.update(status=Question.Status.USABLE):
        Bank.objects.filter(pk=question.bank_id).update(edition=F("edition") + 1)


def on_returned(review: Review, by, now: datetime) -> None:
    """A question that was usable from before the bank was reviewed is not, now that a reviewer objects.

    Unless the bank is not reviewed any more: then nobody could ever make it usable again.
    """
    question = Question.objects.get(versions=review.target_id)
    used = Question.objects.filter(
        pk=question.pk, current=review.target_id, status=Question.Status.USABLE, bank__reviewed=True
    )
    if used.update(status=Question.Status.DRAFT):
        Bank.objects.filter(pk=question.bank_id).update(edition=F("edition") + 1)
        tell_left(question, by, now)
