"""What the trainer teaches with beside the slides: prepared questions, articles, merged questions, several halls."""
import json
from datetime import date

import pytest
import time_machine
from django.urls import reverse
from mingfa.people.models import Role, User

from courses.live import actions, queries, tickets
from courses.live.actions import Given
from courses.live.board.refusals import Already, Gone, TooMany, WrongMoment
from courses.live.models import Prepared
from tests.library import texts

from .scene import NOW
from .test_views import data_of

LAW = "中华人民共和国行政复议法"


@pytest.fixture(autouse=True)
def _at_nine(scene):
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture
def law(db):
    twenty = [f"这是第 {n} 件事。" for n in range(1, 20)] + ["自知道之日起六十日内可以申请行政复议。"]
    texts.bring_in(texts.edition(LAW, texts.articles(*twenty), version=date(2023, 9, 1), effective_on=date(2024, 1, 1)))


def address(name, scene, *more):
    return reverse(f"live:{name}", args=[scene.training.pk, *more])


def poll(scene, n=1, kind="single", **more):
    options = ["懂", "不懂"] if kind in ("single", "multi") else []
    return actions.prepare_poll(
        scene.training, kind=kind, text=f"第 {n} 问", options=options, by=scene.trainer, now=NOW, **more
    )


# --- prepared before the class ----------------------------------------------------------------------
def test_all_five_kinds_and_a_question_are_prepared_on_the_page_in_the_order_they_will_be_asked(scene, client):
    client.force_login(scene.trainer)
    question = scene.question()
    for kind, options in [("single", "懂\r\n不懂"), ("multi", "甲\n乙\n丙"), ("scale", ""), ("cloud", ""), ("text", "多余的")]:
        form = {"text": f"{kind}？", "kind": kind, "options": options, "seconds": "60", "anonymous": "on"}
        assert client.post(address("add_poll", scene), form).url == address("prepare", scene)
    assert client.post(address("add_question", scene), {"question": question.pk, "seconds": ""}).status_code == 302
    rows = Prepared.objects.values_list("kind", "options", "seconds", "question")
    assert list(rows) == [
        ("single", ["懂", "不懂"], 60, None), ("multi", ["甲", "乙", "丙"], 60, None), ("scale", [], 60, None),
        ("cloud", [], 60, None), ("text", [], 60, None), ("quiz", [], 60, question.pk),
    ]  # fmt: skip
    last = Prepared.objects.last()
    client.post(address("change_prepared", scene, last.pk), {"do": "up"})
    client.post(address("change_prepared", scene, Prepared.objects.first().pk), {"do": "remove"})
    assert list(Prepared.objects.values_list("kind", flat=True)) == ["multi", "scale", "cloud", "quiz", "text"]
    page = client.get(address("prepare", scene)).content.decode()
    assert "申请复议的期限" in page
    assert "已问过" not in page


@pytest.mark.parametrize(("form", "words"), [
    ({"text": "", "kind": "text"}, "还没有写问什么"),
    ({"text": "问", "kind": "single", "options": "一个"}, "选项要 2 到 12 个"),
    ({"text": "问", "kind": "multi", "options": "\n".join("甲乙丙丁戊己庚辛壬癸子丑寅")}, "现在有 13 个"),
    ({"text": "问", "kind": "single", "options": "长" * 101 + "\n短"}, "一个选项最多 100 个字"),
    ({"text": "问", "kind": "x"}, "形式"),
    ({"text": "问", "kind": "text", "seconds": "7"}, "时长"),
])  # fmt: skip
def test_a_poll_that_is_not_complete_is_told_beside_the_field(scene, client, form, words):
    client.force_login(scene.trainer)
    page = client.post(address("add_poll", scene), form)
    assert page.status_code == 400
    assert words in page.content.decode()
    assert Prepared.objects.count() == 0


def test_only_questions_the_trainer_may_ask_are_prepared_and_only_those_who_teach_prepare(scene, client):
    question = scene.question()
    question.bank.unit = scene.towns[0]
    question.bank.save()
    other = scene.holder(Role.TRAINER, scene.towns[1], "外人")
    client.force_login(other)
    assert client.post(address("add_question", scene), {"question": question.pk}).status_code == 404
    question.status = "retired"
    question.save()
    with pytest.raises(Gone):
        actions.prepare_question(scene.training, question, by=scene.trainer, now=NOW)
    client.force_login(scene.trainer)
    assert client.post(address("add_question", scene), {"question": question.pk}).status_code == 400
    assert client.post(address("add_question", scene), {"question": "9" * 30}).status_code == 400


def test_the_list_of_prepared_questions_has_an_end_and_closes_with_the_class(scene):
    Prepared.objects.bulk_create(Prepared(training=scene.training, place=n, kind="text", text="问") for n in range(50))
    with pytest.raises(TooMany):
        poll(scene)
    Prepared.objects.all().delete()
    one = poll(scene)
    scene.begin()
    poll(scene, 2)
    scene.turn("ended")
    for action in (actions.remove_prepared, actions.move_up):
        with pytest.raises(WrongMoment):
            action(one, by=scene.trainer, now=NOW)


def test_which_prepared_questions_were_asked_stands_in_the_log(scene, client):
    first, second = poll(scene, 1), poll(scene, 2)
    scene.begin()
    client.force_login(scene.trainer)
    assert [one["asked"] for one in data_of(client.get(address("console", scene)))["prepared"]] == [False, False]
    ready = {"kind": "single", "text": first.text, "options": first.options, "prepared": first.pk}
    scene.do("poll.open", ready)
    assert [one["asked"] for one in client.get(address("desk", scene)).json()["prepared"]] == [True, False]
    assert second.pk not in queries.asked_already(scene.training.pk)


# --- the key ----------------------------------------------------------------------------------------
def test_the_key_of_a_question_is_nowhere_before_it_is_closed(scene, client, law):
    question = scene.question(answer="B")
    actions.prepare_question(scene.training, question, by=scene.trainer, now=NOW)
    scene.begin()
    scene.do("quiz.open", {"question_ref": question.pk, "seconds": 60})
    quiz = scene.state["quiz"]["id"]
    scene.answer(quiz, [1])
    actions.tally(scene.training.pk, now=NOW)
    shown = []
    for user, page in [(scene.trainer, "console"), (scene.cadres[0], "room"), (scene.steward, "room")]:
        client.force_login(user)
        shown.append(data_of(client.get(address(page, scene))))
    client.force_login(scene.trainer)
    shown.append(client.get(address("desk", scene)).json())
    shown += scene.log
    told = json.dumps(shown, ensure_ascii=False)
    assert scene.state["quiz"]["correct"] is None
    assert [word for word in ('"correct": "', '"answer": ', '"explanation"', "自知道之日起六十日") if word in told] == []
    scene.do("quiz.close", {"id": quiz})
    assert scene.state["quiz"]["correct"] == "B"
    # With the answer comes the article it rests on.
    assert scene.state["quiz"]["law"]["article"] == "第二十条"
    assert scene.state["quiz"]["law"]["text"] == "自知道之日起六十日内可以申请行政复议。"


def test_one_thing_is_asked_at_a_time(scene):
    question = scene.question()
    scene.begin()
    scene.do("poll.open", {"kind": "single", "text": "懂吗", "options": ["懂", "不懂"]})
    scene.answer(scene.state["poll"]["id"], [1])
    scene.do("quiz.open", {"question_ref": question.pk, "seconds": 60})
    assert (scene.state["poll"]["open"], scene.state["poll"]["counts"]) == (False, [0, 1])
    with pytest.raises(Already):
        scene.do("poll.open", {"kind": "text", "text": "还有吗"})
    scene.do("quiz.close", {"id": scene.state["quiz"]["id"]})
    scene.do("poll.open", {"kind": "text", "text": "还有吗"})


# --- written answers --------------------------------------------------------------------------------
def test_written_answers_are_read_by_the_trainer_and_shown_when_chosen(scene, client):
    scene.begin()
    scene.do("poll.open", {"kind": "text", "text": "哪里没听懂", "anonymous": True})
    item = scene.state["poll"]["id"]
    for place, words in enumerate(["起算点", "送达"]):
        assert scene.answer(item, words, actor=scene.sitting(place)) is None
    client.force_login(scene.trainer)
    written = client.get(address("written", scene, item)).json()["written"]
    assert [(one["text"], one["venue"]) for one in written] == [
        ("送达", scene.venues[1].pk), ("起算点", scene.venues[0].pk),
    ]  # fmt: skip
    assert set(written[0]) == {"text", "venue"}
    client.force_login(scene.cadres[0])
    assert client.get(address("written", scene, item)).status_code == 404
    scene.do("poll.close", {"id": item})
    assert "起算点" not in json.dumps(scene.state, ensure_ascii=False)
    scene.do("poll.show", {"id": item, "what": "answer", "said": ["起算点"]})
    assert scene.state["poll"]["said"] == ["起算点"]
    scene.do("poll.show", {"id": item, "what": "none"})
    assert scene.state["poll"]["said"] == []


# --- an article beside the slide --------------------------------------------------------------------
def test_an_article_is_found_by_words_or_number_and_shown_with_its_edition(scene, client, law):
    scene.begin()
    client.force_login(scene.trainer)

    def found(typed):
        rows = client.get(address("articles", scene), {"q": typed}).json()["articles"]
        return [(one["law"], one["article"]) for one in rows]

    assert found("行政复议法 20") == [(LAW, "第二十条")]
    assert found("六十日") == [(LAW, "第二十条")]
    assert (found(""), found("九九九九"), found("《" * 300)) == ([], [], [])
    scene.do("law.show", {"law": LAW, "article": "第二十条"})
    assert scene.state["law"] == {
        "law": LAW, "article": "第二十条", "revision": "2023-09-01 版，有效", "text": "自知道之日起六十日内可以申请行政复议。",
    }  # fmt: skip
    before = scene.state
    with pytest.raises(Gone):
        scene.do("law.show", {"law": LAW, "article": "第九十九条"})
    assert scene.state == before
    scene.do("law.show", {"law": "", "article": ""})
    assert scene.state["law"] is None


# --- questions that say the same --------------------------------------------------------------------
def test_who_wanted_to_ask_what_was_merged_counts_once_with_the_other(scene):
    scene.begin()
    ids = []
    for place in range(3):
        scene.do("qa.new", {"text": f"怎么算 {place}"}, actor=scene.sitting(place))
        ids.append(f"a{scene.state['seq']}")
        scene.do("qa.approve", {"id": ids[-1]})
    for item, place in [(ids[0], 0), (ids[0], 1), (ids[1], 1), (ids[1], 2), (ids[2], 3)]:
        actions.take_answers(scene.training.pk, [Given("qa.vote", {"id": item}, scene.sitting(place))], now=NOW)
    actions.tally(scene.training.pk, now=NOW)
    assert {one["id"]: one["votes"] for one in scene.state["qa"]} == {ids[0]: 2, ids[1]: 2, ids[2]: 1}
    scene.do("qa.merge", {"id": ids[2], "into": ids[1]})
    scene.do("qa.merge", {"id": ids[1], "into": ids[0]})
    actions.tally(scene.training.pk, now=NOW)
    assert {one["id"]: one["votes"] for one in scene.state["qa"]} == {ids[0]: 4}
    with pytest.raises(Gone):
        scene.do("qa.merge", {"id": ids[0], "into": ids[0]})


# --- who looks after several halls ------------------------------------------------------------------
def test_a_liaison_of_several_halls_chooses_one_and_speaks_for_it(scene, client):
    scene.begin()
    both = scene.holder(Role.LIAISON, scene.district, "丙一")
    first, second = scene.venues
    client.force_login(both)
    page = client.get(address("room", scene))
    assert "您管理 2 个会场" in page.content.decode()
    assert data_of(page)["venue"] == first.pk
    data = data_of(client.get(address("room", scene), {"hall": second.pk}))
    assert (data["venue"], len(data["roster"])) == (second.pk, second.roster.count())
    actor = queries.actor_of(tickets.read(data["ticket"]))
    assert (actor.role, actor.venue) == ("steward", second.pk)
    scene.do("hand.up", actor=actor)
    scene.do("headcount", {"heads": 3}, actor=actor)
    assert [(one["name"], one["venue"]) for one in scene.state["hands"]] == [("丙一", second.pk)]
    assert [scene.state["venues"][str(one.pk)]["heads"] for one in scene.venues] == [0, 3]
    assert client.get(address("roster", scene, second.pk)).status_code == 200
    assert client.get(address("venue", scene, second.pk)).status_code == 200


def test_a_hall_one_does_not_look_after_is_not_given(scene, client):
    scene.begin()
    first, second = scene.venues
    client.force_login(scene.steward)
    data = data_of(client.get(address("room", scene)))
    assert ("halls" in data, data["venue"]) == (True, first.pk)
    assert "您管理" not in client.get(address("room", scene)).content.decode().replace("您管理的会场", "")
    # Asked for another, the liaison of the first is there as everybody of the own unit is.
    data = data_of(client.get(address("room", scene), {"hall": second.pk}))
    assert (data["role"], data["venue"]) == ("cadre", first.pk)
    forged = tickets.issue(scene.training.pk, scene.stewarding().__class__("steward", scene.steward.pk, "", second.pk))
    assert queries.actor_of(tickets.read(forged)) is None
    assert User.objects.get(pk=scene.steward.pk).is_active
