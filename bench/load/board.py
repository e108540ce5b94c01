"""Throw-away data of bench board: units, cadres, exams with their rosters and sittings, written by the database itself."""
import sys
from collections.abc import Callable
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from mingfa.bank import actions as bank
from mingfa.people import actions as people
from mingfa.people.models import OrgUnit, Role, User

from exams import actions
from exams.actions.preparing import RuleSpec
from exams.models import Exam

TOWNS, PER_INSERT = 40, 2_000
DAYS = 10  # of each exam's window

# Everybody's fate is read off the two ids, the same on every run and both databases.
FATE = "((u.id * 7919 + %(n)s * 104729) %% 1000)"
MARK = "(40 + (u.id * 31 + %(n)s * 17) %% 61)"
COMES = f"{FATE} < %(share)s"
CANDIDATES = f"""
INSERT INTO exams_candidate (id, exam_id, user_id, unit_id, category, exempt_reason, deferred_reason, attempts_used,
  extra_attempts, extra_minutes, counted_id, counted_mark, passed, sat_on)
SELECT %(base)s + u.id, %(exam)s, u.id, o.id, 'civil', CASE WHEN {FATE} BETWEEN 990 AND 994 THEN '退休' ELSE '' END,
  CASE WHEN {FATE} > 994 THEN '住院' ELSE '' END, CASE WHEN {COMES} THEN 1 ELSE 0 END, 0, 0,
  CASE WHEN {COMES} THEN %(base)s + u.id END, CASE WHEN {COMES} THEN {MARK} END,
  CASE WHEN {COMES} THEN {MARK} >= 60 END, CASE WHEN {COMES} THEN %(day)s END
FROM people_user u JOIN people_orgunit o ON o.id = %(first_unit)s + u.id %% %(units)s
WHERE u.username LIKE 'cadre%%' AND (u.id * 13 + %(n)s) %% %(days)s = %(which)s
"""
SITTINGS = f"""
INSERT INTO exams_sitting (id, candidate_id, number, state, started_at, ends_at, submitted_at, ending, epoch, takeovers,
  device, frozen_reason, void_reason, revision, answers, mark)
SELECT %(base)s + u.id, %(base)s + u.id, 1, 'marked', %(at)s, %(at)s, %(at)s, 'self', 1, 0, '', '', '', 6, '{{}}', {MARK}
FROM people_user u WHERE u.username LIKE 'cadre%%' AND (u.id * 13 + %(n)s) %% %(days)s = %(which)s AND {COMES}
"""


def bar(words: str) -> Callable[[int, int], None]:
    """A line that fills up, on a terminal; its end elsewhere."""
    def show(done: int, total: int) -> None:
        if sys.stderr.isatty() or done == total:
            print(f"\r  {words:18}[{'#' * (30 * done // total):30}] {done:,} / {total:,}", end="", file=sys.stderr, flush=True)
        if done == total:
            print(file=sys.stderr)
    return show  # fmt: skip


def build(units: int, cadres: int, exams: int) -> tuple[OrgUnit, list[Exam], User]:
    """Half of the exams of this year and half of the last, the first of each of the same name; the first one runs now.

    Returns:
        (district, exams, a leader of the district)
    """
    now = timezone.now()
    boss = User.objects.create_superuser("bench-board", name="管理")
    district, leaves = make_units(units, boss, now)
    show = bar("人员")
    for start in range(0, cadres, PER_INSERT):
        some = [User(username=f"cadre{n}", name=f"干部{n}", password="!") for n in range(start, min(start + PER_INSERT, cadres))]
        User.objects.bulk_create(some)
        show(start + len(some), cadres)
    leader = people.create_person(name="领导", unit=district, category="civil", by=boss, now=now)
    people.grant_role(leader, role=Role.LEADER, unit=district, by=boss, now=now)
    made = make_exams(exams, district, boss, now)
    show, done = bar("名册和答卷"), 0
    for n, exam in enumerate(made):
        for which in range(DAYS):
            at = exam.opens_at + timedelta(days=which, hours=1)
            # Of the running exam whoever belongs to a day to come has not come yet.
            share = 0 if at > now else 970 if n else 900
            values = {
                "base": (n + 1) * 10_000_000, "exam": exam.pk, "n": n, "day": timezone.localdate(at), "share": share,
                "first_unit": leaves[0].pk, "units": len(leaves), "days": DAYS, "which": which, "at": at,
            }  # fmt: skip
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(CANDIDATES, values)
                cursor.execute(SITTINGS, values)
            done += 1
            show(done, len(made) * DAYS)
    return district, made, User.objects.get(pk=leader.pk)


def make_units(units: int, boss: User, now) -> tuple[OrgUnit, list[OrgUnit]]:
    """District → 40 townships → the rest evenly below them; everybody belongs to one of those."""
    district = people.create_unit(name="嘉禾区", kind="district", parent=None, by=boss, now=now)
    show, towns, below = bar("单位"), [], []
    for n in range(TOWNS):
        path = OrgUnit._get_path(district.path, 2, n + 1)
        towns.append(OrgUnit(name=f"第{n}镇", kind="township", path=path, depth=2))
    leaves = units - TOWNS - 1
    for n in range(leaves):
        town = towns[n % TOWNS]
        town.numchild += 1
        path = OrgUnit._get_path(town.path, 3, town.numchild)
        below.append(OrgUnit(name=f"{town.name}第{town.numchild}村", kind="village", path=path, depth=3))
    OrgUnit.objects.bulk_create(towns)
    OrgUnit.objects.bulk_create(below)
    OrgUnit.objects.filter(pk=district.pk).update(numchild=TOWNS)
    show(units, units)
    return OrgUnit.objects.get(pk=district.pk), list(OrgUnit.objects.filter(depth=3).order_by("pk"))


def make_exams(exams: int, district: OrgUnit, boss: User, now) -> list[Exam]:
    blueprint = actions.create_blueprint(
        name="规则", bank=bank.create_bank(name="题库", unit=district, by=boss, now=now), rules=[RuleSpec("single", 1, 100)],
        by=boss, now=now,
    )  # fmt: skip
    made = []
    for n in range(exams):
        last_year = n >= (exams + 1) // 2
        place = n - (exams + 1) // 2 if last_year else n
        opens = now - timedelta(days=365 * last_year + 15 * place + 6, hours=2)
        name = f"{opens.year} 年度法治理论考试" if not place else f"{opens.year} 年第 {place} 次专题考试"
        made.append(actions.create_exam(
            name=name, unit=district, blueprint=blueprint, opens_at=opens, closes_at=opens + timedelta(days=DAYS),
            duration_minutes=60, pass_mark=60, due_units=[district], by=boss, now=now,
        ))  # fmt: skip
        state = Exam.State.CLOSED if n else Exam.State.PUBLISHED
        Exam.objects.filter(pk=made[-1].pk).update(state=state, published_at=opens, roster_on=opens.date())
    return list(Exam.objects.order_by("pk"))
