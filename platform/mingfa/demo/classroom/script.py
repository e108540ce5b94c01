"""What happens in a demo class, and when: places in it are shares of its length."""
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Step:
    """At a share of the class the play does `act` (a method of play.Play) with `data`; `words` tell the onlooker."""

    at: float
    words: str
    act: str
    data: dict = field(default_factory=dict)


LAW = {"law": "行政复议法", "article": "第二十条"}
SINGLE = {
    "kind": "single", "text": "来访人说“决定书没有送到我手上”，先做什么？",
    "options": ["查送达回证", "先登记再说", "让他去法院", "请他写说明"],
}  # fmt: skip
SCALE = {"kind": "scale", "text": "今天讲的内容对工作有没有用？1 没有，5 很有用", "options": []}
CLOUD = {"kind": "cloud", "text": "用一个词说说您最常遇到的难处", "options": []}
WORDS = ["期限", "送达", "管辖", "证据", "答复", "转办", "材料", "程序", "调解", "重复访"]
ASKED = [
    "决定书贴在门口算送达吗？", "超过一年还能申请复议吗？", "村民委员会能当被申请人吗？", "来访人不肯签字怎么办？",
    "转给部门以后多久要回复？", "电话录音能不能当证据？",
]  # fmt: skip
STEPS = (
    Step(0.00, "开门候课，会场和手机陆续进来", "open_doors"),
    Step(0.03, "第一轮签到：大屏出二维码和口令", "sign_in", {"seconds": 600}),
    Step(0.13, "开始上课", "turn_state", {"to": "live"}),
    Step(0.15, "各会场报到场人数", "count_heads"),
    Step(0.20, "投票：一道单选", "ask", SINGLE),
    Step(0.28, "收题，公布结果", "close_poll"),
    Step(0.32, "有人举手", "raise_hands"),
    Step(0.37, "请一个会场发言", "give_floor"),
    Step(0.41, "收回话筒；有人提问", "ask_questions"),
    Step(0.45, "问题上墙，大家附议", "vote"),
    Step(0.50, "两个会场的线断了", "drop_halls"),
    Step(0.53, "回答附议最多的问题", "answer_question"),
    Step(0.57, "断线的会场回来了", "return_halls"),
    Step(0.58, "出一道题，各会场比一比", "quiz", {"seconds": 60}),
    Step(0.65, "收题，公布答案和各会场得分", "close_quiz"),
    Step(0.70, "在课件旁显示条文", "say", {"kind": "law.show", "data": LAW}),
    Step(0.76, "收起条文；第二轮签到", "sign_again", {"seconds": 300}),
    Step(0.82, "大家各写一个词", "ask", CLOUD),
    Step(0.88, "收题，公布结果", "close_poll"),
    Step(0.90, "打分", "ask", SCALE),
    Step(0.96, "收题，公布结果", "close_poll"),
    Step(1.00, "下课", "turn_state", {"to": "ended"}),
)
