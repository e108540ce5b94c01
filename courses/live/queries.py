"""Every number and list of live trainings, and who is what in a room."""
from collections import defaultdict
from datetime import datetime, timedelta

from django.db.models import BooleanField, Count, Exists, ExpressionWrapper, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from mingfa.people import access
from mingfa.people.models import Role, RoleGrant, User

from .board import Actor, Round, Sign, redact
from .facts import events_of
from .models import Answer, Bundle, CheckIn, Deck, Event, HallResult, Prepared, RosterEntry, Slide, Training, Venue
from .tickets import Ticket


def trainings_of(user: User) -> QuerySet[Training]:
    """Those the user teaches, watches or takes part in, the latest first, and what came of those their units took part
    in. `comes`: there is a place in the room for them."""
    units = access.units_visible_to(user, Role.TRAINER, Role.LEADER)
    looked_after = access.units_visible_to(user, Role.LIAISON)
    led = access.units_visible_to(user, Role.LEADER)
    part = Q(roster__user=user) | Q(venues__steward=user) | Q(venues__unit__in=looked_after)
    came = Q(venues__unit__in=led, settled_at__isnull=False)
    seen = Q(unit__in=units) | (part & ~Q(state="draft")) | came
    due = RosterEntry.objects.filter(training=OuterRef("pk"), user=user)
    kept = Venue.objects.filter(training=OuterRef("pk")).filter(Q(steward=user) | Q(unit__in=looked_after))
    comes = ExpressionWrapper(Exists(due) | Exists(kept) | Q(unit__in=units), output_field=BooleanField())
    found = Training.objects.filter(seen).select_related("unit", "trainer").annotate(comes=comes)
    return found.distinct().order_by("-starts_at", "-id")


def trainings_with_heads(user: User) -> QuerySet[Training]:
    """Those of the units the user is a trainer of, with `halls`, and `due` and `came` of their frozen rosters."""
    there = [RosterEntry.Attendance.PRESENT, RosterEntry.Attendance.LATE, RosterEntry.Attendance.EARLY]
    found = Training.objects.filter(unit__in=access.units_visible_to(user, Role.TRAINER)).select_related("unit", "trainer")
    due = RosterEntry.objects.all()
    return found.annotate(
        halls=_how_many(Venue.objects.all()), due=_how_many(due), came=_how_many(due.filter(attendance__in=there)),
    ).order_by("-starts_at", "-id")  # fmt: skip


def _how_many(rows: QuerySet) -> Coalesce:
    """How many of these rows a training has. Each kind counted by itself: joined, every hall would meet every person."""
    counted = rows.filter(training=OuterRef("pk")).order_by().values("training").annotate(rows=Count("pk")).values("rows")
    return Coalesce(Subquery(counted), 0)


def actor_in(training: Training, user: User, *, role: str = "", venue_id: int | None = None) -> Actor | None:
    """Who the user is in this room: the wished role if it is his, else the first of trainer, steward, cadre, leader.

    Args:
        venue_id: for the role steward, which of the halls the user looks after; the first without it.
    """
    for one in [role] if role else ["trainer", "steward", "cadre", "leader"]:
        actor = _AS[one](training, user, venue_id) if one in _AS else None
        if actor is not None:
            return actor
    return None


def _trainer(training, user, venue_id=None):
    return Actor("trainer", user.pk, user.name) if access.holds(user, Role.TRAINER, unit=training.unit) else None


def halls_of(training: Training, user: User) -> QuerySet[Venue]:
    """The halls the user looks after: as their steward, or as liaison of the unit or one above."""
    looked_after = Q(unit__in=access.units_visible_to(user, Role.LIAISON)) if access.holds(user, Role.LIAISON) else Q(pk=None)
    if user.is_superuser:
        looked_after = Q(pk=None)
    return training.venues.filter(Q(steward=user) | looked_after).order_by("unit__path")


def _steward(training, user, venue_id=None):
    halls = halls_of(training, user)
    venue = (halls.filter(pk=venue_id) if venue_id else halls).first()
    return Actor("steward", user.pk, user.name, venue.pk) if venue else None


def _cadre(training, user, venue_id=None):
    entry = RosterEntry.objects.filter(training=training, user=user).first()
    return Actor("cadre", user.pk, user.name, entry.venue_id) if entry else None


def _leader(training, user, venue_id=None):
    return Actor("leader", user.pk, user.name) if access.holds(user, Role.LEADER, unit=training.unit) else None


_AS = {"trainer": _trainer, "steward": _steward, "cadre": _cadre, "leader": _leader}


def actor_of(ticket: Ticket) -> Actor | None:
    """Who a ticket stands for, if the account is active and the role is still held there."""
    training = Training.objects.select_related("unit").filter(pk=ticket.training).first()
    if training is None:
        return None
    user = User.objects.filter(pk=ticket.user, is_active=True).first() if ticket.user else None
    if ticket.role == "venue":
        venue = training.venues.filter(pk=ticket.venue).first()
        if venue is None or ticket.user:
            return screen_of(venue, user) if venue and user else None
        return Actor("venue", None, venue.name, venue.pk)
    found = user and actor_in(training, user, role=ticket.role, venue_id=ticket.venue)
    return found if found and found.venue == ticket.venue else None


def screen_of(venue: Venue, user: User) -> Actor | None:
    """The user as the screen of this venue: its steward or a trainer, who may open it on a computer of theirs."""
    steward = _steward(venue.training, user, venue.pk) if user.is_authenticated else None
    if steward or access.holds(user, Role.TRAINER, unit=venue.training.unit):
        return Actor("venue", user.pk, venue.name, venue.pk)
    return None


def keeper_of(venue: Venue, user: User) -> Actor | None:
    """The user as who looks after this very hall, its steward or liaison; else as a trainer of the training."""
    liaison = not user.is_superuser and access.holds(user, Role.LIAISON, unit=venue.unit)
    if venue.steward_id == user.pk or liaison:
        return Actor("steward", user.pk, user.name, venue.pk)
    return _trainer(venue.training, user)


def has_place(training_id: int, user: User | None, device_venue: int | None) -> bool:
    """Whether this person, or the device of a venue, has a place in the room."""
    if user is None:
        return Venue.objects.filter(training=training_id, pk=device_venue).exists()
    if RosterEntry.objects.filter(training=training_id, user=user).exists():
        return True
    training = Training.objects.select_related("unit").filter(pk=training_id).first()
    return training is not None and actor_in(training, user) is not None


def lost_their_role(training: Training, actors: list[Actor]) -> list[Actor]:
    """Those trainers, leaders and stewards that are so no longer. Few queries, however many sockets."""
    roles = {"trainer": Role.TRAINER, "leader": Role.LEADER, "steward": Role.LIAISON}
    people = User.objects.filter(pk__in={one.id for one in actors}, is_active=True)
    bosses = {pk for pk, boss in people.values_list("pk", "is_superuser") if boss}
    grants: dict[tuple[int, str], list[str]] = defaultdict(list)
    for user_id, role, path in RoleGrant.objects.filter(user__in=people).values_list("user", "role", "unit__path"):
        grants[user_id, role].append(path)
    venues = {one.pk: one for one in training.venues.select_related("unit")}

    def still(actor):
        venue = venues.get(actor.venue)
        if actor.role == "steward" and (venue is None or venue.steward_id == actor.id):
            return venue is not None
        unit = venue.unit if actor.role == "steward" else training.unit
        return actor.id in bosses or any(unit.path.startswith(path) for path in grants[actor.id, roles[actor.role]])

    return [one for one in actors if one.role in roles and not still(one)]


def events_after(training_id: int, seq: int, *, moderates: bool = True) -> list[dict]:
    """Envelopes of the log after a number, in order; as the audience gets them unless it moderates."""
    rows = Event.objects.filter(training=training_id, seq__gt=seq).order_by("seq")
    return [one.envelope if moderates else redact(one.envelope) for one in rows]


def room_of(training_id: int) -> tuple[Training, dict[int, str], list[dict]]:
    """What a hub starts from: the training, the secret of each venue, who was sent out so far. Three queries.

    Raises:
        Training.DoesNotExist
    """
    training = Training.objects.select_related("unit").get(pk=training_id)
    return training, dict(training.venues.values_list("pk", "secret")), kicks_of(training_id)


def kicks_of(training_id: int) -> list[dict]:
    """Who was sent out so far: the envelopes."""
    return [one.envelope for one in events_of(training_id, ["kick"])]


def head_of(training_id: int) -> int:
    """The number of the last event."""
    return Training.objects.values_list("seq", flat=True).get(pk=training_id)


def ink_of(training_id: int, page: int) -> list[dict]:
    """The strokes that stand on a page now, oldest first."""
    strokes: dict[str, dict] = {}
    for event in events_of(training_id, ["ink.stroke", "ink.undo", "ink.clear"]):
        data = event.data
        if event.kind == "ink.stroke" and data["page"] == page:
            strokes[data["id"]] = data
        elif event.kind == "ink.undo":
            strokes.pop(data["id"], None)
        elif event.kind == "ink.clear" and data["page"] == page:
            strokes.clear()
    return list(strokes.values())


def log_of_attendance(training_id: int) -> tuple[list[Round], int | None, dict[int, list[Sign]]]:
    """(rounds, start in milliseconds, sign-ins by person) as the log and the sign-in rows have them."""
    rounds, started_at = [], None
    for event in events_of(training_id, ["checkin.open", "session.state"]):
        at = round(event.at.timestamp() * 1000)
        if event.kind == "checkin.open":
            rounds.append(Round(event.data["round"], at))
        elif event.data["to"] == "live" and started_at is None:
            started_at = at
    signs: dict[int, list[Sign]] = defaultdict(list)
    own_start = starts_of_halls(training_id)
    for one in CheckIn.objects.filter(training=training_id):
        made_at, number = round(one.made_at.timestamp() * 1000), one.round
        if one.pk in own_start and started_at is not None:
            # A hall without a line has one round, for the whole class, and a start of its own.
            made_at += started_at - own_start[one.pk]
            number = max((each.number for each in rounds), default=0)
        signs[one.user_id].append(Sign(number, made_at, one.counts))
    return rounds, started_at, signs


def starts_of_halls(training_id: int) -> dict[int, int]:
    """Sign-in of a hall without a line to when its own class began: late there is late by that clock."""
    merged = HallResult.objects.filter(bundle__training=training_id).exclude(merged_at=None).order_by("pk")
    return {pk: made["began"] for made in merged.values_list("made", flat=True) for pk in made["checkins"]}


def bundles_of(venue: Venue) -> list[Bundle]:
    """The venue's bundles, the latest first, with their merged `files` and those of them that wait for a second person."""
    found = venue.bundles.select_related("made_by").prefetch_related(
        Prefetch("results", HallResult.objects.exclude(merged_at=None).select_related("received_by", "confirmed_by"), "files")
    )
    return list(found[:20])


def roster_of(venue: Venue) -> list[dict]:
    """The steward's list: name, whether signed in, and whether somebody still has to confirm. Two queries."""
    rows: dict[int, list[CheckIn]] = defaultdict(list)
    for one in CheckIn.objects.filter(training=venue.training_id, user__in=venue.roster.values("user")):
        rows[one.user_id].append(one)
    return [
        {
            "who": entry.user_id, "name": entry.user.name, "signed": any(one.counts for one in rows[entry.user_id]),
            "waiting": any(not one.counts for one in rows[entry.user_id]),
            "ticked_by": next((one.ticked_by_id for one in rows[entry.user_id] if not one.counts), None),
        }
        for entry in venue.roster.select_related("user")
    ]  # fmt: skip


def given_answers(training_id: int, actor: Actor) -> dict[str, list | str]:
    """Item to choice (or text) of this person's answers, so that a reload shows them. Anonymous ones are nobody's."""
    rows = Training.objects.get(pk=training_id).answers.filter(voter=actor.key)
    return {one.item: one.text or one.choice for one in rows}


def rounds_signed(training_id: int, actor: Actor) -> list[int]:
    """The rounds this person has signed in, so that a reload shows it."""
    rows = CheckIn.objects.filter(training=training_id, user=actor.id) if actor.id else CheckIn.objects.none()
    return sorted(rows.values_list("round", flat=True))


def under_the_clock(now: datetime) -> list[int]:
    """Ids of the trainings in which the clock may have something to do now."""
    near = Training.objects.filter(starts_at__lte=now + timedelta(hours=1))
    states = ("scheduled", "lobby", "live", "paused", "ended")
    return list(near.filter(state__in=states).order_by("pk").values_list("pk", flat=True))


def venue_lines(training: Training) -> list[Venue]:
    """Venues with `due`, heads of the roster, `came`, those of them that attended by the settled result, and the board's
    `signed`, `heads` and `confirmed`."""
    came = Count("roster", filter=Q(roster__attendance__in=("present", "late", "early")))
    lines = list(training.venues.select_related("unit").annotate(due=Count("roster"), came=came).order_by("unit__path"))
    for one in lines:
        board = training.snapshot["venues"].get(str(one.pk), {})
        one.signed, one.heads = board.get("signed", 0), board.get("heads", 0)
        one.confirmed = board.get("confirmed", False)
    return lines


def decks_of(training: Training) -> list[Deck]:
    """The decks of a training in the order they came, with `drawn`, how many of their pages have a picture."""
    return list(training.decks.annotate(drawn=Count("slides")))


def asked_already(training_id: int) -> set[int]:
    """Ids of the prepared polls and questions that have been opened, by the log."""
    opened = events_of(training_id, ["poll.open", "quiz.open"])
    return {event.data.get("prepared") for event in opened} - {None}


def prepared_of(training: Training) -> list[Prepared]:
    """What is prepared, in order; `was_asked` says whether it has been opened."""
    asked = asked_already(training.pk)
    found = list(training.prepared.select_related("question__current"))
    for one in found:
        one.was_asked = one.pk in asked
        one.words = one.text if one.is_poll else one.question.current.stem[:200]
    return found


def desk_of(training: Training) -> dict:
    """{decks: [{key, name, pages}], pages: {deck: [{title, notes}]}, prepared: [...]} for the trainer's console. No keys."""
    pages: dict[str, list[dict]] = {}
    for slide in Slide.objects.filter(deck__training=training, deck__state=Deck.State.READY):
        pages.setdefault(f"d{slide.deck_id}", []).append({"title": slide.title, "notes": slide.notes})
    ready = training.decks.filter(state=Deck.State.READY)
    return {
        "decks": [{"key": one.key, "name": one.name, "pages": one.pages} for one in ready], "pages": pages,
        "prepared": [
            {
                "id": one.pk, "kind": one.kind, "text": one.words, "options": one.options, "anonymous": one.anonymous,
                "seconds": one.seconds, "question": one.question_id, "asked": one.was_asked,
            }
            for one in prepared_of(training)
        ],
    }  # fmt: skip


def written_answers(training_id: int, item: str) -> list[dict]:
    """Written answers to a poll with the venue they came from, the last first; who wrote them is nobody's business here."""
    rows = Answer.objects.filter(training=training_id, item=item).exclude(text="").order_by("-at", "-pk")
    return [{"text": text, "venue": venue} for text, venue in rows.values_list("text", "venue")[:200]]
