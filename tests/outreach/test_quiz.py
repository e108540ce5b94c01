"""The public quiz: questions for everybody, counts and nothing else, and what may be told of them."""
import re
from datetime import date
from html import unescape
from itertools import permutations

import pytest
import requests
import time_machine
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from mingfa.bank import actions as bank_actions
from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.models import Belief
from mingfa.people.models import Role

from outreach import actions, effects, quizzes
from outreach.engine.limiter import Limiter, Once, place_of
from outreach.engine.refusals import NotForPublic, TooFewQuestions
from outreach.engine.work import is_enough
from outreach.models import Code, QuestionRelease, Tally, Visits
from outreach.views import answering
from tests.servers import running_server

from .scene import NOW, browser
from .test_views import text

STEMS = ("过了六十天还能申请复议吗？", "没写去哪里申请怎么办？", "邻里纠纷找谁调解？")
WRONG = "信访能替代复议"


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def bank(scene):
    return bank_actions.create_bank(name="公开题", unit=scene.district, by=scene.boss, now=NOW)


def question(bank, scene, stem, **more):
    draft = QuestionDraft(
        type="single", stem=stem, options=("能", "不能", "去信访"), answer="A",
        **{"explanation": f"“{stem}”的解析。", "beliefs": (("C", WRONG),), **more},
    )  # fmt: skip
    return bank_actions.create_question(bank, draft, by=scene.boss, now=NOW)


@pytest.fixture
def quiz(scene, bank):
    Belief.objects.create(unit=scene.district, name=WRONG)
    releases = [
        actions.release_question(question(bank, scene, stem), by=scene.boss, now=NOW) for stem in STEMS
    ]
    return actions.create_quiz(name="三道题", unit=scene.district, releases=releases, by=scene.keeper, now=NOW, help="12348")


@pytest.fixture
def code(scene, quiz):
    return actions.make_code(quiz, unit=scene.town, spot="政务大厅", by=scene.keeper, now=NOW)


def address(code):
    return reverse("quiz:quiz", args=[code.slug])


def form_of(page):
    """The signed turn and {text: letter} of the page's question."""
    html = page if isinstance(page, str) else page.content.decode()
    turn = re.search(r'name="turn" value="([^"]+)"', html)
    options = re.findall(r'name="choice" value="(\w)"><span[^>]*>\w</span><span>([^<]+)</span>', html)
    return unescape(turn[1]), {unescape(words): letter for letter, words in options}


def answer(client, code, page, words, **more):
    turn, letters = form_of(page)
    return client.post(address(code), {"turn": turn, "choice": letters[words], **more})


def following(client, code, page):
    return client.get(address(code) + "?t=" + re.search(r'href="\?t=([^"]+)"', page.content.decode())[1])


def tallied():
    return sorted(Tally.objects.values_list("version__stem", "answer", "number"))


def test_three_questions_are_answered_without_signing_in_and_only_counts_are_kept(code):
    visitor = Client()
    page = visitor.get(address(code))
    for number, words in enumerate(("能", "去信访", "能"), 1):
        assert f"第 {number} 题" in text(page)
        assert "的解析" not in text(page)
        page = answer(visitor, code, page, words)
        assert f"“{STEMS[number - 1]}”的解析" in text(page)
        page = page if number == 3 else following(visitor, code, page)
    assert "3 题对 2 题" in text(page)
    assert "想问人：12348" in text(page)
    assert tallied() == sorted([(STEMS[0], "A", 1), (STEMS[1], "C", 1), (STEMS[2], "A", 1)])
    assert list(Visits.objects.values_list("begun", "finished")) == [(1, 1)]
    assert visitor.cookies == {}


def test_LR2_the_same_answer_sent_ten_times_counts_once_and_a_program_in_the_trap_not_at_all(code):
    visitor = Client()
    page = visitor.get(address(code))
    for words in ["能"] * 9 + ["不能"]:
        assert answer(visitor, code, page, words).status_code == 200
    assert tallied() == [(STEMS[0], "A", 1)]
    caught = answer(visitor, code, visitor.get(address(code)), "能", website="http://x")
    assert "的解析" in text(caught)
    assert tallied() == [(STEMS[0], "A", 1)]


def test_every_visitor_has_an_order_of_options_of_his_own_and_the_page_no_word_of_the_key(code):
    pages = [Client().get(address(code)).content.decode() for _ in range(30)]
    orders = {tuple(form_of(one)[1]) for one in pages}
    assert orders <= set(permutations(("能", "不能", "去信访")))
    assert len(orders) > 1
    assert not any("解析" in one or "is-right" in one for one in pages)


@pytest.mark.parametrize("turn", ["", "x", "WyJ4Il0:1:2"])
def test_a_turn_that_we_did_not_write_begins_anew_and_nothing_is_counted(code, turn):
    page = Client().post(address(code), {"turn": turn, "choice": "A"})
    assert "第 1 题" in text(page)
    assert tallied() == []
    assert "请先选一个答案" in text(Client().post(address(code), {"turn": form_of(page)[0], "choice": "Q"}))


def test_questions_kept_for_exams_are_never_asked_in_public(scene, bank, quiz, code):
    kept = question(bank, scene, "考试专用的题")
    bank_actions.reserve_question(kept, reserved=True, by=scene.boss, now=NOW)
    with pytest.raises(NotForPublic):
        actions.release_question(kept, by=scene.boss, now=NOW)
    with pytest.raises(NotForPublic):
        actions.release_question(question(bank, scene, "没有解析的题", explanation=""), by=scene.boss, now=NOW)
    first = QuestionRelease.objects.get(version__stem=STEMS[0]).version.question
    bank_actions.reserve_question(first, reserved=True, by=scene.boss, now=NOW)
    assert QuestionRelease.objects.get(version__stem=STEMS[0]).withdrawn_at == NOW
    cache.clear()
    page = Client().get(address(code))
    assert STEMS[1] in text(page)
    assert "共 2 题" in text(page)


def test_a_quiz_has_three_to_five_questions_and_a_closed_one_says_so(scene, quiz, code):
    two = list(QuestionRelease.objects.all()[:2])
    with pytest.raises(TooFewQuestions):
        actions.create_quiz(name="两道题", unit=scene.district, releases=two, by=scene.keeper, now=NOW)
    actions.close_quiz(quiz, by=scene.keeper, now=NOW)
    over = Client().get(address(code))
    assert (over.status_code, "这组题已经结束" in text(over)) == (404, True)
    assert "结束，现在不能再答" in text(over)
    unknown = Client().get("/q/nosuchcode/")
    assert (unknown.status_code, "没有这组题" in text(unknown)) == (404, True)
    assert Client().get("/q/nosuchcode12345/").status_code == 404


def test_too_many_from_one_place_wait_and_their_answer_is_not_lost(code, settings, monkeypatch):
    settings.PUBLIC_QUIZ_PER_MINUTE = 2
    monkeypatch.setattr(answering, "LIMITER", Limiter())
    visitor = Client()
    for _ in range(2):
        answer(visitor, code, visitor.get(address(code)), "能")
    refused = answer(visitor, code, visitor.get(address(code)), "能")
    assert refused.status_code == 429
    assert "请过一分钟再按一次" in text(refused)
    monkeypatch.setattr(answering, "LIMITER", Limiter())
    assert answer(visitor, code, refused, "能").status_code == 200
    assert tallied() == [(STEMS[0], "A", 3)]


def test_the_limiter_knows_neighbours_by_their_64_and_forgets_everybody_every_minute():
    limiter = Limiter()
    assert place_of("2001:db8::1") == place_of("2001:db8::ffff") != place_of("2001:db8:0:1::1")
    assert place_of("::ffff:192.0.2.7") == "192.0.2.7"
    assert [limiter.allows("192.0.2.7", now=0, most=2) for _ in range(3)] == [True, True, False]
    assert limiter.allows("192.0.2.8", now=1, most=2)
    assert limiter.allows("192.0.2.7", now=60, most=2)
    assert "192.0.2.7" not in repr(vars(limiter))
    once = Once(10)
    assert [once.first("a", now=t) for t in (0, 9, 11, 20, 45)] == [True, False, False, False, True]


@given(st.text(max_size=12))
def test_work_counts_only_when_its_hash_is_small(work):
    assert not is_enough("n", "", 0)
    assert is_enough("n", work, 0) == bool(work)
    if is_enough("n", work, 8):
        assert is_enough("n", work, 7)


def test_a_page_costs_no_query_and_an_answer_three(code):
    visitor = Client()
    page = visitor.get(address(code))
    answer(visitor, code, page, "能")
    page = visitor.get(address(code))
    with CaptureQueriesContext(connection) as found:
        visitor.get(address(code))
    assert len(found) == 0
    page = following(visitor, code, answer(visitor, code, page, "能"))
    answer(visitor, code, page, "能")
    page = following(visitor, code, answer(visitor, code, visitor.get(address(code)), "能"))
    with CaptureQueriesContext(connection) as found:
        answer(visitor, code, page, "能")
    assert len([one for one in found if "SAVEPOINT" not in one["sql"]]) == 1


# --- who keeps it ----------------------------------------------------------------------------------
def test_a_setter_releases_a_keeper_builds_and_nobody_else_sees_it(scene, bank):
    for stem in STEMS:
        question(bank, scene, stem, beliefs=())
    setter = browser(scene.person("白露", scene.district, Role.SETTER))
    assert STEMS[0] in text(setter.get(reverse("outreach:public_questions")))
    for one in bank.questions.all():
        setter.post(reverse("outreach:release", args=[one.pk]), {"do": "release"})
    keeper = browser(scene.keeper)
    assert keeper.get(reverse("outreach:public_questions")).status_code == 403
    form = {"name": "三道题", "releases": list(QuestionRelease.objects.values_list("pk", flat=True))}
    assert "已建“三道题”" in text(keeper.post(reverse("outreach:quiz_new"), form, follow=True))
    quiz = reverse("outreach:quiz", args=[quizzes.Quiz.objects.get().pk])
    assert "三样选一样" in text(keeper.post(quiz, {"unit": scene.town.pk, "phase": "once"}))
    made = keeper.post(quiz, {"unit": scene.town.pk, "phase": "once", "spot": "东门"}, follow=True)
    assert "<svg" in made.content.decode()
    code = Code.objects.get()
    assert keeper.get(reverse("outreach:labels", args=[code.pk]) + "?number=6").content.decode().count("扫一扫") == 6
    neighbour = browser(scene.person("陈志远", scene.other, Role.OUTREACH))
    assert neighbour.get(reverse("outreach:code", args=[code.pk])).status_code == 404
    assert setter.get(quiz).status_code == 403
    stranger = browser(scene.person("江月", scene.town, Role.SETTER))
    assert stranger.post(reverse("outreach:release", args=[bank.questions.first().pk])).status_code == 404


# --- effect by place -------------------------------------------------------------------------------
def tally(code, *, right, wrong, month=date(2026, 12, 1)):
    version = QuestionRelease.objects.get(version__stem=STEMS[0]).version
    for letter, number in (("A", right), ("C", wrong)):
        if number:
            Tally.objects.create(code=code, month=month, version=version, answer=letter, number=number)


def code_at(scene, quiz, unit, phase="once"):
    return actions.make_code(quiz, unit=unit, spot=f"{unit} {phase}", phase=phase, by=scene.keeper, now=NOW)


def shown(scene, year=2026):
    one, = effects.effects([scene.district, scene.town, scene.other, scene.village], year)
    names = {unit.path: unit.name for unit in (scene.district, scene.town, scene.other)} | {"": "其他"}
    return one, {names[path]: {phase: (held.held, held.asked) for phase, held in cells.items()} for path, cells in one.towns}


def test_fewer_than_ten_never_stand_alone_nor_are_what_the_total_leaves_over(scene, quiz):
    tally(code_at(scene, quiz, scene.town), right=12, wrong=8)
    tally(code_at(scene, quiz, scene.other), right=3, wrong=4)
    one, towns = shown(scene)
    assert towns == {"其他": {"once": (12, 27)}}  # 27 − 20 would have told the seven
    assert one.curves == []
    tally(code_at(scene, quiz, scene.district), right=30, wrong=2)
    one, towns = shown(scene)
    assert towns == {"嘉禾区": {"once": (2, 32)}, "其他": {"once": (12, 27)}}
    assert [path for path, _ in one.curves] == [scene.district.path]


def test_a_village_counts_with_its_township_and_what_fell_is_told(scene, quiz):
    for phase, right, wrong in (("before", 10, 30), ("after", 36, 4), ("later", 20, 10)):
        tally(code_at(scene, quiz, scene.village, phase), right=right, wrong=wrong)
    one, towns = shown(scene)
    assert towns == {"澄溪镇": {"before": (30, 40), "after": (4, 40), "later": (10, 30)}}
    assert one.change == -65
    assert effects.fallen([one]) == (1, 1)
    page = text(browser(scene.keeper).get(reverse("outreach:effects")))
    assert "活动前 75% 的人这样以为，活动后 10%，少了 65 个百分点。" in page
    assert "还没有可以看的" in text(browser(scene.keeper).get(reverse("outreach:effects") + "?year=2025"))


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30)), min_size=1, max_size=8))
def test_no_shown_group_and_no_remainder_is_smaller_than_ten(groups):
    rows = [
        effects.Heard(1, at, "once", str(at), date(2026, 1, 1), min(held, asked), asked)
        for at, (held, asked) in enumerate(groups)
    ]
    one = effects._effect(Belief(name="x"), rows)
    whole = sum(row.asked for row in rows)
    parts = [cells["once"].asked for _, cells in one.towns]
    assert all(part >= 10 for part in parts)
    if one.total and parts:
        assert sum(parts) == whole == one.total["once"].asked
    for _, quarters in one.curves:
        assert all(held.asked >= 10 for held in quarters)


# --- privacy ---------------------------------------------------------------------------------------
SEED = "from bench.load.quiz import make; print('slug', make())"


def test_neither_the_log_nor_the_database_knows_who_answered(data_folder):
    slug = data_folder.manage("shell", "-v0", "-c", SEED).split("slug ")[1].strip()
    told = {"X-Forwarded-For": "203.0.113.77", "User-Agent": "Lian-Xi-Phone/7", "Referer": "http://203.0.113.77/zhang-san"}
    with running_server(data_folder) as server:
        with requests.Session() as visitor:
            visitor.headers.update(told)
            url = f"{server.url}/q/{slug}/"
            page = visitor.get(url, timeout=60)
            turn, letters = form_of(page.text)
            sent = {"turn": turn, "choice": next(iter(letters.values())), "name": "张三", "phone": "13800138000"}
            assert "您选" in visitor.post(url, sent, timeout=60).text
            assert visitor.get(f"{server.url}/q/nosuch/", timeout=60).status_code == 404
            assert visitor.post(url, {"turn": "x" * 5000}, timeout=60).status_code == 200
            assert dict(visitor.cookies) == {}
        assert server.stop() == 0
        log = "".join(line for line in server.log if "明法已启动" not in line)
    kept = data_folder.manage("dumpdata", "--exclude", "contenttypes", "--exclude", "auth.permission")
    assert '"number": 1' in kept
    for word in ("127.0.0.1", "203.0.113.77", "Lian-Xi-Phone", "张三", "13800138000", turn[:40], "zhang-san"):
        assert word not in log
        assert word not in kept
