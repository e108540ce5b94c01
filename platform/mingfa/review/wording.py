"""Refusals of 三审三校 in words: what happened, then what to do."""

from mingfa.review import engine
from mingfa.review.actions import NotYourStep, Withheld
from mingfa.review.models import Review
from mingfa.review.queries import STEP_WORDS


def step_word(step: int) -> str:
    """“一审一校” for 1."""
    return STEP_WORDS[step - 1]


def sentence(refusal: engine.ReviewRefusal) -> str:
    """The sentence for the screen."""
    match refusal:
        case engine.StepDone():
            return f"没有签：{step_word(refusal.step)}刚被别人签过。请看现在到了哪一步"
        case engine.NotInReview():
            return f"没有签：现在的状态是“{_state_word(refusal.state)}”，不在审核中"
        case engine.InReview():
            return f"没有送审：现在的状态是“{_state_word(refusal.state)}”"
        case engine.TextChanged():
            return "没有签：文字在您打开以后改过，原来的签审已经失效，要从一审重新开始。请看新的文字"
        case engine.IsAuthor(step=0):
            return "没有签：保密审查要由拟稿人以外的人做"
        case engine.IsAuthor():
            return f"没有签：您是拟稿人，{step_word(refusal.step)}要由别人做"
        case engine.SignedBefore():
            return f"没有签：您已经签过{step_word(refusal.step)}。三审要由三个人分别做"
        case engine.NoSecrecyCheck():
            return "没有签：还没有保密审查。看过内容不涉密以后，请勾选“保密审查”再签"
        case engine.NoOpinion():
            return "没有退回：请写明退回的理由，拟稿人才知道改哪里"
        case engine.OpinionTooLong():
            return f"没有保存：意见写了 {refusal.length} 字，最多 {refusal.longest} 字。请删短再提交"
        case engine.NotReady():
            return f"没有签：{refusal.why}"
        case engine.NotAnAuthor():
            return "没有撤回：只有拟稿人可以撤回"
        case NotYourStep():
            return f"没有签：您没有本单位{step_word(refusal.step)}的角色。需要时请联系安全管理员"
        case Withheld():
            return "没有签：这一件在您正在作答的试卷上。交卷以后再审"
    raise refusal


def _state_word(state: str) -> str:
    return "草稿" if state == engine.State.DRAFT else Review.State(state).label
