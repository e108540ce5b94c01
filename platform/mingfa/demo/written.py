"""The demo's written exam: every question type, handed in by a few and waiting for the marker."""
import random
from datetime import datetime, timedelta
from decimal import Decimal

from exams import actions
from exams.actions.preparing import RuleSpec
from exams.models import Candidate, Exam
from exams.papers import keys_of, paper_of
from mingfa.bank import actions as bank_actions
from mingfa.bank.drafts import letters
from mingfa.people.models import OrgUnit, User

from . import sources
from .examination import moment
from .questions import draft_of


def load_written(units: dict[str, OrgUnit], *, by: User, now: datetime, rng: random.Random) -> Exam:
    """The bank and the exam of written.yaml; those who sat wait for their marks."""
    document = sources.document("written.yaml")
    one, made_at = document["exam"], now - timedelta(days=7)
    unit = units[one["unit"]]
    bank = bank_actions.create_bank(name=document["bank"], unit=unit, by=by, now=made_at)
    for question in document["questions"]:
        bank_actions.create_question(bank, draft_of(question), by=by, now=made_at)
    rules = [RuleSpec(rule["type"], rule["count"], Decimal(rule["marks"])) for rule in one["rules"]]
    exam = actions.create_exam(
        name=one["name"], unit=unit, due_units=[unit], opens_at=moment(one["opens"], now), closes_at=moment(one["closes"], now),
        blueprint=actions.create_blueprint(name=one["name"], bank=bank, rules=rules, by=by, now=made_at),
        duration_minutes=one["minutes"], pass_mark=Decimal(one["pass_mark"]), good_mark=Decimal(one["good_mark"]),
        excellent_mark=Decimal(one["excellent_mark"]), notice=one["notice"], by=by, now=made_at,
    )  # fmt: skip
    actions.publish_exam(exam, by=by, now=made_at)
    people = Candidate.objects.filter(exam=exam).select_related("exam__blueprint__bank", "user").order_by("pk")
    for number, candidate in enumerate(people[: one["sits"]]):
        _sit(candidate, document["answers"], number, rng)
    return exam


def _sit(candidate: Candidate, texts: list[str], number: int, rng: random.Random) -> None:
    started = candidate.exam.opens_at + timedelta(minutes=10 + number)
    sitting = actions.start_sitting(candidate, by=candidate.user, now=started, seed=rng.getrandbits(62), device="demo")
    paper, written, changes = paper_of(sitting.pk), number, {}
    for place, ((kind, key), item) in enumerate(zip(keys_of(paper), paper.items, strict=True)):
        names = paper.names.options[place]
        if kind == "short":
            values, written = [texts[written % len(texts)]], written + 2
        elif kind == "blank":
            values = [line.split("|")[0] for line in key.split("\n")]
        elif kind == "order":
            values = [str(key.index(letters(item.shown)[original]) + 1) for original in item.shown]
        elif kind == "judge":
            values = [names["TF".index(key)]]
        else:  # single, match
            values = [names[item.shown.index(ord(one) - 65)] for one in key]
        changes[paper.names.questions[place]] = [values, place + 1]
    handed_in = started + timedelta(minutes=35)
    actions.save_answers(sitting.pk, changes, epoch=1, now=handed_in)
    actions.submit_sitting(sitting.pk, by=candidate.user, now=handed_in)
