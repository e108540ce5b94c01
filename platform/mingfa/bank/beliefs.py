"""Beliefs of units: which there are, behind which answers they stand, how many people hold them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Count, Q, QuerySet

from mingfa.bank.drafts import wrong_answers
from mingfa.bank.heads import Held, fold_small, join_small, large_enough
from mingfa.bank.models import AnswerBelief, Bank, Belief, Question
from mingfa.bank.queries import TRUE_FALSE, VersionView
from mingfa.bank.registry import Asked, beliefs_held
from mingfa.people.models import OrgUnit

MOST_ON_AGENDA = 8


def beliefs_of(units: QuerySet[OrgUnit]) -> QuerySet[Belief]:
    """The beliefs kept by any of the units, by name, with `questions`: how many in use have an answer with it."""
    in_use = Q(answers__version__question__status__in=(Question.Status.DRAFT, Question.Status.USABLE))
    counted = Count("answers__version__question", filter=in_use, distinct=True)
    return Belief.objects.filter(unit__in=units).select_related("unit").annotate(questions=counted).order_by("name", "id")


def usable_beliefs(bank: Bank) -> QuerySet[Belief]:
    """What answers of a bank's questions may be tagged with: beliefs of its unit and of the units above. Nearest first."""
    return Belief.objects.filter(unit__path__in=OrgUnit.paths_down_to(bank.unit.path)).order_by("-unit__depth", "name")


@dataclass(frozen=True)
class WrongAnswer:
    """A wrong answer of a version with the belief behind it, if any. `text` is what a candidate sees."""

    answer: str
    text: str
    belief: Belief | None = None


def wrong_answers_of(view: VersionView) -> list[WrongAnswer]:
    """The wrong answers of a version that can carry a belief, by letter. One query."""
    tagged = {row.answer: row.belief for row in AnswerBelief.objects.filter(version=view.id).select_related("belief")}
    texts = dict(zip("TF", TRUE_FALSE, strict=True))
    texts |= {} if view.type == "judge" else {chr(65 + place): text for place, text in enumerate(view.options)}
    return [WrongAnswer(one, texts[one], tagged.get(one)) for one in wrong_answers(view.type, view.options, view.answer)]


def belief_names(version_ids: Iterable[int]) -> dict[int, tuple[tuple[str, str], ...]]:
    """Version id → (answer, name of the belief) as QuestionDraft.beliefs takes them. One query; for exports."""
    found = defaultdict(list)
    rows = AnswerBelief.objects.filter(version__in=set(version_ids)).order_by("answer")
    for version, answer, name in rows.values_list("version_id", "answer", "belief__name"):
        found[version].append((answer, name))
    return {version: tuple(names) for version, names in found.items()}


def tagged_versions(version_ids: Iterable[int]) -> set[int]:
    """Those of the versions that offer a belief. One query."""
    return set(AnswerBelief.objects.filter(version__in=set(version_ids)).values_list("version_id", flat=True))


def questions_with(belief: Belief, banks: QuerySet[Bank]) -> QuerySet[Question]:
    """The questions in use of these banks whose current wording offers the belief."""
    offered = Question.objects.filter(bank__in=banks, current__beliefs__belief=belief).select_related("current", "bank")
    return offered.exclude(status=Question.Status.RETIRED).order_by("id").distinct()


@dataclass(frozen=True)
class Overview:
    """What a unit's people hold: beliefs by share, laws by share, units and time spans; small groups never alone."""

    beliefs: list[tuple[Belief, Held | None]]
    laws: list[Held]
    units: list[tuple[str, Held]]
    times: list[Held]


def overview(
    beliefs: Iterable[Belief], unit: OrgUnit, *, since: date, until: date, now: datetime, by: str = "month"
) -> Overview:
    """How many people of `unit` and below chose an answer that shows a belief.

    Counts people (a person asked twice counts once), out of marked answers in exams that are over for everybody (AL4).

    Args:
        beliefs: which ones are counted; since, until: days of handing in, both included; by: "month" or "quarter".

    The same number of queries whatever the sizes.
    """
    beliefs = list(beliefs)
    asked = Asked(frozenset(one.pk for one in beliefs), unit, since, until, now)
    groups = held_by(("belief", "law", "unit", by), asked)
    figures = {row.key: row for row in large_enough(groups["belief"])}
    rows = [(belief, figures.get(belief.pk)) for belief in beliefs]
    rows.sort(key=lambda row: (row[1] is None, -(row[1].share if row[1] else 0), row[0].name))
    names = dict(OrgUnit.objects.filter(path__in=[row.key for row in groups["unit"]]).values_list("path", "name"))
    names[unit.path] = f"{unit.name}本级"
    units = [(names.get(row.key, "其他单位"), row) for row in fold_small(groups["unit"])]
    laws = [row for row in large_enough(groups["law"]) if row.key]
    return Overview(rows, laws, units, join_small(sorted(groups[by], key=lambda row: row.key)))


def held_by(groups: Iterable[str], asked: Asked) -> Mapping[str, list[Held]]:
    """Group → its rows, added up over everybody who registered; a group is belief, law, unit, month or quarter."""
    total = {group: {} for group in groups}
    for ask in beliefs_held:
        for group, rows in ask(tuple(total), asked).items():
            for row in rows:
                before = total[group].get(row.key)
                total[group][row.key] = before.with_(row, row.key) if before else row
    return {group: list(rows.values()) for group, rows in total.items()}


def agenda_of(rows: Iterable[tuple[Belief, Held | None]]) -> list[tuple[Belief, Held]]:
    """What the next training should talk about: the beliefs most people hold, at most eight, the largest share first."""
    return [(belief, held) for belief, held in rows if held and held.held][:MOST_ON_AGENDA]


def agenda_text(agenda: Iterable[tuple[Belief, Held]], unit: OrgUnit, since: date, until: date) -> str:
    """The agenda as plain text, to copy into a notice or a script."""
    lines = [f"下次培训可讲（{unit.name}，{since:%Y-%m-%d} 至 {until:%Y-%m-%d} 的考试）"]
    for number, (belief, held) in enumerate(agenda, start=1):
        lines.append(f"{number}. 误区：{belief.name}（{held.asked} 人答过，{held.held} 人选错，占 {held.percent}%）")
        lines += [f"   讲：{belief.place}"] if belief.ref else []
        lines += [f"   {line}" for line in belief.description.splitlines() if line.strip()]
    return "\n".join(lines)
