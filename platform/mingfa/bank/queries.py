"""What a bank holds: pools to draw papers from, frozen views of versions, lists for the setter's pages."""

from collections import defaultdict
from dataclasses import dataclass, replace

from django.db.models import Q, QuerySet

from mingfa.bank.drafts import Problem, key_words, stem_hash
from mingfa.bank.importing import Parsed, Repeat
from mingfa.bank.importing.messages import sheet_error
from mingfa.bank.marking import is_right
from mingfa.bank.models import Citation, Option, Question, QuestionVersion
from mingfa.library.citations import CitationRef


@dataclass(frozen=True)
class PoolItem:
    """What a blueprint needs to know about a question it may draw. `laws` are short titles, sorted."""

    version_id: int
    question_id: int
    type: str
    topic: str
    difficulty: int
    laws: tuple[str, ...]


@dataclass(frozen=True)
class VersionView:
    """A version with its options, key and citations. Immutable like its row: safe to cache for ever.

    `children` are the sub-questions of a case, in order. Holds the key: never hand one to a template that
    a candidate sees before handing in; use `CheckItem` there.
    """

    id: int
    type: str
    stem: str
    options: tuple[str, ...]
    answer: str
    explanation: str
    citations: tuple[CitationRef, ...]
    children: tuple["VersionView", ...] = ()


@dataclass(frozen=True)
class CheckItem:
    """A question as somebody who has not answered it may see it: nothing here depends on the key."""

    question_id: int
    version_id: int
    type: str
    stem: str
    options: tuple[str, ...]


@dataclass(frozen=True)
class CheckResult:
    """What somebody may see of a question after having answered it."""

    question_id: int
    given: str
    right: bool
    answer: str
    explanation: str
    citations: tuple[CitationRef, ...]


def drawable(bank, *, include_reserved: bool = True) -> list[PoolItem]:
    """The current versions of a bank's usable questions, by question id. Two queries."""
    questions = Question.objects.filter(bank=bank, status=Question.Status.USABLE, current__isnull=False)
    if not include_reserved:
        questions = questions.filter(reserved=False)
    cited = Citation.objects.filter(version__in=questions.values("current")).values_list("version", "law_title")
    laws = defaultdict(set)
    for version_id, title in cited.order_by():
        laws[version_id].add(title)
    rows = questions.order_by("id").values_list("current_id", "id", "current__type", "topic", "current__difficulty")
    return [PoolItem(*row, laws=tuple(sorted(laws[row[0]]))) for row in rows]


def versions(ids) -> dict[int, VersionView]:
    """Views of the versions with these ids, sub-questions of cases inside them. Three queries."""
    ids = set(ids)
    rows = QuestionVersion.objects.filter(Q(pk__in=ids) | Q(parent__in=ids)).order_by("order", "id")
    rows = list(rows.only("id", "parent_id", "type", "stem", "answer", "explanation"))
    found = [row.pk for row in rows]
    options, citations, children = defaultdict(list), defaultdict(list), defaultdict(list)
    for option in Option.objects.filter(version__in=found).order_by("order"):
        options[option.version_id].append(option.text)
    for citation in Citation.objects.filter(version__in=found).order_by("id"):
        citations[citation.version_id].append(ref_of(citation))
    views = {}
    for row in sorted(rows, key=lambda row: row.parent_id is None):
        view = VersionView(
            id=row.pk,
            type=row.type,
            stem=row.stem,
            options=tuple(options[row.pk]),
            answer=row.answer,
            explanation=row.explanation,
            citations=tuple(citations[row.pk]),
            children=tuple(children[row.pk]),
        )
        children[row.parent_id].append(view)
        views[row.pk] = view
    return {pk: view for pk, view in views.items() if pk in ids}


def ref_of(citation: Citation) -> CitationRef:
    """The library's address of a stored citation."""
    return CitationRef(citation.law_title, citation.article, citation.sub, citation.paragraph, citation.item)


def checkable(question_ids) -> dict[int, VersionView]:
    """Question id → current version, for practice and quick checks, in the order asked.

    Questions that are reserved for exams, retired or drafts are left out, whoever asks. Four queries.
    """
    usable = Question.objects.filter(
        pk__in=set(question_ids), status=Question.Status.USABLE, reserved=False, current__isnull=False
    )
    current = dict(usable.values_list("id", "current_id"))
    views = versions(current.values())
    return {pk: views[current[pk]] for pk in question_ids if pk in current}


def quick_check(question_ids) -> list[CheckItem]:
    """The same questions as a learner sees them before answering. The key stays on the server."""
    return [CheckItem(pk, view.id, view.type, view.stem, view.options) for pk, view in checkable(question_ids).items()]


def check_results(given: dict[int, str]) -> list[CheckResult]:
    """What a learner is told after answering: question id → canonical answer ("AC", "T").

    Only questions that were answered come back, so that an explanation never arrives before an answer.
    """
    views = checkable([pk for pk, answer in given.items() if answer])
    return [
        CheckResult(
            question_id=pk,
            given=given[pk],
            right=is_right(view.type, view.answer, given[pk]),
            answer=view.answer,
            explanation=view.explanation,
            citations=view.citations,
        )
        for pk, view in views.items()
    ]


def in_use(bank) -> QuerySet[Question]:
    """The questions of a bank that count: neither retired nor still being imported."""
    return Question.objects.filter(bank=bank, status__in=(Question.Status.DRAFT, Question.Status.USABLE))


def questions_with_stem(bank, stem: str) -> QuerySet[Question]:
    """The questions in use of a bank whose current wording is this stem (folded)."""
    return in_use(bank).filter(current__stem_hash=stem_hash(stem))


def compare_with_bank(bank, parsed: Parsed) -> Parsed:
    """The same file as this bank sees it: questions it has already become repeats, contradictions errors.

    Two queries whatever the sizes. `bank` None (a preview before the bank exists) changes nothing.
    """
    if bank is None or not parsed.questions:
        return parsed
    hashes = {stem_hash(question.draft.stem): question for question in parsed.questions}
    rows = in_use(bank).values_list("current__stem_hash", "id", "current_id", "current__type", "current__answer")
    known = {row[0]: row[1:] for row in rows if row[0] in hashes}
    options = defaultdict(list)
    for option in Option.objects.filter(version__in=[row[1] for row in known.values()]).order_by("order"):
        options[option.version_id].append(option.text)
    questions, repeats, errors = [], list(parsed.repeats), list(parsed.errors)
    for hash, question in hashes.items():
        if hash not in known:
            questions.append(question)
            continue
        pk, version_id, type, answer = known[hash]
        draft = question.draft
        if key_words(draft.type, draft.options, draft.answer) == key_words(type, options[version_id], answer):
            repeats.append(Repeat(question.place, draft.stem, question_id=pk))
        else:
            facts = (f"题库里编号 {pk} 的试题",)
            problem = Problem("duplicate_stem_different_answer", "stem", facts)
            errors.append(sheet_error(problem, question.place))
    return replace(parsed, questions=tuple(questions), repeats=tuple(repeats), errors=tuple(errors))
