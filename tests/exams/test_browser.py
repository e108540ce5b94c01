"""The paper in a real Chromium, against the real pages."""
import contextlib
import re
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import F
from django.utils import timezone
from mingfa.bank import actions as bank_actions
from playwright.sync_api import expect

from exams import actions
from exams.actions.preparing import RuleSpec
from exams.models import LateAnswer, Sitting
from exams.papers import forget, keys_of, paper_of

from . import scene
from .on_paper import WORKER, choose_right, stop_the_clock, stored
from .test_question_types import ALL, TYPES

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district(transactional_db):
    return scene.build()


TWELVE = (RuleSpec("single", 6, Decimal(5)), RuleSpec("multiple", 3, Decimal(10)), RuleSpec("judge", 3, Decimal(10)))


@pytest.fixture
def exam(district, cadre, request):
    """Open now. Parameter: its rules; None: one question of every type."""
    now, rules = timezone.now(), getattr(request, "param", scene.RULES)
    if rules is None:
        other_types(district)
    window = {"opens_at": now - timedelta(hours=1), "closes_at": now + timedelta(hours=2), "now": now - timedelta(days=1)}
    return district.exam(rules=rules or ALL, grace_minutes=10, **window)


def test_every_answer_says_saved_after_the_servers_receipt_and_counts(open_paper):
    page, sitting = open_paper()
    for place in range(8):
        choose_right(page, sitting, place)
    expect(page.locator(".mf-q.is-saved")).to_have_count(8)
    assert stored(sitting) == {place: key for place, (_, key) in enumerate(keys_of(paper_of(sitting.pk)))}
    assert page.locator(".mf-q").first.inner_text().count("回执") == 1


def other_types(district):
    for draft in TYPES:
        bank_actions.create_question(district.bank, draft, by=district.boss, now=timezone.now())
    forget()


@pytest.mark.parametrize("exam", [None], indirect=True)
def test_words_ranks_and_pairs_are_saved_while_they_are_written_and_are_there_after_a_reload(open_paper, new_page):
    page, sitting = open_paper(width=360, height=740)
    fields = page.locator("#q2 input[type=text]")
    fields.nth(0).fill("六十日")
    expect(page.locator("#q2.is-saved")).to_have_count(1)  # without leaving the field
    fields.nth(1).fill("5 日")
    for at, select in enumerate(page.locator("#q3 select").all()):
        select.select_option(str(at + 1))
    for select in page.locator("#q4 select").all():
        select.select_option(index=1)
    page.locator("#q5 textarea").press_sequentially("ajk 书面告知")  # letters are no shortcuts in a text
    expect(page.locator(".mf-q.is-saved")).to_have_count(4)
    expect(page.locator("#answered")).to_have_text("4")
    assert stored(sitting)[1] == "六十日\n5 日"
    assert stored(sitting)[4] == "ajk 书面告知"
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.reload()
    assert page.locator("#q2 input[type=text]").nth(1).input_value() == "5 日"
    assert page.locator("#q5 textarea").input_value() == "ajk 书面告知"
    assert [one.input_value() for one in page.locator("#q3 select").all()] == ["1", "2", "3", "4"]
    page.context.set_offline(True)
    page.locator("#q5 textarea").fill("断网时写的")
    expect(page.locator("#q5.is-pending")).to_contain_text("已暂存在本机")
    page.on("dialog", lambda dialog: dialog.accept())
    page.context.set_offline(False)
    expect(page.locator("#q5.is-saved")).to_have_count(1)
    assert stored(sitting)[4] == "断网时写的"
    new_page.expected += ["ERR_INTERNET_DISCONNECTED", WORKER]


def test_an_exam_is_finished_by_keyboard_only(open_paper):
    page, sitting = open_paper(width=1440, height=900)
    for place in range(8):
        page.keyboard.press("a")
        expect(page.locator(".mf-q.is-saved")).to_have_count(place + 1)
        if place < 7:
            page.keyboard.press("j")
    assert len(stored(sitting)) == 8


def test_without_scripts_the_form_saves_and_hands_in(open_paper):
    page, sitting = open_paper(java_script_enabled=False)
    choose_right(page, sitting, 0)
    with page.expect_navigation():
        page.locator("#paper button[name=do][value=save]").click()
    assert list(stored(sitting)) == [0]
    with page.expect_navigation():
        page.locator("#paper button[name=do][value=handin]").click()
    page.locator("button[name=confirm], form:has(input[name=confirm]) button[type=submit]").first.click()
    page.wait_for_url("**/result/")
    assert page.locator("[data-mark='10']").count() == 1


def test_what_cannot_be_sent_stays_unsaved_and_is_sent_when_the_line_is_back(open_paper, new_page):
    page, sitting = open_paper()
    choose_right(page, sitting, 0)
    expect(page.locator(".mf-q.is-saved")).to_have_count(1)
    page.context.set_offline(True)
    choose_right(page, sitting, 1)
    choose_right(page, sitting, 2)
    expect(page.locator(".mf-q.is-pending")).to_have_count(2)
    assert sorted(stored(sitting)) == [0]
    page.context.set_offline(False)
    expect(page.locator(".mf-q.is-saved")).to_have_count(3)
    assert sorted(stored(sitting)) == [0, 1, 2]
    # The browser itself reports the requests that could not leave; nothing else may be wrong.
    new_page.expected += ["ERR_INTERNET_DISCONNECTED", WORKER]


def test_a_second_device_is_told_and_the_first_one_stops(open_paper, district, cadre, exam, new_page):
    page, sitting = open_paper()
    actions.take_over(sitting, by=cadre, now=timezone.now(), device="other")
    page.get_by_text("另一台设备").first.wait_for()
    expect(page.locator(".mf-q input:enabled")).to_have_count(0)
    assert stored(sitting) == {}
    new_page.expected += ["409"]


def after_five_seconds(page, where, words):
    """The page asks every five seconds. What it was asking when its clock stopped knows nothing yet; the next asking does."""
    page.clock.run_for(5000)
    with contextlib.suppress(AssertionError):
        expect(page.locator(where)).to_contain_text(words, timeout=10_000)
        return
    page.clock.run_for(5000)
    expect(page.locator(where)).to_contain_text(words)


@pytest.mark.parametrize("hall", [False, True], ids=["everybody", "hall"])
def test_SI8_more_time_and_messages_show_within_five_seconds_on_an_open_paper(open_paper, district, exam, hall):
    page, sitting = open_paper()
    stop_the_clock(page)
    expect(page.locator("#clock")).to_have_text(re.compile("^5[789]:|^1:00:"))
    whom = {"venue": actions.set_venue(
        exam, unit=district.town, name="礼堂", code="", networks="", by=district.boss, now=timezone.now()
    )} if hall else {}  # fmt: skip
    actions.grant_time(exam, minutes=30, reason="停电", by=district.boss, now=timezone.now(), **whom)
    actions.send_message(exam, text="<b>10 点</b>恢复供电", by=district.boss, now=timezone.now())
    after_five_seconds(page, "#room", "考场通知：<b>10 点</b>恢复供电")
    page.clock.run_for(500)  # the next tick of the clock
    expect(page.locator("#clock")).to_have_text(re.compile("^1:(2[789]|30):"))


def test_a_locked_paper_says_why_and_takes_nothing_more(open_paper, district, new_page):
    page, sitting = open_paper()
    stop_the_clock(page)
    actions.freeze_sitting(sitting, reason="核对身份", by=district.boss, now=timezone.now())
    after_five_seconds(page, "#offline", "核对身份")
    expect(page.locator(".mf-q input:enabled")).to_have_count(0)
    new_page.expected += ["409"]


@pytest.mark.parametrize("exam", [TWELVE], indirect=True)
def test_SI5_three_minutes_without_a_line_twelve_changes_all_sent_by_themselves(open_paper, new_page):
    page, sitting = open_paper()
    page.clock.install()
    page.reload()
    for place in range(12):
        choose_right(page, sitting, place)
    page.clock.run_for(1000)
    expect(page.locator(".mf-q.is-saved")).to_have_count(12)
    paper, before = paper_of(sitting.pk), stored(sitting)
    page.context.set_offline(True)
    for place in range(12):
        options = zip(paper.names.options[place], paper.items[place].shown or "TF", strict=True)
        letter = {name: chr(65 + at) if isinstance(at, int) else at for name, at in options}
        other = next(name for name in letter if letter[name] not in before[place])
        page.locator(f"label:has(input[name={paper.names.questions[place]}][value='{other}'])").click()
    page.clock.run_for(5000)
    expect(page.locator(".mf-q.is-pending")).to_have_count(12)
    expect(page.locator(".mf-q.is-pending").first).to_contain_text("未保存，已暂存在本机")
    page.clock.run_for(180_000)
    assert stored(sitting) == before
    page.context.set_offline(False)
    page.clock.run_for(20_000)
    expect(page.locator(".mf-q.is-saved")).to_have_count(12)
    shown = page.evaluate(CHOSEN)
    page.reload()
    assert page.evaluate(CHOSEN) == shown
    assert all(before[place] != answer for place, answer in stored(sitting).items())
    new_page.expected += ["ERR_INTERNET_DISCONNECTED", WORKER]


CHOSEN = "Array.from(document.querySelectorAll('#paper input:checked')).map(one => one.value).sort()"


def test_a_reload_after_the_line_went_brings_back_what_was_chosen_and_sends_it(open_paper, new_page):
    page, sitting = open_paper()
    page.context.set_offline(True)
    choose_right(page, sitting, 0)
    expect(page.locator(".mf-q.is-pending")).to_have_count(1)
    page.on("dialog", lambda dialog: dialog.accept())
    page.context.set_offline(False)
    page.route("**/save/", lambda route: route.abort())
    page.reload()
    expect(page.locator(".mf-q input:checked")).to_have_count(1)
    page.unroute("**/save/")
    expect(page.locator(".mf-q.is-saved")).to_have_count(1)
    assert list(stored(sitting)) == [0]
    new_page.expected += ["ERR_", WORKER]


def test_the_deadline_passes_during_an_outage_and_the_page_finds_its_result(open_paper, district, exam, new_page):
    page, sitting = open_paper()
    choose_right(page, sitting, 0)
    expect(page.locator(".mf-q.is-saved")).to_have_count(1)
    page.context.set_offline(True)
    choose_right(page, sitting, 1)
    expect(page.locator(".mf-q.is-pending")).to_have_count(1)
    now = timezone.now()
    Sitting.objects.update(ends_at=now, revision=F("revision") + 1)
    actions.end_overdue_sittings(now=now)
    page.context.set_offline(False)
    link = page.get_by_role("link", name="查看结果")
    expect(link).to_be_visible()
    page.on("dialog", lambda dialog: dialog.accept())
    link.click()
    page.wait_for_url("**/result/")
    # Sent by the paper or, where somebody was quicker, by this page, which then says so itself.
    expect(page.locator("body")).to_contain_text("在收卷以后才送到")
    page.reload()
    # Neither dropped nor counted: it waits for the organiser, with both times.
    expect(page.locator("body")).to_contain_text("有答案在收卷以后才送到")
    late = LateAnswer.objects.get()
    assert (late.place, late.state) == (1, "pending")
    assert late.changed_at < now < late.arrived_at
    assert list(stored(sitting)) == [0]
    actions.decide_late_answers(
        sitting, accepted=True, reason="断网属实", seen=late.pk, by=district.boss, now=timezone.now()
    )
    page.reload()
    expect(page.locator("body")).to_contain_text("收卷以后送到的答案已计入成绩")
    new_page.expected += ["ERR_INTERNET_DISCONNECTED", "409"]


def test_a_save_still_under_way_when_time_is_up_becomes_a_late_answer_and_is_not_forgotten(open_paper, exam, new_page):
    page, sitting = open_paper()
    choose_right(page, sitting, 0)
    expect(page.locator(".mf-q.is-saved")).to_have_count(1)
    page.route("**/save/", lambda route: None)  # leaves the page and never gets a reply
    with page.expect_request("**/save/"):
        choose_right(page, sitting, 1)
    now = timezone.now()
    Sitting.objects.update(ends_at=now, revision=F("revision") + 1)
    actions.end_overdue_sittings(now=now)
    page.wait_for_url("**/result/")
    expect(page.locator("#late")).to_contain_text("有 1 题在收卷以后才送到")
    late = LateAnswer.objects.get()
    assert (late.place, late.state, late.changed_at < now < late.arrived_at) == (1, "pending", True)
    page.reload()
    expect(page.locator("body")).to_contain_text("有答案在收卷以后才送到")
    expect(page.locator("#late")).to_be_hidden()
    new_page.expected += ["409", "ERR_"]


@pytest.mark.parametrize(("status", "kept"), [(429, True), (413, True), (503, True), (409, False)])
def test_late_answers_stay_in_the_browser_until_the_server_has_decided_about_them(open_paper, exam, new_page, status, kept):
    page, sitting = open_paper()
    page.route("**/save/", lambda route: route.abort())
    choose_right(page, sitting, 0)
    expect(page.locator(".mf-q.is-pending")).to_contain_text("已暂存在本机")
    page.route("**/late/", lambda route: route.fulfill(status=status, json={"words": "稍后再试"}))
    now = timezone.now()
    Sitting.objects.update(ends_at=now, revision=F("revision") + 1)
    actions.end_overdue_sittings(now=now)
    page.wait_for_url("**/result/")
    expect(page.locator("#late")).to_contain_text("稍后再试")
    page.unroute("**/late/")
    page.reload()
    if kept:
        expect(page.locator("#late")).to_contain_text("有 1 题在收卷以后才送到")
    assert LateAnswer.objects.count() == int(kept)
    new_page.expected += ["Failed to load resource"]


def test_SI3_the_device_that_comes_second_keeps_its_choice_and_is_told_what_is_stored(open_paper, cadre, new_page):
    page, sitting = open_paper()
    page.route("**/state/", lambda route: route.abort())  # so that the save is what finds out
    page.reload()
    actions.take_over(sitting, by=cadre, now=timezone.now(), device="other")
    sitting.refresh_from_db()
    scene.answer_all(sitting, right=False, now=timezone.now(), places=[0])
    choose_right(page, sitting, 0)
    expect(page.locator(".mf-q").first).to_contain_text("另一台设备上保存的是")
    right = scene.answer_names(paper_of(sitting.pk), 0, keys_of(paper_of(sitting.pk))[0][1])
    assert page.locator("#paper input:checked").evaluate_all("all => all.map(one => one.value)") == right
    assert stored(sitting) == {0: "D" if keys_of(paper_of(sitting.pk))[0][1] == "A" else "A"}
    new_page.expected += ["409", "ERR_FAILED"]


def test_leaving_the_paper_is_noted_with_its_seconds_only_where_the_exam_says_so(exam, open_paper):
    type(exam).objects.update(watch_leaving=True)
    page, sitting = open_paper()
    stop_the_clock(page)
    page.evaluate("window.dispatchEvent(new Event('blur'))")
    page.clock.run_for(30_000)
    with page.expect_response("**/left/"):
        page.evaluate("window.dispatchEvent(new Event('focus'))")
    [event] = sitting.events.all()
    assert (event.kind, event.seconds) == ("left", 30)
