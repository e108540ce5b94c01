"""The pages of the question bank in a real Chromium, with the longest names: sound for axe, and never wider than the screen."""
from dataclasses import dataclass, replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from mingfa.bank import actions, history
from mingfa.bank.actions.beliefs import create_belief, tag_answers
from mingfa.bank.actions.near import check_near
from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.models import Bank, Question, QuestionImport
from mingfa.library import comparisons
from mingfa.library.citations import CitationRef
from mingfa.people import actions as people
from mingfa.people.models import Role, User
from playwright.sync_api import expect

from exams import actions as exam_actions
from exams.papers import forget
from tests.bank.samples import question_file, question_rows
from tests.changes import scene as changes
from tests.exams import scene
from tests.exams.test_question_types import TYPES

from .test_browser import LONG, flaws

pytestmark = pytest.mark.django_db(transaction=True)

FILES = Path(__file__).parents[1] / "data" / "qbank"
# width, text size, contrast: a phone, the smallest phone at its hardest, a desk with the largest text
PHONE, HARDEST, LARGE = (390, "standard", "off"), (320, "xlarge", "on"), (1280, "xlarge", "off")
READERS = (PHONE, HARDEST, LARGE)
UNBROKEN = "www.jiahe-district-law-popularisation-committee.example.gov.cn/questions/2026/autumn/final-version-of-all"
STEM = f"根据《信访工作条例》，信访人对处理意见不服的，可以自收到书面答复之日起多少日内请求复查？见 {UNBROKEN}"
BANK = f"{LONG}国家工作人员学法用法考试题库 {UNBROKEN}"[:100]
TAG, FILTER, BELIEF = UNBROKEN[:30], (LONG + UNBROKEN)[:40], (LONG + UNBROKEN)[:60]
FILE = f"{LONG}{UNBROKEN * 2}"[:190] + ".xlsx"
SINGLE = QuestionDraft(
    "single", STEM, options=(f"三十日，见 {UNBROKEN}", "十五日", "六十日", "九十日"), answer="A", explanation=f"见 {UNBROKEN}",
    topic=UNBROKEN[:60], citations=(CitationRef("信访工作条例", 35), CitationRef(LONG * 2, 1)),
)  # fmt: skip


@dataclass
class Desk:
    """A setter with the longest names, a bank with something of everything, and a bank with nothing."""

    setter: User
    bank: Bank
    empty: Bank
    long: Question
    uploads: dict[str, QuestionImport]

    def page(self, name: str, *args, app="bank", bank: Bank | None = None, **query) -> str:
        return reverse(f"{app}:{name}", args=[(bank or self.bank).pk, *args], query=query)

    def of(self, name: str, question: Question | None = None, app="bank", **query) -> str:
        return reverse(f"{app}:{name}", args=[(question or self.long).pk], query=query)


def upload(bank, setter, data, name):
    now = timezone.now()
    run = actions.keep_upload(bank, data=data, name=name, by=setter, now=now)
    actions.read_upload(run, now=now)
    while actions.compare_upload(run, now=now) > 0:
        pass
    return run


def fill(bank: Bank, setter: User) -> Question:
    """A question of every type, a near pair, tags, a remark, two versions, filters and bulk runs; the longest question."""
    stamp = {"by": setter, "now": timezone.now()}
    for draft in TYPES:
        actions.create_question(bank, replace(draft, stem=f"{draft.stem}{UNBROKEN}"), **stamp)
    long = actions.create_question(bank, SINGLE, **stamp)
    actions.create_question(bank, replace(SINGLE, stem=STEM.replace("可以自", "应当自")), **stamp)
    actions.revise_question(long, replace(SINGLE, stem=STEM.replace("多少日", "几日"), answer="B"), **stamp)
    actions.tag_question(long, [TAG, TAG.upper()], **stamp)
    actions.add_remark(long, f"和原文对不上，见 {UNBROKEN}", **stamp)
    actions.save_filter(bank, FILTER, "type=single&sort=oldest", by=setter)
    check_near(bank)
    ids = list(Question.objects.filter(bank=bank).values_list("pk", flat=True))
    actions.carry_out(actions.begin_run(bank, "tag", TAG, ids, **stamp), now=stamp["now"])
    actions.begin_run(bank, "reserve", "", ids, by=setter, now=stamp["now"] - timedelta(hours=1))
    return Question.objects.get(pk=long.pk)


@pytest.fixture
def desk(transactional_db):
    district = scene.build()
    now = timezone.now()
    unit = district.district.add_child(name=LONG, kind="office")
    setter = scene.holder(district, Role.SETTER, name="欧阳宛如·阿依古丽·买买提江", now=now)
    bank = actions.create_bank(name=BANK, unit=unit, by=setter, now=now)
    empty = actions.create_bank(name="空题库", unit=unit, by=setter, now=now, reviewed=True)
    long = fill(bank, setter)
    rows = [["单选题", STEM, UNBROKEN, "十五日", "六十日", "", "A", UNBROKEN[:60], LONG, "第一条"], *question_rows(3)]
    uploads = {
        "dirty": upload(bank, setter, (FILES / "v14_dirty.txt").read_bytes(), FILE.replace("xlsx", "txt")),
        "near": upload(bank, setter, question_file(*rows), FILE),
        "case": upload(bank, setter, (FILES / "v13_blank_case.txt").read_bytes(), "case.txt"),
        "unread": actions.keep_upload(bank, data=question_file(*question_rows(3000)), name=FILE, by=setter, now=now),
    }
    return Desk(setter, bank, empty, long, uploads)


@pytest.fixture
def enter(new_page, live_server, settings):
    """Function: a page of that width, text size and contrast in which the person is signed in."""

    def enter(user, width, text, contrast):
        client = Client()
        client.force_login(user)
        page = new_page(width=width, height=900)
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        values = {settings.SESSION_COOKIE_NAME: session, "mf_text": text, "mf_contrast": contrast}
        page.context.add_cookies([{"name": n, "value": v, "url": live_server.url} for n, v in values.items()])
        return page

    return enter


@pytest.fixture
def refusals(new_page):
    """The browser logs every answer that is not 2xx; a test that provokes a 400 or 403 expects those."""
    yield
    new_page.expected += ["status of 40"]


def check(page, *addresses):
    """Every page is there and sound. One list of what is wrong, so that one run tells everything."""
    wrong = []
    for address in addresses:
        status = page.goto(address).status
        found = flaws(page)
        wrong += [(address, status, found)] if found or status != 200 else []
    assert wrong == []


@pytest.mark.parametrize("reader", READERS)
def test_lists_filters_tags_and_runs_are_sound(enter, desk, reader):
    page, run = enter(desk.setter, *reader), desk.bank.runs
    check(
        page, "/bank/", reverse("bank:new_bank"), desk.page("question_list"),
        desk.page("question_list", type="single", sort="oldest", tag="1"), desk.page("question_list", q="没有的词"),
        desk.page("filters"), desk.page("tags"), desk.page("runs"), desk.page("run", run.get(state="done").pk),
        desk.page("run", run.get(state="running").pk),
    )  # fmt: skip


@pytest.mark.parametrize("reader", [HARDEST])
def test_a_bank_with_nothing_in_it_says_so_on_every_page(enter, desk, reader):
    page = enter(desk.setter, *reader)
    nothing = {"bank": desk.empty}
    check(
        page, desk.page("question_list", **nothing), desk.page("filters", **nothing), desk.page("tags", **nothing),
        desk.page("runs", **nothing), desk.page("near", **nothing), desk.page("upload", **nothing), "/bank/beliefs/",
        desk.page("export", format="gift", **nothing), desk.page("bank", app="bank_reviews", **nothing), "/bank/beliefs/agenda/",
        reverse("changes:list"),
    )  # fmt: skip


@pytest.mark.parametrize("reader", [HARDEST, LARGE])
def test_a_bulk_action_is_sound_at_every_step(enter, desk, reader):
    page = enter(desk.setter, *reader)
    page.goto(desk.page("question_list"))
    for box in page.locator("input[name=pick]").all()[:3]:
        box.check()
    page.select_option("#action", "tag")
    page.click("#bulk button[type=submit]")
    assert flaws(page) == []
    page.fill("main form [name=value]", TAG.replace("www", "wwx"))
    page.click("main form button[type=submit]")
    expect(page.locator("button[name=confirm]")).to_have_text("加标签，3 题")
    assert flaws(page) == []
    page.click("button[name=confirm]")
    page.wait_for_url("**/runs/*/")
    assert flaws(page) == []
    page.get_by_role("button", name="撤销这次操作").click()
    expect(page.get_by_text("已撤销。")).to_have_count(1)
    assert flaws(page) == []


@pytest.mark.parametrize("reader", [HARDEST, LARGE])
def test_an_upload_and_its_repair_are_sound(enter, desk, refusals, reader):
    page = enter(desk.setter, *reader)
    places = [
        desk.page("repair", run.pk, entry.place) for run in desk.uploads.values() for entry in run.entries.order_by("place")[:4]
    ]
    whole = [desk.page("import_all", run.pk, show=show) for run in desk.uploads.values() for show in ("", "taken")]
    check(page, desk.page("upload"), desk.page("import", desk.uploads["unread"].pk), *places, *whole)
    page.goto(desk.page("upload"))
    page.set_input_files("input[type=file]", {"name": FILE, "mimeType": "text/plain", "buffer": b"PK\x03\x04 nothing"})
    page.click("main form button[type=submit]")
    expect(page.locator("[data-mf-errors]")).to_have_count(1)
    assert flaws(page) == []
    page.goto(desk.page("repair", desk.uploads["dirty"].pk, 1))
    page.click("[data-mf-confirm]")
    expect(page.locator(".invalid-feedback, .mf-error").first).to_be_visible()
    assert flaws(page) == []


@pytest.mark.parametrize("reader", [HARDEST, LARGE])
def test_one_question_is_sound_on_all_its_pages(enter, desk, refusals, reader):
    page = enter(desk.setter, *reader)
    types = list(Question.objects.filter(bank=desk.bank).order_by("pk"))
    check(
        page, desk.of("question", look="yes"), desk.of("question", version=1), desk.of("edit"), desk.of("preview"),
        desk.of("history", app="bank_reviews"), desk.of("tag_beliefs"), *(desk.of("question", one) for one in types),
        *(desk.of("preview", one) for one in types[:5]),
        *(desk.page("new_question", type=type) for type in ("single", "judge", "order", "match")),
    )  # fmt: skip
    page.goto(desk.of("edit"))
    page.click("main form button[name=look]")
    expect(page.get_by_role("heading", name="近似题")).to_have_count(1)
    assert flaws(page) == []
    page.fill("textarea[name=stem]", "")
    page.click("main form button[type=submit] >> nth=0")
    expect(page.locator("[data-mf-errors]")).to_have_count(1)
    assert flaws(page) == []


@pytest.mark.parametrize("reader", READERS)
def test_near_questions_and_export_are_sound(enter, desk, reader):
    page = enter(desk.setter, *reader)
    check(
        page, desk.page("near"), desk.page("near", show="other"), desk.page("near", show="kept"), desk.page("export"),
        desk.page("export", format="aiken"), desk.page("export", format="docx", type="single", kept="on"),
    )  # fmt: skip


@pytest.fixture
def believed(desk):
    """Beliefs behind wrong answers of an exam that is over, sat by twelve people; two of them with the longest names."""
    now, boss = timezone.now(), User.objects.get(username="boss")
    district = desk.bank.unit.get_parent()
    long = create_belief(
        unit=district, name=BELIEF, ref=CitationRef("信访工作条例", 35), description=f"见 {UNBROKEN}", by=boss, now=now
    )  # fmt: skip
    other = create_belief(unit=desk.bank.unit, name="没有人信", ref=None, description="", by=boss, now=now)
    old = Bank.objects.get(name="题库")
    for question in Question.objects.filter(bank=old, current__type="single").select_related("current"):
        wrong = "D" if question.current.answer == "A" else "A"
        tag_answers(question, {wrong: long}, by=boss, now=now)
    forget()
    made = scene.Scene(boss, district, *district.get_children().filter(kind="township").order_by("path"), old)
    seated = [made.person(f"甲{number}") for number in range(12)]
    exam = made.exam(
        opens_at=now - timedelta(days=2), closes_at=now - timedelta(days=1), now=now - timedelta(days=3), due_units=[made.town]
    )  # fmt: skip
    for person in seated:
        sitting = scene.sit(exam, person, now=now - timedelta(hours=40))
        scene.answer_all(sitting, right=False, now=now - timedelta(hours=39, minutes=50))
        exam_actions.submit_sitting(sitting.pk, by=person, now=now - timedelta(hours=39, minutes=40))
    return long, other


@pytest.mark.parametrize("reader", READERS)
def test_beliefs_are_sound(enter, desk, believed, reader):
    page = enter(desk.setter, *reader)
    pages = [reverse("bank:belief", args=[one.pk]) for one in believed]
    edits = [reverse("bank:edit_belief", args=[believed[0].pk]), reverse("bank:new_belief"), desk.of("tag_beliefs")]
    check(page, reverse("bank:beliefs"), reverse("bank:agenda"), *pages, *edits)
    page.goto(reverse("bank:beliefs"))
    expect(page.locator("main table").first).to_contain_text("12 / 12 人")


@pytest.mark.parametrize("reader", READERS)
def test_the_steps_of_a_review_are_sound(enter, desk, refusals, reader):
    now, setter = timezone.now(), desk.setter
    actions.set_review_rules(desk.bank, reviewed=True, author_first=False, by=setter, now=now)
    desk.bank.refresh_from_db()
    draft = actions.create_question(desk.bank, replace(SINGLE, stem=f"送审的{STEM}"), by=setter, now=now)
    actions.create_question(desk.bank, replace(SINGLE, stem=f"没有送审的{STEM}"), by=setter, now=now)
    actions.submit_questions(desk.bank, [draft.pk, desk.long.pk], by=setter, now=now)
    reviewer = User.objects.create(username="reviewer", name="买买提江·阿依古丽·欧阳宛如")
    people.grant_role(reviewer, role="review1", unit=desk.bank.unit, by=None, now=now)
    seen = [reverse("bank_reviews:review", args=[one.pk]) for one in reviews_of(desk.bank)]
    mine = enter(setter, *reader)
    check(
        mine, desk.page("bank", app="bank_reviews"), desk.page("rules", app="bank_reviews"), *seen,
        desk.of("history", draft, app="bank_reviews"), desk.page("sheets", app="bank_reviews", question=draft.pk),
    )  # fmt: skip
    theirs = enter(User.objects.get(pk=reviewer.pk), *reader)
    check(theirs, reverse("review:desk"), *seen)
    theirs.click("button[formaction]")
    expect(theirs.locator("[role=alert]").first).to_be_visible()
    assert flaws(theirs) == []
    theirs.check("#secrecy")
    theirs.locator("#secrecy").focus()
    theirs.keyboard.press("Control+Enter")
    theirs.wait_for_url(lambda address: seen[-1] not in address)
    assert flaws(theirs) == []


def reviews_of(bank):
    return history.reviews_of_bank(bank).order_by("pk")


@pytest.mark.parametrize("reader", READERS)
def test_law_changes_are_sound(enter, transactional_db, time_machine, reader):
    comparisons.forget()
    forget()
    time_machine.move_to(changes.NOW)
    made = changes.build()
    changes.question(made.boss, made.bank, 2, 7, topic=UNBROKEN[:60])
    changes.import_new()
    page = enter(made.setter, *reader)
    tasks = reverse("changes:tasks", args=[changes.change().pk])
    check(page, reverse("changes:list"), tasks, f"{tasks}?state=open", f"{tasks}?state=done")
    page.goto(tasks)
    page.locator(".mf-task summary").first.click()
    assert flaws(page) == []
    page.locator("input[name=task]").first.check()
    page.fill("#note", UNBROKEN)
    page.click("button[value=right]")
    page.wait_for_load_state()
    check(page, tasks)


def test_what_a_setter_who_sits_gets_instead_is_sound(enter, desk, refusals):
    now = timezone.now()
    boss = User.objects.get(username="boss")
    district = desk.bank.unit.get_parent()
    made = scene.Scene(boss, district, *district.get_children().filter(kind="township").order_by("path"), desk.bank)
    exam = made.exam(
        rules=(scene.RuleSpec("single", 1, Decimal(100)),), opens_at=now - timedelta(hours=2), closes_at=now + timedelta(hours=2),
        now=now - timedelta(days=1),
    )  # fmt: skip
    scene.sit(exam, desk.setter, now=now)
    page = enter(desk.setter, *HARDEST)
    for address in (desk.page("near"), desk.page("upload"), desk.page("export")):
        page.goto(address)
        assert flaws(page) == [], address


def test_near_questions_are_decided_by_key_unless_the_keys_are_switched_off(enter, desk):
    page = enter(desk.setter, *LARGE)
    page.goto(desk.page("near"))
    page.locator("[data-mf-keys-switch]").click()
    page.reload()
    expect(page.locator("[data-mf-keys-switch]")).to_have_text("快捷键已关闭")
    page.evaluate("window.stayed = true")
    page.locator("[data-mf-pair]").first.focus()
    page.keyboard.press("k")
    page.locator("[data-mf-keys-switch]").click()
    assert page.evaluate("window.stayed") is True
    page.keyboard.press("ArrowDown")
    expect(page.locator("[data-mf-pair]").first).to_be_focused()
    page.keyboard.press("k")
    expect(page.get_by_text("已保留两题，以后不再提示这一对")).to_be_visible()


def test_the_repair_goes_on_by_key_unless_the_keys_are_switched_off(enter, desk):
    page, run = enter(desk.setter, *LARGE), desk.uploads["dirty"]
    page.goto(desk.page("repair", run.pk, 1))
    page.locator("[data-mf-keys-switch]").click()
    page.evaluate("window.stayed = true")
    page.keyboard.press("j")
    page.locator("[data-mf-keys-switch]").click()
    assert page.evaluate("window.stayed") is True
    page.keyboard.press("j")
    page.wait_for_url(f"**{desk.page('repair', run.pk, 2)}")
