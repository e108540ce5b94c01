"""A district with two towns and a training for them, made through the actions users use."""
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_urlsafe

from mingfa.bank import actions as bank_actions
from mingfa.bank.drafts import QuestionDraft
from mingfa.library.citations import CitationRef
from mingfa.people import actions as people
from mingfa.people.models import OrgUnit, Role, User

from courses.live import actions
from courses.live.actions import Given
from courses.live.board import Actor
from courses.live.models import Training, Venue

NOW = datetime(2026, 9, 17, 1, 0, tzinfo=UTC)  # 09:00 in Beijing
BEFORE = NOW - timedelta(days=200)


@dataclass
class Scene:
    boss: User
    district: OrgUnit
    towns: list[OrgUnit]
    trainer: User
    steward: User
    second: User
    cadres: list[User] = field(default_factory=list)
    training: Training | None = None
    venues: list[Venue] = field(default_factory=list)

    def person(self, name="陈志远", unit=None, **more) -> User:
        return people.create_person(name=name, unit=unit or self.towns[0], by=self.boss, now=BEFORE, **more)

    def holder(self, role, unit, name) -> User:
        user = self.person(name, unit)
        people.grant_role(user, role=role, unit=unit, by=self.boss, now=BEFORE)
        return User.objects.get(pk=user.pk)

    def outsiders(self) -> OrgUnit:
        """A town that has nothing to do with the training."""
        people.create_unit(name="无关镇", kind="township", parent=self.district, by=self.boss, now=BEFORE)
        return OrgUnit.objects.get(name="无关镇")

    @property
    def teaching(self) -> Actor:
        return Actor("trainer", self.trainer.pk, self.trainer.name)

    def stewarding(self, user=None) -> Actor:
        user = user or self.steward
        return Actor("steward", user.pk, user.name, self.venues[0].pk)

    def sitting(self, place=0) -> Actor:
        entry = self.training.roster.get(user=self.cadres[place])
        return Actor("cadre", entry.user_id, self.cadres[place].name, entry.venue_id)

    def do(self, kind, data=None, *, actor=None, idem=None, now=NOW):
        return actions.do(
            self.training.pk, kind, data or {}, actor=actor or self.teaching, idem=idem or token_urlsafe(16), now=now
        )

    def answer(self, item, choice, *, actor=None, now=NOW, kind="answer"):
        data = {"id": item} if kind == "qa.vote" else {"id": item, "choice": choice}
        return actions.take_answers(self.training.pk, [Given(kind, data, actor or self.sitting())], now=now)[0]

    def turn(self, *states, now=NOW):
        for to in states:
            self.do("session.state", {"to": to}, now=now)

    def begin(self, now=NOW):
        self.turn("scheduled", "lobby", "live", now=now)

    @property
    def state(self) -> dict:
        return Training.objects.get(pk=self.training.pk).snapshot

    @property
    def log(self) -> list[dict]:
        return [one.envelope for one in self.training.events.order_by("seq")]

    def question(self, answer="A"):
        bank = bank_actions.create_bank(name="题库", unit=self.district, by=self.boss, now=BEFORE)
        draft = QuestionDraft(
            type="single", stem="申请复议的期限", options=("六十日", "三十日", "十五日"), answer=answer, explanation="",
            citations=(CitationRef("行政复议法", 20),),
        )  # fmt: skip
        return bank_actions.create_question(bank, draft, by=self.boss, now=BEFORE)


def build(people_each=3) -> Scene:
    boss = User.objects.create_superuser("boss", name="管理")
    district = people.create_unit(name="嘉禾区", kind="district", parent=None, by=boss, now=BEFORE)
    for name in ("穗安街道", "黄莺岗镇"):
        people.create_unit(name=name, kind="township", parent=district, by=boss, now=BEFORE)
    district, *towns = OrgUnit.objects.filter(path__startswith=district.path).order_by("path")
    scene = Scene(boss, district, towns, boss, boss, boss)
    scene.trainer = scene.holder(Role.TRAINER, district, "何砚秋")
    scene.steward = scene.holder(Role.LIAISON, towns[0], "乙一")
    scene.second = scene.holder(Role.LIAISON, towns[0], "乙二")
    for place in range(people_each * 2):
        scene.cadres.append(scene.person(f"甲{place}", towns[place % 2]))
    scene.training = actions.create_training(
        title="行政复议法新规", unit=district, starts_at=NOW, ends_at=NOW + timedelta(minutes=90), venues=towns,
        by=scene.trainer, now=BEFORE,
    )  # fmt: skip
    scene.venues = list(scene.training.venues.order_by("unit__path"))
    return scene
