"""manage.py backup, check_backup and restore on real data folders; the backup that a start makes before it migrates."""
import json
import shutil
import sqlite3
import subprocess
import threading
from contextlib import closing, contextmanager

import psycopg
import pytest
from django.db import connection

from tests.servers import running_server


@contextmanager
def opened(folder):
    """A connection of its own to the folder's database, every statement a transaction."""
    if folder.base_url:
        with psycopg.connect(folder.database_url, autocommit=True) as own:
            yield own
    else:
        with closing(sqlite3.connect(folder.sqlite_file, isolation_level=None, timeout=20)) as own:
            yield own


def everything(folder) -> dict:
    """All rows of all tables."""
    listing = (
        "SELECT tablename FROM pg_tables WHERE schemaname = 'public'" if folder.base_url
        else "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
    )  # fmt: skip
    with opened(folder) as own:
        names = [name for (name,) in own.execute(listing).fetchall()]
        return {name: sorted(map(repr, own.execute(f'SELECT * FROM "{name}"').fetchall())) for name in names}


def files(folder) -> dict:
    kept = [folder.path / "secret-key", *(folder.path / "media").rglob("*"), *(folder.path / "recordings").rglob("*")]
    return {str(path.relative_to(folder.path)): path.read_bytes() for path in kept if path.is_file()}


@pytest.fixture(scope="module")
def prepared(new_data_folder):
    """A folder with an account, an upload, a recording and a backup of them; the tests get copies of it."""
    folder = new_data_folder()
    folder.manage("create_admin", "何砚秋")
    for name in ("media/documents/要点.pdf", "recordings/7/1.mp4"):
        path = folder.path / name
        path.parent.mkdir(parents=True)
        path.write_bytes(name.encode() * 1000)
    folder.manage("backup", folder.path / "kept.zip")
    return folder


@pytest.fixture
def used(new_data_folder, prepared):
    folder = new_data_folder(like=prepared)
    left = shutil.ignore_patterns("kept.zip", "backups", "*.json", "*.lock")
    shutil.copytree(prepared.path, folder.path, dirs_exist_ok=True, ignore=left)
    return folder


def refused(folder, *command, **env) -> str:
    with pytest.raises(subprocess.CalledProcessError) as failed:
        folder.manage(*command, **env)
    return failed.value.stderr


@pytest.fixture
def backup(prepared, tmp_path):
    return shutil.copyfile(prepared.path / "kept.zip", tmp_path / "kept.zip")


def test_a_backup_made_while_the_server_runs_comes_back_on_an_empty_machine(used, new_data_folder, tmp_path):
    path = tmp_path / "kept.zip"
    with running_server(used) as server:
        used.manage("backup", path)
        assert "请先停止它" in refused(used, "restore", path, "--yes")
        assert server.stop() == 0
    there = new_data_folder()
    assert "备份完整。" in there.manage("check_backup", path)
    there.manage("restore", path, "--yes")
    assert everything(there)["people_user"] == everything(used)["people_user"]
    assert files(there) == files(used)


def test_what_came_after_the_backup_is_gone_after_a_restore_and_nothing_else(used, backup):
    rows, kept = everything(used), files(used)
    used.manage("create_admin", "后来人")
    (used.path / "media/documents/后来.pdf").write_bytes(b"later")
    (used.path / "recordings/7/1.mp4").unlink()
    used.manage("restore", backup, "--yes")
    assert everything(used) == rows
    assert files(used) == kept
    assert [path.name for path in used.path.iterdir() if path.name.startswith("restore-")] == []


def test_without_a_yes_nothing_is_replaced(used, backup):
    used.manage("create_admin", "后来人")
    rows = everything(used)
    assert "数据没有改动" in refused(used, "restore", backup)
    assert everything(used) == rows


def test_recordings_stay_when_the_backup_has_none(used, tmp_path):
    used.manage("backup", tmp_path / "small.zip", "--no-recordings")
    kept = files(used)
    used.manage("restore", tmp_path / "small.zip", "--yes")
    assert files(used) == kept


def test_a_backup_of_an_older_version_is_migrated_forward(used, tmp_path):
    rows = everything(used)["django_migrations"]
    used.manage("migrate", "mingfa", "0001", "-v0")
    used.manage("backup", tmp_path / "old.zip")
    used.manage("restore", tmp_path / "old.zip", "--yes")
    now = everything(used)["django_migrations"]
    assert len(now) == len(rows)
    assert "[ ]" not in used.manage("showmigrations", "mingfa")


def test_a_backup_of_a_newer_version_is_refused(used, tmp_path):
    with opened(used) as own:
        own.execute("INSERT INTO django_migrations (app, name, applied) VALUES ('mingfa', '9999_later', '2030-01-01')")
    used.manage("backup", tmp_path / "later.zip")
    rows = everything(used)
    assert "请先更新明法" in refused(used, "restore", tmp_path / "later.zip", "--yes")
    assert everything(used) == rows


def test_another_key_in_the_environment_is_refused(used, backup):
    assert "SECRET_KEY" in refused(used, "restore", backup, "--yes", SECRET_KEY="z" * 60)


def test_a_damaged_backup_changes_nothing(used, backup):
    raw = bytearray(backup.read_bytes())
    raw[len(raw) // 2] ^= 255
    backup.write_bytes(raw)
    used.manage("create_admin", "后来人")
    rows, kept = everything(used), files(used)
    assert "已损坏" in refused(used, "check_backup", backup)
    assert "已损坏" in refused(used, "restore", backup, "--yes")
    assert (everything(used), files(used)) == (rows, kept)


def test_what_is_saved_together_is_together_in_the_backup(used, tmp_path):
    """Somebody saves pairs without a pause while the backup is made."""
    with opened(used) as own:
        own.execute("CREATE TABLE left_hand (n INTEGER)")
        own.execute("CREATE TABLE right_hand (n INTEGER)")
    ready, over = threading.Event(), threading.Event()

    def save():
        with opened(used) as own:
            n = 0
            while not over.is_set():
                for statement in ("BEGIN", "INSERT INTO left_hand VALUES (1)", "INSERT INTO right_hand VALUES (1)", "COMMIT"):
                    own.execute(statement)
                n += 1
                if n == 5:
                    ready.set()

    saving = threading.Thread(target=save)
    saving.start()
    try:
        assert ready.wait(60)
        used.manage("backup", tmp_path / "busy.zip")
    finally:
        over.set()
        saving.join()
    told = used.manage("check_backup", tmp_path / "busy.zip")
    assert "备份完整。" in told
    used.manage("restore", tmp_path / "busy.zip", "--yes")
    with opened(used) as own:
        counts = [own.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in ("left_hand", "right_hand")]
    assert counts[0] == counts[1] >= 5


def test_of_nightly_backups_the_last_ones_are_kept_and_of_others_all(used):
    folder = used.path / "backups"
    folder.mkdir()
    for name in ("nightly-20250101-023000", "nightly-20250102-023000", "manual-20240101-000000"):
        (folder / f"mingfa-{name}.zip").write_bytes(b"x")
    used.manage("backup", "--nightly", BACKUP_KEEP="2")
    left = sorted(path.name for path in folder.iterdir())
    assert left[:2] == ["mingfa-manual-20240101-000000.zip", "mingfa-nightly-20250102-023000.zip"]
    assert len(left) == 3


def test_a_folder_that_is_not_there_is_told_and_noted(used, tmp_path):
    assert "请先建好" in refused(used, "backup", tmp_path / "none" / "x.zip")
    assert "请先建好" in json.loads((used.path / "last-backup.json").read_text())["error"]


def test_without_the_tools_of_postgresql_the_message_says_what_to_install(used, tmp_path):
    if connection.vendor == "sqlite":
        assert "已备份" in used.manage("backup", tmp_path / "x.zip", PATH="")
    else:
        assert "postgresql-client" in refused(used, "backup", tmp_path / "x.zip", PATH="")


def test_a_start_that_has_to_migrate_backs_up_first_and_says_where(used):
    used.manage("migrate", "mingfa", "0001", "-v0")
    with running_server(used) as server:
        told = "".join(server.log)
    if connection.vendor != "sqlite":
        assert "升级前的备份：python3 run.py manage backup" in told
        return
    made = list((used.path / "backups").glob("mingfa-before-update-*.zip"))
    assert [f"升级前的数据在 {path}" in told for path in made] == [True]
    assert "备份完整。" in used.manage("check_backup", made[0])
    assert "[ ]" not in used.manage("showmigrations", "mingfa")
