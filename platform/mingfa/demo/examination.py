"""The demo exams: one open, one finished, sat by the roster with uneven results."""
import random
from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from exams import actions
from exams.actions.preparing import RuleSpec
from exams.models import Candidate, Exam, Sitting
from exams.papers import keys_of, paper_of
from mingfa.bank.models import Bank, Difficulty
from mingfa.people.models import DutyStatus, OrgUnit, Posting, User

from . import sources
from .district import CATEGORIES, STATUSES

DIFFICULTIES = {label: value for value, label in Difficulty.choices}
BATCH = 50


def load_exams(
    bank: Bank, units: dict[str, OrgUnit], *, by: User, now: datetime, rng: random.Random,
    report: Callable[[int, int], None],
) -> None:  # fmt: skip
    """Make, publish and play every exam of exams.yaml. Days in it are counted from `now`."""
    document = sources.document("exams.yaml")
    blueprints = {one["key"]: one for one in document["blueprints"]}
    plays = [(_publish(one, blueprints[one["blueprint"]], bank, units, by, now), one) for one in document["exams"]]
    sitters = [(exam, *chosen) for exam, one in plays for chosen in _who_sits(exam, one, rng)]
    for start in range(0, len(sitters), BATCH):
        for exam, candidate, passes in sitters[start : start + BATCH]:
            sit_exam(exam, candidate, passes, rng, now)
        report(min(start + BATCH, len(sitters)), len(sitters))
    actions.end_overdue_sittings(now=now)
    for exam, one in plays:
        for slot in one.get("slots", ()):
            times = {"opens_at": moment(slot["opens"], now), "closes_at": moment(slot["closes"], now)}
            actions.set_slot(exam, unit=units[slot["unit"]], by=by, now=now, **times)
        if exam.certificates:
            actions.issue_certificates(exam, by=by, now=now)


def moment(spec: dict, now: datetime) -> datetime:
    """A day counted from `now` and a time of it, in Beijing."""
    day = timezone.localdate(now) + timedelta(days=spec["days"])
    return timezone.make_aware(datetime.combine(day, time.fromisoformat(spec["at"])))


def _publish(one: dict, blueprint: dict, bank: Bank, units, by: User, now: datetime) -> Exam:
    rules = [
        RuleSpec(
            rule["type"], rule["count"], Decimal(rule["marks"]), topic=rule.get("topic", ""),
            difficulty=DIFFICULTIES.get(rule.get("difficulty")),
        )
        for rule in blueprint["rules"]
    ]  # fmt: skip
    opens_at = moment(one["opens"], now)
    made_at = min(now, opens_at) - timedelta(days=5)
    exam = actions.create_exam(
        name=one["name"].format(year=timezone.localtime(opens_at).year), unit=units[one["unit"]],
        blueprint=actions.create_blueprint(name=blueprint["name"], bank=bank, rules=rules, by=by, now=made_at),
        opens_at=opens_at, closes_at=moment(one["closes"], now), duration_minutes=one["minutes"],
        pass_mark=Decimal(one["pass_mark"]), good_mark=Decimal(one["good_mark"]),
        excellent_mark=Decimal(one["excellent_mark"]), attempts=one["attempts"], notice=one["notice"],
        multiple_policy=one["multiple_policy"], result_policy=one["result_policy"], practice=one["practice"],
        certificates=one.get("certificates", False),
        due_units=[units[name] for name in one["due_units"]],
        categories=[CATEGORIES[label] for label in one["categories"]], by=by, now=made_at,
    )  # fmt: skip
    actions.publish_exam(exam, by=by, now=made_at)
    exam = Exam.objects.select_related("blueprint__bank").get(pk=exam.pk)
    _excuse(exam, one, by, made_at)
    return exam


def _excuse(exam: Exam, one: dict, by: User, now: datetime) -> None:
    statuses = dict(
        Posting.objects.filter(main=True, ends_on=None).values_list("user_id", "duty_status")
    )
    for key, excuse in (("exempt", actions.exempt_candidate), ("deferred", actions.defer_candidate)):
        reasons = {STATUSES[label]: reason for label, reason in one[key]["status"].items()}
        for candidate in exam.candidates.all():
            reason = reasons.get(DutyStatus(statuses[candidate.user_id]))
            if reason:
                excuse(candidate, reason=reason, by=by, now=now)


def _who_sits(exam: Exam, one: dict, rng: random.Random) -> list[tuple[Candidate, bool]]:
    """(candidate, whether they pass) by the turnout of their township or office; shares are met exactly."""
    groups: dict[str, list[Candidate]] = defaultdict(list)
    tops = {unit.path: unit.name for unit in OrgUnit.objects.filter(depth=2)}
    due = exam.candidates.filter(exempt_reason="", deferred_reason="").select_related("unit", "user")
    step = OrgUnit.steplen
    for candidate in due:
        groups[tops.get(candidate.unit.path[: 2 * step], "")].append(candidate)
    chosen = []
    for name, people in groups.items():
        turnout = one["turnout_by_unit"].get(name, one["turnout"])
        willing = [each for each in people if each.user.name not in one.get("not_yet", ())]
        sitting = rng.sample(willing, min(len(willing), round(turnout["sat"] * len(people))))
        passing = round(turnout["passed"] * len(sitting))
        chosen += [(each, place < passing) for place, each in enumerate(sitting)]
    rng.shuffle(chosen)
    return chosen


def sit_exam(exam: Exam, candidate: Candidate, passes: bool, rng: random.Random, now: datetime) -> Sitting:
    """One whole sitting at a random working hour of the window that is over by `now`."""
    candidate.exam = exam
    last = min(exam.closes_at, now) - timedelta(minutes=exam.duration_minutes)
    started = exam.opens_at + (last - exam.opens_at) * rng.random()
    local = timezone.localtime(started)
    if not 8 <= local.hour < 18:
        started = min(max(local.replace(hour=rng.randint(9, 17)), exam.opens_at), last)
    sitting = actions.start_sitting(
        candidate, by=candidate.user, now=started, seed=rng.getrandbits(62), device="demo"
    )
    handed_in = started + timedelta(minutes=rng.uniform(9, exam.duration_minutes - 3))
    changes = _answers(sitting, rng.uniform(0.8, 1.0) if passes else rng.uniform(0.25, 0.5), rng)
    actions.save_answers(sitting.pk, changes, epoch=1, now=handed_in)
    return actions.submit_sitting(sitting.pk, by=candidate.user, now=handed_in)


def _answers(sitting: Sitting, skill: float, rng: random.Random) -> dict:
    """Answers of somebody who knows a `skill` share of the marks, as the page would send them."""
    paper = paper_of(sitting.pk)
    changes = {}
    for place, ((kind, key), item) in enumerate(zip(keys_of(paper), paper.items, strict=True)):
        options = paper.names.options[place]
        right = ["TF".index(key)] if kind == "judge" else [item.shown.index(ord(one) - 65) for one in key]
        chosen = right if rng.random() < skill else _wrong(kind, right, len(options), rng)
        changes[paper.names.questions[place]] = [[options[n] for n in chosen], place + 1]
    return changes


def _wrong(kind: str, right: list[int], size: int, rng: random.Random) -> list[int]:
    others = [n for n in range(size) if n not in right]
    if kind != "multiple":
        return [rng.choice(others)]
    return right[:-1] if not others or rng.random() < 0.6 else [*right[:-1], rng.choice(others)]
