"""What the reader meets in a real Chromium: nothing for axe to find, nothing wider than the screen, focus that returns."""
from datetime import timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.db.models import F
from django.urls import reverse
from django.utils import timezone
from mingfa.bank import actions as bank_actions
from mingfa.people import actions as people
from mingfa.people.models import Role, User
from playwright.sync_api import expect

from exams import actions, waiting
from exams.models import Exam, Sitting
from exams.papers import forget, paper_of
from tests.exams import scene
from tests.exams.test_question_types import ALL, TYPES

pytestmark = pytest.mark.django_db(transaction=True)

# Of what passes, axe need not carry every node over.
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], "resultTypes": ["violations"],
}  # fmt: skip
# width, text size, contrast: the usual phone, the smallest phone at its hardest, a desk
READERS = [(390, "standard", "off"), (320, "xlarge", "on"), (360, "large", "off"), (1440, "standard", "off")]
LONG = "嘉禾区云栖岭镇生态农业示范园区管理服务中心（综合行政执法大队）"


@pytest.fixture
def cadre(transactional_db):
    district = scene.build()
    now = timezone.now()
    unit = district.town.add_child(name=LONG, kind="office")
    person = district.person(name="欧阳宛如·阿依古丽·买买提江", unit=unit)
    district.exam(
        name="2026 年度全区国家工作人员“宪法、行政复议法、治安管理处罚法”专题法治理论考试", result_policy="at_once",
        opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=2), now=now - timedelta(days=1),
    )  # fmt: skip
    return person


@pytest.fixture
def reader(new_page, cadre):
    """Function: a page of that width, text size and contrast, signed in."""

    def sign_in(width, text, contrast, **options):
        page = new_page(width=width, height=900, **options)
        page.goto(reverse("account_login"))
        page.fill("input[name=login]", cadre.username)
        page.fill("input[name=password]", scene.PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url("**/me/")
        base = page.url.removesuffix("me/")
        values = {"mf_text": text, "mf_contrast": contrast}
        page.context.add_cookies([{"name": name, "value": value, "url": base} for name, value in values.items()])
        return page

    return sign_in


def start(page):
    page.goto("/me/")
    page.click("main .btn-primary")
    page.check("input[name=read]")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/sittings/*/")


# What sticks out at the right, also of parts that stand over the page and do not make it wider.
STICKING_OUT = """() => Array.from(document.querySelectorAll("body *"))
  .filter(one => one.getClientRects().length && one.getBoundingClientRect().right > innerWidth + 1)
  .map(one => "wider: " + one.outerHTML.slice(0, 120))"""


def flaws(page):
    """What axe finds, and what is wider than the screen."""
    page.evaluate("document.fonts.ready.then(() => true)")
    found = Axe().run(page, options=RULES).response["violations"]
    return [(one["id"], one["nodes"][0]["html"]) for one in found] + page.evaluate(STICKING_OUT)


@pytest.mark.parametrize(("width", "text", "contrast"), READERS)
def test_every_step_of_an_exam_is_sound_for_this_reader(reader, width, text, contrast):
    page = reader(width, text, contrast)
    page.goto("/me/")
    assert flaws(page) == []
    page.click("main .btn-primary")
    expect(page.locator("input[name=read]")).to_be_visible()
    assert page.locator("html").get_attribute("data-mf-text") == text
    assert flaws(page) == []
    page.check("input[name=read]")
    page.click("main form button[type=submit]")
    page.wait_for_url("**/sittings/*/")
    page.locator(".mf-opt").first.click()
    expect(page.locator(".mf-q.is-saved")).to_have_count(1)
    page.locator(".mf-q .qh button").nth(1).click()
    assert flaws(page) == []
    if width < 992:
        page.click("#open-sheet")
        assert flaws(page) == []
    page.locator("#sheet").get_by_text("检查后交卷").click()
    assert flaws(page) == []
    page.click("#handin")
    page.wait_for_url("**/result/")
    assert flaws(page) == []


@pytest.mark.parametrize(("width", "text", "contrast"), READERS[:2])
def test_open_pages_are_sound(new_page, db, live_server, width, text, contrast):
    page = new_page(width=width, height=900)
    values = {"mf_text": text, "mf_contrast": contrast}
    page.context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in values.items()])
    for address in ("/login/", "/activate/", "/accessibility/", "/laws/"):
        page.goto(address)
        assert flaws(page) == [], address


def test_escape_closes_the_answer_sheet_and_gives_the_focus_back(reader):
    page = reader(*READERS[0])
    start(page)
    page.click("#open-sheet")
    expect(page.locator("#sheet")).to_have_attribute("role", "dialog")
    page.keyboard.press("Escape")
    expect(page.locator("#sheet")).to_be_hidden()
    expect(page.locator("#open-sheet")).to_be_focused()


def test_tab_goes_round_inside_the_question_before_handing_in(reader):
    page = reader(*READERS[3])
    start(page)
    page.click("header button")
    expect(page.locator("#confirm :focus")).to_have_text("1")
    inside = page.locator("#confirm a, #confirm button").count()
    visited = []
    for _ in range(inside + 1):
        visited.append(page.evaluate("document.activeElement.textContent"))
        page.keyboard.press("Tab")
    assert visited == [str(n) for n in range(1, 9)] + ["继续作答", "现在交卷", "1"]


def test_flags_are_kept_over_a_reload_and_forgotten_after_handing_in(reader):
    page = reader(*READERS[3])
    start(page)
    page.keyboard.press("f")
    page.reload()
    expect(page.locator("#n-flag")).to_have_text("1")
    page.click("header button")
    page.click("#handin")
    page.wait_for_url("**/result/")
    page.wait_for_function("!Object.keys(localStorage).some(key => /^mf-(flags|pending)-/.test(key))")


def test_what_was_chosen_before_a_crash_comes_back_and_is_saved(reader, new_page):
    page = reader(*READERS[3])
    start(page)
    page.route("**/save/", lambda route: route.abort())
    page.locator("#q2 .mf-opt").nth(1).click()
    expect(page.locator("#q2")).to_have_class("mf-q is-pending")
    other = page.context.new_page()  # the first page never comes to leave in good order
    other.goto(page.url)
    expect(other.locator("#q2")).to_have_class("mf-q is-saved")
    assert other.locator("#q2 input").nth(1).is_checked()
    new_page.expected += ["ERR_FAILED"]


def test_a_larger_text_in_the_middle_of_the_paper_loses_nothing(reader):
    page = reader(*READERS[3])
    start(page)
    page.locator("#q1 .mf-opt").nth(0).click()
    expect(page.locator("#q1")).to_have_class("mf-q is-saved")
    page.locator("#sheet").get_by_role("button", name="特大").click()
    expect(page.locator("html")).to_have_attribute("data-mf-text", "xlarge")
    expect(page.locator("#q1")).to_have_class("mf-q is-saved")
    assert page.locator("#q1 input").nth(0).is_checked()


def test_single_keys_can_be_switched_off(reader):
    page = reader(*READERS[3])
    start(page)
    page.click("#keys")
    page.keyboard.press("a")
    expect(page.locator("#answered")).to_have_text("0")
    page.click("#keys")
    page.keyboard.press("a")
    expect(page.locator("#answered")).to_have_text("1")


def test_at_the_end_of_the_time_the_paper_goes_to_the_result(reader, new_page):
    page = reader(*READERS[0])
    start(page)
    page.locator("#q1 .mf-opt").nth(0).click()
    expect(page.locator("#q1")).to_have_class("mf-q is-saved")
    Sitting.objects.update(ends_at=timezone.now() + timedelta(minutes=4), revision=F("revision") + 1)
    page.locator("#q2 .mf-opt").nth(0).click()
    expect(page.locator("#clock")).to_have_class("mf-num is-last")
    expect(page.locator("#q2")).to_have_class("mf-q is-saved")
    Sitting.objects.update(ends_at=timezone.now() + timedelta(seconds=5), revision=F("revision") + 1)
    page.wait_for_url("**/result/")
    new_page.expected += ["409"]  # where the page asks for the time only after it
    assert Sitting.objects.get().ending == "time"
    assert page.get_by_text("到时自动交卷").count() == 1


def test_a_first_visit_follows_the_systems_wish_for_contrast(new_page, db):
    page = new_page(contrast="more")
    page.goto("/accessibility/")
    expect(page.locator("html")).to_have_attribute("data-bs-theme", "dark")
    page.reload()
    expect(page.locator("html")).to_have_attribute("data-mf-chosen", "")


@pytest.mark.parametrize(("width", "text", "contrast"), [READERS[0], READERS[1], READERS[3]])
def test_the_organisers_pages_are_sound(reader, cadre, width, text, contrast):
    boss = User.objects.get(username="boss")
    exam = Exam.objects.get()
    sitting = scene.sit(exam, cadre, now=timezone.now() - timedelta(minutes=20))
    actions.send_message(exam, text="10 点恢复供电，请继续作答", by=boss, now=timezone.now())
    actions.grant_time(exam, minutes=10, reason="停电", by=boss, now=timezone.now())
    people.grant_role(cadre, role=Role.SETTER, unit=exam.unit, by=boss, now=timezone.now())
    page = reader(width, text, contrast)
    for address in (
        reverse("exams:manage_list"), reverse("exams:manage", args=[exam.pk]), reverse("exams:roster", args=[exam.pk]),
        reverse("exams:roster_person", args=[sitting.candidate_id]), reverse("exams:roster_sheet", args=[exam.pk]),
        reverse("exams:room", args=[exam.pk]) + "?state=trouble", reverse("exams:slots", args=[exam.pk]),
    ):  # fmt: skip
        page.goto(address)
        assert flaws(page) == [], address


@pytest.fixture
def marked(transactional_db):
    """An exam with every type of question, handed in and waiting for the marker; its setter and its candidate."""
    district = scene.build()
    for draft in TYPES:
        bank_actions.create_question(district.bank, draft, by=district.boss, now=timezone.now())
    forget()
    person, now = district.person(name="欧阳宛如·阿依古丽·买买提江"), timezone.now()
    exam = district.exam(
        rules=ALL, certificates=True, practice="open", markers=2, opens_at=now - timedelta(hours=2),
        closes_at=now + timedelta(hours=2), now=now - timedelta(days=1), attempts=2,
    )  # fmt: skip
    sitting = scene.sit(exam, person, now=now - timedelta(hours=1))
    paper = paper_of(sitting.pk)
    written = [name for name, kind in zip(paper.names.questions, paper.kinds, strict=True) if kind == "short"]
    whole = {name: [["书面告知，十五日内。"], 1] for name in written}
    actions.save_answers(sitting.pk, whole, epoch=1, now=now - timedelta(minutes=50))
    actions.submit_sitting(sitting.pk, by=person, now=now - timedelta(minutes=40))
    actions.report_fault(sitting, 0, text="两个选项都对，请核对条文", by=person, now=now)
    actions.set_venue(
        exam, unit=district.town, name="穗安街道综合文化服务中心三楼多功能礼堂", code="4821", networks="10.3.0.0/16",
        by=district.boss, now=now,
    )  # fmt: skip
    actions.draw_printed_paper(exam, by=district.boss, now=now)
    return district, exam, sitting, person


def sign_in(new_page, user, width, text, contrast):
    page = new_page(width=width, height=900)
    page.goto("/login/")
    page.fill("input[name=login]", user.username)
    page.fill("input[name=password]", scene.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/me/")
    values = {"mf_text": text, "mf_contrast": contrast}
    base = page.url.removesuffix("me/")
    page.context.add_cookies([{"name": name, "value": value, "url": base} for name, value in values.items()])
    return page


@pytest.mark.parametrize(("width", "text", "contrast"), [READERS[1], READERS[3]])
def test_marking_faults_venues_printed_papers_and_certificates_are_sound(new_page, marked, width, text, contrast):
    district, exam, sitting, _ = marked
    setter = district.person(name="张主任")
    people.grant_role(setter, role=Role.SETTER, unit=exam.unit, by=district.boss, now=timezone.now())
    version = paper_of(sitting.pk).items[0].version_id
    page = sign_in(new_page, setter, width, text, contrast)
    for address in (
        reverse("exams:manage", args=[exam.pk]), reverse("exams:marking", args=[exam.pk]),
        reverse("exams:script", args=[exam.pk, sitting.pk, 4]), reverse("exams:faults", args=[exam.pk]),
        reverse("exams:correct", args=[exam.pk, version]), reverse("exams:venues", args=[exam.pk]),
        reverse("exams:papers", args=[exam.pk]), reverse("exams:certificates", args=[exam.pk]),
        reverse("exams:scores", args=[exam.pk]), reverse("exams:preview", args=[exam.pk]),
    ):  # fmt: skip
        page.goto(address)
        assert flaws(page) == [], address


@pytest.mark.parametrize(("width", "text", "contrast"), READERS[:2])
def test_every_type_of_question_practice_and_the_queue_are_sound(new_page, marked, settings, width, text, contrast):
    district, exam, sitting, person = marked
    page = sign_in(new_page, person, width, text, contrast)
    for address in (
        reverse("exams:result", args=[sitting.pk]), reverse("exams:fault", args=[sitting.pk]), reverse("exams:practice"),
        reverse("exams:practice") + "?size=50", reverse("exams:mock", args=[exam.pk]), reverse("exams:check_certificate"),
        reverse("exams:check_certificate") + "?number=1&code=2", reverse("exams:notice", args=[exam.pk]),
    ):  # fmt: skip
        page.goto(address)
        assert flaws(page) == [], address
    actions.remove_venue(exam.venues.get(), by=district.boss, now=timezone.now())
    settings.EXAM_STARTS_PER_MINUTE = 1
    waiting.forget()
    waiting._started.append(timezone.now())
    page.goto(reverse("exams:notice", args=[exam.pk]))
    page.check("input[name=read]")
    page.click("main form button[type=submit]")
    expect(page.locator("#waiting")).to_have_count(1)
    assert flaws(page) == []
    waiting.forget()
    page.click("#waiting button")
    page.wait_for_url("**/sittings/*/")
    assert flaws(page) == []
