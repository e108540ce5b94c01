"""The demo's reviewed bank: questions waiting at every step, one approved, one edited since, one sent back."""
from dataclasses import replace
from datetime import datetime, timedelta

from mingfa.bank import actions, history
from mingfa.bank.models import Bank, Question
from mingfa.people.models import OrgUnit, User
from mingfa.review import actions as reviewing
from mingfa.review.models import Review

from . import sources
from .written import draft_of

SIGNATURES = {"first": 0, "second": 1, "third": 2, "passed": 3, "changed": 3}


def load_reviews(unit: OrgUnit, accounts: dict[str, User], *, by: User, now: datetime) -> Bank:
    """The bank of review.yaml, through the actions that setters and reviewers use."""
    document, setter = sources.document("review.yaml"), accounts["demo-setter"]
    people = [accounts[name] for name in ("demo-first", "demo-second", "demo-third")]
    began = now - timedelta(days=3)
    bank = actions.create_bank(name=document["bank"], unit=unit, by=by, now=began, reviewed=True)
    for number, one in enumerate(document["questions"]):
        at = began + timedelta(hours=number)
        question = actions.create_question(bank, draft_of({"topic": "矛盾化解", **one}), by=setter, now=at)
        if one["at"] == "draft":
            continue
        review = _submit(bank, question, setter, at)
        if one["at"] == "returned":
            words = document["returned"]
            reviewing.return_review(review.pk, by=people[0], now=at, text_hash=review.text_hash, opinion=words)
            continue
        for step, person in enumerate(people[: SIGNATURES[one["at"]]]):
            reviewing.sign_review(
                review.pk, by=person, now=at + timedelta(hours=4 * step + 1), text_hash=review.text_hash,
                opinion=document["opinions"][step], secrecy=step == 1,
            )  # fmt: skip
        if one["at"] == "changed":
            better = replace(draft_of({"topic": "矛盾化解", **one}), stem=one["better"])
            actions.revise_question(question, better, by=setter, now=now - timedelta(hours=2))
            _submit(bank, question, setter, now - timedelta(hours=1))
    return bank


def _submit(bank: Bank, question: Question, setter: User, at: datetime) -> Review:
    actions.submit_questions(bank, [question.pk], by=setter, now=at)
    current = Question.objects.values_list("current", flat=True).get(pk=question.pk)
    return history.reviews_of_versions([current]).last()
