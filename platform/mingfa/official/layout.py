"""What an official document is made of, whatever it is written to (GB/T 9704-2012; the numbers are those of domain guide §8).

    paper = Official()  # or OfficialPdf()
    paper.number("嘉信访发〔2026〕5号")
    paper.title("嘉禾区信访局", "关于2026年法治建设情况的报告")
    paper.heading("一、工作开展情况")
    paper.text("……")
    paper.signature("嘉禾区信访局", date(2026, 12, 30))
    paper.imprint(copies="嘉禾区司法局", office="嘉禾区信访局", day=date(2026, 12, 31))
    paper.content()

22 lines of 28 characters a page: exact line spacing of 28.95 pt and characters drawn together by 0.25 pt. Fonts are
named, never shipped. Data goes in as text, never as markup.
"""
from abc import ABC, abstractmethod
from collections.abc import Sequence
from datetime import date

from mingfa.documents import BODY, HEADING

KAI, SONG = "楷体_GB2312", "宋体"
# Twentieths of a point, as Word counts.
WIDTH, HEIGHT = 11906, 16838
TOP, BOTTOM, LEFT, RIGHT = 2098, 1984, 1587, 1474
LINE = 579
TIGHTER = -5
TITLE_SIZE, SIZE, PAGE_NUMBER_SIZE, SMALL = 22, 16, 14, 12  # 2号, 3号, 4号, 小4
LINE_LENGTH = 28
# A seal is 42 mm wide, a line 10.2 mm high: with its top less than a line below the text and name and date a little
# below its middle, the name stands on the third line below the text.
ABOVE_SEAL = 2
# 一、 （一） 1. （1）
LEVELS = (("公文一级标题", HEADING), ("公文二级标题", KAI), ("公文三级标题", BODY), ("公文四级标题", BODY))


def official_day(day: date) -> str:
    """“2026年1月5日”: Arabic, no leading zero, no spaces."""
    return f"{day.year}年{day.month}月{day.day}日"


class Paper(ABC):
    """An A4 document that is written from the top down; its kinds of line have the same names on every paper."""

    def number(self, text: str) -> None:
        """发文字号, centred on the first line; the title follows two empty lines below (GB/T 9704 7.2.5, 7.3.1). The red head
        of the office stands above it on the paper that is printed on."""
        self._write(text, "公文字号")
        self._skip(2)

    def title(self, *lines: str) -> None:
        """The title, one line each, and an empty line below."""
        for line in lines:
            self._write(line, "公文标题")
        self._skip()

    def addressee(self, name: str) -> None:
        """主送机关 below the title's empty line, flush left, with a full-width colon."""
        self._write(f"{name}：", "公文顶格")

    def heading(self, text: str, *, level: int = 1) -> None:
        """A heading of level 1 to 4. One of level 2 that goes on behind its first full stop goes on in running type."""
        head, stop, rest = text.partition("。")
        words, rest = (head + stop, rest) if level == 2 else (text, "")
        self._head(words, rest, level)

    def text(self, text: str) -> None:
        """Paragraphs, one for each line of the text."""
        for line in text.split("\n"):
            self._write(line, "公文正文")

    def note(self, text: str) -> None:
        """A small line above or below a table."""
        self._write(text, "公文说明")

    def attachments(self, *names: str) -> None:
        """附件说明, one empty line below the text, two characters in, without full stops."""
        self._skip()
        for number, name in enumerate(names, start=1):
            self._write(f"{'附件：' if number == 1 else '　　　'}{number}.{name}", "公文正文")

    def signature(self, who: str, day: date, *, seal: bool = False) -> None:
        """署名 and 成文日期, on one page.

        Without a seal: one empty line above; the date begins two characters right of the 署名, which stands two characters
        from the edge, or the date does where it is the longer (GB/T 9704 7.3.5.3). With a seal: the date stands four
        characters from the edge and the 署名 in the middle above it (7.3.5.1); room is left for the seal.
        """
        self._skip(ABOVE_SEAL if seal else 1)
        self._sign(who, official_day(day), seal)

    def annex(self, number: int, title: str) -> None:
        """附件 on its own page: the word on the first line, the title on the third."""
        self._write(f"附件{number}", "公文附件")
        self._skip()
        self.title(title)

    def imprint(self, *, copies: str = "", office: str = "", day: date | None = None) -> None:
        """版记 at the foot of the last even page: 抄送, then 印发机关 on the left and 印发日期 on the right of one line, ruled
        above, between and below (GB/T 9704 7.4). What is empty is left out; without any of it there is no such page.

        A page of its own, always even, without a page number: where the text ends is known to Word alone, and no page number
        is what the standard asks for behind an empty page (7.5).
        """
        if copies or office or day:
            self._foot(f"抄送：{copies}。" if copies else "", office, f"{official_day(day)}印发" if day else "")

    @abstractmethod
    def table(self, header: Sequence[str], rows: Sequence[Sequence[object]], widths: Sequence[float]) -> None:
        """A ruled table over the whole width; the header is repeated on every page. widths: shares."""

    @abstractmethod
    def landscape(self) -> None:
        """What follows stands on landscape pages; an empty document becomes landscape as a whole."""

    @abstractmethod
    def content(self) -> bytes:
        """The file."""

    def _skip(self, lines: int = 1) -> None:
        for _ in range(lines):
            self._write("", "公文顶格")

    @abstractmethod
    def _write(self, text: str, style: str): ...

    @abstractmethod
    def _head(self, words: str, rest: str, level: int) -> None: ...

    @abstractmethod
    def _sign(self, who: str, day: str, seal: bool) -> None: ...

    @abstractmethod
    def _foot(self, copies: str, office: str, printed: str) -> None: ...


def signed(name: float, day: float, *, seal: bool) -> tuple[float, float]:
    """How far from the right edge 署名 and date stand, from their lengths; all in characters. The longer of the two never
    leaves the line: below a long 署名 the date moves left."""
    if seal:
        middle = max(4 + day / 2, name / 2)
        return middle - name / 2, middle - day / 2
    return (2, name - day) if day <= name else (day - name + 4, 2)
