"""Word's automatic numbers, counted as Word counts them: levels, restarts, starts and styles (ECMA-376 17.9)."""

from collections import defaultdict
from dataclasses import dataclass, field

from lxml import etree

from mingfa.bank.importing.word.package import Package, W

DIGITS = "零一二三四五六七八九"
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
CHINESE = ("chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "japaneseCounting", "ideographDigital",
           "taiwaneseCountingThousand")  # fmt: skip
LEVELS = 9


@dataclass(frozen=True)
class Level:
    """One level of a list: the first number, its form, and the text with %1 … for the numbers of the levels."""

    start: int = 1
    form: str = "decimal"
    text: str = ""
    restart: int | None = None


@dataclass
class Numbering:
    """The lists of a document and how far each has been counted. `label` is called once a paragraph, in order."""

    abstracts: dict[str, dict[int, Level]]
    lists: dict[str, str]
    changed: dict[str, dict[int, Level]]
    started: dict[str, dict[int, int]]
    by_style: dict[str, tuple[str, int]]
    counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    used: set[str] = field(default_factory=set)

    def label(self, paragraph: etree._Element) -> str:
        """The number Word shows before a paragraph, with a blank behind it; "" without one or for bullets."""
        number, depth = self._list_of(paragraph)
        abstract = self.lists.get(number or "")
        if abstract is None or number == "0":
            return ""
        self._restart(number, abstract)
        levels = {**self.abstracts.get(abstract, {}), **self.changed.get(number, {})}
        level = levels.get(depth)
        if level is None or level.form in ("bullet", "none"):
            return ""
        counts = self.counts[abstract]
        counts[depth] = counts.get(depth, level.start - 1) + 1
        for deeper in [one for one in counts if one > depth]:
            if levels.get(deeper, Level()).restart != 0:
                del counts[deeper]
        text = level.text
        for place in range(depth + 1):
            form = levels.get(place, Level())
            text = text.replace(f"%{place + 1}", written(counts.get(place, form.start), form.form))
        return text.strip() + " " if text.strip() else ""

    def _list_of(self, paragraph: etree._Element) -> tuple[str | None, int]:
        properties = paragraph.find(f"{W}pPr")
        if properties is None:
            return None, 0
        given = properties.find(f"{W}numPr")
        style = _value(properties.find(f"{W}pStyle"))
        inherited, depth = self.by_style.get(style or "", (None, 0))
        if given is None:
            return inherited, depth
        number, own = _value(given.find(f"{W}numId")), _value(given.find(f"{W}ilvl"))
        return number if number is not None else inherited, _whole(own, depth)

    def _restart(self, number: str, abstract: str) -> None:
        """A list that overrides the start of a level begins there when it is first used."""
        if number in self.used:
            return
        self.used.add(number)
        for depth, start in self.started.get(number, {}).items():
            self.counts[abstract][depth] = start - 1


def numbering_of(package: Package) -> Numbering:
    """The lists of a document; documents without numbering.xml have none."""
    abstracts: dict[str, dict[int, Level]] = {}
    lists, changed, started = {}, {}, {}
    root = package.numbering
    for one in [] if root is None else root.findall(f"{W}abstractNum"):
        abstracts[one.get(f"{W}abstractNumId", "")] = _levels(one.findall(f"{W}lvl"))
    for one in [] if root is None else root.findall(f"{W}num"):
        number = one.get(f"{W}numId", "")
        lists[number] = _value(one.find(f"{W}abstractNumId")) or ""
        overrides = one.findall(f"{W}lvlOverride")
        changed[number] = _levels([level for each in overrides for level in each.findall(f"{W}lvl")])
        started[number] = {
            _whole(each.get(f"{W}ilvl"), 0): _whole(_value(each.find(f"{W}startOverride")), 1)
            for each in overrides
            if each.find(f"{W}startOverride") is not None
        }
    return Numbering(abstracts, lists, changed, started, _styled(package.styles))


def written(number: int, form: str) -> str:
    """A number in one of Word's forms: 3, 03, C, c, III, iii, 三, ③."""
    if form in ("upperLetter", "lowerLetter"):
        letters = chr(65 + (number - 1) % 26) * ((number - 1) // 26 + 1) if number > 0 else ""
        return letters if form == "upperLetter" else letters.lower()
    if form in ("upperRoman", "lowerRoman"):
        return _roman(number) if form == "upperRoman" else _roman(number).lower()
    if form in CHINESE:
        return _chinese(number)
    if form.startswith("decimalEnclosedCircle") and 1 <= number <= len(CIRCLED):
        return CIRCLED[number - 1]
    return f"{number:02}" if form == "decimalZero" else str(number)


def _chinese(number: int) -> str:
    if number >= 100 or number < 1:
        return str(number)
    tens, ones = divmod(number, 10)
    return ("" if tens < 2 else DIGITS[tens]) + ("十" if tens else "") + (DIGITS[ones] if ones else "")


def _roman(number: int) -> str:
    text = ""
    for value, letters in (
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ):
        while number >= value and len(text) < 20:
            text, number = text + letters, number - value
    return text


def _levels(elements: list) -> dict[int, Level]:
    found = {}
    for one in elements:
        restart = one.find(f"{W}lvlRestart")
        found[_whole(one.get(f"{W}ilvl"), 0)] = Level(
            _whole(_value(one.find(f"{W}start")), 1),
            _value(one.find(f"{W}numFmt")) or "decimal",
            (_value(one.find(f"{W}lvlText")) or "")[:40],
            None if restart is None else _whole(_value(restart), 0),
        )
    return found


def _styled(styles: etree._Element | None) -> dict[str, tuple[str, int]]:
    """Paragraph styles that number their paragraphs, their own or by the style they are based on."""
    own, based = {}, {}
    for style in [] if styles is None else styles.findall(f"{W}style"):
        name = style.get(f"{W}styleId", "")
        based[name] = _value(style.find(f"{W}basedOn"))
        given = style.find(f"{W}pPr/{W}numPr")
        if given is not None and (number := _value(given.find(f"{W}numId"))):
            own[name] = (number, _whole(_value(given.find(f"{W}ilvl")), 0))
    found = {}
    for name in based:
        origin, steps = name, 0
        while origin is not None and origin not in own and steps < LEVELS:
            origin, steps = based.get(origin), steps + 1
        if origin in own:
            found[name] = own[origin]
    return found


def _value(element: etree._Element | None) -> str | None:
    return None if element is None else element.get(f"{W}val")


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 7 else default
