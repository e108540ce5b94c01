"""以案释法: the de-identification check, what a case yields, and calling all of it back."""
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from mingfa.bank.actions import create_question, retire_question
from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.models import Bank, Question
from mingfa.people.access import require
from mingfa.people.models import Role, User
from wagtail.log_actions import log
from wagtail.models import Page

from ..engine.publishing import BankNotReviewed, ChecklistOpen, NothingWritten, NotPublic
from ..models import CaseCheck, CasePage, CaseYield
from ..models.signed import content_of, hash_of, release_of
from ..publishing.checks import CHECKLIST
from ..publishing.texts import latest_of

WITHDRAWN = "来源案例已撤回"


@transaction.atomic
def check_case(page_id: int, *, ticked: Collection[int], by: User, now: datetime) -> CaseCheck:
    """去标识化核对 of the draft as it is now; another wording is checked again. Raises ChecklistOpen."""
    page = _locked(page_id)
    require(by, Role.OUTREACH, unit=page.unit)
    if left := len(set(range(len(CHECKLIST))) - set(ticked)):
        raise ChecklistOpen(left)
    digest = hash_of(content_of(page))
    row, made = CaseCheck.objects.get_or_create(page_id=page_id, text_hash=digest, defaults={"by": by, "at": now})
    if made:
        log(page, "outreach.check_case", user=by, timestamp=now, data={"hash": digest})
    return row


@transaction.atomic
def draft_question(page_id: int, bank: Bank, draft: QuestionDraft, *, by: User, now: datetime) -> CaseYield:
    """A question out of a public case: a draft of a reviewed bank, where it goes its own way through 三审三校.

    `by` has to set questions for the bank's unit. Raises NotPublic, BankNotReviewed, BadDraft.
    """
    page = _public(page_id, by)
    require(by, Role.SETTER, unit=bank.unit)
    if not bank.reviewed:
        raise BankNotReviewed
    question = create_question(bank, draft, by=by, now=now)
    row = CaseYield.objects.create(page_id=page_id, kind="question", question=question, made_at=now, made_by=by)
    log(page, "outreach.yield", user=by, timestamp=now, data={"kind": "question", "question": question.pk})
    return row


@transaction.atomic
def write_yield(page_id: int, *, kind: str, text: str, by: User, now: datetime) -> CaseYield:
    """问卷 or 折页文字 out of a public case. Raises NotPublic, NothingWritten."""
    page = _public(page_id, by)
    if not text.strip():
        raise NothingWritten
    row = CaseYield.objects.create(page_id=page_id, kind=kind, text=text.strip(), made_at=now, made_by=by)
    log(page, "outreach.yield", user=by, timestamp=now, data={"kind": kind, "yield": row.pk})
    return row


def withdraw_yields(page_id: int, *, by: User | None, now: datetime) -> int:
    """Call back all that came from a case: its questions are retired, its texts marked. In the caller's transaction."""
    rows = list(CaseYield.objects.select_for_update().filter(page=page_id, withdrawn_at=None))
    for row in rows:
        if row.question_id and Question.objects.filter(pk=row.question_id).exclude(status="retired").exists():
            retire_question(Question.objects.get(pk=row.question_id), by=by, now=now, reason=WITHDRAWN)
        CaseYield.objects.filter(pk=row.pk).update(withdrawn_at=now)
    return len(rows)


def _locked(page_id: int) -> CasePage:
    Page.objects.select_for_update().get(pk=page_id)
    return latest_of(page_id)


def _public(page_id: int, by: User) -> CasePage:
    """The case, locked, while it is public: nothing is made of a case that is not."""
    page = _locked(page_id)
    require(by, Role.OUTREACH, unit=page.unit)
    if release_of(page_id) is None:
        raise NotPublic
    return page
