"""“Has this person passed that exam”, as a condition of another one."""
from mingfa import clock
from mingfa.completions import Completions, register
from mingfa.people.access import units_visible_to
from mingfa.people.models import Role

from .engine.disclosure import visible
from .models import Candidate
from .yearly import published_exams


def _choices(user) -> list[tuple[str, str]]:
    exams = published_exams().filter(unit__in=units_visible_to(user, Role.SETTER)).order_by("-opens_at")
    return [(str(pk), name) for pk, name in exams.values_list("pk", "name")]


def _finished(user, keys) -> set[str]:
    """Passed, and the person may know it: or being let in would tell a result that is not released (AL3)."""
    now = clock.now()
    passed = Candidate.objects.filter(user=user, exam__in=[int(key) for key in keys], passed=True).select_related("exam")
    return {
        str(one.exam_id)
        for one in passed
        if visible(
            one.exam.result_policy, now=now, keys_from=one.exam.keys_from, released_at=one.exam.released_at
        ) != "none"
    }  # fmt: skip


EXAMS = register(Completions("exam", "考试合格", _choices, _finished))
