"""自测和模拟考试: never a question that is kept back, never an explanation before an answer, never a trace."""
import re
from decimal import Decimal

import pytest
import time_machine
from django.core.signing import dumps
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from mingfa.bank import actions as bank_actions
from mingfa.bank.models import Question
from mingfa.bank.queries import PoolItem

from exams import practice
from exams.actions.preparing import RuleSpec
from exams.models import Response, Sitting
from exams.papers import keys_of

from . import scene
from .scene import NOON, OPENS, SECRET, browser

SINGLES = (RuleSpec("single", 3, Decimal(10)),)


def page_of(user, address, now=NOON, **data):
    with time_machine.travel(now, tick=False):
        client = browser(user)
        return (client.post(address, data) if data else client.get(address)).content.decode()


def sealed(text):
    return re.search(r'name="paper" value="([^"]+)"', text)[1]


def right_answers(user, text):
    """The form with every question answered right."""
    with time_machine.travel(NOON, tick=False):
        paper = practice.unseal(sealed(text), user)
    return {
        name: scene.answer_names(paper, place, keys_of(paper)[place][1]) for place, name in enumerate(paper.names.questions)
    }


def start(user, **more):
    query = "&".join(f"{name}={value}" for name, value in {"size": 10, **more}.items())
    return page_of(user, f"{reverse('exams:practice')}?{query}")


def test_a_practice_asks_then_marks_and_explains_and_nothing_of_it_is_kept(district, cadre):
    text = start(cadre)
    assert text.count('class="mf-q ') == 10
    assert SECRET not in text
    done = page_of(cadre, reverse("exams:practice_result"), paper=sealed(text), **right_answers(cadre, text))
    assert "答对 10 / 10 题" in done
    assert done.count(SECRET) == 10
    assert (Sitting.objects.count(), Response.objects.count()) == (0, 0)


def test_AL2_only_what_was_answered_is_explained(district, cadre):
    text = start(cadre)
    answers = right_answers(cadre, text)
    some = dict(list(answers.items())[:3])
    done = page_of(cadre, reverse("exams:practice_result"), paper=sealed(text), **some)
    assert done.count(SECRET) == 3
    assert "没有做的不给答案" in done


def test_AL2_what_an_open_exam_may_draw_is_never_practised(district, cadre):
    district.exam(rules=SINGLES, pass_mark=10)
    for _ in range(5):
        text = start(cadre, size=50)
        assert "单选题" not in text
        assert text.count('class="mf-q ') == 16


def test_AL2_questions_reserved_for_exams_are_never_practised(district, cadre):
    for question in Question.objects.filter(current__type="judge"):
        bank_actions.reserve_question(question, reserved=True, by=district.boss, now=OPENS)
    assert "判断题" not in start(cadre, size=50)


def test_AL1_what_is_on_the_own_open_paper_is_never_practised_nor_explained_afterwards(district, cadre):
    text = start(cadre, size=50)
    answers = right_answers(cadre, text)
    exam = district.exam(practice="open")
    scene.sit(exam, cadre)
    assert start(cadre, size=50).count('class="mf-q ') == 24 - 8
    done = page_of(cadre, reverse("exams:practice_result"), paper=sealed(text), **answers)
    assert done.count(SECRET) == 24 - 8


def test_a_mock_exam_has_the_parts_and_marks_of_its_exam_where_the_bank_is_open(district, cadre):
    exam = district.exam(practice="open")
    text = page_of(cadre, reverse("exams:mock", args=[exam.pk]))
    assert text.count('class="mf-q ') == 8
    assert "8 题，共 100 分" in text
    done = page_of(
        cadre, reverse("exams:practice_result"), paper=sealed(text), exam=exam.pk, **right_answers(cadre, text)
    )
    assert "得 100 分，满分 100 分" in done


def test_a_mock_exam_of_a_kept_back_bank_says_so_and_is_only_for_its_candidates(district, cadre):
    exam = district.exam()
    assert "现在没有可以模拟的题" in page_of(cadre, reverse("exams:mock", args=[exam.pk]))
    other = district.person("外人", unit=district.other_town)
    town_only = district.exam(due_units=[district.town])
    with time_machine.travel(NOON, tick=False):
        assert browser(other).get(reverse("exams:mock", args=[town_only.pk])).status_code == 404


@pytest.mark.parametrize("text", ["", "nonsense", "a:b:c"])
def test_a_paper_nobody_sealed_is_refused_with_a_sentence(district, cadre, text):
    with time_machine.travel(NOON, tick=False):
        reply = browser(cadre).post(reverse("exams:practice_result"), {"paper": text})
    assert (reply.status_code, "这份自测已经过期" in reply.content.decode()) == (400, True)


def test_a_paper_sealed_for_somebody_else_or_long_ago_opens_no_key(district, cadre):
    other = district.person("别人")
    text = start(other)
    answers = right_answers(other, text)
    assert SECRET not in page_of(cadre, reverse("exams:practice_result"), paper=sealed(text), **answers)
    late = NOON + scene.minutes(6 * 60 + 1)
    assert SECRET not in page_of(other, reverse("exams:practice_result"), now=late, paper=sealed(text), **answers)
    forged = dumps([cadre.pk, 1, "[]"], salt="other")
    assert practice.unseal(forged, cadre) is None


def test_SI11_an_option_of_another_paper_is_refused(district, cadre):
    text = start(cadre)
    answers = right_answers(cadre, text)
    name = next(iter(answers))
    done = page_of(cadre, reverse("exams:practice_result"), paper=sealed(text), **{name: ["ffffff0"]})
    assert "这份自测已经过期" in done


def test_somebody_without_a_unit_or_bank_is_told_that_there_is_nothing(district):
    other = district.person("外区")
    other.postings.update(ends_on=OPENS.date())
    assert "现在没有可以练的题" in page_of(other, reverse("exams:practice"))


items = st.builds(
    PoolItem, version_id=st.integers(1, 10**6), question_id=st.integers(1, 10**6), type=st.sampled_from(["single", "judge"]),
    topic=st.sampled_from(["", "甲"]), difficulty=st.just(2), laws=st.sampled_from([(), ("民法典",)]),
)  # fmt: skip


pools = st.lists(items, max_size=40, unique_by=(lambda one: one.version_id, lambda one: one.question_id))


@given(pools, st.integers(1, 20), st.integers(0, 99))
def test_a_draw_never_repeats_and_only_takes_what_was_asked_for(pool, size, seed):
    from mingfa.bank.queries import VersionView

    from exams import papers

    papers._versions.update(
        (one.version_id, VersionView(one.version_id, one.type, "", (), "", "", ())) for one in pool
    )
    drawn = practice.draw_practice(pool, size=size, law="民法典", seed=seed)
    fitting = {one.version_id for one in pool if one.laws}
    chosen = {one.version_id for one in drawn}
    assert chosen <= fitting
    assert len(chosen) == len(drawn) <= size
    assert len(drawn) == min(size, len(fitting))
    papers.forget()
