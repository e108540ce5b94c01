"""A petition office with two sections, who write, check, review and lead, made through the actions users use."""
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mingfa.indicators import actions as entering
from mingfa.people import actions as people
from mingfa.people.models import OrgUnit, Role, User
from mingfa.periods import Year
from mingfa.reports import actions
from mingfa.reports.models import Report
from mingfa.reports.queries import last_text, review_of
from mingfa.review import actions as reviewing

NOW = datetime(2026, 12, 20, 8, 0, tzinfo=UTC)
YEAR = Year(2026)
BODY = """一、工作开展情况
（一）学法用法。党组中心组专题学法{entered_group_study}次，按期办结率{entered_on_time}（{entered_on_time:分数}）。
{满 entered_on_time|全部按期办结，达到100%。|还有没按期办结的。}召开会议{数 6次|会议记录}。"""


@dataclass
class Scene:
    boss: User
    office: OrgUnit
    other: OrgUnit
    writer: User
    second: User
    leader: User
    stranger: User
    reviewers: list[User]

    def enter(self, code="entered_group_study", part=12, whole=None, *, year=YEAR, checked=True, source="学习记录汇编"):
        row = entering.enter_figure(
            self.office, code, year, part=part, whole=whole, source=source, by=self.writer, now=NOW
        )
        return entering.check_figure(row.pk, by=self.second, now=NOW) if checked and not row.checked_at else row

    def report(self, body=BODY, year=2026) -> Report:
        """A draft with this text."""
        report = actions.start_report(self.office, year, by=self.writer, now=NOW)
        self.write(report, body)
        return report

    def write(self, report: Report, body: str, **more):
        facts = {"title": report.title, "signer": report.signer, "overrides": {}, **more}
        return actions.save_text(report.pk, body=body, seen=last_text(report).number, by=self.writer, now=NOW, **facts)

    def sign(self, report: Report):
        """Through all three steps."""
        for step, reviewer in enumerate(self.reviewers, start=1):
            review = review_of(last_text(report))
            reviewing.sign_review(
                review.pk, by=reviewer, now=NOW, text_hash=review.text_hash, step=step, secrecy=step == 1
            )

    def frozen(self, body=BODY, year=2026) -> Report:
        report = self.report(body, year)
        actions.submit_report(report.pk, by=self.writer, now=NOW)
        self.sign(report)
        return actions.freeze_report(report.pk, by=self.writer, now=NOW + timedelta(hours=1))


def build() -> Scene:
    boss = User.objects.create_superuser("boss", name="管理")
    office = people.create_unit(name="嘉禾区信访局", kind="department", parent=None, by=boss, now=NOW)
    other = people.create_unit(name="云起区信访局", kind="department", parent=None, by=boss, now=NOW)

    def person(name: str, unit: OrgUnit, *roles: str) -> User:
        user = people.create_person(name=name, unit=unit, category="civil", by=boss, now=NOW)
        for role in roles:
            people.grant_role(user, role=role, unit=unit, by=boss, now=NOW)
        return User.objects.get(pk=user.pk)

    steps = (Role.REVIEWER_1, Role.REVIEWER_2, Role.REVIEWER_3)
    reviewers = [person(name, office, role) for name, role in zip(("卢一鸣", "卢二川", "卢三平"), steps, strict=True)]
    return Scene(
        boss, office, other, person("沈未央", office, Role.LIAISON), person("顾长安", office, Role.LIAISON),
        person("程主任", office, Role.LEADER), person("外单位", other, Role.LIAISON), reviewers,
    )  # fmt: skip
