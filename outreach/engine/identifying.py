"""Whatever tells who somebody is, found in a text that everybody will read (domain guide §5, P3). Pure.

    find("村民赵铁柱住在老街12号") → [Found("name", 2, 5, "赵铁柱"), …]

Positions are those of the text that was given: folding keeps one character for one. It would rather ask once too often
than miss somebody: every finding is settled by a person. What is written with 某 or × is hidden already and is no finding.
"""
import re
from dataclasses import dataclass

from mingfa.people.privacy import IdentityError, check_identity

# Full-width digits, letters and signs, one character for one.
_FOLD = {0xFF01 + step: 0x21 + step for step in range(94)} | {0x3000: 0x20, 0xA0: 0x20, 0x2013: 0x2D, 0x2014: 0x2D}

NAME, IDENTITY, PHONE, LANDLINE, CARD, PLATE, ADDRESS, DATE = (
    "name", "identity", "phone", "landline", "card", "plate", "address", "date",
)  # fmt: skip
NUMBERS = (IDENTITY, PHONE, CARD, PLATE)  # what no public text has
EVERYTHING = (*NUMBERS, LANDLINE, NAME, ADDRESS, DATE)  # what a case has not
# The same for a person: never public, whatever reason somebody gives.
NEVER = frozenset({IDENTITY, CARD})

SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许邓冯韩曹曾彭萧肖蔡潘田董袁余叶蒋杜苏魏吕丁沈任姚卢傅钟姜崔谭廖范汪陆金石戴"
    "贾韦夏邱方侯邹熊孟秦白江阎薛尹段雷黎史龙陶贺顾毛郝龚邵万钱严覃武莫孔汤康施牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹欧耿关兰焦俞左柳甘"
    "祝包宁尚符舒阮柯纪梅童凌毕裴霍涂苗曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁房滕屈饶牟艾尤穆卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏"
    "瞿佟臧闵苟邬边卞姬仇栾隋刁沙荣巫寇桑郎甄丛仲虞敖巩佘池麻苑迟邝程"
)
COMPOUND = "欧阳|司马|上官|诸葛|皇甫|尉迟|公孙|慕容|令狐|司徒|夏侯|端木"
# Not a name although it begins like one.
_COMMON = """
高度 高兴 高速 高额 方面 方法 方式 方案 方可 安全 安排 安置 安装 金额 金钱 任何 任务 任意 任职 连续
连同 包括 包工 包装 白天 马上 路上 路边 路口 江边 石头 黄河 关于 关系 关键 关注 许可 许多 万元 武装
古树 古井 田地 田间 钱款 方才 边界 左右 左边 余下 余款 余额 段落 沙石 车辆 车位 车主 车上 连接 管理
管道 管辖 房屋 房产 房主 房东 麻将 荣誉 景区 党员 党委 费用 程序 程度 简单 项目 宁愿 尚未 符合 易于
齐全 康复 施工 施行 章程 严重 严格 万一 毛病 顾客 史料 夏天 秦岭 金融 姜汤 杜绝 余地 董事 林地 林木
林业 水库 游客 蒙受 华侨 喻为 祝愿 童年 曲折 左侧 庄稼 纪律 纪委 纪检 古稀 甘愿 吉日 丁字
"""
_WORDS = frozenset(_COMMON.split())
_HIDDEN = "某×xX*＊✕○〇Ⅹ□"
_GIVEN = rf"(?![{_HIDDEN}家姓氏老阿])[\u4e00-\u9fff]{{1,2}}"
_TITLES = (
    "大爷|大妈|阿姨|奶奶|爷爷|婆婆|先生|女士|同志|师傅|老师|主任|书记|局长|镇长|村长|经理|老板|法官|律师|大姐|大哥|大叔|大娘|大嫂|医生|警官|支书|组长|"
    "老汉|姓"
)
_BEFORE = (
    "申请人|被申请人|第三人|原告人?|被告人?|上诉人|被上诉人|当事人|投诉人|信访人|举报人|受害人|被害人|嫌疑人|证人|代理人|委托人|村民|居民|业主|租客|"
    "房东|房主|户主|老人|男子|女子|老板|职工|员工|工人|民工|学生|家长|患者|司机|车主|丈夫|妻子|儿子|女儿|父亲|母亲|哥哥|弟弟|姐姐|妹妹|邻居|老汉|"
    "姓名|名叫|叫做|姓名为|化名|法定代表人|负责人|联系人|经办人|户籍|小伙|姑娘|店主|摊主|村医|农户|养殖户|承包人|承包户|亲属|继承人|债务人|债权人"
)
_AFTER = (
    "诉称?|辩称|称|认为|表示|不服|申请|提出|反映|投诉|举报|起诉|向|与|的(?:丈夫|妻子|儿子|女儿|父亲|母亲|房屋|家|宅基地|承包地)|先生|女士|同志|大爷|大妈|阿姨|老人|"
    "师傅|一家|夫妇|等人|将|在|因|被|家(?:的|里|中)|，[男女](?=[，。、,])|[（(][男女]"
)
_NAME = rf"(?:{COMPOUND}|[{SURNAMES}])(?!{_TITLES}){_GIVEN}"
# A role in front tells a name; two characters, or three where nothing after them would be left hanging.
_LED = re.compile(rf"(?:{_BEFORE})[：:为是叫“\"\s]{{0,3}}(?P<name>{_NAME})")
_FOLLOWED = re.compile(rf"(?<![\u4e00-\u9fff])(?P<name>{_NAME})(?:{_AFTER})")
_INSIDE = re.compile(rf"(?P<name>{_NAME})(?:（[男女]|\([男女]|，[男女][，。、]|诉称|辩称|不服)")

_GAP = r"[\s-]?"
_DIGITS18 = re.compile(rf"(?<![0-9])(?:[0-9]{_GAP}){{17}}[0-9Xx](?![0-9])")
_DIGITS15 = re.compile(r"(?<![0-9])[1-9][0-9]{5}[0-9]{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}(?![0-9])")
_MOBILE = re.compile(rf"(?<![0-9])(?:(?:\+|00)?86{_GAP})?1{_GAP}[3-9](?:{_GAP}[0-9]){{9}}(?![0-9])")
_FIXED = re.compile(r"(?<![0-9])(?:\(0[0-9]{2,3}\)|0[0-9]{2,3})[\s-]?[2-9][0-9]{6,7}(?![0-9])")
_CARD = re.compile(rf"(?<![0-9])(?:[0-9]{_GAP}){{15,18}}[0-9](?![0-9])")
_PLATE = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·•.\\s-]?(?:[A-HJ-NP-Z0-9]{5,6})(?![A-Za-z0-9*])"
)
_NUMBER = "(?:[0-9]+|[一二三四五六七八九十百零〇]+)"
_ADDRESS = re.compile(
    rf"[\u4e00-\u9fffA-Za-z]{{1,12}}(?:路|街|巷|道|弄|胡同|小区|花园|村|社区|新村|公寓){_NUMBER}(?:号|栋|幢|弄|组)"
    rf"(?:院|楼)?(?:{_NUMBER}(?:号楼|栋|幢|座))?(?:{_NUMBER}单元)?(?:{_NUMBER}(?:室|号|户))?"
    rf"|{_NUMBER}(?:号楼|栋|幢|座){_NUMBER}(?:单元)?{_NUMBER}?(?:室|号|户)"
    rf"|{_NUMBER}单元{_NUMBER}(?:室|号|户)?"
    r"|[\u4e00-\u9fff]{2,5}(?:县|市|区)[\u4e00-\u9fff]{2,5}(?:镇|乡|街道)[\u4e00-\u9fff]{2,6}(?:村|社区|居委会)"
)
_YEAR = "(?:(?:19|20)[0-9]{2}|[一二][九〇零○0-9][一二三四五六七八九〇零○]{2})"
_DATE = re.compile(
    rf"{_YEAR}\s?年\s?(?:[0-9]{{1,2}}|[一二三四五六七八九十]{{1,2}})\s?月\s?(?:[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})\s?[日号]"
    r"|(?<![0-9])(?:19|20)[0-9]{2}(?P<sep>[-./])(?:0?[1-9]|1[0-2])(?P=sep)(?:0?[1-9]|[12][0-9]|3[01])(?![0-9])"
    r"|(?<![0-9年])(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})月(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})[日号]"
)
# The days of laws are public: 自2024年1月1日起施行, 2023年9月1日修订.
_LAW_DAY = re.compile(r"\s?(?:起?(?:施行|实施|生效)|起施行|修订|修正|公布|通过|发布|起执行)")


@dataclass(frozen=True, order=True)
class Found:
    """`text[start:end]` is of this kind; `words` is that stretch as written."""

    start: int
    end: int
    kind: str
    words: str


def find(text: str, kinds=EVERYTHING) -> list[Found]:
    """Everything of these kinds, in the order of the text, nothing twice: of two that overlap the first kind counts."""
    folded = text.translate(_FOLD)
    taken: list[tuple[int, int]] = []
    found = []
    for kind in (one for one in EVERYTHING if one in kinds):
        for start, end in _SEEKERS[kind](folded):
            # An address begins where a name before it ends.
            start = max([start, *(stop for _, stop in taken if start < stop < end)])
            if all(end <= other or start >= stop for other, stop in taken):
                taken.append((start, end))
                found.append(Found(start, end, kind, text[start:end]))
    return sorted(found)


def masked(words: str) -> str:
    """For lists and logs: the first character, and stars for at most eight others."""
    return words[:1] + "*" * min(len(words) - 1, 8)


def _plain(written: str) -> str:
    return re.sub(r"[\s-]", "", written)


def _identities(text: str):
    for match in _DIGITS18.finditer(text):
        try:
            check_identity(_plain(match[0]))
        except IdentityError:
            continue
        yield match.span()
    yield from (match.span() for match in _DIGITS15.finditer(text))


def _cards(text: str):
    for match in _CARD.finditer(text):
        digits = _plain(match[0])
        if len(set(digits)) > 1 and _luhn(digits):
            yield match.span()


def _luhn(digits: str) -> bool:
    doubled = (int(digit) * (2 if place % 2 else 1) for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


def _names(text: str):
    for pattern in (_LED, _FOLLOWED, _INSIDE):
        for match in pattern.finditer(text):
            name = match["name"]
            if name[:2] not in _WORDS and not any(mark in _HIDDEN for mark in name):
                yield match.span("name")


def _addresses(text: str):
    for match in _ADDRESS.finditer(text):
        if not any(mark in _HIDDEN for mark in match[0]):
            yield match.span()


def _dates(text: str):
    for match in _DATE.finditer(text):
        if not _LAW_DAY.match(text, match.end()):
            yield match.span()


def _spans(pattern: re.Pattern):
    return lambda text: (match.span() for match in pattern.finditer(text))


_SEEKERS = {
    IDENTITY: _identities,
    CARD: _cards,
    PHONE: _spans(_MOBILE),
    PLATE: _spans(_PLATE),
    LANDLINE: _spans(_FIXED),
    NAME: _names,
    ADDRESS: _addresses,
    DATE: _dates,
}
