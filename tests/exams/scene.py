"""A small district with an exam, made through the same actions users use."""
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache

from django.contrib.auth.hashers import make_password
from django.test import Client
from django.urls import reverse
from mingfa.bank import actions as bank_actions
from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.models import Bank
from mingfa.people import actions as people
from mingfa.people.models import OrgUnit, User

from exams import actions
from exams.actions.preparing import RuleSpec
from exams.models import Candidate, Exam, Sitting
from exams.papers import LoadedPaper, keys_of, paper_of
from exams.tokens import issue

OPENS = datetime(2026, 9, 14, 1, 0, tzinfo=UTC)  # 9:00 in Beijing
CLOSES = OPENS + timedelta(days=4)
NOON = OPENS + timedelta(hours=3)
PASSWORD = "Lian-Xi-2026"
RULES = (RuleSpec("single", 3, Decimal(10)), RuleSpec("multiple", 2, Decimal(20)), RuleSpec("judge", 3, Decimal(10)))
SECRET = "解析只有交卷以后才能看到"


@cache
def hashed(password: str) -> str:
    """A hash as of any account, worked out once: it is made to take long."""
    return make_password(password)


def minutes(n: float) -> timedelta:
    return timedelta(minutes=n)


@dataclass
class Scene:
    boss: User
    district: OrgUnit
    town: OrgUnit
    other_town: OrgUnit
    bank: Bank

    def person(self, name="陈志远", unit=None, **more) -> User:
        user = people.create_person(
            name=name, unit=unit or self.town, category="civil", by=self.boss, now=OPENS - timedelta(days=30), **more
        )
        user.password, user.must_change_password = hashed(PASSWORD), False
        user.save()
        return user

    def exam(self, *, publish=True, rules=RULES, now=OPENS - timedelta(days=1), **more) -> Exam:
        blueprint = actions.create_blueprint(name="规则", bank=self.bank, rules=rules, by=self.boss, now=now)
        fields = {
            "name": "法治理论考试", "unit": self.district, "opens_at": OPENS, "closes_at": CLOSES,
            "duration_minutes": 60, "grace_minutes": 0, "pass_mark": Decimal(60), "due_units": [self.district], **more,
        }  # fmt: skip
        exam = actions.create_exam(blueprint=blueprint, by=self.boss, now=now, **fields)
        if publish:
            actions.publish_exam(exam, by=self.boss, now=now)
        return Exam.objects.get(pk=exam.pk)


def build() -> Scene:
    boss = User.objects.create_superuser("boss", name="管理")
    day = OPENS - timedelta(days=60)
    district = people.create_unit(name="嘉禾区", kind="district", parent=None, by=boss, now=day)
    town = people.create_unit(name="穗安街道", kind="township", parent=district, by=boss, now=day)
    other = people.create_unit(name="黄莺岗镇", kind="township", parent=district, by=boss, now=day)
    bank = bank_actions.create_bank(name="题库", unit=district, by=boss, now=day)
    for n in range(8):
        for kind, answer in (("single", "ABCD"[n % 4]), ("multiple", ("AB", "ACD", "BCD")[n % 3]), ("judge", "TF"[n % 2])):
            options = () if kind == "judge" else tuple(f"{kind}{n} 的选项 {letter}" for letter in "甲乙丙丁")
            draft = QuestionDraft(
                type=kind, stem=f"{kind} 第 {n} 题怎么说", options=options, answer=answer, explanation=SECRET
            )
            bank_actions.create_question(bank, draft, by=boss, now=day)
    return Scene(boss, district, *OrgUnit.objects.filter(pk__in=[town.pk, other.pk]).order_by("path"), bank)


def holder(scene: Scene, *roles: str, name="张主任", unit: OrgUnit | None = None, now=OPENS - timedelta(days=2)) -> User:
    """A new person with these roles for `unit` (the district), read anew."""
    user = scene.person(name)
    for role in roles:
        people.grant_role(user, role=role, unit=unit or scene.district, by=scene.boss, now=now)
    return User.objects.get(pk=user.pk)


def browser(user: User) -> Client:
    """A client in which this person is signed in."""
    client = Client()
    client.force_login(user)
    return client


def candidate(exam: Exam, user: User) -> Candidate:
    return Candidate.objects.select_related("exam__blueprint__bank").get(exam=exam, user=user)


def sit(exam: Exam, user: User, *, now=NOON, seed=5) -> Sitting:
    return actions.start_sitting(candidate(exam, user), by=user, now=now, seed=seed, device="this")


def answer_names(paper: LoadedPaper, place: int, answer: str) -> list[str]:
    """The option names that say a canonical answer, as a page would send them."""
    if paper.kinds[place] == "judge":
        return [paper.names.options[place]["TF".index(answer)]]
    return [paper.names.options[place][paper.items[place].shown.index(ord(one) - 65)] for one in answer]


def changes(sitting: Sitting, places=None, *, right=True, seq=1) -> dict:
    """Changes that answer the given places (all of them) right, or wrong."""
    paper = paper_of(sitting.pk)
    out = {}
    for place, (kind, key) in enumerate(keys_of(paper)):
        if places is not None and place not in places:
            continue
        wrong = {"judge": "F" if key == "T" else "T"}.get(kind, "D" if key == "A" else "A")
        out[paper.names.questions[place]] = [answer_names(paper, place, key if right else wrong), seq]
    return out


def answer_all(sitting: Sitting, *, right=True, now=NOON, places=None):
    return actions.save_answers(sitting.pk, changes(sitting, places, right=right), epoch=sitting.epoch, now=now)


def save_request(client, sitting: Sitting, what: dict, *, epoch=None):
    return client.post(
        reverse("exams:save", args=[sitting.pk]), {"changes": what}, content_type="application/json",
        headers={"x-sitting-token": issue(sitting.pk, epoch or sitting.epoch)},
    )  # fmt: skip
