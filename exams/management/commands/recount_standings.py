"""manage.py recount_standings: the counters of the board compared with the rosters they come from, and set right."""
from django.core.management.base import BaseCommand

from exams import actions
from exams.yearly import published_exams


class Command(BaseCommand):
    help = "逐个单位核对看板的人数和名册，不同的重新计；--check 只核对，不改。考试进行中也可以运行"

    def add_arguments(self, parser):
        parser.add_argument("--check", action="store_true", help="只核对，有不同时以 1 退出")

    def handle(self, *args, check, **options):
        total, remaining = published_exams().count(), 0
        for number, (exam, units, differing, left) in enumerate(actions.recount_standings(repair=not check), 1):
            remaining += left
            found = "和名册一致" if not differing else f"{differing} 个单位不同" if check else f"{differing} 个单位不同，已重新计"
            self.stdout.write(f"{number}/{total} {exam.name}：{units} 个单位，{found}")
            self.stdout.flush()
        self.stdout.write(f"仍有 {remaining} 个单位和名册不同。" if remaining else "全部和名册一致。")
        if remaining:
            raise SystemExit(1)
