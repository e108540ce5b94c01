"""One paragraph: its words, which of them are red or bold, and what in it cannot be read."""

import re
from dataclasses import dataclass

from lxml import etree

from mingfa.bank.importing.strong import BOLD, RED, UNDERLINED
from mingfa.bank.importing.units import SHAPES, fold_signs
from mingfa.bank.importing.word.package import W

SIGNS = {
    ("wingdings", "F0FC"): "√", ("wingdings", "F0FB"): "×", ("wingdings", "F0FE"): "☑", ("wingdings 2", "F050"): "√",
    ("wingdings 2", "F04F"): "×", ("wingdings 2", "F052"): "☑", ("symbol", "F0D6"): "√", ("symbol", "F0B4"): "×",
}  # fmt: skip
# Words of these are part of the paragraph; deletions, comments, fields' own code and text boxes are not.
HOLDERS = {
    f"{W}{name}" for name in ("hyperlink", "ins", "smartTag", "sdt", "sdtContent", "fldSimple", "moveTo", "customXml")
}
PICTURES = {f"{W}drawing", f"{W}pict", f"{W}object"}
MATH = "{http://schemas.openxmlformats.org/officeDocument/2006/math}"
ALTERNATE = "{http://schemas.openxmlformats.org/markup-compatibility/2006}AlternateContent"
BOX = f"{W}txbxContent"
GAP = "____"
NUMBER_AHEAD = re.compile(r"\s*(?:\(?\d{1,4}\s*[.、)](?!\d)|第\d+题)")
LETTER_AHEAD = re.compile(r"\s*\(?[A-H]\s*[.、)]")


@dataclass(frozen=True)
class Words:
    """Folded text with line breaks, spans in red or bold, whether a picture or formula or text box stands in it."""

    text: str
    strong: tuple[tuple[int, int, str], ...] = ()
    picture: bool = False
    box: bool = False


def words_of(paragraph: etree._Element) -> Words:
    """The words of a w:p as a reader sees them."""
    text, strong = "", []
    for run in _runs(paragraph):
        said = fold_signs(_said(run))
        if _is_underlined(run):
            said = GAP if said.strip(" ") == "" and len(said) > 1 else said
            strong += [(len(text), len(text) + len(said), UNDERLINED)] if said.strip(" _") else []
        how = _how(run)
        if said and how:
            strong.append((len(text), len(text) + len(said), how))
        text += said
    drawn = list(paragraph.iter(*PICTURES))
    boxes = any(True for _ in paragraph.iter(BOX))
    math = any(True for _ in paragraph.iter(f"{MATH}oMath"))
    return Words(text, tuple(strong), bool(math or (drawn and not boxes)), boxes)


def _runs(element: etree._Element):
    for child in element:
        if child.tag == f"{W}r":
            yield child
        elif child.tag in HOLDERS:
            yield from _runs(child)


def _said(run: etree._Element) -> str:
    if _is_on(run.find(f"{W}rPr/{W}vanish")):
        return ""
    said = ""
    for child in run:
        if child.tag == f"{W}t":
            said += child.text or ""
        elif child.tag == f"{W}tab":
            said += "  "
        elif child.tag in (f"{W}br", f"{W}cr"):
            said += "\n"
        elif child.tag == f"{W}noBreakHyphen":
            said += "-"
        elif child.tag == f"{W}sym":
            font, code = child.get(f"{W}font", "").lower(), child.get(f"{W}char", "").upper()
            said += SIGNS.get((font, code), "")
    return said


def _how(run: etree._Element) -> str:
    """RED for red letters or a marker behind them, BOLD for bold, "" for plain ones."""
    properties = run.find(f"{W}rPr")
    if properties is None:
        return ""
    color = properties.find(f"{W}color")
    marker = properties.find(f"{W}highlight")
    if (color is not None and _is_red(color.get(f"{W}val", ""))) or (
        marker is not None and marker.get(f"{W}val", "none") not in ("none", "white")
    ):
        return RED
    return BOLD if _is_on(properties.find(f"{W}b")) else ""


def _is_underlined(run: etree._Element) -> bool:
    line = run.find(f"{W}rPr/{W}u")
    return line is not None and line.get(f"{W}val", "single") != "none"


def _is_red(color: str) -> bool:
    if not re.fullmatch(r"[0-9A-Fa-f]{6}", color):
        return color.lower() == "red"
    red, green, blue = (int(color[place : place + 2], 16) for place in (0, 2, 4))
    return red >= 150 and green <= 90 and blue <= 90


def _is_on(switch: etree._Element | None) -> bool:
    return switch is not None and switch.get(f"{W}val", "true").lower() not in ("0", "false", "off")


def with_label(words: Words, label: str) -> Words:
    """The words with their automatic number in front, unless a number was typed there too."""
    label = fold_signs(label)
    typed = LETTER_AHEAD if re.search("[A-Za-z]", label) else NUMBER_AHEAD
    if not label or not words.text.strip() or typed.match(words.text.translate(SHAPES)):
        return words
    moved = tuple((first + len(label), last + len(label), how) for first, last, how in words.strong)
    return Words(label + words.text, moved, words.picture, words.box)
