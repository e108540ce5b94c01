"""An activity recorded where there is no line, in a real Chromium of a phone's size."""
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from outreach import actions
from outreach.models import Activity, Line, Photo, Stock

from . import scene as scenes
from .pictures import is_plain, photo
from .scene import browser
from .test_activities_views import filled
from .test_browser import PASSWORD, sign_in

pytestmark = pytest.mark.django_db(transaction=True)
NEW = "/outreach/activities/new/"
BLOCK = "one => Array.from(one.getContext('2d').getImageData(100, 100, 500, 500).data).join()"


@pytest.fixture
def scene(transactional_db, settings, tmp_path):
    """A township with three materials, as of today: a browser has its own clock."""
    settings.MEDIA_ROOT = tmp_path
    scene, now = scenes.build(), timezone.now()
    words = {"day": timezone.localdate(now), "by": scene.keeper, "now": now}
    for name in ("宪法单行本", "复议折页", "调解手册"):
        got = actions.receive_print(scene.material(name), label="第 1 批", place=scene.district, quantity=800, **words)
        batch = got.lines.first().batch
        actions.transfer_stock(batch, place=scene.district, to=scene.town, quantity=300, **words)
    for person in (scene.towner, scene.keeper):
        person.username, person.must_change_password = f"user{person.pk}", False
        person.set_password(PASSWORD)
        person.save()
    return scene


def fill(page, name):
    page.fill("#id_name", name)
    page.fill("#id_spot", "老街集市")
    page.fill("#id_audience", "260")
    for place, number in enumerate((120, 80, 30)):
        if place:
            page.get_by_role("button", name="再加一种").click()
        page.locator(f"#id_handed-{place}-stock").select_option(index=place + 1)
        page.fill(f"#id_handed-{place}-quantity", str(number))


def add_photos(page):
    files = [
        {"name": f"IMG_{number}.jpg", "mimeType": "image/jpeg", "buffer": photo(colour)}
        for number, colour in enumerate(("#7c8288", "#d9d4c6"))
    ]
    page.set_input_files("#id_photos", files)
    expect(page.locator("canvas")).to_have_count(2)


def cover_a_face(page):
    """Draw a rectangle over part of the first photo; what was there is gone."""
    before = page.locator("canvas").first.evaluate(BLOCK)
    page.get_by_role("button", name="在这张照片上打码").first.click()
    canvas = page.locator("canvas").first
    canvas.scroll_into_view_if_needed()
    box = canvas.bounding_box()
    page.mouse.move(box["x"] + box["width"] * 0.05, box["y"] + box["height"] * 0.05)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + box["height"] * 0.6)
    page.mouse.up()
    expect(page.locator("[data-field-photos-word]")).to_contain_text("已打码")
    assert canvas.evaluate(BLOCK) != before


def databases(page):
    return [one["name"] for one in page.evaluate("indexedDB.databases()") if one["name"].startswith("mf-field-")]


def lose_the_first_reply(page):
    """The server gets the first record that is sent, the phone never hears of it."""
    heard = []

    def handle(route):
        if route.request.method != "POST" or heard:
            return route.continue_()
        heard.append(route.fetch().status)
        return route.abort()

    page.route(f"**{NEW}", handle)
    return heard


def test_an_activity_with_three_materials_and_two_photos_recorded_without_a_line_appears_once(scene, new_page):
    page = new_page(width=390, height=844)
    new_page.expected += ["ERR_", "service worker"]
    sign_in(page, scene.towner)
    page.goto(NEW)
    expect(page.locator("html[data-mf-kept]")).to_have_count(1)
    page.context.set_offline(True)
    page.reload()
    expect(page.locator("[data-field-cut]")).to_be_visible(timeout=30000)
    fill(page, "赶集日宪法宣传")
    add_photos(page)
    cover_a_face(page)
    page.click("main form[data-field] button[type=submit]")
    row = page.locator("[data-field-queue] li")
    expect(row).to_contain_text("未发送，已存在本机")
    page.reload()
    expect(row).to_contain_text("赶集日宪法宣传")
    assert not Activity.objects.exists()

    heard = lose_the_first_reply(page)
    page.context.set_offline(False)
    expect(row).to_contain_text("已送达")
    assert heard == [200]
    activity = Activity.objects.get()
    assert (activity.name, activity.unit, activity.state, activity.by) == ("赶集日宪法宣传", scene.town, "recorded", scene.towner)
    handed = Line.objects.filter(movement__activity=activity, account="handed").values_list("quantity", flat=True)
    assert sorted(handed) == [30, 80, 120]
    assert sorted(Stock.objects.filter(place=scene.town).values_list("balance", flat=True)) == [180, 220, 270]
    photos = Photo.objects.filter(activity=activity)
    assert [(one.width, one.height) for one in photos] == [(1600, 1200), (1600, 1200)]
    assert all(is_plain(Path(one.file.path).read_bytes()) for one in photos)
    page.unroute(f"**{NEW}")
    page.goto(f"/outreach/activities/{activity.pk}/")
    expect(page.locator("main img")).to_have_count(2)


def test_what_is_typed_is_there_again_when_the_phone_threw_the_page_away(scene, new_page):
    page = new_page(width=390, height=844)
    sign_in(page, scene.towner)
    page.goto(NEW)
    fill(page, "没写完的活动")
    expect(page.locator("[data-field-draft]")).to_contain_text("草稿")
    page.reload()
    assert page.input_value("#id_name") == "没写完的活动"
    assert page.input_value("#id_handed-2-quantity") == "30"
    expect(page.locator("[data-field-draft]")).to_contain_text("接着上次写")
    page.click("main form[data-field] button[type=submit]")
    expect(page.locator("h1")).to_have_text("没写完的活动")
    page.goto(NEW)
    assert page.input_value("#id_name") == ""


def kept_offline(page, name):
    """A record saved without a line; it waits in the browser."""
    expect(page.locator("html[data-mf-kept]")).to_have_count(1)
    page.context.set_offline(True)
    page.reload()
    fill(page, name)
    page.click("main form[data-field] button[type=submit]")
    expect(page.locator("[data-field-queue] li")).to_contain_text("未发送")


def line_is_back(page):
    """What the browser tells the worker once there is a line again (Background Sync)."""
    seen, control = [], page.context.new_cdp_session(page)
    control.on("ServiceWorker.workerRegistrationUpdated", lambda told: seen.extend(told["registrations"]))
    control.send("ServiceWorker.enable")
    page.wait_for_function("() => navigator.serviceWorker.getRegistration('/outreach/activities/new/')")
    while not (mine := [one for one in seen if one["scopeURL"].endswith(NEW)]):
        page.evaluate("null")  # what the browser tells comes in while we talk to it
    registration = mine[0]
    origin = registration["scopeURL"].removesuffix(NEW)
    sync = {"origin": origin, "registrationId": registration["registrationId"], "tag": "mf-field", "lastChance": False}
    control.send("ServiceWorker.dispatchSyncEvent", sync)


def test_a_record_that_waits_is_sent_when_the_line_is_back_with_its_page_closed(scene, new_page):
    page = new_page(width=390, height=844)
    new_page.expected += ["ERR_", "service worker"]
    sign_in(page, scene.towner)
    page.goto(NEW)
    home = page.url.removesuffix(NEW)
    kept_offline(page, "赶集日宪法宣传")
    assert not Activity.objects.exists()
    page.goto("about:blank")  # the form is closed; its worker is not
    page.context.set_offline(False)
    page.goto(f"{home}/outreach/")
    line_is_back(page)
    page.wait_for_function(
        """() => new Promise(done => { const asked = indexedDB.open(localStorage.getItem('mf-person') && 'mf-field-' +
        localStorage.getItem('mf-person')); asked.onsuccess = () => { const all = asked.result.transaction('records')
        .objectStore('records').count(); all.onsuccess = () => { asked.result.close(); done(all.result === 0); }; }; })""",
    )
    activity = Activity.objects.get()
    assert (activity.name, activity.unit, activity.by) == ("赶集日宪法宣传", scene.town, scene.towner)
    # Sent without any page: nothing waits, so leaving warns of nothing and sends nothing again.
    page.evaluate("document.getElementById('leave').requestSubmit()")
    page.wait_for_url("**/login/")
    assert databases(page) == []
    assert Activity.objects.count() == 1


def test_PR3_a_record_that_waits_is_never_sent_under_the_name_of_somebody_else(scene):
    """Another one signed in meanwhile: the server refuses what says whose it is."""
    keeper, today = browser(scene.keeper), f"{timezone.localdate():%Y-%m-%d}"
    sent = {"headers": {"accept": "application/json", "x-mingfa-person": str(scene.towner.pk)}}
    assert keeper.post(NEW, filled(keeper, scene, held_on=today), **sent).status_code == 403
    assert not Activity.objects.exists()
    sent["headers"]["x-mingfa-person"] = str(scene.keeper.pk)
    assert keeper.post(NEW, filled(keeper, scene, held_on=today), **sent).status_code == 200


def test_PR3_what_waits_is_told_before_signing_out_and_gone_afterwards(scene, new_page):
    page = new_page(width=390, height=844)
    new_page.expected += ["ERR_", "service worker", "503"]
    sign_in(page, scene.towner)
    page.goto(NEW)
    expect(page.locator("html[data-mf-kept]")).to_have_count(1)
    page.route(f"**{NEW}", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    fill(page, "院坝会")
    page.click("main form[data-field] button[type=submit]")
    expect(page.locator("[data-field-queue] li")).to_contain_text("未发送")
    assert len(databases(page)) == 1
    leave = "document.getElementById('leave').requestSubmit()"
    page.evaluate(leave)
    expect(page.locator("main [role=alert]").first).to_contain_text("还有 1 份活动记录没有发送")
    page.evaluate(leave)
    page.wait_for_url("**/login/")
    assert databases(page) == []
    assert page.evaluate("caches.keys()") == []
    assert not Activity.objects.exists()
