"""Answers that stand in the stem: 自（C）起, （×）at an end. Taken out where they are the answer, left where not."""

import re

from mingfa.bank.importing.answers import choice_letters, truth

LETTERS_IN_BRACKETS = re.compile(r"[(（]\s*([A-Za-z](?:\s*(?:[、,，;；|/]\s*)?[A-Za-z])*)\s*[)）]")
LETTERS_ON_LINE = re.compile(r"(?<!_)__+\s*([A-H](?:\s*(?:[、,，;；|/]\s*)?[A-H])*)\s*__+")
MARK_AT_START = re.compile(r"^[(（]\s*([^()（）]{1,5}?)\s*[)）]\s*")
MARK_AT_END = re.compile(r"\s*[(（]\s*([^()（）]{1,5}?)\s*[)）]\s*([。．.]?)$")
# 听证不收费用。√ and 听证应当收费 ×: a mark without brackets, behind a stop or apart from the words.
BARE_MARK = re.compile(r"(?:(?<=[。．.?？!！])\s*(√|×|✓|✔|✗|✘|对|错|正确|错误|[TF])|(?<!\s)\s+([√×✓✔✗✘]))()\s*$")

GAP_AT_END = re.compile(r"\s*[(（]\s*[)）]\s*([。．.]?)\s*$")
GAP_AT_START = re.compile(r"^\s*[(（]\s*[)）]\s*")
FILLED = re.compile(r"_+\s*([^_\s](?:[^_\n]{0,28}[^_\s])?)\s*_+")
# (以下简称条例) and (2022年修订) are words of the question.
WORDS_IN_BRACKETS = re.compile(
    r"[(（]\s*((?!以下|下称|简称|例如|如|即|包括|含|试行|[一二三四五六七八九十]+\s*[)）])"
    r"[^()（）\n]{1,24}?(?<!修订|修正|公布|施行|试行))\s*[)）]"
)
CIRCLED = re.compile(r"[①-⑨]")


def choice_in_stem(stem: str, answer: str, letters: str) -> tuple[str, str]:
    """(stem, answer) of a choice: bracketed option letters become （ ） when they are the answer.

    answer: the stated canonical answer, "" if none. letters: the letters of the options. Letters that differ
    from a stated answer are words of the question (甲（A）类) and stay.
    """
    brackets = [*LETTERS_IN_BRACKETS.finditer(stem), *LETTERS_ON_LINE.finditer(stem)]
    if not answer and len({choice_letters(match[1]) for match in brackets}) > 1:
        # 甲（A）类企业应当（C）登记: which of them is the key cannot be known.
        return stem, ""
    for match in brackets:
        found = choice_letters(match[1])
        if found and set(found) <= set(letters) and answer in ("", found):
            return stem[: match.start()] + "（ ）" + stem[match.end() :], found
    return stem, answer


def judgement_in_stem(stem: str, answer: str) -> tuple[str, str]:
    """(stem, answer) of a 判断: the mark at its end or start is taken off, unless it contradicts `answer`."""
    for pattern in (MARK_AT_END, MARK_AT_START, BARE_MARK):
        match = pattern.search(stem)
        stated = truth(match[1] or match[2]) if match else None
        if stated is None:
            continue
        found = "T" if stated else "F"
        if answer in ("", found):
            kept = match[2] if pattern is MARK_AT_END else ""
            return (stem[: match.start()] + kept + stem[match.end() :]).strip(), found
    return stem, answer


def without_gap_at_ends(stem: str) -> str:
    """A 判断 without the empty bracket for the mark at its end or start."""
    stem = GAP_AT_END.sub(lambda match: match[1], stem)
    return GAP_AT_START.sub("", stem).strip()


def filled_gaps(stem: str) -> tuple[str, list[str]]:
    """(stem with plain gaps, words that stood on the lines) of a 填空 whose answers were typed into its gaps."""
    words = [match[1].strip() for match in FILLED.finditer(stem)]
    return FILLED.sub("____", stem), words


def filled_brackets(stem: str) -> tuple[str, list[str]]:
    """(stem with gaps, words) of a 填空 without any line whose answers were typed into its brackets."""
    words = [match[1].strip() for match in WORDS_IN_BRACKETS.finditer(stem)]
    if words == [str(place) for place in range(1, len(words) + 1)]:
        # (1) (2) (3) count the parts of the sentence.
        return stem, []
    return WORDS_IN_BRACKETS.sub("____", stem), words


def items_in_stem(stem: str) -> tuple[str, tuple[str, ...]]:
    """(stem, items) of a 排序 whose items are numbered ① ② ③ in the stem."""
    parts = CIRCLED.split(stem)
    signs = CIRCLED.findall(stem)
    if len(signs) < 2 or [ord(sign) - ord("①") for sign in signs] != list(range(len(signs))):
        return stem, ()
    return parts[0].strip(), tuple(part.strip(" \n;；、,，") for part in parts[1:])
