"""What became of a question: its versions as text, their hashes, what was signed, who wrote, what differs."""

import hashlib
import json
from collections import defaultdict
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db.models import Count, Exists, OuterRef, QuerySet

from mingfa.bank.differences import Difference, compare
from mingfa.bank.models import Difficulty, Question, QuestionType, QuestionVersion
from mingfa.bank.queries import TRUE_FALSE, VersionView, versions
from mingfa.library.citations import format_citation
from mingfa.review.models import OPEN, Review, ReviewStep
from mingfa.review.queries import content_type_of, reviews_of, with_chain
from mingfa.wording import marks as marks_words

# What is reviewed: the immutable row of a version with its options, citations and sub-questions.
MODEL = "bank.questionversion"


def text_hashes(version_ids) -> dict[int, str]:
    """Version id → SHA-256 over everything a reviewer reads: stem, options, key, explanation, law, difficulty, marks.

    Sub-questions are part of their case. Four queries, however many.
    """
    views = versions(version_ids)
    marks = _marks(views.values())
    return {pk: hashlib.sha256(_canonical(view, marks).encode()).hexdigest() for pk, view in views.items()}


def told(view: VersionView, marks: dict[int, Decimal | None]) -> dict[str, str]:
    """A version as labelled text, for reading and comparing. Holds the key."""
    texts: dict[str, str] = {}
    for place, part in enumerate((view, *view.children)):
        before = f"（{place}）" if place else ""
        texts |= {before + label: text for label, text in _told(part).items() if text}
    texts["依据"] = "\n".join(format_citation(ref) for part in (view, *view.children) for ref in part.citations)
    texts["难度"] = Difficulty(view.difficulty).label
    texts["分值"] = "" if marks.get(view.id) is None else marks_words(marks[view.id])
    return {label: text for label, text in texts.items() if text}


def differences(old_id: int | None, new_id: int) -> list[Difference]:
    """Part by part from one version to another; without an old one everything is simply there."""
    views = versions([pk for pk in (old_id, new_id) if pk])
    marks = _marks(views.values())
    new = told(views[new_id], marks)
    return compare(told(views[old_id], marks) if old_id else new, new)


def reviews_of_versions(version_ids) -> QuerySet[Review]:
    """The reviews of these versions, the newest last."""
    return reviews_of(MODEL, version_ids)


def last_approved(version: QuestionVersion) -> QuestionVersion | None:
    """The latest earlier version whose third review was signed, whatever became of the approval since. One query."""
    third = ReviewStep.objects.filter(
        act=ReviewStep.Act.SIGN, step=3, review__target_type=content_type_of(MODEL), review__target_id=OuterRef("pk")
    )
    earlier = QuestionVersion.objects.filter(question=version.question_id, parent=None, number__lt=version.number)
    return earlier.filter(Exists(third)).order_by("-number").first()


def authors_of(question_ids) -> dict[int, frozenset[int]]:
    """Question id → everybody who wrote a version since the last one that stands approved; with the first one, who
    brought the file it came in. Three queries."""
    ids = list(question_ids)
    whole = QuestionVersion.objects.filter(question__in=ids, parent=None)
    rows = list(whole.values_list("id", "question", "number", "created_by"))
    standing = reviews_of(MODEL, [row[0] for row in rows]).filter(state=Review.State.PASSED)
    passed = set(standing.values_list("target_id", flat=True))
    last: dict[int, int] = defaultdict(int)
    for pk, question, number, _ in rows:
        if pk in passed:
            last[question] = max(last[question], number)
    found: dict[int, set[int]] = defaultdict(set)
    for _, question, number, author in rows:
        if number > last[question] and author:
            found[question].add(author)
    brought = Question.objects.filter(pk__in=[pk for pk in ids if not last[pk]], imported_in__created_by__isnull=False)
    for question, person in brought.order_by().values_list("pk", "imported_in__created_by"):
        found[question].add(person)
    return {question: frozenset(found[question]) for question in ids}


def submittable(bank, question_ids=None) -> QuerySet[Question]:
    """Questions that may be submitted: drafts, and usable ones from before the bank was reviewed; none in review."""
    standing = reviews_of(MODEL, [OuterRef("current")]).filter(state__in=(*OPEN, Review.State.PASSED))
    found = Question.objects.filter(bank=bank, status__in=(Question.Status.DRAFT, Question.Status.USABLE))
    if question_ids is not None:
        found = found.filter(pk__in=question_ids)
    return found.filter(~Exists(standing)).order_by("id")


@dataclass(frozen=True)
class Progress:
    """How a reviewed bank stands. `drafts` and `unreviewed` (usable from before) can be submitted, returned ones too:
    they are among the drafts. `waiting` counts those in review by step."""

    drafts: int
    unreviewed: int
    waiting: tuple[int, int, int]
    returned: int

    @property
    def in_review(self) -> int:
        return sum(self.waiting)


def progress_of(bank) -> Progress:
    """Two queries."""
    free = dict(submittable(bank).order_by().values_list("status").annotate(number=Count("pk")))
    states = dict(reviews_of_bank(bank).order_by().values_list("state").annotate(number=Count("pk")))
    return Progress(
        drafts=free.get(Question.Status.DRAFT, 0),
        unreviewed=free.get(Question.Status.USABLE, 0),
        waiting=tuple(states.get(state, 0) for state in OPEN),
        returned=states.get(Review.State.RETURNED, 0),
    )


def reviews_of_bank(bank) -> QuerySet[Review]:
    """Open and returned reviews of the current versions of a bank."""
    current = Question.objects.filter(bank=bank).values("current")
    return reviews_of(MODEL, current).filter(state__in=(*OPEN, Review.State.RETURNED))


def questions_of(version_ids) -> dict[int, int]:
    """Version id → question id. One query."""
    return dict(QuestionVersion.objects.filter(pk__in=version_ids).values_list("id", "question"))


def returned_questions(questions) -> dict[int, Review]:
    """Version id → the review that came back, for those of the questions whose current version was returned. One query."""
    current = [question.current_id for question in questions]
    return {one.target_id: one for one in reviews_of(MODEL, current).filter(state=Review.State.RETURNED)}


@dataclass(frozen=True)
class Entry:
    """A version with its reviews; `intact`: its text still has the hash that was signed."""

    version: QuestionVersion
    reviews: tuple[Review, ...]
    intact: bool


def entries_of(question) -> list[Entry]:
    """Every version of a question, the newest first. A constant number of queries."""
    rows = list(question.versions.filter(parent=None).select_related("created_by").order_by("-number"))
    hashes = text_hashes([row.pk for row in rows])
    reviews = defaultdict(list)
    for review in with_chain(reviews_of(MODEL, list(hashes))):
        reviews[review.target_id].append(review)
    return [
        Entry(row, tuple(reviews[row.pk]), all(one.text_hash == hashes[row.pk] for one in reviews[row.pk])) for row in rows
    ]


def titles(version_ids) -> dict[int, str]:
    """Version id → its stem, shortened: nothing here depends on the key. One query."""
    rows = QuestionVersion.objects.filter(pk__in=version_ids).values_list("id", "question", "stem")
    return {pk: f"试题 {question}：{stem[:40]}{'…' if len(stem) > 40 else ''}" for pk, question, stem in rows}


def _told(part: VersionView) -> dict[str, str]:
    texts = {"题型": QuestionType(part.type).label, "题干": part.stem, "左边各项": "\n".join(part.prompts)}
    texts |= {f"选项 {chr(65 + place)}": text for place, text in enumerate(part.options)}
    answer = TRUE_FALSE["TF".index(part.answer)] if part.type == QuestionType.JUDGE else part.answer
    return texts | {"正确答案": answer, "解析": part.explanation}


def _marks(views) -> dict[int, Decimal | None]:
    ids = [part.id for view in views for part in (view, *view.children)]
    return dict(QuestionVersion.objects.filter(pk__in=ids).values_list("id", "marks"))


def _canonical(view: VersionView, marks: dict[int, Decimal | None]) -> str:
    parts = [
        [
            part.type, part.stem, part.options, part.prompts, part.answer, part.explanation,
            [list(asdict(ref).values()) for ref in part.citations], part.difficulty, marks_words(marks[part.id]),
        ]
        for part in (view, *view.children)
    ]  # fmt: skip
    return json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
