"""What a bulk action would do to the questions of a bank: which it changes, which it leaves alone and why."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from mingfa.bank.models import Bank, BulkItem, BulkRun, Difficulty, Question, QuestionTag
from mingfa.bank.queries import in_use
from mingfa.bank.registry import kept_back

ACTIONS = {
    "topic": "改知识点", "tag": "加标签", "untag": "去掉标签", "grade": "改难度", "reserve": "设为考试专用",
    "release": "取消考试专用", "retire": "停用", "restore": "恢复使用", "move": "移到另一个题库",
}  # fmt: skip
# A run that has been silent for so long was killed.
SILENT = timedelta(seconds=60)
NEEDS_VALUE = {"topic", "tag", "untag", "grade", "move"}
# A changed difficulty is a new version; taking it back would be one more, so it is not done by one click.
UNDOABLE = set(ACTIONS) - {"grade"}
WHY_NOT = {
    "same": "已经是这样", "retired": "已停用，要改请先恢复使用", "not_retired": "没有停用",
    "repeat": "那个题库里有题干相同的题", "kept_back": "没有结束的考试可能抽到，移走就保不了密",
    "other_rules": "两个题库的审核设置不同", "held": "所引条文有修改，正在等核对",
    "gone": "已经不在这个题库", "changed": "后来又改过",
}  # fmt: skip


@dataclass(frozen=True)
class Judged:
    """What a bulk action would do: the questions it changes, and how many it leaves alone by reason."""

    doable: list[int]
    refused: Counter

    @property
    def total(self) -> int:
        return len(self.doable) + sum(self.refused.values())


def judge(action: str, value: str, bank: Bank, questions: QuerySet[Question], *, now: datetime) -> Judged:
    """Look at every question of `questions` (of `bank`) without changing anything. At most five statements.

    Args:
        action: a key of ACTIONS.
        value: the topic, the tag's name, the difficulty's number or the other bank's id, as text.
    """
    rows = list(questions.order_by("pk").values_list(
        "pk", "status", "reserved", "topic", "current__difficulty", "current__stem_hash", "held"
    ))  # fmt: skip
    # Moved between a bank with 三审三校 and one without, a question would be usable unseen, or a draft for ever.
    other_rules = action == "move" and not _same_rules(bank.pk, int(value))
    tagged = set(_tagged(bank, value).values_list("pk", flat=True)) if action in ("tag", "untag") else set()
    there, kept = (set(), set()) if action != "move" else (
        set(in_use(int(value)).values_list("current__stem_hash", flat=True)), kept_back([row[0] for row in rows], now)
    )  # fmt: skip
    doable, refused = [], Counter()
    for pk, status, reserved, topic, difficulty, stem, held in rows:
        retired = status == Question.Status.RETIRED
        if action == "topic":
            code = "retired" if retired else "same" if topic == value else ""
        elif action == "grade":
            code = "retired" if retired else "same" if str(difficulty) == value else ""
        elif action in ("tag", "untag"):
            code = "same" if (pk in tagged) == (action == "tag") else ""
        elif action in ("reserve", "release"):
            code = "same" if reserved == (action == "reserve") else ""
        elif action == "retire":
            code = "same" if retired else ""
        elif action == "restore":
            code = "" if retired else "not_retired"
        else:
            code = "kept_back" if pk in kept else "repeat" if stem in there and not retired else ""
            code = code or (other_rules and "other_rules") or ("held" if held else "")
            if not code and not retired:
                there.add(stem)
        if code:
            refused[code] += 1
        else:
            doable.append(pk)
    return Judged(doable, refused)


def _same_rules(*banks: int) -> bool:
    """Asked of the database: a run goes on in the background while somebody may change the rules."""
    return len(set(Bank.objects.filter(pk__in=banks).values_list("reviewed", flat=True))) == 1


def _tagged(bank: Bank, name: str) -> QuerySet[Question]:
    return Question.objects.filter(bank=bank, tags__name=name)


def targets_of(bank: Bank, visible: QuerySet[Bank]) -> QuerySet[Bank]:
    """The banks that questions of `bank` may move to: of its unit or one above or below, and visible to the person."""
    path = bank.unit.path
    above = [path[:end] for end in range(bank.unit.steplen, len(path), bank.unit.steplen)]
    tree = Q(unit__path__startswith=path) | Q(unit__path__in=above)
    return visible.filter(tree).exclude(pk=bank.pk).order_by("name")


def value_words(action: str, value: str) -> str:
    """A value as people read it."""
    if action == "grade":
        return Difficulty(int(value)).label
    if action == "move":
        return Bank.objects.filter(pk=int(value)).values_list("name", flat=True).first() or value
    return value


def runs_of(bank: Bank) -> QuerySet[BulkRun]:
    """The last ten bulk runs of a bank."""
    return bank.runs.exclude(state=BulkRun.State.PREPARING).select_related("made_by")[:10]


def left_to_undo(run: BulkRun) -> int:
    """How many questions of a run that is being taken back still are as the run left them; 0 for any other run."""
    return BulkItem.objects.filter(run=run, outcome="done", run__state=BulkRun.State.UNDONE).count()


def left_alone(run: BulkRun) -> list[tuple[str, int]]:
    """(why, how many) of the questions that a run left as they were although they had been previewed."""
    settled = BulkItem.objects.filter(run=run).exclude(outcome__in=("", "done", "undone"))
    counted = Counter(settled.values_list("outcome", flat=True))
    return [(WHY_NOT.get(code, code), number) for code, number in counted.most_common()]


def tags_of(bank: Bank) -> QuerySet[QuestionTag]:
    """The tags of a bank by name."""
    return QuestionTag.objects.filter(bank=bank)


def questions_of(bank: Bank, ids: Iterable[int]) -> QuerySet[Question]:
    """Those of the ids that are questions of this bank and not still being imported."""
    return Question.objects.filter(bank=bank, pk__in=list(ids)).exclude(status=Question.Status.STAGED)
