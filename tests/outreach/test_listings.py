"""The lists of outreach as Excel: what the page shows, with source and digest, and a line in the log."""
import io
import uuid
from datetime import date

import openpyxl
import pytest
import time_machine
from django.urls import reverse
from mingfa.people.models import Role
from wagtail.models import ModelLogEntry

from outreach.models import Activity

from .scene import NOW, browser, build


@pytest.fixture
def scene(db):
    with time_machine.travel(NOW, tick=False):
        yield build()


def rows_of(user, name, *args, **query):
    response = browser(user).get(reverse(name, args=args), query)
    assert response.status_code == 200
    page = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert page.auto_filter.ref.startswith("A2:")
    rows = [[cell.value for cell in row] for row in page.iter_rows()]
    assert "SHA-256" in rows[-1][0]
    return rows[1:-2]


def activity(scene, name="老街集市宣传", **more):
    return Activity.objects.create(
        name=name, unit=scene.town, year=2026, held_on=date(2026, 12, 4), key=uuid.uuid4(), by=scene.towner, recorded_at=NOW,
        state="recorded", form="stall", audience=120, consulted=4, spot="老街集市", staff="邓小满", **more,
    )  # fmt: skip


def test_activities_go_out_with_how_their_heads_were_found(scene):
    activity(scene)
    activity(scene, "=逐人清点的", is_counted=True)
    rows = rows_of(scene.keeper, "outreach:activities_xlsx")
    named = {row[1]: dict(zip(rows[0], row, strict=True)) for row in rows[1:]}
    assert set(named) == {"老街集市宣传", "=逐人清点的"}
    told = [named["老街集市宣传"][name] for name in ("活动形式", "受众人数", "人数怎样来的")]
    assert told == ["集中宣传", 120, "现场估计"]
    assert named["=逐人清点的"]["人数怎样来的"] == "逐人清点"


def test_another_period_and_another_town_have_their_own(scene):
    activity(scene)
    assert len(rows_of(scene.keeper, "outreach:activities_xlsx", period="2025")) == 1
    assert len(rows_of(scene.keeper, "outreach:activities_xlsx", place=scene.other.pk)) == 1
    assert len(rows_of(scene.keeper, "outreach:activities_xlsx", place=scene.town.pk)) == 2


def test_the_figures_are_those_of_the_page(scene):
    activity(scene)
    rows = rows_of(scene.keeper, "outreach:figures_xlsx")
    assert ["宣传活动场次", 1] in [row[:2] for row in rows]
    assert [row for row in rows[1:] if row[4] == "%" and row[1] not in ("—",) and row[3] is None] == []


def test_the_lines_behind_a_total_add_up_to_it(scene):
    batch = scene.batch(500)
    scene.send(batch, 200)
    scene.give(batch, 30, place=scene.town)
    scene.give(batch, 12, place=scene.town, spot="敬老院")
    rows = rows_of(scene.keeper, "outreach:lines_xlsx", "handed")
    assert sorted(row[4] for row in rows[1:]) == [12, 30]
    assert rows[1][1] == "宪法单行本"


@pytest.mark.parametrize("name", ["activities_xlsx", "campaigns_xlsx", "figures_xlsx"])
def test_every_download_leaves_a_line_and_nobody_else_gets_it(scene, name):
    address = reverse(f"outreach:{name}")
    assert browser(scene.keeper).get(address).status_code == 200
    assert ModelLogEntry.objects.get(action="outreach.export_list").user == scene.keeper
    for user in (scene.person("学员", scene.town), scene.person("出题", scene.town, Role.SETTER)):
        assert browser(user).get(address).status_code == 403


def test_what_is_no_account_and_no_material_is_not_found(scene):
    client = browser(scene.keeper)
    assert client.get(reverse("outreach:lines_xlsx", args=["nothing"])).status_code == 404
    assert client.get(reverse("outreach:lines_xlsx", args=["handed"]), {"material": "999"}).status_code == 404


def test_the_list_of_public_pages_is_for_its_writers_and_reviewers(scene):
    assert rows_of(scene.keeper, "publishing:pages_xlsx")[0][0] == "页面"
    assert browser(scene.person("学员", scene.town)).get(reverse("publishing:pages_xlsx")).status_code == 404


def test_campaigns_go_out_with_planned_and_held(scene):
    assert rows_of(scene.keeper, "outreach:campaigns_xlsx")[0][4:6] == ["计划场次", "办了"]
