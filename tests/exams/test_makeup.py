"""补考: who comes back, by what rule a sitting counts, and the year with its makeups (domain guide §3)."""
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from exams import actions, makeups, queries, yearly
from exams.engine import makeup as engine
from exams.engine.makeup import Standing, comes_back, counting
from exams.engine.refusals import NobodyAgain, StillRunning
from exams.models import Candidate, Exam

from . import scene
from .scene import CLOSES, NOON, OPENS, browser, holder, minutes

LATER = CLOSES + timedelta(days=10)
NEXT = {"opens_at": LATER, "closes_at": LATER + timedelta(days=1), "duration_minutes": 60, "attempts": 1}


def play(exam, user, *, right, now=NOON):
    """Sits and hands in with everything right or wrong."""
    sitting = scene.sit(exam, user, now=now)
    scene.answer_all(sitting, right=right, now=now)
    return actions.submit_sitting(sitting.pk, by=user, now=now)


def arrange(exam, district, now=CLOSES, **more):
    return actions.create_makeup(exam, **{"name": "补考", **NEXT, **more}, by=district.boss, now=now)


def publish(makeup, district, now=CLOSES):
    actions.publish_exam(makeup, by=district.boss, now=now)
    return Exam.objects.get(pk=makeup.pk)


@pytest.fixture
def people(district):
    return {name: district.person(name) for name in ("合格人", "不合格人", "缺考人", "缓考人", "免考人")}


@pytest.fixture
def over(district, people):
    """An exam that is over with one person of each kind."""
    exam = district.exam()
    play(exam, people["合格人"], right=True)
    play(exam, people["不合格人"], right=False)
    actions.defer_candidate(scene.candidate(exam, people["缓考人"]), reason="驻村", by=district.boss, now=OPENS)
    actions.exempt_candidate(scene.candidate(exam, people["免考人"]), reason="产假", by=district.boss, now=OPENS)
    # The administrator who made the district is on no roster.
    return exam


def test_a_makeup_picks_up_who_was_absent_deferred_or_failed_by_itself(district, over):
    makeup = publish(arrange(over, district), district)
    assert {(one.user.name, one.why) for one in makeups.due_again(over)} >= {("缺考人", "缺考")}
    assert sorted(one.user.name for one in makeup.candidates.all()) == sorted(["不合格人", "缺考人", "缓考人"])
    assert queries.standing(makeup).due == 3


def test_people_count_in_a_makeup_in_the_unit_and_category_they_were_frozen_in(district, over, people):
    frozen = scene.candidate(over, people["缺考人"])
    Candidate.objects.filter(pk=frozen.pk).update(unit=district.other_town, category="village")
    makeup = publish(arrange(over, district), district)
    again = scene.candidate(makeup, people["缺考人"])
    assert (again.unit, again.category) == (district.other_town, "village")


def test_a_second_round_takes_only_who_is_still_left(district, over, people):
    first = publish(arrange(over, district), district)
    play(first, people["不合格人"], right=True, now=LATER + minutes(5))
    play(first, people["缓考人"], right=False, now=LATER + minutes(5))
    after = LATER + timedelta(days=2)
    times = {"opens_at": after, "closes_at": after + timedelta(days=1)}
    second = publish(arrange(first, district, now=after, **times), district, now=after)
    assert second.makeup_of == over
    assert {one.user.name for one in second.candidates.all()} == {"缺考人", "缓考人"}
    assert [one.why for one in makeups.due_again(over)] == ["缺考", "缺考"]


def test_the_year_counts_each_person_once_and_passed_in_any_session(district, over, people):
    makeup = publish(arrange(over, district), district)
    for name in ("不合格人", "缓考人"):
        play(makeup, people[name], right=True, now=LATER + minutes(5))
    year = yearly.yearly_standing(makeups.sessions_of(over))
    assert (year.on_roster, year.exempt, year.due, year.sat, year.passed) == (5, 1, 4, 3, 3)


def test_no_makeup_while_the_exam_runs_or_given_time_does(district, over):
    with pytest.raises(StillRunning) as refused:
        arrange(over, district, now=CLOSES - minutes(1))
    assert refused.value.over_at == CLOSES
    Exam.objects.filter(pk=over.pk).update(over_at=CLOSES + minutes(20))
    with pytest.raises(StillRunning):
        arrange(Exam.objects.get(pk=over.pk), district, now=CLOSES + minutes(19))
    assert Exam.objects.count() == 1


def test_no_makeup_when_nobody_is_left(district, cadre):
    exam = district.exam()
    play(exam, cadre, right=True)
    with pytest.raises(NobodyAgain):
        arrange(exam, district)


def test_a_makeup_whose_people_were_all_excused_meanwhile_is_not_published(district, cadre):
    exam = district.exam()
    makeup = arrange(exam, district)
    Candidate.objects.filter(exam=exam).update(exempt_reason="退休")
    with pytest.raises(NobodyAgain):
        publish(makeup, district)
    makeup.refresh_from_db()
    assert makeup.state == "draft"


standings = st.lists(st.builds(Standing, st.booleans(), st.booleans(), st.booleans(), st.booleans()), min_size=1, max_size=4)


@given(standings)
def test_who_passed_never_comes_back_and_who_is_left_always_has_a_reason(sessions):
    why = comes_back(sessions)
    assert why in ("", engine.DEFERRED, engine.ABSENT, engine.FAILED)
    if any(one.passed and not one.exempt for one in sessions) or sessions[-1].exempt:
        assert why == ""
    else:
        assert why


@given(st.dictionaries(st.integers(1, 9), st.integers(0, 200).map(lambda n: Decimal(n) / 2), max_size=6))
def test_best_last_and_first_name_one_of_the_valid_sittings(marks):
    sittings = list(marks.items())
    if not sittings:
        assert counting(sittings, engine.BEST) is None
        return
    best = counting(sittings, engine.BEST)
    assert marks[best] == max(marks.values())
    assert not any(number < best and mark == marks[best] for number, mark in sittings)
    assert counting(sittings, engine.LAST) == max(marks)
    assert counting(sittings, engine.FIRST) == min(marks)


@pytest.mark.parametrize(("rule", "numbers"), [("best", [1, 1, 3]), ("last", [1, 2, 3]), ("first", [1, 1, 1])])
def test_the_rule_of_the_exam_decides_which_sitting_counts_after_each_one(district, cadre, rule, numbers):
    exam = district.exam(attempts=3, counting=rule)
    seen = []
    for share, at in ((5, 0), (2, 10), (8, 20)):
        sitting = scene.sit(exam, cadre, now=NOON + minutes(at))
        scene.answer_all(sitting, now=NOON + minutes(at), places=range(share))
        actions.submit_sitting(sitting.pk, by=cadre, now=NOON + minutes(at))
        seen.append(scene.candidate(exam, cadre).counted.number)
    assert seen == numbers
    last = scene.candidate(exam, cadre).counted
    actions.void_sitting(last, reason="冒名", by=district.boss, now=NOON + minutes(30))
    left = {"best": 1, "last": 2, "first": 2}[rule]
    assert scene.candidate(exam, cadre).counted.number == left


@pytest.fixture
def page(district):
    return browser(holder(district, "setter"))


def test_the_organiser_arranges_a_makeup_reads_the_names_and_publishes_it(district, over, page):
    with time_machine.travel(CLOSES + minutes(1), tick=False):
        detail = page.get(reverse("exams:manage", args=[over.pk])).content.decode()
        assert all(words in detail for words in ("缓考 1 人", "不合格 1 人", "安排补考"))
        address = reverse("exams:makeup", args=[over.pk])
        assert "法治理论考试补考" in page.get(address).content.decode()
        sent = {"name": "秋季补考", "opens_at": "2026-10-01T09:00", "closes_at": "2026-10-02T18:00", "duration_minutes": "45",
                "attempts": "1"}  # fmt: skip
        makeup = Exam.objects.get(pk=page.post(address, sent).url.split("/")[2])
        names = page.get(reverse("exams:names", args=[makeup.pk])).content.decode()
        assert all(name in names for name in ("不合格人", "缺考人", "缓考人"))
        assert "免考人" not in names
        assert "缓考人" not in page.get(reverse("exams:names", args=[makeup.pk]), {"q": "缺考人"}).content.decode()
        page.post(reverse("exams:publish", args=[makeup.pk]))
    makeup.refresh_from_db()
    assert (makeup.state, makeup.duration_minutes, makeup.candidates.count()) == ("published", 45, 3)
    assert makeup.pass_mark == over.pass_mark


def test_a_makeup_with_times_the_wrong_way_round_is_refused_beside_the_field(district, over, page):
    with time_machine.travel(CLOSES + minutes(1), tick=False):
        sent = {"name": "补考", "opens_at": "2026-10-02T09:00", "closes_at": "2026-10-01T09:00", "duration_minutes": "45",
                "attempts": "1"}  # fmt: skip
        reply = page.post(reverse("exams:makeup", args=[over.pk]), sent)
    assert (reply.status_code, Exam.objects.count()) == (422, 1)
    assert "截止时间要晚于开始时间" in reply.content.decode()


def test_the_names_of_a_draft_are_shown_before_it_is_published(district, cadre, page, django_assert_max_num_queries):
    exam = district.exam(publish=False)
    address = reverse("exams:names", args=[exam.pk])
    assert cadre.name in page.get(address).content.decode()
    with django_assert_max_num_queries(20) as one:
        page.get(address)
    asked = len(one.captured_queries)
    for n in range(30):
        district.person(f"同事{n}")
    with django_assert_max_num_queries(asked):
        page.get(address)


def test_makeups_and_names_are_for_the_organiser_alone(district, over, cadre):
    outsider = holder(district, "setter", name="外单位", unit=district.other_town)
    for who in (cadre, holder(district, "leader", name="领导"), outsider):
        for name in ("exams:makeup", "exams:names"):
            assert browser(who).get(reverse(name, args=[over.pk])).status_code == 404


def test_a_makeup_keeps_the_conditions_and_the_browser_of_its_first_session(district, over):
    """Who was absent for want of a course does not get around it, and nobody sits it in any browser."""
    actions.set_watch(over, watch_leaving=True, safe_browser=True, keys="ab" * 32, by=district.boss, now=OPENS)
    over.requirements.create(kind="course", key="7", words="学完课程：信访工作条例")
    Exam.objects.filter(pk=over.pk).update(has_requirements=True)
    makeup = arrange(Exam.objects.get(pk=over.pk), district)
    assert (makeup.watch_leaving, makeup.safe_browser, makeup.safe_browser_keys) == (True, True, "ab" * 32)
    assert makeup.has_requirements
    assert [(one.kind, one.key, one.words) for one in makeup.requirements.all()] == [("course", "7", "学完课程：信访工作条例")]
