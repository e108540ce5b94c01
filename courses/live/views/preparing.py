"""备课: the slides of a training with their notes, and what will be asked."""
from datetime import timedelta

from django.contrib import messages
from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe
from mingfa import clock
from mingfa.library.queries import articles_in_order, search_articles, search_laws
from mingfa.library.search.words import read_query
from mingfa.numbers import whole

from .. import actions, pdf, queries, tasks
from ..board import Refusal
from ..board.states import BEFORE, OVER
from ..models import Deck, Prepared, Slide, Training
from ..preparing_forms import DeckForm, LessonForm, NotesForm, PollForm, QuestionForm
from ..wording import deck_problem, sentence
from . import actor_here, private, taught, training_of

YEAR = 365 * 24 * 3600
MOST_QUESTIONS, MOST_ARTICLES, EXCERPT = 200, 12, 60
# Without a sign of life for so long, the process that drew has gone.
SILENT = timedelta(minutes=2)


@private
@require_safe
def prepare(request, training_id):
    """Everything that is ready, and what can be added."""
    return _page(request, taught(request, training_id))


def _page(request, training: Training, **bound):
    user, now = request.user, clock.now()
    forms = {
        "deck_form": DeckForm(), "lesson_form": LessonForm(user=user), "poll_form": PollForm(),
        "question_form": QuestionForm(user=user, most=MOST_QUESTIONS), **bound,
    }  # fmt: skip
    decks = queries.decks_of(training)
    for deck in decks:
        deck.words = deck_problem(deck.problem, deck.problem_page) if deck.problem else ""
        deck.is_silent = deck.state == Deck.State.DRAWING and now - deck.touched_at > SILENT
        deck.can_go = training.state in BEFORE or deck.state != Deck.State.READY
    open = training.state not in OVER
    context = {"training": training, "decks": decks, "prepared": queries.prepared_of(training), "open": open, **forms}
    return render(request, "live/prepare.html", context, status=400 if bound else 200)


@private
@require_POST
def add_deck(request, training_id):
    """Upload a PDF."""
    training = taught(request, training_id)
    form = DeckForm(request.POST, request.FILES)
    if form.is_valid():
        name, content = form.cleaned_data["file"]
        try:
            deck = actions.add_deck(training, name=name, content=content, by=request.user, now=clock.now())
        except pdf.BadDeck as bad:
            form.add_error("file", deck_problem(bad.what, bad.number))
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, f"已收到“{deck.name}”，共 {deck.pages} 页，正在变成图片。")
            return redirect("live:prepare", training.pk)
    return _page(request, training, deck_form=form)


@private
@require_POST
def add_lesson(request, training_id):
    """Make slides of a lesson."""
    training = taught(request, training_id)
    form = LessonForm(request.POST, user=request.user)
    if form.is_valid():
        try:
            deck = actions.add_lesson(training, form.cleaned_data["lesson"], by=request.user, now=clock.now())
        except pdf.BadDeck as bad:
            form.add_error("lesson", deck_problem(bad.what, bad.number))
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, f"已用“{deck.name}”做课件，共 {deck.pages} 页。课以后修改，课件不跟着变。")
            return redirect("live:prepare", training.pk)
    return _page(request, training, lesson_form=form)


@private
@require_POST
def add_poll(request, training_id):
    """Prepare a poll."""
    training = taught(request, training_id)
    form = PollForm(request.POST)
    return _prepared(request, training, form, "poll_form", actions.prepare_poll)


@private
@require_POST
def add_question(request, training_id):
    """Prepare a question of a bank."""
    training = taught(request, training_id)
    form = QuestionForm(request.POST, user=request.user, most=MOST_QUESTIONS)
    return _prepared(request, training, form, "question_form", actions.prepare_question)


def _prepared(request, training, form, name, action):
    if form.is_valid():
        try:
            action(training, **form.cleaned_data, by=request.user, now=clock.now())
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, "已备好，上课时按 O 依次打开。")
            return redirect("live:prepare", training.pk)
    return _page(request, training, **{name: form})


@private
@require_POST
def change_prepared(request, training_id, prepared_id):
    """Move one before the one above it, or take it off the list."""
    training = taught(request, training_id)
    one = get_object_or_404(Prepared, pk=prepared_id, training=training)
    action = {"up": actions.move_up, "remove": actions.remove_prepared}.get(request.POST.get("do", ""))
    if action is None:
        raise Http404
    return _done(request, training, action, one, "已上移" if action is actions.move_up else "已删除")


def _done(request, training, action, thing, words):
    try:
        action(thing, by=request.user, now=clock.now())
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, words)
    return redirect("live:prepare", training.pk)


@private
def deck(request, training_id, deck_id):
    """One deck: its pages with the notes."""
    training = taught(request, training_id)
    one = get_object_or_404(Deck, pk=deck_id, training=training, state=Deck.State.READY)
    slides = list(one.slides.all())
    form = NotesForm(request.POST or None, slides=slides)
    if request.method == "POST" and form.is_valid():
        changed = actions.write_notes(one, form.notes, by=request.user, now=clock.now())
        messages.success(request, f"已保存，改了 {changed} 页的备注" if changed else "没有改动")
        return redirect("live:prepare", training.pk)
    pages = [(slide, form[f"notes-{slide.number}"]) for slide in slides]
    context = {"training": training, "deck": one, "form": form, "pages": pages}
    return render(request, "live/deck.html", context, status=400 if form.errors else 200)


@private
@require_POST
def change_deck(request, training_id, deck_id):
    """Take a deck away, or go on drawing one whose process has died."""
    training = taught(request, training_id)
    one = get_object_or_404(Deck, pk=deck_id, training=training)
    if request.POST.get("do") == "again":
        tasks.draw_deck.enqueue(one.pk)
        return redirect("live:prepare", training.pk)
    if request.POST.get("do") != "remove":
        raise Http404
    return _done(request, training, actions.remove_deck, one, f"已删除“{one.name}”")


@require_safe
def slide(request, training_id, deck, page):
    """The picture of a page, for everybody in the room; it never changes, so it is kept."""
    training = training_of(training_id)
    actor_here(request, training)
    number = whole(deck.removeprefix("d"), most=2**31)
    ready = Slide.objects.filter(deck__training=training, deck__state=Deck.State.READY)
    one = get_object_or_404(ready.select_related("deck"), deck=number or 0, number=page)
    try:
        with default_storage.open(one.path) as file:
            response = HttpResponse(file.read(), content_type="image/webp")
    except FileNotFoundError as lost:
        raise Http404 from lost
    response["Cache-Control"] = f"private, max-age={YEAR}, immutable"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@private
@require_safe
def desk(request, training_id):
    """What only the trainer's console reads: titles and notes of the pages, and what is prepared."""
    training = training_of(training_id)
    actor_here(request, training, role="trainer")
    return JsonResponse(queries.desk_of(training))


@private
@require_safe
def written(request, training_id, item):
    """Written answers as they came in, for the trainer's eyes."""
    training = training_of(training_id)
    actor_here(request, training, role="trainer")
    return JsonResponse({"written": queries.written_answers(training.pk, item)})


@private
@require_safe
def articles(request, training_id):
    """Articles for what the trainer typed: words, or a law and a number."""
    training = training_of(training_id)
    actor_here(request, training, role="trainer")
    query = read_query(request.GET.get("q", ""))
    hits = search_articles(query, search_laws(query)[:MOST_ARTICLES]) if query.text else None
    found = articles_in_order(hits.ids[:MOST_ARTICLES]) if hits else []
    rows = [
        {
            "law": one.edition.law.title, "article": one.printed_label, "edition": one.edition.slug,
            "text": one.text[:EXCERPT] + "…" * (len(one.text) > EXCERPT),
        }
        for one in found
    ]  # fmt: skip
    return JsonResponse({"articles": rows})
