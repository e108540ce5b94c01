"""manage.py restore: bring a backup back, the whole or nothing."""
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from mingfa.operations import archive, restoring
from mingfa.operations.archive import Trouble
from mingfa.operations.management.commands.check_backup import described
from mingfa.operations.progress import Progress

YES = "恢复"


class Command(BaseCommand):
    help = "恢复备份：先停止明法。现有的数据全部换成备份里的；中途断电也只会是旧的或新的，不会是一半。"
    requires_system_checks = ()

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--yes", action="store_true", help="不再询问")

    def handle(self, *, file, yes, **options):
        try:
            with restoring.nobody_else():
                if restoring.settle() == "done":
                    self.stdout.write("上次中断的恢复先做完了。")
                with archive.opened(file) as pack:
                    self.stdout.write(described(pack.manifest, pack.size))
                    restoring.refuse_unfit(pack.manifest)
                    self.ask(yes)
                    restoring.restore(pack, Progress(self.stdout))
        except Trouble as trouble:
            raise CommandError(f"没有恢复：{trouble}") from trouble
        except KeyboardInterrupt:
            raise CommandError("恢复已取消。再次启动明法或再次恢复时，会先收拾好。") from None
        self.stdout.write("已恢复。现在可以启动明法：python3 run.py")

    def ask(self, yes):
        if yes:
            return
        self.stdout.write("现有的数据会全部换成备份里的，备份以后的作答和修改都会没有。")
        try:
            said = input(f"确定请输入“{YES}”：")
        except EOFError:
            said = ""
        if said.strip() != YES:
            raise CommandError("没有恢复，数据没有改动。")
