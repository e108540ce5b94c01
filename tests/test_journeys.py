"""One way through the whole product over HTTP: a law, a lesson on it, an exam, and the figures that move."""
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from mingfa.library.models import Law
from mingfa.people.models import Role, User

from exams.models import Sitting
from exams.papers import forget
from exams.tokens import issue
from tests.courses import scene as courses
from tests.exams import scene as exams
from tests.library import texts

NOW = courses.NOW
LAW_TEXT = "公民可以自知道该行政行为之日起六十日内提出行政复议申请。"


@pytest.fixture
def district(db):
    forget()
    with time_machine.travel(NOW, tick=True):
        body = texts.articles(*[LAW_TEXT if n == 20 else f"这是第 {n} 件事。" for n in range(1, 21)])
        texts.bring_in(
            texts.edition("中华人民共和国行政复议法", body, version=date(2023, 9, 1), effective_on=date(2024, 1, 1))
        )
        yield courses.build()


def signed_in(user) -> Client:
    client = Client()
    client.force_login(User.objects.get(pk=user.pk))
    return client


def figure(client, key) -> str:
    """The leading figure of a board as its reader sees it."""
    page = client.get("/board/", {"of": key, "period": "2026"}, follow=True)
    table = page.context["table"]
    assert page.context["choice"].key == key
    return f"{table.figure.fraction} {table.figure.text}"


def published_exam(district):
    """Made by a setter on the setter's own pages."""
    setter = district.holder(Role.SETTER, district.district, "出题人")
    client = signed_in(setter)
    for n in range(40):
        district.question(100 + n)
    opens, closes = NOW - timedelta(hours=1), NOW + timedelta(days=3)
    form = {
        "name": "秋季法治考试", "unit": district.district.pk, "bank": district.bank.pk,
        "opens_at": f"{opens + timedelta(hours=8):%Y-%m-%dT%H:%M}", "closes_at": f"{closes + timedelta(hours=8):%Y-%m-%dT%H:%M}",
        "duration_minutes": "60", "pass_mark": "30", "excellent_mark": "90", "attempts": "1", "counting": "best",
        "multiple_policy": "all_or_nothing", "result_policy": "after_close", "practice": "kept_back", "grace_minutes": "10",
        "due_units": [district.town.pk],
    }  # fmt: skip
    manage = client.post(reverse("exams:create"), form).url
    rule = {"type": "single", "topic": "", "law": "", "difficulty": "", "count": "4", "marks": "10"}
    rules = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "1", **{f"form-0-{name}": value for name, value in rule.items()}}
    assert client.post(f"{manage}rules/", rules).url == manage
    assert "已发布，名册 1 人已冻结" in client.post(f"{manage}publish/", follow=True).content.decode()
    return int(manage.strip("/").split("/")[1])


def test_from_a_law_to_a_lesson_to_an_exam_to_the_figures_of_the_board(district):
    cadre = district.person("陈志远")
    leader = signed_in(district.holder(Role.LEADER, district.district, "领导"))
    trainer, me = signed_in(district.trainer), signed_in(cadre)

    # The law is open to everybody; the lesson shows the live text of the same article.
    assert LAW_TEXT in Client().get(Law.objects.get().get_absolute_url(), follow=True).content.decode()
    lesson = district.lessons[0]
    assert LAW_TEXT in me.get(lesson.url).content.decode()

    # A trainer assigns the course; it stands first to do and moves the board when it is finished.
    form = {"course": district.course.pk, "units": [district.town.pk], "due_on": "2026-09-30"}
    assert trainer.post(reverse("assignments"), form).status_code == 302
    assert "依法分类处理群众诉求" in me.get("/me/").content.decode()
    course = f"courses-{district.course.pk}"
    assert figure(leader, course) == "0 / 1 0.0%"
    for one in district.lessons:
        assert me.post(reverse("lesson_check", args=[one.pk]), courses.form_data(one)).status_code == 302
    assert figure(leader, course) == "1 / 1 100%"

    # A setter publishes an exam; the cadre sits it and the board of exams moves with the result.
    exam_id = published_exam(district)
    exam = f"exams-{exam_id}"
    assert figure(leader, exam) == "0 / 1 0.0%"
    assert "秋季法治考试" in me.get("/me/").content.decode()
    assert me.get(f"/exams/{exam_id}/").status_code == 200
    paper = me.post(f"/exams/{exam_id}/start/", {"read": "on"}).url
    sitting = Sitting.objects.get()
    assert me.get(paper).status_code == 200
    assert exams.save_request(me, sitting, exams.changes(sitting)).status_code == 200
    hand_in = reverse("exams:handin", args=[sitting.pk])
    result = me.post(hand_in, {"token": issue(sitting.pk, sitting.epoch), "confirm": "1"}).url
    assert 'data-mark="40"' in me.get(result).content.decode()
    assert figure(leader, exam) == "1 / 1 100%"
    assert result in me.get("/me/exams/").content.decode()
