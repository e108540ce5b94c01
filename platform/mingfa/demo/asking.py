"""The demo's public quiz: its own questions, posters, leaflets and talks with their codes, and a year of answers."""
from datetime import datetime, timedelta

from mingfa.bank import actions as bank_actions
from mingfa.bank.actions.beliefs import tag_answers
from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.models import Belief, Question
from mingfa.library.citations import parse_citations
from mingfa.people.models import OrgUnit, User
from outreach import actions
from outreach.models import Activity, Batch, Campaign, Code, Quiz

from . import sources

MONTH = 30  # days until somebody is asked again


def load_quiz(
    units: dict[str, OrgUnit], campaign: Campaign, *, keeper: User, by: User, now: datetime
) -> None:
    """Through the actions that setters and 宣传员 use; each answer is counted like a visitor's."""
    document = sources.document("outreach.yaml")
    source, first = document["quiz"], now - timedelta(days=document["quiz"]["poster_days"][0])
    questions = _questions(source, units["嘉禾区"], by=by, now=first)
    releases = [actions.release_question(one, by=by, now=first) for one in questions]
    # What has been asked all year stays a quiz of its own: a campaign's sheets carry the codes of its own quiz.
    standing, ours = [
        actions.create_quiz(
            name=name, unit=units["嘉禾区"], releases=releases, help=source["help"], campaign=plan, by=keeper, now=at
        )
        for name, plan, at in [(source["name"], None, first), (source["ours"], campaign, campaign.created_at)]
    ]  # fmt: skip
    # (version, what is right, what people often say instead)
    mistaken = [next(iter(told["wrong"])) for told in source["questions"]]
    answers = [(one.current_id, one.current.answer, wrong) for one, wrong in zip(questions, mistaken, strict=True)]
    for one in source["posters"]:
        code = _code(standing, units[one["town"]], keeper, first, spot=one["spot"])
        for ago, share in zip(source["poster_days"], one["shares"], strict=True):
            _answer(code, answers, one["visits"], share, now=now - timedelta(days=ago))
    # First, because sheets and the public page of the campaign carry the first code.
    _answer(_code(ours, units["嘉禾区"], keeper, campaign.created_at, spot=source["sheets"]), answers, 21, 38, now=now)
    batch = Batch.objects.get(material__name=document["materials"][1]["name"])
    for one in source["leaflets"]:
        code = _code(ours, units[one["town"]], keeper, campaign.created_at, batch=batch)
        _answer(code, answers, one["visits"], one["share"], now=now - timedelta(days=6))
    for one in source["talks"]:
        activity = Activity.objects.get(name__endswith=one["activity"])
        held = now - (now.date() - activity.held_on)
        for phase, later in ((Code.Phase.BEFORE, 0), (Code.Phase.AFTER, 0), (Code.Phase.LATER, MONTH)):
            code = _code(standing, activity.unit, keeper, held, phase=phase, activity=activity)
            _answer(code, answers, *one[phase], now=min(held + timedelta(days=later), now))


def _questions(source: dict, unit: OrgUnit, *, by: User, now: datetime) -> list[Question]:
    bank = bank_actions.create_bank(name=source["bank"], unit=unit, by=by, now=now)
    beliefs = {one.name: one for one in Belief.objects.filter(unit=unit)}
    made = []
    for one in source["questions"]:
        draft = QuestionDraft(
            type=one["type"], stem=one["stem"], options=tuple(one.get("options", ())), answer=one["answer"],
            explanation=one["explanation"], citations=tuple(parse_citations(one["cites"])),
        )  # fmt: skip
        question = bank_actions.create_question(bank, draft, by=by, now=now)
        tag_answers(question, {answer: beliefs[name] for answer, name in one["wrong"].items()}, by=by, now=now)
        made.append(Question.objects.select_related("current").get(pk=question.pk))
    return made


def _code(quiz: Quiz, unit: OrgUnit, keeper: User, now: datetime, **of) -> Code:
    return actions.make_code(quiz, unit=unit, by=keeper, now=now, **of)


def _answer(code: Code, answers: list[tuple[int, str, str]], visits: int, share: int, *, now: datetime) -> None:
    """share: how many of a hundred answer wrong. One in twelve leaves before the last question."""
    for visit in range(visits):
        wrong = visit * 100 < share * visits
        asked = answers[:-1] if visit % 12 == 11 else answers
        for place, (version, right, mistaken) in enumerate(asked):
            # Each question misleads fewer people than the one before.
            given = mistaken if wrong and (place == 0 or visit % (6 - 2 * place)) else right
            last = place + 1 == len(answers)
            actions.count_answer(code.pk, version=version, answer=given, first=place == 0, last=last, now=now)
