"""操作日志 for audit administrators."""
import io
from datetime import UTC, datetime

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from mingfa.operations import health, journal, views
from mingfa.people.models import Role, RoleGrant, User
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from tests.courses import scene as scenes
from tests.exported import table

# 23:30 and 0:30 in Beijing.
EVENING, NIGHT = datetime(2026, 9, 16, 15, 30, tzinfo=UTC), datetime(2026, 9, 16, 16, 30, tzinfo=UTC)


@pytest.fixture
def scene(db):
    return scenes.build()


@pytest.fixture
def auditor(scene):
    return given(scene, Role.AUDIT_ADMIN)


def given(scene, role) -> User:
    user = scene.person()
    RoleGrant.objects.create(user=user, role=role, unit=user.current_posting.unit.get_root())
    return User.objects.get(pk=user.pk)


@pytest.fixture
def done(scene):
    """Two people, each with one line."""
    first, second = scene.person(), scene.person()
    User.objects.filter(pk=first.pk).update(name="甲某一")
    User.objects.filter(pk=second.pk).update(name="乙某二")
    log(first, "people.disable_account", user=first, timestamp=EVENING)
    log(second, "people.enable_account", user=second, timestamp=NIGHT)
    return first, second


def found(**asked) -> list[str]:
    rows = journal.lines(**{"who": "", "action": "", "since": None, "until": None, **asked})
    return [entry.words for entry in journal.shown(rows) if entry.who.startswith(("甲某一", "乙某二"))]


@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.AUDIT_ADMIN}))
def test_nobody_else_reads_the_log(client, scene, role):
    client.force_login(given(scene, role))
    assert client.get("/operations/log/").status_code == 403


def test_visitors_are_sent_to_sign_in(client, db):
    assert client.get("/operations/log/").url == "/login/?next=/operations/log/"


def test_an_auditor_finds_it_from_the_admin_and_the_start_page(client, auditor, done):
    client.force_login(auditor)
    assert "/operations/log/" in client.get("/admin/").content.decode()
    assert 'href="/operations/log/"' in client.get("/me/").content.decode()
    assert "甲某一" in client.get("/operations/log/?who=甲某一").content.decode()


def test_the_latest_stands_first(done):
    assert found() == ["启用账号", "停用账号"]


def test_it_is_searched_by_person_action_and_day_of_beijing(done):
    assert found(who="乙某") == ["启用账号"]
    assert found(action="people.disable_account") == ["停用账号"]
    assert found(since=datetime(2026, 9, 17).date()) == ["启用账号"]
    assert found(until=datetime(2026, 9, 16).date()) == ["停用账号"]


@pytest.mark.parametrize("asked", ["since=x", "action=none", "until=2026-99-99", "who=" + "长" * 60])
def test_what_cannot_be_searched_is_told(client, auditor, asked):
    client.force_login(auditor)
    assert client.get(f"/operations/log/?{asked}").status_code == 422


def test_1_and_30_lines_cost_the_same(client, auditor, done):
    client.force_login(auditor)
    def cost():
        client.get("/operations/log/")
        with CaptureQueriesContext(connection) as asked:
            client.get("/operations/log/")
        return len(asked)

    before = cost()
    for _ in range(30):
        log(done[0], "people.enable_account", user=done[1], timestamp=NIGHT)
    assert cost() == before


def test_the_log_goes_out_as_it_was_searched_and_that_is_a_line_itself(client, auditor, done):
    client.force_login(auditor)
    rows = table(client.get("/operations/log.xlsx", {"who": "甲某一"}))
    assert rows[0] == ["时间", "人员", "操作", "对象", "种类"]
    assert [(row[0], row[1].split("（")[0]) for row in rows[1:]] == [(datetime(2026, 9, 16, 23, 30), "甲某一")]
    line = ModelLogEntry.objects.get(action="operations.export_log")
    assert (line.user, line.data) == (auditor, {"rows": 1, "who": "甲某一"})


def test_no_more_lines_go_out_than_a_file_can_hold_and_the_file_says_so(client, auditor, done, monkeypatch):
    monkeypatch.setattr(views, "MOST_LINES", 2)
    client.force_login(auditor)
    response = client.get("/operations/log.xlsx")
    assert len(table(response)) == 3
    assert "最近 2 条" in openpyxl.load_workbook(io.BytesIO(response.content)).active["A1"].value


@pytest.mark.parametrize("address", ["/operations/log.xlsx", "/operations/status.xlsx"])
def test_neither_table_goes_to_anybody_else(client, scene, auditor, address):
    admin = given(scene, Role.SYSTEM_ADMIN)
    client.force_login(admin if "log" in address else auditor)
    assert client.get(address).status_code == 403


def test_the_status_goes_out_line_by_line(client, scene):
    admin = given(scene, Role.SYSTEM_ADMIN)
    client.force_login(admin)
    rows = table(client.get("/operations/status.xlsx"))
    assert [row[0] for row in rows[1:]] == [one.name for one in health.look(datetime.now(UTC))]
    assert ModelLogEntry.objects.get(action="operations.export_status").user == admin
