"""A large bank for bench bank_listing: questions with options, citations, words, tags and counters."""
import random
from datetime import timedelta

from django.utils import timezone
from mingfa.bank import actions
from mingfa.bank.models import (
    Bank,
    Citation,
    Option,
    Question,
    QuestionTag,
    QuestionTally,
    QuestionVersion,
    QuestionWords,
    VersionTally,
)
from mingfa.library.search.words import cut
from mingfa.people.actions import create_unit
from mingfa.people.models import User

BATCH = 1000
SUBJECTS = [
    "行政复议", "信访事项", "行政处罚", "人民调解", "劳动合同", "治安管理", "食品安全", "土地承包", "未成年人保护", "政务处分",
]  # fmt: skip
DEEDS = ["申请", "受理", "登记", "送达", "听证", "调查", "答复", "撤回", "公示", "备案", "移送", "回避", "延期", "中止"]
WHO = ["街道办事处", "村民委员会", "司法所", "市场监督管理部门", "公安机关", "当事人", "代理人", "复议机关", "调解委员会"]
TYPES = ["single"] * 10 + ["multiple"] * 5 + ["judge"] * 4 + ["short"]
LAWS = [f"{subject}{kind}" for subject in SUBJECTS for kind in ("法", "条例", "办法", "实施细则")]


def make(count: int, tell=print) -> int:
    """A bank of `count` invented questions, the same for the same count. Returns its id."""
    boss = User.objects.create_superuser("bench-setter", name="出题")
    now, dice = timezone.now(), random.Random(7)
    unit = create_unit(name="嘉禾区", kind="district", parent=None, by=boss, now=now)
    bank = actions.create_bank(name="五万题", unit=unit, by=boss, now=now)
    tags = [QuestionTag.objects.create(bank=bank, name=f"标签{n}") for n in range(12)]
    for start in range(0, count, BATCH):
        _batch(bank, tags, range(start, min(start + BATCH, count)), boss, now, dice)
        tell(f"  {min(start + BATCH, count):>6,} / {count:,} questions")
    Bank.objects.filter(pk=bank.pk).update(edition=2)
    return bank.pk


def _batch(bank, tags, numbers, boss, now, dice) -> None:
    usable, retired = Question.Status.USABLE, Question.Status.RETIRED
    questions = Question.objects.bulk_create(
        Question(
            bank=bank, topic=SUBJECTS[n % 10] if n % 9 else "", status=retired if n % 25 == 0 else usable, reserved=n % 6 == 0
        )
        for n in numbers
    )
    versions, options, citations, words, tallies, whole, tagged = [], [], [], [], [], [], []
    for question, n in zip(questions, numbers, strict=True):
        kind = dice.choice(TYPES)
        case = f"{dice.choice(WHO)}在{dice.choice(SUBJECTS)}中{dice.choice(DEEDS)}以后"
        stem = f"{case}，第 {n} 件应当由{dice.choice(WHO)}（ ）{dice.choice(DEEDS)}。" * 2
        versions.append(QuestionVersion(
            question=question, number=1, type=kind, stem=stem, answer="A", explanation=stem, difficulty=1 + n % 3,
            stem_hash=f"{n:064x}", created_at=now - timedelta(days=n % 900), created_by=boss,
        ))  # fmt: skip
    versions = QuestionVersion.objects.bulk_create(versions)
    through = QuestionTag.questions.through
    for version, question, n in zip(versions, questions, numbers, strict=True):
        question.current = version
        places = range(4) if version.type in ("single", "multiple") else ()
        texts = [f"{dice.choice(DEEDS)}之日起 {dice.randint(1, 90)} 日" for _ in places]
        options += [Option(version=version, order=place, text=text) for place, text in enumerate(texts)]
        citations.append(Citation(version=version, law_title=dice.choice(LAWS), article=dice.randint(1, 90)))
        words.append(QuestionWords(version=version, text=" ".join(cut("\n".join([version.stem, *texts])))))
        if n % 2:
            asked = dice.randint(5, 900)
            right = dice.randint(0, asked)
            counted = {"asked": asked, "answered": asked, "right": right}
            tallies.append(VersionTally(version=version, question=question, **counted))
            whole.append(QuestionTally(question=question, used=asked, **counted))
        if n % 4 == 0:
            tagged.append(through(questiontag=dice.choice(tags), question=question))
    Question.objects.bulk_update(questions, ["current"], batch_size=500)
    for model, rows in (
        (Option, options), (Citation, citations), (QuestionWords, words), (VersionTally, tallies), (QuestionTally, whole),
        (through, tagged),
    ):  # fmt: skip
        model.objects.bulk_create(rows)
