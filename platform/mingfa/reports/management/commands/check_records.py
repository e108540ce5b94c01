"""Whether anybody has changed records past the product: `manage.py check_records`."""
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mingfa.audit import checks
from mingfa.reports import sealing


class Command(BaseCommand):
    """Names the first broken record of the log, and of everything that apps can prove (mingfa.audit.register_check)."""

    help = "核对操作记录、成绩和冻结的数据有没有被绕过系统改过；有的话，说出最早的一条"

    def add_arguments(self, parser):
        parser.add_argument("--digest", default="", help="以前抄下来的封存摘要：核对它还在链上")
        parser.add_argument("--seal", action="store_true", help="先把还没有封存的操作记录封存")

    def handle(self, *, digest, seal, **options):
        now = timezone.now()
        if seal:
            sealing.seal_log(now=now)
        broken = [next(one, None) for one in (sealing.broken_log(now), *(check() for check in checks()))]
        if digest and not sealing.knows(digest):
            broken.append(f"封存摘要 {digest} 不在链上：它以前的操作记录被整段改写或删去")
        if any(broken):
            raise CommandError("有记录被绕过系统改过：\n" + "\n".join(f"  {one}" for one in broken if one))
        last = sealing.last_seal()
        self.stdout.write("没有发现被改过的记录。")
        if last is not None:
            self.stdout.write(f"操作记录封存到第 {last.pk} 条，摘要 {last.digest}。请抄下来另存，下次用 --digest 核对。")
