"""manage.py check_lessons"""

from django.core.management.base import BaseCommand
from mingfa.library.citations import format_citation

from courses.citing import check_lessons
from courses.models import CoursePage

WORDS = {"missing": "库中没有这一条", "not_in_force": "所在版本现在不是有效文本"}


class Command(BaseCommand):
    help = "核对课程正文的依据：列出法律库里没有的、现在不是有效文本的。退出码：0 没有缺失，1 有缺失。"
    requires_migrations_checks = False

    def handle(self, **options):
        check = check_lessons(CoursePage.objects.live().order_by("path"))
        for one in check.findings:
            what = f"{format_citation(one.ref)} {WORDS[one.standing]}"
            self.stdout.write(f"《{one.course.title}》“{one.lesson.title}”：{what}")
        self.stdout.write(f"共 {check.lessons} 课，{check.citations} 处依据，{len(check.findings)} 处要看")
        if any(one.standing == "missing" for one in check.findings):
            raise SystemExit(1)
