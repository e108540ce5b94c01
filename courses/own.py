"""One person's own courses of a period: those that were assigned, and those finished without."""
from collections.abc import Iterator
from datetime import datetime

from django.db.models import Max
from django.utils import timezone
from mingfa.people.models import User
from mingfa.people.registry import OwnRecord
from mingfa.periods import Period

from .models import Completion, CoursePage
from .queries import assignments_in, due_people


def courses_of_person(user: User, period: Period, now: datetime) -> Iterator[OwnRecord]:
    """A record for every course that was due or finished in the period."""
    finished = {
        one.course_id: timezone.localdate(one.finished_at) for one in Completion.objects.filter(user=user)
    }
    due = _due(user, period, now)
    wanted = {*due, *(course for course, on in finished.items() if on in period)}
    for course in CoursePage.objects.filter(pk__in=wanted).order_by("pk"):
        on = finished.get(course.pk)
        yield OwnRecord("学习", course.title, on or due[course.pk], "已完成" if on else "没有完成")


def _due(user: User, period: Period, now: datetime) -> dict:
    """Course → the last day it is due for this person."""
    if user.current_posting is None:
        return {}
    people = due_people(user.current_posting.unit, period, today=timezone.localdate(now))
    courses = next((one.courses for one in people if one.user_id == user.pk), set())
    rows = assignments_in(period, courses).order_by().values("course").annotate(last=Max("due_on"))
    return {row["course"]: row["last"] for row in rows}
