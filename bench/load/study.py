"""Throw-away data of bench board: one course assigned to the whole district, finished by nine in ten."""
from datetime import timedelta

from django.db import connection
from django.utils import timezone
from mingfa.people.models import OrgUnit, User

from courses import actions
from courses.models import CoursePage

POSTINGS = """
INSERT INTO people_posting (user_id, unit_id, main, post, grade, category, duty_status, starts_on)
SELECT u.id, o.id, %(main)s, '', '', 'civil', 'on_duty', %(day)s
FROM people_user u JOIN people_orgunit o ON o.id = %(first_unit)s + u.id %% %(units)s
WHERE u.username LIKE 'cadre%%'
"""
COMPLETIONS = """
INSERT INTO courses_completion (user_id, course_id, finished_at)
SELECT u.id, %(course)s, %(at)s FROM people_user u WHERE u.username LIKE 'cadre%%' AND (u.id * 7919) %% 1000 < 900
"""


def assign_to_everybody(district: OrgUnit, boss: User) -> CoursePage:
    """Give every cadre a posting, a course that falls due this year, and nine in ten its completion."""
    now = timezone.now()
    leaves = OrgUnit.objects.filter(depth=3).order_by("pk")
    course = actions.create_course(title="依法分类处理群众诉求", unit=district, by=boss, now=now)
    text = [("text", "<p>先看有没有行政行为。</p>")]
    actions.add_lesson(course, title="先看请求是什么", body=text, questions=[], by=boss, now=now)
    actions.assign_course(course, units=[district], due_on=timezone.localdate(now), by=boss, now=now)
    with connection.cursor() as cursor:
        day = timezone.localdate(now) - timedelta(days=100)
        cursor.execute(POSTINGS, {"main": True, "day": day, "first_unit": leaves[0].pk, "units": leaves.count()})
        cursor.execute(COMPLETIONS, {"course": course.pk, "at": now})
    return course
