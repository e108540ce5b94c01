"""The settings as the product runs with them."""
import os
import stat
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from wagtail.embeds.embeds import get_finder_for_embed
from wagtail.embeds.exceptions import EmbedUnsupportedProviderException

from tests.servers import ROOT


@pytest.mark.django_db
def test_the_connection_that_saves_is_durable():
    """已保存 must survive a power cut: SQLite syncs every commit, PostgreSQL waits for its log."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            values = [cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("synchronous", "journal_mode")]
            assert values == [2, "wal"]
            assert connection.transaction_mode == "IMMEDIATE"
            assert cursor.execute("PRAGMA busy_timeout").fetchone()[0] == 20_000
        else:
            cursor.execute("SHOW synchronous_commit")
            assert cursor.fetchone()[0] == "on"


def test_the_clock_and_the_language_are_those_of_the_place():
    assert (settings.TIME_ZONE, settings.USE_TZ, settings.LANGUAGE_CODE) == ("Asia/Shanghai", True, "zh-hans")


def test_no_address_is_embedded_from_another_host():
    with pytest.raises(EmbedUnsupportedProviderException):
        get_finder_for_embed("https://www.youtube.com/watch?v=dQw4w9WgXcQ")


def test_the_secret_key_is_made_in_the_data_folder_for_its_owner_only(tmp_path):
    keys = {print_setting("SECRET_KEY", tmp_path) for _ in range(2)}
    assert keys == {(tmp_path / "secret-key").read_text()}
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert len(keys.pop()) >= 50
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret-key"]


def print_setting(name, data, **env):
    """Return a setting as a process of its own sees it."""
    hidden = {"SECRET_KEY", "DATABASE_URL", "REDIS_URL", "DEBUG"}
    clean = {key: value for key, value in os.environ.items() if key not in hidden}
    clean |= {"MINGFA_DATA": str(data), "PYTHONPATH": str(ROOT / "platform"), **env}
    code = f"from mingfa import settings; print(settings.{name})"
    command = [sys.executable, "-c", code]
    return subprocess.run(command, env=clean, check=True, capture_output=True, text=True).stdout.strip()


def test_debug_is_off_unless_asked_for(tmp_path):
    assert print_setting("DEBUG", tmp_path) == "False"
    assert print_setting("DEBUG", tmp_path, DEBUG="1") == "True"


def test_postgresql_and_redis_come_by_environment_alone(tmp_path):
    env = {"DATABASE_URL": "postgres://u:p@db.example/mingfa", "REDIS_URL": "redis://cache.example/1"}
    assert print_setting("DATABASES['default']['ENGINE']", tmp_path, **env) == "mingfa.postgresql"
    assert print_setting("CHANNEL_LAYERS['default']['BACKEND']", tmp_path, **env).endswith("RedisPubSubChannelLayer")


def test_two_installations_on_one_redis_do_not_hear_each_other(tmp_path):
    def prefix(folder):
        (tmp_path / folder).mkdir(exist_ok=True)
        env = {"REDIS_URL": "redis://cache.example/1"}
        return print_setting("CHANNEL_LAYERS['default']['CONFIG']['prefix']", tmp_path / folder, **env)

    assert prefix("one") == prefix("one")
    assert prefix("one") != prefix("other")


def test_OP6_behind_https_the_deployment_check_finds_nothing(tmp_path):
    env = {
        **os.environ,
        "MINGFA_DATA": str(tmp_path),
        "SECRET_KEY": "",
        "ALLOWED_HOSTS": "law.example",
        "CSRF_TRUSTED_ORIGINS": "https://law.example",
        "DJANGO_SETTINGS_MODULE": "mingfa.settings",
    }
    command = [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"]
    done = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.django_db
def test_the_models_have_all_their_migrations():
    call_command("makemigrations", "--check", "--dry-run")


def test_pages_may_load_our_own_files_only(client):
    policy = client.get("/uploads/none.png")["Content-Security-Policy"]
    assert sources(policy)["default-src"] == "'self'"
    assert sources(policy)["frame-ancestors"] == "'none'"
    assert "unsafe" not in policy


def test_the_looser_policy_holds_only_below_admin(db, client):
    assert sources(client.get("/admin/login/")["Content-Security-Policy"])["script-src"] == "'self' 'unsafe-inline'"
    assert "unsafe" not in client.get("/administration/")["Content-Security-Policy"]


def sources(policy):
    return dict(part.strip().split(" ", 1) for part in policy.split(";"))


@pytest.mark.parametrize("path", ["/admin/login/", "/admin/password_reset/", "/admin/password_reset/done/"])
def test_wagtails_own_doors_lead_to_ours(client, path):
    response = client.get(path + "?next=/admin/pages/")
    assert (response.status_code, response["Location"]) == (302, "/login/?next=/admin/pages/")


def test_AL5_pages_seen_with_a_session_are_not_stored(db, client):
    client.cookies[settings.SESSION_COOKIE_NAME] = "x"
    assert "no-store" in client.get("/login/")["Cache-Control"]
