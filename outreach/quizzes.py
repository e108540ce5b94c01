"""The public quiz: what a code asks now, what its answers are worth, and lists for those who keep it."""
import random
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.core import signing
from django.core.cache import cache
from django.db.models import Count, Q, QuerySet, Sum
from django.urls import reverse
from mingfa.bank.models import Bank, Question, QuestionType
from mingfa.bank.queries import TRUE_FALSE, VersionView, checkable
from mingfa.bank.registry import Use
from mingfa.people.access import units_visible_to
from mingfa.people.models import OrgUnit, Role

from .models import Code, QuestionRelease, Quiz, QuizQuestion
from .publishing.listing import released

TYPES = (QuestionType.SINGLE, QuestionType.MULTIPLE, QuestionType.JUDGE)
FEWEST, MOST = 3, 5
# How long a loaded quiz is asked before the bank is asked again whether its questions may still be.
FRESH = 15  # seconds
LONGEST_SLUG = 12
KIND = "扫码答题"
SALT, GOOD_FOR = "outreach.quiz", 2 * 60 * 60  # seconds from seeing a question to answering it


@dataclass(frozen=True)
class Loaded:
    """A code and the questions it asks; what is reserved, resting or withdrawn is not among them."""

    code: int
    slug: str
    name: str
    phase: str
    help: str
    place: str
    questions: tuple[VersionView, ...]


def load(slug: str, *, now: datetime) -> Loaded | None:
    """None for a code that never was or is not in use any more. No query while it is fresh."""
    if len(slug) > LONGEST_SLUG:
        return None
    key = f"quiz-{slug}"
    found = cache.get(key)
    if found is None:
        found = _read(slug, now) or False
        cache.set(key, found, FRESH)
    return found or None


def _read(slug: str, now: datetime) -> Loaded | None:
    codes = Code.objects.select_related("quiz", "unit", "activity").filter(retired_at=None, quiz__closed_at=None)
    code = codes.filter(slug=slug).first()
    if code is None:
        return None
    rows = code.quiz.questions.filter(release__withdrawn_at=None).select_related("release__version").order_by("place")
    versions = {one.release.version.question_id: one.release.version_id for one in rows}
    usable = checkable(list(versions), now=now)
    # A wording that has been changed since it was released waits for a new release.
    questions = tuple(view for pk, view in usable.items() if view.id == versions[pk])
    return Loaded(code.pk, slug, code.quiz.name, code.phase, code.quiz.help, code.unit.name, questions)


@dataclass(frozen=True)
class Over:
    """A code that is not in use any more: since when, and what of its plan can still be read ("" for nothing)."""

    name: str
    at: datetime
    title: str
    slug: str


def over(slug: str) -> Over | None:
    """None for a code that never was, and for one in use. No query while it is fresh."""
    if len(slug) > LONGEST_SLUG:
        return None
    key = f"quiz-over-{slug}"
    found = cache.get(key)
    if found is None:
        found = _read_over(slug) or False
        cache.set(key, found, FRESH)
    return found or None


def _read_over(slug: str) -> Over | None:
    code = Code.objects.select_related("quiz").filter(slug=slug).first()
    ends = [at for at in (code.retired_at, code.quiz.closed_at) if at] if code else []
    if not ends:
        return None
    plan = code.quiz.campaign_id
    page = released("campaignpage").filter(page__campaignpage__campaign=plan).first() if plan else None
    return Over(code.quiz.name, min(ends), page.text.title if page else "", page.slug if page else "")


@dataclass(frozen=True)
class Turn:
    """Where somebody is in the questions. It travels with the page, signed; nothing of it is kept."""

    slug: str
    place: int
    nonce: str
    seed: int
    right: int = 0
    version: int = 0

    def next(self, *, right: bool, version: int = 0) -> "Turn":
        return Turn(self.slug, self.place + 1, secrets.token_hex(8), self.seed, self.right + right, version)


def first_turn(quiz: Loaded, *, seed: int, nonce: str) -> Turn:
    return Turn(quiz.slug, 0, nonce, seed, version=quiz.questions[0].id)


def write_turn(turn: Turn) -> str:
    return signing.dumps([turn.slug, turn.place, turn.nonce, turn.seed, turn.right, turn.version], salt=SALT)


def read_turn(text: str, slug: str) -> Turn | None:
    """None for words that we did not write, for another code, and after two hours."""
    try:
        turn = Turn(*signing.loads(text, salt=SALT, max_age=GOOD_FOR))
    except (signing.BadSignature, TypeError, ValueError):
        return None
    return turn if turn.slug == slug else None


@dataclass(frozen=True)
class Choice:
    """One option as shown: `letter` on the page, `answer` in the bank's canonical letters."""

    letter: str
    answer: str
    text: str


def choices(question: VersionView, turn: Turn) -> list[Choice]:
    """The options in this visitor's order; 判断 keeps its own."""
    if question.type == QuestionType.JUDGE:
        return [Choice(letter, answer, text) for letter, answer, text in zip("AB", "TF", TRUE_FALSE, strict=True)]
    order = list(range(len(question.options)))
    random.Random(f"{turn.seed} {question.id}").shuffle(order)  # noqa: S311 an order to show options in, no secret
    return [Choice(chr(65 + shown), chr(65 + at), question.options[at]) for shown, at in enumerate(order)]


def answer_of(question: VersionView, turn: Turn, letters: Iterable[str]) -> str:
    """What was chosen, in canonical letters; "" for nothing, or for what was not offered."""
    offered = {one.letter: one.answer for one in choices(question, turn)}
    letters = list(letters)
    if not letters or any(one not in offered for one in letters):
        return ""
    if question.type != QuestionType.MULTIPLE and len(set(letters)) > 1:
        return ""
    return "".join(sorted({offered[one] for one in letters}))


# ---- for those who keep it ----


def quizzes_of(places: Iterable[OrgUnit]) -> QuerySet[Quiz]:
    """Quizzes of these units and of those above them, the latest first."""
    paths = {path for one in places for path in OrgUnit.paths_down_to(one.path)}
    return Quiz.objects.filter(unit__path__in=paths).select_related("unit", "campaign").order_by("-created_at", "-pk")


def with_scans(found: QuerySet[Quiz], places: Iterable[OrgUnit]) -> QuerySet[Quiz]:
    """`begun`: how many people answered through the codes of each at these places."""
    here = Q(codes__unit__in=list(places))
    return found.annotate(begun=Sum("codes__visits__begun", filter=here, default=0))


def codes_of(places: Iterable[OrgUnit]) -> QuerySet[Code]:
    """Codes whose answers are counted at these places, with `begun` and `finished`."""
    found = Code.objects.filter(unit__in=list(places)).select_related(
        "quiz", "unit", "batch__material", "activity", "quiz__unit"
    )
    sums = {"begun": Sum("visits__begun", default=0), "finished": Sum("visits__finished", default=0)}
    return found.annotate(**sums).order_by("-created_at", "-pk")


def never_scanned(places: Iterable[OrgUnit]) -> QuerySet[Code]:
    """Codes of batches that were never scanned: leaflets of which nobody knows whether anybody looked at them."""
    return codes_of(places).filter(batch__isnull=False, begun=0, retired_at=None)


def releases_for(places: Iterable[OrgUnit]) -> QuerySet[QuestionRelease]:
    """Released questions that these units may ask: of the units above them, their own, and of units among them."""
    paths = {path for one in places for path in OrgUnit.paths_down_to(one.path)}
    found = QuestionRelease.objects.filter(unit__path__in=paths, withdrawn_at=None).select_related("version", "unit")
    return found.order_by("-released_at", "-pk")


def banks_of(user) -> QuerySet[Bank]:
    """Banks whose questions the person may release: of units where he or she is 出题人."""
    return Bank.objects.filter(unit__in=units_visible_to(user, Role.SETTER)).select_related("unit")


def releasable(banks: QuerySet[Bank], *, words: str = "", question: int = 0) -> QuerySet[Question]:
    """Questions that may be asked in public: usable, with an explanation, never those kept for exams. `is_released`.

    words: those whose stem has them. question: this one only.
    """
    found = Question.objects.filter(
        bank__in=banks, status=Question.Status.USABLE, reserved=False, held=False, current__type__in=TYPES,
        current__parent=None,
    ).exclude(current__explanation="")  # fmt: skip
    if question:
        found = found.filter(pk=question)
    for word in words.split():
        found = found.filter(current__stem__icontains=word)
    released = Count("current__pk", filter=Q(current__in=QuestionRelease.objects.filter(withdrawn_at=None).values("version")))
    return found.select_related("current", "bank").annotate(is_released=released).order_by("-pk")


def uses_in_public(question: Question, user, now: datetime) -> list[Use]:
    """For the bank's page of a question: whether the public may be asked it, and in which quizzes it stands."""
    if user is None or not getattr(user, "is_authenticated", False):
        return []
    found = []
    may = releasable(banks_of(user), question=question.pk).first()
    if may is not None:
        address = f"{reverse('outreach:public_questions')}?question={question.pk}"
        words = ("已公开，宣传员可以选用", "在这里可以撤下")
        if not may.is_released:
            words = ("公开给群众答", "还没有公开；公开以后谁都能看到答案和解析")
        found.append(Use(KIND, words[0], address, words[1]))
    places = units_visible_to(user, Role.OUTREACH, Role.LEADER)
    asked = QuizQuestion.objects.filter(release__version__question=question).values("quiz")
    for one in quizzes_of(places).filter(pk__in=asked):
        found.append(Use(KIND, one.name, reverse("outreach:quiz", args=[one.pk]), "已停用" if one.closed_at else ""))
    return found
