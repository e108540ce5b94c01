"""manage.py import_laws SOURCE: law texts into the library."""
import sys
import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mingfa.library.actions import import_laws
from mingfa.library.importing.parsed import LawFormatError
from mingfa.library.importing.sources import read_source

EVERY = 50


class Command(BaseCommand):
    help = "导入法律法规：Markdown 文件夹、SQLite 数据库文件，或已安装的数据包（写 package）。重复导入不产生变化。"

    def add_arguments(self, parser):
        parser.add_argument("source", metavar="SOURCE", help="文件夹、.db 文件，或 package")

    def handle(self, *, source, **options):
        started = time.monotonic()
        try:
            editions, skipped = read_source(source)
        except LawFormatError as error:
            raise CommandError(f"没有导入任何内容。{error}") from error
        for name in skipped:
            self.stdout.write(f"跳过 {name}：不是法律文本")
        outcomes = import_laws(editions, now=timezone.now(), report=self._reporter(len(editions)))
        self.stdout.write(
            f"法律库：新增 {outcomes['created']} 部，更新 {outcomes['updated']} 部，"
            f"未变 {outcomes['unchanged']} 部，保留原文 {outcomes['kept']} 部，"
            f"用时 {time.monotonic() - started:.1f} 秒"
        )

    def _reporter(self, total: int):
        """Progress in place on a terminal, a line now and then in a log."""
        in_place = sys.stdout.isatty()

        def report(done: int) -> None:
            if in_place or done % EVERY == 0 or done == total:
                self.stdout.write(f"导入法律 {done}/{total}", ending="\r" if in_place else "\n")

        return report
