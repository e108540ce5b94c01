"""What looks odd about a finished draft: traces of labels that may have been read wrongly, and keys in dispute.

Nothing is changed here. A doubt lowers the confidence and tells the person who looks why.
"""

import re
from collections.abc import Iterator

from mingfa.bank.drafts import CHOICES, JUDGE, MULTIPLE, SHORT, QuestionDraft
from mingfa.bank.importing.results import Doubt, RawQuestion
from mingfa.bank.importing.units import SHAPES

LABEL = re.compile(r"(?:^|[\s。;,])[(]?[A-H](?:[.、)]\s*)(?![A-Z.、,])\S|(?<![A-Za-z])[B-H][.、]\S")
ANSWER = re.compile(r"答案\s*[\])]?\s*:|\[答案|(?:^|\n)\s*答案")
NUMBER = re.compile(r"(?:^|\n|[。;\s])\d{1,3}[.、](?!\d)\S")
CHOSEN = re.compile(
    r"(?:故|应|因此|所以)?(?:正确)?(?:选择?|答案(?:是|为|选|应为|应选)?)\s*:?\s*([A-H](?:[、,]?[A-H])*)(?![A-Za-z])(?:\s*(?:项|选项)?\s*[。.,;]|\s*$)"
)
HEAD = re.compile(r"[一二三四五六七八九十]、.{0,6}(?:选择|判断|填空|简答|案例).{0,2}题|第\s*\d+\s*页")
ONE_POINT = re.compile(r"[(]?[1一①][)]?[.、]?(?!\d)(?![\s\S]*[(]?[2二②][)]?[.、])(?<=[)、.①])")
LONG_OPTION = 200


def doubts_about(draft: QuestionDraft, raw: RawQuestion) -> Iterator[Doubt]:
    """Every doubt about a draft. Tables keep their parts apart, so only running text is searched for traces."""
    yield from _disputed(draft)
    if raw.place.columns or not raw.excerpt:
        return
    yield from _traces(draft)
    if draft.type in CHOICES and not 2 <= len(draft.options) <= 8:
        yield Doubt(0.6, f"选择题只认出 {len(draft.options)} 个选项")
    if draft.type == MULTIPLE and len(draft.answer) == 1:
        yield Doubt(0.7, "多选题只有一个答案，请核对")
    if draft.type == SHORT and ONE_POINT.match(draft.answer.translate(SHAPES)):
        yield Doubt(0.6, "答案只有第 1 点，请核对后面的几点有没有读入")
    if draft.type == JUDGE and re.search(r"[(（]\s*[√×✓✗对错]\s*[)）]", draft.stem):
        yield Doubt(0.6, "题干里还有另一个对错符号，请核对")


def _disputed(draft: QuestionDraft) -> Iterator[Doubt]:
    if draft.type not in CHOICES:
        return
    for match in CHOSEN.finditer(draft.explanation.translate(SHAPES)):
        said = "".join(sorted(set(re.sub(r"[^A-H]", "", match[1]))))
        if said != draft.answer:
            yield Doubt(0.6, f"解析里说选 {said}，和答案 {draft.answer} 不一样，请核对")
            return


def _traces(draft: QuestionDraft) -> Iterator[Doubt]:
    stem = draft.stem.translate(SHAPES)
    options = [option.translate(SHAPES) for option in draft.options]
    if any(LABEL.search(option) for option in options):
        yield Doubt(0.6, "选项里还有像选项字母的文字，请核对是否要再拆开")
    if LABEL.search(stem) and draft.type in CHOICES and "\n" in stem:
        yield Doubt(0.7, "题干里有像选项字母的文字，请核对")
    if any(ANSWER.search(text) for text in [stem, *options]):
        yield Doubt(0.6, "题干或选项里还有“答案”字样，请核对")
    if ANSWER.search(draft.explanation.translate(SHAPES)):
        yield Doubt(0.6, "解析里还有“答案”字样，请核对是否混入了另一题")
    if any(HEAD.search(text) for text in [stem, *options, draft.explanation]):
        yield Doubt(0.6, "有像大题标题或页码的文字夹在里面，请核对")
    if any(NUMBER.search(option) for option in options) or NUMBER.search(draft.explanation.translate(SHAPES)):
        yield Doubt(0.7, "里面有像题号的数字，请核对是否混入了另一题")
    if any(len(option) > LONG_OPTION for option in options):
        yield Doubt(0.7, "有一个选项特别长，请核对是否混入了别的文字")
