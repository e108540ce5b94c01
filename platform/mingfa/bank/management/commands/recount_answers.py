"""manage.py recount_answers: the counters of answers, worked out anew from the marks they come from."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from mingfa.bank import actions


class Command(BaseCommand):
    help = "重新统计每道题的作答人次和答对率；--check 只核对，不改"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="只核对，有不同时以 1 退出")

    def handle(self, *args, check, **options):
        differing = 0
        for what, number in actions.recount_answers(now=timezone.now(), repair=not check):
            differing += number
            self.stdout.write(f"{what}：{f'{number} 处不同' if number else '一致'}")
        if check and differing:
            raise SystemExit(1)
