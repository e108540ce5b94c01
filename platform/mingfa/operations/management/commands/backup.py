"""manage.py backup: one archive of everything, made while the server runs."""
import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mingfa.operations import backups
from mingfa.operations.archive import Trouble
from mingfa.operations.progress import Progress


class Command(BaseCommand):
    help = "备份：数据库、上传的文件和密钥存进一个文件。明法可以照常运行。"
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", nargs="?", type=Path, help="备份文件；不写则存到备份文件夹，名字里有时间")
        parser.add_argument("--no-recordings", action="store_true", help="不含培训录像（可能很大）")
        parser.add_argument("--nightly", action="store_true", help="按夜间备份办：旧的按 BACKUP_KEEP 清理")

    def handle(self, *, file, no_recordings, nightly, **options):
        if nightly:
            os.nice(10)  # the exam that is going on comes first
        try:
            made = backups.make_backup(
                file, kind=backups.NIGHTLY if nightly else backups.MANUAL, recordings=not no_recordings,
                now=timezone.now(), report=Progress(self.stdout),
            )  # fmt: skip
        except Trouble as trouble:
            raise CommandError(f"没有备份成：{trouble}") from trouble
        except KeyboardInterrupt:
            raise CommandError("备份已取消，没有留下文件。") from None
        self.stdout.write(f"已备份：{made.path}（{made.size / 2**20:.1f} MB）")
        if made.gone:
            self.stdout.write(f"备份时有 {made.gone} 个到期的文件被系统删除，备份里没有它们。")
        self.stdout.write("备份里有密钥和个人信息，请放到另一台机器或另一块盘上，只给管理员看。")
