"""Chinese sentences for refusals: what happened, why, what to do."""
from .board import refusals
from .models import Training

KINDS = {
    "session.state": "转换状态", "slide.goto": "翻页", "poll.open": "发起投票", "quiz.open": "发起抢答", "mark": "打标记",
    "answer": "作答", "checkin": "签到", "checkin.open": "开始签到", "qa.new": "提问", "hand.up": "举手", "tick": "代签",
    "confirm": "确认", "headcount": "报人数", "revise": "修改", "offline": "用离线包", "media": "直播",
    "slide.deck": "上传课件", "remove_deck": "删除课件，回放要用到它", "prepare": "备题", "reason": "写原因",
    "correct": "更正签到结果", "minutes": "修改纪要", "makeup": "补学", "keep": "改保存期限", "followup": "安排培训后的考试",
    "photo": "报照片",
}  # fmt: skip
GONE = {
    "poll": "这次投票已经结束，没有再收。", "quiz": "这道题已经截止，没有再收。",
    "question": "没有找到这个问题，可能已被合并或隐藏。",
    "slide": "没有这一页，请重新选择。",
    "law": "法律库里没有这一条，没有显示。请核对法律名称和条号。",
    "hand": "现在没有举手，不用再操作。", "checkin": "现在没有在签到，请等培训师发起。",
    "makeup": "您不在这次培训的缺席名单里，不用补学。", "paper": "这里有题在您正在进行的考试里，交卷后再来。",
    "photo": "没有收到这张照片，请重新选择后再报。",
    "venue": "没有这个会场，请重新打开页面。", "headcount": "人数和第一次报的不一样，请两人核对后重报。",
    "result": "这份结果还没有合并，或者已经确认过，不用再操作。",
}  # fmt: skip
MANY = {"deck": "课件", "prepared": "备好的题"}
RESULTS = {
    "large": "文件太大，不是离线页面导出的结果。请重新导出后再上传。",
    "form": "这不是离线页面导出的结果文件，或者内容残缺。请在会场电脑的离线页面里按“导出结果”，上传得到的那个文件。",
    "tampered": "文件的签名对不上：内容在导出以后被改过，或者复制时坏了。没有合并。请回到会场电脑重新导出。",
    "bundle": "没有这个离线包，可能是别的系统的文件。请核对会场电脑上离线页面里的编号。",
    "training": "这份结果是另一次培训的。请打开那次培训的离线会场页面上传。",
    "venue": "这份结果是另一个会场的。请由那个会场的管理员上传。",
    "run": "这个离线包已经用过一次，这份结果来自另一次播放。一个离线包只能用一次，没有合并。请核对是不是拿错了文件。",
    "again": "这份结果已经合并过，没有新的内容。",
}
ALREADY = {
    "result": "这份结果已经合并过，没有新的内容。", "quiz": "上一道题还没有结束，请先结束它。",
    "hand": "您已经举手了，请稍等。",
}  # fmt: skip


PICTURES = {
    "size": "照片太大，一张最多 10 MB。请改小后再传，或者不传照片只报人数。",
    "kind": "这个文件不是照片。请选 JPG、PNG 或 WebP 图片，或者不传照片只报人数。",
    "pixels": "照片的尺寸太大，打不开。请用手机直接拍一张，或者不传照片只报人数。",
}  # fmt: skip


def sentence(refusal: refusals.Refusal) -> str:
    """The refusal for the screen."""
    match refusal:
        case refusals.NotAllowed():
            return f"您在这里不能{KINDS.get(refusal.kind, '这样操作')}。需要时请联系培训师。"
        case refusals.WrongMoment():
            state = Training.State(refusal.state).label
            return f"培训现在是“{state}”，不能{KINDS.get(refusal.kind, '这样操作')}。"
        case refusals.IllegalTurn():
            before, after = Training.State(refusal.before).label, Training.State(refusal.after).label
            return f"不能从“{before}”直接转到“{after}”。请刷新页面看现在的状态。"
        case refusals.BadData():
            return "内容不完整或太长，没有发出。请改后再试。"
        case refusals.Gone():
            return GONE.get(refusal.what, "已经结束，没有再收。")
        case refusals.TooMany():
            return f"{MANY[refusal.what]}最多 {refusal.most} 份，已经满了。请先删除用不着的。"
        case refusals.Already():
            return ALREADY.get(refusal.what, "已经办过了，不用再操作。")
        case refusals.BadCode():
            return "签到码不对或已过期。请扫会场屏幕上现在的二维码，或再看一遍口令。"
        case refusals.TooOften():
            return f"操作太频繁，请过 {refusal.seconds} 秒再试。"
        case refusals.SamePerson():
            return "要由另一个人来确认，您不能确认自己办的。"
        case refusals.NotOnRoster():
            return "名册里没有这个人，没有签到。请会场管理员核对。"
        case refusals.OtherDevice():
            return "这部手机这一轮已为别人签过到，请用本人的手机，或请会场管理员代签。"
        case refusals.NotAPicture():
            return PICTURES[refusal.why]
        case refusals.Frozen():
            return "纪要已经定稿，不能再改。"
    return "没有这个操作，请刷新页面。"


DECK = {
    "not_pdf": "这个文件不是 PDF。请在 PowerPoint 或 WPS 里打开课件，选“另存为 PDF”，再上传存好的文件。",
    "too_large": "文件超过 20 MB。请在导出 PDF 时选“最小文件大小”，或者把课件分成几份上传。",
    "password": "这个 PDF 有打开密码，看不到内容。请去掉密码，另存一份再上传。",
    "damaged": "这个 PDF 打不开，可能没有下载完整。请在电脑上打开看看，另存一份再上传。",
    "empty": "这个 PDF 里一页也没有。请换一个文件。",
    "too_many": "这个 PDF 有 {number} 页，一份课件最多 200 页。请分成几份上传。",
    "page": "第 {number} 页画不出来，可能图片太大或者已损坏，整份课件没有用。请修改这一页，另存一份再上传。",
    "lost": "上传的文件找不到了，没有处理完。请重新上传。",
}


def deck_problem(what: str, number: int) -> str:
    """Why a file cannot be a deck (pdf.BadDeck)."""
    return DECK[what].format(number=number)
