"""核对 by keyboard, without scripts, and on a narrow page, in a real browser."""

import os
from dataclasses import replace

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from mingfa.bank import actions
from mingfa.people.actions import grant_role

from tests.bank.samples import DRAFT, NOW, question_file, question_rows
from tests.library.texts import articles, bring_in, edition

pytestmark = pytest.mark.django_db(transaction=True)
LONG = "关于进一步加强和改进全区镇街法治理论学习考试题库建设工作的若干题目（汇总，第三次征求意见稿，不含附件）.xlsx"
ROWS = [
    *question_rows(1),
    ["单选题", "根据《石凳管理条例》，损坏公园石凳的，园林部门应当怎样处理？", "劝导", "登记", "修复", "", ""],
    ["单选题", "老人站立的时候，坐在石凳上的人应当怎样？", "让座", "等一等", "离开公园", "", "E"],
    ["单选题", "公民可以采用何种形式反映情况", "信息网络", "", "电话", "", "A"],
]


@pytest.fixture
def run(bank, setter):
    """An upload with one good question and three with errors, and a law that fits one of them."""
    grant_role(setter, role="setter", unit=bank.unit, by=None, now=NOW)
    others = [f"第{number}类花坛由街道{word}。" for number, word in enumerate(("浇灌", "修剪", "补种", "清扫", "登记"))]
    told = ("为了让走累的人有地方坐，制定本条例。", "损坏公园石凳的，由园林部门修复并登记。")
    bring_in(edition("石凳管理条例", articles(*told, *others)))
    actions.create_question(bank, DRAFT, by=setter, now=NOW)
    now = timezone.now()
    run = actions.keep_upload(bank, data=question_file(*ROWS), name=LONG, by=setter, now=now)
    actions.read_upload(run, now=now)
    actions.compare_upload(run, now=now)
    return run


@pytest.fixture
def at_work(new_page, live_server, setter, run):
    """Function: a page on the upload, signed in."""

    def open_page(**options):
        client = Client()
        client.force_login(setter)
        page = new_page(**options)
        key = client.cookies[settings.SESSION_COOKIE_NAME].value
        page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])
        page.goto(reverse("bank:import", args=[run.bank_id, run.pk]))
        return page

    return open_page


def wait_for_place(page, run, place):
    """Until the page of this question is loaded; its whole address, for an upload may have a place's number."""
    page.wait_for_url("**" + reverse("bank:repair", args=[run.bank_id, run.pk, place]))


def press(page, name):
    """Without scripts every button leads to another page: until that is there."""
    with page.expect_navigation():
        page.get_by_role("button", name=name).last.click()


def head(page):
    return page.locator("section[aria-label=识别结果] h2").inner_text()


def shot(page, name):
    """Pictures for people, where a folder for them is named."""
    if folder := os.environ.get("MINGFA_PICTURES"):
        page.screenshot(path=f"{folder}/{name}.png", full_page=True)


def test_the_whole_way_by_keyboard(at_work, run):
    page = at_work(width=1440, height=900)
    shot(page, "error-1440")
    assert head(page) == "识别为第 2 题"
    page.keyboard.press("j")
    wait_for_place(page, run, 3)
    page.keyboard.press("k")
    wait_for_place(page, run, 2)
    page.keyboard.press("1")
    assert page.locator("[data-mf-key='1']").is_checked()
    page.get_by_label("C 为正确答案").focus()
    page.keyboard.press("Space")
    page.keyboard.press("Enter")
    wait_for_place(page, run, 3)
    entry = run.entries.get(place=2)
    assert (entry.decision, entry.draft["answer"], entry.draft["citations"][0]["article"]) == ("changed", "C", 2)


def test_what_is_half_written_goes_along_when_the_key_leads_on(at_work, run):
    page = at_work(width=1440, height=900)
    page.get_by_label("选项 A").fill("劝导离开")
    page.get_by_label("A 为正确答案").focus()
    page.keyboard.press("j")
    wait_for_place(page, run, 3)
    entry = run.entries.get(place=2)
    assert (entry.typed["option_A"], entry.decision) == (["劝导离开"], "")
    page.keyboard.press("k")
    wait_for_place(page, run, 2)
    assert page.get_by_label("选项 A").input_value() == "劝导离开"
    shot(page, "typed-1440")


def test_enter_without_a_key_says_what_is_missing(at_work, run, new_page):
    page = at_work(width=1440, height=900)
    page.locator("h1").click()
    page.keyboard.press("Enter")
    page.get_by_text("没有选正确答案。请选上。").wait_for()
    shot(page, "refused-1440")
    new_page.expected += ["400 (Bad Request)"]
    assert run.entries.get(place=2).decision == ""


@pytest.mark.parametrize("width", [320, 390])
def test_without_scripts_on_a_narrow_page_everything_can_be_decided_and_brought_in(at_work, run, bank, width):
    page = at_work(width=width, height=844, java_script_enabled=False)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    shot(page, f"error-{width}")
    page.get_by_label("A 为正确答案").check()
    press(page, "确认")
    assert head(page) == "识别为第 3 题"
    press(page, "不要这一题")
    press(page, "不要这一题")
    shot(page, f"all-{width}")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    press(page, "入库 2 题")
    run.refresh_from_db()
    assert (run.state, run.imported, bank.questions.count()) == ("done", 2, 3)
    page.goto(reverse("bank:import_all", args=[run.bank_id, run.pk]) + "?show=ready")
    shot(page, f"empty-{width}")


def test_a_key_in_red_type_is_marked_chosen_by_nobody_and_shown_beside_a_near_question(at_work, run, bank, setter):
    known = actions.create_question(bank, replace(DRAFT, stem="公民可以采用哪些形式反映自己的情况？"), by=setter, now=NOW)
    run.entries.filter(place=2).update(
        sort="look", confidence=60, findings=[], headline="答案只用红色标出，请核对",
        reading=run.entries.get(place=2).reading | {"guess": "C", "notes": ["答案只用红色标出，请核对"]},
        near=[{"question": known.pk, "percent": 94, "kind": "REWORDED"}],
    )  # fmt: skip
    page = at_work(width=1440, height=900)
    page.locator("section[aria-label=待核对] a[data-mf-place='2']").first.click()
    page.get_by_text("答案要您来定。").wait_for()
    assert page.locator("input[name=answer]:checked").count() == 0
    assert page.locator(".mf-edopt.is-guess b").inner_text() == "C"
    shot(page, "red-1440")
