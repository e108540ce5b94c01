"""Texts that a case is turned into, as a start for the person who writes them. Pure."""
from collections.abc import Sequence

LEAFLET = 260  # characters of the story on a fold of a leaflet


def poll_text(title: str, summary: str, lesson: str) -> str:
    """A question for a hall: three answers, what is right, told afterwards."""
    lines = [f"问：{title}", summary, "甲　可以", "乙　不可以", "丙　说不准", f"答完再讲：{lesson or '请写一句答案'}"]
    return "\n".join(line for line in lines if line)


def leaflet_text(title: str, facts: Sequence[str], lesson: str, cites: str) -> str:
    """Title, as much of the story as a fold holds (whole sentences), what to remember, the articles."""
    story = _sentences("".join(facts), LEAFLET)
    lines = [title, story, f"记住：{lesson}" if lesson else "", f"依据：{cites}" if cites else ""]
    return "\n".join(line for line in lines if line)


def _sentences(text: str, most: int) -> str:
    """Whole sentences up to so many characters; at least the first."""
    kept = ""
    for sentence in text.replace("。", "。\n").splitlines():
        if kept and len(kept) + len(sentence) > most:
            break
        kept += sentence
    return kept
