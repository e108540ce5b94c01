"""课件: a PDF or a lesson becomes pictures, page by page in the background; the last page makes the event."""
import hashlib
from datetime import datetime

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from mingfa.audit import record
from mingfa.people import access
from mingfa.people.models import Role, User

from courses.models import LessonPage

from .. import lessons, pdf, tasks
from ..board.refusals import TooMany, WrongMoment
from ..board.states import BEFORE, OVER, ROOM
from ..models import Deck, Slide, Training
from .log import append

BATCH = 10  # pages drawn before others get their turn
MOST_DECKS = 20


def add_deck(training: Training, *, name: str, content: bytes, by: User, now: datetime) -> Deck:
    """Take a PDF in; its pages are drawn in the background.

    Raises:
        pdf.BadDeck: it is not one, or cannot be shown.
        board.Refusal: the class is over, or has very many decks already.
    """
    access.require(by, Role.TRAINER, unit=training.unit)
    pages = pdf.count_pages(content)
    deck = Deck(training=training, name=name[:100], pages=pages, created_at=now, created_by=by, touched_at=now)
    # Before the transaction: nobody waits for a disk.
    deck.file.save("deck", ContentFile(content), save=False)
    try:
        _register(deck, by=by, now=now)
    except BaseException:
        deck.file.delete(save=False)
        raise
    return deck


@transaction.atomic
def _register(deck: Deck, *, by: User, now: datetime) -> None:
    training = Training.objects.select_for_update().get(pk=deck.training_id)
    if training.state in OVER:
        raise WrongMoment("slide.deck", training.state)
    if training.decks.count() >= MOST_DECKS:
        raise TooMany("deck", MOST_DECKS)
    deck.save()
    said = {"deck": deck.pk, "name": deck.name, "pages": deck.pages}
    record(training, "live.add_deck", user=by, now=now, data=said)
    transaction.on_commit(lambda: tasks.draw_deck.enqueue(deck.pk))


def add_lesson(training: Training, lesson: LessonPage, *, by: User, now: datetime) -> Deck:
    """The pages of a lesson as a deck; a later change of the lesson does not reach it. Raises as `add_deck`."""
    return add_deck(training, name=lesson.title, content=lessons.pdf_of(lesson), by=by, now=now)


def draw_some(deck_id: int, *, now: datetime) -> bool:
    """Draw the next pages of a deck; whether some are left. Safe to run twice, and after a kill it goes on where it stopped."""
    deck = Deck.objects.filter(pk=deck_id, state=Deck.State.DRAWING).first()
    if deck is None:
        return False
    done = deck.slides.count()
    try:
        if done < deck.pages:
            with deck.file.open("rb") as file:
                content = file.read()
            for one in pdf.draw_pages(content, done + 1, min(done + BATCH, deck.pages)):
                _keep(deck, one)
    except (pdf.BadDeck, OSError) as error:
        _give_up(deck, error)
        return False
    Deck.objects.filter(pk=deck.pk).update(touched_at=now)
    if deck.slides.count() < deck.pages:
        return True
    _finish(deck, now=now)
    return False


def _keep(deck: Deck, drawn: pdf.Drawn) -> None:
    facts = {name: getattr(drawn, name) for name in ("sha", "width", "height", "title", "label", "notes")}
    slide = Slide(deck=deck, number=drawn.page, size=len(drawn.content), **facts)
    if not default_storage.exists(slide.path):
        default_storage.save(slide.path, ContentFile(drawn.content))
    Slide.objects.bulk_create([slide], ignore_conflicts=True)


def _give_up(deck: Deck, error: Exception) -> None:
    """Nothing is left half: the pages drawn so far go as well."""
    what, number = (error.what, error.number) if isinstance(error, pdf.BadDeck) else ("lost", 0)
    _drop_files(deck)
    with transaction.atomic():
        deck.slides.all().delete()
        Deck.objects.filter(pk=deck.pk).update(state=Deck.State.FAILED, problem=what, problem_page=number, file="")


def _finish(deck: Deck, *, now: datetime) -> None:
    """Ready: the room is told. Of two that come here at once one does it."""
    with transaction.atomic():
        training = Training.objects.select_for_update().get(pk=deck.training_id)
        slides = list(deck.slides.order_by("number").values_list("sha", "size"))
        digest = hashlib.sha256("".join(sha for sha, _ in slides).encode()).hexdigest()
        ready = {"state": Deck.State.READY, "sha": digest, "file": ""}
        if not Deck.objects.filter(pk=deck.pk, state=Deck.State.DRAWING).update(**ready):
            return
        if training.state in BEFORE | ROOM:
            told = {"deck": deck.key, "pages": deck.pages, "sha": digest, "sizes": [size for _, size in slides]}
            append(training, "slide.deck", told, now=now)
        transaction.on_commit(lambda: deck.file.delete(save=False))


@transaction.atomic
def remove_deck(deck: Deck, *, by: User, now: datetime) -> None:
    """Take a deck away before the class. Raises WrongMoment afterwards: the replay shows it."""
    training = Training.objects.select_for_update().get(pk=deck.training_id)
    access.require(by, Role.TRAINER, unit=training.unit)
    if training.state not in BEFORE and deck.state == Deck.State.READY:
        raise WrongMoment("remove_deck", training.state)
    if deck.state == Deck.State.READY:
        append(training, "slide.deck", {"deck": deck.key, "pages": 0, "sha": "", "sizes": []}, now=now)
    record(training, "live.remove_deck", user=by, now=now, data={"deck": deck.pk, "name": deck.name})
    slides = list(deck.slides.all())
    deck.delete()
    transaction.on_commit(lambda: _drop_files(deck, slides))


def _drop_files(deck: Deck, slides=None) -> None:
    for slide in deck.slides.all() if slides is None else slides:
        default_storage.delete(slide.path)
    if deck.file:
        deck.file.delete(save=False)


@transaction.atomic
def write_notes(deck: Deck, notes: dict[int, str], *, by: User, now: datetime) -> int:
    """The trainer's notes by page; how many have changed."""
    access.require(by, Role.TRAINER, unit=deck.training.unit)
    changed = []
    for slide in Slide.objects.select_for_update().filter(deck=deck, number__in=notes):
        if slide.notes != notes[slide.number]:
            slide.notes = notes[slide.number]
            changed.append(slide)
    Slide.objects.bulk_update(changed, ["notes"])
    if changed:
        pages = [one.number for one in changed]
        record(deck.training, "live.write_notes", user=by, now=now, data={"deck": deck.pk, "pages": pages})
    return len(changed)
