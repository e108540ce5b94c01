"""The demo's law change: an invented rule in two editions, and the questions, lesson and exam that cite it."""
import random
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

from courses import actions as courses
from exams import actions
from exams.actions.preparing import RuleSpec
from exams.models import Candidate, Exam
from mingfa.bank import actions as bank_actions
from mingfa.bank.citing import draft_of
from mingfa.bank.importing import parse_file
from mingfa.bank.models import Bank, Question
from mingfa.changes import actions as changes
from mingfa.changes.models import LawChange, ReviewTask
from mingfa.library.actions import import_laws
from mingfa.library.citations import parse_citations
from mingfa.library.importing.sources import read_source
from mingfa.people.models import OrgUnit, User

from . import sources
from .examination import moment, sit_exam

FOLDER = sources.FIXTURES / "lawchange"


def load_first(units: dict[str, OrgUnit], *, by: User, now: datetime, joined: datetime, rng: random.Random) -> Exam:
    """The rule as it was, the bank, the course and the exam on it, sat by those due."""
    document = sources.document("lawchange/demo.yaml")
    _import_edition("first", by=by, now=joined)
    bank = bank_actions.create_bank(name=document["bank"], unit=units["嘉禾区"], by=by, now=joined)
    file = FOLDER / "questions.csv"
    bank_actions.import_questions(bank, parse_file(file.read_bytes(), file.name), by=by, now=joined)
    bank = Bank.objects.get(pk=bank.pk)
    _load_course(document["course"], bank, units["嘉禾区"], by=by, now=joined)
    exam = _publish(document["exam"], bank, units, by=by, now=now)
    due = Candidate.objects.filter(exam=exam, exempt_reason="", deferred_reason="").select_related("user").order_by("pk")
    for number, candidate in enumerate(due):
        fails = number % document["exam"]["fails_every"] == 0 and candidate.user.username != "demo-cadre"
        sit_exam(exam, candidate, not fails, rng, now)
    return exam


def load_second(setter: User, *, by: User, now: datetime) -> LawChange:
    """The rule as it is now: its review tasks, some of them decided by the setter."""
    document = sources.document("lawchange/demo.yaml")
    arrived = now - timedelta(days=document["arrived_days_ago"])
    _import_edition("second", by=by, now=arrived)
    change = LawChange.objects.latest("pk")
    setter, decided, at = User.objects.get(pk=setter.pk), document["decided"], arrived + timedelta(hours=3)
    for decision, more in (("right", {"repoint": True}), ("retired", {"note": "这一条删去了"})):
        tasks = [_task_of(change, stem).pk for stem in decided[decision]]
        changes.decide_tasks(change, tasks, decision=decision, by=setter, now=at, **more)
    for one in decided["revised"]:
        question = _question(one["stem"])
        draft = replace(
            draft_of(question.current), options=tuple(one["options"]), answer=one["answer"], explanation=one["explanation"],
            citations=tuple(parse_citations(f"《{change.law.short_title}》{one['cites']}")),
        )  # fmt: skip
        bank_actions.revise_question(question, draft, by=setter, now=at)
    return change


def _import_edition(name: str, *, by: User, now: datetime) -> None:
    editions, _ = read_source(str(FOLDER / name))
    import_laws(editions, by=by, now=now, report=lambda done: None)


def _load_course(front: dict, bank: Bank, unit: OrgUnit, *, by: User, now: datetime) -> None:
    questions = {one.current.stem: one for one in Question.objects.filter(bank=bank).select_related("current")}
    course = courses.create_course(title=front["title"], unit=unit, intro=front["intro"], by=by, now=now)
    courses.add_lesson(
        course, title=front["lesson"], body=sources.blocks(front["body"]), minutes=front["minutes"],
        questions=[questions[stem] for stem in front["check"]], by=by, now=now,
    )  # fmt: skip


def _publish(one: dict, bank: Bank, units: dict[str, OrgUnit], *, by: User, now: datetime) -> Exam:
    opens_at = moment(one["opens"], now)
    made_at = opens_at - timedelta(days=3)
    rules = [RuleSpec(rule["type"], rule["count"], Decimal(rule["marks"])) for rule in one["rules"]]
    exam = actions.create_exam(
        name=one["name"], unit=units[one["unit"]], due_units=[units[name] for name in one["due_units"]],
        blueprint=actions.create_blueprint(name=one["name"], bank=bank, rules=rules, by=by, now=made_at),
        opens_at=opens_at, closes_at=moment(one["closes"], now), duration_minutes=one["minutes"],
        pass_mark=Decimal(one["pass_mark"]), good_mark=Decimal(one["good_mark"]),
        excellent_mark=Decimal(one["excellent_mark"]), notice=one["notice"], by=by, now=made_at,
    )  # fmt: skip
    actions.publish_exam(exam, by=by, now=made_at)
    return Exam.objects.select_related("blueprint__bank").get(pk=exam.pk)


def _question(stem: str) -> Question:
    return Question.objects.select_related("current__question").get(current__stem=stem)


def _task_of(change: LawChange, stem: str) -> ReviewTask:
    return ReviewTask.objects.get(article__change=change, kind="question", key=str(_question(stem).pk))
