"""What the product stands on, one line each: how it is, and when it is not well what to do about it."""
import os
import platform
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta

import redis
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from mingfa import clock
from mingfa.reminders.models import Message
from mingfa.wording import moment

from . import backups, databases, restoring

LEAST_FREE = 2 * 1024**3  # bytes
BACKUP_OLD = timedelta(days=2)
# A task that is due runs within a second; with others before it, within minutes.
TASK_LATE = timedelta(minutes=5)
# What runs by itself at least every half hour (sealing of the log) shows that somebody works.
WORKER_SILENT = timedelta(hours=1)
DATABASE_AWAY = 2  # seconds its clock may differ
REDIS_PATIENCE = 1  # seconds
MAIL_OVERDUE = timedelta(hours=1)
RECENT = timedelta(days=7)


@dataclass(frozen=True)
class Line:
    """name and fact as shown; advice: what to do, empty while it is well."""

    name: str
    fact: str
    advice: str = ""
    also: str = ""

    @property
    def well(self) -> bool:
        return not self.advice


def look(now: datetime) -> list[Line]:
    """Every line, in the order of the page."""
    return [
        _version(), _database(), _migrations(), _disk(), _backup(now), _worker(now), _queue(now), _redis(),
        _clock(now), _mail(now),
    ]  # fmt: skip


def answers() -> str:
    """For a load balancer: "" when pages can be served, else what is away. One round trip to the database."""
    if restoring.journal().exists():
        return "restoring"
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        return "database"
    return ""


def _mb(size: int) -> str:
    return f"{size / 2**30:.1f} GB" if size >= 2**30 else f"{size / 2**20:.1f} MB"


def _version() -> Line:
    return Line("版本", f"明法 {backups.version()}", also=f"Python {platform.python_version()}，进程号 {os.getpid()}")


def _database() -> Line:
    kind = "SQLite" if connection.vendor == "sqlite" else "PostgreSQL"
    where = str(databases.sqlite_file()) if connection.vendor == "sqlite" else connection.settings_dict["NAME"]
    return Line("数据库", f"{kind}，{_mb(databases.size())}", also=where)


def _migrations() -> Line:
    executor = MigrationExecutor(connection)
    pending = len(executor.migration_plan(executor.loader.graph.leaf_nodes()))
    unknown = set(executor.loader.applied_migrations) - set(executor.loader.disk_migrations)
    if unknown:
        return Line("数据库升级", f"数据比程序新 {len(unknown)} 步", "程序可能退回了旧版本。请换上新版本，或者恢复升级前的备份。")
    if pending:
        return Line("数据库升级", f"还有 {pending} 步没有做", "重新启动明法，它会先备份再升级。")
    return Line("数据库升级", "已是最新")


def _disk() -> Line:
    found = shutil.disk_usage(settings.DATA)
    low = found.free < LEAST_FREE
    advice = "空间快用完了，满了以后作答存不下来。请删掉旧备份和不用的录像，或者换更大的磁盘。" if low else ""
    return Line("磁盘空间", f"还剩 {_mb(found.free)}，共 {_mb(found.total)}", advice, str(settings.DATA))


def _backup(now: datetime) -> Line:
    found = backups.last()
    whole = found and found.whole_moment
    off = "" if settings.BACKUP_KEEP else "夜间备份已关闭（BACKUP_KEEP=0）"
    fact = f"{moment(whole)}" if whole else "还没有备份"
    also = "，".join(filter(None, [found.whole_path if found else "", off]))
    by_hand = "按下面的“立即备份”，或在服务器上运行 python3 run.py manage backup。"
    if found and found.error:
        return Line("最近备份", fact, f"上一次没有备份成：{found.error}", also)
    if whole is None:
        return Line("最近备份", fact, by_hand, also)
    if now - whole > BACKUP_OLD:
        return Line("最近备份", fact, f"已经超过两天。{by_hand}", also)
    return Line("最近备份", f"{fact}，{_mb(found.size)}", also=also)


def _worker(now: datetime) -> Line:
    at = DBTaskResult.objects.filter(finished_at__gt=now - timedelta(days=2)).order_by("-finished_at").values_list(
        "finished_at", flat=True
    ).first()  # fmt: skip
    if at is None:
        return Line("后台任务", "两天内没有运行过", "后台任务没有在运行：考试不会自动交卷，提醒发不出。请重新启动明法。")
    silent = now - at > WORKER_SILENT
    advice = "一小时没有后台任务完成：考试不会自动交卷，提醒发不出。请重新启动明法。" if silent else ""
    return Line("后台任务", f"{moment(at)} 运行过", advice)


def _queue(now: datetime) -> Line:
    due = DBTaskResult.objects.ready().exclude(run_after__gt=now)
    waiting, late = due.count(), due.filter(enqueued_at__lt=now - TASK_LATE).exclude(run_after__gt=now - TASK_LATE).exists()
    failed = DBTaskResult.objects.failed().filter(finished_at__gt=now - timedelta(days=1))
    names = sorted({path.rpartition(".")[2] for path in failed.values_list("task_path", flat=True).distinct()[:5]})
    fact = f"等待 {waiting} 个，一天内失败 {failed.count()} 个"
    if late:
        return Line("任务队列", fact, "有任务等了五分钟以上。刚做大的导入时属正常；一直这样请重新启动明法。")
    if names:
        return Line("任务队列", fact, "有任务失败，原因在服务器的记录里。请把失败的任务名和记录交给技术人员。", "、".join(names))
    return Line("任务队列", fact)


def _redis() -> Line:
    if not settings.REDIS_URL:
        return Line("Redis", "没有配置", also="只有一个进程时不需要")
    try:
        with redis.Redis.from_url(
            settings.REDIS_URL, socket_connect_timeout=REDIS_PATIENCE, socket_timeout=REDIS_PATIENCE
        ) as one:
            one.ping()
    except (redis.RedisError, OSError, ValueError):
        return Line("Redis", "没有回应", "考试不受影响，直播课堂和看板的即时更新会停。请检查 Redis 服务和 REDIS_URL。")
    return Line("Redis", "正常")


def _clock(now: datetime) -> Line:
    jump = clock.jump()
    fact = f"服务器时间 {timezone.localtime(now):%Y-%m-%d %H:%M:%S}"
    if jump:
        return Line("时钟", f"{fact}，跳了 {jump.total_seconds():+.0f} 秒",
                    "考试按跳变以前的时间走。请校准系统时间（timedatectl），校准后会自动恢复一致。")  # fmt: skip
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT clock_timestamp()")
            away = abs((cursor.fetchone()[0] - timezone.now()).total_seconds())
        if away > DATABASE_AWAY:
            return Line("时钟", f"{fact}，与数据库差 {away:.0f} 秒", "请在两台机器上都打开时间同步（NTP）。")
    return Line("时钟", fact)


def _mail(now: datetime) -> Line:
    states = Message.State
    overdue = Message.objects.filter(state__in=[states.WAITING, states.SENDING], send_after__lt=now - MAIL_OVERDUE).count()
    failed = Message.objects.filter(state=states.FAILED, asked_at__gt=now - RECENT).count()
    off = settings.EMAIL_BACKEND.endswith("dummy.EmailBackend")
    fact = f"过时未发 {overdue} 条，七天内没有发出 {failed} 条"
    also = "邮件没有配置（EMAIL_URL），提醒只在系统里显示" if off else ""
    if overdue:
        return Line("提醒和邮件", fact, "有提醒过了时间还没有发。请看“后台任务”是否正常。", also)
    if failed:
        return Line("提醒和邮件", fact, "有提醒没有发出。请核对 EMAIL_URL 和收件人的邮箱，催考页面上有每条的原因。", also)
    return Line("提醒和邮件", fact, also=also)
