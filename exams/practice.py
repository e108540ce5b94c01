"""自测和模拟考试: papers from what nobody keeps back, marked at once and kept nowhere (docs/rules.md “自测和模拟考试”)."""
import json
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.core import signing
from mingfa.bank.beliefs import tagged_versions
from mingfa.bank.marking import is_marked_by_people, mark_question
from mingfa.bank.models import Bank
from mingfa.bank.queries import PoolItem, drawable
from mingfa.bank.registry import kept_back, withheld_from
from mingfa.bank.types import KINDS
from mingfa.people.models import OrgUnit, User

from .engine import paper as engine
from .engine.refusals import PaperShortage
from .engine.scoring import mark_sheet
from .engine.sheet import Sheet
from .models import Exam
from .papers import LoadedPaper, dump_items, engine_rule, keys_of, load_items, loaded, option_counts, rules_of

SALT = "exams.practice"
VALID_SECONDS = 6 * 3600
MARKS = Decimal(1)
SIZES = (10, 20, 50)


def banks_for(user: User) -> list[Bank]:
    """The banks of the person's own unit and of those above it."""
    posting = user.postings.filter(main=True, ends_on=None).select_related("unit").first()
    if posting is None:
        return []
    return list(Bank.objects.filter(unit__path__in=OrgUnit.paths_down_to(posting.unit.path)).order_by("name"))


def free_pool(bank: Bank, user: User, *, now: datetime) -> list[PoolItem]:
    """What this person may be asked for practice now: not reserved, kept back by no open or coming exam (AL2), on no
    paper the person is sitting, and of a type that a machine marks."""
    pool = [one for one in drawable(bank, include_reserved=False) if one.type in KINDS and not is_marked_by_people(one.type)]
    hidden = kept_back([one.question_id for one in pool], now) | withheld_from(user, now)
    return [one for one in pool if one.question_id not in hidden]


def with_beliefs(pool: Sequence[PoolItem]) -> list[PoolItem]:
    """针对误区练习: those whose wrong answers show what people often believe. Which belief it is is not told beforehand."""
    tagged = tagged_versions(one.version_id for one in pool)
    return [one for one in pool if one.version_id in tagged]


def draw_practice(pool: Sequence[PoolItem], *, size: int, law: str = "", topic: str = "", seed: int) -> list[engine.Item]:
    """Up to `size` questions at random, in the printed order of their types; empty when nothing fits."""
    fitting = [one for one in pool if (not law or law in one.laws) and (not topic or one.topic == topic)]
    rng = random.Random(seed)  # noqa: S311 - which questions are practised is no secret
    chosen = rng.sample(sorted(fitting, key=lambda one: one.version_id), min(size, len(fitting)))
    rules = [engine.Rule(kind, count, MARKS) for kind in KINDS if (count := sum(one.type == kind for one in chosen))]
    return engine.draw(rules, chosen, option_counts(chosen), seed=seed) if rules else []


def draw_mock(exam: Exam, pool: Sequence[PoolItem], *, seed: int) -> list[engine.Item]:
    """A paper by the exam's own rules from what may be practised; rules that cannot be filled ask as much as there is."""
    counts = option_counts(pool)
    rules = [engine_rule(one) for one in rules_of(exam.blueprint)]
    while rules:
        try:
            return engine.draw(rules, pool, counts, seed=seed)
        except PaperShortage as short:
            place = short.rule - 1
            rules[place : place + 1] = [
                engine.Rule(one.type, short.available, one.marks, one.topic, one.law, one.difficulty)
                for one in rules[place : place + 1] if short.available
            ]  # fmt: skip
    return []


def seal(items: Sequence[engine.Item], seed: int, user: User) -> str:
    """The paper as text that a page carries back: nobody can put other questions into it."""
    return signing.dumps([user.pk, seed, dump_items(items)], salt=SALT, compress=True)


def unseal(text: str, user: User) -> LoadedPaper | None:
    """The paper of this person; None for anything else, or what is older than a practice takes."""
    try:
        owner, seed, items = signing.loads(text, salt=SALT, max_age=VALID_SECONDS)
    except (signing.BadSignature, json.JSONDecodeError):
        return None
    return loaded(load_items(items), seed=seed) if owner == user.pk else None


@dataclass(frozen=True)
class Row:
    """An answer as `rendering.review` takes it."""

    place: int
    answer: str
    mark: Decimal
    full: Decimal


def marked(paper: LoadedPaper, sheet: Sheet, *, policy: str) -> list[Row]:
    """The answered questions with their marks: an explanation never comes before an answer (AL2)."""
    done = mark_sheet(paper.items, keys_of(paper), sheet, policy=policy, mark_question=mark_question)
    return [Row(one.place, one.answer, one.mark, one.full) for one in done.questions if one.answer]
