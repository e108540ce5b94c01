"""Choices whose options carry weights in per cent, as in GIFT and Moodle XML."""

from collections.abc import Sequence
from decimal import Decimal

from mingfa.bank.drafts import JUDGE, MULTIPLE, SINGLE
from mingfa.bank.importing.answers import is_judge_pair, judge_answer

PARTIAL = "部分给分的权重没有导入：请选这里的多选判分规则"
NEAR = Decimal("0.1")


def weighted_choice(
    options: Sequence[str], weights: Sequence[Decimal], *, is_single: bool, stated: str | None, notes: list[str]
) -> dict:
    """Type, options and answer of a choice. weights: per cent, one an option; more than 0 is right.

    A single choice is right only where an option earns everything; lesser ones, and shares that are not equal, have
    no setting here and are told in `notes`. stated: the type the file names itself.
    """
    if is_single:
        right = [weight >= 100 - NEAR for weight in weights]
        partial = any(weight not in (0, -100) and not full for weight, full in zip(weights, right, strict=True))
    else:
        right = [weight > 0 for weight in weights]
        share = Decimal(100) / max(sum(right), 1)
        uneven = [abs(weight - share) > NEAR for weight, is_right in zip(weights, right, strict=True) if is_right]
        partial = any(uneven) or any(weight < 0 and weight > -100 for weight in weights)
    if partial:
        notes.append(PARTIAL)
    answer = "".join(chr(65 + place) for place, is_right in enumerate(right) if is_right)
    type = stated if stated in (SINGLE, MULTIPLE) else SINGLE if is_single else MULTIPLE
    if stated is None and is_single and len(answer) == 1 and is_judge_pair(tuple(options)):
        truth = judge_answer(answer, tuple(options))
        if truth:
            return {"type": JUDGE, "answer": truth}
    return {"type": type, "options": tuple(options), "answer": answer}
