"""Answers that stand in the stem: 自（C）起, （×）at an end. Taken out where they are the answer, left where not."""

import re

from mingfa.bank.importing.answers import choice_letters, truth

LETTERS_IN_BRACKETS = re.compile(r"[(（]\s*([A-Za-z](?:\s*[、,，;；|/]?\s*[A-Za-z])*)\s*[)）]")
MARK_AT_START = re.compile(r"^[(（]\s*([^()（）]{1,3}?)\s*[)）]\s*")
MARK_AT_END = re.compile(r"\s*[(（]\s*([^()（）]{1,3}?)\s*[)）]\s*([。．.]?)$")


def choice_in_stem(stem: str, answer: str, letters: str) -> tuple[str, str]:
    """(stem, answer) of a choice: bracketed option letters become （ ） when they are the answer.

    answer: the stated canonical answer, "" if none. letters: the letters of the options. Letters that differ
    from a stated answer are words of the question (甲（A）类) and stay.
    """
    for match in LETTERS_IN_BRACKETS.finditer(stem):
        found = choice_letters(match[1])
        if found and set(found) <= set(letters) and answer in ("", found):
            return stem[: match.start()] + "（ ）" + stem[match.end() :], found
    return stem, answer


def judgement_in_stem(stem: str, answer: str) -> tuple[str, str]:
    """(stem, answer) of a 判断: the mark at its end or start is taken off, unless it contradicts `answer`."""
    for pattern in (MARK_AT_END, MARK_AT_START):
        match = pattern.search(stem)
        stated = truth(match[1]) if match else None
        if stated is None:
            continue
        found = "T" if stated else "F"
        if answer in ("", found):
            kept = match[2] if pattern is MARK_AT_END else ""
            return (stem[: match.start()] + kept + stem[match.end() :]).strip(), found
    return stem, answer
