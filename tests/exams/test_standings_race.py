"""Counters while many hand in and several fold in at once: no mark is lost, no older count is written over a newer one."""
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection

from exams import actions, queries, standings
from exams.actions.standings import _hold
from exams.models import Candidate, TouchedCandidate, UnitStanding

from . import scene
from .scene import NOON, minutes
from .test_results_race import while_uncommitted

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district(transactional_db):
    return scene.build()


def in_threads(jobs):
    def run(job):
        try:
            return job()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(jobs)) as pool:
        return [one.result() for one in [pool.submit(run, job) for job in jobs]]


def test_nothing_is_lost_while_people_hand_in_and_two_workers_settle(district):
    cadres = [district.person(f"干部{n}", (district.town, district.other_town)[n % 2]) for n in range(12)]
    exam = district.exam()
    sittings = []
    for cadre in cadres:
        sittings.append(scene.sit(exam, cadre))
        scene.answer_all(sittings[-1])
    done = threading.Event()

    def hand_in(some):
        for one in some:
            actions.submit_sitting(one.pk, by=None, now=NOON + minutes(5))

    def hand_all_in():
        try:
            in_threads([lambda: hand_in(sittings[:6]), lambda: hand_in(sittings[6:])])
        finally:
            done.set()

    def settle():
        while not done.is_set():
            actions.settle_standings()

    in_threads([hand_all_in, settle, settle])
    assert standings.Board(exam, district.district).total == queries.standing(exam)
    actions.settle_standings()
    assert not TouchedCandidate.objects.exists()
    assert sum(UnitStanding.objects.values_list("sat", flat=True)) == 12
    assert [left for *_, left in actions.recount_standings(repair=False)] == [0]


def test_a_hand_in_that_commits_while_its_unit_is_settled_stays_marked_or_is_counted(district):
    cadre = district.person()
    exam = district.exam()
    sitting = scene.sit(exam, cadre)
    scene.answer_all(sitting)
    while_uncommitted(lambda: actions.submit_sitting(sitting.pk, by=cadre, now=NOON + minutes(9)), actions.settle_standings)
    assert standings.Board(exam, district.district).total.sat == 1
    actions.settle_standings()
    assert UnitStanding.objects.get(exam=exam).sat == 1


def test_who_folds_in_later_waits_and_counts_what_the_other_one_could_not_see(district):
    cadre = district.person()
    exam = district.exam()
    own = Candidate.objects.get(exam=exam)

    def settle_slowly():
        _hold(exam.pk, [own.unit_id])
        actions.exempt_candidate(own, reason="产假", by=district.boss, now=NOON)

    while_uncommitted(settle_slowly, actions.settle_standings)
    actions.settle_standings()
    assert UnitStanding.objects.get(exam=exam, unit=own.unit).exempt == 1
    assert not TouchedCandidate.objects.exists()
    assert cadre.pk == own.user_id
