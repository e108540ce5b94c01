"""Mending what the data package lost on its way from print: quotes, spaces, pictures, tables. Pure."""
import re

PICTURE = re.compile(r"!\d+\{[^}]*\}")
TABLE_RULE = re.compile(r"[\s|+=-]+$")
CHINESE = "\u3000-\u303f\u4e00-\u9fff\uff01-\uff5e"
GAP = re.compile(rf"(?<=[{CHINESE}])[ \u3000]+(?=[{CHINESE}])")


def mend(text: str) -> list[str]:
    """The lines of an article's text as they read in print; table rows keep their bars."""
    text = PICTURE.sub("（图略）", text).replace("\u2009", "").replace("\\<", "〈").replace("\\>", "〉")
    lines = [line.strip() for line in text.split("\n")]
    return [_mend_line(line) for line in lines if line and not is_table_rule(line)]


def is_table_rule(line: str) -> bool:
    """A line that only draws a table: ----, +---+, | |."""
    return bool(TABLE_RULE.match(line))


def _mend_line(line: str) -> str:
    return curl_quotes(line if "|" in line else GAP.sub("", line))


def curl_quotes(line: str) -> str:
    """Straight quotes back into “ and ”: they alternate within a line, and one at its end closes.

    A quotation of several paragraphs opens each of them and closes only the last, so the count starts
    anew with each line.
    """
    if '"' not in line:
        return line
    curled, is_open = [], False
    for position, character in enumerate(line):
        if character != '"':
            curled.append(character)
            continue
        closes = is_open or (position == len(line) - 1 and position > 0)
        curled.append("”" if closes else "“")
        is_open = not closes
    return "".join(curled)
