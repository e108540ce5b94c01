"""A law changes between exams: papers drawn afterwards, exams that run short, and the top-up for those who had passed."""
import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from mingfa.bank import actions as bank_actions
from mingfa.bank.citing import draft_of
from mingfa.bank.models import Question, QuestionVersion
from mingfa.changes import actions as changes
from mingfa.desk.registry import State, entries_for
from mingfa.library import comparisons
from mingfa.people.models import Role, User
from wagtail.models import ModelLogEntry

from exams import actions, practice, topups
from exams.actions.preparing import RuleSpec
from exams.models import Candidate, Exam, TopUp
from exams.papers import keys_of, paper_of
from exams.yearly import yearly_standing
from tests.changes import scene as scenes
from tests.changes.scene import NOW, browser, change, import_new, task_of

from .scene import answer_all as answer
from .scene import answer_names, candidate, minutes, sit

OPENS, CLOSES = NOW - timedelta(days=20), NOW - timedelta(days=10)
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def district(db):
    comparisons.forget()
    with time_machine.travel(NOW, tick=False):
        scene = scenes.build()
        for n in range(1, 4):
            scene.question(1, n)
        yield scene


@pytest.fixture
def cadre(district):
    return district.holder(Role.LEADER, district.town, "陈志远")


def make_exam(scene, *, count=4, opens=OPENS, closes=CLOSES, **more):
    now = opens - timedelta(days=1)
    rules = [RuleSpec("single", count, Decimal(10))]
    fields = {
        "name": "长椅管理考试", "unit": scene.district, "opens_at": opens, "closes_at": closes, "duration_minutes": 60,
        "grace_minutes": 0, "pass_mark": Decimal(10), "excellent_mark": Decimal(10 * count), "due_units": [scene.district],
        **more,
    }  # fmt: skip
    blueprint = actions.create_blueprint(name="规则", bank=scene.bank, rules=rules, by=scene.boss, now=now)
    exam = actions.create_exam(blueprint=blueprint, by=scene.boss, now=now, **fields)
    actions.publish_exam(exam, by=scene.boss, now=now)
    return Exam.objects.get(pk=exam.pk)


def pass_exam(scene, user, *, right=True, **more):
    """An exam over all seven questions, sat before the law changed."""
    exam = make_exam(scene, count=7, **more)
    at = exam.opens_at + minutes(60)
    sitting = sit(exam, user, now=at)
    answer(sitting, right=right, now=at)
    actions.submit_sitting(sitting.pk, by=user, now=at + minutes(5))
    return exam


def asked(sitting):
    versions = [item.version_id for item in paper_of(sitting.pk).items]
    return set(QuestionVersion.objects.filter(pk__in=versions).values_list("question", flat=True))


def look_through(scene, *articles):
    """The setter edits the questions of these articles for the new text."""
    for article in articles:
        question = Question.objects.select_related("current__question").get(pk=scene.questions[article].pk)
        draft = draft_of(question.current)
        bank_actions.revise_question(question, replace(draft, stem=f"改过的第 {article} 题"), by=scene.setter, now=NOW)


def desk(user, now=LATER):
    return [one for one in entries_for(User.objects.get(pk=user.pk), now) if "补学" in getattr(one, "title", "")]


def test_an_exam_drawn_a_moment_after_the_import_has_none_of_the_touched_questions(district, cadre):
    exam = make_exam(district, opens=NOW - timedelta(days=1), closes=NOW + timedelta(days=1))
    early = district.holder(Role.LEADER, district.town, "早来的人")
    exam_of_all = make_exam(district, count=7, opens=NOW - timedelta(days=1), closes=NOW + timedelta(days=1))
    drawn = sit(exam_of_all, early, now=NOW)
    touched = {district.questions[number].pk for number in (2, 3, 4)}
    assert touched <= asked(drawn)
    import_new()
    for seed in range(12):
        other = district.holder(Role.LEADER, district.town, f"第{'一二三四五六七八九十甲乙'[seed]}人")
        Candidate.objects.create(exam=exam, user=other, unit=district.town)
        assert not asked(sit(exam, other, now=NOW + minutes(1), seed=seed)) & touched
    assert touched <= asked(drawn)


def test_practice_asks_no_held_question(district, cadre):
    import_new()
    pool = practice.free_pool(district.bank, cadre, now=LATER)
    assert {item.question_id for item in pool} & {one.pk for one in district.questions.values()} == {district.questions[1].pk}


def test_the_organiser_is_told_that_a_published_exam_has_run_short_until_the_questions_are_back(district):
    exam = make_exam(district, count=6, opens=NOW + timedelta(days=1), closes=NOW + timedelta(days=2))
    short = [one for one in entries_for(district.setter, NOW) if "还缺" in getattr(one, "facts", "")]
    assert short == []
    import_new()
    [told] = [one for one in entries_for(district.setter, NOW) if "还缺" in getattr(one, "facts", "")]
    assert (told.title, told.state, "还缺 2 题" in told.facts) == (exam.name, State.NOW, True)
    assert [one for one in entries_for(district.trainer, NOW) if "还缺" in getattr(one, "facts", "")] == []
    some = [task_of(district.questions[number]).pk for number in (2, 3)]
    changes.decide_tasks(change(), some, decision="right", by=district.setter, now=NOW)
    assert [one for one in entries_for(district.setter, NOW) if "还缺" in getattr(one, "facts", "")] == []


def test_who_passed_on_the_old_text_is_offered_a_few_questions_once_they_have_been_looked_at(district, cadre):
    pass_exam(district, cadre)
    assert desk(cadre) == []
    import_new()
    assert desk(cadre) == []
    look_through(district, 2)
    [offer] = topups.offers_for(cadre, now=LATER)
    assert ([str(one) for one in offer.asked], offer.size, offer.exams) == (
        ["第二条 修改", "第三条 移动", "第四条 删去"], 1, ("长椅管理考试",)
    )  # fmt: skip
    [todo] = desk(cadre)
    assert (todo.state, todo.word, todo.due) == (State.NEXT, "可选", None)
    assert "可做可不做，不影响成绩" in todo.facts


def test_a_moved_article_counts_once_its_citation_is_led_to_the_new_number(district, cadre):
    pass_exam(district, cadre)
    import_new()
    task = task_of(district.questions[3])
    changes.decide_tasks(change(), [task.pk], decision="right", repoint=True, by=district.setter, now=NOW)
    [offer] = topups.offers_for(cadre, now=LATER)
    assert [item.question_id for item in offer.near] == [district.questions[3].pk]


@pytest.mark.parametrize("why", ["failed", "after_the_change", "not_released", "not_over", "nothing_touched"])
def test_nobody_else_is_offered_anything(district, cadre, why):
    if why == "after_the_change":
        import_new()
        look_through(district, 2, 3, 4)
        pass_exam(district, cadre, opens=NOW + minutes(1), closes=NOW + timedelta(days=1))
    elif why == "nothing_touched":
        import_new(lines=(*scenes.OLD, "新的一条写在最后，从此生效。"))
        pass_exam(district, cadre)
    else:
        more = {"not_released": {"result_policy": "after_release"}, "not_over": {"closes": NOW + timedelta(days=9)}}.get(why, {})
        pass_exam(district, cadre, right=why != "failed", **more)
        import_new()
        look_through(district, 2, 3, 4)
    assert topups.offers_for(cadre, now=NOW + timedelta(days=3)) == []


def test_AL2_what_a_coming_exam_may_draw_is_not_in_a_top_up(district, cadre):
    pass_exam(district, cadre)
    import_new()
    look_through(district, 2, 3, 4)
    make_exam(district, count=1, opens=NOW + timedelta(days=1), closes=NOW + timedelta(days=2))
    assert topups.offers_for(cadre, now=LATER) == []


def paper(client, change_id):
    text = client.get(reverse("exams:top_up", args=[change_id])).content.decode()
    return text, re.search(r'name="paper" value="([^"]+)"', text)[1]


def test_a_top_up_shows_old_and_new_beside_each_explanation_and_changes_no_result(district, cadre):
    exam = pass_exam(district, cadre)
    before = (Candidate.objects.filter(exam=exam).values().get(user=cadre), yearly_standing([exam]))
    import_new()
    look_through(district, 2)
    client = browser(cadre)
    text, sealed = paper(client, change().pk)
    assert (text.count('class="mf-q '), "写得清楚" in text) == (1, False)
    loaded = practice.unseal(sealed, cadre)
    answers = {
        name: answer_names(loaded, place, keys_of(loaded)[place][1]) for place, name in enumerate(loaded.names.questions)
    }
    done = client.post(reverse("exams:top_up_result", args=[change().pk]), {"paper": sealed, **answers}).content.decode()
    assert "答对 1 / 1 题" in done
    assert "写得清楚" in done
    assert "<del>三十日</del>" in done
    assert "<ins>十日</ins>" in done
    assert TopUp.objects.get(user=cadre).state == "done"
    assert desk(cadre) == []
    assert client.get(reverse("exams:top_up", args=[change().pk])).status_code == 404
    assert (Candidate.objects.filter(exam=exam).values().get(user=cadre), yearly_standing([exam])) == before


def test_a_top_up_handed_in_blank_stays_on_offer(district, cadre):
    pass_exam(district, cadre)
    import_new()
    look_through(district, 2)
    client = browser(cadre)
    _, sealed = paper(client, change().pk)
    reply = client.post(reverse("exams:top_up_result", args=[change().pk]), {"paper": sealed})
    assert "一题也没有做" in reply.content.decode()
    assert len(desk(cadre)) == 1


def test_a_dismissed_offer_is_asked_no_more_and_remembered_once(district, cadre):
    pass_exam(district, cadre)
    import_new()
    look_through(district, 2)
    client, address = browser(cadre), reverse("exams:top_up_dismiss", args=[change().pk])
    for _ in range(2):
        assert "不再提醒" in client.post(address, follow=True).content.decode()
    assert (TopUp.objects.get(user=cadre).state, desk(cadre)) == ("dismissed", [])
    assert ModelLogEntry.objects.filter(action="exams.dismiss_top_up").count() == 1


def test_AZ1_somebody_elses_offer_does_not_exist(district, cadre, client):
    pass_exam(district, cadre)
    import_new()
    look_through(district, 2)
    _, sealed = paper(browser(cadre), change().pk)
    other = district.holder(Role.LEADER, district.town, "别的人")
    address = reverse("exams:top_up", args=[change().pk])
    assert client.get(address).status_code == 302
    assert browser(other).get(address).status_code == 404
    for name in ("top_up_result", "top_up_dismiss"):
        assert browser(other).post(reverse(f"exams:{name}", args=[change().pk]), {"paper": sealed}).status_code == 404
    assert TopUp.objects.count() == 0


@pytest.mark.parametrize("text", ["", "nonsense", "a:b:c"])
def test_a_paper_nobody_sealed_is_refused_with_a_sentence(district, cadre, text):
    pass_exam(district, cadre)
    import_new()
    look_through(district, 2)
    reply = browser(cadre).post(reverse("exams:top_up_result", args=[change().pk]), {"paper": text}, follow=True)
    assert "这份小测已经过期" in reply.content.decode()


def test_a_desk_without_law_changes_asks_one_statement_more_at_most_and_as_many_for_a_long_paper(district, cadre):
    pass_exam(district, cadre)
    with CaptureQueriesContext(connection) as none:
        assert topups.offers_for(cadre, now=NOW) == []
    assert len(none) == 1
    for n in range(1, 20):
        district.question(2, n)
    import_new()
    look_through(district, 2)
    with CaptureQueriesContext(connection) as one:
        assert topups.offers_for(cadre, now=LATER)[0].size == 1
    some = [task_of(question).pk for question in Question.objects.filter(held=True, current__citations__article=2)]
    changes.decide_tasks(change(), some, decision="right", by=district.setter, now=NOW)
    with CaptureQueriesContext(connection) as many:
        [offer] = topups.offers_for(cadre, now=LATER)
    assert (offer.size, len(many)) == (5, len(one))
    assert len(topups.draw(offer, seed=1)) == 5
    assert candidate(Exam.objects.get(), cadre).passed
