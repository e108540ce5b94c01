"""run.py screenshots: the pictures of the README, of real pages with the demo district, on data of their own."""
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

ROOT = Path(__file__).resolve().parent.parent
OUT = ROOT / "docs" / "screenshots"
STARTED = re.compile(r"明法已启动：(http://\S+?)/?$")
PHONE, DESK, HALL = (390, 844), (1440, 900), (1920, 1080)
# (file, account, path, size); "paper" and "article" are reached by clicking like a reader.
SHOTS = (
    ("tasks-phone", "demo-cadre", "/me/", PHONE),
    ("law", None, "article", DESK),
    ("lesson", "demo-cadre", "lesson", DESK),
    ("paper-phone", "demo-cadre", "paper", PHONE),
    ("board", "demo-leader", "/board/", DESK),
    ("exam-setup", "demo-setter", "/exams/1/manage/", DESK),
    ("live-console", "demo-trainer", "console", DESK),
    ("live-venue", "demo-trainer", "venue", HALL),
    ("live-phone", "demo-cadre", "room", PHONE),
)
# A class of this length; the pictures are taken where its script asks the first question.
MINUTES, MOMENT = 4, "投票：一道单选"


def main() -> int:
    OUT.mkdir(exist_ok=True)
    browser = os.environ.get("MINGFA_BROWSER", "/usr/bin/chromium")
    with tempfile.TemporaryDirectory() as data:
        env = {**os.environ, "MINGFA_DATA": data}
        command = [sys.executable, "manage.py", "serve", "--port", "0"]
        server = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
        try:
            base = next(found[1] for line in server.stdout if (found := STARTED.search(line.rstrip())))
            password = json.loads((Path(data) / "demo-accounts.json").read_text("utf-8"))["password"]
            with sync_playwright() as playwright:
                chromium = playwright.chromium.launch(executable_path=browser, args=["--no-sandbox", "--disable-gpu"])
                for shot in SHOTS:
                    if shot[0] == "live-console":
                        teach(base, env)
                    take(chromium, base, password, *shot)
        finally:
            for process in CLASSES:
                process.terminate()
                process.wait(30)
            server.terminate()
            server.wait(30)
    total = sum(path.stat().st_size for path in OUT.glob("*.png"))
    print(f"{len(SHOTS)} 张图，共 {total / 1e6:.2f} MB，在 {OUT.relative_to(ROOT)}/")
    return 0


def take(chromium, base: str, password: str, name: str, account: str | None, path: str, size: tuple[int, int]) -> None:
    page = chromium.new_page(viewport={"width": size[0], "height": size[1]}, base_url=base, locale="zh-CN")
    if account:
        page.goto("/login/")
        page.fill("input[name=login]", account)
        page.fill("input[name=password]", password)
        page.click("main button[type=submit]")
        page.wait_for_url("**/me/")
    WAYS.get(path, lambda page: page.goto(path))(page)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=OUT / f"{name}.png")
    page.close()
    print(f"  {name}.png", flush=True)


def teach(base: str, env: dict) -> None:
    """Begin a demo class and wait until it is worth a picture."""
    command = [sys.executable, "manage.py", "demo_training", "--url", base, "--minutes", str(MINUTES)]
    process = subprocess.Popen(command, cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)
    CLASSES.append(process)
    for line in process.stdout:
        if MOMENT in line:
            time.sleep(5)  # for the first answers
            return


def open_live(screen: str):
    """The way to the demo class in the list."""

    def go(page) -> None:
        page.goto("/live/")
        row = page.locator("main tr", has_text="演示课").first
        way_in = row.locator("a:text('控制台'), a:text('进入')").first.get_attribute("href")
        number = way_in.split("/")[2]
        page.goto(f"/live/{number}/{'console' if screen == 'venue' else screen}/")
        if screen == "venue":
            data = json.loads(page.locator("#room-data").text_content())
            page.goto(f"/live/{number}/venue/{min(map(int, data['names']))}/")
        page.locator("#line").wait_for()

    return go


def open_article(page) -> None:
    page.goto("/laws/?q=行政复议法 20")
    page.locator("main a[href*='/20/']").first.click()


def open_lesson(page) -> None:
    page.goto("/courses/")
    page.locator("main a[href^='/courses/']").first.click()
    page.locator("main a[href^='/courses/']:has-text('学习'), main ol a, main li a").first.click()


def open_paper(page) -> None:
    page.goto("/exams/1/")
    for box in page.locator("main form input[type=checkbox]").all():
        box.check()
    page.click("main form button[type=submit]")
    page.wait_for_url("**/sittings/*/")
    for place in (0, 1):
        page.locator(".mf-q").nth(place).locator("label").nth(1).click()
    page.locator(".mf-q.is-saved").nth(1).wait_for()
    page.evaluate("window.scrollTo(0, 0)")


CLASSES: list[subprocess.Popen] = []
WAYS = {"article": open_article, "lesson": open_lesson, "paper": open_paper}
WAYS |= {screen: open_live(screen) for screen in ("console", "venue", "room")}

if __name__ == "__main__":
    sys.exit(main())
