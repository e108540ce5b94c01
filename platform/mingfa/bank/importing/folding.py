"""One form for the many ways of writing the same characters."""

import re
import unicodedata

# Letters, digits and the space only: other full-width signs are right in Chinese text and stay.
WIDTH = {code: code - 0xFEE0 for first, last in ("０９", "ＡＺ", "ａｚ") for code in range(ord(first), ord(last) + 1)}
SPACES = dict.fromkeys(map(ord, "\u3000\xa0\u2002\u2003\t"), " ")
NOTHING = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff"))
TABLE = WIDTH | SPACES | NOTHING
EMPTY_BRACKETS = re.compile(r"[(（]\s*[)）]")
UNDERLINES = re.compile(r"_{2,}")


def fold_text(text: str) -> str:
    """Text to keep: letters and digits in half width, line ends as \\n, no invisible characters, outer blanks off."""
    return re.sub(r"\r\n?", "\n", text).translate(TABLE).strip()


def fold_word(text: str) -> str:
    """Text to compare: all in half width, capital letters, no white space at all."""
    before = None
    while before != text:
        # A blank that goes may leave a sign that joins the letter before it, so once is not always enough.
        before, text = text, re.sub(r"\s", "", unicodedata.normalize("NFKC", text.translate(NOTHING))).upper()
    return text


def fold_gaps(stem: str, *, underlines: bool) -> str:
    """The stem with each empty bracket as （ ）; with `underlines` each ____ too (choices show one kind of gap)."""
    stem = EMPTY_BRACKETS.sub("（ ）", stem)
    return UNDERLINES.sub("（ ）", stem) if underlines else stem
