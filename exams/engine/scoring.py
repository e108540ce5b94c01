"""From a paper, its keys and a sheet to marks. Marks are decimals with one place, never floats."""
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from .paper import Item
from .sheet import Sheet

# (question type, key, given, full marks, policy for 多选) -> marks; mingfa.bank.marking.mark_question
MarkQuestion = Callable[[str, str, str, Decimal, str], Decimal]


def nobody(kind: str) -> bool:
    """Of papers that a machine marks."""
    return False


@dataclass(frozen=True)
class MarkedQuestion:
    place: int
    version_id: int
    answer: str
    mark: Decimal | None
    full: Decimal


@dataclass(frozen=True)
class Marked:
    """A marked sitting: the rows in paper order and the sum of the marks so far."""

    questions: tuple[MarkedQuestion, ...]
    total: Decimal

    @property
    def waiting(self) -> int:
        """How many answers people still have to mark."""
        return sum(row.mark is None for row in self.questions)


def mark_sheet(
    items: Sequence[Item],
    keys: Sequence[tuple[str, str]],
    sheet: Sheet,
    *,
    policy: str,
    mark_question: MarkQuestion,
    by_people: Callable[[str], bool] = nobody,
) -> Marked:
    """Mark every question of a paper; one without an answer gets 0.

    Args:
        keys: (type, key) of each item, in the same order.
        policy: how an incomplete 多选 counts (docs/rules.md “判分”).
        by_people: whether answers of a type wait for a marker; their mark is None.
    """
    rows = []
    for place, (item, (kind, key)) in enumerate(zip(items, keys, strict=True)):
        given = sheet.get(place, ("", 0))[0]
        if given and by_people(kind):
            mark = None
        else:
            mark = mark_question(kind, key, given, item.marks, policy) if given else Decimal("0.0")
        rows.append(MarkedQuestion(place, item.version_id, given, mark, item.marks))
    return Marked(tuple(rows), sum((row.mark for row in rows if row.mark is not None), Decimal("0.0")))


def band(total: Decimal, *, pass_mark: Decimal, good_mark: Decimal | None, excellent_mark: Decimal) -> str:
    """优秀, 良好, 合格 or 不合格 (domain guide §2.1); a blueprint without 良好 has good_mark None."""
    if total < pass_mark:
        return "不合格"
    if total >= excellent_mark:
        return "优秀"
    if good_mark is not None and total >= good_mark:
        return "良好"
    return "合格"
