"""Every write of law changes: noting that a law has changed, and deciding what cites it."""
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from wagtail.log_actions import log

from mingfa.changes import queries
from mingfa.changes.models import KnownText, LawChange, ReviewTask, TouchedArticle
from mingfa.library import registry
from mingfa.library.comparing import CHANGED, MOVED, NEW, REMOVED, SAME, Finding, counts
from mingfa.library.comparisons import compare_editions
from mingfa.library.models import Edition, Law
from mingfa.library.queries import current_editions
from mingfa.library.registry import Cited

BATCH = 200
MOST_AT_ONCE = 100
Decision = ReviewTask.Decision


class CannotDecide(Exception):
    """Why nothing was decided. `code`: edit_first (试题 become 已修改 by being edited), nothing_open, too_many."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def note_known_texts(day: date) -> int:
    """Note which edition answers for each law not noted yet. Returns how many; changes nothing already noted."""
    known = set(KnownText.objects.values_list("law", flat=True))
    answering = current_editions(Law.objects.exclude(pk__in=known), on=day)
    rows = [KnownText(law_id=law_id, edition=edition) for law_id, edition in answering.items() if edition]
    KnownText.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


def note_changes(by, now: datetime) -> list[LawChange]:
    """Make a law change with its review tasks for every law another edition answers for than was noted.

    Each law is one transaction, so a killed run leaves whole ones and the next run does the rest; repeating it changes
    nothing. An older text that answers again (days that were corrected) is no change. What cites a touched article is
    held back in the same transaction, so that no paper drawn afterwards has it. Returns the new changes.
    """
    day = timezone.localdate(now)
    note_known_texts(day)
    noted = {known.law_id: known.edition for known in KnownText.objects.select_related("edition__law")}
    answering = current_editions([edition.law for edition in noted.values()], on=day)
    made = []
    for law_id, old in noted.items():
        new = answering[law_id]
        if new and new.pk != old.pk and _begins(new) > _begins(old):
            made.append(_note_change(old, new, by=by, now=now))
    return [change for change in made if change]


def _begins(edition: Edition) -> date:
    return edition.in_force_from or edition.version_on or date.min


def _note_change(old: Edition, new: Edition, *, by, now: datetime) -> LawChange | None:
    """One law's change; None where somebody else was faster or it was noted before."""
    # Comparing and looking for what cites takes longer than writing: done before the database is locked.
    findings = compare_editions(old, new)
    touched = {finding.old.place: finding for finding in findings if finding.touched}
    cited = {kind: _citing_now(citing, old.law, set(touched)) for kind, citing in registry.kinds().items()}
    with transaction.atomic():
        known = KnownText.objects.select_for_update().get(law=old.law)
        if known.edition_id != old.pk:
            return None
        known.edition = new
        known.save(update_fields=["edition"])
        if LawChange.objects.filter(old=old, new=new).exists():
            return None
        change = _store(old, new, findings, now)
        tasks = _store_tasks(_store_articles(change, touched), cited)
        for kind, found in cited.items():
            if found:
                registry.kinds()[kind].hold([one.key for one in found], by, now)
        numbers = {kind: len(found) for kind, found in cited.items()}
        log(change, "changes.note_change", user=by, timestamp=now, data={**counts(findings), "tasks": tasks, **numbers})
    for kind in registry.kinds():
        # Saved while this one was looked for: it could not be found, and was written for the old text.
        _take_in(change, kind, None, by=by, now=now)
    return change


def take_in(kind: str, since: Mapping[str, datetime], by, now: datetime) -> None:
    """Tasks for things that came (back) into use, from every change noted after their text was written (`since`).

    One query where no law has changed since.
    """
    if not since:
        return
    changes = LawChange.objects.filter(noted_at__gt=min(since.values())).select_related("law")
    for change in changes.order_by("noted_at", "pk"):
        _take_in(change, kind, {key for key, written in since.items() if written < change.noted_at}, by=by, now=now)


@transaction.atomic
def _take_in(change: LawChange, kind: str, keys: Collection[str] | None, *, by, now: datetime) -> None:
    """Tasks of a noted change for what cites its articles and has none yet; only for `keys`, if given."""
    articles = {article.place: article for article in change.touched.all()}
    found = _citing_now(registry.kinds()[kind], change.law, set(articles), before=change)
    found = [one for one in found if keys is None or one.key in keys]
    known = set(ReviewTask.objects.filter(kind=kind, article__change=change).values_list("key", flat=True)) if found else set()
    found = [one for one in found if one.key not in known]
    if found:
        tasks = _store_tasks(articles, {kind: found})
        registry.kinds()[kind].hold([one.key for one in found], by, now)
        log(change, "changes.note_change", user=by, timestamp=now, data={"tasks": tasks, kind: len(found)})


def _citing_now(
    citing: registry.Citing, law: Law, places: Collection[registry.Place], *, before: LawChange | None = None
) -> list[Cited]:
    """What cites the touched articles; also what waits from an earlier change of the law and would be led to them.

    before: only changes noted earlier than this one count as earlier.
    """
    found = {one.key: one for one in citing.find(law.short_title, places)} if places else {}
    waiting = ReviewTask.objects.filter(kind=citing.kind, decision="", article__change__law=law).select_related("article")
    if before:
        waiting = waiting.filter(article__change__noted_at__lt=before.noted_at)
    for task in waiting:
        if task.article.new_place in places:
            known = found.get(task.key) or Cited(task.key, task.title, task.unit_id, frozenset())
            found[task.key] = Cited(known.key, known.title, known.unit_id, known.places | {task.article.new_place})
    return list(found.values())


def _store(old: Edition, new: Edition, findings: Sequence[Finding], now: datetime) -> LawChange:
    number = counts(findings)
    return LawChange.objects.create(
        law=old.law, old=old, new=new, noted_at=now, same=number[SAME], changed=number[CHANGED],
        moved=number[MOVED], removed=number[REMOVED], added=number[NEW],
    )  # fmt: skip


def _store_articles(change: LawChange, touched: dict[registry.Place, Finding]) -> dict[registry.Place, TouchedArticle]:
    articles = TouchedArticle.objects.bulk_create(
        TouchedArticle(
            change=change, happened=finding.kind, number=finding.old.number, sub=finding.old.sub,
            new_number=finding.new and finding.new.number, new_sub=finding.new.sub if finding.new else None,
        )
        for finding in touched.values()
    )  # fmt: skip
    return {article.place: article for article in articles}


def _store_tasks(by_place: dict[registry.Place, TouchedArticle], cited: dict[str, list[Cited]]) -> int:
    """A task for each thing and article; how many."""
    tasks = [
        ReviewTask(
            article=by_place[place], kind=kind, key=one.key, title=one.title[:200], unit_id=one.unit_id,
            role=registry.kinds()[kind].role,
        )
        for kind, found in cited.items()
        for one in found
        for place in sorted(one.places & by_place.keys())
    ]  # fmt: skip
    ReviewTask.objects.bulk_create(tasks, batch_size=BATCH)
    return len(tasks)


@dataclass(frozen=True)
class Decided:
    """What deciding did: tasks decided, things released, citations led to their new number, tasks that were not open."""

    tasks: int
    released: int
    repointed: int
    left_out: int


@transaction.atomic
def decide_tasks(
    change: LawChange, ids: Collection[int], *, decision: str, by, now: datetime, note: str = "", repoint: bool = False
) -> Decided:
    """Decide tasks of one change. Those somebody has decided meanwhile are left as they are.

    RIGHT releases what has no other open task; with `repoint` a citation of a renumbered article is led to the new
    number, as a new version. RETIRED takes the thing out of use. REVISED is said by hand only of what is not edited
    here; a 试题 becomes it by being edited.

    Raises:
        PermissionDenied: a task is not this person's to decide.
        CannotDecide
    """
    if len(set(ids)) > MOST_AT_ONCE:
        raise CannotDecide("too_many")
    _lock_things(change, ids)
    rows = ReviewTask.objects.select_for_update(of=("self",)).filter(pk__in=ids, article__change=change)
    tasks = list(rows.select_related("article").order_by("pk"))
    allowed = set(queries.tasks_of(by).filter(pk__in=ids).values_list("pk", flat=True))
    if len(tasks) < len(set(ids)) or {task.pk for task in tasks} - allowed:
        raise PermissionDenied("有的核对任务不由您决定。")
    todo = [task for task in tasks if not task.decision]
    kinds = registry.kinds()
    if not todo:
        raise CannotDecide("nothing_open")
    if decision == Decision.REVISED and any(kinds[task.kind].edited_here for task in todo):
        raise CannotDecide("edit_first")
    for task in todo:
        _close(task, decision, note, by, now)
    ReviewTask.objects.bulk_update(todo, ["decision", "note", "decided_by", "decided_at"])
    repointed = _repoint(change.law, todo, by, now) if repoint and decision == Decision.RIGHT else 0
    released = 0
    if decision == Decision.RETIRED:
        for kind, key in dict.fromkeys((task.kind, task.key) for task in todo):
            kinds[kind].retire(key, by, now)
    else:
        released = _release(todo, by, now)
    done = Decided(len(todo), released, repointed, len(tasks) - len(todo))
    data = {"decision": decision, "tasks": [task.pk for task in todo], "note": note, "repointed": repointed}
    log(change, "changes.decide", user=by, timestamp=now, data=data)
    return done


def _lock_things(change: LawChange, ids: Collection[int]) -> None:
    keys = defaultdict(set)
    named = ReviewTask.objects.filter(pk__in=ids, article__change=change, decision="").values_list("kind", "key")
    for kind, key in named.order_by():
        keys[kind].add(key)
    for kind, citing in registry.kinds().items():
        if keys[kind]:
            citing.lock(keys[kind])


def take_note(kind: str, key: str, how: str, by, now: datetime) -> None:
    """A thing was edited, retired or restored on its own page: its open tasks are decided with it.

    What was retired because of a task and comes back comes back with the task open.
    """
    if how == "restored":
        tasks = list(ReviewTask.objects.filter(kind=kind, key=key, decision=Decision.RETIRED).select_related("article"))
        for task in tasks:
            task.decision, task.decided_by, task.decided_at = "", None, None
    else:
        tasks = list(ReviewTask.objects.filter(kind=kind, key=key, decision="").select_related("article"))
        for task in tasks:
            _close(task, Decision(how), "", by, now)
    if not tasks:
        return
    ReviewTask.objects.bulk_update(tasks, ["decision", "decided_by", "decided_at"])
    if how == "revised":
        _release(tasks, by, now)
    by_change = defaultdict(list)
    for task in tasks:
        by_change[task.article.change_id].append(task.pk)
    for change in LawChange.objects.filter(pk__in=by_change).select_related("law", "old", "new"):
        data = {"decision": how, "tasks": by_change[change.pk], "note": "", "repointed": 0}
        log(change, "changes.decide", user=by, timestamp=now, data=data)


def _close(task: ReviewTask, decision: str, note: str, by, now: datetime) -> None:
    task.decision, task.decided_by, task.decided_at = decision, by, now
    task.note = note or task.note


def _release(tasks: Collection[ReviewTask], by, now: datetime) -> int:
    """Release the things of these tasks that wait for no other one."""
    keys = defaultdict(set)
    for task in tasks:
        keys[task.kind].add(task.key)
    released = 0
    for kind, some in keys.items():
        free = some - queries.open_keys(kind, some)
        if free:
            registry.kinds()[kind].release(sorted(free), by, now)
            released += len(free)
    return released


def _repoint(law: Law, tasks: Sequence[ReviewTask], by, now: datetime) -> int:
    """Lead citations to the new numbers, all of one thing in one go: 7→8 and 8→9 must not become 9 and 9."""
    moves: dict[tuple[str, str], dict[registry.Place, registry.Place]] = defaultdict(dict)
    for task in tasks:
        if task.article.renumbered:
            moves[task.kind, task.key][task.article.place] = task.article.new_place
    done = 0
    for (kind, key), places in moves.items():
        again = registry.kinds()[kind].repoint
        if again and again(key, law.short_title, places, by, now):
            done += len(places)
    return done
