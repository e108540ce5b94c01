"""The pages of review tasks: for those who decide, one row a task, many decided at once, and on the desk."""
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from mingfa.changes.models import ReviewTask
from mingfa.desk.registry import entries_for
from mingfa.people.models import Role, User
from wagtail.models import ModelLogEntry

from tests.exported import table

from .scene import NOW, browser, change, held, import_new, task_of

pytestmark = pytest.mark.django_db


def page(user, **query):
    return browser(user).get(reverse("changes:tasks", args=[change().pk]), query)


def decide(user, *things, **data):
    data = {"task": [task_of(one).pk for one in things], "decision": "right", **data}
    return browser(user).post(reverse("changes:decide", args=[change().pk]), data, follow=True)


def todos(user):
    return [one.facts for one in entries_for(User.objects.get(pk=user.pk), NOW) if "核对任务" in getattr(one, "title", "")]


def test_a_setter_sees_the_questions_and_a_trainer_the_lessons_with_both_texts(scene):
    import_new()
    text = page(scene.setter).content.decode()
    assert text.count('name="task"') == 3
    assert "已决定 0 / 3 项，还有 3 项" in text
    assert "<del>三十</del>" in text or "<del>三十日</del>" in text
    assert "第三条 → 第四条" in text
    assert "第 2 课" not in text
    lessons = page(scene.trainer).content.decode()
    assert ("第 2 课" in lessons, "第 0 题怎么说" in lessons) == (True, False)


def test_the_list_shows_each_change_with_progress(scene):
    import_new()
    decide(scene.setter, scene.questions[2])
    text = browser(scene.setter).get(reverse("changes:list")).content.decode()
    assert "1 / 3" in text
    assert "还有 2 项" in text


def test_many_are_decided_at_once_and_the_filter_stays(scene):
    import_new()
    here = reverse("changes:tasks", args=[change().pk]) + "?state=open"
    reply = decide(scene.setter, scene.questions[2], scene.questions[3], note="都对", repoint="on", back=here)
    text = reply.content.decode()
    assert reply.redirect_chain == [(here, 302)]
    assert "已决定 2 项，2 题（课）核对完，改了 1 处条号" in text
    assert held() == {scene.questions[4].pk}
    assert page(scene.setter, state="decided").content.decode().count("仍然正确：出题人甲") == 2


@pytest.mark.parametrize(("data", "said"), [
    ({"task": []}, "没有选核对任务"), ({"decision": ""}, "请选一个决定"), ({"decision": "maybe"}, "没有决定任何任务"),
    ({"note": "长" * 201}, "说明最多 200 字"), ({"decision": "revised"}, "试题不能只标“已修改”"),
    ({"task": ["abc", "-1", "9" * 30]}, "有的任务不在这一页上了"),
])  # fmt: skip
def test_a_decision_that_cannot_be_taken_says_why_and_changes_nothing(scene, data, said):
    import_new()
    assert said in decide(scene.setter, scene.questions[2], **data).content.decode()
    assert not ReviewTask.objects.exclude(decision="").exists()


def test_what_somebody_else_decided_meanwhile_is_told(scene):
    import_new()
    decide(scene.setter, scene.questions[2])
    assert "已经有人决定了" in decide(scene.setter, scene.questions[2]).content.decode()


@pytest.mark.parametrize("back", ["https://elsewhere.example/", "//elsewhere.example", "/me/", "javascript:alert(1)"])
def test_only_the_page_itself_is_gone_back_to(scene, back):
    import_new()
    reply = decide(scene.setter, scene.questions[2], back=back)
    assert reply.redirect_chain == [(reverse("changes:tasks", args=[change().pk]), 302)]


def test_AZ1_the_pages_do_not_exist_for_others(scene, client):
    import_new()
    address = reverse("changes:tasks", args=[change().pk])
    assert client.get(address).status_code == 302
    for other in (scene.holder(Role.LEADER), scene.holder(Role.SETTER, scene.town, "镇里的出题人")):
        assert browser(other).get(address).status_code == 404
        reply = browser(other).post(
            reverse("changes:decide", args=[change().pk]), {"task": task_of(scene.questions[2]).pk, "decision": "right"}
        )
        assert reply.status_code == 404
    assert browser(scene.holder(Role.LEADER, name="再一位")).get(reverse("changes:list")).status_code == 404


def test_AZ1_a_task_of_somebody_else_cannot_be_decided_along_with_the_own_ones(scene):
    import_new()
    text = decide(scene.setter, scene.questions[2], scene.lessons[2]).content.decode()
    assert "有的任务不在这一页上了" in text
    assert not ReviewTask.objects.exclude(decision="").exists()


def test_the_desk_of_those_who_decide_tells_how_much_waits_until_nothing_does(scene):
    import_new()
    assert todos(scene.setter) == ["还有 试题 3 项。已决定 0 / 3。试题核对以前不进新试卷。"]
    assert todos(scene.trainer) == ["还有 课 3 项。已决定 0 / 3。试题核对以前不进新试卷。"]
    assert todos(scene.holder(Role.LEADER)) == []
    decide(scene.setter, *(scene.questions[number] for number in (2, 3, 4)))
    assert todos(scene.setter) == []


def test_the_page_asks_as_often_for_30_tasks_as_for_one(scene):
    for n in range(1, 31):
        scene.question(2, n)
    import_new()
    client = browser(scene.setter)
    one = task_of(scene.questions[3])
    address = reverse("changes:tasks", args=[change().pk])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        assert client.get(address, {"happened": "moved"}).content.decode().count('name="task"') == 1
    assert one.article.happened == "moved"
    with CaptureQueriesContext(connection) as many:
        assert client.get(address).content.decode().count('name="task"') == 30
    assert len(many) == len(few)


def test_a_question_page_says_that_it_is_held(scene):
    import_new()
    text = browser(scene.setter).get(reverse("bank:question", args=[scene.questions[2].pk])).content.decode()
    assert "所引条文有修改，正在等核对" in text


def test_the_list_goes_out_as_excel_with_the_same_progress(scene):
    import_new()
    decide(scene.setter, scene.questions[2])
    [row] = table(browser(scene.setter).get(reverse("changes:list_xlsx")))[1:]
    assert (row[8], row[9], row[10]) == (1, 3, "试题 2 项")
    assert row[0] == change().law.title
    assert ModelLogEntry.objects.get(action="changes.export").user == scene.setter
    assert browser(scene.holder(Role.LEADER)).get(reverse("changes:list_xlsx")).status_code == 404
