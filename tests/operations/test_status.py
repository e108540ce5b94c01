"""系统状况 and /healthz."""
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connection
from mingfa.operations import backups, health, restoring, tasks
from mingfa.operations.backups import Result
from mingfa.people.models import Role, RoleGrant, User

from tests.courses import scene as scenes

NOW = datetime(2026, 9, 17, 2, 0, tzinfo=UTC)


@pytest.fixture
def data(settings, tmp_path):
    settings.DATA = tmp_path
    settings.BACKUP_FOLDER = tmp_path / "backups"
    return tmp_path


@pytest.fixture
def holder(db):
    """Function: somebody who holds a role at the top."""
    scene = scenes.build()

    def make(role):
        user = scene.person()
        RoleGrant.objects.create(user=user, role=role, unit=scene.person().current_posting.unit.get_root())
        return User.objects.get(pk=user.pk)

    return make


def line(name, now=NOW) -> health.Line:
    return next(one for one in health.look(now) if one.name == name)


def note(**facts):
    backups._note(Result(**{"at": NOW.isoformat(), "kind": "manual", **facts}))


@pytest.mark.parametrize("address", ["/operations/", "/operations/backup/"])
@pytest.mark.parametrize("role", sorted(set(Role.values) - {Role.SYSTEM_ADMIN}))
def test_only_system_administrators_see_it(client, holder, role, address):
    client.force_login(holder(role))
    ask = client.post if address.endswith("backup/") else client.get
    assert ask(address).status_code == 403


@pytest.mark.parametrize("address", ["/operations/", "/operations/backup/"])
def test_visitors_are_sent_to_sign_in(client, db, address):
    answer = client.post(address) if address.endswith("backup/") else client.get(address)
    assert (answer.status_code, answer.url) == (302, f"/login/?next={address}")


def test_a_system_administrator_finds_it_in_the_admin_and_on_the_start_page(client, holder, data):
    client.force_login(holder(Role.SYSTEM_ADMIN))
    page = client.get("/operations/").content.decode()
    assert [page.count(f'mf-nowrap">{one.name}<') for one in health.look(NOW)] == [1] * 10
    assert "/operations/" in client.get("/admin/").content.decode()
    assert 'href="/operations/"' in client.get("/me/").content.decode()


def test_the_start_page_of_others_says_nothing_of_it(client, holder, data):
    client.force_login(holder(Role.SETTER))
    assert "/operations/" not in client.get("/me/").content.decode()
    assert "/operations/" not in client.get("/admin/").content.decode()


def test_without_a_backup_it_says_how_to_make_one(db, data):
    assert (line("最近备份").fact, "manage backup" in line("最近备份").advice) == ("还没有备份", True)


def test_a_backup_of_today_is_well_and_one_of_three_days_ago_is_not(db, data):
    note(whole_at=NOW.isoformat(), whole_path="/b/x.zip", size=2**20)
    assert line("最近备份").well
    assert "超过两天" in line("最近备份", NOW + timedelta(days=3)).advice


def test_a_backup_that_failed_is_told_beside_the_last_good_one(db, data):
    note(whole_at=NOW.isoformat(), whole_path="/b/x.zip", error="磁盘空间不够")
    assert line("最近备份").fact.endswith("9 月 17 日 10:00")
    assert line("最近备份").advice == "上一次没有备份成：磁盘空间不够"


def test_a_redis_that_is_away_is_told(db, data, settings):
    settings.REDIS_URL = "redis://127.0.0.1:1/0"
    assert (line("Redis").fact, line("Redis").well) == ("没有回应", False)
    settings.REDIS_URL = ""
    assert line("Redis").well


def test_an_unapplied_migration_and_an_unknown_one_are_told(db, data):
    assert line("数据库升级").fact == "已是最新"
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'mingfa' AND name = '0002_chinese_names'")
        assert line("数据库升级").fact == "还有 1 步没有做"
        cursor.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('mingfa', '9999_later', '2030-01-01')")
    assert "旧版本" in line("数据库升级").advice


def test_healthz_answers_anybody_by_any_name_and_tells_nothing(client, db, data):
    answer = client.get("/healthz", headers={"host": "10.1.2.3"})
    assert (answer.status_code, answer.content, answer["Cache-Control"]) == (200, b"ok\n", "no-store")
    assert client.post("/healthz").status_code == 405


def test_healthz_costs_one_statement(client, db, data, django_assert_num_queries):
    with django_assert_num_queries(1):
        client.get("/healthz")


def test_healthz_says_no_while_a_restore_is_cut_off(client, db, data):
    restoring.journal().write_text("[]")
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (503, b"restoring\n")


@pytest.mark.parametrize(("now", "coming"), [
    (datetime(2026, 9, 16, 18, 29, tzinfo=UTC), datetime(2026, 9, 16, 18, 30, tzinfo=UTC)),
    (datetime(2026, 9, 16, 18, 30, tzinfo=UTC), datetime(2026, 9, 17, 18, 30, tzinfo=UTC)),
])  # fmt: skip
def test_the_nightly_backup_is_at_half_past_two_in_beijing(settings, now, coming):
    settings.BACKUP_AT = "02:30"
    assert tasks.next_night(now) == coming


def test_a_night_is_due_once_and_made_up_for_after_a_start(settings):
    settings.BACKUP_AT = "02:30"
    assert tasks.is_due(NOW, None)
    assert tasks.is_due(NOW, NOW - timedelta(hours=8))
    assert not tasks.is_due(NOW, NOW - timedelta(hours=7))


def test_nothing_is_begun_when_nightly_backups_are_off(settings):
    settings.BACKUP_KEEP = 0
    assert tasks.keep_backups.func() is False
