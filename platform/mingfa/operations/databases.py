"""A consistent copy of the database while it is in use, and the way back for PostgreSQL.

SQLite: its online backup inside one read transaction, which under WAL holds up nobody. PostgreSQL: pg_dump on an
exported snapshot, in which the rows are counted as well. Neither stops a save.
"""
import os
import re
import shutil
import sqlite3
import subprocess
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from django.db import connection

from .archive import POSTGRESQL, SQLITE, Report, Trouble

PAGES = 2000  # of SQLite, between two looks at the progress
WAIT = 20  # seconds for a lock of SQLite
KEPT_ASIDE = "before_restore"  # schema that holds the old tables of PostgreSQL until a restore is done
NO_TOOL = "没有找到 {}。PostgreSQL 的备份要用它的命令行工具，版本不低于数据库：apt-get install postgresql-client"


@dataclass(frozen=True)
class Snapshot:
    """member: name in the archive; migrations: applied, “app.name”; counts: rows of every table."""

    path: Path
    member: str
    migrations: list[str]
    counts: dict[str, int]


def sqlite_file() -> Path:
    return Path(connection.settings_dict["NAME"])


def size() -> int:
    """Bytes of the database on the disk."""
    if connection.vendor == "sqlite":
        path = sqlite_file()
        return sum(one.stat().st_size for one in (path, path.with_name(path.name + "-wal")) if one.exists())
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return cursor.fetchone()[0]


def snapshot(folder: Path, report: Report) -> Snapshot:
    """Copy the database into `folder` as it is at one moment.

    Raises:
        Trouble: the copy is damaged, a tool is missing or refuses.
    """
    return _copy_sqlite(folder / SQLITE, report) if connection.vendor == "sqlite" else _dump(folder / POSTGRESQL, report)


# --- SQLite ---------------------------------------------------------------------------------------
def _copy_sqlite(target: Path, report: Report) -> Snapshot:
    with closing(_connect(sqlite_file())) as source, closing(sqlite3.connect(target, isolation_level=None)) as copy:
        # A transaction of our own: without it the copy would begin anew whenever somebody saves.
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_master").fetchone()
        source.backup(copy, pages=PAGES, progress=lambda _, left, total: report("数据库", total - left, total), sleep=0)
        source.execute("ROLLBACK")
        copy.execute("PRAGMA journal_mode=DELETE")
        return Snapshot(target, SQLITE, *described_sqlite(copy))


def described_sqlite(database: sqlite3.Connection) -> tuple[list[str], dict[str, int]]:
    """(migrations, rows of every table) of a database that is sound.

    Raises:
        Trouble: it is not.
    """
    try:
        found = database.execute("PRAGMA quick_check(1)").fetchone()[0]
        if found != "ok":
            raise Trouble(f"数据库有损坏（{found}）。不要继续使用，请从最近的备份恢复。")
        names = [name for (name,) in database.execute(
            "SELECT name FROM sqlite_master WHERE type='table' AND name NOT LIKE 'sqlite_%' AND sql NOT LIKE 'CREATE VIRTUAL%'"
        )]  # fmt: skip
        counts = {name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in sorted(names)}  # noqa: S608
        applied = database.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1").fetchall()
    except sqlite3.DatabaseError as error:
        raise Trouble(f"数据库读不出来（{error}）。") from None
    return [name for (name,) in applied], counts


def close_sqlite(path: Path) -> None:
    """Bring a database nobody uses into its one file, without -wal and -shm beside it.

    Raises:
        Trouble: somebody uses it.
    """
    try:
        with closing(_connect(path)) as database:
            busy = database.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            if busy or database.execute("PRAGMA journal_mode=DELETE").fetchone()[0] != "delete":
                raise Trouble("还有程序在用这个数据库。请先停止明法和其他打开它的程序。")
    except sqlite3.OperationalError:
        raise Trouble("还有程序在用这个数据库。请先停止明法和其他打开它的程序。") from None


def _connect(path: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode=rw", uri=True, isolation_level=None, timeout=WAIT)


# --- PostgreSQL -----------------------------------------------------------------------------------
def _dump(target: Path, report: Report) -> Snapshot:
    report("数据库", 0, 1)
    with closing(connection.copy()) as own, own.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        cursor.execute("SELECT pg_export_snapshot()")
        (held,) = cursor.fetchone()
        options = ["--format=custom", "--no-owner", "--no-privileges", f"--exclude-schema={KEPT_ASIDE}"]
        _tool("pg_dump", *options, f"--snapshot={held}", f"--file={target}")
        described = described_postgresql(cursor)
        cursor.execute("ROLLBACK")
    report("数据库", 1, 1)
    return Snapshot(target, POSTGRESQL, *described)


def described_postgresql(cursor) -> tuple[list[str], dict[str, int]]:
    """(migrations, rows of every table) as the cursor's transaction sees them."""
    cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
    counts = {}
    for (name,) in cursor.fetchall():
        cursor.execute(f'SELECT count(*) FROM public."{name}"')  # noqa: S608 the database's own names
        counts[name] = cursor.fetchone()[0]
    cursor.execute("SELECT app || '.' || name FROM django_migrations ORDER BY 1")
    return [name for (name,) in cursor.fetchall()], counts


def load_dump(dump: Path) -> None:
    """Put the tables of `dump` in the place of the present ones, which stay in a schema beside them; in one transaction.

    Raises:
        Trouble: the database or its tools refuse; nothing has changed then.
    """
    script = dump.with_name("restore.sql")
    _tool("pg_restore", "--no-owner", "--no-privileges", f"--file={script}", str(dump))
    aside = f"ALTER SCHEMA public RENAME TO {KEPT_ASIDE}; CREATE SCHEMA public"
    try:
        _tool("psql", "--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1", "--output=/dev/null",
              f"--command={aside}", f"--file={script}")  # fmt: skip
    finally:
        script.unlink(missing_ok=True)


def is_kept_aside() -> bool:
    """Whether the old tables of a restore are still there."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_namespace WHERE nspname = %s", [KEPT_ASIDE])
        return cursor.fetchone() is not None


def drop_kept() -> None:
    _in_one(f"DROP SCHEMA {KEPT_ASIDE} CASCADE")


def take_back() -> None:
    """The old tables in their place again."""
    _in_one("DROP SCHEMA IF EXISTS public CASCADE", f"ALTER SCHEMA {KEPT_ASIDE} RENAME TO public")


def _in_one(*statements: str) -> None:
    with closing(connection.copy()) as own, own.cursor() as cursor:
        cursor.execute("BEGIN")
        for statement in statements:
            cursor.execute(statement)
        cursor.execute("COMMIT")


def others_connected() -> int:
    """How many other programs are connected to the database."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
            " AND backend_type = 'client backend'"
        )
        return cursor.fetchone()[0]


def _tool(name: str, *arguments: str) -> None:
    if shutil.which(name) is None:
        raise Trouble(NO_TOOL.format(name))
    done = subprocess.run(  # noqa: S603 our own words, no shell
        [name, *arguments], env=_environment(), capture_output=True, text=True, errors="replace", check=False
    )
    if done.returncode:
        said = re.sub(r"\s+", " ", done.stderr).strip()[-300:]
        hint = "它的版本低于数据库，请装与数据库相同或更新的 postgresql-client。" if "version mismatch" in said else ""
        raise Trouble(f"{name} 没有做成：{said}。{hint}")


def _environment() -> dict[str, str]:
    """For the tools: the password goes by the environment, which other users of the machine cannot read."""
    own = connection.settings_dict
    names = {
        "PGHOST": own["HOST"], "PGPORT": str(own["PORT"] or ""), "PGUSER": own["USER"], "PGPASSWORD": own["PASSWORD"],
        "PGDATABASE": own["NAME"], "PGSSLMODE": own.get("OPTIONS", {}).get("sslmode", ""),
    }  # fmt: skip
    return {**os.environ, **{name: value for name, value in names.items() if value}}
