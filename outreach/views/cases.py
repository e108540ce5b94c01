"""What a public case yields: a question draft, a poll, a leaflet text; all called back with the case."""
from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from mingfa.bank.drafts import BadDraft
from mingfa.bank.models import Bank
from mingfa.library.citations import format_citation
from mingfa.people.access import units_visible_to
from mingfa.people.models import Role

from ..actions.cases import draft_question, write_yield
from ..engine.offshoots import leaflet_text, poll_text
from ..engine.refusals import Refusal
from ..forms.publishing import QuestionFromCase, YieldForm
from ..models import CasePage, CaseYield
from ..models.signed import release_of
from ..publishing.access import writable_or_404
from ..publishing.texts import citations_of, page_of, paragraphs
from ..publishing.wording import sentence
from . import private


def _case(request, page_id: int):
    """The released case, as it was signed. 404 for pages of other kinds."""
    draft = writable_or_404(request.user, page_id)
    if not isinstance(draft, CasePage):
        raise Http404
    release = release_of(page_id)
    return draft, page_of(release.text) if release else None


@private
def yields(request, page_id):
    """The forms, filled in from the case, and everything made of it so far."""
    draft, case = _case(request, page_id)
    asked = request.POST.get("make", "")
    banks = Bank.objects.filter(reviewed=True, unit__in=units_visible_to(request.user, Role.SETTER)).order_by("name")
    cites = "；".join(format_citation(ref) for ref in citations_of(case)[:3]) if case else ""
    question = QuestionFromCase(request.POST if asked == "question" else None, banks=banks, initial=_question(case, cites))
    text = YieldForm(request.POST if asked == "text" else None, initial=_text(case, cites, request.GET.get("kind", "")))
    refusal = ""
    if request.method == "POST" and case:
        try:
            if _make(request, page_id, case, question, text):
                messages.success(request, "已做好，列在下面")
                return redirect("publishing:yields", page_id)
        except Refusal as refused:
            refusal = sentence(refused)
        except BadDraft as bad:
            question.add_error(None, f"这道题还不能用：{bad}")
    rows = CaseYield.objects.filter(page=page_id).select_related("made_by", "question__bank")
    return render(request, "outreach/publishing/yields.html", {
        "draft": draft, "case": case, "question": question, "text": text, "rows": rows, "banks": banks.exists(),
        "refusal": refusal,
    }, status=422 if refusal or question.errors or text.errors else 200)  # fmt: skip


def _make(request, page_id: int, case, question, text) -> bool:
    how = {"by": request.user, "now": timezone.now()}
    if question.is_bound and question.is_valid():
        draft_question(page_id, question.cleaned_data["bank"], question.draft("以案释法", case.title), **how)
        return True
    if text.is_bound and text.is_valid():
        write_yield(page_id, kind=text.cleaned_data["kind"], text=text.cleaned_data["text"], **how)
        return True
    return False


def _question(case, cites: str) -> dict:
    return {"stem": case.summary, "explanation": case.lesson, "cites": cites} if case else {}


def _text(case, cites: str, kind: str) -> dict:
    if case is None:
        return {}
    facts = [words for style, words in paragraphs(case) if style in ("text", "item")]
    if kind == CaseYield.Kind.POLL:
        return {"kind": kind, "text": poll_text(case.title, case.summary, case.lesson)}
    return {"kind": CaseYield.Kind.LEAFLET, "text": leaflet_text(case.title, facts, case.lesson, cites)}
