"""The ledger's pages, as 宣传员 of a district and of a township, a leader and strangers meet them."""
import re
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from mingfa.people.models import Role
from mingfa.periods import Year

from outreach import actions, queries
from outreach.engine.ledger import Account
from outreach.models import Material, Movement, Stock

from .scene import DAY, NOW, browser


@pytest.fixture(autouse=True)
def _today():
    """The pages' own clock stands on the day of the scene."""
    with time_machine.travel(NOW, tick=False):
        yield


def text(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def form_of(client, kind, **data):
    """What the page of one 事项 would send: the key that it was given, and `data`."""
    page = client.get(reverse("outreach:record", args=[kind])).content.decode()
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    return {"key": key, "day": f"{DAY:%Y-%m-%d}", "note": "", **data}


def record(client, kind, **data):
    return client.post(reverse("outreach:record", args=[kind]), form_of(client, kind, **data), follow=True)


def stock(batch, place):
    return Stock.objects.get(batch=batch, place=place)


ADDRESSES = ["/outreach/materials/", "/outreach/materials/new/", "/outreach/entries/new/hand_out/",
             "/outreach/materials/lines/handed/"]  # fmt: skip


@pytest.mark.parametrize("address", ADDRESSES)
def test_AZ1_visitors_are_sent_to_the_door_and_people_without_the_role_are_told(scene, client, address):
    assert client.get(address).status_code == 302
    cadre = browser(scene.person("陈志远", scene.town))
    answer = cadre.get(address)
    assert answer.status_code == 403
    assert "宣传员" in text(answer)


def test_material_arrives_is_sent_and_handed_out_through_the_pages(scene):
    keeper, towner = browser(scene.keeper), browser(scene.towner)
    answer = keeper.post(
        reverse("outreach:material_new"), {"name": "宪法 单行本", "category": "statute", "size": "", "low_at": 100}, follow=True
    )
    assert "已建立“宪法 单行本”" in text(answer)
    material = Material.objects.get()
    answer = record(keeper, "receive", material=material.pk, label="第 1 批", place=scene.district.pk, quantity=5000)
    assert "已登记入库：宪法 单行本，区库结存 5,000 份" in text(answer)
    batch = material.batches.get()
    record(keeper, "transfer", stock=stock(batch, scene.district).pk, to=scene.town.pk, quantity=300)
    answer = record(towner, "hand_out", stock=stock(batch, scene.town).pk, quantity=120, spot="老街集市")
    assert "已登记发放：宪法 单行本，澄溪镇结存 180 份" in text(answer)
    assert "区库 → 澄溪镇" in text(answer)


def test_what_is_not_there_is_refused_with_the_number_that_is(scene):
    batch = scene.batch(material=scene.material("折页", "leaflet"))
    scene.send(batch, 65)
    answer = record(browser(scene.towner), "hand_out", stock=stock(batch, scene.town).pk, quantity=80, spot="集市")
    assert answer.status_code == 422
    assert "“折页”在澄溪镇只有 65 份，不能出 80 份。改成 65 份以内，或先登记入库、调入" in text(answer)
    assert 'value="80"' in answer.content.decode()


def test_a_township_sees_and_moves_its_own_only(scene):
    batch = scene.batch(1000)
    scene.send(batch, 300)
    scene.send(batch, 200, to=scene.other)
    towner = browser(scene.towner)
    page = text(towner.get(reverse("outreach:material", args=[batch.material_id])))
    assert "柳汀湾镇" not in page
    assert "区库 → 澄溪镇" in page
    assert "800" not in text(towner.get("/outreach/materials/"))
    for kind, data in [
        ("hand_out", {"stock": stock(batch, scene.other).pk, "quantity": 1, "spot": "集市"}),
        ("transfer", {"stock": stock(batch, scene.town).pk, "to": scene.other.pk, "quantity": 1}),
        ("receive", {"material": batch.material_id, "label": "第 2 批", "place": scene.other.pk, "quantity": 1}),
        ("count", {"batch": batch.pk, "place": scene.district.pk, "counted": 0}),
    ]:
        assert record(towner, kind, **data).status_code == 422
    assert towner.get("/outreach/materials/", {"place": scene.other.pk}).status_code == 404
    transfer = Movement.objects.filter(kind="transfer").first()
    assert towner.post(reverse("outreach:reverse", args=[transfer.pk]), {"note": "x"}).status_code == 403
    elsewhere = Movement.objects.filter(kind="transfer").last()
    assert towner.post(reverse("outreach:reverse", args=[elsewhere.pk]), {"note": "x"}).status_code == 404
    assert towner.get(reverse("outreach:material_edit", args=[batch.material_id])).status_code == 404
    assert Movement.objects.count() == 3


def test_a_leader_reads_and_writes_nothing(scene):
    batch = scene.batch(1000)
    leader = browser(scene.person("唐守正", scene.district, Role.LEADER))
    page = text(leader.get(reverse("outreach:material", args=[batch.material_id])))
    assert "区库" in page
    assert "登记</a>" not in leader.get("/outreach/materials/").content.decode()
    assert leader.get(reverse("outreach:record", args=["hand_out"])).status_code == 403
    assert leader.post(reverse("outreach:reverse", args=[Movement.objects.get().pk]), {"note": "x"}).status_code == 403


def test_a_correction_names_what_it_corrects_and_is_offered_once(scene):
    batch = scene.batch(1000)
    wrong = scene.give(batch, 40, place=scene.district)
    keeper = browser(scene.keeper)
    address = reverse("outreach:reverse", args=[wrong.pk])
    assert address in keeper.get(reverse("outreach:material", args=[batch.material_id])).content.decode()
    assert "请写明原因" in text(keeper.post(address, {"note": " "}))
    page = keeper.post(address, {"note": "多记 40"}, follow=True)
    assert "冲 12 月 4 日的发放，多记 40" in text(page)
    assert address not in page.content.decode()
    assert "已经冲正过" in text(keeper.post(address, {"note": "再冲"}))


def test_every_total_opens_into_lines_that_add_up_to_it(scene):
    batch = scene.batch(5000)
    second = scene.batch(300, material=scene.material("折页", "leaflet"))
    scene.send(batch, 300)
    wrong = scene.give(batch, 120)
    scene.give(batch, 100)
    actions.reverse_movement(wrong, note="错", by=scene.towner, now=NOW)
    scene.give(second, 30, place=scene.district)
    keeper = browser(scene.keeper)
    page = keeper.get("/outreach/materials/").content.decode()
    total = re.search(r"<tfoot>.*?</tfoot>", page, re.S)[0]
    assert re.findall(r'/lines/(\w+)/[^"]*">([\d,]+)</a>', total) == [
        ("printed", "5,300"), ("handed", "130"), ("stock", "5,170"),
    ]  # fmt: skip
    for account, number in [("printed", "5,300"), ("handed", "130"), ("stock", "5,170")]:
        behind = keeper.get(f"/outreach/materials/lines/{account}/")
        shown = [int(one.replace(",", "").replace("−", "-")) for one in
                 re.findall(r'<td class="n fw-bold">([−\d,]+)</td>', behind.content.decode())]  # fmt: skip
        assert sum(shown) == int(number.replace(",", ""))
        assert f"{number}" in text(behind)


def test_places_and_materials_come_to_the_same(scene):
    batch = scene.batch(5000)
    scene.send(batch, 300)
    scene.send(batch, 100, to=scene.other)
    scene.give(batch, 50)
    places = queries.places_read_by(scene.keeper)
    period = Year(2026)
    by_material = queries.totals_by_material(places, period)
    by_place = queries.totals_by_place(batch.material, places, period)
    assert queries.sum_of(by_place) == by_material[0].totals
    assert [(row.subject.name, row.totals.stock) for row in by_place] == [("嘉禾区", 4600), ("澄溪镇", 250), ("柳汀湾镇", 100)]
    lines = queries.lines_behind(places, period, account=Account.STOCK)
    assert queries.sum_shown(lines) == by_material[0].totals.stock


def test_a_period_begins_with_what_was_there_before(scene):
    batch = scene.batch(1000, day=date(2025, 6, 1))
    scene.give(batch, 100, place=scene.district, day=date(2025, 12, 4))
    scene.give(batch, 50, place=scene.district)
    places = queries.places_read_by(scene.keeper)
    (row,) = queries.totals_by_material(places, Year(2026))
    assert (row.totals.opening, row.totals.printed, row.totals.handed, row.totals.stock) == (900, 0, 50, 850)
    (row,) = queries.totals_by_material(places, Year(2025))
    assert (row.totals.opening, row.totals.printed, row.totals.handed, row.totals.stock) == (0, 1000, 100, 900)


def test_the_report_sentence_rounds_with_yu_and_keeps_the_exact_number(scene):
    batch = scene.batch(10000)
    scene.give(batch, 6137, place=scene.district)
    goods = scene.batch(800, material=scene.material("环保袋", "goods"))
    scene.give(goods, 700, place=scene.district)
    page = text(browser(scene.keeper).get("/outreach/materials/"))
    assert "纸质资料 1 种，共发放 6100余份 （6,137 份，取前两位）" in page


def test_what_runs_low_says_so_in_words(scene):
    batch = scene.batch(800, material=scene.material("环保袋", "goods", low_at=30))
    scene.give(batch, 770, place=scene.district)
    keeper = browser(scene.keeper)
    assert "快发完" in text(keeper.get("/outreach/materials/"))
    scene.give(batch, 30, place=scene.district)
    assert "已发完" in text(keeper.get("/outreach/materials/"))


def test_PR4_an_identity_number_in_a_note_is_warned_of_before_anything_is_saved(scene):
    batch = scene.batch(100)
    keeper = browser(scene.keeper)
    data = {"stock": stock(batch, scene.district).pk, "quantity": 1, "spot": "集市", "note": "交给 11010519491231002X 代领"}
    answer = record(keeper, "hand_out", **data)
    assert answer.status_code == 422
    assert "这里像是有身份证号" in text(answer)
    assert 'type="checkbox" name="numbers_checked"' in answer.content.decode()
    assert Movement.objects.count() == 1
    assert record(keeper, "hand_out", **data, numbers_checked="on").status_code == 200
    assert Movement.objects.count() == 2


def test_CM1_a_script_in_a_name_or_a_note_stays_text(scene):
    material = scene.material("<script>alert(1)</script>")
    batch = scene.batch(100, material=material)
    scene.give(batch, 1, place=scene.district, spot="<img src=x onerror=1>", note="<b>粗</b>")
    keeper = browser(scene.keeper)
    for address in ("/outreach/materials/", reverse("outreach:material", args=[material.pk]),
                    "/outreach/materials/lines/handed/", reverse("outreach:record", args=["hand_out"])):  # fmt: skip
        page = keeper.get(address).content.decode()
        assert "<script>alert" not in page
        assert "<img src=x" not in page
        assert "<b>粗" not in page


@pytest.mark.parametrize("address", ["/outreach/materials/", "/outreach/materials/lines/stock/", "/outreach/materials/%s/"])
def test_a_list_asks_the_database_the_same_with_1_and_30_rows(scene, address):
    first = scene.batch(1000)
    keeper = browser(scene.keeper)
    address = address % first.material_id if "%s" in address else address
    keeper.get(address)
    with CaptureQueriesContext(connection) as few:
        keeper.get(address)
    for number in range(29):
        scene.batch(10, material=scene.material(f"资料{number}"))
        scene.send(first, 5)
    with CaptureQueriesContext(connection) as many:
        keeper.get(address)
    assert len(many) == len(few)


@pytest.mark.parametrize(
    "address",
    ["/outreach/materials/lines/nothing/", "/outreach/entries/new/nothing/", "/outreach/entries/99999999999999999999/reverse/",
     "/outreach/materials/99999999/"],
)  # fmt: skip
def test_what_does_not_exist_is_not_found(scene, address):
    assert browser(scene.keeper).get(address).status_code == 404


@pytest.mark.parametrize("query", ["?period=x", "?period=9999", "?page=x", "?material=x", "?period=2026-Q9"])
def test_a_made_up_address_is_no_error(scene, query):
    scene.batch(1)
    for address in ("/outreach/materials/", "/outreach/materials/lines/handed/"):
        assert browser(scene.keeper).get(address + query).status_code == 200
