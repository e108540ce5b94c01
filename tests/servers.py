"""The real server in a process of its own, for tests that need sockets, kill -9 or two programs at once.

    with running_server(folder) as server:
        requests to server.url; server.kill() is kill -9; leaving the block stops it in order
    folder.manage("create_admin", "何砚秋")     a command on the same data
"""
import fcntl
import hashlib
import inspect
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.db.migrations.loader import MigrationLoader
from psycopg import sql

ROOT = Path(__file__).resolve().parents[1]
STARTED = re.compile(r"明法已启动：(http://\S+?)/?$", re.MULTILINE)


@dataclass(frozen=True)
class DataFolder:
    """A data folder of its own: on SQLite the database lies in it, else it has its own PostgreSQL database."""

    path: Path
    base_url: str = field(default_factory=lambda: os.environ.get("TEST_DATABASE_URL", ""))

    @property
    def database_url(self):
        """Address of this folder's PostgreSQL database; empty on SQLite."""
        return urlunsplit(urlsplit(self.base_url)._replace(path=f"/{self.name}")) if self.base_url else ""

    @property
    def name(self):
        return "mingfa_server_" + hashlib.sha256(str(self.path).encode()).hexdigest()[:12]

    def environment(self, **extra):
        """Return the environment of a program on this data: nothing of the test run's own settings."""
        own = {"SECRET_KEY", "DEBUG", "ALLOWED_HOSTS", "CSRF_TRUSTED_ORIGINS", "REDIS_URL", "EMAIL_URL"}
        env = {name: value for name, value in os.environ.items() if name not in own}
        env.update(
            MINGFA_DATA=str(self.path),
            DATABASE_URL=self.database_url,
            REDIS_URL=os.environ.get("TEST_REDIS_URL", ""),
            DJANGO_SETTINGS_MODULE="mingfa.settings",
            PYTHONPATH=os.pathsep.join([str(ROOT), str(ROOT / "platform")]),
            PYTHONUTF8="1",
            # A night may fall into a test run.
            BACKUP_KEEP="0",
        )
        return {**env, **extra}

    def manage(self, *arguments, **extra):
        """Run manage.py on this data and return what it printed; raises CalledProcessError, with its complaints as a note."""
        command = [sys.executable, "manage.py", *map(str, arguments)]
        try:
            return subprocess.run(
                command, cwd=ROOT, env=self.environment(**extra), check=True, capture_output=True, text=True
            ).stdout
        except subprocess.CalledProcessError as failed:
            failed.add_note(failed.stderr[-2000:])
            raise

    @property
    def sqlite_file(self):
        return self.path / "mingfa.sqlite3"

    def create(self, like=None):
        """Make the folder and its database: empty, or a copy of that of the folder `like`."""
        self.path.mkdir(parents=True, exist_ok=True)
        if self.base_url:
            template = sql.SQL("TEMPLATE {}").format(sql.Identifier(like.name)) if like else sql.SQL("")
            self._postgres(sql.SQL("CREATE DATABASE {} {}").format(sql.Identifier(self.name), template))
        elif like:
            shutil.copyfile(like.sqlite_file, self.sqlite_file)
        return self

    def has_database(self):
        if not self.base_url:
            return self.sqlite_file.exists()
        with psycopg.connect(self.base_url) as connection:
            found = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [self.name]).fetchone()
        return found is not None

    def remove(self):
        """Remove the folder and its database."""
        shutil.rmtree(self.path, ignore_errors=True)
        if self.base_url:
            self._postgres(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))

    def _postgres(self, statement):
        with psycopg.connect(self.base_url, autocommit=True) as connection:
            connection.execute(statement)


def migrated(cache, *, anew=False):
    """Return a folder with an up-to-date database, made once for the present migrations and then only copied.

    Migrating from nothing takes half a minute, a copy no time; several test processes may ask at once.

    Args:
        cache: folder that outlives the test run.
        anew: build it again even when the migrations have not changed.
    """
    kind = "postgresql" if os.environ.get("TEST_DATABASE_URL") else "sqlite"
    cache.mkdir(parents=True, exist_ok=True)
    with open(cache / f"{kind}.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = DataFolder(cache / f"{kind}-{_migrations_digest()}")
        ready = folder.path / "ready"
        if anew or not ready.exists() or not folder.has_database():
            for old in cache.glob(f"{kind}-*"):
                DataFolder(old).remove()
            folder.remove()
            folder.create().manage("migrate", "-v0")
            ready.touch()
        return folder


def _migrations_digest():
    digest = hashlib.sha256()
    for _, migration in sorted(MigrationLoader(None).disk_migrations.items()):
        digest.update(Path(inspect.getfile(type(migration))).read_bytes())
    return digest.hexdigest()[:12]


class Server:
    """A running `serve`."""

    def __init__(self, process, url, log):
        self.process = process
        self.url = url
        self.log = log

    @property
    def socket_url(self):
        return self.url.replace("http", "ws", 1)

    def kill(self):
        """kill -9: no chance to tidy up."""
        self.process.kill()
        self.process.wait(60)

    def stop(self, kind=signal.SIGTERM):
        """Ask the server to stop, as Ctrl-C (SIGINT) or a service manager (SIGTERM) does; returns its exit code."""
        if self.process.poll() is None:
            self.process.send_signal(kind)
        return self.process.wait(120)


@contextmanager
def running_server(folder, *arguments, timeout=600, **env):
    """Start the real server on a free port and stop it in order at the end.

    Args:
        folder: DataFolder it works on; start again on the same folder to see what survived.
        arguments: further arguments of `serve`; demo data is left out.
        timeout: seconds until it must answer.
        env: further environment, e.g. ``REDIS_URL``.

    Raises:
        AssertionError: with the server's output, when it did not start.
    """
    command = [sys.executable, "manage.py", "serve", "--port", "0", "--no-demo", *arguments]
    process = subprocess.Popen(
        command, cwd=ROOT, env=folder.environment(**env), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    log = []
    watchdog = threading.Timer(timeout, process.kill)
    watchdog.start()
    try:
        url = _address(process, log)
        watchdog.cancel()
        # Somebody has to empty the pipe, or the server would wait for it one day.
        drain = threading.Thread(target=lambda: log.extend(process.stdout), daemon=True)
        drain.start()
        server = Server(process, url, log)
        yield server
        server.stop()
        drain.join(60)
    finally:
        watchdog.cancel()
        if process.poll() is None:
            process.kill()
            process.wait(60)
        process.stdout.close()


def _address(process, log):
    for line in process.stdout:
        log.append(line)
        if found := STARTED.search(line):
            return found[1]
    raise AssertionError("the server did not start:\n" + "".join(log))
