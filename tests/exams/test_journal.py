"""The paper on a dying line and a dying server: reload, crash, another device, in a real Chromium against `serve`."""
import json
import os
import re
import signal
import threading
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import expect

from exams.engine.sheet import load
from tests.conftest import BROWSER_FLAGS, PATIENCE, PHONE, browser_path, new_context
from tests.servers import running_server

PREPARE = """
from bench.load.people import make
make(2)
"""
ANSWERS = """
import json
from exams.models import Sitting
print(json.dumps([[row.epoch, row.answers] for row in Sitting.objects.order_by("pk")]))
"""
PASSWORD = "Bench-2026-mingfa"
KEPT = "() => caches.keys()"
# Names of copies and databases, number of service workers.
LEFT = """async () => [await caches.keys(), (await indexedDB.databases()).map(one => one.name),
  (await navigator.serviceWorker.getRegistrations()).length]"""
# Nothing of any paper is in the databases, and no mark in the small storage.
EMPTY = """async () => {
  if (Object.keys(localStorage).some(key => key.startsWith("mf-flags-"))) return false;
  for (const { name } of await indexedDB.databases()) {
    const db = await idb.openDB(name);
    const left = await db.count("answers");
    db.close();
    if (left) return false;
  }
  return true;
}"""


class Room:
    """A data folder with an open exam, its server on one address, and browsers that sit in it."""

    def __init__(self, folder, browser):
        self.folder, self.browser, self.contexts = folder, browser, []
        self.exam = folder.manage("shell", "-v0", "-c", PREPARE).strip().splitlines()[-1]
        self.port = "0"

    def server(self):
        return running_server(self.folder, "--port", self.port)

    def device(self, url, **options):
        """A browser of its own in which bench0001 has the paper open (or is asked to take it over)."""
        context = new_context(self.browser, viewport=PHONE, base_url=url, **options)
        self.contexts.append(context)
        return self.open(context, url)

    def open(self, context, url):
        """Sign in as bench0001 and go to the paper."""
        self.port = url.rsplit(":", 1)[1]
        page = context.new_page()
        page.on("dialog", lambda dialog: dialog.accept())
        page.goto(f"{url}/login/?next=/exams/{self.exam}/")
        page.fill("input[name=login]", "bench0001")
        page.fill("input[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(re.compile(r"^[^?]*/exams/\d+/$"))  # not the sign-in page that names it
        if page.locator("main form input[type=checkbox]").count():
            page.locator("main form input[type=checkbox]").check()
        page.click("main form button[type=submit]")
        page.wait_for_url("**/sittings/*/")
        return page

    def stored(self):
        """(epoch, sheet) of the only sitting, from the database."""
        [[epoch, answers]] = json.loads(self.folder.manage("shell", "-v0", "-c", ANSWERS).strip().splitlines()[-1])
        return epoch, load(answers)


    @contextmanager
    def profile(self, folder):
        """A browser that keeps its profile in a folder: (context, function that kills it with -9)."""
        kind = self.browser.browser_type
        context = kind.launch_persistent_context(folder, executable_path=browser_path(), args=BROWSER_FLAGS, viewport=PHONE)
        context.set_default_timeout(PATIENCE)
        killed = []

        def kill():
            for command in Path("/proc").glob("[0-9]*/cmdline"):
                with suppress(OSError):
                    if str(folder).encode() in command.read_bytes():
                        os.kill(int(command.parent.name), signal.SIGKILL)
            killed.append(True)

        yield context, kill
        if not killed:
            context.close()


@pytest.fixture
def room(data_folder, browser):
    made = Room(data_folder, browser)
    yield made
    for context in made.contexts:
        context.close()


def choose(page, *numbers, option=0):
    for number in numbers:
        row = page.locator(f"#q{number} label.mf-opt").nth(option)
        row.evaluate("row => row.scrollIntoView({block: 'center'})")
        row.click()


def chosen(page):
    return sorted(page.locator("#paper input:checked").evaluate_all("all => all.map(one => one.value)"))


def kept_for_reload(page):
    page.locator("html[data-mf-kept]").wait_for(state="attached")


def test_SI9_the_server_is_killed_the_paper_is_reloaded_answered_on_and_everything_arrives(room):
    with room.server() as server:
        page = room.device(server.url)
        kept_for_reload(page)
        choose(page, 1, 2)
        expect(page.locator(".mf-q.is-saved")).to_have_count(2)
        before = chosen(page)
        server.kill()
    choose(page, 3)
    expect(page.locator("#q3.is-pending")).to_contain_text("已暂存在本机")
    page.reload()  # nobody answers at this address
    expect(page.locator(".mf-q.is-saved")).to_have_count(2)
    expect(page.locator("#q1")).to_contain_text("回执")
    expect(page.locator("#q3.is-pending")).to_have_count(1)
    assert set(before) < set(chosen(page))
    expect(page.locator("#clock")).to_have_text(re.compile(r"^1:5\d:\d\d$"))
    choose(page, 4)
    with room.server():
        expect(page.locator(".mf-q.is-saved")).to_have_count(4)
        shown = chosen(page)
        page.reload()
        expect(page.locator(".mf-q.is-saved")).to_have_count(4)
        assert chosen(page) == shown
        assert sorted(room.stored()[1]) == [0, 1, 2, 3]


def test_SI9_another_device_has_the_same_paper_and_the_old_one_is_told_it_was_replaced(room):
    with room.server() as server:
        old = room.device(server.url)
        choose(old, 1, 2)
        expect(old.locator(".mf-q.is-saved")).to_have_count(2)
        server.kill()
    choose(old, 3)  # never acknowledged: stays on the old device
    with room.server() as server:
        expect(old.locator(".mf-q.is-saved")).to_have_count(3)
        new = room.device(server.url)
        new.click("main form button[type=submit]")
        expect(new.locator(".mf-q.is-saved")).to_have_count(3)
        assert new.locator(".mf-q .stem").all_inner_texts() == old.locator(".mf-q .stem").all_inner_texts()
        assert new.locator(".mf-opt").all_inner_texts() == old.locator(".mf-opt").all_inner_texts()
        assert chosen(new) == chosen(old)
        expect(old.locator("#offline")).to_contain_text("另一台设备")
        expect(old.locator(".mf-q input:enabled")).to_have_count(0)
        assert room.stored()[0] == 2


def test_AL5_nothing_of_the_paper_stays_in_the_browser_after_handing_in_or_signing_out(room):
    with room.server() as server:
        page = room.device(server.url)
        kept_for_reload(page)
        choose(page, 1)
        expect(page.locator(".mf-q.is-saved")).to_have_count(1)
        address = page.url
        assert page.evaluate(KEPT) != []
        page.goto("/me/")
        page.locator("button[form='leave']").first.evaluate("button => button.click()")
        page.wait_for_url("**/login/**")
        page.wait_for_function(f"async () => JSON.stringify(await ({LEFT})()) === '[[],[],0]'")
        page.goto(address)
        expect(page).to_have_url(re.compile("/login/"))
        page = room.device(server.url)
        page.click("main form button[type=submit]")
        kept_for_reload(page)
        page.locator(".mf-exambar .hand").evaluate("button => button.click()")
        page.click("#handin")
        page.wait_for_url("**/result/")
        page.wait_for_function("async () => (await caches.keys()).length === 0")
        page.wait_for_function(EMPTY)


def test_a_copy_of_the_paper_is_not_shown_while_the_server_says_something_else(room):
    with room.server() as server:
        page = room.device(server.url)
        kept_for_reload(page)
        address = page.url
        page.context.clear_cookies()
        page.goto(address)
        expect(page).to_have_url(re.compile("/login/"))
        page.wait_for_function("async () => (await caches.keys()).length === 0")


def test_SI9_the_browser_is_killed_the_moment_it_says_kept_and_the_answer_is_there_again(room, tmp_path):
    with room.server() as server:
        with room.profile(tmp_path) as (context, _):
            room.open(context, server.url)  # closed in order: from now on this browser is known
        with room.profile(tmp_path) as (context, kill):
            page = room.open(context, server.url)
            choose(page, 1)
            expect(page.locator(".mf-q.is-saved")).to_have_count(1)
            server.kill()
            choose(page, 2, 3)
            choose(page, 3, option=1)
            expect(page.locator("#q2.is-pending")).to_contain_text("已暂存在本机")
            expect(page.locator("#q3.is-pending")).to_contain_text("已暂存在本机")
            shown = chosen(page)
            kill()
    with room.server() as server, room.profile(tmp_path) as (context, _):
        page = room.open(context, server.url)
        expect(page.locator(".mf-q.is-saved")).to_have_count(3)
        assert chosen(page) == shown
        assert sorted(room.stored()[1]) == [0, 1, 2]


COPY = "async () => { const [kept] = await caches.keys(); return %s }"


def test_the_copy_brought_back_offline_has_the_content_policy_of_the_page(room):
    with room.server() as server:
        page = room.device(server.url)
        kept_for_reload(page)
        policy = page.request.get(page.url).headers["content-security-policy"]
        copy = page.evaluate(COPY % "(await caches.match(location.pathname)).headers.get('Content-Security-Policy')")
        assert (copy, "default-src 'none'" in policy or "default-src 'self'" in policy) == (policy, True)


class BadGateway(BaseHTTPRequestHandler):
    """What a proxy says while the server behind it is away."""

    def do_GET(self):
        self.send_error(502)

    do_POST = do_GET

    def log_message(self, *_):
        pass


class NoAnswer(BadGateway):
    """A line that hangs: taken, and never answered."""

    def do_GET(self):
        self.server.over.wait()

    do_POST = do_GET


@contextmanager
def instead(port, handler):
    """Somebody else answers where the server was."""
    server = ThreadingHTTPServer(("127.0.0.1", int(port)), handler)
    server.daemon_threads, server.over = True, threading.Event()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield
    server.over.set()
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("handler", [BadGateway, NoAnswer])
def test_SI9_a_reload_behind_a_proxy_without_server_or_on_a_hanging_line_brings_the_paper_back(room, handler):
    with room.server() as server:
        page = room.device(server.url)
        kept_for_reload(page)
        choose(page, 1)
        expect(page.locator(".mf-q.is-saved")).to_have_count(1)
        server.kill()
    with instead(room.port, handler):
        choose(page, 2)
        page.reload(wait_until="commit")
        expect(page.locator(".mf-q input:checked")).to_have_count(2)
        expect(page.locator("#q2.is-pending")).to_have_count(1)
    with room.server():
        expect(page.locator(".mf-q.is-saved")).to_have_count(2)
