"""A district whose 宣传员 write public pages and whose three reviewers sign them, through the actions users use."""
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mingfa.people import actions as people
from mingfa.people.models import OrgUnit, Role, User
from mingfa.review import actions as reviewing
from mingfa.review.models import Review

from courses.actions import prepare_site
from outreach.actions import cases, publishing
from outreach.actions.public_site import prepare_public_site
from outreach.models import AnswerPage, CasePage, PublicPage
from outreach.publishing.checks import CHECKLIST
from tests.library.texts import articles, bring_in, edition

NOW = datetime(2026, 12, 4, 2, 0, tzinfo=UTC)
LAW = "石凳办法"
LINES = ("石凳归园林部门管，谁走累了都可以坐。", "弄坏石凳的，应当修好，修不好的照价赔偿。")


@dataclass
class Scene:
    boss: User
    district: OrgUnit
    other: OrgUnit
    writer: User
    reviewers: tuple[User, User, User]

    def person(self, name: str, *roles: str, unit=None) -> User:
        unit = unit or self.district
        user = people.create_person(name=name, unit=unit, category="civil", by=self.boss, now=NOW)
        for role in roles:
            people.grant_role(user, role=role, unit=unit, by=self.boss, now=NOW)
        return User.objects.get(pk=user.pk)

    def page(self, title="坐坏了石凳，要不要赔", kind=AnswerPage, body=None, **more) -> PublicPage:
        words = {"summary": "要修好；修不好，照价赔。", **more}
        body = [("text", "<p>先看是怎么坏的。</p>"), ("law", {"law": LAW, "article": "第二条"})] if body is None else body
        return publishing.create_page(
            kind, unit=self.district, by=self.writer, now=NOW, title=title, body=body, **words
        )

    def case(self, title="树下的石凳", **more) -> CasePage:
        case = self.page(title, CasePage, lesson="弄坏了要赔", **more)
        self.check(case)
        return case

    def check(self, case) -> None:
        cases.check_case(case.pk, ticked=range(len(CHECKLIST)), by=self.writer, now=NOW)

    def submit(self, page, by=None, now=NOW) -> Review:
        return publishing.submit_page(page.pk, by=by or self.writer, now=now)

    def sign(self, review: Review, by: User, **more) -> Review:
        review.refresh_from_db()
        how = {"text_hash": review.text_hash, "now": NOW + timedelta(hours=1), "opinion": "看过", **more}
        return reviewing.sign_review(review.pk, by=by, **how)

    def sign_all(self, review: Review) -> Review:
        for number, reviewer in enumerate(self.reviewers, 1):
            review = self.sign(review, reviewer, secrecy=number == 2)
        return review

    def publish(self, page) -> PublicPage:
        self.sign_all(self.submit(page))
        return fresh(page)


def fresh(page):
    return type(page).objects.get(pk=page.pk)


def build() -> Scene:
    # As after every migrate; a test that empties the tables takes both away.
    prepare_site(by=None, now=NOW)
    prepare_public_site()
    bring_in(edition(LAW, articles(*LINES)))
    boss = User.objects.create_superuser("boss", name="管理")
    district = people.create_unit(name="嘉禾区", kind="district", parent=None, by=boss, now=NOW)
    other = people.create_unit(name="柳汀湾镇", kind="township", parent=district, by=boss, now=NOW)
    district, other = OrgUnit.objects.get(pk=district.pk), OrgUnit.objects.get(pk=other.pk)
    scene = Scene(boss, district, other, boss, (boss, boss, boss))
    scene.writer = scene.person("罗知远", Role.OUTREACH)
    roles = (Role.REVIEWER_1, Role.REVIEWER_2, Role.REVIEWER_3)
    scene.reviewers = tuple(scene.person(f"{word}审人", role) for word, role in zip("一二三", roles, strict=True))
    return scene
