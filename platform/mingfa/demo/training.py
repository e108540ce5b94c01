"""The demo's live trainings: one that is over with everything in it, one to come, one whose doors are open."""
import random
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction

from courses.live import actions
from courses.live.actions import Given
from courses.live.board import Actor, proof
from courses.live.models import Training, Venue
from courses.models import LessonPage
from courses.queries import askable_questions
from mingfa.people.models import OrgUnit, User

from . import sources
from .examination import moment

EARLIER = timedelta(days=8)  # a training is made so long before it is held


def load_trainings(units: dict[str, OrgUnit], accounts: dict[str, User], *, now: datetime, rng: random.Random) -> None:
    """Make the trainings of trainings.yaml and hold the first of them."""
    document, trainer = sources.document("trainings.yaml"), accounts["demo-trainer"]
    towns = [one for one in units.values() if one.kind == OrgUnit.Kind.TOWNSHIP]
    over, coming, ready = document["over"], document["scheduled"], document["ready"]
    venues = [units[name] for name in over["venues"]]
    with transaction.atomic():
        held = make(over, moment(over, now), units["嘉禾区"], venues, by=trainer)
        _Class(held, trainer, accounts["demo-liaison"], rng).hold(over)
        make(coming, moment(coming, now), units["嘉禾区"], towns, by=trainer, now=now)
        soon = now + timedelta(minutes=ready["starts_in"])
        opened = make(ready, soon, units["嘉禾区"], towns, by=trainer, now=now)
        _prepare(opened, ready, by=trainer, now=now)
        actions.keep_time(opened.pk, now=now)


def make(
    one: dict, starts_at: datetime, unit: OrgUnit, venues: Iterable[OrgUnit], *, by: User, now: datetime | None = None
) -> Training:
    """A training of these minutes that is scheduled, `now` or some days before it starts."""
    made_at = now or starts_at - EARLIER
    training = actions.create_training(
        title=one["title"], unit=unit, starts_at=starts_at, ends_at=starts_at + timedelta(minutes=one["minutes"]),
        venues=venues, by=by, now=made_at,
    )  # fmt: skip
    actions.do(training.pk, "session.state", {"to": "scheduled"}, actor=teaching(by), idem="", now=made_at)
    training.refresh_from_db()
    return training


def _prepare(training: Training, one: dict, *, by: User, now: datetime) -> None:
    """A lesson as slides, drawn when the server runs, and questions made ready."""
    lesson = LessonPage.objects.live().filter(title=one["lesson"]).first()
    if lesson is not None:
        actions.add_lesson(training, lesson, by=by, now=now)
    for poll in one["polls"]:
        actions.prepare_poll(training, by=by, now=now, **poll)
    for stem in one["quizzes"]:
        actions.prepare_question(training, askable_questions(by).get(current__stem=stem), by=by, now=now)


def teaching(user: User) -> Actor:
    return Actor("trainer", user.pk, user.name)


@dataclass
class _Class:
    """One class from the doors to the settled attendance, as the room would have written it."""

    training: Training
    trainer: User
    steward: User
    rng: random.Random
    came: list[Actor] = field(default_factory=list)

    def hold(self, one: dict) -> None:
        venues = list(self.training.venues.select_related("unit"))
        order = {name: place for place, name in enumerate(one["venues"])}
        venues.sort(key=lambda venue: order[venue.unit.name])
        actions.keep_time(self.training.pk, now=self._at(-30))
        late = self._sign_in(venues, one)
        self._do("session.state", {"to": "live"}, 0)
        self._count_heads(venues)
        self._do("mark", {"text": one["marks"][0]}, 2)
        self._do("law.show", one["law"], 5)
        self._round(late, 20)
        self._ask_people(one["polls"][0], 24)
        self._quiz(one["quizzes"][0], 30)
        self._do("law.show", {"law": "", "article": ""}, 33)
        self._do("mark", {"text": one["marks"][1]}, 34)
        self._quiz(one["quizzes"][1], 42)
        self._questions(one["questions"], 50)
        self._do("mark", {"text": one["marks"][2]}, 60)
        self._round(self.came[len(self.came) // 40 :], 70)
        self._ask_people(one["polls"][1], 80)
        self._do("session.state", {"to": "ended"}, 88)
        actions.keep_time(self.training.pk, now=self._at(88 + 31))

    def _at(self, minutes: float) -> datetime:
        return self.training.starts_at + timedelta(minutes=minutes)

    def _do(self, kind: str, data: dict, minutes: float, actor: Actor | None = None) -> int:
        actor = actor or teaching(self.trainer)
        return actions.do(self.training.pk, kind, data, actor=actor, idem="", now=self._at(minutes)).seq

    def _sign_in(self, venues: list[Venue], one: dict) -> list[Actor]:
        """The first round; those who come after it. One without a phone is ticked and confirmed by another person."""
        late = []
        for venue, share in zip(venues, one["turnout"], strict=True):
            due = venue.roster.exclude(user__name__in=one["absent"]).order_by("pk")
            people = [Actor("cadre", entry.user_id, "", venue.pk) for entry in due]
            self.rng.shuffle(people)
            coming = people[: round(share * len(people))]
            behind = round(one["late"] * len(coming))
            late += coming[:behind]
            self.came += coming[behind:]
        own = next(place for place, actor in enumerate(self.came) if actor.venue == venues[0].pk)
        ticked = self.came[own]
        self._round([actor for actor in self.came if actor != ticked], -20)
        looking = Actor("steward", self.steward.pk, self.steward.name, venues[0].pk)
        actions.tick(self.training.pk, {"who": ticked.id, "round": 1}, actor=looking, now=self._at(-4))
        actions.confirm(self.training.pk, {"who": ticked.id}, actor=teaching(self.trainer), now=self._at(-3))
        self.came += late
        return late

    def _round(self, people: list[Actor], minutes: float) -> None:
        """A round of sign-ins by the spoken code."""
        self._do("checkin.open", {"kind": "code", "seconds": 600}, minutes)
        state = Training.objects.get(pk=self.training.pk).snapshot
        secrets = dict(self.training.venues.values_list("pk", "secret"))
        for actor in people:
            code = proof.spoken(secrets[actor.venue], self.training.pk, actor.venue, state["checkin"]["round"])
            when = self._at(minutes + self.rng.uniform(0.2, 9))
            actions.check_in(self.training.pk, {"code": code, "device": f"demo-{actor.id}"}, actor=actor, now=when)
        self._do("checkin.close", {}, minutes + 9.5)
        actions.tally(self.training.pk, now=self._at(minutes + 9.5))

    def _count_heads(self, venues: list[Venue]) -> None:
        for venue in venues:
            heads = sum(actor.venue == venue.pk for actor in self.came)
            self._do("headcount", {"venue": venue.pk, "heads": heads}, 12)

    def _answers(self, item: str, choices, minutes: float) -> None:
        given = [Given("answer", {"id": item, "choice": choices()}, actor) for actor in self.came if self.rng.random() < 0.93]
        actions.take_answers(self.training.pk, given, now=self._at(minutes + 0.4))
        actions.tally(self.training.pk, now=self._at(minutes + 0.5))

    def _ask_people(self, one: dict, minutes: float) -> None:
        asked = {name: one[name] for name in ("kind", "text", "options")}
        item = f"p{self._do('poll.open', {**asked, 'anonymous': True, 'seconds': 180}, minutes)}"
        places = range(len(one["weights"]))
        self._answers(item, lambda: self.rng.choices(places, one["weights"]), minutes)
        self._do("poll.close", {"id": item}, minutes + 3)
        self._do("poll.show", {"id": item, "what": "counts"}, minutes + 3.1)

    def _quiz(self, one: dict, minutes: float) -> None:
        question = askable_questions(self.trainer).get(current__stem=one["stem"])
        version = question.current
        item = f"q{self._do('quiz.open', {'question_ref': question.pk, 'seconds': 60}, minutes)}"
        right, size = ord(version.answer) - ord("A"), version.options.count()
        wrong = [place for place in range(size) if place != right]
        self._answers(item, lambda: [right if self.rng.random() < one["right"] else self.rng.choice(wrong)], minutes)
        self._do("quiz.close", {"id": item}, minutes + 1.1)

    def _questions(self, questions: list[dict], minutes: float) -> None:
        for place, one in enumerate(questions):
            asking = self.came[place * 7]
            item = f"a{self._do('qa.new', {'text': one['text'], 'anonymous': True}, minutes, asking)}"
            self._do("qa.approve", {"id": item}, minutes + 1)
            votes = [Given("qa.vote", {"id": item}, actor) for actor in self.rng.sample(self.came, one["votes"])]
            actions.take_answers(self.training.pk, votes, now=self._at(minutes + 2))
            actions.tally(self.training.pk, now=self._at(minutes + 2.5))
            if one["answer"]:
                self._do("qa.pin", {"id": item}, minutes + 3)
                self._do("qa.answered", {"id": item}, minutes + 5)
