"""What the plan of a command needs from the database; each kind looks up only its own (board.planning.Facts)."""
from collections import Counter
from dataclasses import replace

from django.db.models import Count
from django.utils import timezone
from mingfa.bank.marking import is_right
from mingfa.bank.models import QuestionVersion
from mingfa.library.citations import parse_citations
from mingfa.library.models import Article
from mingfa.library.queries import articles_for
from mingfa.people.models import User

from courses.queries import askable_questions

from .board import Facts
from .models import Answer, CheckIn, Event, HeadPhoto, RosterEntry, Training

TOP_WORDS = 40
QUOTED = 300  # characters of the article under an answer
JUDGE = ("正确", "错误")
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def facts_for(training: Training, kind: str, data: dict, by: User | None) -> Facts:
    """The facts for one command. `data` is untrusted and may be anything."""
    find = FINDERS.get(kind)
    return find(training, data if isinstance(data, dict) else {}, by) if find else Facts()


def _turn(training, data, by):
    if data.get("to") != "scheduled":
        return Facts()
    return Facts(rosters={one.pk: one.heads for one in training.venues.annotate(heads=Count("roster"))})


def _rounds(training, data, by):
    return Facts(rounds=training.events.filter(kind="checkin.open").count())


def _law(training, data, by):
    law, article = str(data.get("law", ""))[:200], str(data.get("article", ""))[:40]
    found = articles_for(parse_citations(f"《{law}》{article}")[:1])
    return Facts(law=_shown(next(iter(found.values()))) if found else {})


def _shown(article: Article) -> dict:
    """An article as the screens show it, with its edition and whether that holds today."""
    standing = article.edition.status_on(timezone.localdate()).label
    return {
        "law": article.edition.law.title, "article": article.printed_label, "revision": f"{article.edition.slug} 版，{standing}",
        "text": article.text[:4000],
    }  # fmt: skip


def _question(training, data, by):
    ref = data.get("question_ref")
    if by is None or type(ref) is not int or not 0 < ref < 2**53:
        return Facts()
    question = askable_questions(by).filter(pk=ref).first()
    if question is None:
        return Facts()
    version = question.current
    texts = JUDGE if version.type == "judge" else [one.text[:500] for one in version.options.all()][:12]
    asked = {"type": version.type, "text": version.stem[:2000], "options": list(texts), "question_ref": version.pk}
    return replace(_poll(training, data, by), question=asked)


def _head_count(training, data, by):
    venue, ref = data.get("venue"), data.get("photo")
    last = training.events.filter(kind="headcount", data__venue=venue).order_by("seq").last()
    before = tuple(last.data[name] for name in ("heads", "by", "photo_ref", "sha256")) if last else None
    photo = None
    if type(ref) is int and type(venue) is int and 0 < ref < 2**53:
        photo = HeadPhoto.objects.filter(pk=ref, training=training, venue=venue, deleted_at=None).first()
    return Facts(head_count=before, photo=(str(photo.pk), photo.sha256) if photo else None)


def _poll(training, data, by):
    poll = training.snapshot["poll"]
    return Facts(tally=poll_tally(training.pk, poll)) if poll else Facts()


def _quiz(training, data, by):
    quiz = training.snapshot["quiz"]
    if not quiz:
        return Facts()
    return replace(Facts(tally=quiz_tally(training, quiz)), key=_key(training, quiz))


FINDERS = {
    "session.state": _turn, "checkin.open": _rounds, "law.show": _law, "quiz.open": _question, "headcount": _head_count,
    "poll.close": _poll, "poll.open": _poll, "quiz.close": _quiz,
}  # fmt: skip


def poll_tally(training_id: int, poll: dict) -> dict:
    """Data of poll.tally as the answers stand now. One query."""
    rows = Answer.objects.filter(training_id=training_id, item=poll["id"]).values_list("venue_id", "choice", "text")
    count = _words if poll["kind"] == "cloud" else _options
    size = 0 if poll["kind"] in ("cloud", "text") else len(poll["options"])
    by_venue: dict[str, list] = {}
    rows = list(rows)
    for venue in sorted({venue for venue, _, _ in rows if venue}):
        by_venue[str(venue)] = count([row for row in rows if row[0] == venue], size)
    return {"id": poll["id"], "counts": count(rows, size), "by_venue": by_venue, "n": len(rows)}


def _options(rows, size):
    counts = [0] * size
    for _, choice, _ in rows:
        for place in choice:
            if place < size:
                counts[place] += 1
    return counts


def _words(rows, size):
    words = Counter(text for _, _, text in rows if text)
    return [[word[:40], heads] for word, heads in sorted(words.items(), key=lambda one: (-one[1], one[0]))[:TOP_WORDS]]


def quiz_tally(training: Training, quiz: dict) -> dict:
    """Data of quiz.tally: answered, of those signed in (of all on the roster before anybody is)."""
    answered = Answer.objects.filter(training=training, item=quiz["id"]).count()
    signed = sum(heads for heads in signed_by_venue(training.pk).values())
    return {"answered": answered, "of": signed or RosterEntry.objects.filter(training=training).count()}


def signed_by_venue(training_id: int) -> dict[int, int]:
    """Heads that count as signed in at least once, by venue."""
    rows = CheckIn.objects.filter(training_id=training_id).exclude(needs_second=True, confirmed_by=None)
    found = rows.order_by().values("venue").annotate(heads=Count("user", distinct=True)).values_list("venue", "heads")
    return dict(found)


def checkin_tally(training: Training) -> dict:
    """Data of checkin.tally for every venue. Two queries."""
    signed = signed_by_venue(training.pk)
    venues = training.venues.annotate(heads=Count("roster")).order_by("pk")
    return {"by_venue": {str(one.pk): {"signed": signed.get(one.pk, 0), "roster": one.heads} for one in venues}}


def vote_counts(training_id: int, ids: list[str]) -> dict[str, int]:
    """Votes by question of the board; who voted for one that was merged into it counts once with it. Two queries."""
    merged = {event.data["id"]: event.data["into"] for event in events_of(training_id, ["qa.merge"])}
    voters: dict[str, set[str]] = {}
    rows = Answer.objects.filter(training_id=training_id, item__in=[*ids, *merged]).values_list("item", "voter")
    for item, voter in rows:
        for _ in range(len(merged)):  # a chain of merges; one back to itself ends as well
            item = merged.get(item, item)
        voters.setdefault(item, set()).add(voter)
    return {item: len(voters[item]) for item in ids if item in voters}


def letters_of(type: str, choice: list[int]) -> str:
    """Places of options as the bank writes answers: letters in order, T or F for 判断."""
    if type == "judge":
        return "".join("TF"[place] for place in choice[:1] if place < 2)
    return "".join(LETTERS[place] for place in sorted(set(choice)) if place < len(LETTERS))


def _key(training: Training, quiz: dict) -> dict:
    """The right answer, heads by option, and the board of venues: right answers over signed-in heads."""
    version = QuestionVersion.objects.get(pk=quiz["question_ref"])
    rows = list(Answer.objects.filter(training=training, item=quiz["id"]).values_list("venue_id", "choice", "text"))
    rights: Counter = Counter()
    answered = Counter(venue for venue, _, _ in rows)
    for venue, choice, _ in rows:
        given = letters_of(quiz["type"], choice)
        rights[venue] += bool(given) and is_right(version.type, version.answer, given)
    signed = signed_by_venue(training.pk)
    board = []
    for venue in training.venues.order_by("unit__path").values_list("pk", flat=True):
        if not answered[venue] and venue not in signed:
            continue
        heads = max(signed.get(venue, 0), answered[venue])
        board.append({"venue": venue, "average": round(100 * rights[venue] / heads), "of": heads})
    refs = [one.ref for one in version.citations.all()][:1]
    article = next(iter(articles_for(refs).values()), None)
    law = article and {**_shown(article), "text": article.text[:QUOTED]}
    return {"correct": version.answer, "counts": _options(rows, len(quiz["options"])), "law": law, "rows": board}


def events_of(training_id: int, kinds: list[str]) -> list[Event]:
    """The log's events of these kinds, in order."""
    return list(Event.objects.filter(training_id=training_id, kind__in=kinds).order_by("seq"))
