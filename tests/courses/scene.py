"""A small district with one course of two lessons, made through the actions users use."""
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from mingfa.bank import actions as bank_actions
from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.models import Bank, Question
from mingfa.library.citations import CitationRef
from mingfa.people import actions as people
from mingfa.people.models import OrgUnit, Role, User

from courses import actions, study
from courses.models import CoursePage, LessonPage, LessonResult

NOW = datetime(2026, 9, 17, 2, 0, tzinfo=UTC)  # 10:00 in Beijing
TODAY = date(2026, 9, 17)
DUE = date(2026, 9, 30)
BEFORE = NOW - timedelta(days=200)
SECRET = "解析在作答以后才出现"
CITED = CitationRef("行政复议法", 20)


@dataclass
class Scene:
    boss: User
    district: OrgUnit
    town: OrgUnit
    other_town: OrgUnit
    bank: Bank
    trainer: User
    course: CoursePage
    lessons: list[LessonPage]
    questions: list[Question]

    def person(self, name="陈志远", unit=None, *, now=BEFORE, **more) -> User:
        return people.create_person(name=name, unit=unit or self.town, by=self.boss, now=now, **more)

    def holder(self, role, unit=None, name="任角色") -> User:
        user = self.person(name, unit)
        people.grant_role(user, role=role, unit=unit or self.town, by=self.boss, now=BEFORE)
        return User.objects.get(pk=user.pk)

    def question(self, n: int, type="single", answer="A", bank=None, **more) -> Question:
        options = () if type == "judge" else tuple(f"选项{letter}{n}" for letter in "甲乙丙")
        draft = QuestionDraft(
            type=type, stem=f"第 {n} 题怎么说", options=options, answer=answer, explanation=f"{SECRET}{n}",
            citations=(CITED,), **more,
        )  # fmt: skip
        return bank_actions.create_question(bank or self.bank, draft, by=self.boss, now=BEFORE)

    def lesson(self, title: str, questions, course=None, body=()) -> LessonPage:
        return actions.add_lesson(
            course or self.course, title=title, body=list(body), questions=questions, by=self.trainer, now=BEFORE
        )

    def assign(self, *units, course=None, **more):
        values = {"due_on": DUE, "by": self.boss, "now": NOW, **more}
        return actions.assign_course(course or self.course, units=units or [self.district], **values)


def build() -> Scene:
    boss = User.objects.create_superuser("boss", name="管理")
    district = people.create_unit(name="嘉禾区", kind="district", parent=None, by=boss, now=BEFORE)
    town = people.create_unit(name="穗安街道", kind="township", parent=district, by=boss, now=BEFORE)
    other = people.create_unit(name="黄莺岗镇", kind="township", parent=district, by=boss, now=BEFORE)
    district, town, other = OrgUnit.objects.filter(pk__in=[district.pk, town.pk, other.pk]).order_by("path")
    bank = bank_actions.create_bank(name="题库", unit=district, by=boss, now=BEFORE)
    scene = Scene(boss, district, town, other, bank, boss, None, [], [])
    scene.trainer = scene.holder(Role.TRAINER, district, "何砚秋")
    scene.questions = [
        scene.question(1),
        scene.question(2, "multiple", "AC"),
        scene.question(3, "judge", "F"),
    ]
    scene.course = actions.create_course(
        title="依法分类处理群众诉求", unit=district, intro="先看请求是什么", by=scene.trainer, now=BEFORE
    )
    text = [("text", "<p>先看有没有行政行为。</p>"), ("law", {"law": "行政复议法", "article": "第二十条"})]
    scene.lessons = [
        scene.lesson("行政复议与信访，怎么分流", scene.questions[:2], body=text),
        scene.lesson("期限：六十日从哪天算起", scene.questions[2:], body=text),
    ]
    return scene


def answers(lesson: LessonPage, *, right=True) -> dict[int, str]:
    """All answers of the lesson's check, right or wrong."""
    wrong = {"single": "B", "multiple": "B", "judge": "T"}
    return {one.id: one.answer if right else wrong[one.type] for one in study.check_versions(lesson, now=NOW)}


def finish(user: User, lesson: LessonPage, *, right=True, now=NOW) -> LessonResult:
    return actions.finish_lesson(user, lesson, answers(lesson, right=right), now=now)


def finish_course(user: User, scene: Scene, *, now=NOW) -> None:
    for lesson in scene.lessons:
        finish(user, lesson, now=now)


def form_data(lesson: LessonPage, *, right=True) -> dict[str, list[str]]:
    """The same answers as the page sends them."""
    return {f"v{version}": list(given) for version, given in answers(lesson, right=right).items()}
