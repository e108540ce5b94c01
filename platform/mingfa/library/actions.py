"""Every write of the law library: one function, one transaction, one audit entry."""
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime

from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.text import slugify
from wagtail.log_actions import log

from mingfa.library.citations import fold_title
from mingfa.library.importing.parsed import (
    Origin,
    ParsedArticle,
    ParsedEdition,
    ParsedHeading,
    ParsedPassage,
)
from mingfa.library.models import Article, ArticleWords, Edition, Heading, Law, Passage
from mingfa.library.registry import tell_texts_changed, tell_texts_will_change
from mingfa.library.search.words import cut
from mingfa.library.standing import Dates, begins_on, settle

NO_VERSION = "unknown"
BATCH = 500
NOTHING_TO_DO = {"kept", "unchanged"}


class StatusRefused(Exception):
    """The days and the word given for an edition contradict each other. `field` is the one to correct."""

    def __init__(self, field: str, message: str):
        super().__init__(message)
        self.field = field


def import_laws(
    editions: Sequence[ParsedEdition], *, by=None, now: datetime, report: Callable[[int], None]
) -> Counter[str]:
    """Import editions one by one, each in its own short transaction, then settle what is in force.

    A killed import leaves whole laws; the next run does the rest. Returns how many were created,
    updated, unchanged and kept. `report` is told how many are done. Whoever registered hears of it before and
    after (library.registry): a new text in force makes review tasks.
    """
    tell_texts_will_change(timezone.localdate(now))
    outcomes: Counter[str] = Counter()
    for done, parsed in enumerate(editions, start=1):
        outcomes[import_edition(parsed, by=by, now=now)] += 1
        report(done)
    settle_editions(by=by, now=now)
    tell_texts_changed(by, now)
    return outcomes


def import_edition(parsed: ParsedEdition, *, by=None, now: datetime) -> str:
    """Write one edition: "created", "updated", "unchanged" (same digest) or "kept".

    The same edition is one law at one version date. A printed text replaces the package's; the package
    never replaces a printed text ("kept"). Articles keep their identity when their text is replaced.
    What is in force is not decided here but in `settle_editions`.
    """
    outcome = _outcome(parsed, _stored(parsed))
    if outcome in NOTHING_TO_DO:
        return outcome
    # Cutting a long code into words takes longer than writing it: it is done before the database is locked.
    words = [" ".join(cut(article.text)) for article in parsed.articles]
    with transaction.atomic():
        edition = _stored(parsed, lock=True)
        outcome = _outcome(parsed, edition)
        if outcome in NOTHING_TO_DO:
            return outcome
        edition = edition or Edition(law=_law_for(parsed), slug=_edition_slug(parsed))
        _fill(edition, parsed)
        edition.save()
        kept = _write_body(edition, parsed, words)
        if outcome == "updated":
            _delete_all_but(kept, edition)
        log(
            instance=edition,
            action="library.import_edition",
            user=by,
            timestamp=now,
            data={"outcome": outcome, "source": parsed.source, "digest": parsed.digest},
        )
    return outcome


@transaction.atomic
def settle_editions(*, by=None, now: datetime) -> int:
    """Work out for every law from when to when each edition holds. Returns how many editions changed."""
    by_law: dict[int, dict[int, Edition]] = defaultdict(dict)
    for edition in Edition.objects.select_related("law"):
        by_law[edition.law_id][edition.pk] = edition
    decided = _decided_amendments()
    changed = []
    for editions in by_law.values():
        title = next(iter(editions.values())).law.short_title
        for dates in settle([_dates(edition) for edition in editions.values()], decided.get(title, {})):
            edition = editions[dates.key]
            if _dates(edition) != dates:
                edition.in_force_from, edition.in_force_until = dates.in_force_from, dates.in_force_until
                edition.status = dates.status
                changed.append(edition)
    Edition.objects.bulk_update(changed, ["in_force_from", "in_force_until", "status"])
    for edition in changed:
        log(instance=edition, action="library.settle_edition", user=by, timestamp=now, data=_facts(edition))
    return len(changed)


def check_status(status: str, in_force_from: date | None, in_force_until: date | None) -> None:
    """Raises StatusRefused when the days and the word of an edition contradict each other."""
    if in_force_from and in_force_until and in_force_until <= in_force_from:
        raise StatusRefused("in_force_until", "失效日期应晚于生效日期。")
    if in_force_until and status == Edition.Status.IN_FORCE:
        raise StatusRefused("status", "填了失效日期，请说明是已被修改、已被修订还是废止。")
    if status == Edition.Status.FUTURE:
        raise StatusRefused("status", "“尚未生效”由生效日期得出，请填生效日期，时效选“有效”。")


def confirm_status(
    edition: Edition,
    *,
    status: str,
    in_force_from: date | None,
    in_force_until: date | None,
    by,
    now: datetime,
) -> None:
    """An administrator has checked an edition's days and word; later imports leave them alone.

    Raises StatusRefused as `check_status`. Another text may answer for the law from now on, so whoever registered
    hears of it as after an import.
    """
    check_status(status, in_force_from, in_force_until)
    tell_texts_will_change(timezone.localdate(now))
    _confirm(edition, status, in_force_from, in_force_until, by, now)
    tell_texts_changed(by, now)


@transaction.atomic
def _confirm(edition: Edition, status: str, in_force_from: date | None, in_force_until: date | None, by, now) -> None:
    edition = Edition.objects.select_for_update().select_related("law").get(pk=edition.pk)
    before = _facts(edition)
    edition.status, edition.in_force_from, edition.in_force_until = status, in_force_from, in_force_until
    edition.confirmed_on, edition.confirmed_by = now.date(), by
    edition.save()
    log(
        instance=edition,
        action="library.confirm_status",
        user=by,
        timestamp=now,
        data={"before": before, "after": _facts(edition)},
    )


def _stored(parsed: ParsedEdition, *, lock: bool = False) -> Edition | None:
    """The same edition as the library has it: one law at one version date."""
    editions = Edition.objects.select_for_update(of=("self",)) if lock else Edition.objects.all()
    same = editions.filter(law__short_title=fold_title(parsed.title), slug=_edition_slug(parsed))
    return same.select_related("law").first()


def _edition_slug(parsed: ParsedEdition) -> str:
    return parsed.version_on.isoformat() if parsed.version_on else NO_VERSION


def _outcome(parsed: ParsedEdition, stored: Edition | None) -> str:
    """What importing will do to the stored edition."""
    if stored is None:
        return "created"
    if stored.origin == Origin.TEXT and parsed.origin == Origin.PACKAGE:
        return "kept"
    return "unchanged" if stored.digest == parsed.digest else "updated"


def _law_for(parsed: ParsedEdition) -> Law:
    """The law of a new edition, made where it is the first one; a printed text corrects the kind."""
    short = fold_title(parsed.title)
    law = Law.objects.filter(short_title=short).order_by("pk").first()
    if law is None:
        return Law.objects.create(
            title=parsed.title, short_title=short, slug=_slug_for(short), kind=parsed.kind, topic=parsed.topic
        )
    if parsed.origin == Origin.TEXT and parsed.kind and law.kind != parsed.kind:
        law.kind = parsed.kind
        law.save(update_fields=["kind"])
    return law


def _slug_for(short_title: str) -> str:
    """A readable address (xingzhengfuyifa), with a number where two laws would share it."""
    from pypinyin import lazy_pinyin  # its tables take a tenth of the time in which a command or a server starts

    stem = slugify("".join(lazy_pinyin(short_title))).replace("-", "")[:100] or "law"
    taken = set(Law.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
    slug, number = stem, 2
    while slug in taken:
        slug, number = f"{stem}-{number}", number + 1
    return slug


def _fill(edition: Edition, parsed: ParsedEdition) -> None:
    """The facts of the source; days a person has confirmed stay."""
    for name in ("body", "first_adopted_on", "version_on", "effective_on", "history", "digest", "note"):
        setattr(edition, name, getattr(parsed, name))
    edition.origin, edition.source = parsed.origin.value, parsed.source[:200]
    if edition.confirmed_on is None:
        edition.in_force_from = parsed.in_force_from or begins_on(parsed.version_on, parsed.effective_on)
        edition.in_force_until = parsed.in_force_until
        edition.status = parsed.status or Edition.Status.IN_FORCE


def _write_body(edition: Edition, parsed: ParsedEdition, words: Sequence[str]) -> list[models.Model]:
    """Write headings, articles and passages, in place where they were there before; the rows written.

    `words` are the cut words of each article. Foreign keys are set by id throughout: a code has more than
    a thousand articles.
    """
    headings = [
        Heading(edition_id=edition.pk, order=order, level=piece.level, label=piece.label[:200])
        for order, piece in enumerate(parsed.pieces)
        if isinstance(piece, ParsedHeading)
    ]
    _upsert(Heading, headings, ["edition", "order"], ["level", "label"])
    articles, passages = _rows_under(headings, edition, parsed)
    _upsert(Article, articles, ["edition", "number", "sub"], ["heading", "order", "label", "text"])
    _upsert(Passage, passages, ["edition", "order"], ["heading", "text"])
    _upsert(ArticleWords, _words_of(edition, articles, words), ["article"], ["edition", "size", "title", "text"])
    return [*headings, *articles, *passages]


def _rows_under(
    headings: list[Heading], edition: Edition, parsed: ParsedEdition
) -> tuple[list[Article], list[Passage]]:
    """Articles and passages, each under the heading before it."""
    ids = {heading.order: heading.pk for heading in headings}
    articles, passages, under = [], [], None
    for order, piece in enumerate(parsed.pieces):
        under = ids.get(order, under)
        place = {"edition_id": edition.pk, "heading_id": under, "order": order}
        match piece:
            case ParsedArticle(number, sub, label):
                articles.append(Article(**place, number=number, sub=sub, label=label, text=piece.text))
            case ParsedPassage(text):
                passages.append(Passage(**place, text=text))
    return articles, passages


def _words_of(edition: Edition, articles: list[Article], words: Sequence[str]) -> list[ArticleWords]:
    title = " ".join(cut(edition.law.short_title))
    return [
        ArticleWords(
            article_id=article.pk,
            edition_id=edition.pk,
            size=len(article.text),
            title=title,
            text=text,
        )
        for article, text in zip(articles, words, strict=True)
    ]


def _upsert(model, rows: list, unique: list[str], update: list[str]) -> None:
    model.objects.bulk_create(
        rows, batch_size=BATCH, update_conflicts=True, unique_fields=unique, update_fields=update
    )


def _delete_all_but(kept: list[models.Model], edition: Edition) -> None:
    """Delete what an earlier text of the edition had and the new one has not."""
    for rows in (edition.articles, edition.passages, edition.headings):
        ids = {row.pk for row in kept if isinstance(row, rows.model)}
        gone = [pk for pk in rows.values_list("pk", flat=True) if pk not in ids]
        rows.filter(pk__in=gone).delete()


def _decided_amendments() -> dict[str, dict[date, date]]:
    """Short title → {day of an amending decision or 修正案: day it takes effect}, from the library itself."""
    amending = Edition.objects.filter(
        Q(law__short_title__contains="关于修改《") | Q(law__short_title__contains="修正案"),
        version_on__isnull=False,
        effective_on__isnull=False,
    ).select_related("law")
    decided: dict[str, dict[date, date]] = defaultdict(dict)
    for edition in amending:
        for title in _amended_titles(edition.law.short_title):
            decided[title][edition.version_on] = edition.effective_on
    return decided


def _amended_titles(title: str) -> Iterable[str]:
    """The laws a decision or 修正案 changes, from its title."""
    stem, found, rest = title.partition("修正案")
    if found and "《" not in title:
        return [stem]
    rest = title.partition("关于修改")[2]
    return [fold_title(part) for part in rest.replace("》", "《").split("《")[1::2]]


def _dates(edition: Edition) -> Dates:
    return Dates(
        key=edition.pk,
        version_on=edition.version_on,
        effective_on=edition.effective_on,
        in_force_from=edition.in_force_from,
        in_force_until=edition.in_force_until,
        status=edition.status,
        confirmed=edition.confirmed_on is not None,
        is_constitution=edition.law.short_title == "宪法",
    )


def _facts(edition: Edition) -> dict[str, str]:
    """The days and the word of an edition for the audit entry."""
    return {
        "status": str(edition.status),
        "in_force_from": str(edition.in_force_from or ""),
        "in_force_until": str(edition.in_force_until or ""),
    }
