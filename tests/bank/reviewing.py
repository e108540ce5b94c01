"""A reviewed bank with its setter and three reviewers."""

from dataclasses import dataclass, replace
from datetime import timedelta

from mingfa.bank import actions, history, queries
from mingfa.bank.models import Bank, Question
from mingfa.people.actions import grant_role
from mingfa.people.models import OrgUnit, User
from mingfa.review import actions as reviewing
from mingfa.review.models import Review

from tests.bank.samples import DRAFT, NOW

LATER = NOW + timedelta(hours=1)
WORDS = ("一审人", "二审人", "三审人")


@dataclass
class Scene:
    bank: Bank
    setter: User
    reviewers: tuple[User, ...]

    def question(self, stem: str = DRAFT.stem, **more) -> Question:
        return actions.create_question(self.bank, replace(DRAFT, stem=stem, **more), by=self.setter, now=NOW)

    def submit(self, *questions: Question, by=None) -> list[Review]:
        actions.submit_questions(self.bank, [one.pk for one in questions], by=by or self.setter, now=NOW)
        return [review_of(one) for one in questions]

    def sign(self, review: Review, by: User, **more) -> Review:
        more = {"text_hash": review.text_hash, "now": LATER} | more
        return reviewing.sign_review(review.pk, by=by, **more)

    def approve(self, question: Question) -> Review:
        (review,) = self.submit(question)
        for reviewer in self.reviewers:
            self.sign(review, reviewer, secrecy=True)
        return again(review)


def build() -> Scene:
    unit = OrgUnit.add_root(name="嘉禾区", kind="district")
    setter = User.objects.create(username="setter", name="何砚秋")
    grant_role(setter, role="setter", unit=unit, by=None, now=NOW)
    bank = actions.create_bank(name="审核题库", unit=unit, by=setter, now=NOW, reviewed=True)
    return Scene(bank, fresh(setter), tuple(reviewer(unit, step) for step in (1, 2, 3)))


def reviewer(unit: OrgUnit, *steps: int, name: str = "") -> User:
    name = name or WORDS[steps[0] - 1]
    user = User.objects.create(username=f"u-{name}", name=name)
    for step in steps:
        grant_role(user, role=f"review{step}", unit=unit, by=None, now=NOW)
    return fresh(user)


def fresh(user: User) -> User:
    """Roles are read once per user object."""
    return User.objects.get(pk=user.pk)


def again(row):
    return type(row).objects.get(pk=row.pk)


def review_of(question: Question) -> Review:
    """The latest review of the question's current version."""
    return history.reviews_of_versions([again(question).current_id]).last()


def drawable(scene: Scene) -> set[int]:
    return {item.question_id for item in queries.drawable(scene.bank)}
