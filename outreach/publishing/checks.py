"""What is looked at before a text may go to review, and what somebody has answered for (domain guide §6, C5).

A finding is settled by changing the text, or by a person who says why it stays. Some can only be changed away.
"""
import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve
from django.utils.crypto import salted_hmac
from mingfa.library.citations import CitationRef, fold_title, format_citation
from mingfa.library.models import Edition, Law
from mingfa.library.queries import statuses_of
from mingfa.people.models import OrgUnit
from wagtail.documents import get_document_model

from ..engine import identifying
from ..engine.proofreading import MISTAKEN, Listed, slips
from ..models import CasePage, Justification, ListedWord, Release
from .texts import citations_of, links_of, words_of

SALT = "outreach.publishing.finding"
LIST = Path(__file__).parents[1] / "data" / "mistaken.csv"
AROUND = 8  # characters shown on each side of a finding
PERSONAL = {
    identifying.NAME: "像是真实姓名，改成“张某”“李某某”",
    identifying.IDENTITY: "身份证号，删去",
    identifying.PHONE: "手机号，删去；公开的服务电话请说明",
    identifying.LANDLINE: "固定电话，删去；公开的服务电话请说明",
    identifying.CARD: "银行卡号，删去",
    identifying.PLATE: "车牌号，改成“湘A某车”",
    identifying.ADDRESS: "具体住址，改成“某小区”“某村”",
    identifying.DATE: "具体日期，改成“某年 5 月”“第二天”",
}
LINK, FILE, LAW, ALT, WORD, TITLE, ADDRESS = "link", "file", "law", "alt", "word", "title", "slug"
NEVER_JUSTIFIED = identifying.NEVER | {LINK, FILE, ALT, ADDRESS}
# Where a link may lead besides laws and public pages.
PUBLIC_VIEWS = frozenset(
    {"law_index", "accessibility", "privacy", "burden", "feedback", "public:home", "public:list", "public:by_law"}
)
CHECKLIST = (
    "姓名、单位、职务、外号都改成了“某”字写法，称呼前后一致",
    "身份证号、电话、银行卡、车牌、案号都已删去",
    "住址只写到区县以上，或写成“某村”“某小区”",
    "日期只写到年或月，先后次序用“第二天”“一个月后”",
    "职业、亲属、病情、伤情合在一起，熟人也认不出是谁",
    "没有未成年人、性侵害、家庭暴力受害人和个人隐私的情节",
    "来源写明了：编写的、改写的，还是已经公开的案例",
)


@dataclass(frozen=True)
class Finding:
    """`words` is what was found (never logged), `around` the place for the reader, `advice` what to do."""

    kind: str
    words: str
    around: str
    advice: str
    reason: str = ""
    by: str = ""

    @property
    def mark(self) -> str:
        return salted_hmac(SALT, f"{self.kind}:{self.words}", algorithm="sha256").hexdigest()

    @property
    def settled(self) -> bool:
        return bool(self.reason)

    @property
    def may_stay(self) -> bool:
        return self.kind not in NEVER_JUSTIFIED


def findings_of(page) -> list[Finding]:
    """All findings of a draft, with the reasons that people gave for those that stay."""
    found = [*_personal(page), *_links(page), *_laws(page), *_pictures(page), *_words(page), *_address(page)]
    given = {
        (one.kind, one.mark): one
        for one in Justification.objects.filter(page=page.pk).select_related("by")
    }  # fmt: skip
    unique = {(one.kind, one.words): one for one in reversed(found)}
    return [_with_reason(one, given) for one in reversed(unique.values())]


def open_findings(page) -> list[Finding]:
    """What still keeps the draft from review."""
    return [one for one in findings_of(page) if not one.settled]


def _with_reason(finding: Finding, given: dict) -> Finding:
    row = given.get((finding.kind, finding.mark))
    if row is None or not finding.may_stay:
        return finding
    return Finding(finding.kind, finding.words, finding.around, finding.advice, row.reason, str(row.by))


def _personal(page):
    text = words_of(page)
    kinds = identifying.EVERYTHING if isinstance(page, CasePage) else (*identifying.NUMBERS, identifying.NAME)
    for one in identifying.find(text, kinds):
        yield Finding(one.kind, one.words, _around(text, one.start, one.end), PERSONAL[one.kind])


def _around(text: str, start: int, end: int) -> str:
    line = text[max(start - AROUND, 0) : end + AROUND]
    return line.replace("\n", " ")


def _links(page):
    for link in links_of(page):
        why = _broken(link)
        if why:
            yield Finding(LINK, link.get("href", link["words"]), link["words"], why)
    for block in page.body:
        if block.block_type == "file" and block.value["document"] is None:
            yield Finding(FILE, block.value["note"], block.value["note"], "附件已经被删，请重新选")


def _broken(link: dict[str, str]) -> str:
    """Why a link leads nowhere; empty for a good one. Other sites are not asked (P5)."""
    if link.get("linktype") == "page":
        page_id = link.get("id", "")
        public = page_id.isdigit() and Release.objects.filter(page=page_id, ended_at=None).exists()
        return "" if public else "链接的页面没有公开，请换一个或去掉"
    if link.get("linktype") == "document":
        there = link.get("id", "").isdigit() and get_document_model().objects.filter(pk=link["id"]).exists()
        return "正文里的文件链接读者打不开，请改用“附件”" if there else "链接的文件已经被删，请去掉"
    address = urlsplit(link.get("href", ""))
    if address.scheme in ("http", "https", "mailto", "tel"):
        return ""
    if address.scheme or address.netloc or not address.path.startswith("/"):
        return "链接写得不完整，请从 https:// 或 / 写起"
    return "" if _leads_somewhere(address.path) else "链接的地址不存在，请检查"


def _leads_somewhere(path: str) -> bool:
    try:
        match = resolve(path)
    except Resolver404:
        return False
    if match.view_name == "public:page":
        return Release.objects.filter(slug=match.kwargs["slug"], ended_at=None).exists()
    if match.url_name in ("law", "law_edition", "law_article"):
        laws = Law.objects.filter(slug=match.kwargs["law"])
        edition = match.kwargs.get("edition")
        return Edition.objects.filter(law__in=laws, slug=edition).exists() if edition else laws.exists()
    # What is left goes to Wagtail's pages, and those are not for everybody.
    return match.view_name in PUBLIC_VIEWS


def _laws(page):
    refs = citations_of(page)
    for ref, standing in statuses_of(refs).items():
        if standing == "not_in_force":
            yield Finding(LAW, format_citation(ref), format_citation(ref), "引用的条文已经不是有效的，请改用现行的")
        elif standing == "missing" and _is_known(ref):
            yield Finding(LAW, format_citation(ref), format_citation(ref), "现行的法律里没有这一条，请核对条号")
        elif standing == "missing":
            yield Finding(LAW, format_citation(ref), format_citation(ref), "法律库里没有这部法律，请核对后说明")


def _is_known(ref: CitationRef) -> bool:
    return Law.objects.filter(short_title=fold_title(ref.law_title)).exists()


def _pictures(page):
    for block in page.body:
        if block.block_type == "picture":
            image, words = block.value["image"], block.value["description"].strip()
            if image is None:
                yield Finding(FILE, words, words, "图片已经被删，请重新选")
            elif not words or words == image.filename:
                yield Finding(ALT, image.title, image.title, "图片没有说明，看不见图片的人不知道是什么")


def _words(page):
    text = words_of(page)
    for slip in slips(text, listed_words(page.unit)):
        around = _around(text, slip.start, slip.start + len(slip.word))
        if slip.kind == MISTAKEN:
            yield Finding(WORD, slip.word, around, f"常写错的词，应当是“{slip.right}”")
        else:
            yield Finding(TITLE, slip.word, around, f"请核对职务：名单里是“{slip.right}{slip.word}”")


def listed_words(unit: OrgUnit) -> list[Listed]:
    """The product's short list, then those of the unit and of the units above it."""
    paths = OrgUnit.paths_down_to(unit.path)
    own = ListedWord.objects.filter(unit__path__in=paths)
    return [*_shipped(), *(Listed(one.kind, one.word, one.right) for one in own)]


@cache
def _shipped() -> tuple[Listed, ...]:
    with LIST.open(encoding="utf-8", newline="") as rows:
        return tuple(Listed(MISTAKEN, row["word"], row["right"]) for row in csv.DictReader(rows))


def _address(page):
    if Release.objects.filter(slug=page.slug, ended_at=None).exclude(page=page.pk).exists():
        yield Finding(ADDRESS, page.slug, page.slug, "这个地址已经有公开的页面，请换一个")
