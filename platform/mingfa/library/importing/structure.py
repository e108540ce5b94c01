"""What a line of a law is: heading, article or paragraph. Shared by all sources. Pure."""
import re

from mingfa.library.citations import chinese_to_int
from mingfa.library.importing.parsed import Level, ParsedArticle, ParsedHeading

NUMERAL = "[零〇一二三四五六七八九十百千]+"
# U+2002 and U+3000 stand between number and name in print; \s covers both.
NUMBERED_HEADING = re.compile(rf"(第\s*{NUMERAL}\s*(编|分编|章|节))(?:\s+(.*))?$")
OTHER_HEADING = re.compile(rf"(序\s*言|附\s*则|附\s*[件表录]\s*(?:{NUMERAL})?|附)\s*[：:]?$")
ARTICLE = re.compile(rf"(第({NUMERAL})条(?:之({NUMERAL}))?)(?:[ \u3000]+(.*))?$")
LEVELS = {"编": Level.BOOK, "分编": Level.SUBBOOK, "章": Level.CHAPTER, "节": Level.SECTION}
STRAY = str.maketrans("", "", "\u200b\ufeff\u200e\u200f")


def clean_line(line: str) -> str:
    """A line without invisible characters and outer spaces."""
    return line.translate(STRAY).strip()


def read_heading(text: str) -> ParsedHeading | None:
    """A heading from its words; the level is never told from marks around it. None for other text."""
    printed = re.sub(r"\s+", " ", clean_line(text))
    if match := NUMBERED_HEADING.match(printed):
        number, word, name = match.groups()
        label = re.sub(r"\s", "", number) + (f"\u3000{close_up(name)}" if name else "")
        return ParsedHeading(LEVELS[word], printed, label)
    if match := OTHER_HEADING.match(printed):
        return ParsedHeading(Level.OTHER, printed, close_up(match[1]))
    return None


def close_up(name: str) -> str:
    """监　护 → 监护: spaces that only spread a name out; those next to Latin letters stay."""
    return re.sub(r"(?<![ -~])\s+(?![ -~])", "", name.strip())


def read_article_start(line: str) -> ParsedArticle | None:
    """The article a line opens, with the rest of the line as its first paragraph."""
    match = ARTICLE.match(line)
    if not match:
        return None
    label, number, sub, rest = match.groups()
    return ParsedArticle(
        chinese_to_int(number), chinese_to_int(sub) if sub else 0, label, (rest.strip(),) if rest else ()
    )


def follows(article: ParsedArticle, last: ParsedArticle | None, *, gap: int = 0) -> bool:
    """Whether an article may come after `last`: n+1, or the same n with the next 之.

    Any other number is a quotation of another law's text. `gap` allows that many missing articles.
    """
    if last is None:
        return True
    if article.number == last.number:
        return article.sub == last.sub + 1
    return article.sub == 0 and 1 <= article.number - last.number <= 1 + gap


def extend_path(path: list, heading) -> list:
    """The headings something stands under once `heading` has been read after those of `path`.

    For parsed headings and stored ones alike: whatever has a level.
    """
    if heading.level == Level.OTHER:
        return [heading]
    return [above for above in path if above.level < heading.level] + [heading]
