"""Bringing a backup back: everything is prepared beside the present data, then changes places.

The order is what makes it whole. (1) The archive is checked and unpacked into `restore-new` beside each place.
(2) SQLite: its copy is migrated there. PostgreSQL: the old tables go into a schema beside, the new ones come and are
migrated. Until here a failure, or `settle` after a kill -9, goes back. (3) A journal is written: from now on it only
goes forward. (4) Files change places by renaming; `settle` continues that wherever it stopped. (5) Journal and old
data go.
"""
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.conf import settings
from django.db import connection, connections
from django.db.migrations.loader import MigrationLoader

from . import archive, databases
from .archive import Archive, Manifest, Report, Trouble
from .backups import RESERVE, key_fingerprint
from .locks import Taken, only_one

NEW, OLD = "restore-new", "restore-old"
JOURNAL = "restore-journal.json"
STOP_FIRST = "明法还在运行。请先停止它（Ctrl-C），再恢复。"


def journal() -> Path:
    return settings.DATA / JOURNAL


def places() -> dict[str, Path]:
    """Where the parts of a backup lie; PostgreSQL has no file of its own."""
    own = {
        "media": Path(settings.MEDIA_ROOT), "recordings": Path(settings.RECORDINGS_ROOT),
        "secret-key": settings.DATA / "secret-key", "demo-accounts.json": settings.DATA / "demo-accounts.json",
    }  # fmt: skip
    return own | ({archive.SQLITE: databases.sqlite_file()} if connection.vendor == "sqlite" else {})


def staged(part: str) -> Path:
    """Where a part waits: beside its place, so that it gets there by renaming."""
    place = settings.DATA / part if part == archive.POSTGRESQL else places()[part]
    # The database has the name that it has in a data folder of its own, because it is migrated as one.
    return place.parent / NEW / ("mingfa.sqlite3" if part == archive.SQLITE else place.name)


@contextmanager
def nobody_else() -> Iterator[None]:
    """No server and no other restore during the block.

    Raises:
        Trouble: there is one.
    """
    try:
        with only_one(settings.DATA / "serve.lock"):
            if connection.vendor == "postgresql" and databases.others_connected():
                raise Trouble(f"{STOP_FIRST}还有别的程序连着数据库。")
            yield
    except Taken:
        raise Trouble(STOP_FIRST) from None


def refuse_unfit(manifest: Manifest) -> None:
    """Raises Trouble unless this checkout can take the backup: version, kind of database, key."""
    if manifest.vendor != connection.vendor:
        names = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
        raise Trouble(
            f"备份来自 {names[manifest.vendor]}，现在用的是 {names[connection.vendor]}。请用同一种数据库恢复（DATABASE_URL）。"
        )
    unknown = set(manifest.migrations) - _known_migrations()
    if unknown:
        raise Trouble(f"备份来自更新的版本 {manifest.version}（{min(unknown)}）。请先更新明法，再恢复。")
    same = manifest.key == key_fingerprint(settings.SECRET_KEY)
    if not same and (os.environ.get("SECRET_KEY") or "secret-key" not in manifest.files):
        raise Trouble("备份时用的密钥与现在的 SECRET_KEY 不同，手机号和证书会认不出来。请先把环境里的 SECRET_KEY 改回备份时的。")


def _known_migrations() -> set[str]:
    return {".".join(key) for key in MigrationLoader(None).disk_migrations}


def restore(pack: Archive, report: Report) -> None:
    """Replace all data by what the archive holds, the whole or nothing; call inside `nobody_else`.

    Raises:
        Trouble: why not; the data is as before.
    """
    manifest = pack.manifest
    refuse_unfit(manifest)
    if manifest.recordings and os.path.ismount(settings.RECORDINGS_ROOT):
        raise Trouble("录像文件夹（RECORDINGS_ROOT）是挂载点，不能整个替换。请把它指向挂载点里的一个子文件夹。")
    _refuse_without_room(pack.size)
    _clear_staging()
    try:
        pack.unpack(_place_of, report)
        connections.close_all()
        _bring_in_database(manifest)
        _commit(manifest)
    except BaseException:
        connections.close_all()
        if not journal().exists():
            _go_back()
        raise
    settle()


def settle() -> str:
    """Finish or take back a restore that was cut off; call inside `nobody_else`, before anything uses the data.

    Returns:
        "done": it was finished; "back": the data is as before; "" when there was nothing to do.
    """
    if journal().exists():
        for place, new, old in json.loads(journal().read_text("utf-8")):
            _change_places(Path(place), Path(new) if new else None, Path(old))
        if connection.vendor == "postgresql" and databases.is_kept_aside():
            databases.drop_kept()
        journal().unlink()
        _clear_staging()
        return "done"
    if needs_settling():
        _go_back()
        return "back"
    return ""


def needs_settling() -> bool:
    """Whether a restore was cut off (or is under way)."""
    left = journal().exists() or _draft().exists() or any(folder.exists() for folder in _staging_folders())
    return left or (connection.vendor == "postgresql" and databases.is_kept_aside())


def _refuse_without_room(needed: int) -> None:
    free = shutil.disk_usage(settings.DATA).free
    if free < needed + RESERVE:
        raise Trouble(f"磁盘空间不够：还剩 {free // 2**20} MB，恢复要 {(needed + RESERVE) // 2**20} MB。没有改动任何数据。")


def _place_of(name: str) -> Path:
    part, _, rest = name.partition("/")
    return staged(part) / rest if rest else staged(part)


def _bring_in_database(manifest: Manifest) -> None:
    """The database of the archive, counted and migrated; SQLite in its staging place, PostgreSQL beside the old tables."""
    if connection.vendor == "sqlite":
        path = staged(archive.SQLITE)
        with closing(sqlite3.connect(path)) as database:
            _compare(manifest, *databases.described_sqlite(database))
        _migrate(manifest, {"MINGFA_DATA": str(path.parent), "DATABASE_URL": ""})
        databases.close_sqlite(path)
        return
    databases.load_dump(staged(archive.POSTGRESQL))
    with connection.cursor() as cursor:
        described = databases.described_postgresql(cursor)
    connections.close_all()
    _compare(manifest, *described)
    _migrate(manifest, {})


def _compare(manifest: Manifest, migrations: list[str], counts: dict[str, int]) -> None:
    if sorted(migrations) != sorted(manifest.migrations) or counts != manifest.counts:
        raise Trouble("备份里的数据与清单的条数不符，不接受。请换一份备份。")


def _migrate(manifest: Manifest, environment: dict[str, str]) -> None:
    """Migrate forward in a process of its own, which works on nothing but the database that was brought in."""
    if _known_migrations() <= set(manifest.migrations):
        return
    done = subprocess.run(  # noqa: S603 our own command
        [sys.executable, str(settings.ROOT / "manage.py"), "migrate", "--noinput", "-v0"],
        env={**os.environ, **environment}, cwd=settings.ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise Trouble(f"备份里的数据库升级到现在的版本时出错，数据没有改动：{done.stderr.strip()[-300:]}")


def _commit(manifest: Manifest) -> None:
    """Write the journal: the point from which it only goes forward."""
    own = places()
    # Without uploads the folder is empty afterwards, not left as it was; recordings stay when the archive has none.
    staged("media").mkdir(parents=True, exist_ok=True)
    if manifest.recordings:
        staged("recordings").mkdir(parents=True, exist_ok=True)
    if archive.SQLITE in own and own[archive.SQLITE].exists():
        databases.close_sqlite(own[archive.SQLITE])
    moves = []
    for part, place in own.items():
        new = staged(part)
        if new.exists() or part == "demo-accounts.json":
            moves.append([str(place), str(new) if new.exists() else "", str(place.parent / OLD / place.name)])
    os.sync()
    with open(_draft(), "w", encoding="utf-8") as file:
        json.dump(moves, file)
        file.flush()
        os.fsync(file.fileno())
    os.replace(_draft(), journal())
    archive.sync_folder(settings.DATA)


def _change_places(place: Path, new: Path | None, old: Path) -> None:
    """The old aside, the new in; going through it a second time does what is missing."""
    old.parent.mkdir(parents=True, exist_ok=True)
    if new is None:
        if place.exists():
            os.replace(place, old)
        return
    if not new.exists():
        return
    if place.is_dir():
        # Empty when something made it anew after a kill between the two renamings.
        place.rmdir() if old.exists() else os.rename(place, old)
    elif place.exists():
        for name in (f"{place.name}-wal", f"{place.name}-shm"):
            place.with_name(name).unlink(missing_ok=True)
        if not old.exists():
            # A second name, so that there is no moment without a database.
            os.link(place, old)
    os.replace(new, place)


def _go_back() -> None:
    if connection.vendor == "postgresql" and databases.is_kept_aside():
        databases.take_back()
    _clear_staging()


def _staging_folders() -> set[Path]:
    parents = {settings.DATA, *(place.parent for place in places().values())}
    return {parent / name for parent in parents for name in (NEW, OLD)}


def _draft() -> Path:
    return journal().with_suffix(".new")


def _clear_staging() -> None:
    _draft().unlink(missing_ok=True)
    for folder in _staging_folders():
        shutil.rmtree(folder, ignore_errors=True)
