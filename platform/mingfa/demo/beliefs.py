"""The demo's beliefs: what people often get wrong, tagged to wrong answers of the demo bank."""
from collections import defaultdict
from datetime import datetime

from mingfa.bank.actions.beliefs import create_belief, tag_answers
from mingfa.bank.beliefs import wrong_answers_of
from mingfa.bank.models import Bank, Question
from mingfa.bank.queries import versions
from mingfa.library.citations import parse_citations
from mingfa.people.models import OrgUnit, User

from . import sources


def load_beliefs(bank: Bank, units: dict[str, OrgUnit], *, by: User, now: datetime) -> None:
    """Make the beliefs of beliefs.yaml and tag the answers it names. Raises KeyError for a stem or answer the bank lacks."""
    document = sources.document("beliefs.yaml")
    questions = {one.current.stem: one for one in Question.objects.filter(bank=bank).select_related("current")}
    tags = defaultdict(dict)
    for one in document["beliefs"]:
        (ref,) = parse_citations(one["cites"])
        belief = create_belief(
            unit=units[document["unit"]], name=one["name"], description=one["description"], ref=ref, by=by, now=now
        )
        for where in one["answers"]:
            tags[where["stem"]][where["answer"]] = belief
    for stem, beliefs in tags.items():
        question = questions[stem]
        letters = {one.text: one.answer for one in wrong_answers_of(versions([question.current_id])[question.current_id])}
        tag_answers(question, {letters[text]: belief for text, belief in beliefs.items()}, by=by, now=now)
