"""The training of a demo class, and sign-ins for those who take part in it."""
import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.utils import timezone

from courses.live import actions, proofs, tickets
from courses.live.board import Actor, Refusal, proof
from courses.live.board.states import OVER
from courses.live.models import RosterEntry, Training, Venue
from courses.live.views import DEVICE
from courses.models import LessonPage
from courses.queries import askable_questions
from mingfa.people.models import OrgUnit, Session, User
from mingfa.people.sessions import ACCOUNTS, BEGUN, SEEN, SessionStore

from ..training import make, teaching

TRAINER, OWN_TOWN = "demo-trainer", "望禾街道"
PAGES = 12
LONGEST = timedelta(hours=3)


class NoDemo(Exception):
    """The demo district is not here, so there is nobody to teach."""


@dataclass(frozen=True)
class Seat:
    """One socket to be: who, by which cookie and ticket. `code` gives the spoken code of a round."""

    actor: Actor
    cookie: str
    ticket: str
    secret: str = ""

    def code(self, training_id: int, number: int) -> str:
        return proof.spoken(self.secret, training_id, self.actor.venue, number)


@dataclass(frozen=True)
class Stage:
    training: Training
    trainer: Seat
    halls: list[Seat]
    phones: list[Seat]
    questions: list[int]
    # Name in the log and pages of the slides; without a lesson to show, pages without pictures.
    deck: str
    pages: int

    def addresses(self, url: str) -> list[tuple[str, str, str]]:
        """(screen, address, account) for whoever wants to look."""
        here = f"{url}/live/{self.training.pk}"
        first = self.training.venues.select_related("unit").get(pk=self.halls[0].actor.venue)
        return [
            ("控制台", f"{here}/console/", TRAINER),
            (f"{first.name}大屏", f"{here}/venue/{first.pk}/enter/{proofs.door_key(first)}/", "不用登录"),
            ("手机", f"{here}/room/", "demo-cadre"), ("会场管理员的手机", f"{here}/room/", "demo-liaison"),
            ("领导旁听", f"{here}/room/", "demo-leader"),
        ]  # fmt: skip


def set_up(*, halls: int, phones: int, minutes: float, now: datetime) -> Stage:
    """Schedule a class that begins now, and sign the trainer, every hall's screen and the phones in.

    Raises:
        NoDemo
    """
    trainer = User.objects.filter(username=TRAINER, is_active=True).first()
    towns = list(OrgUnit.objects.filter(kind=OrgUnit.Kind.TOWNSHIP).order_by("path"))
    if trainer is None or not towns:
        raise NoDemo
    towns.sort(key=lambda one: one.name != OWN_TOWN)
    district = OrgUnit.objects.get(depth=1, path=towns[0].path[: OrgUnit.steplen])
    clock = timezone.localtime(now).strftime("%H:%M")
    title = f"演示课（{clock}）：依法分类处理群众诉求"
    spec = {"title": title, "minutes": max(30, round(minutes) + 30)}
    training = make(spec, now, district, towns[:halls], by=trainer, now=now)
    venues = sorted(training.venues.select_related("unit"), key=lambda one: one.unit.name != OWN_TOWN)
    return Stage(
        training, _seat(training, teaching(trainer), trainer), [_screen(training, one) for one in venues],
        _phones(training, venues, phones), list(askable_questions(trainer).values_list("pk", flat=True)[:40]),
        *_slides(training, trainer, now),
    )  # fmt: skip


def _slides(training: Training, trainer: User, now: datetime) -> tuple[str, int]:
    """A lesson as slides, drawn before the class begins."""
    lesson = LessonPage.objects.live().order_by("path").first()
    if lesson is None:
        return "demo", PAGES
    deck = actions.add_lesson(training, lesson, by=trainer, now=now)
    while actions.draw_some(deck.pk, now=timezone.now()):
        pass
    return deck.key, deck.pages


def _phones(training: Training, venues: list[Venue], count: int) -> list[Seat]:
    """People of the roster, in turns from every hall. The demo accounts are left to whoever looks."""
    secrets = {one.pk: one.secret for one in venues}
    halls: dict[int, list[RosterEntry]] = {one.pk: [] for one in venues}
    for entry in training.roster.select_related("user").exclude(user__username__startswith="demo-").order_by("pk"):
        halls[entry.venue_id].append(entry)
    longest = max(map(len, halls.values()), default=0)
    inside = [people[place] for place in range(longest) for people in halls.values() if place < len(people)]
    seats = []
    for entry in inside[:count]:
        actor = Actor("cadre", entry.user_id, entry.user.name, entry.venue_id)
        seats.append(_seat(training, actor, entry.user, secrets[entry.venue_id]))
    return seats


def _seat(training: Training, actor: Actor, user: User, secret: str = "") -> Seat:
    now = timezone.now().timestamp()
    hashed = user.get_session_auth_hash()
    keys = {SESSION_KEY: str(user.pk), BACKEND_SESSION_KEY: ACCOUNTS, HASH_SESSION_KEY: hashed, BEGUN: now, SEEN: now}
    return Seat(actor, _session(keys), tickets.issue(training.pk, actor), secret)


def _screen(training: Training, venue: Venue) -> Seat:
    actor = Actor("venue", None, venue.name, venue.pk)
    return Seat(actor, _session({DEVICE: venue.pk}), tickets.issue(training.pk, actor))


def _session(content: dict) -> str:
    session = SessionStore()
    session.update(content)
    session.set_expiry(LONGEST)
    session.create()
    return session.session_key


def put_away(stage: Stage, *, now: datetime) -> None:
    """End the class if it goes on, and the sign-ins that were made for it."""
    state = Training.objects.get(pk=stage.training.pk).state
    if state not in OVER:
        data = {"to": "ended" if state in ("live", "paused") else "cancelled", "reason": "演示课停止"}
        with suppress(Refusal):  # somebody at the console was quicker
            actions.do(stage.training.pk, "session.state", data, actor=stage.trainer.actor, idem="", now=now)
    seats = [stage.trainer, *stage.halls, *stage.phones]
    Session.objects.filter(session_key__in=[one.cookie for one in seats]).delete()


def password() -> str:
    """The password of the demo accounts; empty where it is not kept."""
    path = settings.DATA / "demo-accounts.json"
    return json.loads(path.read_text("utf-8"))["password"] if path.exists() else ""
