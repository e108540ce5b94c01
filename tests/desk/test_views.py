"""The start page and the front."""
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from mingfa.desk import registry
from mingfa.desk.registry import State, Todo

from courses import actions
from tests.courses import scene as courses

NOW = datetime(2026, 9, 17, 2, 0, tzinfo=UTC)


@pytest.fixture
def scene(db):
    with time_machine.travel(NOW, tick=True):
        yield courses.build()


@pytest.fixture
def cadre(scene, client):
    user = scene.person()
    client.force_login(user)
    return user


def page(client, address="/me/") -> str:
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def todo(title, state, due=None) -> Todo:
    return Todo(title, "说明", "/x/", "去办", due, state, "未开始")


@pytest.fixture
def only(monkeypatch):
    """The page with these todos alone."""

    def put(*todos):
        monkeypatch.setattr(registry, "_sources", [lambda user, now: list(todos)])

    return put


def test_visitors_get_the_front_with_sign_in_and_law_library(client, db):
    words = page(client, "/")
    assert 'href="/login/"' in words
    assert 'href="/laws/"' in words


def test_signed_in_people_go_from_the_front_to_their_tasks(client, cadre):
    assert client.get("/").url == "/me/"


def test_AZ4_the_desk_asks_visitors_to_sign_in(client, db):
    assert client.get("/me/").url == "/login/?next=/me/"


def test_a_desk_without_tasks_says_what_will_come(client, cadre):
    assert "现在没有任务" in page(client)


def test_an_assigned_course_stands_first_to_do(client, cadre, scene):
    scene.assign(scene.town)
    words = page(client)
    assert "有 1 件事要办，最近的一件" in words
    assert "已完成 0 / 2 课，还要约 20 分钟。每课先做题，全对可免学。" in words
    assert scene.lessons[0].url in words
    assert words.count("9 月 30 日截止") == 2


def test_a_finished_course_moves_down(client, cadre, scene):
    scene.assign(scene.town)
    courses.finish_course(cadre, scene)
    words = page(client)
    assert "现在没有要办的事" in words
    assert "9 月 17 日，2 课，测一测全部答对" in words


def test_tasks_stand_by_their_date_and_the_ones_without_last(client, cadre, only):
    later, sooner = NOW + timedelta(days=9), NOW + timedelta(days=1)
    only(todo("没有期限", State.NOW), todo("晚的", State.NOW, later), todo("早的", State.NOW, sooner))
    assert [one.title for one in client.get("/me/").context["desk"].now] == ["早的", "晚的", "没有期限"]


def test_the_page_has_one_filled_button(client, cadre, only):
    only(todo("甲", State.NOW), todo("乙", State.NOW), todo("丙", State.NEXT), todo("丁", State.DONE))
    assert page(client).count("btn btn-primary") == 1


def test_only_the_last_five_done_are_shown_the_latest_first(client, cadre, only):
    only(*(todo(f"第{n}件", State.DONE, NOW - timedelta(days=n)) for n in range(1, 9)))
    assert [one.title for one in client.get("/me/").context["desk"].done] == [f"第{n}件" for n in range(1, 6)]


def test_what_is_overdue_says_so(client, cadre, only):
    only(todo("过期的", State.NOW, NOW - timedelta(days=2)))
    assert "已到期，仍可以办" in page(client)


def test_titles_are_text_never_markup(client, cadre, only):
    only(todo("<script>alert(1)</script>", State.NOW))
    assert "<script>alert" not in page(client)


def test_the_desk_takes_the_same_queries_for_one_and_for_many_courses(
    client, cadre, scene, django_assert_max_num_queries
):
    scene.assign(scene.town)
    page(client)

    def measure():
        with django_assert_max_num_queries(200) as captured:
            page(client)
        return len(captured)

    before = measure()
    for n in range(8):
        course = actions.create_course(title=f"第{n}门课", unit=scene.district, by=scene.trainer, now=NOW)
        scene.lesson("一课", scene.questions[:1], course=course)
        scene.assign(scene.town, course=course)
    assert measure() == before


def test_the_year_stands_beside_the_tasks(client, cadre, scene):
    scene.assign(scene.town)
    courses.finish(cadre, scene.lessons[0])
    words = page(client)
    assert "我的 2026 年" in words
    assert "1 / 2 课" in words
