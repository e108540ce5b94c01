"""manage.py demo: the demo district 嘉禾区, with progress. Refuses where people already are."""
import random
import sys
import time
from contextlib import ExitStack
from datetime import timedelta

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

from mingfa.demo import (
    asking,
    beliefs,
    district,
    examination,
    lawchange,
    outreach,
    publishing,
    reporting,
    reviewing,
    study,
    training,
    written,
)
from mingfa.library.models import Law
from mingfa.people.models import User

SEED = 20260501  # the same district every time
LOADER = "demo-loader"


class Command(BaseCommand):
    help = "装入演示区“嘉禾区”：约 600 人的机构、法律库、题库、课程、考试、宣传、培训、法律修改、报告。只能装进空的数据目录。"

    def handle(self, **options):
        with ExitStack() as self.under_way:
            self.load()

    def load(self) -> None:
        if User.objects.exists():
            raise CommandError("数据目录里已经有人员，不能再装演示数据。请换一个空目录：--data DIR")
        began, now, rng = time.monotonic(), timezone.now(), random.Random(SEED)  # noqa: S311 - demo data
        self.step("法律库")
        if not Law.objects.exists():
            call_command("import_laws", "package", stdout=self.stdout, stderr=self.stderr)
        joined = now - timedelta(days=400)
        # Whoever the log names for what the loader does; nobody can sign in with it.
        loader = User.objects.create(username=LOADER, name="演示数据", is_active=False, is_superuser=True)
        self.step("机构和人员")
        units = district.load_units(by=loader, now=joined)
        district.load_people(units, by=loader, now=joined, report=self.progress)
        accounts = district.open_accounts(units, by=loader, now=joined)
        top = units["嘉禾区"]
        self.step("题库")
        bank = study.load_bank(top, by=loader, now=joined, report=self.progress)
        beliefs.load_beliefs(bank, units, by=loader, now=joined)
        reviewing.load_reviews(top, accounts, by=loader, now=now)
        self.step("课程")
        made = study.load_courses(bank, top, by=loader, now=now - timedelta(days=10))
        study.play_study(made, leave_out=accounts.values(), rng=rng, now=now - timedelta(days=1), report=self.progress)
        self.step("考试")
        examination.load_exams(bank, units, by=loader, now=now, rng=rng, report=self.progress)
        written.load_written(units, by=loader, now=now, rng=rng)
        self.step("宣传活动")
        campaign = outreach.load_outreach(units, accounts, by=loader, now=now)
        asking.load_quiz(units, campaign, keeper=accounts["demo-outreach"], by=loader, now=now)
        publishing.load_public_pages(top, accounts, campaign, now=now)
        self.step("实时培训")
        training.load_trainings(units, accounts, now=now, rng=random.Random(SEED))  # noqa: S311 - demo data
        self.step("法律修改")
        lawchange.load_first(units, by=loader, now=now, joined=joined, rng=rng)
        lawchange.load_second(accounts["demo-setter"], by=loader, now=now)
        self.step("年度报告")
        reporting.load_report(units, accounts, by=loader, now=now)
        reporting.load_upper_form(units, accounts, now=now)
        User.objects.filter(pk=loader.pk).update(is_superuser=False)
        self.stdout.write(f"演示数据已装好，用时 {time.monotonic() - began:.0f} 秒。")

    def step(self, words: str) -> None:
        """The last step is committed, the next begins: one transaction each, for every action of thousands would wait for
        the disk, and nobody else is there yet."""
        self.under_way.close()
        self.under_way.enter_context(transaction.atomic())
        self.stdout.write(f"  {words}…")
        self.stdout.flush()

    def progress(self, done: int, total: int) -> None:
        """One line that counts up on a terminal; only its end elsewhere."""
        terminal = sys.stdout.isatty()
        if terminal or done == total:
            self.stdout.write(f"\r    {done} / {total}" if terminal else f"    {done} / {total}", ending="")
            self.stdout.write("\n" if done == total else "", ending="")
            self.stdout.flush()
