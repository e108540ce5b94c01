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
SPAN_OF_LETTERS = re.compile(r"[(\[]?[A-Z](?:-|~|—|–|至|到|或|/或)+[A-Z][)\]]?[.。]?")
KEY_THEN_WORDS = re.compile(r"[(（\[【]?\s*([A-Za-z](?:[ 、,，;；|/和及与.．]*[A-Za-z])*)(?:\s*[)）\]】])?(?![A-Za-z])")
RIGHT_BEHIND_KEY = re.compile(r"\s|[。.．,，;；:：(（、【\[]|项|选项")
MARK_THEN_WORDS = re.compile(
    r"[(（\[【]?\s*(√|✓|✔|☑|×|✗|✘|✕|✖|╳|☒|不正确|不对|正确|错误|对|错|是|否|TRUE|FALSE|True|False|[TFXxYN])\s*[)）\]】]?(?=[\s。.．,，;；:：(（【\[])"
)
CHOOSE = re.compile(r"^(?:故|应|因此|所以|本题)?(?:应?选择?|为|是)\s*[:：]?\s*(?=[(（]?[A-Za-z](?![a-z]))")
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


def choice_key(text: str) -> tuple[str, str]:
    """(letters, what stands behind them) from ABD, C（六十日）, ABC。, D 理由：…; ("", text) where no key begins.

    B或C, A至D and A-D could mean more than one thing, 甲类A is words: none of them is a key.
    """
    stated = CHOOSE.sub("", without_label(text))
    if letters := None if SPAN_OF_LETTERS.fullmatch(fold_word(stated)) else choice_letters(stated):
        return letters, ""
    match = KEY_THEN_WORDS.match(stated)
    if not match:
        return "", stated
    rest = stated[match.end() :]
    if not RIGHT_BEHIND_KEY.match(rest):
        return "", stated
    return choice_letters(match[1]) or "", rest.lstrip(" 。.,，;；:：、项\n").strip()


def judge_key(text: str) -> tuple[str, str]:
    """("T" or "F", what stands behind it) from 错。理由：…, 正确，因为…, ×（不收费）; ("", text) for anything else."""
    stated = without_label(text)
    if (whole := truth(stated)) is not None:
        return ("T" if whole else "F"), ""
    match = MARK_THEN_WORDS.match(stated)
    if not match or (mark := truth(match[1])) is None:
        return "", stated
    return ("T" if mark else "F"), stated[match.end() :].lstrip(" 。.,，;；:：\n").strip()


def order_letters(text: str, count: int) -> tuple[str, bool]:
    """(letters in the right order, whether they were written as numbers) from CABD, C→A→B→D, 3142, ③①④②."""
    folded = re.sub(r"[^A-Z0-9]", "", fold_word(without_label(text)))
    if re.fullmatch(r"[1-9]+", folded):
        return "".join(chr(64 + int(digit)) for digit in folded if int(digit) <= count), True
    return (folded, False) if re.fullmatch(r"[A-Z]+", folded) else ("", False)


def match_letters(text: str, count: int) -> str:
    """The letter of each prompt's partner from 1-B 2-A, 1B2A, B-1, or BA in the order of the prompts; "" if unclear."""
    folded = re.sub(r"[^A-Z0-9]", "", fold_word(without_label(text)))
    if re.fullmatch(r"[A-Z]+", folded):
        return folded if len(folded) == count else ""
    pairs = re.findall(r"(\d{1,2})([A-Z])", folded)
    if "".join(number + letter for number, letter in pairs) != folded:
        pairs = [(number, letter) for letter, number in re.findall(r"([A-Z])(\d{1,2})", folded)]
        if "".join(letter + number for number, letter in pairs) != folded:
            return ""
    partners = {int(number): letter for number, letter in pairs}
    return (
        "".join(partners[number] for number in range(1, count + 1)) if set(partners) == set(range(1, count + 1)) else ""
    )


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


NUMBERED_BLANK = re.compile(
    r"(?:^|(?<=[\s;；,，、]))\s*(?:[(（]\d{1,2}[)）]|\d{1,2}[.．、)](?!\d)|第[一二三四五六\d]空[:：]?|[①-⑳])\s*"
)


def answers_of_blanks(text: str, count: int) -> str:
    """The answers of `count` blanks: apart by ; first, else by their numbers ① (1) 第一空, else by 、, or blanks.

    Other separators than ; count only where they give exactly one answer a blank.
    """
    plain = blank_answers(text)
    if count < 2 or plain.count("\n") + 1 == count:
        return plain if count < 2 else blank_answers(NUMBERED_BLANK.sub("", text))
    stated = without_label(text)
    if len(NUMBERED_BLANK.findall(stated)) == count:
        words = [word.strip(" ;；,，、。\n") for word in NUMBERED_BLANK.split(stated) if word.strip()]
        return blank_answers("；".join(words)) if len(words) == count else plain
    for between in (r"[,，]", r"、", r"\s+"):
        words = [word.strip(" 。") for word in re.split(between, stated.strip()) if word.strip()]
        if len(words) == count:
            return blank_answers("；".join(words))
    return plain


def blank_answers(text: str) -> str:
    """A line a blank with accepted answers joined by "|", from 60；30 or 六十/60；30."""
    lines = [line for line in BETWEEN_BLANKS.split(without_label(text)) if line.strip()]
    accepted = [[word.strip() for word in BETWEEN_ACCEPTED.split(line) if word.strip()] for line in lines]
    return "\n".join("|".join(words) for words in accepted)


def _option_truth(place: int, options: tuple[str, ...]) -> bool | None:
    if not options:
        return place == 0
    return truth(options[place]) if is_judge_pair(options) else None
