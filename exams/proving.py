"""Marks that do not add up: somebody has changed or deleted one past the actions (fault catalogue OP5).

A mark stands in three places: of each answer, of the sitting, of the candidate it counts for. The actions write them
together, so that a change of one shows in the others. Who changes all three alike is found out by the log: whatever gives
a sitting its mark leaves a proof of it in its line, and the line is sealed (mingfa.reports.sealing).
"""
import json
from collections.abc import Iterator
from decimal import Decimal

from django.contrib.contenttypes.models import ContentType
from django.db.models import Count, Sum
from django.utils.crypto import constant_time_compare, salted_hmac
from wagtail.models import ModelLogEntry

from .models import Candidate, Sitting

# The lines that may hold a proof; the last one of a sitting is about the mark it has.
PROVING = ("exams.submit_sitting", "exams.finish_marking", "exams.decide_late_answers", "exams.change_mark")


def proof_of(sitting_id: int, mark: Decimal | None) -> dict[str, str]:
    """What a line of the log says about a mark: nothing that gives it back. Marks are few, so a plain digest could be
    found by trying them all; this one needs SECRET_KEY, which the database does not hold.

    Returns:
        What to put in the data of the line; nothing while the mark waits for people.
    """
    if mark is None:
        return {}
    return {"proof": salted_hmac("exams.mark", f"{sitting_id}:{round(mark, 1)}", algorithm="sha256").hexdigest()}


def unproved_marks() -> Iterator[str]:
    """Marked sittings whose mark is not the one their log proves. Two queries. Sittings from before there were proofs have
    none and are left to the other checks."""
    lines = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(Sitting), action__in=PROVING
    ).order_by("pk").values_list("object_id", "data")  # fmt: skip
    proofs = {int(sitting): data["proof"] for sitting, data in lines.iterator(chunk_size=1000) if "proof" in data}
    marked = Sitting.objects.filter(state=Sitting.State.MARKED).order_by("pk")
    for pk, exam, mark in marked.values_list("pk", "candidate__exam__name", "mark").iterator(chunk_size=1000):
        if pk in proofs and not constant_time_compare(proof_of(pk, mark)["proof"], proofs[pk]):
            yield f"考试“{exam}”的作答 {pk}：得分 {mark}，和操作记录里判分时留下的凭据不符"


def broken_marks() -> Iterator[str]:
    """Marked sittings whose mark is not the sum of its answers, or that miss an answer. One query."""
    marked = Sitting.objects.filter(state=Sitting.State.MARKED).order_by("pk")
    sums = marked.annotate(total=Sum("responses__mark"), kept=Count("responses__place"))
    rows = sums.values_list("pk", "candidate__exam__name", "mark", "total", "kept", "paper__items")
    for pk, exam, mark, total, kept, items in rows.iterator(chunk_size=1000):
        drawn = len(json.loads(items)) if items else 0
        total = round(Decimal(total or 0), 1)
        if kept != drawn:
            yield f"考试“{exam}”的作答 {pk}：试卷 {drawn} 题，留下判分记录的只有 {kept} 题"
        elif mark != total:
            yield f"考试“{exam}”的作答 {pk}：得分 {mark}，各题之和是 {total}"


def broken_results() -> Iterator[str]:
    """Candidates whose result is not that of the sitting that counts, or not what the pass mark says. One query."""
    rows = Candidate.objects.filter(counted__state=Sitting.State.MARKED).order_by("pk").values_list(
        "pk", "exam__name", "counted_mark", "counted__mark", "passed", "exam__pass_mark"
    )
    for pk, exam, mark, of_sitting, passed, pass_mark in rows.iterator(chunk_size=1000):
        if mark != of_sitting:
            yield f"考试“{exam}”的名册人员 {pk}：成绩 {mark}，计入的作答是 {of_sitting}"
        elif passed != (of_sitting >= pass_mark):
            yield f"考试“{exam}”的名册人员 {pk}：成绩 {mark}，合格与否和及格分不符"
