"""Start everything in one process: database up to date, first set-up, HTTP, WebSocket and the task worker."""
import asyncio
import gc
import json
import os
import resource
import signal
import socket
import sys
from contextlib import contextmanager, suppress
from pathlib import Path

import uvicorn
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, connections
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone

from courses.live import hub as rooms
from courses.live.tasks import clear_expired
from exams.tasks import end_sittings
from mingfa import clock, guard, static_files
from mingfa.changes.tasks import note_law_changes
from mingfa.operations import backups, restoring
from mingfa.operations.archive import Trouble
from mingfa.operations.locks import Taken, only_one, together
from mingfa.operations.progress import Progress
from mingfa.operations.tasks import keep_backups
from mingfa.reports.tasks import keep_sealed
from mingfa.worker import TaskThread
from outreach.tasks import keep_outreach

# Seconds that open requests and the running task get when the server is asked to stop.
GRACE = 10
# Bytes of one message on a socket; what a socket takes of it is its own affair.
LARGEST_MESSAGE = 2 * 1024 * 1024
# New objects before the garbage collector looks: a page makes a few thousand.
COLLECT_AFTER = (20_000, 20, 20)
# Seconds after which a thread takes the interpreter from another. A page asks the database every millisecond or so and
# gives it up by itself; taking it earlier only costs (a sitting among 16 at once: a tenth of its CPU at Python's 5 ms).
SWITCH_AFTER = 0.02


class Command(BaseCommand):
    help = "启动明法：更新数据库、首次准备、网页与实时连接、后台任务，同在一个进程。"
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", type=int, default=8000, help="0 = 任选空闲端口")
        parser.add_argument("--no-demo", action="store_true", help="首次启动不装演示数据")
        parser.add_argument("--no-backup", action="store_true", help="升级数据库以前不备份（自己已经备份过时）")

    def handle(self, *, host, port, no_demo, no_backup, **options):
        refused = guard.refusals(host, settings)
        if refused:
            raise CommandError("拒绝启动，请先改正这些设置：\n" + "\n".join(f"  {line}" for line in refused))
        # Demo accounts ask for it (mingfa.people.backends): they are for this computer only.
        os.environ["MINGFA_BOUND_HOST"] = host
        with single_process(self.settle_restore), listening(host, port) as listener:
            self.prepare(no_demo, no_backup)
            self.serve(host, listener)

    def prepare(self, no_demo, no_backup):
        """Bring static files, database and, on the very first start, the demo district into place."""
        self.say("整理静态文件…")
        static_files.collect()
        unfinished = settings.DATA / "demo-unfinished"
        if unfinished.exists():
            self.start_over(unfinished)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.migrate(executor, no_backup)
        if not no_demo and not get_user_model().objects.exists():
            self.say("首次启动，装入演示数据…")
            unfinished.touch()
            call_command("demo", stdout=self.stdout, stderr=self.stderr)
            unfinished.unlink()
        connections.close_all()

    def settle_restore(self):
        """A restore that was cut off is finished or taken back before anybody is served half of it."""
        done = restoring.settle()
        if done:
            words = "已做完，用的是备份里的数据" if done == "done" else "已退回，数据和恢复以前一样"
            self.say(f"上次恢复备份中断：{words}。")

    def migrate(self, executor, no_backup):
        """Build the database, or bring one with data forward, of which a backup is made first."""
        saved = ""
        if executor.loader.applied_migrations:
            if connection.vendor != "sqlite":
                self.say("要升级数据库。PostgreSQL 请自行安排升级前的备份：python3 run.py manage backup")
            elif not no_backup:
                saved = self.back_up_first()
        self.say("建立或升级数据库…")
        try:
            call_command("migrate", interactive=False, verbosity=0)
        except Exception as error:
            if not saved:
                raise
            raise CommandError(
                f"数据库没有升级成（{error}）。换回旧版本的文件，再恢复升级前的数据：python3 run.py manage restore {saved}"
            ) from error

    def back_up_first(self):
        """Returns where the backup lies."""
        self.say("升级数据库以前先备份…")
        try:
            made = backups.make_backup(
                kind=backups.BEFORE_UPDATE, recordings=False, now=timezone.now(), report=Progress(self.stdout)
            )
        except Trouble as trouble:
            raise CommandError(f"没有升级，数据没有改动。{trouble}自己已经备份过的，可以加 --no-backup。") from trouble
        self.say(f"升级前的数据在 {made.path}")
        return made.path

    def start_over(self, unfinished):
        """Clear away what a loading of demo data left that was cut off; nobody has been served from it yet."""
        if connection.vendor != "sqlite":
            raise CommandError(f"上次装入演示数据时中断。请换一个空的数据库，再删除 {unfinished}。")
        self.say("上次装入演示数据时中断，清空后重来…")
        connections.close_all()
        path = Path(connection.settings_dict["NAME"])
        for name in (path.name, f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(name).unlink(missing_ok=True)
        unfinished.unlink()

    def serve(self, host, listener):
        """Serve until Ctrl-C or SIGTERM; open requests are finished first."""
        config = uvicorn.Config(
            "mingfa.asgi:application",
            ws="websockets-sansio",
            ws_per_message_deflate=False,
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=GRACE,
            ws_max_size=LARGEST_MESSAGE,
        )
        server = AnnouncingServer(config, lambda: self.announce(host, listener.getsockname()[1]))
        worker = TaskThread(f"{socket.gethostname()}-{os.getpid()}"[:64])
        allow_many_sockets()
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        clock.start()
        # The task that should have ended a sitting may have died with the process before.
        end_sittings.enqueue()
        # A law may have come into force, or its import been cut off, while nothing ran.
        note_law_changes.enqueue()
        # Photos and recordings of trainings end with their term, also the one that ended while nothing ran.
        clear_expired.enqueue()
        # An import of the outreach ledger may have been cut off, and photos grow old.
        keep_outreach.enqueue()
        # What was logged while nothing ran is sealed.
        keep_sealed.enqueue()
        # The computer may have been off when last night's backup was due.
        keep_backups.enqueue(starting=True)
        connections.close_all()
        worker.start()
        try:
            # Asked to stop, uvicorn shuts down in order and then repeats the signal for whoever else listens.
            with suppress(KeyboardInterrupt, SystemExit):
                server.run(sockets=[listener])
        finally:
            worker.stop(GRACE)
        if not server.started:
            raise CommandError("服务器没有启动，原因见上面的记录。")
        self.say("已停止。")

    def announce(self, host, port):
        """Print where to go and, with demo data, who may log in."""
        shown = "127.0.0.1" if host == guard.EVERYWHERE else f"[{host}]" if ":" in host else host
        self.say(f"\n明法已启动：http://{shown}:{port}/")
        if host == guard.EVERYWHERE:
            for name in settings.ALLOWED_HOSTS:
                if name not in guard.LOOPBACK_NAMES:
                    self.say(f"  其他电脑：http://{name}:{port}/")
        demo = settings.DATA / "demo-accounts.json"
        if demo.exists():
            self.say_accounts(host, json.loads(demo.read_text(encoding="utf-8")))
        elif not get_user_model().objects.exists():
            self.say("还没有账号。新建管理员：python3 run.py manage create_admin 姓名")
            self.say("还没有法律？装入随附的法律库：python3 run.py manage import_laws package")
        connections.close_all()
        self.say("按 Ctrl-C 停止。")

    def say_accounts(self, host, demo):
        if not guard.is_loopback(host):
            self.say("演示账号只在本机地址（127.0.0.1）上启动时可以登录。")
            return
        self.say(f"演示账号（密码都是 {demo['password']}）：")
        for username, description in demo["accounts"].items():
            self.say(f"  {username:<14}{description}")

    def say(self, line):
        self.stdout.write(line)
        self.stdout.flush()


class AnnouncingServer(uvicorn.Server):
    """uvicorn that says when it answers."""

    def __init__(self, config, announce):
        super().__init__(config)
        self.announce = announce

    async def startup(self, sockets=None):
        await super().startup(sockets=sockets)
        if self.started:
            # What is loaded by now stays: looking through it again and again costs every page.
            gc.collect()
            gc.freeze()
            gc.set_threshold(*COLLECT_AFTER)
            sys.setswitchinterval(SWITCH_AFTER)
            await asyncio.to_thread(self.announce)

    async def shutdown(self, sockets=None):
        # Long polls would be waited for; sockets are told to come back.
        await rooms.close_all()
        await super().shutdown(sockets)


def allow_many_sockets():
    """Take as many open files as the system lets us: often only 1,024 are allowed at first, less than a class."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


@contextmanager
def listening(host, port):
    """Take the port before the long steps, so that a taken one is told at once."""
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listener = socket.create_server((host.strip("[]"), port), family=family, backlog=2048)
    except OSError as error:
        raise CommandError(f"不能在 {host}:{port} 上监听（{error.strerror}）。换一个端口：--port 8001") from error
    with listener:
        yield listener


@contextmanager
def single_process(settle):
    """Refuse a second server on the same SQLite data (its sockets and its worker would not know of the first's), and any
    while a backup is being restored. `settle` is called when nobody else uses the data."""
    lock = settings.DATA / "serve.lock"
    try:
        if connection.vendor == "sqlite":
            with only_one(lock):
                settle()
                yield
        else:
            if restoring.needs_settling():
                with only_one(lock):
                    settle()
            with together(lock):
                yield
    except Taken:
        if connection.vendor != "sqlite":
            raise CommandError("正在恢复备份，请等它结束再启动。") from None
        raise CommandError(
            f"数据目录 {settings.DATA} 已有一个明法在运行，或正在恢复备份。SQLite 只支持一个进程；"
            "需要多个进程时请用 DATABASE_URL 和 REDIS_URL 换成 PostgreSQL 和 Redis。"
        ) from None
