"""补考 rounds: the sessions of one exam, and who is due for the next one (docs/rules.md “补考”)."""
from collections import Counter

from django.db.models import Q, QuerySet

from .engine.makeup import Standing, comes_back
from .models import Candidate, Exam
from .yearly import published_exams


def first_session(exam: Exam) -> Exam:
    """The exam a makeup belongs to; the exam itself when it is none."""
    return exam.makeup_of or exam


def sessions_of(exam: Exam) -> QuerySet[Exam]:
    """The first session and its published makeups, in time order."""
    root = exam.makeup_of_id or exam.pk
    return published_exams().filter(Q(pk=root) | Q(makeup_of=root)).order_by("opens_at", "id")


def rounds_of(exam: Exam) -> QuerySet[Exam]:
    """The makeups of a first session, drafts too, in time order."""
    return exam.makeups.order_by("opens_at", "id")


def _settled(candidate: Candidate) -> bool:
    """Passed, or still being marked: nobody is called again before the mark is known."""
    return candidate.counted_id is not None and candidate.passed is not False


def due_again(exam: Exam) -> list[Candidate]:
    """Everybody who has to sit a makeup of this exam, in the order of the tree, with `why`. Two queries.

    They come with unit and 人员类别 of the first session that has them, because that is where they count.
    """
    sessions = list(sessions_of(exam))
    seen: dict[int, list[Candidate]] = {}
    rows = Candidate.objects.filter(exam__in=sessions).select_related("user", "unit")
    for one in rows.order_by("exam__opens_at", "exam_id", "pk"):
        seen.setdefault(one.user_id, []).append(one)
    found = []
    for candidates in seen.values():
        why = comes_back([
            Standing(bool(one.exempt_reason), bool(one.deferred_reason), one.counted_id is not None, _settled(one))
            for one in candidates
        ])  # fmt: skip
        if why:
            candidates[0].why = why
            found.append(candidates[0])
    return sorted(found, key=lambda one: (one.unit.path, one.pk))


def reasons(people: list[Candidate]) -> list[tuple[str, int]]:
    """(缓考 / 缺考 / 不合格, heads) of those due again, and the sum last as 合计."""
    counted = Counter(one.why for one in people)
    return [*sorted(counted.items()), ("合计", len(people))]
