"""Made-up questions in large numbers, and the same questions in other words: material for benches and tests."""
import random
from dataclasses import replace

from mingfa.bank.similarity import Wording

WHO = (
    "村民老樊", "个体户老金", "摊主老任", "退休教师老石", "网约车司机小贺", "快递员小邹", "养殖户老岳", "包工头老盛",
    "某镇信访办", "区市场监管局", "某街道执法队", "区住建局", "县医院", "某物业公司", "村委会主任", "派出所民警",
    "镇林业站", "某食品厂", "业主小汤", "租户小景", "中学生小满", "村会计老桑", "某运输公司", "区水务局",
)  # fmt: skip
WHAT = (
    "收到一份罚款决定", "把承包地转给外村人", "在河道边堆放砂石", "举报邻居违章搭棚", "拖欠三名工人的工资", "丢失了听证通知书",
    "为一批冷链货物办检疫", "申请低保没有批准", "在网上散布不实消息", "要拆除自家老屋重建", "向学校门口的商户收卫生费",
    "查封了一台挖掘机", "拒绝公开征地批文", "给亲属安排公益岗位", "夜里燃放大量烟花", "把客户名单卖给别人", "参加了换届选举",
    "在集市上打伤了同行", "收养了一名弃婴", "用地下水洗车", "招投标时私下串通", "把危险废物埋进林地", "为朋友的贷款作担保",
    "未经许可销售农药", "请求返还多缴的税款", "在信访大厅滞留过夜", "私自改动公共消防栓", "将商铺转租却不告知房东",
    "购买了过期的疫苗",
    "租用无人机拍摄军事区", "占用盲道停放电瓶车", "给学徒签了空白合同",
)  # fmt: skip
ASK = (
    "应当向哪个机关提出复议", "最长可以延长多少日", "由谁承担举证责任", "可以申请哪些法律援助",
    "应当在几日内书面答复", "能不能请人代为参加",
    "责任怎样划分", "执法人员至少要有几人到场", "罚款由谁收缴", "材料应当保存几年", "是否需要事先听证", "需要哪一级政府批准",
    "可以要求赔偿哪些损失", "调解书从什么时候起生效", "谁来选定鉴定机构", "公告期不得少于多少天", "费用由谁负担",
    "可以采取哪些强制措施",
    "档案交给谁保管", "期限从哪一天开始计算", "表决要有多少人同意", "利害关系人怎样查阅卷宗", "口头申请怎样登记",
    "哪些情形可以从轻",
    "应当回避的人员由谁决定", "记录由哪些人签名", "法院应当怎样裁定", "撤回申请有什么后果", "保证金何时退还",
    "怎样认定为共同当事人",
)  # fmt: skip
WHERE = ("大樟场镇", "望禾街道", "白鹭坡镇", "栗坞坪镇", "澄溪镇", "石阙桥镇", "云栖岭镇", "东屏乡", "青禾新区", "柳浪街道")
NUMBERS = ("三日", "五日", "七日", "十日", "十五日", "二十日", "三十日", "四十五日", "六十日", "九十日", "六个月", "一年", "二年")
BODIES = (
    "区人民政府", "市司法局", "区人民法院", "乡镇人大", "区检察院", "镇综合执法队", "县仲裁委员会",
    "省自然资源厅", "区信访局", "公安派出所",
)  # fmt: skip
ACTS = (
    "当场告知理由", "另行组织听证", "移送有管辖权的单位", "退回补正材料", "先行登记保存",
    "书面报上级备案", "公开征求意见", "重新作出决定",
    "中止办理程序", "委托鉴定机构", "通知利害关系人", "解除查封措施",
)  # fmt: skip
WORDS = (
    ("应当", "应该"), ("多少日", "几天"), ("哪个", "哪一个"), ("没有批准", "未获批准"), ("由谁", "由哪一方"), ("怎样", "如何"),
    ("可以", "能够"), ("需要", "要"), ("哪些", "什么"), ("在网上", "通过网络"), ("收到", "拿到"), ("收到了", "拿到了"),
    ("一份", "一张"), ("至少", "最少"), ("请求", "要求"), ("申请", "提出申请"), ("下列", "以下"), ("不服", "有异议"),
    ("法律没有另外规定的", "法律未作其他规定的"),
    ("几日", "几天"), ("自知道", "从知道"), ("之日起", "那天起"), ("没有", "未"), ("谁", "哪个"), ("作出", "做出"),
    ("多久", "多长时间"),
)  # fmt: skip
BEGINNINGS = ("根据有关法律规定，", "请问：", "依照现行规定，", "")
ENDS = ("？", "（　　）", "（ ）。", "____。", "")


def made_questions(rng: random.Random, count: int) -> list[Wording]:
    """So many different made-up questions, with options and a key.

    No two have the same who, what and ask; what two of them share by chance is what real banks share.
    """
    seen, made = set(), []
    while len(made) < count:
        parts = tuple(rng.randrange(len(one)) for one in (WHO, WHAT, ASK, WHERE, WHAT))
        if parts[:3] in seen and parts in seen:
            continue
        seen |= {parts, parts[:3]}
        who, what, ask, where, later = (one[at] for one, at in zip((WHO, WHAT, ASK, WHERE, WHAT), parts, strict=True))
        stem = rng.choice((
            f"{where}的{who}{what}，{ask}？", f"{who}在{where}{what}，后来又{later}。{ask}？",
            f"{what}的，{ask}？（{where}{who}）",
        ))  # fmt: skip
        pool = NUMBERS if any(word in ask for word in "日天年几") else [f"{body}{act}" for body in BODIES for act in ACTS]
        options = tuple(rng.sample(list(pool), 4))
        made.append(Wording("single", stem, options, frozenset([rng.choice(options)])))
    return made


def reworded(question: Wording, rng: random.Random) -> Wording:
    """The same question as another setter would write it: other words, another beginning and end, options shuffled."""
    stem = question.stem.rstrip("？。（） _")
    for word, other in rng.sample(WORDS, len(WORDS)):
        if word in stem and rng.random() < 0.7:
            stem = stem.replace(word, other, 1)
    clauses = stem.split("，")
    if len(clauses) > 2 and rng.random() < 0.3:
        clauses[0], clauses[1] = clauses[1], clauses[0]
    stem = rng.choice(BEGINNINGS) + "，".join(clauses) + rng.choice(ENDS)
    if rng.random() < 0.3:
        stem = stem.translate(str.maketrans("，0123456789", ",０１２３４５６７８９"))
    return replace(question, stem=stem, options=tuple(rng.sample(question.options, len(question.options))))
