"""Right answers in all their spellings, into the canonical form of `QuestionDraft.answer`."""

import re

from mingfa.bank.importing.folding import fold_text, fold_word

RIGHT = {"√", "✓", "✔", "☑", "对", "正确", "是", "T", "TRUE", "Y", "YES", "对的", "正确的"}
WRONG = {"×", "✗", "✘", "✕", "✖", "╳", "☒", "X", "错", "错误", "否", "F", "FALSE", "N", "NO", "不对", "不正确"}
WRONG |= {"错的", "错误的"}
LABEL = re.compile(r"^[【\[(]?(?:正确|标准|参考)?答案[】\])]?[:：]?\s*")
BETWEEN_LETTERS = re.compile(r"[,、;|/.。，；和及与&+\s-]")
BRACKETS = re.compile(r"^[(\[【]+|[)\]】]+$")
LETTER_WITH_WORD = re.compile(r"^([A-B])[.、:]?\(?([^()]+)\)?$")
BETWEEN_BLANKS = re.compile(r"[;；\n]")
BETWEEN_ACCEPTED = re.compile(r"[|｜/]")


def without_label(text: str) -> str:
    """C from 答案:C, 【答案】C and 【答案】:答案:C."""
    text = fold_text(text)
    while shorter := LABEL.match(text):
        if not shorter[0]:
            break
        text = text[shorter.end() :]
    return text.strip()


def choice_letters(text: str) -> str | None:
    """ABD from A、B、D, a,b，d, A|B|D, ＡＢＤ or （ABD）; None when something else than letters is there."""
    folded = BRACKETS.sub("", BETWEEN_LETTERS.sub("", fold_word(without_label(text))))
    if not re.fullmatch(r"[A-Z]+", folded):
        return None
    return "".join(sorted(set(folded)))


def truth(text: str) -> bool | None:
    """True or False for one of the spellings of 对 and 错, None for anything else."""
    folded = BRACKETS.sub("", fold_word(without_label(text))).rstrip(".。")
    return True if folded in RIGHT else False if folded in WRONG else None


def judge_answer(text: str, options: tuple[str, ...]) -> str | None:
    """T or F; letters are read through the options (A.错误 makes A false), without options A is 正确."""
    stated = truth(text)
    if stated is None:
        folded = BRACKETS.sub("", fold_word(without_label(text)))
        spelt_out = LETTER_WITH_WORD.match(folded)
        if folded in ("A", "B"):
            stated = _option_truth("AB".index(folded), options)
        elif spelt_out:
            stated = truth(spelt_out[2])
    return None if stated is None else "T" if stated else "F"


def is_judge_pair(options: tuple[str, ...]) -> bool:
    """Whether the options are just 正确 and 错误 in some spelling and order."""
    return len(options) == 2 and {truth(option) for option in options} == {True, False}


def blank_answers(text: str) -> str:
    """A line a blank with accepted answers joined by "|", from 60；30 or 六十/60；30."""
    lines = [line for line in BETWEEN_BLANKS.split(without_label(text)) if line.strip()]
    accepted = [[word.strip() for word in BETWEEN_ACCEPTED.split(line) if word.strip()] for line in lines]
    return "\n".join("|".join(words) for words in accepted)


def _option_truth(place: int, options: tuple[str, ...]) -> bool | None:
    if not options:
        return place == 0
    return truth(options[place]) if is_judge_pair(options) else None
