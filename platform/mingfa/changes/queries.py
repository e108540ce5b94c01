"""Every number and list of law changes and their review tasks."""
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from mingfa.changes.models import LawChange, ReviewTask, TouchedArticle
from mingfa.library import registry
from mingfa.library.comparing import Stretch, word_changes
from mingfa.library.models import Article
from mingfa.people.access import grants_of, units_visible_to


def deciding_roles() -> set[str]:
    """The roles that decide anything: those of everything that cites articles."""
    return {citing.role for citing in registry.kinds().values()}


def decides(user) -> bool:
    """Whether the person holds such a role anywhere. No query beyond the roles."""
    return user.is_authenticated and (user.is_superuser or any(role in deciding_roles() for role, _ in grants_of(user)))


def tasks_of(user) -> QuerySet[ReviewTask]:
    """The tasks this person may decide, decided ones too: by role, in the units the role reaches."""
    reach = Q(pk__in=[])
    for role in sorted(deciding_roles()):
        reach |= Q(role=role, unit__in=units_visible_to(user, role).order_by().values("pk"))
    return ReviewTask.objects.filter(reach)


@dataclass(frozen=True)
class ChangeLine:
    """A law change as one person meets it: how many of the tasks are decided, and how many there are."""

    change: LawChange
    decided: int
    total: int
    by_kind: tuple[tuple[str, int], ...]  # (试题, open ones)

    @property
    def open(self) -> int:
        return self.total - self.decided

    @property
    def width(self) -> str:
        """Of the bar: “50%”."""
        return f"{self.decided * 100 // self.total}%" if self.total else "0%"


def change_lines(user, *, only_open: bool = False) -> list[ChangeLine]:
    """The changes that gave this person anything to decide, the newest first. Two queries whatever the count."""
    counted = defaultdict(lambda: {"decided": 0, "total": 0, "open": defaultdict(int)})
    rows = tasks_of(user).order_by().values_list("article__change", "kind", "decision")
    for change_id, kind, decision, number in rows.annotate(tasks=Count("pk")):
        one = counted[change_id]
        one["total"] += number
        if decision:
            one["decided"] += number
        else:
            one["open"][kind] += number
    wanted = [pk for pk, one in counted.items() if one["open"] or not only_open]
    changes = LawChange.objects.filter(pk__in=wanted).select_related("law", "old", "new")
    words = {kind: citing.words for kind, citing in registry.kinds().items()}
    return [
        ChangeLine(
            change, counted[change.pk]["decided"], counted[change.pk]["total"],
            tuple((words.get(kind, kind), number) for kind, number in sorted(counted[change.pk]["open"].items())),
        )
        for change in changes
    ]  # fmt: skip


def filtered(tasks: QuerySet[ReviewTask], *, kind: str = "", happened: str = "", state: str = "") -> QuerySet[ReviewTask]:
    """Narrowed to a kind of thing, to what happened to the article, to open or decided ones."""
    if kind:
        tasks = tasks.filter(kind=kind)
    if happened:
        tasks = tasks.filter(article__happened=happened)
    if state:
        tasks = tasks.filter(decision="") if state == "open" else tasks.exclude(decision="")
    return tasks


@dataclass(frozen=True)
class Texts:
    """Both texts of a touched article in runs of words; `new` is empty and has no label where it went."""

    old_label: str
    new_label: str
    old: tuple[Stretch, ...]
    new: tuple[Stretch, ...]


@dataclass(frozen=True)
class TaskRow:
    """A task as its page shows it, with both texts of the article in runs of words."""

    task: ReviewTask
    kind: str
    url: str
    sides: "Texts"
    can_repoint: bool
    by_hand: bool
    steps: int  # other open tasks of the same thing


def task_rows(tasks: Iterable[ReviewTask], change: LawChange) -> list[TaskRow]:
    """The tasks of one change with texts and addresses: a constant number of queries."""
    tasks = list(tasks)
    kinds = registry.kinds()
    keys = defaultdict(list)
    for task in tasks:
        keys[task.kind].append(task.key)
    urls = {kind: kinds[kind].addresses(some) for kind, some in keys.items() if kind in kinds}
    texts = article_texts(change, [task.article for task in tasks])
    still = open_counts(tasks)
    rows = []
    for task in tasks:
        citing, article = kinds.get(task.kind), task.article
        rows.append(
            TaskRow(
                task, citing.words if citing else task.kind, urls.get(task.kind, {}).get(task.key, ""), texts[article.pk],
                bool(citing and citing.repoint and article.renumbered), bool(citing and not citing.edited_here),
                still[task.kind, task.key] - (not task.decision),
            )
        )  # fmt: skip
    return rows


def open_counts(tasks: Collection[ReviewTask]) -> dict[tuple[str, str], int]:
    """(kind, key) → open tasks of that thing, of whatever change. One query."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    open_ones = ReviewTask.objects.filter(decision="", key__in={task.key for task in tasks})
    rows = open_ones.order_by().values_list("kind", "key").annotate(number=Count("pk"))
    counts.update({(kind, key): number for kind, key, number in rows})
    return counts


def article_texts(change: LawChange, articles: Iterable[TouchedArticle]) -> dict[int, Texts]:
    """Touched article id → both its texts. Two queries."""
    articles = {article.pk: article for article in articles}.values()
    old = _texts(change.old_id, {article.number for article in articles})
    new = _texts(change.new_id, {article.new_number for article in articles} - {None})
    found = {}
    for article in articles:
        before, after = old.get(article.place, ""), new.get(article.new_place, "")
        left, right = word_changes(before, after) if after else ([Stretch(before, False)], [])
        found[article.pk] = Texts(article.label, article.new_label, tuple(left), tuple(right))
    return found


def _texts(edition_id: int, numbers: Collection[int]) -> dict[tuple[int, int], str]:
    rows = Article.objects.filter(edition=edition_id, number__in=numbers).order_by()
    return {(number, sub): text for number, sub, text in rows.values_list("number", "sub", "text")}


def changes_since(moment: datetime) -> list[LawChange]:
    """The changes noted from `moment` on, the newest first, with both editions, the law and what they touched. Two queries."""
    noted = LawChange.objects.filter(noted_at__gte=moment).select_related("law", "old", "new")
    return list(noted.prefetch_related("touched"))


def open_keys(kind: str, keys: Collection[str]) -> set[str]:
    """Those of the keys that still have an undecided task."""
    tasks = ReviewTask.objects.filter(kind=kind, key__in=keys, decision="")
    return set(tasks.order_by().values_list("key", flat=True).distinct())
