"""What an open paper keeps in the browser: told truly, and gone with the person."""
from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from exams.models import Sitting

from . import scene
from .on_paper import WORKER, choose_right, stop_the_clock

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def district(transactional_db):
    return scene.build()


@pytest.fixture
def exam(district, cadre):
    now = timezone.now()
    return district.exam(opens_at=now - timedelta(hours=1), closes_at=now + timedelta(hours=2), now=now - timedelta(days=1))


def test_SI13_a_browser_without_storage_is_told_before_starting_and_no_copy_is_claimed(exam, cadre, new_page):
    page = new_page()
    page.add_init_script("IDBObjectStore.prototype.put = function () { throw new DOMException('full', 'QuotaExceededError'); };")
    page.goto(f"{reverse('account_login')}?next={reverse('exams:notice', args=[exam.pk])}")
    page.fill("input[name=login]", cadre.username)
    page.fill("input[name=password]", scene.PASSWORD)
    page.click("main button[type=submit]")
    expect(page.locator("#no-storage")).to_be_visible()
    page.locator("main form input[type=checkbox]").check()
    page.click("main form button[type=submit]")
    page.wait_for_url("**/sittings/*/")
    sitting = Sitting.objects.get()
    choose_right(page, sitting, 0)
    expect(page.locator(".mf-q.is-saved")).to_have_count(1)
    page.context.set_offline(True)
    choose_right(page, sitting, 1)
    expect(page.locator(".mf-q.is-pending")).to_contain_text("请不要关闭或刷新本页")
    assert "暂存在本机" not in page.locator("body").inner_text()
    page.context.set_offline(False)
    expect(page.locator(".mf-q.is-saved")).to_have_count(2)
    new_page.expected += ["ERR_INTERNET_DISCONNECTED", WORKER]


SLOW_STORAGE = """let real;
Object.defineProperty(window, "idb", { get: () => real, set: given => {
  real = { ...given, openDB: (...words) => new Promise(done => setTimeout(done, 8000)).then(() => given.openDB(...words)) };
} });"""


ANSWERS_KEPT = """name => new Promise(done => {
  indexedDB.open(name).onsuccess = opened => {
    const store = opened.target.result.transaction("answers").objectStore("answers");
    store.count().onsuccess = counted => { opened.target.result.close(); done(counted.target.result); };
  };
})"""


def test_SI13_a_device_whose_storage_opens_late_keeps_a_copy_from_then_on(open_paper, cadre, new_page):
    page, sitting = open_paper()
    page.add_init_script(SLOW_STORAGE)
    page.route("**/save/", lambda route: route.abort())
    stop_the_clock(page)
    choose_right(page, sitting, 0)
    page.clock.run_for(4000)
    expect(page.locator("#q1.is-pending")).to_contain_text("请不要关闭或刷新本页")
    page.clock.run_for(5000)
    choose_right(page, sitting, 1)
    page.clock.run_for(1000)
    expect(page.locator("#q2.is-pending")).to_contain_text("已暂存在本机")
    # Both: what came too early for the storage is handed to it when it opens.
    assert page.evaluate(ANSWERS_KEPT, f"mf-paper-{cadre.pk}") == 2
    new_page.expected += ["ERR_FAILED"]


def test_nothing_of_a_paper_stays_behind_when_another_person_signs_in(open_paper, district, cadre, exam, new_page):
    page, sitting = open_paper()
    page.context.set_offline(True)
    choose_right(page, sitting, 0)
    expect(page.locator(".mf-q.is-pending")).to_have_count(1)
    expect(page.locator(".mf-q.is-pending")).to_contain_text("已暂存在本机")
    kept = "async () => (await indexedDB.databases()).map(one => one.name)"
    assert page.evaluate(kept) == [f"mf-paper-{cadre.pk}"]
    page.context.clear_cookies()
    page.context.set_offline(False)
    page.on("dialog", lambda dialog: dialog.accept())
    page.route("**/save/", lambda route: route.abort())
    other = district.person("另一人")
    page.goto("/login/")
    page.fill("input[name=login]", other.username)
    page.fill("input[name=password]", scene.PASSWORD)
    page.click("main button[type=submit]")
    page.wait_for_url("**/me/")
    page.wait_for_function("async () => (await indexedDB.databases()).length === 0")
    new_page.expected += ["ERR_", WORKER]
