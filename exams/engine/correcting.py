"""更正: what answers are worth once a question was found to be wrong (docs/rules.md “更正”)."""
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from .scoring import Marked, MarkQuestion


@dataclass(frozen=True)
class Correction:
    """accepted: every key that counts; everybody: full marks for all who had the question, whatever they answered."""

    accepted: tuple[str, ...]
    everybody: bool = False


def corrected_mark(
    kind: str, correction: Correction, given: str, full: Decimal, *, policy: str, mark_question: MarkQuestion
) -> Decimal:
    """The marks for one answer by the corrected key: the best of the accepted ones."""
    if correction.everybody:
        return full
    if not given:
        return Decimal("0.0")
    return max(mark_question(kind, key, given, full, policy) for key in correction.accepted)


def corrected(
    marked: Marked, kinds: Sequence[str], corrections: Mapping[int, Correction], *, policy: str, mark_question: MarkQuestion
) -> Marked:
    """A marked paper with its corrected questions marked anew.

    Args:
        kinds: the type of each question, in paper order.
        corrections: by version id.
    """
    rows = tuple(
        replace(row, mark=corrected_mark(
            kind, corrections[row.version_id], row.answer, row.full, policy=policy, mark_question=mark_question
        )) if row.version_id in corrections else row
        for row, kind in zip(marked.questions, kinds, strict=True)
    )  # fmt: skip
    return Marked(rows, sum((row.mark for row in rows if row.mark is not None), Decimal("0.0")))
