"""Whether the numbers of a key stand in the articles cited (docs/rules.md, 题目编写规则 3). Pure.

Works on drafts and on views alike: both have type, stem, options, answer, explanation and children.
"""

import re
import unicodedata
from collections.abc import Iterator

from mingfa.bank.drafts import BLANK, CASE, JUDGE, SHORT
from mingfa.library.quantities import NUMBER, Quantity, bare_number, quantities

# What is reckoned from a limit, or a fact of the situation held against it, is named in this sentence.
RECKONED = re.compile(r"推算[:：]([^。\n]*)")
GAP = re.compile(r"\([\s_]*\)|\[\s*\]|【\s*】|_+")
FOLLOWING = re.compile(rf"(?:(?!{NUMBER}).){{0,4}}")


def figures_of_key(question) -> list[Quantity]:
    """The numbers, amounts, limits and dates that the right answer names, without those its explanation reckons.

    Right options, items in their order, right partners, right blanks, a true statement, the points of a 简答. What a
    wrong option or a false statement names counts for nothing. Sub-questions of a case bring their own.
    """
    if question.type == CASE:
        return list(dict.fromkeys(one for child in question.children for one in figures_of_key(child)))
    reckoned = [one for text in RECKONED.findall(question.explanation) for one in quantities(text)]
    return [one for one in dict.fromkeys(_named(question)) if one not in reckoned]


def _named(question) -> Iterator[Quantity]:
    if question.type == JUDGE:
        yield from quantities(question.stem) if question.answer == "T" else ()
    elif question.type == BLANK:
        yield from _in_blanks(question)
    elif question.type == SHORT:
        yield from quantities(question.answer)
    else:
        for text in dict.fromkeys(question.options[ord(letter) - 65] for letter in question.answer):
            whole = bare_number(text)
            yield from [whole] if whole else quantities(text)


def _in_blanks(question) -> Iterator[Quantity]:
    """Each accepted answer with the unit that stands behind its blank: （　）日 and 三十 make 三十日."""
    stem = unicodedata.normalize("NFKC", question.stem)
    units = [FOLLOWING.match(stem, gap.end())[0] for gap in GAP.finditer(stem)]
    for place, line in enumerate(question.answer.split("\n")):
        unit = units[place] if place < len(units) else ""
        for accepted in line.split("|"):
            alone = bare_number(accepted)
            yield from quantities(accepted + unit) or ([alone] if alone else [])
