"""What people believe is counted from exams that are over, in whole units, never of a few."""
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from mingfa.bank.actions.beliefs import create_belief, tag_answers
from mingfa.bank.beliefs import agenda_of, agenda_text, held_by, overview
from mingfa.bank.models import Question
from mingfa.bank.registry import Asked
from mingfa.library.citations import CitationRef

from exams import actions, practice

from . import scene
from .scene import CLOSES, NOON, OPENS, browser, holder

OVER = CLOSES + timedelta(days=1)
DAY = timezone.localdate(OPENS)


@pytest.fixture
def beliefs(district):
    """Two beliefs on every 单选题: one behind the answer that the scene's wrong people choose, one that nobody chooses."""
    made = [
        create_belief(unit=district.district, name=name, ref=CitationRef("行政复议法", 20), by=district.boss, now=OPENS)
        for name in ("常见的误解", "没有人信的误解")
    ]
    for question in Question.objects.filter(current__type="single").select_related("current"):
        key = question.current.answer
        wrong = "D" if key == "A" else "A"
        other = next(one for one in "ABCD" if one not in (key, wrong))
        tag_answers(question, {wrong: made[0], other: made[1]}, by=district.boss, now=OPENS)
    return made


def play(district, unit, count, wrong, name):
    people = [district.person(f"{name}{number}", unit=unit) for number in range(count)]
    return [(user, number < wrong) for number, user in enumerate(people)]


@pytest.fixture
def exam(district, beliefs):
    """12 of one township sat, 6 of them wrong everywhere; 11 of the other, 2 of them wrong."""
    people = play(district, district.town, 12, 6, "甲") + play(district, district.other_town, 11, 2, "乙")
    exam = district.exam()
    for user, is_wrong in people:
        sitting = scene.sit(exam, user)
        scene.answer_all(sitting, right=not is_wrong)
        actions.submit_sitting(sitting.pk, by=user, now=NOON + timedelta(minutes=20))
    return exam


def asked(district, beliefs, *, unit=None, now=OVER, since=DAY, until=DAY):
    return Asked(frozenset(one.pk for one in beliefs), unit or district.district, since, until, now)


def figures(rows):
    return {row.key: (row.held, row.asked) for row in rows}


def test_people_are_counted_once_however_many_questions_showed_the_belief(district, beliefs, exam):
    found = held_by(("belief", "law", "month"), asked(district, beliefs))
    assert figures(found["belief"]) == {beliefs[0].pk: (8, 23), beliefs[1].pk: (0, 23)}
    assert figures(found["law"]) == {"行政复议法": (8, 23)}
    assert figures(found["month"]) == {DAY.replace(day=1): (8, 23)}


def test_units_are_rolled_up_to_the_next_level(district, beliefs, exam):
    found = held_by(("unit", "quarter"), asked(district, beliefs))
    assert figures(found["unit"]) == {district.town.path: (6, 12), district.other_town.path: (2, 11)}
    assert figures(found["quarter"]) == {DAY.replace(month=7, day=1): (8, 23)}
    own = held_by(("belief", "unit"), asked(district, beliefs, unit=district.town))
    assert figures(own["belief"])[beliefs[0].pk] == (6, 12)


@pytest.mark.parametrize("now", [NOON + timedelta(hours=1), CLOSES - timedelta(seconds=1)])
def test_AL4_nothing_of_an_exam_that_is_still_open_is_counted(district, beliefs, exam, now):
    assert held_by(("belief",), asked(district, beliefs, now=now)) == {"belief": []}


def test_AL4_nothing_is_counted_while_late_answers_are_still_taken(district, beliefs, exam):
    type(exam).objects.filter(pk=exam.pk).update(grace_minutes=10)
    assert held_by(("belief",), asked(district, beliefs, now=CLOSES + timedelta(minutes=9))) == {"belief": []}
    assert held_by(("belief",), asked(district, beliefs, now=CLOSES + timedelta(minutes=10)))["belief"]


def test_void_sittings_and_other_days_are_not_counted(district, beliefs, exam):
    sitting = exam.candidates.get(user__name="甲0").sittings.get()
    actions.void_sitting(sitting, reason="换人", by=district.boss, now=OVER)
    assert figures(held_by(("belief",), asked(district, beliefs))["belief"])[beliefs[0].pk] == (7, 22)
    day = DAY + timedelta(days=1)
    assert held_by(("belief",), asked(district, beliefs, since=day, until=day)) == {"belief": []}


def test_fewer_than_ten_people_are_never_shown(district, beliefs, exam):
    wide = {"since": DAY, "until": DAY, "now": OVER}
    shown = overview(beliefs, district.district, **wide)
    assert [(name, row.asked) for name, row in shown.units] == [("穗安街道", 12), ("黄莺岗镇", 11)]
    for name in ("乙2", "乙3"):
        sitting = exam.candidates.get(user__name=name).sittings.get()
        actions.void_sitting(sitting, reason="换人", by=district.boss, now=OVER)
    shown = overview(beliefs, district.district, **wide)
    assert [(name, row.asked) for name, row in shown.units] == [("其他单位", 21)]
    assert overview(beliefs, district.other_town, **wide).beliefs[0][1] is None


def test_the_agenda_says_what_to_talk_about_with_article_and_heads(district, beliefs, exam):
    shown = overview(beliefs, district.district, since=DAY, until=DAY, now=OVER)
    agenda = agenda_of(shown.beliefs)
    assert [(belief.name, row.percent) for belief, row in agenda] == [("常见的误解", 35)]
    text = agenda_text(agenda, district.district, DAY, DAY)
    assert "1. 误区：常见的误解（23 人答过，8 人选错，占 35%）" in text
    assert "讲：《行政复议法》第二十条" in text


def test_the_pages_show_the_figures_and_no_person(district, beliefs, exam):
    client = browser(holder(district, "setter", "trainer", name="出题人甲", now=OPENS))
    with time_machine.travel(OVER, tick=False):
        pages = [client.get(reverse(name)).content.decode() for name in ("bank:beliefs", "bank:agenda")]
        pages.append(client.get(reverse("bank:belief", args=[beliefs[0].pk])).content.decode())
    for page in pages:
        assert "8 / 23 人" in page
        assert not any(f"甲{number}<" in page for number in range(12))


def test_the_figures_take_the_same_statements_for_1_and_many_beliefs(district, beliefs, exam):
    def statements(some):
        with CaptureQueriesContext(connection) as captured:
            overview(some, district.district, since=DAY, until=DAY, now=OVER)
        return len(captured)

    assert statements(beliefs[:1]) == statements(beliefs) == 6


def test_practice_can_keep_to_questions_that_show_beliefs_and_does_not_tell_them(district, beliefs, cadre):
    with time_machine.travel(NOON, tick=False):
        pool = practice.free_pool(district.bank, cadre, now=NOON)
        assert {one.type for one in practice.with_beliefs(pool)} == {"single"}
        client = browser(cadre)
        assert "针对误区练习（8 题" in client.get(reverse("exams:practice")).content.decode()
        page = client.get(reverse("exams:practice"), {"size": 50, "beliefs": "yes"}).content.decode()
    assert page.count('class="mf-q ') == 8
    assert "误解" not in page
