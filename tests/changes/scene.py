"""An invented rule in two editions, and a district whose questions and lessons cite it, made through the actions."""
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.test import Client
from mingfa.bank import actions as bank_actions
from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.models import Bank, Question
from mingfa.changes.models import LawChange, ReviewTask
from mingfa.library.citations import CitationRef, article_label
from mingfa.people import actions as people
from mingfa.people.models import OrgUnit, Role, User

from courses import actions as course_actions
from courses.models import CoursePage, LessonPage
from tests.library.texts import articles, bring_in, edition

NOW = datetime(2026, 6, 1, 9, tzinfo=ZoneInfo("Asia/Shanghai"))  # also when `bring_in` imports
BEFORE = NOW - timedelta(days=100)
LAW = "长椅办法"
# 1 stays, 2 changes, 3 goes on as 4 with the same words, 4 is gone; 3 of the new text is new.
OLD = (
    "公园和街边的长椅由园林部门统一登记管理。",
    "借用长椅办活动的，应当提前三十日向街道书面提出，说明用途和归还的日子。",
    "弄坏长椅的，由弄坏的人修好；修不好的，照价赔偿，赔款交给管理长椅的部门。",
    "每年秋天，各街道评一次最整洁的长椅，评选的办法由街道自己定。",
)
NEW = (
    OLD[0],
    "借用长椅办活动的，应当提前十日向街道提出，口头、书面都可以，说明用途和归还的日子。",
    "新装长椅以前，园林部门应当听取附近居民的意见。",
    OLD[2],
)
FIRST, SECOND, THIRD = date(2020, 1, 1), date(2026, 5, 1), date(2026, 9, 1)


def text(lines, on: date, **facts):
    return edition(LAW, articles(*lines), version=on, effective_on=on, **facts)


def import_old():
    return bring_in(text(OLD, FIRST))


def import_new(lines=NEW, on=SECOND, **facts):
    return bring_in(text(lines, on, **facts))


@dataclass
class Scene:
    boss: User
    district: OrgUnit
    town: OrgUnit
    bank: Bank
    setter: User
    trainer: User
    course: CoursePage
    questions: dict[int, Question]  # by the article they cite
    lessons: dict[int, LessonPage]

    def holder(self, role, unit=None, name="任角色") -> User:
        return holder(self.boss, role, unit or self.district, name)

    def question(self, article: int, n=0, *, bank=None, paragraph=0, **more) -> Question:
        return question(self.boss, bank or self.bank, article, n, paragraph=paragraph, **more)

    def lesson(self, title: str, *articles: int, questions=(), words="") -> LessonPage:
        body = [("text", f"<p>{words or '看看条文怎么说。'}</p>")]
        body += [("law", {"law": LAW, "article": str(number)}) for number in articles]
        return course_actions.add_lesson(
            self.course, title=title, body=body, questions=questions, by=self.trainer, now=BEFORE
        )


def holder(boss, role, unit, name) -> User:
    user = people.create_person(name=name, unit=unit, by=boss, now=BEFORE)
    people.grant_role(user, role=role, unit=unit, by=boss, now=BEFORE)
    return User.objects.get(pk=user.pk)


def question(boss, bank, article, n=0, *, paragraph=0, **more) -> Question:
    draft = QuestionDraft(
        type="single", stem=f"依据第 {article} 条的第 {n} 题怎么说", options=("甲", "乙", "丙", "丁"), answer="A",
        explanation=f"《{LAW}》{article_label(article)}写得清楚。",
        citations=(CitationRef(LAW, article, paragraph=paragraph),), **more,
    )  # fmt: skip
    return bank_actions.create_question(bank, draft, by=boss, now=BEFORE)


def build() -> Scene:
    """The first edition is in the library; one question and one lesson an article."""
    import_old()
    boss = User.objects.create_superuser("boss", name="管理")
    district = people.create_unit(name="嘉禾区", kind="district", parent=None, by=boss, now=BEFORE)
    town = people.create_unit(name="穗安街道", kind="township", parent=district, by=boss, now=BEFORE)
    district, town = OrgUnit.objects.filter(pk__in=[district.pk, town.pk]).order_by("path")
    bank = bank_actions.create_bank(name="题库", unit=district, by=boss, now=BEFORE)
    setter = holder(boss, Role.SETTER, district, "出题人甲")
    trainer = holder(boss, Role.TRAINER, district, "培训师甲")
    course = course_actions.create_course(title="长椅怎么管", unit=district, by=trainer, now=BEFORE)
    scene = Scene(boss, district, town, bank, setter, trainer, course, {}, {})
    for article in (1, 2, 3, 4):
        scene.questions[article] = scene.question(article)
        scene.lessons[article] = scene.lesson(f"第 {article} 课", article)
    return scene


def tasks(**only):
    """(kind, article, what happened, decision) of all tasks, sorted."""
    rows = ReviewTask.objects.filter(**only)
    return sorted(rows.values_list("kind", "article__number", "article__happened", "decision"))


def task_of(thing, **only) -> ReviewTask:
    kind = "question" if isinstance(thing, Question) else "lesson"
    return ReviewTask.objects.get(kind=kind, key=str(thing.pk), **only)


def change() -> LawChange:
    return LawChange.objects.select_related("law", "old__law", "new__law").latest("pk")


def held() -> set[int]:
    return set(Question.objects.filter(held=True).values_list("pk", flat=True))


def browser(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client
