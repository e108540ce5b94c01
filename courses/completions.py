"""“Has this person finished that course”, for the eligibility of exams; read through the registry, not imported."""
from mingfa.completions import Completions, register

from .models import Completion, CoursePage


def _choices(user) -> list[tuple[str, str]]:
    return [(str(pk), title) for pk, title in CoursePage.objects.live().order_by("title").values_list("pk", "title")]


def _finished(user, keys) -> set[str]:
    found = Completion.objects.filter(user=user, course__in=[int(key) for key in keys])
    return {str(pk) for pk in found.values_list("course_id", flat=True)}


COURSES = register(Completions("course", "学完课程", _choices, _finished))
