"""The sentences for what publishing refuses: what is, and what to do."""
from ..engine import publishing as p
from ..engine.refusals import NoReason, Refusal


def sentence(refusal: Refusal) -> str:
    match refusal:
        case p.FindingsOpen(count):
            return f"没有送审：还有 {count} 处提示。逐处改掉，或写明为什么可以保留"
        case p.CaseUnchecked():
            return "没有送审：这一稿还没有作去标识化核对。请逐条核对后再送审"
        case p.ChecklistOpen(left):
            return f"没有记下核对：还有 {left} 条没有勾。做不到的，先改文字"
        case p.NoFinding():
            return "没有保存：这处提示已经不在了。请看现在的提示"
        case p.MayNotStay():
            return "没有保存：这一处不能保留，只能改掉"
        case p.NotPublic():
            return "现在没有公开，不能这样做"
        case p.InReviewAlready(state):
            return f"没有送审：这一稿现在是“{state}”"
        case p.MayNotLoosen():
            return "没有保存：拟稿人可不可以一审，由本单位的三审人决定"
        case p.BankNotReviewed():
            return "没有出题：案例出的题也要三审三校，请选“审核后才可用”的题库"
        case p.NothingWritten():
            return "没有保存：请写文字"
        case NoReason():
            return "请写明原因"
    return "现在不能这样做"
