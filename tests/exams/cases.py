"""What the cases of the figures are made with: people, exams, sittings of a wanted mark, and the heads that result."""
from datetime import timedelta

from mingfa.people import actions as people
from mingfa.people.models import OrgUnit, Posting
from mingfa.periods import Year

from exams import actions, indicators, queries, yearly
from exams.models import Exam, Sitting
from exams.papers import keys_of, paper_of

from . import scene
from .scene import CLOSES, NOON, OPENS, minutes

YEAR = Year(2026)
DAY = timedelta(days=1)
AFTER = CLOSES + minutes(90)
BEFORE = OPENS - DAY  # when exams are published and their rosters frozen
MARKS = {"single": 10, "multiple": 20, "judge": 10}


def sit(exam, user, mark, *, now=NOON, end=True) -> Sitting:
    """A sitting of this person worth `mark` (a multiple of 10 up to 100), handed in unless `end` is False."""
    sitting = scene.sit(exam, user, now=now)
    places, left = [], mark
    for place, (kind, _) in enumerate(keys_of(paper_of(sitting.pk))):
        if MARKS[kind] <= left:
            places.append(place)
            left -= MARKS[kind]
    assert left == 0
    if places:
        scene.answer_all(sitting, places=places, now=now)
    else:
        scene.answer_all(sitting, right=False, now=now)
    if not end:
        return sitting
    return actions.submit_sitting(sitting.pk, by=user, now=now)


def heads(exam, unit=None) -> tuple:
    """(N, E, D, Y, S, P) of one exam."""
    one = queries.standing(exam, unit and OrgUnit.objects.get(pk=unit.pk))
    return one.on_roster, one.exempt, one.deferred, one.due, one.sat, one.passed


def year(unit, period=YEAR) -> tuple:
    """(N, E, Yᵧ, S, P) of everything that belongs to the year."""
    one = yearly.yearly_standing(yearly.sessions_in(period), OrgUnit.objects.get(pk=unit.pk))
    return one.on_roster, one.exempt, one.due, one.sat, one.passed


def rates(unit, exam=None, period=YEAR) -> list[str]:
    """参考率, 合格率, 通过率 and 优秀率 as printed; over the year without exam."""
    wanted = (indicators.ATTENDANCE, indicators.PASSED_OF_SAT, indicators.PASSED_OF_DUE, indicators.EXCELLENT)
    unit = OrgUnit.objects.get(pk=unit.pk)
    return [one.compute(unit, period, exam and str(exam.pk)).text for one in wanted]


def move(scene_, user, unit, *, now, status="on_duty"):
    return people.move_person(user, unit=unit, category="civil", duty_status=status, by=scene_.boss, now=now)


def excuse(exam, user, scene_, reason, *, kind="exempt", now=NOON):
    act = actions.exempt_candidate if kind == "exempt" else actions.defer_candidate
    return act(scene.candidate(exam, user), reason=reason, by=scene_.boss, now=now)


def approve(change, by, *, approved=True, now=AFTER):
    return actions.decide_change(change, approved=approved, note="", by=by, now=now)


def makeup(exam, scene_, *, at=CLOSES + 10 * DAY, name="补考", attempts=1) -> Exam:
    """A published round that opens `at`."""
    made = actions.create_makeup(
        exam, name=name, opens_at=at, closes_at=at + DAY, duration_minutes=60, attempts=attempts, by=scene_.boss, now=at - DAY
    )
    actions.publish_exam(made, by=scene_.boss, now=at - DAY)
    return Exam.objects.get(pk=made.pk)


def secondary(user, unit) -> Posting:
    """兼任 or 借调: a posting that is not 人事关系."""
    return Posting.objects.create(user=user, unit=unit, main=False, starts_on=(OPENS - 30 * DAY).date())
