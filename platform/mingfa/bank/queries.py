"""What a bank holds: pools to draw papers from, frozen views of versions, lists for the setter's pages."""

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from mingfa.bank.drafts import Problem, QuestionDraft, draft_hash, same_key
from mingfa.bank.grounds import figures_of_key
from mingfa.bank.importing import Parsed, Rejected, Repeat
from mingfa.bank.importing.messages import sheet_error
from mingfa.bank.models import (
    AnswerBelief,
    Bank,
    Citation,
    Option,
    Question,
    QuestionImport,
    QuestionType,
    QuestionVersion,
)
from mingfa.bank.registry import kept_back, withheld_from
from mingfa.library.citations import CitationRef
from mingfa.library.provisions import find_provision
from mingfa.library.quantities import stands_in
from mingfa.library.queries import articles_for, statuses_of

TRUE_FALSE = ("正确", "错误")
READ_AT_ONCE = 1000  # versions in one query of an export; their ids are its parameters


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
    a candidate sees before handing in.
    """

    id: int
    type: str
    stem: str
    options: tuple[str, ...]
    answer: str
    explanation: str
    citations: tuple[CitationRef, ...]
    children: tuple["VersionView", ...] = ()
    difficulty: int = 2
    prompts: tuple[str, ...] = ()
    parent_id: int | None = None

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """(left side, letter of its partner) of a 配对."""
        return list(zip(self.prompts, self.answer, strict=False))

    @property
    def blanks(self) -> int:
        """How many blanks a 填空 has: told by its key, and no secret."""
        return len(self.answer.split("\n"))


def drawable(bank, *, include_reserved: bool = True) -> list[PoolItem]:
    """The current versions of a bank's usable questions, by question id. Two queries.

    Held ones (their article changed and nobody has looked yet) are left out.
    """
    questions = Question.objects.filter(bank=bank, status=Question.Status.USABLE, held=False, current__isnull=False)
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
    rows = list(rows.only("id", "parent_id", "type", "stem", "prompts", "answer", "explanation", "difficulty"))
    found = [row.pk for row in rows]
    options, citations, children = defaultdict(list), defaultdict(list), defaultdict(list)
    for option in Option.objects.filter(version__in=found).order_by("order"):
        options[option.version_id].append(option.text)
    for citation in Citation.objects.filter(version__in=found).order_by("id"):
        citations[citation.version_id].append(citation.ref)
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
            difficulty=row.difficulty,
            prompts=tuple(row.prompts.split("\n")) if row.prompts else (),
            parent_id=row.parent_id,
        )
        children[row.parent_id].append(view)
        views[row.pk] = view
    return {pk: view for pk, view in views.items() if pk in ids}


def checkable(question_ids, *, now: datetime) -> dict[int, VersionView]:
    """Question id → current version, for practice and quick checks, in the order asked.

    Questions that are reserved for exams, kept back by an open or coming one (AL2), held because their article
    changed, retired or drafts are left out, whoever asks. Four queries and what the exams ask.
    """
    free = set(question_ids) - kept_back(question_ids, now)
    usable = Question.objects.filter(
        pk__in=free, status=Question.Status.USABLE, reserved=False, held=False, current__isnull=False
    )
    current = dict(usable.values_list("id", "current_id"))
    views = versions(current.values())
    return {pk: views[current[pk]] for pk in question_ids if pk in current}


def in_use(bank) -> QuerySet[Question]:
    """The questions of a bank that count: neither retired nor still being imported."""
    return Question.objects.filter(bank=bank, status__in=(Question.Status.DRAFT, Question.Status.USABLE))


def questions_worded(bank, draft: QuestionDraft) -> QuerySet[Question]:
    """The questions in use of a bank with the stem of a draft now (folded), and with its sub-questions' stems."""
    return in_use(bank).filter(current__stem_hash=draft_hash(draft))


def compare_with_bank(bank, parsed: Parsed) -> Parsed:
    """The same file as this bank sees it: questions it has already become repeats, contradictions errors.

    One query, and three a thousand questions that it has. `bank` None (a preview before the bank exists) changes nothing.
    """
    if bank is None or not parsed.questions:
        return parsed
    hashes = {draft_hash(question.draft): question for question in parsed.questions}
    rows = in_use(bank).values_list("current__stem_hash", "id", "current_id")
    known = {hash: (pk, version_id) for hash, pk, version_id in rows if hash in hashes}
    ids = [version_id for _, version_id in known.values()]
    views = {}
    for start in range(0, len(ids), READ_AT_ONCE):
        views |= versions(ids[start : start + READ_AT_ONCE])
    questions, repeats, errors, rejected = [], list(parsed.repeats), list(parsed.errors), list(parsed.rejected)
    for hash, question in hashes.items():
        if hash not in known:
            questions.append(question)
            continue
        pk, version_id = known[hash]
        draft = question.draft
        if same_key(draft, views[version_id]):
            repeats.append(Repeat(question.place, draft.stem, question_id=pk))
        else:
            facts = (f"题库里编号 {pk} 的试题",)
            problem = Problem("duplicate_stem_different_answer", "stem", facts)
            errors.append(sheet_error(problem, question.place))
            rejected.append(Rejected(question.raw, draft, (errors[-1],), question.notes))
    return replace(
        parsed, questions=tuple(questions), errors=tuple(errors), repeats=tuple(repeats), rejected=tuple(rejected)
    )


@dataclass(frozen=True)
class CitationFinding:
    """What is wrong with a question's citations today.

    `standing`: missing, not_in_force, no_such_place (the article has no such 款 or 项), uncited (`ref` is None), or
    number_not_in_article: none of the places cited names `number` of the key; `ref` is the first of them.
    """

    question_id: int
    stem: str
    ref: CitationRef | None
    standing: str
    number: str = ""


@dataclass(frozen=True)
class CitationCheck:
    """What a bank's citations are worth today; `questions` and `citations` are how many were looked at."""

    questions: int
    citations: int
    findings: tuple[CitationFinding, ...]


def citation_findings(bank) -> CitationCheck:
    """Every citation of the current versions in use that does not hold today, and every number of a key without ground.

    A constant number of queries. Sub-questions of a case answer for their case.
    """
    current = dict(in_use(bank).order_by("id").values_list("current_id", "id"))
    views = versions(current)
    cited = {view.id: _all_citations(view) for view in views.values()}
    wanted = {ref for refs in cited.values() for ref in refs}
    standings, articles = statuses_of(wanted), articles_for(wanted)
    findings = []
    for version_id, question_id in current.items():
        refs, view = cited[version_id], views[version_id]
        places = {ref: _cited_text(ref, articles[ref].text) for ref in refs if ref in articles}
        held = [(ref, standings[ref]) for ref in refs if standings[ref] != "in_force"] if refs else [(None, "uncited")]
        held += [(ref, "no_such_place") for ref, text in places.items() if not text]
        findings += [CitationFinding(question_id, view.stem, ref, standing) for ref, standing in held]
        if places and len(places) == len(refs):
            text = "\n".join(places.values())
            findings += [
                CitationFinding(question_id, view.stem, refs[0], "number_not_in_article", number.words)
                for number in figures_of_key(view) if not stands_in(number, text)
            ]  # fmt: skip
    return CitationCheck(len(current), sum(map(len, cited.values())), tuple(findings))


def _cited_text(ref: CitationRef, text: str) -> str:
    """What a citation points at: the article, a 款, or a 项 with the words it hangs on; "" where there is none."""
    if not ref.paragraph and not ref.item:
        return text
    found = find_provision(text, ref.paragraph, ref.item)
    head = find_provision(text, ref.paragraph)[:1] if found and ref.item else []
    return "\n".join(provision.text for provision in [*head, *found])


def _all_citations(view: VersionView) -> tuple[CitationRef, ...]:
    return tuple(dict.fromkeys([*view.citations, *(ref for child in view.children for ref in child.citations)]))


def banks_of(units) -> QuerySet[Bank]:
    """The banks that belong to any of the units."""
    return Bank.objects.filter(unit__in=units)


def with_counts(banks: QuerySet[Bank]) -> QuerySet[Bank]:
    """Banks with `questions_in_use` and `questions_retired`. One query."""
    statuses = Question.Status
    counted = Count("questions", filter=Q(questions__status__in=(statuses.DRAFT, statuses.USABLE)))
    retired = Count("questions", filter=Q(questions__status=statuses.RETIRED))
    return banks.select_related("unit").annotate(questions_in_use=counted, questions_retired=retired)


def history_of(question) -> QuerySet[QuestionVersion]:
    """All versions of a question, the newest first, with who wrote them."""
    return question.versions.filter(parent=None).select_related("created_by").order_by("-number")


def recent_imports(bank) -> QuerySet[QuestionImport]:
    """The last ten files brought to a bank whose file is still kept."""
    return bank.imports.exclude(file="").select_related("created_by")[:10]


def counts_by_type(questions) -> list[tuple[str, int]]:
    """(题型, how many) of parsed questions, in the order of the types."""
    counted = Counter(question.draft.type for question in questions)
    return [(label, counted[value]) for value, label in QuestionType.choices if counted[value]]


@dataclass(frozen=True)
class ShownPart:
    """A question, or one sub-question of a case, prepared for a page. `options` are (letter, text)."""

    type: str
    type_label: str
    stem: str
    options: tuple[tuple[str, str], ...]
    prompts: tuple[str, ...] = ()


def shown_parts(view: VersionView) -> list[ShownPart]:
    """What a candidate sees of a version; nothing here depends on the key."""
    parts = []
    for part in (view, *view.children):
        texts = TRUE_FALSE if part.type == QuestionType.JUDGE else part.options
        options = tuple((chr(65 + place), text) for place, text in enumerate(texts))
        parts.append(ShownPart(part.type, QuestionType(part.type).label, part.stem, options, part.prompts))
    return parts


def is_sat_by(user, bank, now) -> bool:
    """Whether the person is sitting a paper with a question of this bank: no page may tell him or her its keys then."""
    return any_of(bank, withheld_from(user, now))


def any_of(bank, question_ids) -> bool:
    """Whether any of the questions belongs to this bank."""
    return Question.objects.filter(bank=bank, pk__in=question_ids).exists() if question_ids else False


def drafts_of(questions: QuerySet[Question]) -> list[tuple[int, QuestionDraft]]:
    """(question id, current wording with its key) for handing out, by id. Five queries a thousand questions and one."""
    rows = list(questions.filter(current__isnull=False).order_by("id").values_list("id", "current_id", "topic"))
    drafts = []
    for start in range(0, len(rows), READ_AT_ONCE):
        some = rows[start : start + READ_AT_ONCE]
        ids = [version_id for _, version_id, _ in some]
        views = versions(ids)
        marked = QuestionVersion.objects.filter(Q(pk__in=ids) | Q(parent__in=ids))
        marks = dict(marked.values_list("id", "marks"))
        beliefs = defaultdict(list)
        tagged = AnswerBelief.objects.filter(Q(version__in=ids) | Q(version__parent__in=ids)).order_by("answer")
        for version_id, answer, name in tagged.values_list("version", "answer", "belief__name"):
            beliefs[version_id].append((answer, name))
        drafts += [(pk, _draft_of(views[version_id], topic, marks, beliefs)) for pk, version_id, topic in some]
    return drafts


def _draft_of(view: VersionView, topic: str, marks: dict, beliefs: dict) -> QuestionDraft:
    return QuestionDraft(
        type=view.type,
        stem=view.stem,
        options=view.options,
        prompts=view.prompts,
        answer=view.answer,
        explanation=view.explanation,
        difficulty=view.difficulty,
        topic=topic,
        marks=marks[view.id],
        citations=view.citations,
        beliefs=tuple(beliefs.get(view.id, ())),
        children=tuple(_draft_of(child, "", marks, beliefs) for child in view.children),
    )
