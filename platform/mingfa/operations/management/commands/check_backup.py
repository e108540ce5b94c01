"""manage.py check_backup: whether a backup is whole, without changing anything."""
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from mingfa.operations import archive
from mingfa.operations.archive import Manifest, Trouble
from mingfa.operations.progress import Progress
from mingfa.operations.restoring import refuse_unfit

KINDS = {"manual": "手动备份", "nightly": "夜间备份", "before-update": "升级前的备份"}
# What people ask after: table and word.
TOLD = {"people_user": "账号", "bank_question": "试题", "exams_exam": "考试", "exams_sitting": "作答"}


def described(manifest: Manifest, size: int) -> str:
    """A line for the terminal."""
    counts = "，".join(f"{word} {manifest.counts[table]}" for table, word in TOLD.items() if table in manifest.counts)
    return (
        f"{KINDS.get(manifest.kind, manifest.kind)}，{manifest.made_at[:16].replace('T', ' ')} UTC，版本 {manifest.version}，"
        f"{len(manifest.files)} 个文件，展开 {size / 2**20:.1f} MB；{counts}；"
        + ("含培训录像" if manifest.recordings else "不含培训录像")
    )


class Command(BaseCommand):
    help = "核对备份：文件完整、与清单一致、能不能在这里恢复。不改动任何数据。"
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *, file, **options):
        try:
            with archive.opened(file) as pack:
                self.stdout.write(described(pack.manifest, pack.size))
                pack.check(Progress(self.stdout))
                self.stdout.write("备份完整。")
                refuse_unfit(pack.manifest)
        except Trouble as trouble:
            raise CommandError(str(trouble)) from trouble
        self.stdout.write("可以在这里恢复。")
