"""“Has this person passed that exam”, as a condition of another one."""
from django.db.models import BigIntegerField
from mingfa import clock
from mingfa.completions import Completions, register
from mingfa.people.access import units_visible_to
from mingfa.people.models import Role
from mingfa.prepared import Given, Prepared

from .engine.disclosure import visible
from .models import Candidate
from .yearly import published_exams


def _choices(user) -> list[tuple[str, str]]:
    exams = published_exams().filter(unit__in=units_visible_to(user, Role.SETTER)).order_by("-opens_at")
    return [(str(pk), name) for pk, name in exams.values_list("pk", "name")]


_PASSED = Prepared(
    lambda: Candidate.objects.filter(user_id=Given(0, BigIntegerField()), passed=True).select_related("exam").order_by()
)


def _finished(user, keys) -> set[str]:
    """Passed, and the person may know it: or being let in would tell a result that is not released (AL3)."""
    now = clock.now()
    return {
        str(one.exam_id)
        for one in _PASSED.all(user.pk)
        if str(one.exam_id) in keys
        and visible(
            one.exam.result_policy, now=now, keys_from=one.exam.keys_from, released_at=one.exam.released_at
        ) != "none"
    }  # fmt: skip


EXAMS = register(Completions("exam", "考试合格", _choices, _finished))
