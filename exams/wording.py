"""The Chinese sentences for what the engine refuses: what is, and what to do (design system §8)."""
from datetime import datetime

from mingfa.wording import day, marks, moment

from .actions.preparing import MarkUnreachable, NobodyDue
from .engine import refusals as r

BAD_ANSWER = {
    "question": "这份试卷里没有这道题。请刷新页面后再试",
    "option": "这道题没有这个选项。请刷新页面后再选",
    "text": "这里有不能保存的字符。请删去后再写",
    "long": "写得太长，最多 4000 字。请缩短",
    "too_many": "这道题只能选一项",
    "form": "收到的内容不完整。请刷新页面后再试",
}


def sentence(refusal: r.Refusal) -> str:
    """What to tell the person at the edge."""
    match refusal:
        case r.NotYetOpen(opens_at):
            return f"考试 {moment(opens_at)}（北京时间）开始，现在还不能进入"
        case r.AlreadyClosed(closes_at):
            return f"考试已于 {moment(closes_at)}（北京时间）截止"
        case r.NoAttemptLeft(allowed):
            return f"本次考试可考 {allowed} 次，您已经用完"
        case r.NotDue(reason):
            return f"您不在应考名单里（{reason}）。有疑问请联系单位联络员"
        case r.OutsideSlot(unit, opens_at, closes_at, is_over):
            slot = f"{unit}的时段是 {moment(opens_at)} 至 {moment(closes_at)}（北京时间）"
            if is_over:
                return f"{slot}，已经过了。还要考的，请联系组织单位放开时段"
            return f"{slot}，现在还不能进入，请到时再来"
        case r.NotEligible(missing):
            return f"还有开考条件没有完成：{'；'.join(missing)}。完成以后再来，考试名单里一直有您"
        case r.StillRunning(name, over_at):
            return f"“{name}”到 {moment(over_at)} 才全部结束，谁要补考还没有定。结束以后再安排"
        case r.NobodyAgain():
            return "没有要补考的人：应考的人都已合格或免考"
        case r.SlotOutsideWindow(opens_at, closes_at):
            return f"时段要在考试时间里：{moment(opens_at)} 至 {moment(closes_at)}，结束要晚于开始"
        case r.NotPublished():
            return "考试还没有发布"
        case r.NotHeldBack():
            return "这场考试的成绩不用另外公布：设置里没有选“公布后才能看”"
        case r.NobodySits():
            return "现在没有人在作答，没有可以延长的时间"
        case r.BadSpan():
            return "故障的起止时间不对：结束要晚于开始、不晚于现在，最长一天"
        case r.AlreadyLogged():
            return "这段时间的故障已经登记并补过时间，不能再补一次"
        case r.AlreadySo():
            return "这个人现在就是这样，没有要改的"
        case r.ChangePending():
            return "这个人已有一项变动在等批准，先批准或退回那一项"
        case r.SittingNow():
            return "这个人正在作答，等交卷以后再办"
        case r.OwnCase():
            return "自己的考试，自己不能办理，也不能批准自己的申请。请换一个人办理"
        case r.AccountOff():
            return "这个人的账号还停用着。请先让安全管理员或联络员启用账号，再恢复作答"
        case r.SittingEnded(ended_at):
            return f"{moment(ended_at)} 已收卷，已保存的答案都已计分"
        case r.Replaced():
            return "这份试卷已在另一台设备上继续作答。要在这台设备上作答，请重新打开试卷"
        case r.Frozen(reason):
            return f"作答已暂停（{reason}）。已保存的答案都在，请联系单位联络员"
        case r.Voided(reason):
            return f"这次作答已作废（{reason}）"
        case r.BadAnswer(why=why):
            return BAD_ANSWER[why]
        case r.BadMark(full):
            return f"得分要在 0 到 {marks(full)} 之间，最多一位小数"
        case r.NotYours():
            return "两人评分相差太大，这一份由组织单位仲裁"
        case r.WrongAddress(venue):
            return f"您的考点是{venue}，要在考点的电脑上考。人在考点还看到这句话的，请告诉监考人"
        case r.WrongCode(venue):
            return f"进场码不对。请看{venue}公布的进场码再写"
        case r.TooManyTries(minutes):
            return f"进场码错得太多，请 {minutes} 分钟以后再试，或者请监考人帮忙"
        case r.TooManyDevices(most):
            return f"这份试卷换设备已经 {most} 次，不能再换。请叫监考人，锁定以后再恢复作答，就可以继续；已保存的答案都在"
        case r.NeedsSafeBrowser():
            return "这场考试要用安全考试浏览器（Safe Exam Browser）打开。请下载配置文件，双击打开以后再登录"
        case r.NotYetIssued(from_):
            return f"还不能发证：{moment(from_)} 以后，成绩公布了才能发"
        case r.TooMany(most):
            return f"一次最多 {most} 份。请选下级单位，分几次做"
        case r.NothingSaid():
            return "请选是哪一题，并写明哪里有问题"
        case r.Outdated():
            return "刚才又有人交卷或者改动，影响和您看到的不同了。请再看一遍再确认"
        case r.PaperShortage(rule, wanted, available):
            return f"第 {rule} 条组卷规则要 {wanted} 题，题库里只有 {available} 题可用。请减少题数、放宽条件，或先补充试题"
        case MarkUnreachable(pass_mark, total):
            return f"及格分 {marks(pass_mark)} 高于卷面总分 {marks(total)}。请改及格分或组卷规则"
        case NobodyDue(roster_on):
            return f"{day(roster_on)}的名册里，所选单位和人员类别没有人。请检查应考单位、人员类别和名册"
        case r.WrongState(state, _):
            return f"现在的状态（{STATES.get(state, state)}）不能这样做"
    return "现在不能这样做"


STATES = {
    "draft": "草稿", "published": "已发布", "closed": "已结束", "archived": "已归档",
    "pending": "待批准", "approved": "已生效", "refused": "未批准",
    "open": "作答中", "submitted": "已交卷", "marked": "已判分", "void": "已作废",
}  # fmt: skip


def released(*, keys_from: datetime, now: datetime) -> str:
    """What releasing results has done for the candidates at this moment."""
    if now < keys_from:
        return f"成绩已公布。答案还没有全部收完，考生从 {moment(keys_from)} 起可以看分数和解析"
    return "成绩已公布，考生可以看分数和解析了"


def changed(change, name: str) -> str:
    """What a request for a change of the roster has done."""
    what = {"exempt": "免考", "defer": "缓考", "restore": "恢复应考"}[change.kind]
    if change.state == "pending":
        return f"{name}的{what}申请已提交，等另一位有权限的人批准后生效"
    return f"{name}已{what}，名册已更新"


def given(what: str, done) -> str:
    """What a form of the room has done."""
    if what == "message":
        return "已发出，正在作答的人几秒内看到"
    if what == "outage":
        return f"已登记。{done.affected} 人正在作答并受影响，各补回自己损失的时间"
    if done.candidate_id:
        return f"已给本人延长 {done.minutes} 分钟" + ("，试卷上几秒内更新" if done.affected else "，从开始作答时起算")
    return f"已给正在作答的 {done.affected} 人延长 {done.minutes} 分钟，试卷上几秒内更新"
