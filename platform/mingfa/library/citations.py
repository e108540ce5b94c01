"""Citations of law in running text: 《行政复议法》第二十条第二款第三项. Pure: text in, values out."""
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

DIGITS = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
UNITS = {"十": 10, "百": 100, "千": 1000}

# One character for one character, so that positions in the folded text are positions in the original.
FOLD = str.maketrans("０１２３４５６７８９（）〔〕［］～－－—–\u3000\xa0", "0123456789()()()~----" + "  ")

NUMBER = r"(?:[零〇一二三四五六七八九十百千两]{1,9}|\d{1,4})"
TITLE = r"《(?:[^《》]|《[^《》]*》){1,120}》"
SELF = r"本(?:法|条例|规定|办法|决定|解释|细则|规则)"
HEAD = rf"(?P<title>{TITLE})(?:\([^()]{{1,20}}\))?(?:的|\s)*|(?P<self>{SELF})\s*"
JOINS = r"(?:[、,，和及与或至到~-]|以及|\s)*"
LISTED = rf"{NUMBER}(?:[、,，和至~-]{NUMBER})*"
ARTICLE = rf"(?:第\s?{LISTED}\s?条(?:之{NUMBER}(?![条款项]))?)"
LISTED_PARTS = rf"\(?{NUMBER}\)?(?:[、,，和至~-]\(?{NUMBER}\)?)*"
PART = rf"(?:第\s?{LISTED_PARTS}\s?[款项]|\({NUMBER}\)项)"
FIRST = rf"(?:第\s?)?{LISTED}\s?条(?:之{NUMBER}(?![条款项]))?"
CHAIN = re.compile(rf"(?:(?:{HEAD})(?P<first>{FIRST})|{ARTICLE})(?:{JOINS}(?:{ARTICLE}|{PART}))*")
TOKEN = re.compile(
    rf"(?P<join>{JOINS})(?:第?\s?(?P<listed>{LISTED})\s?条(?:之(?P<sub>{NUMBER})(?![条款项]))?"
    rf"|第?\s?(?P<parts>{LISTED_PARTS})\s?(?P<kind>[款项]))"
)
# Named without title marks (民法典第十条): where the title begins cannot be known, so nothing is guessed.
NAMED_OTHERWISE = re.compile(r"(?:法|法典|条例|规定|办法|决定|解释|章程|准则|公约)$")
AFTER_TITLE = re.compile(r"(?:\([^()]*\)|的|\s)*")
LONGEST_RANGE = 200


@dataclass(frozen=True)
class CitationRef:
    """One cited place. `sub` is the N of 条之N; 0 means “not given” in sub, paragraph (款) and item (项)."""

    law_title: str
    article: int
    sub: int = 0
    paragraph: int = 0
    item: int = 0


@dataclass(frozen=True)
class FoundCitation:
    """Where citations stand in a text: `text[start:end]` cites all of `refs`."""

    start: int
    end: int
    refs: tuple[CitationRef, ...]


def chinese_to_int(text: str) -> int:
    """The value of 一百二十, 〇五, 188 or １８８, from 0 to 9999.

    Raises ValueError for anything that is not a number.
    """
    text = text.strip().translate(FOLD)
    if text.isascii() and text.isdigit():
        return int(text)
    if not text or any(character not in DIGITS and character not in UNITS for character in text):
        raise ValueError(f"not a number: {text!r}")
    if not any(character in UNITS for character in text):
        return int("".join(str(DIGITS[character]) for character in text))
    total = digit = 0
    for character in text:
        if character in UNITS:
            total += (digit or 1) * UNITS[character]
            digit = 0
        else:
            digit = DIGITS[character]
    return total + digit


def int_to_chinese(number: int) -> str:
    """1260 → 一千二百六十, 10 → 十, 110 → 一百一十. Raises ValueError outside 0–9999."""
    if not 0 <= number <= 9999:
        raise ValueError(f"out of range: {number}")
    if number == 0:
        return "零"
    parts, gap = [], False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        if not digit:
            gap = bool(parts)
            continue
        if gap:
            parts.append("零")
            gap = False
        parts.append("零一二三四五六七八九"[digit] + name)
    text = "".join(parts)
    return text[1:] if text.startswith("一十") else text


def fold_title(title: str) -> str:
    """The short title laws are known and found by: no title marks, spaces or 中华人民共和国."""
    title = re.sub(r"\s", "", title).translate(str.maketrans("()〈〉<>", "（）《》《》"))
    if title.startswith("《") and title.endswith("》") and title.count("《") == 1 + title[1:-1].count("》"):
        title = title[1:-1]
    return re.sub(r"(^|《)中华人民共和国(?=.)", r"\1", title)


def parse_citations(text: str, here: str = "") -> list[CitationRef]:
    """All places cited in `text`, in order, each once; ranges are spelt out article by article.

    `here` is the title meant by 本法 and by a bare 第X条; without it those are left out.
    """
    return list(dict.fromkeys(ref for found in find_citations(text, here) for ref in found.refs))


def find_citations(text: str, here: str = "") -> Iterator[FoundCitation]:
    """The same with positions, for making links in a text."""
    folded = text.translate(FOLD)
    for match in CHAIN.finditer(folded):
        title = _title_of(match, folded, here)
        if not title:
            continue
        head_end = max(match.end("title"), match.end("self"), match.start())
        refs = _read_chain(title, folded, head_end, match.end())
        if refs:
            yield FoundCitation(match.start(), match.end(), tuple(refs))


def format_citation(ref: CitationRef) -> str:
    """《行政复议法》第二十条第二款第三项."""
    return f"《{fold_title(ref.law_title)}》{format_place(ref)}"


def format_place(ref: CitationRef) -> str:
    """第二十条第二款第三项, 第一百二十条之一."""
    text = article_label(ref.article, ref.sub)
    if ref.paragraph:
        text += f"第{int_to_chinese(ref.paragraph)}款"
    if ref.item:
        text += f"第{int_to_chinese(ref.item)}项"
    return text


def article_label(number: int, sub: int = 0) -> str:
    """第一百二十条之一."""
    return f"第{int_to_chinese(number)}条" + (f"之{int_to_chinese(sub)}" if sub else "")


def _title_of(match: re.Match, folded: str, here: str) -> str:
    """The law a chain of places belongs to, "" where the text does not say it."""
    if match["title"]:
        return fold_title(match["title"])
    if match["self"] or not NAMED_OTHERWISE.search(folded[: match.start()].rstrip()):
        return fold_title(here)
    return ""


def _read_chain(title: str, folded: str, start: int, end: int) -> list[CitationRef]:
    """The places of one chain: 第十条第一款、第三款和第十二条至第十四条."""
    refs: list[CitationRef] = []
    start = AFTER_TITLE.match(folded, start).end()
    for token in TOKEN.finditer(folded, start, end):
        is_range = bool(re.search(r"[至到~-]", token["join"])) and bool(refs)
        if token["listed"]:
            refs += _articles(title, token, refs[-1] if is_range else None)
        elif refs:
            _add_parts(refs, token, is_range)
    return refs


def _articles(title: str, token: re.Match, since: CitationRef | None) -> list[CitationRef]:
    """The articles of one token (第十条之一, 第10、12-14条); with `since` those after it up to the token."""
    sub = chinese_to_int(token["sub"]) if token["sub"] else 0
    found: list[CitationRef] = []
    for number, ends_range in _listed(token["listed"]):
        ref = CitationRef(title, number, sub)
        earlier = found[-1] if ends_range else None if found else since
        found += _between(earlier, ref) if earlier else [ref]
    return found


def _listed(text: str) -> Iterator[tuple[int, bool]]:
    """10、12-14 → (10, no), (12, no), (14, ends a range that began with the number before)."""
    pieces = re.split(r"([、,，和至~-])", text)
    for position in range(0, len(pieces), 2):
        joined_by = pieces[position - 1] if position else ""
        yield chinese_to_int(pieces[position].strip("() ")), joined_by in {"至", "~", "-"}


def _between(first: CitationRef, last: CitationRef) -> list[CitationRef]:
    """What comes after `first` up to `last`: 条之N of one article, or whole articles."""
    if first.article == last.article:
        steps = range(first.sub + 1, last.sub)
        between = [replace(last, sub=sub) for sub in steps]
    else:
        steps = range(first.article + 1, last.article)
        between = [CitationRef(last.law_title, number) for number in steps[:LONGEST_RANGE]]
    return [*between, last] if len(steps) <= LONGEST_RANGE else [last]


def _add_parts(refs: list[CitationRef], token: re.Match, is_range: bool) -> None:
    """Narrow the last place by 第N款 or 第N项, or add places beside it when a joining word stands between."""
    field = "paragraph" if token["kind"] == "款" else "item"
    for number, ends_range in _listed(token["parts"]):
        last = refs[-1]
        known = getattr(last, field)
        narrows = not known and not token["join"].strip()
        if narrows:
            refs[-1] = replace(last, **{field: number})
            continue
        spelt_out = (ends_range or is_range) and 0 < number - known <= LONGEST_RANGE
        steps = range(known + 1, number + 1) if spelt_out else [number]
        beside = replace(last, item=0)
        refs += [replace(beside, **{field: step}) for step in steps]
