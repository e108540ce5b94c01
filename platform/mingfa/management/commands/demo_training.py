"""manage.py demo_training: a class with virtual halls and phones on the running server, to look at."""
import asyncio
import random
import sys
from urllib.error import URLError
from urllib.request import urlopen

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mingfa.demo.classroom import stage as stages
from mingfa.demo.classroom.play import Play, View

BAR = 24
MOST_HALLS, MOST_PHONES = 21, 2000


class Command(BaseCommand):
    help = "在运行中的服务器上演一堂课：21 个会场、300 部手机按脚本动起来，您可以打开控制台、大屏和手机看。按 Ctrl-C 下课。"

    def add_arguments(self, parser):
        parser.add_argument("--url", default="http://127.0.0.1:8000", help="服务器的地址，默认 http://127.0.0.1:8000")
        parser.add_argument("--venues", type=int, default=21, help=f"会场，1 到 {MOST_HALLS} 个，默认 21")
        parser.add_argument("--phones", type=int, default=300, help=f"手机，1 到 {MOST_PHONES} 部，默认 300")
        parser.add_argument("--minutes", type=float, default=8, help="这堂课多长，0.2 到 120 分钟，默认 8")
        parser.add_argument("--speed", type=float, default=1, help="快几倍，0.1 到 60，默认 1")

    def handle(self, *, url, venues, phones, minutes, speed, **options):
        for given, least, most, name in (
            (venues, 1, MOST_HALLS, "--venues"), (phones, 1, MOST_PHONES, "--phones"), (minutes, 0.2, 120, "--minutes"),
            (speed, 0.1, 60, "--speed"),
        ):  # fmt: skip
            if not least <= given <= most:
                raise CommandError(f"{name} 要在 {least} 到 {most} 之间。")
        url = url.rstrip("/")
        self.find(url)
        self.say("准备培训、会场和手机…")
        try:
            stage = stages.set_up(halls=venues, phones=phones, minutes=minutes / speed, now=timezone.now())
        except stages.NoDemo:
            raise CommandError("这里没有演示区。演示课要用演示数据：用一个新的数据目录启动 python3 run.py。") from None
        try:
            self.invite(stage, url)
            state = asyncio.run(self.play(stage, url, 60 * minutes / speed))
        except KeyboardInterrupt:
            self.say("\n已停止。")
        else:
            self.sum_up(state)
        finally:
            stages.put_away(stage, now=timezone.now())
        self.say("演示课已下课，虚拟会场和手机已退出。")

    def find(self, url: str) -> None:
        """Raises CommandError when no server answers there."""
        try:
            with urlopen(f"{url}/login/", timeout=10) as page:  # noqa: S310 - the operator's own address
                if page.status == 200:
                    return
        except (URLError, ValueError, OSError):
            pass
        raise CommandError(f"{url} 没有应答。请先在另一个窗口启动：python3 run.py；端口不是 8000 的，加 --url。")

    def invite(self, stage: stages.Stage, url: str) -> None:
        self.say(f"\n“{stage.training.title}”，{len(stage.halls)} 个会场，{len(stage.phones)} 部手机。打开来看：")
        for screen, address, account in stage.addresses(url):
            self.say(f"  {screen}　{account}\n    {address}")
        password = stages.password()
        if password:
            self.say(f"演示账号的密码都是 {password}。几个账号同时看，请各用一个浏览器或无痕窗口。")
        self.say("按 Ctrl-C 下课。\n")

    async def play(self, stage: stages.Stage, url: str, seconds: float) -> dict:
        rng = random.Random()  # noqa: S311 - nobody's secret
        return await Play(stage, url, seconds=seconds, rng=rng, report=self.report).run()

    def report(self, view: View, words: str) -> None:
        """One line that moves on a terminal; elsewhere only where something new begins."""
        terminal = sys.stdout.isatty()
        if not terminal and not words:
            return
        filled = round(BAR * view.share)
        board = view.state["venues"].values()
        signed = sum(one["signed"] for one in board)
        clock = f"{int(view.seconds) // 60:02d}:{int(view.seconds) % 60:02d}"
        line = (
            f"[{'#' * filled}{'.' * (BAR - filled)}] {clock} 会场 {view.halls}，手机 {view.phones}，"
            f"签到 {signed}，第 {view.state['slide']['page']} 页，举手 {len(view.state['hands'])}，已收 {view.sent} 条"
        )
        if words:
            self.stdout.write(f"\r\x1b[K  {clock} {words}" if terminal else f"{clock} {words}（{line.partition('] ')[2]}）")
        if terminal:
            self.stdout.write(f"\r\x1b[K{line}", ending="")
        self.stdout.flush()

    def sum_up(self, state: dict) -> None:
        board = state["venues"].values()
        told = {
            "会场": len(board), "到场": sum(one["heads"] for one in board), "签到": sum(one["signed"] for one in board),
            "问题": len(state["qa"]), "事件": state["seq"],
        }  # fmt: skip
        self.say("\n" + "，".join(f"{name} {count}" for name, count in told.items()) + "。")

    def say(self, words: str) -> None:
        self.stdout.write(words)
        self.stdout.flush()
