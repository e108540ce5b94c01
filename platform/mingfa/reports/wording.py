"""What the writer of a report reads when something is wrong."""
from mingfa.indicators.registry import indicator
from mingfa.review.engine import InReview

from . import actions
from .engine import BadText, Finding

BAD = {
    "unclosed": "“{part}”的左大括号没有对应的右大括号",
    "stray": "“{part}”的右大括号没有对应的左大括号",
    "condition": "“{part}”不是条件，只能写“满”或“有”",
    "form": "“{part}”不是写法，只能写：实数、总数、分数、余、余1",
    "code": "“{part}”不是数据代码，请从右边的数据表里插入",
    "choice": "条件“{part}”后面要写数据代码和要印的文字，用竖线隔开",
    "source": "填写的数字“{part}”要注明来源：{{数 6次|来源}}",
}
FINDINGS = {
    "number": "第 {line} 行的数字“{part}”不是数据。请换成数据，或写成 {{数 {part}|来源}}",
    "unknown": "第 {line} 行的“{part}”没有这个数据",
    "empty": "第 {line} 行的“{part}”还没有数据。请先填报或改写，或放进“有”条件里",
}


def bad_text(error: BadText) -> str:
    return f"第 {error.line} 行看不懂：{BAD[error.why].format(part=error.part)}。没有保存。"


def finding(one: Finding) -> str:
    part = one.part
    if one.kind == "empty":
        part = indicator(one.part).caption
    return f"{FINDINGS[one.kind].format(line=one.line, part=part)}。"


def refusal(error: Exception) -> str:
    """The sentence for everything that actions and the review refuse."""
    if isinstance(error, BadText):
        return bad_text(error)
    if isinstance(error, actions.NotReady):
        return f"还有 {len(error.findings)} 处要改，见“检查”一栏。改好再来。"
    if isinstance(error, actions.EditedMeanwhile):
        return f"{error.text.created_by}刚保存了第 {error.text.number} 稿，您的改动没有保存。请复制出来，重新打开再改。"
    if isinstance(error, InReview):
        return "这一稿已经送审。改动正文会从一审重新开始。"
    if isinstance(error, actions.Exists):
        return "这个年度的报告已经有了，直接打开就可以。"
    return {
        actions.Frozen: "报告已经冻结，不能再改。需要改时，请“更正”。",
        actions.NotFrozen: "只有已冻结、没有被更正过的报告可以更正。",
        actions.NotReviewed: "这一稿还没有通过三审三校，不能冻结。",
    }[type(error)]
