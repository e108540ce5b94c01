"""Lessons whose articles are gone or no longer in force are found, by command and on the trainer's page."""
from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.urls import reverse
from mingfa.library.models import Edition

from courses import actions
from courses.citing import check_lessons
from courses.models import CoursePage
from tests.library import texts

from . import scene as scenes

LAW = "中华人民共和国行政复议法"
TWENTY = [f"这是第 {n} 件事。" for n in range(1, 21)]


@pytest.fixture
def edition(db):
    texts.bring_in(texts.edition(LAW, texts.articles(*TWENTY), version=date(2023, 9, 1), effective_on=date(2024, 1, 1)))


def change_the_law():
    """The text of the library ends before today."""
    Edition.objects.update(in_force_until=date(2026, 9, 1), status="revised")


def run() -> tuple[int, str]:
    out = StringIO()
    try:
        call_command("check_lessons", stdout=out)
    except SystemExit as ended:
        return ended.code, out.getvalue()
    return 0, out.getvalue()


def standings() -> list[tuple[str, str]]:
    return [(one.lesson.title, one.standing) for one in check_lessons(CoursePage.objects.all()).findings]


def test_lessons_on_articles_in_force_need_no_look(scene, edition):
    assert standings() == []
    assert run() == (0, "共 2 课，2 处依据，0 处要看\n")


def test_when_the_law_changes_every_lesson_that_cites_it_is_found(scene, edition):
    change_the_law()
    assert standings() == [
        ("行政复议与信访，怎么分流", "not_in_force"), ("期限：六十日从哪天算起", "not_in_force")
    ]  # fmt: skip
    code, words = run()
    assert code == 0
    assert "“期限：六十日从哪天算起”：《行政复议法》第二十条 所在版本现在不是有效文本" in words


def test_an_article_the_library_does_not_hold_is_a_failure(scene):
    code, words = run()
    assert code == 1
    assert words.count("库中没有这一条") == 2


def test_the_trainer_sees_which_lessons_to_look_at(scene, edition, client):
    client.force_login(scene.trainer)
    assert "引用要核对的课" not in client.get(reverse("assignments")).content.decode()
    change_the_law()
    page = client.get(reverse("assignments")).content.decode()
    assert "引用要核对的课" in page
    assert scene.lessons[1].url in page


def test_looking_takes_the_same_queries_for_one_course_and_for_many(scene, edition, django_assert_max_num_queries):
    def measure():
        with django_assert_max_num_queries(50) as captured:
            check_lessons(CoursePage.objects.all())
        return len(captured)

    measure()
    before = measure()
    for n in range(9):
        course = actions.create_course(title=f"第{n}门课", unit=scene.district, by=scene.trainer, now=scenes.NOW)
        scene.lesson("一课", scene.questions[:1], course=course, body=[("law", {"law": "行政复议法", "article": "20"})])
    assert check_lessons(CoursePage.objects.all()).citations == 11
    assert measure() == before
