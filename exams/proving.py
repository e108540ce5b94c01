"""Marks that do not add up: somebody has changed or deleted one past the actions (fault catalogue OP5).

A mark stands in three places: of each answer, of the sitting, of the candidate it counts for. The actions write them
together, so that a change of one shows in the others.
"""
import json
from collections.abc import Iterator
from decimal import Decimal

from django.db.models import Count, Sum

from .models import Candidate, Sitting


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
