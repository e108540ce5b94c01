"""A district with a store and two townships, and people who keep the ledger, made through the same actions users use."""
from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.test import Client
from mingfa.people import actions as people
from mingfa.people.models import OrgUnit, Role, User

from outreach import actions
from outreach.models import Batch, Material

DAY = date(2026, 12, 4)
NOW = datetime(2026, 12, 4, 8, 0, tzinfo=UTC)  # 16:00 in Beijing


@dataclass
class Scene:
    boss: User
    district: OrgUnit
    town: OrgUnit
    other: OrgUnit
    village: OrgUnit
    keeper: User  # 宣传员 of the district
    towner: User  # 宣传员 of the first township

    def person(self, name: str, unit: OrgUnit, *roles: str, at: OrgUnit | None = None) -> User:
        user = people.create_person(name=name, unit=unit, category="civil", by=self.boss, now=NOW)
        for role in roles:
            people.grant_role(user, role=role, unit=at or unit, by=self.boss, now=NOW)
        return User.objects.get(pk=user.pk)

    def material(self, name="宪法单行本", category="statute", **more) -> Material:
        return actions.create_material(
            name=name, category=category, unit=self.district, by=self.keeper, now=NOW, **more
        )

    def batch(self, quantity=5000, *, material=None, label="第 1 批", day=date(2026, 11, 1)) -> Batch:
        """A batch that has arrived in the district's store."""
        movement = actions.receive_print(
            material or self.material(), label=label, place=self.district, quantity=quantity, day=day, by=self.keeper,
            now=NOW,
        )  # fmt: skip
        return movement.lines.first().batch

    def send(self, batch: Batch, quantity: int, *, to=None, day=date(2026, 11, 10)):
        return actions.transfer_stock(
            batch, place=self.district, to=to or self.town, quantity=quantity, day=day, by=self.keeper, now=NOW
        )

    def give(self, batch: Batch, quantity: int, *, place=None, day=DAY, spot="老街集市", **more):
        return actions.hand_out(
            [(batch, quantity)], place=place or self.town, day=day, spot=spot, by=self.towner, now=NOW, **more
        )


def build() -> Scene:
    boss = User.objects.create_superuser("boss", name="管理")
    made = {}
    for name, kind, parent in [
        ("嘉禾区", "district", None), ("澄溪镇", "township", "嘉禾区"), ("柳汀湾镇", "township", "嘉禾区"),
        ("樟树村", "village", "澄溪镇"),
    ]:  # fmt: skip
        above = OrgUnit.objects.get(pk=made[parent].pk) if parent else None
        made[name] = people.create_unit(name=name, kind=kind, parent=above, by=boss, now=NOW)
    units = {one.name: one for one in OrgUnit.objects.all()}
    scene = Scene(boss, units["嘉禾区"], units["澄溪镇"], units["柳汀湾镇"], units["樟树村"], boss, boss)
    scene.keeper = scene.person("罗知远", scene.district, Role.OUTREACH)
    scene.towner = scene.person("邓小满", scene.town, Role.OUTREACH)
    return scene


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
