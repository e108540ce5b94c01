"""The dates of a law from its history lines and its closing article. Pure."""
import re
from datetime import date

DATED = re.compile(r"(\d{4})年(\d{1,2})月(\d{1,2})日")
# Decided in a meeting, made public later: the later line is the one that counts.
PREPARATORY = re.compile(r"常务会议|政治局|审判委员会|检察委员会")
MADE = re.compile(r"通过|公布|发布|修正|修订|修改|批准")
IN_FORCE = re.compile(r"自(\d{4})年(\d{1,2})月(\d{1,2})日起(?:施行|生效)")
FROM_PUBLICATION = re.compile(r"自(?:公布|发布|通过)之日起(?:施行|生效)")


def read_date(text: str) -> date | None:
    """The first 2023年9月1日 in a text; None where there is none or it is not a day."""
    match = DATED.search(text)
    return _day(*match.groups()) if match else None


def read_iso(text: str) -> date | None:
    """2023-09-01 anywhere in a text, as file names carry it; None where there is none."""
    match = re.search(r"(\d{4})-(\d{2})-(\d{2})", text)
    return _day(*match.groups()) if match else None


def made_on(history: list[str]) -> list[date]:
    """The days on which the law was adopted and changed, in order of the history lines."""
    lines = [line for line in history if MADE.search(line)]
    public = [line for line in lines if not PREPARATORY.search(line)] or lines
    return [day for day in map(read_date, public) if day]


def effective_on(closing: list[str], history: list[str], adopted: date | None) -> date | None:
    """The day the law itself names for coming into force, for an amended law the original one.

    `closing` are the paragraphs of the last article. Without a word about it: the 施行 line of the
    history, else the day of adoption.
    """
    for paragraph in closing:
        if match := IN_FORCE.search(paragraph):
            return _day(*match.groups())
        if FROM_PUBLICATION.search(paragraph):
            return adopted
    for line in history:
        if "施行" in line and (day := read_date(line)):
            return day
    return adopted


def _day(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None
