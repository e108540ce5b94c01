"""The counters of the board: whatever happens to candidates, they say what counting the roster anew says."""
import importlib
import io
from collections import Counter
from datetime import timedelta

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from mingfa.people import actions as people
from mingfa.people.models import OrgUnit, Role

from exams import actions, corrections, indicators, makeups, queries, standings
from exams.actions import saving
from exams.actions.handing_in import count
from exams.engine.correcting import Correction
from exams.engine.refusals import Refusal
from exams.models import Candidate, Exam, Sitting, TouchedCandidate, UnitDay, UnitStanding
from exams.papers import paper_of

from . import scene
from .scene import CLOSES, NOON, minutes

PEOPLE = 5
KINDS = (standings.MISSING, standings.FAILED, standings.EXCUSED)


@pytest.fixture
def places(district):
    """A district with a town that has two villages, and another town; people everywhere, in the district too."""
    now = scene.OPENS - timedelta(days=40)
    for name in ("上村", "下村"):
        town = OrgUnit.objects.get(pk=district.town.pk)
        people.create_unit(name=name, kind="village", parent=town, by=district.boss, now=now)
    units = list(OrgUnit.objects.order_by("path"))
    district.people = [district.person(f"干部{n}", units[n % len(units)]) for n in range(PEOPLE)]
    district.second = scene.holder(district, Role.SETTER, Role.LEADER, name="另一人")
    return district


def by_definition(exam, unit):
    """Heads of each row of a board, counted from the roster line by line."""
    step, rows = len(unit.path) + OrgUnit.steplen, {}
    for one in exam.candidates.filter(unit__path__startswith=unit.path).select_related("unit", "exam"):
        due = not one.exempt_reason and not one.deferred_reason
        sat = due and one.counted_id is not None
        heads = queries.Standing(
            1, bool(one.exempt_reason), bool(one.deferred_reason), due, sat, sat and one.passed is True,
            sat and one.counted_mark is not None and one.counted_mark >= exam.excellent_mark,
        )  # fmt: skip
        rows[one.unit.path[:step]] = rows.get(one.unit.path[:step], queries.Standing()) + heads
    return rows


def listed(exam, unit, kind):
    rows = exam.candidates.filter(kind.condition, unit__path__startswith=unit.path).order_by("unit__path", "pk")
    return list(rows.values_list("pk", flat=True))


def assert_right(exam):
    """At every level: rows as by definition, totals the sum of their rows and of the rows below, days and lists too."""
    for unit in OrgUnit.objects.order_by("path"):
        board = standings.Board(exam, unit)
        assert board.by_path == by_definition(exam, unit)
        assert board.total == queries.standing(exam, unit)
        below = [standings.Board(exam, child).total for child, _ in board.by_unit if child.pk != unit.pk]
        own = sum((heads for child, heads in board.by_unit if child.pk == unit.pk), queries.Standing())
        assert sum(below, own) == board.total
        assert sum(board.days(scene.OPENS.date(), CLOSES.date() + timedelta(days=60)).values()) == board.total.sat
        for kind in KINDS:
            found = standings.People(board, kind)
            assert [one.pk for one in found] == listed(exam, unit, kind)
            assert len(found) == len(listed(exam, unit, kind))


# --- whatever happens -----------------------------------------------------------------------------


class Happenings:
    """One exam to which anything may happen, by the actions that people use. What is refused changes nothing."""

    def __init__(self, places):
        self.places, self.now = places, NOON
        self.exam = places.exam(attempts=3, duration_minutes=30)

    def do(self, what, who, how):
        self.now += minutes(1)
        person = self.places.people[who]
        with transaction.atomic():
            try:
                getattr(self, what)(scene.candidate(self.exam, person), how)
            except Refusal:
                transaction.set_rollback(True)

    def sit(self, candidate, how):
        sitting = actions.start_sitting(candidate, by=candidate.user, now=self.now, seed=how)
        if how < 8:  # else a blank sheet, which is no 实考
            scene.answer_all(sitting, right=how % 2 == 0, now=self.now, places=None if how < 4 else [0, 1, 3])
        actions.submit_sitting(sitting.pk, by=candidate.user, now=self.now)

    def void(self, candidate, how):
        sitting = candidate.sittings.exclude(state="void").order_by("number").last()
        if sitting:
            actions.void_sitting(sitting, reason="代考", by=self.places.boss, now=self.now, again=how % 2 == 0)

    def change(self, candidate, how):
        kind = ("exempt", "defer", "restore")[how % 3]
        made = actions.change_standing(candidate, kind=kind, reason="住院", by=self.places.boss, now=self.now)
        if made.state == "pending":
            actions.decide_change(made, approved=how % 4 != 0, note="同意", by=self.places.second, now=self.now)

    def correct(self, candidate, how):
        sitting = Sitting.objects.filter(candidate__exam=self.exam, state="marked").first()
        if sitting:
            version = paper_of(sitting.pk).items[how % 8].version_id
            everybody = Correction((), everybody=True)
            seen = corrections.effect_of(self.exam, version, everybody).digest
            actions.correct_question(
                self.exam, version, everybody, reason="题有两解", seen=seen, by=self.places.boss, now=self.now
            )

    def move(self, candidate, how):
        units = list(OrgUnit.objects.order_by("path"))
        people.move_person(candidate.user, unit=units[how % len(units)], by=self.places.boss, now=self.now)

    def settle(self, candidate, how):
        actions.settle_standings()

    def leave(self, candidate, how):
        """Starts and does not hand in; the server does."""
        sitting = actions.start_sitting(candidate, by=candidate.user, now=self.now, seed=how)
        scene.answer_all(sitting, now=self.now)
        self.now = sitting.ends_at
        actions.end_overdue_sittings(now=self.now)


HAPPENINGS = st.lists(
    st.tuples(
        st.sampled_from(["sit", "sit", "void", "change", "change", "correct", "move", "settle", "leave"]),
        st.integers(0, PEOPLE - 1), st.integers(0, 9),
    ),
    max_size=14,
)  # fmt: skip


def test_any_sequence_of_actions_leaves_counters_that_equal_the_roster(places):
    seen = Counter()

    @settings(
        max_examples=40, deadline=None, database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )  # fmt: skip
    @given(happenings=HAPPENINGS)
    def play(happenings):
        saving.forget()
        with transaction.atomic():
            happened = Happenings(places)
            for one in happenings:
                happened.do(*one)
            assert_right(happened.exam)
            seen.update(queries.standing(happened.exam).__dict__)
            actions.settle_standings()
            assert not TouchedCandidate.objects.exists()
            assert_right(happened.exam)
            assert [left for *_, left in actions.recount_standings(repair=False)] == [0]
            transaction.set_rollback(True)

    play()
    assert all(seen[name] for name in ("exempt", "deferred", "sat", "passed"))


def test_a_makeup_has_counters_of_its_own(places):
    happened = Happenings(places)
    for who, how in ((0, 0), (1, 1), (2, 9)):
        happened.do("sit", who, how)
    happened.do("change", 3, 1)
    later = CLOSES + timedelta(days=20)
    makeup = actions.create_makeup(
        happened.exam, name="补考", opens_at=later, closes_at=later + timedelta(days=1), duration_minutes=60, attempts=1,
        by=places.boss, now=CLOSES + timedelta(days=1),
    )  # fmt: skip
    actions.publish_exam(makeup, by=places.boss, now=CLOSES + timedelta(days=1))
    makeup = Exam.objects.get(pk=makeup.pk)
    due = {one.user_id for one in makeups.due_again(happened.exam)}
    assert standings.Board(makeup, places.district).total.due == len(due) > 0
    happened.exam, happened.now = makeup, later
    happened.do("sit", 3, 0)
    for exam in (makeup, makeup.makeup_of):
        assert_right(exam)


def test_a_late_mark_of_a_marker_reaches_the_counters(places):
    exam, cadre = places.exam(), places.people[0]
    sitting = scene.sit(exam, cadre)
    scene.answer_all(sitting)
    actions.submit_sitting(sitting.pk, by=cadre, now=NOON + minutes(5))
    actions.settle_standings()
    own = Candidate.objects.get(exam=exam, user=cadre)
    Candidate.objects.filter(pk=own.pk).update(counted_mark=None, passed=None)  # as while it waits for a marker
    list(actions.recount_standings())
    sitting = Sitting.objects.select_related("candidate__exam").get(pk=sitting.pk)
    count(sitting.candidate, sitting, sitting.mark)
    assert standings.Board(exam, places.district).total.passed == 1
    assert_right(exam)


# --- marks ----------------------------------------------------------------------------------------


def test_a_hand_in_is_on_the_board_before_anybody_has_settled_it(places):
    happened = Happenings(places)
    happened.do("sit", 1, 0)
    assert UnitStanding.objects.get(exam=happened.exam, unit__name="穗安街道").sat == 0
    assert standings.Board(happened.exam, places.district).total.sat == 1


def test_handing_in_marks_its_candidate_in_one_statement_and_locks_no_counter(places):
    exam, cadre = places.exam(), places.people[0]
    sitting = scene.sit(exam, cadre)
    scene.answer_all(sitting)
    with CaptureQueriesContext(connection) as found:
        actions.submit_sitting(sitting.pk, by=cadre, now=NOON + minutes(5))
    about = [one["sql"] for one in found if "unitstanding" in one["sql"] or "unitday" in one["sql"] or "touched" in one["sql"]]
    assert len(about) == 1
    assert "INSERT INTO exams_touchedcandidate" in about[0]
    assert "unitstanding" not in about[0]
    # PostgreSQL takes the mark along with the answers, without a way of its own.
    assert ("INSERT INTO exams_response" in about[0]) == (connection.vendor == "postgresql")


def test_a_start_and_a_save_mark_nothing(places):
    sitting = scene.sit(places.exam(), places.people[0])
    scene.answer_all(sitting)
    assert not TouchedCandidate.objects.exists()


def test_what_is_rolled_back_leaves_no_mark(places):
    happened = Happenings(places)
    with transaction.atomic():
        happened.do("sit", 0, 0)
        transaction.set_rollback(True)
    assert not TouchedCandidate.objects.exists()


def test_the_day_is_that_of_the_first_valid_hand_in_and_moves_when_that_is_voided(places):
    happened, cadre = Happenings(places), places.people[0]
    happened.do("sit", 0, 1)
    happened.now += timedelta(days=1)
    happened.do("sit", 0, 0)
    own = scene.candidate(happened.exam, cadre)
    assert (own.counted.number, own.sat_on) == (2, timezone.localdate(NOON))
    actions.void_sitting(own.sittings.get(number=1), reason="代考", by=places.boss, now=happened.now)
    own = scene.candidate(happened.exam, cadre)
    assert own.sat_on == timezone.localdate(NOON) + timedelta(days=1)
    assert_right(happened.exam)
    happened.do("void", 0, 1)
    assert scene.candidate(happened.exam, cadre).sat_on is None
    actions.settle_standings()
    assert not UnitDay.objects.exists()


# --- lists ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("settled", [True, False])
def test_any_part_of_a_list_is_that_part_of_the_whole(places, settled):
    for n in range(12):
        places.person(f"又{n}", OrgUnit.objects.order_by("path")[n % 5])
    exam = places.exam()
    for one in exam.candidates.order_by("pk")[:4]:
        actions.exempt_candidate(one, reason="产假", by=places.boss, now=NOON)
    if settled:
        actions.settle_standings()
    for unit in (places.district, places.town):
        board = standings.Board(exam, unit)
        for kind in KINDS:
            whole = listed(exam, unit, kind)
            for start in range(len(whole) + 1):
                for stop in range(start, len(whole) + 2):
                    assert [one.pk for one in standings.People(board, kind)[start:stop]] == whole[start:stop]


def test_the_first_missing_names_are_those_of_the_list(places):
    for n in range(12):
        places.person(f"又{n}", OrgUnit.objects.order_by("path")[n % 5])
    exam = places.exam()
    actions.exempt_candidate(exam.candidates.first(), reason="产假", by=places.boss, now=NOON)
    board = standings.Board(exam, places.district)
    children = [child for child, _ in board.by_unit]
    step = len(places.district.path) + OrgUnit.steplen
    names: dict = {}
    for one in standings.People(board, standings.MISSING):
        names.setdefault(one.unit.path[:step], []).append(one.user.name)
    assert standings.first_missing(board, children, 4) == {path: some[:4] for path, some in names.items()}


def test_two_lists_behind_each_other_are_cut_as_one():
    joined = indicators.Joined(["甲", "乙"], ["丙", "丁", "戊"])
    whole = list("甲乙丙丁戊")
    assert (list(joined), len(joined), joined[3]) == (whole, 5, "丁")
    for start in range(6):
        for stop in range(start, 7):
            assert joined[start:stop] == whole[start:stop]


# --- proof ----------------------------------------------------------------------------------------


def told(*arguments):
    out = io.StringIO()
    try:
        call_command("recount_standings", *arguments, stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    return 0, out.getvalue()


def test_the_command_says_what_differs_and_sets_it_right(places):
    happened = Happenings(places)
    happened.do("sit", 0, 0)
    actions.settle_standings()
    UnitStanding.objects.filter(unit=places.town).update(sat=7)
    UnitDay.objects.all().delete()
    UnitStanding.objects.filter(unit=places.other_town).delete()
    code, words = told("--check")
    assert code == 1
    assert "法治理论考试：5 个单位，3 个单位不同" in words
    assert UnitStanding.objects.filter(unit=places.other_town).count() == 0
    code, words = told()
    assert (code, "3 个单位不同，已重新计" in words, "全部和名册一致" in words) == (0, True, True)
    assert_right(happened.exam)
    assert told("--check")[0] == 0


def test_what_is_marked_is_no_difference(places):
    happened = Happenings(places)
    happened.do("sit", 0, 0)
    assert told("--check")[0] == 0
    assert TouchedCandidate.objects.exists()


def test_an_older_data_set_gets_its_counters_when_it_is_brought_up_to_date(places):
    happened = Happenings(places)
    for who, how in ((0, 0), (1, 1), (2, 2)):
        happened.do("sit", who, how)
    happened.do("change", 3, 0)
    Candidate.objects.update(sat_on=None)
    for model in (UnitStanding, UnitDay, TouchedCandidate):
        model.objects.all().delete()
    importlib.import_module("exams.migrations.0021_count_standings").count(apps, None)
    assert_right(happened.exam)
    assert told("--check")[0] == 0
