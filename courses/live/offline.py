"""A hall without a line: what its bundle holds, and what a result that came back would change."""
import hashlib
import io
import json
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from django.contrib.staticfiles import finders
from django.core.files.storage import default_storage
from django.template.loader import render_to_string

from .board.hall import FORMAT, Result, code_of
from .facts import JUDGE, events_of
from .models import Answer, Bundle, CheckIn, Deck, HallResult, Prepared, Slide, Training

FILES = ("mingfa/tokens.css", "live/hall.css", "live/hall.js")
FIXED = (2026, 1, 1, 0, 0, 0)  # the same bundle gives the same bytes
# How far a laptop's clock may be before the download or ahead of ours.
SLACK = timedelta(minutes=10)


def pack(bundle: Bundle) -> bytes:
    """The zip: a page to open from the disk, its data, the pictures of the slides. No answers of questions, no accounts."""
    slides = _slides(bundle.training)
    data = json.dumps(_data(bundle, slides), ensure_ascii=False)
    context = {"training": bundle.training, "venue": bundle.venue, "number": bundle.number}
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:

        def put(name: str, content: bytes | str) -> None:
            entry = zipfile.ZipInfo(f"{folder}/{name}", FIXED)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".webp") else zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)

        folder = f"mingfa-hall-{bundle.number}"
        put("index.html", render_to_string("live/hall.html", context))
        # As a script: a page opened from the disk may not read other files.
        put("data.js", f"window.mfHall = {data.replace('<', chr(92) + 'u003c')};\n")
        for name in FILES:
            with open(finders.find(name), "rb") as file:
                put(name.rpartition("/")[2], file.read())
        for number, slide in enumerate(slides, 1):
            with default_storage.open(slide.path) as file:
                put(f"slides/{number:03d}.webp", file.read())
    return packed.getvalue()


def _slides(training: Training) -> list[Slide]:
    """The pages of all decks in order, those whose picture is there."""
    ready = Slide.objects.filter(deck__training=training, deck__state=Deck.State.READY).select_related("deck")
    return [one for one in ready.order_by("deck_id", "number") if default_storage.exists(one.path)]


def _data(bundle: Bundle, slides: list[Slide]) -> dict:
    training, venue = bundle.training, bundle.venue
    return {
        "format": FORMAT, "bundle": bundle.number, "key": bundle.key, "madeAt": round(bundle.made_at.timestamp() * 1000),
        "training": {"id": training.pk, "title": training.title, "trainer": training.trainer.name},
        "venue": {"id": venue.pk, "name": venue.name},
        "roster": [
            {"who": code_of(bundle.key, entry.user_id), "name": entry.user.name}
            for entry in venue.roster.select_related("user")
        ],
        "questions": [_question(one) for one in training.prepared.select_related("question__current")],
        "slides": [one.title or f"第 {number} 页" for number, one in enumerate(slides, 1)],
    }  # fmt: skip


def _question(one: Prepared) -> dict:
    """What is asked, without its answer. Words written by hand have no place in a show of hands: they are only read out."""
    if one.is_poll:
        options = one.options or (["1", "2", "3", "4", "5"] if one.kind == "scale" else [])
        return {"id": one.pk, "kind": one.kind, "text": one.text, "options": options, "anonymous": one.anonymous}
    version = one.question.current
    options = JUDGE if version.type == "judge" else [option.text for option in version.options.all()]
    return {"id": one.pk, "kind": version.type, "text": version.stem, "options": list(options), "anonymous": False}


@dataclass(frozen=True)
class Line:
    """One person of a result. `state`: new, phone (signed in already, counts once), again (came with an earlier file),
    unknown (not on this hall's roster), clock (a time that cannot be)."""

    name: str
    at: datetime | None
    state: str
    user_id: int | None = None


@dataclass(frozen=True)
class Asked:
    """One question of a result. `state`: new, phone (this hall has answered by phone), unasked (not asked in the class:
    kept with the result only), unknown. `opened` is the poll or quiz in the log."""

    text: str
    n: int
    state: str
    opened: dict = field(default_factory=dict)
    counts: tuple[int, ...] = ()
    each: dict[int, tuple[int, ...]] = field(default_factory=dict)

    def votes(self, venue_id: int) -> dict[str, tuple[int | None, list[int]]]:
        """Voter to (person, places). A hand has a number instead of a person, so that a file that comes again adds none."""
        size, many = len(self.opened["options"]), "multi" in self.opened.get("kind", self.opened.get("type", ""))
        if self.each:
            fits = {who: places for who, places in self.each.items() if places and places[-1] < size}
            return {f"u{who}": (who, list(places)) for who, places in fits.items() if many or len(places) == 1}
        counts = self.counts[:size]
        if not many:
            return {f"h{venue_id}.{place}.{hand}": (None, [place]) for place, n in enumerate(counts) for hand in range(n)}
        hands = range(max(counts, default=0))
        return {f"h{venue_id}.{hand}": (None, [place for place, n in enumerate(counts) if hand < n]) for hand in hands}


@dataclass(frozen=True)
class Preview:
    result: Result
    people: list[Line]
    questions: list[Asked]

    @property
    def new(self) -> list[Line]:
        return [one for one in self.people if one.state == "new"]

    @property
    def counts(self) -> dict[str, int]:
        return dict(Counter(one.state for one in self.people))


def preview(received: HallResult, result: Result, *, now: datetime) -> Preview:
    """What merging would do. Few queries, however many rows."""
    bundle = received.bundle
    roster = {
        code_of(bundle.key, entry.user_id): entry.user for entry in bundle.venue.roster.select_related("user")
    }
    stored = CheckIn.objects.filter(training=bundle.training, user__in=[one.pk for one in roster.values()])
    offline, others = set(), set()
    for user_id, how in stored.values_list("user", "how"):
        (offline if how == CheckIn.How.OFFLINE else others).add(user_id)
    people = []
    for code, milliseconds in sorted(result.ticks.items(), key=lambda one: one[1]):
        user, at = roster.get(code), _moment(milliseconds)
        if user is None:
            people.append(Line("", at, "unknown"))
            continue
        possible = at is not None and bundle.made_at - SLACK <= at <= now + SLACK
        state = "again" if user.pk in offline else "clock" if not possible else "phone" if user.pk in others else "new"
        people.append(Line(user.name, at, state, user.pk))
    return Preview(result, people, _asked(bundle, result, {code: user.pk for code, user in roster.items()}))


def _moment(milliseconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (OverflowError, ValueError, OSError):
        return None


def _asked(bundle: Bundle, result: Result, roster: dict[str, int]) -> list[Asked]:
    training = bundle.training
    prepared = {str(one.pk): one for one in training.prepared.select_related("question__current")}
    items = {str(event.data.get("prepared")): event.data for event in events_of(training.pk, ["poll.open", "quiz.open"])}
    answered = set(
        Answer.objects.filter(training=training, venue=bundle.venue).exclude(voter__startswith="h").values_list("item", flat=True)
    )
    found = []
    for number, given in sorted(result.answers.items(), key=lambda one: int(one[0])):
        one = prepared.get(number)
        if one is None:
            found.append(Asked("", 0, "unknown"))
            continue
        words = one.text if one.is_poll else one.question.current.stem
        opened = items.get(number)
        counts = tuple(given["hands"] or ())
        each = {roster[code]: tuple(sorted(set(places))) for code, places in (given["each"] or {}).items() if code in roster}
        n = len(each) or sum(counts)
        if opened is None or opened.get("audience", "all") != "all":
            found.append(Asked(words, n, "unasked"))
            continue
        state = "phone" if opened["id"] in answered and not each else "new"
        found.append(Asked(words, n, state, opened, counts, each))
    return found


def digest(payload: str) -> str:
    return hashlib.sha256(payload.encode()).hexdigest()
