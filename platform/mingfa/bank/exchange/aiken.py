"""Aiken: a stem in one line, options “A. …”, one “ANSWER: C”. Only 单选 and 判断, and nothing beside stem and key."""

import re

from mingfa.bank.drafts import CHOICES, JUDGE, MULTIPLE, SINGLE, Problem, QuestionDraft, letters
from mingfa.bank.exchange.results import Exchanged, Found, found, unreadable
from mingfa.bank.importing.answers import is_judge_pair, judge_answer
from mingfa.bank.importing.results import Place

TYPES = (SINGLE, JUDGE)
OPTION = re.compile(r"^([A-Za-z])[.)]\s+(.*)$")
ANSWER = re.compile(r"^ANSWER:\s*(.*?)\s*$", re.IGNORECASE)
JUDGE_OPTIONS = ("正确", "错误")


def write_aiken(drafts: list[QuestionDraft]) -> bytes:
    """An Aiken file of 单选 and 判断. Line breaks inside a text become blanks: the format knows none."""
    return "\n".join(_block(draft) for draft in drafts).encode()


def read_aiken(text: str, file: str) -> Exchanged:
    """The questions of an Aiken file; what stands between two questions and is neither is told with its line."""
    questions: list[Found] = []
    errors = []
    stem: list[tuple[int, str]] = []
    options: list[tuple[str, str]] = []
    for number, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        line = line.strip()
        option, answer = OPTION.match(line), ANSWER.match(line)
        if answer and stem:
            place = Place(file, "", stem[0][0])
            questions.append(_question("\n".join(words for _, words in stem), options, answer[1], place))
            stem, options = [], []
        elif answer:
            errors.append(unreadable(Place(file, "", number), "这一行 ANSWER 前面没有题干。请补上。"))
        elif option and stem:
            options.append((option[1].upper(), option[2].strip()))
        elif line and options:
            place = Place(file, "", stem[0][0])
            errors.append(unreadable(place, f"到第 {number} 行还没有 ANSWER。请在选项后面补上一行 ANSWER: 和正确选项的字母。"))
            stem, options = [(number, line)], []
        elif line:
            stem.append((number, line))
    if stem:
        errors.append(unreadable(Place(file, "", stem[0][0]), "这一题没有 ANSWER。请补上一行 ANSWER: 和正确选项的字母。"))
    return Exchanged("aiken", tuple(questions), tuple(errors))


def looks_like_aiken(text: str) -> bool:
    """Whether a text has an ANSWER line right after an option line somewhere."""
    return bool(re.search(r"(?m)^[A-Za-z][.)]\s+\S.*\n+ANSWER:\s*[A-Za-z]", text.replace("\r\n", "\n")))


def _block(draft: QuestionDraft) -> str:
    options = JUDGE_OPTIONS if draft.type == JUDGE else draft.options
    answer = "AB"["TF".index(draft.answer)] if draft.type == JUDGE else draft.answer
    lines = [_one_line(draft.stem)]
    lines += [f"{letter}. {_one_line(option)}" for letter, option in zip(letters(options), options, strict=True)]
    return "\n".join([*lines, f"ANSWER: {answer}", ""])


def _one_line(text: str) -> str:
    return re.sub(r"\s*\n\s*", " ", text)


def _question(stem: str, lettered: list[tuple[str, str]], answer: str, place: Place) -> Found:
    texts = tuple(text for _, text in lettered)
    chosen = re.sub(r"[\s,、;]", "", answer).upper()
    named = "".join(letter for letter, _ in lettered)
    unreadable_parts = []
    if named != letters(texts):
        missing = next((one for one in letters(texts) if one not in named), named[-1:])
        unreadable_parts.append(Problem("option_letter_gap", "options", (missing,)))
    if is_judge_pair(texts) and len(chosen) == 1:
        stated = judge_answer(chosen, texts)
        if stated:
            return found(QuestionDraft(JUDGE, stem, answer=stated), place)
    if not chosen.isascii() or not chosen.isalpha():
        unreadable_parts.append(Problem("answer_not_in_options", "answer", (answer, str(len(texts)))))
        chosen = ""
    type = MULTIPLE if len(chosen) > 1 else SINGLE
    notes = ["答案有几个字母，按多选题导入"] if type in CHOICES and len(chosen) > 1 else []
    return found(QuestionDraft(type, stem, texts, answer=chosen), place, notes, unreadable_parts)
