"""A second server of this product on throw-away data beside the running one: same machine, same kind of database."""
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import psycopg
from django.conf import settings
from django.db import connection
from psycopg import sql

STARTED = re.compile(r"明法已启动：(http://\S+?)/?$")
TICK = os.sysconf("SC_CLK_TCK")


class Trouble(Exception):
    """Why there can be no rehearsal here, in Chinese."""


class Host:
    """Made on entering, thrown away on leaving, whatever happens in between."""

    def __init__(self, candidates: int):
        self.candidates, self.process, self.database = candidates, None, ""

    def __enter__(self):
        self.folder = Path(tempfile.mkdtemp(prefix="rehearsal-", dir=settings.DATA))
        try:
            self._prepare()
        except BaseException:
            self.__exit__()
            raise
        return self

    def _prepare(self):
        self.env = {**os.environ, "MINGFA_DATA": str(self.folder), "EXAM_STARTS_PER_MINUTE": "0", "BACKUP_KEEP": "0"}
        self.env.pop("DATABASE_URL", None)
        if connection.vendor == "postgresql":
            self.env["DATABASE_URL"] = self._new_database()
        self._manage("migrate", "-v0")
        made = self._manage("shell", "-v0", "-c", f"from mingfa.rehearsal.crowd import make; make({self.candidates})")
        self.exam = int(made.strip().splitlines()[-1])
        command = [sys.executable, "manage.py", "serve", "--port", "0", "--no-demo"]
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            command, cwd=settings.ROOT, env=self.env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        said = []
        for line in self.process.stdout:
            said.append(line)
            if found := STARTED.search(line.strip()):
                self.url = found[1]
                # Somebody has to empty the pipe, or the server would wait for it one day.
                threading.Thread(target=self.process.stdout.read, daemon=True).start()
                return
        raise Trouble("演练用的服务没有启动：" + "".join(said[-5:]))

    def _new_database(self) -> str:
        self.database = f"mingfa_rehearsal_{os.getpid()}"
        given = os.environ.get("DATABASE_URL", "")
        self.server = urlunsplit(urlsplit(given)._replace(path="/postgres"))
        try:
            self._postgres(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(self.database)))
        except psycopg.Error as error:
            self.database = ""
            raise Trouble(f"不能新建演练用的数据库（{error}）。请给数据库账号 CREATEDB 权限") from error
        return urlunsplit(urlsplit(given)._replace(path=f"/{self.database}"))

    def _postgres(self, statement) -> None:
        with psycopg.connect(self.server, autocommit=True) as database:
            database.execute(statement)

    def _manage(self, *arguments: str) -> str:
        done = subprocess.run(  # noqa: S603 - our own command
            [sys.executable, "manage.py", *arguments], cwd=settings.ROOT, env=self.env, capture_output=True, text=True
        )
        if done.returncode:
            raise Trouble("演练数据没有准备好：" + (done.stdout + done.stderr)[-500:])
        return done.stdout

    def cpu_seconds(self) -> float:
        """CPU of the server and, on PostgreSQL, of the processes that work on its database."""
        wanted = [self.process.pid]
        if self.database:
            wanted += [
                int(found.parent.name) for found in Path("/proc").glob("[0-9]*/cmdline")
                if self.database.encode() in _content(found) and b"postgres" in _content(found)
            ]
        return sum(map(_cpu_ticks, wanted)) / TICK

    def __exit__(self, *_):
        if self.process:
            self.process.terminate()
            self.process.wait(120)
        if self.database:
            self._postgres(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.database)))
        shutil.rmtree(self.folder, ignore_errors=True)


def _content(file: Path) -> bytes:
    try:
        return file.read_bytes()
    except OSError:
        return b""


def _cpu_ticks(pid: int) -> int:
    fields = _content(Path(f"/proc/{pid}/stat")).rpartition(b")")[2].split()
    return sum(map(int, fields[11:15])) if len(fields) > 15 else 0
