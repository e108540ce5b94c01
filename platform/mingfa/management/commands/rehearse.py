"""manage.py rehearse: how many candidates this host carries, found by playing an exam day with throw-away data."""
import sys
from datetime import UTC, datetime

from django.core.management.base import BaseCommand, CommandError

from mingfa import capacity
from mingfa.rehearsal import day
from mingfa.rehearsal.host import Host, Trouble

FEWEST, MOST, BAR = 40, 20_000, 24


class Command(BaseCommand):
    help = "演练：用临时数据在这台主机上考一遍，看每分钟能承多少人开始。正式数据不动；请在没有考试的时候做。"

    def add_arguments(self, parser):
        parser.add_argument("--candidates", type=int, default=500, help=f"考生人数，{FEWEST} 到 {MOST}，默认 500")
        parser.add_argument(
            "--slowest", type=int, default=day.SLOWEST_MS, metavar="毫秒", help="p95 超过这么多毫秒算到顶，默认 %(default)s"
        )

    def handle(self, *, candidates, slowest, **options):
        if not FEWEST <= candidates <= MOST:
            raise CommandError(f"考生人数要在 {FEWEST} 到 {MOST} 之间。")
        self.stdout.write(f"准备 {candidates} 名临时考生…")
        self.stdout.flush()
        try:
            with Host(candidates) as host:
                played = day.play(host, self.progress, slowest)
        except Trouble as trouble:
            raise CommandError(str(trouble)) from trouble
        except KeyboardInterrupt:
            raise CommandError("演练已取消，临时数据已清除。") from None
        self.tell(played, candidates)

    def tell(self, played: day.Day, candidates: int) -> None:
        """Print what was found and keep it for the organisers' pages."""
        for step in played.steps:
            said = "承得住" if step.carried else "到顶了"
            self.stdout.write(
                f"  每分钟 {step.rate:>5} 人开始：{step.done} / {step.people} 人拿到试卷，p95 {step.p95_ms} 毫秒，{said}"
            )
        self.stdout.write(f"  同时交卷：p95 {played.hand_in_p95_ms} 毫秒；没有成功的请求 {played.refused} 个")
        self.stdout.write(f"  每份试卷从登录到结果：服务器处理器时间 {played.cpu_ms} 毫秒")
        best = played.best
        if best is None:
            raise CommandError("连最低的速度也承不住。请换更快的主机，或者检查是不是有别的程序在占用。")
        full = not played.steps[-1].carried
        self.stdout.write(
            f"这台主机每分钟承 {best.rate} 人开始（p95 {best.p95_ms} 毫秒）"
            + ("。" if full else "，还没有到顶；要找到顶，请增加 --candidates。")
        )
        moment = datetime.now(UTC).isoformat(timespec="seconds")
        capacity.write(capacity.Capacity(best.rate, best.p95_ms, played.cpu_ms, candidates, full, moment))

    def progress(self, words: str, done: int, total: int) -> None:
        """A bar that grows on a terminal; only its end elsewhere."""
        terminal = sys.stdout.isatty()
        if not terminal and done < total:
            return
        filled = BAR * done // max(1, total)
        line = f"  [{'#' * filled}{'.' * (BAR - filled)}] {words} {done} / {total}"
        self.stdout.write(f"\r{line}" if terminal else line, ending="\n" if done == total else "")
        self.stdout.flush()
