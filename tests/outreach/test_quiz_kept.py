"""Around the public quiz: the way from the bank to a released question, the slip at the end, what leaves as Excel."""
import re

import pytest
import time_machine
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from mingfa.people.models import Role
from mingfa.spreadsheets import read_rows

from outreach import actions
from outreach.models import QuestionRelease, Tally, Visits

from .scene import NOW, browser
from .test_quiz import (  # noqa: F401 fixtures
    STEMS,
    address,
    answer,
    bank,
    code,
    code_at,
    following,
    question,
    quiz,
    tally,
)
from .test_views import text


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def answered(visitor, code, words=("能", "能", "不能")):  # noqa: F811
    page = visitor.get(address(code))
    for number, one in enumerate(words, 1):
        page = answer(visitor, code, page, one)
        page = page if number == len(words) else following(visitor, code, page)
    return page


def slip_of(code, page):  # noqa: F811
    return address(code) + re.search(r'href="(done/\?t=[^"]+)"', page.content.decode())[1]


def test_who_asks_for_it_gets_a_slip_that_nothing_is_kept_of(code):  # noqa: F811
    visitor = Client()
    page = answered(visitor, code)
    before = list(Tally.objects.values_list("pk", "number")), list(Visits.objects.values_list("begun", "finished"))
    slip = visitor.get(slip_of(code, page))
    assert "3 题，答对 2 题" in text(slip)
    assert "澄溪镇" in text(slip)
    assert slip["Cache-Control"] == "no-store"
    assert (list(Tally.objects.values_list("pk", "number")), list(Visits.objects.values_list("begun", "finished"))) == before
    assert (Session.objects.count(), visitor.cookies) == (0, {})


@pytest.mark.parametrize("turn", ["", "x", "first"])
def test_nobody_gets_a_slip_without_having_answered(code, turn):  # noqa: F811
    visitor = Client()
    html = visitor.get(address(code)).content.decode()
    sent = re.search(r'name="turn" value="([^"]+)"', html)[1] if turn == "first" else turn
    assert visitor.get(address(code) + "done/", {"t": sent}).url == address(code)


def test_the_way_from_the_banks_page_of_a_question_to_the_public_and_back(scene, bank):  # noqa: F811
    one = question(bank, scene, STEMS[0], beliefs=())
    setter = browser(scene.person("白露", scene.district, Role.SETTER))
    page = reverse("bank:question", args=[one.pk])
    assert "公开给群众答" in text(setter.get(page))
    listed = setter.get(reverse("outreach:public_questions"), {"question": one.pk})
    assert STEMS[0] in text(listed)
    release = reverse("outreach:release", args=[one.pk])
    back = setter.post(release, {"do": "release", "back": f"question={one.pk}"})
    assert back.url.endswith(f"?question={one.pk}")
    assert "已公开，宣传员可以选用" in text(setter.get(page))
    setter.post(release, {"do": "withdraw"})
    assert QuestionRelease.objects.get().withdrawn_at == NOW
    assert "公开给群众答" in text(setter.get(page))


def test_a_question_kept_for_exams_is_not_offered_to_the_public(scene, bank):  # noqa: F811
    one = question(bank, scene, STEMS[0], beliefs=())
    one.reserved = True
    one.save(update_fields=["reserved"])
    setter = browser(scene.person("白露", scene.district, Role.SETTER))
    assert "公开给群众答" not in text(setter.get(reverse("bank:question", args=[one.pk])))


def test_questions_to_be_released_are_found_by_their_words(scene, bank):  # noqa: F811
    for stem in STEMS:
        question(bank, scene, stem, beliefs=())
    setter = browser(scene.person("白露", scene.district, Role.SETTER))
    found = text(setter.get(reverse("outreach:public_questions"), {"q": "邻里 调解"}))
    assert (STEMS[2] in found, STEMS[0] in found) == (True, False)
    assert "没有这样的题" in text(setter.get(reverse("outreach:public_questions"), {"show": "released"}))
    for query in ("?question=x", "?q=%25", "?question=99999999999999999999", "?show=x"):
        assert setter.get(reverse("outreach:public_questions") + query).status_code == 200


def cells(answer):
    """Every cell but the last line, which says when the file was made."""
    return [str(cell) for sheet in read_rows(answer.content, "x.xlsx") for row in sheet.rows[:-1] for cell in row.cells]


def test_PR4_what_leaves_of_the_public_quiz_is_counts_without_name_address_or_time(scene, quiz, code):  # noqa: F811
    visitor = Client(headers={"user-agent": "Lian-Xi-Phone/7"}, REMOTE_ADDR="203.0.113.77")
    page = visitor.get(address(code))
    answer(visitor, code, page, "去信访", name="张三", phone="13800138000")
    tally(code_at(scene, quiz, scene.town), right=12, wrong=8)
    tally(code_at(scene, quiz, scene.other), right=3, wrong=4)
    keeper = browser(scene.keeper)
    for name, known in (("codes_xlsx", "政务大厅"), ("effects_xlsx", "其他地方合计")):
        told = cells(keeper.get(reverse(f"outreach:{name}")))
        assert any(known in one for one in told), name
        for word in ("203.0.113.77", "Lian-Xi-Phone", "张三", "13800138000", ":"):
            assert not any(word in one for one in told), (name, word)
    # As on the page, nobody can tell what fewer than ten answered.
    assert "柳汀湾镇" not in cells(keeper.get(reverse("outreach:effects_xlsx")))
    assert browser(scene.person("陈志远", scene.town)).get(reverse("outreach:effects_xlsx")).status_code == 403
    # Nor by asking for one place: what is taken away from the rest would tell it.
    asked = keeper.get(reverse("outreach:effects_xlsx"), {"place": scene.other.pk})
    assert cells(asked) == cells(keeper.get(reverse("outreach:effects_xlsx")))


def test_the_ledger_says_how_often_the_codes_of_a_material_were_answered(scene, quiz):  # noqa: F811
    batch = scene.batch(500)
    made = actions.make_code(quiz, unit=scene.town, batch=batch, by=scene.keeper, now=NOW)
    Visits.objects.create(code=made, month=NOW.date().replace(day=1), begun=412, finished=300)
    assert "扫码答题 412 人次" in text(browser(scene.keeper).get("/outreach/materials/"))
