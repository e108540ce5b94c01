"""Near questions of a bank: an index in memory, kept up to date by what changed, and the pairs found in the whole bank.

The index is this process's own and costs about 2 KB a question. It is brought up to date by comparing the ids of the
current versions (versions never change), so an edit costs one row, not a new index.
"""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from threading import Lock

from django.db.models import Exists, OuterRef, QuerySet

from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.models import Bank, NearCheck, NearPair, Question
from mingfa.bank.queries import VersionView, in_use, versions
from mingfa.bank.similarity import Index, Kind, Likeness, Near, Wording, marked

BANKS_IN_MEMORY = 4
AT_ONCE = 500  # versions read by one query: SQLite takes no more than some thousand arguments
_indexes: OrderedDict[int, tuple[Index, Lock]] = OrderedDict()
_indexes_lock = Lock()

# (text, differs) stretches of one side.
Marked = list[tuple[str, bool]]


@dataclass(frozen=True)
class NearQuestion:
    """A question near to another, with both wordings marked where they differ. `left` is the one looked up."""

    question_id: int
    likeness: Likeness
    left: Marked
    right: Marked
    view: VersionView


@dataclass(frozen=True)
class ShownPair:
    """A pair for the page: the row, both questions with their current version, stems and options marked."""

    pair: NearPair
    kind: Kind
    first: VersionView
    second: VersionView
    left: Marked
    right: Marked
    left_options: tuple[tuple[str, str, bool, bool], ...]
    right_options: tuple[tuple[str, str, bool, bool], ...]


def similar_to(bank: Bank, drafts: Sequence[QuestionDraft], *, most: int = 3) -> list[list[Near]]:
    """For each draft the near questions of the bank (`id` is the question's), best first; a whole file in one go.

    Three queries a 500 questions that are new since the last call, else one; about 10 ms a draft.
    """
    versions_to_questions, index = _index_of(bank)
    found = []
    for draft in drafts:
        near = index.near(Wording.of(draft), most=most)
        found.append([Near(versions_to_questions[one.id], one.percent, one.kind) for one in near])
    return found


def near_to(question: Question, *, most: int = 5) -> list[NearQuestion]:
    """The questions of its bank near to a question's current wording, best first."""
    _, index = _index_of(question.bank)
    own = versions([question.current_id])[question.current_id]
    return _shown(question.bank, own, index.near(Wording.of(own), most=most, without={question.current_id}))


def near_to_draft(bank: Bank, draft: QuestionDraft, *, without: Question | None = None, most: int = 3) -> list[NearQuestion]:
    """The same for a wording that is not saved; `without` is the question it shall become a version of."""
    _, index = _index_of(bank)
    left_out = {without.current_id} if without else set()
    return _shown(bank, draft, index.near(Wording.of(draft), most=most, without=left_out))


def _shown(bank: Bank, own, near: Iterable[Near]) -> list[NearQuestion]:
    near = list(near)
    views = versions(one.id for one in near)
    questions = dict(in_use(bank).filter(current__in=views).values_list("current_id", "id"))
    return [
        NearQuestion(questions[one.id], Likeness(one.percent, one.kind), *marked(own.stem, views[one.id].stem), views[one.id])
        for one in near if one.id in questions
    ]  # fmt: skip


def unchecked(bank: Bank) -> QuerySet[Question]:
    """Questions in use whose current wording has not been compared with the rest of the bank yet."""
    checked = NearCheck.objects.filter(version=OuterRef("current"))
    return in_use(bank).filter(~Exists(checked), current__isnull=False).order_by("current")


def pairs_among(bank: Bank, questions: Sequence[Question]) -> list[tuple[int, int, Near]]:
    """(smaller version id, larger one, likeness) of each of the questions with its near ones in the bank."""
    _, index = _index_of(bank)
    views = versions(question.current_id for question in questions)
    found = []
    for pk, view in views.items():
        for near in index.near(Wording.of(view), without={pk}):
            found.append((min(pk, near.id), max(pk, near.id), near))
    return found


def pairs_of_bank(bank: Bank, *, repeats: bool = True, kept: bool = False) -> QuerySet[NearPair]:
    """Pairs whose two wordings are both still in use, the nearest first.

    Args:
        repeats: those that may be one question twice; else those with other numbers or a 不.
        kept: those that somebody decided to keep.
    """
    current = in_use(bank).values("current")
    kinds = [kind.name for kind in Kind if kind.may_repeat == repeats]
    pairs = NearPair.objects.filter(bank=bank, first__in=current, second__in=current, kind__in=kinds)
    pairs = pairs.filter(kept_at__isnull=not kept).select_related("first__question", "second__question", "kept_by")
    return pairs.order_by("-percent", "id")


def shown_pairs(pairs: Iterable[NearPair]) -> list[ShownPair]:
    """The pairs of a page with both wordings side by side. Three queries whatever their number."""
    pairs = list(pairs)
    views = versions({pk for pair in pairs for pk in (pair.first_id, pair.second_id)})
    shown = []
    for pair in pairs:
        first, second = views[pair.first_id], views[pair.second_id]
        options = _options(first, second), _options(second, first)
        shown.append(ShownPair(pair, Kind[pair.kind], first, second, *marked(first.stem, second.stem), *options))
    return shown


def _options(view: VersionView, other: VersionView) -> tuple[tuple[str, str, bool, bool], ...]:
    """(letter, text, right, whether the other question has no such option)."""
    rows = zip("ABCDEFGHIJKLMNOPQRSTUVWXYZ", view.options, strict=False)
    return tuple((letter, text, letter in view.answer, text not in other.options) for letter, text in rows)


def forget() -> None:
    """Drop all indexes: for tests, whose databases start empty."""
    with _indexes_lock:
        _indexes.clear()


def _index_of(bank: Bank) -> tuple[dict[int, int], Index]:
    """(version id → question id, index) of the questions in use right now."""
    current = dict(in_use(bank).filter(current__isnull=False).values_list("current_id", "id"))
    with _indexes_lock:
        index, lock = _indexes.pop(bank.pk, None) or (Index(), Lock())
        if index.worn:
            index, lock = Index(), Lock()
        _indexes[bank.pk] = index, lock
        while len(_indexes) > BANKS_IN_MEMORY:
            _indexes.popitem(last=False)
    with lock:
        for gone in set(index.ids) - current.keys():
            index.discard(gone)
        new = sorted(current.keys() - index.ids)
        for start in range(0, len(new), AT_ONCE):
            for pk, view in versions(new[start : start + AT_ONCE]).items():
                index.add(pk, Wording.of(view))
    return current, index
