"""The Chinese sentences for what the engine refuses: what is, and what to do (design system §8)."""
from django.utils import timezone
from mingfa.people.models import OrgUnit
from mingfa.wording import day

from .engine import refusals as r
from .models import Batch


def place_name(unit: OrgUnit) -> str:
    """Where stock lies: the district's own is 区库."""
    return "区库" if unit.kind == OrgUnit.Kind.DISTRICT else unit.name


def count(number: int) -> str:
    """“12,543”, “−40”."""
    return f"{number:,}".replace("-", "−")


def signed(number: int) -> str:
    """“+5,000”, “−120”."""
    return f"{number:+,}".replace("-", "−")


def sentence(refusal: r.Refusal) -> str:
    """What to tell the person at the edge."""
    match refusal:
        case r.Short():
            return _short(refusal)
        case r.NotPositive():
            return "数量要大于 0"
        case r.TooMuch(most):
            return f"一次最多 {most:,}。请检查是不是多写了几位"
        case r.SamePlace():
            return "调出和调入是同一处。请另选一处"
        case r.NotUpwards():
            return "退回只能退到上级的库。要给别的镇街，请上级办理调拨"
        case r.InTheFuture(on):
            return f"{day(on)}还没有到。台账只记已经发生的事"
        case r.IsReversal():
            return "这一笔就是冲正。要恢复原来的数，请按实际情况再登记一笔"
        case r.AlreadyReversed():
            return "这一笔已经冲正过，不能再冲一次"
        case r.NothingToReverse():
            return "这次盘点和账面相符，没有改动结存，不用冲正"
        case r.NoReason():
            return "请写明原因"
        case r.FormUsed():
            return "这张表刚才已经登记过一笔。要再登记一笔，请重新打开登记页"
        case r.NameTaken(name):
            return f"本单位已有“{name}”。同一种资料再印，请用“入库”登记新的批次；不是同一种的，请换个名称"
        case r.WrongState(state):
            return f"这里现在是“{state}”，不能这样做。请刷新页面看最新情况"
        case r.OwnRecord():
            return "自己登记的活动，要由另一位宣传员审核"
        case r.DayTaken(name):
            return f"本单位已有“{name}”这个节点"
        case r.DutyTaken(subject):
            return f"这个单位当年的清单里已有“{subject}”"
        case r.NotForPublic(stem):
            return f"“{stem}”不能公开：考试专用、正在考或将要考、待核对、不是选择判断题或没有解析的题，都不公开"
        case r.TooFewQuestions(fewest, most):
            return f"一组题要 {fewest} 到 {most} 道，每道不一样"
        case r.TooManyPhotos(most):
            return f"一次活动最多 {most} 张照片。请去掉几张"
        case r.PlanEmpty():
            return "计划里还没有场次。请先加上至少一场"
        case r.OwnPlan():
            return "自己拟的计划，要由另一位宣传员审批"
        case r.OutsidePlan(on):
            return f"{day(on)}不在计划的起止日期里。请改日期，或先改计划的起止日期"
        case r.Stopped(done, total, row, why):
            return (
                f"写到第 {row} 行时，有人刚动过这份结存：{sentence(why)}。已写入 {done} / {total} 笔。"
                "补登记以后，把同一个文件原样再传一次，会接着写，不会重复"
            )
    return "现在不能这样做"


def _short(short: r.Short) -> str:
    """“折页只有 65 份，不能出 80 份。改成 65 份，或先登记调入”"""
    material = Batch.objects.select_related("material").get(pk=short.batch).material
    where, measure = place_name(OrgUnit.objects.get(pk=short.place)), material.measure
    there, wanted = f"{count(short.available)} {measure}", f"{count(short.wanted)} {measure}"
    today = short.on == timezone.localdate()
    when = "" if today else f"{day(short.on)}"
    way = f"改成 {there}以内，" if short.available else ""
    return f"“{material}”在{where}{when}只有 {there}，不能出 {wanted}。{way}或先登记入库、调入".replace("。或先", "。请先")
