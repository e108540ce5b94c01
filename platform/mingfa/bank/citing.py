"""试题 as things that cite articles (mingfa.library.registry): found, held back, released, led to new numbers."""
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from django.db.models import F, QuerySet
from django.db.models.functions import Coalesce
from django.urls import reverse

from mingfa.bank import actions, queries
from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.models import Citation, Question, QuestionVersion
from mingfa.library.citations import CitationRef, article_label, find_citations, fold_title
from mingfa.library.registry import Cited, Citing, Place
from mingfa.people.models import Role

KIND = "question"
IN_USE = (Question.Status.DRAFT, Question.Status.USABLE)
TITLE = 200


def citations_at(short_title: str, places: Collection[Place]) -> QuerySet[Citation]:
    """Citations of these articles, in versions of every age. One query to learn how the law is written in this bank."""
    titles = Citation.objects.order_by().values_list("law_title", flat=True).distinct()
    named = [title for title in titles if fold_title(title) == short_title]
    return Citation.objects.filter(law_title__in=named, article__in={number for number, _ in places})


def current_citing(short_title: str, places: Collection[Place]) -> dict[int, frozenset[Place]]:
    """Question id → those of the articles that its current version, or a sub-question of it, cites. Two queries.

    Only of questions in use: neither retired nor still being imported.
    """
    if not places:
        return {}
    whole = Coalesce("version__parent", "version")
    cited = citations_at(short_title, places).annotate(whole=whole, current=F("version__question__current"))
    cited = cited.filter(whole=F("current"), version__question__status__in=IN_USE).order_by()
    found = defaultdict(set)
    for question_id, *place in cited.values_list("version__question", "article", "sub"):
        if tuple(place) in places:
            found[question_id].add(tuple(place))
    return {pk: frozenset(some) for pk, some in found.items()}


def find(short_title: str, places: Collection[Place]) -> list[Cited]:
    """The questions in use whose current version cites one of the articles. Three queries."""
    cited = current_citing(short_title, places)
    rows = Question.objects.filter(pk__in=cited).order_by("pk").values_list("pk", "current__stem", "bank__unit")
    return [Cited(str(pk), stem[:TITLE], unit_id, cited[pk]) for pk, stem, unit_id in rows]


def draft_of(version: QuestionVersion) -> QuestionDraft:
    """A stored version as a draft again, sub-questions with it: what `revise_question` would take. Four queries."""
    view = queries.versions([version.pk])[version.pk]
    marks = dict(QuestionVersion.objects.filter(question=version.question_id).values_list("pk", "marks"))

    def draft(one: queries.VersionView) -> QuestionDraft:
        return QuestionDraft(
            type=one.type, stem=one.stem, options=one.options, prompts=one.prompts, answer=one.answer,
            explanation=one.explanation, difficulty=one.difficulty, topic=version.question.topic, marks=marks[one.id],
            citations=one.citations, source=version.source, children=tuple(map(draft, one.children)),
        )  # fmt: skip

    return draft(view)


def lock(keys: Collection[str]) -> None:
    """The questions, before their tasks: an edit has its question first and goes on to the tasks."""
    list(Question.objects.select_for_update().filter(pk__in=[int(key) for key in keys]).order_by("pk").values_list("pk"))


def hold(keys: Collection[str], by, now: datetime) -> None:
    actions.hold_questions([int(key) for key in keys], by=by, now=now)


def release(keys: Collection[str], by, now: datetime) -> None:
    actions.release_questions([int(key) for key in keys], by=by, now=now)


def retire(key: str, by, now: datetime) -> None:
    question = Question.objects.get(pk=int(key))
    if question.status != Question.Status.RETIRED:
        actions.retire_question(question, by=by, now=now, reason="所引条文有变化")


def repoint(key: str, short_title: str, places: Mapping[Place, Place], by, now: datetime) -> bool:
    """A new version that cites the articles under their new numbers, in the explanation too; False where none is cited."""
    question = Question.objects.select_related("current__question").get(pk=int(key))
    if question.status == Question.Status.RETIRED:
        return False
    draft = draft_of(question.current)
    led = _led(draft, short_title, places)
    if led == draft:
        return False
    actions.repoint_question(question, led, by=by, now=now)
    return True


def _led(draft: QuestionDraft, short_title: str, places: Mapping[Place, Place]) -> QuestionDraft:
    citations = tuple(_lead(ref, short_title, places) for ref in draft.citations)
    explanation = lead_text(draft.explanation, short_title, places)
    children = tuple(_led(child, short_title, places) for child in draft.children)
    return replace(draft, citations=citations, explanation=explanation, children=children)


def _lead(ref: CitationRef, short_title: str, places: Mapping[Place, Place]) -> CitationRef:
    new = places.get((ref.article, ref.sub)) if fold_title(ref.law_title) == short_title else None
    return replace(ref, article=new[0], sub=new[1]) if new else ref


def lead_text(text: str, short_title: str, places: Mapping[Place, Place]) -> str:
    """The text with citations of single articles under their new numbers; lists and ranges are left for people."""
    out, done = [], 0
    for found in find_citations(text, short_title):
        articles = {(ref.law_title, ref.article, ref.sub) for ref in found.refs}
        if len(articles) != 1:
            continue
        title, *place = articles.pop()
        new = places.get(tuple(place))
        words = text[found.start : found.end]
        label = article_label(*place)
        if title == short_title and new and words.count(label) == 1:
            out += [text[done : found.start], words.replace(label, article_label(*new))]
            done = found.end
    return "".join([*out, text[done:]])


def addresses(keys: Iterable[str]) -> dict[str, str]:
    there = Question.objects.exclude(status=Question.Status.STAGED).filter(pk__in=[int(key) for key in keys])
    return {str(pk): reverse("bank:question", args=[pk]) for pk in there.values_list("pk", flat=True)}


QUESTIONS = Citing(
    kind=KIND, words="试题", role=Role.SETTER, find=find, hold=hold, release=release, retire=retire, repoint=repoint,
    addresses=addresses, edited_here=True, lock=lock,
)  # fmt: skip

