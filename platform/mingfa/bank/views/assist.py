"""What the question form and page offer when asked: near questions, and articles the question may stand on."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST

from mingfa.bank import actions, queries
from mingfa.bank.drafts import QuestionDraft, draft_of_view, right_answers
from mingfa.bank.models import QuestionType
from mingfa.bank.similar import near_to, near_to_draft
from mingfa.bank.views.access import for_setters, question_or_404
from mingfa.library.citations import CitationRef, parse_citations
from mingfa.library.search.words import snippet
from mingfa.library.suggesting import TOP, Part
from mingfa.library.suggestions import suggest_articles

# What the words of each part count when looking for articles.
OF_ANSWER, OF_EXPLANATION, OF_TOPIC = 0.8, 0.7, 0.6


def looks(request) -> bool:
    """Whether the page was asked to look around: it is not done by itself, because it takes its time."""
    return bool(request.POST.get("look") or request.GET.get("look"))


def with_accepted(data):
    """What a form sent, with the suggestions that were ticked written into its 依据."""
    accepted = data.getlist("accept") if data else []
    if not accepted:
        return data
    data = data.copy()
    data["citations"] = "\n".join(filter(None, [data.get("citations", "").strip(), *accepted]))
    return data


def around_draft(form, bank, question) -> dict:
    """Near questions and likely articles for what the form holds, even where it cannot be saved yet."""
    draft = getattr(form, "draft", None) or QuestionDraft(form.type, form.cleaned_data.get("stem", ""))
    if not draft.stem:
        return {}
    near = near_to_draft(bank, draft, without=question)
    return {"looked": True, "near": near, "suggested": suggestions_for(draft)}


def around_question(question, view) -> dict:
    """The same for a saved question; its current version is looked at."""
    draft = draft_of_view(view, topic=question.topic)
    return {"looked": True, "near": near_to(question), "suggested": suggestions_for(draft)}


def suggestions_for(draft: QuestionDraft) -> list[dict]:
    """The likeliest articles that the draft does not cite yet, each with the words it was found by marked."""
    parts = []
    for one in (draft, *draft.children):
        parts += [Part(one.stem), *(Part(text, OF_ANSWER) for text in right_answers(one)), Part(one.explanation, OF_EXPLANATION)]
    parts.append(Part(draft.topic, OF_TOPIC))
    cited = {(ref.law_title, ref.article, ref.sub) for ref in draft.citations}
    found = suggest_articles(parts, most=TOP + len(cited))
    rows = [
        {"article": article, "score": round(one.score), "text": snippet(article.text, one.words[:8]), "words": one.words[:5]}
        for article, one in found if (article.ref.law_title, article.number, article.sub) not in cited
    ]  # fmt: skip
    return rows[:TOP]


@for_setters
@require_POST
def cite(request, question_id):
    """Add the article that was pressed to the question's 依据, as its next version."""
    question = question_or_404(request.user, question_id)
    view = queries.versions([question.current_id])[question.current_id]
    refs: list[CitationRef] = [ref for text in request.POST.getlist("accept") for ref in parse_citations(text)]
    if question.current.type == QuestionType.CASE or not refs:
        messages.error(request, "没有认出要采用的法条。请在修改试题时写进“依据”")
        return redirect("bank:question", question.pk)
    draft = draft_of_view(view, topic=question.topic, marks=question.current.marks, extra=tuple(refs))
    try:
        seen = question.current.number
        version = actions.revise_question(question, draft, by=request.user, now=timezone.now(), seen=seen)
    except actions.NotPossible as refusal:
        changed = "这一题刚被改过，没有写进依据。请看新的版本再采用"
        messages.warning(request, changed if refusal.code == "changed" else "这一题已经停用，不能修改。要改请先恢复使用")
    else:
        messages.success(request, f"已写进依据，保存为第 {version.number} 版")
    return redirect("bank:question", question.pk)
