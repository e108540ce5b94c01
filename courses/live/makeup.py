"""补学: what somebody who was absent is asked, the same questions as in the class. No time is counted, nothing is scored."""
from datetime import datetime

from mingfa.bank import queries as bank
from mingfa.bank.registry import kept_back, withheld_from
from mingfa.people.models import User

from courses.study import Ask, options_of

from .models import RosterEntry, Training
from .results import Asked, questions_of


def held_up(training: Training, user: User, *, now: datetime) -> bool:
    """Whether a question of the class stands on a paper this person is sitting: nothing of the class is told until it is
    handed in (AL1)."""
    withheld = withheld_from(user, now)
    return bool(withheld) and any(one.version and one.version.question_id in withheld for one in questions_of(training))


def to_answer(training: Training, *, now: datetime) -> list[Asked]:
    """The questions of the class that can be asked today: still in the bank, kept back by no coming exam (AL2)."""
    asked = [one for one in questions_of(training) if one.version is not None]
    hidden = kept_back([one.version.question_id for one in asked], now)
    return [one for one in asked if one.version.question_id not in hidden]


def asks_for(entry: RosterEntry, *, now: datetime) -> list[Ask]:
    """The questions as the page prints them; key and explanation only of what this person has answered."""
    asked = to_answer(entry.training, now=now)
    views = bank.versions([one.version.pk for one in asked])
    answers = {one.item: one for one in entry.makeup_answers.all()}
    found = []
    for number, one in enumerate(asked, 1):
        view, answer = views[one.version.pk], answers.get(one.item)
        ask = (view.id, number, view.type, view.stem, options_of(view))
        if answer is None:
            found.append(Ask(*ask))
        else:
            found.append(Ask(*ask, answer.given, answer.right, view.explanation, view.citations))
    return found
