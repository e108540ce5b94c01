"""What the repair screen shows of an upload: what needs a look, the words around a question, its near ones, its articles."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from mingfa.bank.importing.keeping import draft_from, rejected_row
from mingfa.bank.importing.results import Parsed
from mingfa.bank.models import Bank, ImportEntry, QuestionImport
from mingfa.bank.queries import in_use, versions
from mingfa.bank.similar import similar_to
from mingfa.bank.similarity import Index, Kind, Wording, marked
from mingfa.library.queries import articles_for, statuses_of

Sort, Decision = ImportEntry.Sort, ImportEntry.Decision
UNDECIDED = Q(decision=Decision.NONE, taken=False)
OPEN = UNDECIDED & Q(sort__in=(Sort.WRONG, Sort.LOOK))
READY = Q(taken=False) & (Q(decision__in=(Decision.CONFIRMED, Decision.CHANGED)) | Q(sort=Sort.GOOD, decision=Decision.NONE))
LISTED = 30  # questions in the list at the side
MOST_NEAR = 3  # near questions told for one
CONTEXT = 3  # source lines before and after
SILENT = timedelta(minutes=1)


@dataclass(frozen=True)
class Counts:
    """How the questions of an upload stand. `ready` come in with the next import, `look` and `wrong` wait for somebody."""

    ready: int
    look: int
    wrong: int
    repeats: int
    refused: int
    taken: int

    @property
    def open(self) -> int:
        return self.look + self.wrong


@dataclass(frozen=True)
class SourceLine:
    """One line of the source: its number where it is certain, its words, whether it belongs to the question shown."""

    number: int | None
    text: str
    own: bool


@dataclass(frozen=True)
class NearEntry:
    """A near question of the bank or of the same file, both stems marked where they differ; `left` is the one looked at."""

    question_id: int | None
    place: int | None
    percent: int
    kind: Kind
    left: list[tuple[str, bool]]
    right: list[tuple[str, bool]]
    options: tuple[str, ...]
    answer: str


@dataclass(frozen=True)
class ShownArticle:
    """A cited article with its text, None where the library has none, and whether it holds today."""

    ref: object
    article: object
    standing: str


def counts_of(run: QuestionImport) -> Counts:
    """One query."""
    parts = {
        "ready": READY, "look": UNDECIDED & Q(sort=Sort.LOOK), "wrong": UNDECIDED & Q(sort=Sort.WRONG),
        "repeats": Q(sort=Sort.REPEAT), "refused": Q(decision=Decision.REFUSED, taken=False), "taken": Q(taken=True),
    }  # fmt: skip
    return Counts(**run.entries.aggregate(**{name: Count("pk", filter=part) for name, part in parts.items()}))


def open_entries(run: QuestionImport) -> QuerySet[ImportEntry]:
    """What still needs somebody: errors first, then what is least certain; the errors in the order of the file."""
    # Errors have confidence 0, so that one order serves both.
    return run.entries.filter(OPEN).order_by("confidence", "place")


def ready_entries(run: QuestionImport) -> QuerySet[ImportEntry]:
    """What the next import brings, in the order of the file."""
    return run.entries.filter(READY).order_by("place")


def entries_shown(run: QuestionImport, show: str = "") -> QuerySet[ImportEntry]:
    """The questions of an upload for a list: all, or those open, ready, refused, repeat or taken."""
    parts = {
        "open": OPEN, "ready": READY, "refused": Q(decision=Decision.REFUSED, taken=False), "repeat": Q(sort=Sort.REPEAT),
        "taken": Q(taken=True),
    }  # fmt: skip
    return run.entries.filter(parts.get(show, Q())).select_related("decided_by").order_by("place")


def same_stem(entry: ImportEntry, stem_hash: str) -> ImportEntry | None:
    """Another question of the same upload that comes in, or came in, with this stem."""
    coming = Q(decision__in=(Decision.CONFIRMED, Decision.CHANGED)) | Q(decision=Decision.NONE, sort__in=(Sort.GOOD, Sort.LOOK))
    others = ImportEntry.objects.filter(coming | Q(taken=True), run=entry.run_id, stem_hash=stem_hash)
    return others.exclude(pk=entry.pk).order_by("place").first()


def beside(run: QuestionImport, place: int) -> tuple[list[ImportEntry], int, int | None, int | None]:
    """(the part of the list around a question, how many come before that part, place before it, place after it).

    A question that is not open has the first open one after it.
    """
    order = list(open_entries(run).values_list("place", flat=True))
    if place not in order:
        at, before, after = 0, None, order[0] if order else None
    else:
        at = order.index(place)
        before = order[at - 1] if at else None
        after = order[at + 1] if at + 1 < len(order) else None
    start = at - at % LISTED
    shown = run.entries.filter(place__in=order[start : start + LISTED])
    shown = shown.only("place", "sort", "headline", "where", "confidence", "run").order_by("confidence", "place")
    return list(shown), start, before, after


def source_lines(entry: ImportEntry) -> list[SourceLine]:
    """The words a question was read from, with the last lines of the one before and the first of the one after."""
    beside_it = entry.run.entries.filter(place__in=(entry.place - 1, entry.place + 1))
    around = {one.place: one for one in beside_it.only("reading", "place", "run")}
    before, after = around.get(entry.place - 1), around.get(entry.place + 1)
    sheet = entry.reading["place"]["sheet"]
    lines = _lines(before, own=False)[-CONTEXT:] if before and before.reading["place"]["sheet"] == sheet else []
    lines += _lines(entry, own=True)
    return lines + (_lines(after, own=False)[:CONTEXT] if after and after.reading["place"]["sheet"] == sheet else [])


def _lines(entry: ImportEntry, *, own: bool) -> list[SourceLine]:
    """Numbered where there are as many lines as source units, else only the first one is certain."""
    place, texts = entry.reading["place"], entry.reading["excerpt"].split("\n")
    if texts == [""]:
        return [] if not own else [SourceLine(place["row"], entry.draft["stem"], own)]
    last = place["last"] or place["row"]
    certain = place["row"] is not None and last - place["row"] + 1 == len(texts)
    numbers = range(place["row"], last + 1) if certain else [place["row"], *[None] * (len(texts) - 1)]
    return [SourceLine(number, text, own) for number, text in zip(numbers, texts, strict=True)]


def near_of(entry: ImportEntry) -> list[NearEntry]:
    """The near questions of an entry that are still there; four queries whatever their number."""
    in_bank = [one["question"] for one in entry.near if "question" in one]
    in_file = [one["place"] for one in entry.near if "place" in one]
    current = dict(in_use(entry.run.bank).filter(pk__in=in_bank).values_list("pk", "current_id"))
    views = versions(current.values())
    wanted = entry.run.entries.filter(place__in=in_file).exclude(decision=Decision.REFUSED)
    others = {one.place: draft_from(one.draft) for one in wanted}
    shown = []
    for one in entry.near:
        pk, place = one.get("question"), one.get("place")
        other = views.get(current.get(pk)) if pk else others.get(place)
        if other:
            left, right = marked(entry.draft["stem"], other.stem)
            shown.append(NearEntry(pk, place, one["percent"], Kind[one["kind"]], left, right, tuple(other.options), other.answer))
    return shown


def near_data(bank: Bank | None, parsed: Parsed) -> list[dict]:
    """Near questions of a parsed file as plain data: in the bank, where there is one, and before in the same file."""
    questions = list(parsed.questions)
    in_bank = similar_to(bank, [one.draft for one in questions], most=MOST_NEAR) if bank else [[] for _ in questions]
    index, found = Index(), []
    for at, (one, known) in enumerate(zip(questions, in_bank, strict=True)):
        wording, place = Wording.of(one.draft), one.place
        for near, question, other in [
            *((near, near.id, None) for near in known),
            *((near, None, questions[near.id].place.row) for near in index.near(wording, most=MOST_NEAR)),
        ]:
            facts = {"percent": near.percent, "kind": near.kind.value, "may_repeat": near.kind.may_repeat}
            found.append({"sheet": place.sheet, "row": place.row, "question": question, "other": other} | facts)
        index.add(at, wording)
    return found


def articles_of(citations) -> list[ShownArticle]:
    """The articles a draft cites, as the library has them today."""
    standings, articles = statuses_of(citations), articles_for(citations)
    whole = [(ref, replace(ref, paragraph=0, item=0)) for ref in citations]
    return [ShownArticle(ref, articles.get(ref) or articles.get(plain), standings[ref]) for ref, plain in whole]


def rows_to_mend(run: QuestionImport) -> list[list]:
    """Rows for the table of what was not imported: open errors, and what somebody did not want."""
    wanted = Q(decision=Decision.REFUSED, taken=False) | UNDECIDED & Q(sort=Sort.WRONG)
    found = run.entries.filter(wanted).order_by("place").values_list("reading", "findings", "decision")
    return [
        rejected_row(reading, findings or ([["", "核对时决定不要"]] if decision else []))
        for reading, findings, decision in found.iterator(chunk_size=500)
    ]


def stalled(run: QuestionImport, now: datetime) -> bool:
    """Whether reading or comparing is not finished and has given no sign of life for a minute."""
    return (run.read_at is None or run.compared < run.total) and run.touched_at < now - SILENT
