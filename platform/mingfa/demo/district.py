"""Units, the roster and the demo accounts."""
import json
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction

from mingfa.models import SiteIdentity
from mingfa.people import actions
from mingfa.people.models import Category, DutyStatus, OrgUnit, Role, User

from . import sources

CATEGORIES = {label: value for value, label in Category.choices}
STATUSES = {label: value for value, label in DutyStatus.choices}
BATCH = 100


@dataclass(frozen=True)
class Account:
    """A demo account: the person of the roster who gets it, the role and where it holds."""

    name: str
    person: str
    role: str | None
    unit: str
    words: str


ACCOUNTS = (
    Account("demo-cadre", "林晚晴", None, "望禾街道", "学员：望禾街道干部，学课程、参加考试"),
    Account("demo-liaison", "", Role.LIAISON, "望禾街道", "联络员：望禾街道的名册、激活条和催考"),
    Account("demo-leader", "唐守正", Role.LEADER, "嘉禾区", "领导：全区看板"),
    Account("demo-trainer", "何砚秋", Role.TRAINER, "嘉禾区", "培训师：课程和布置"),
    Account("demo-setter", "", Role.SETTER, "嘉禾区", "出题人：题库、组卷和考试"),
    Account("demo-admin", "", Role.SYSTEM_ADMIN, "嘉禾区", "系统管理员：后台"),
    Account("demo-first", "", Role.REVIEWER_1, "嘉禾区", "一审人：试题的一审一校"),
    Account("demo-second", "", Role.REVIEWER_2, "嘉禾区", "二审人：试题的二审二校"),
    Account("demo-third", "", Role.REVIEWER_3, "嘉禾区", "三审人：试题的三审三校"),
    Account("demo-outreach", "", Role.OUTREACH, "嘉禾区", "宣传员：全区资料台账和宣传活动"),
    Account("demo-report", "", Role.LIAISON, "嘉禾区", "联络员：全区的数据填报和年度报告"),
    Account("demo-town", "", Role.OUTREACH, "望禾街道", "宣传员：望禾街道的资料和活动"),
    Account("demo-security", "", Role.SECURITY_ADMIN, "嘉禾区", "安全管理员：授权和账号"),
    Account("demo-audit", "", Role.AUDIT_ADMIN, "嘉禾区", "审计管理员：操作日志"),
)


def load_units(*, by: User, now: datetime) -> dict[str, OrgUnit]:
    """The unit tree of units.csv, by name, and the name and footer of the site."""
    units: dict[str, OrgUnit] = {}
    with transaction.atomic():
        for row in sources.rows("units.csv"):
            parent = OrgUnit.objects.get(pk=units[row["parent"]].pk) if row["parent"] else None
            units[row["name"]] = actions.create_unit(
                name=row["name"], kind=row["kind"], parent=parent, by=by, now=now
            )
        SiteIdentity.objects.create(
            place="嘉禾区", organiser="嘉禾区信访办公室", phone="0000-0000000", icp="×ICP备00000000号-1",
            police="×公网安备00000000000000号", site_code="0000000000",
        )  # fmt: skip
    return {unit.name: unit for unit in OrgUnit.objects.all()}


def load_people(units: dict[str, OrgUnit], *, by: User, now: datetime, report: Callable[[int, int], None]) -> None:
    """The roster of roster.csv: accounts that nobody can use until they are activated."""
    people = sources.rows("roster.csv")
    for start in range(0, len(people), BATCH):
        with transaction.atomic():
            for row in people[start : start + BATCH]:
                actions.create_person(
                    name=row["姓名"], staff_number=row["工号"], unit=units[row["单位"]], post=row["职务"],
                    grade=row["职级"], category=CATEGORIES[row["人员类别"]],
                    duty_status=STATUSES[row["在岗状态"]], username=row["工号"].lower(), by=by, now=now,
                )  # fmt: skip
        report(min(start + BATCH, len(people)), len(people))


def open_accounts(units: dict[str, OrgUnit], *, by: User, now: datetime) -> dict[str, User]:
    """Turn people of the roster into the demo accounts, with one random password kept in the data folder."""
    password = _password()
    hashed = make_password(password)
    people: dict[str, User] = {}
    with transaction.atomic():
        for account in ACCOUNTS:
            person = _person(account, units[account.unit], taken=people.values())
            people[account.name] = actions.make_demo_account(
                person, username=account.name, hashed=hashed, by=by, now=now
            )
            if account.role:
                actions.grant_role(person, role=account.role, unit=units[account.unit], by=by, now=now)
    path = settings.DATA / "demo-accounts.json"
    path.touch(mode=0o600)
    told = {account.name: account.words for account in ACCOUNTS}
    path.write_text(json.dumps({"password": password, "accounts": told}, ensure_ascii=False, indent=1), "utf-8")
    return people


def _person(account: Account, unit: OrgUnit, taken) -> User:
    """Who gets the account: the person named, else the first of the unit who is on duty and has none."""
    if account.person:
        return User.objects.get(name=account.person)
    free = User.objects.filter(
        postings__main=True, postings__ends_on=None, postings__duty_status=DutyStatus.ON_DUTY,
        postings__unit__path__startswith=unit.path,
    ).exclude(pk__in=[one.pk for one in taken])  # fmt: skip
    return free.exclude(name__in=[one.person for one in ACCOUNTS]).order_by("postings__unit__path", "pk").first()


def _password() -> str:
    """Random, four classes, easy to type: 5 groups would be more than a demo on loopback needs."""
    letters = "abcdefghjkmnpqrstuvwxyz"
    groups = ["".join(secrets.choice(letters) for _ in range(4)) for _ in range(3)]
    return f"{'-'.join(groups).capitalize()}-{secrets.randbelow(900) + 100}"
