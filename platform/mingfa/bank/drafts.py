"""A question before it is saved, and what must be right with it. Pure: no Django, no database."""

import hashlib
import re
import unicodedata
from dataclasses import dataclass, field, replace
from decimal import Decimal

from mingfa.library.citations import CitationRef

SINGLE, MULTIPLE, JUDGE, BLANK = "single", "multiple", "judge", "blank"
ORDER, MATCH, SHORT, CASE = "order", "match", "short", "case"
CHOICES = (SINGLE, MULTIPLE)
WITH_OPTIONS = (*CHOICES, ORDER, MATCH)
TYPES = (SINGLE, MULTIPLE, JUDGE, BLANK, ORDER, MATCH, SHORT, CASE)
EASY, MEDIUM, HARD = 1, 2, 3
LARGEST_MARKS = Decimal("9999.9")
MOST_OPTIONS = 26
MOST_RANKED = 9  # ranks are single digits
# Control characters and text direction marks have no business in a question (a NUL even stops the database);
# U+E000 and U+E001 mark places in the skeleton of a paper.
UNWANTED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ue000\ue001]")
# Whatever a blank in the stem looks like, it is the same question: （　）, ( ), ____ .
BLANK_SHAPES = re.compile(r"\(\)|\[\]|【】|_+")


@dataclass(frozen=True)
class QuestionDraft:
    """One wording with its key, as an importer, a form or a fixture hands it in.

    `answer` is canonical as in QuestionVersion: "AC" for choices, "T"/"F" for 判断, a line a blank with
    accepted answers joined by "|", the letters in the right order for 排序, the letter of the partner of each of the
    `prompts` for 配对, a line a point for 简答, "" for 案例 (its `children` carry the keys).
    `difficulty` is 1 (易) to 3 (难), None where the source does not say. `source` is where it was read
    (file, sheet, row). `confidence` is 1.0 where everything was stated and less where something was
    inferred; a missing key is an error, never a lower confidence.
    """

    type: str
    stem: str
    options: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    answer: str = ""
    explanation: str = ""
    difficulty: int | None = None
    topic: str = ""
    marks: Decimal | None = None
    citations: tuple[CitationRef, ...] = ()
    source: str = ""
    confidence: float = 1.0
    children: tuple["QuestionDraft", ...] = field(default=())
    beliefs: tuple[tuple[str, str], ...] = ()  # (wrong answer as its letter, name of the belief behind it)


@dataclass(frozen=True)
class Problem:
    """Why a draft cannot be saved: an import error code, the part it is about, the facts of its sentence."""

    code: str
    part: str
    facts: tuple[str, ...] = ()


class BadDraft(ValueError):
    """A draft that would make a question nobody can answer or mark. Carries its `problems`."""

    def __init__(self, problems: list[Problem]):
        super().__init__(", ".join(problem.code for problem in problems))
        self.problems = problems


def tidy(draft: QuestionDraft) -> QuestionDraft:
    """The draft with line ends and outer blanks put right, and choice letters sorted."""
    answer = _plain(draft.answer)
    if draft.type in CHOICES:
        answer = "".join(sorted(set(answer)))
    elif draft.type == BLANK:
        # Each line is a blank, an empty one too: stripping it would give its answer to the blank before.
        answer = "\n".join(_plain(line) for line in draft.answer.splitlines())
    return replace(
        draft,
        stem=_plain(draft.stem),
        options=tuple(_plain(option) for option in draft.options),
        prompts=tuple(_plain(prompt).replace("\n", " ") for prompt in draft.prompts),
        answer=answer,
        explanation=_plain(draft.explanation),
        topic=_plain(draft.topic),
        citations=tuple(dict.fromkeys(draft.citations)),
        children=tuple(tidy(child) for child in draft.children),
    )


def problems(draft: QuestionDraft) -> list[Problem]:
    """Everything that keeps a draft out of a bank, in the order of its parts (domain guide §9.2)."""
    if draft.type not in TYPES:
        return [Problem("unknown_type", "type", (draft.type,))]
    found = [] if draft.stem.strip() else [Problem("empty_stem", "stem")]
    if draft.type in CHOICES:
        found += _choice_problems(draft)
    elif draft.type in (ORDER, MATCH):
        found += _option_problems(draft) + (_order_problems(draft) if draft.type == ORDER else _match_problems(draft))
    elif draft.type == JUDGE:
        found += _judge_problems(draft)
    elif draft.type == CASE:
        found += [Problem("case_in_case", "type") for child in draft.children if child.type == CASE]
        found += [problem for child in draft.children for problem in problems(child)]
        found += [] if draft.children else [Problem("no_answer", "answer")]
    elif not all(line.strip(" |") for line in draft.answer.split("\n")):
        found.append(Problem("no_answer", "answer"))
    return found + _belief_problems(draft)


def require_good(draft: QuestionDraft) -> QuestionDraft:
    """The tidied draft. Raises BadDraft with everything that is wrong with it."""
    draft = tidy(draft)
    if found := problems(draft):
        raise BadDraft(found)
    return draft


def stem_hash(stem: str) -> str:
    """SHA-256 of the folded stem: equal for stems that differ only in width, white space or blanks."""
    folded = re.sub(r"\s", "", unicodedata.normalize("NFKC", stem))
    return hashlib.sha256(BLANK_SHAPES.sub("()", folded).encode()).hexdigest()


def draft_hash(draft: QuestionDraft) -> str:
    """The hash by which two questions are the same: of the stem, and of the sub-questions' stems below a 案例."""
    return stem_hash("\n".join([draft.stem, *(child.stem for child in draft.children)]))


def letters(options: tuple[str, ...] | list[str]) -> str:
    """The letters of so many options: "ABCD"."""
    return "".join(chr(65 + place) for place in range(len(options)))


def same_key(one, other) -> bool:
    """Whether two questions have the same right answers, compared by wording where they have options; those of a 案例
    sub-question by sub-question. Drafts and views alike."""
    same = key_words(one.type, one.options, one.answer) == key_words(other.type, other.options, other.answer)
    children = zip(one.children, other.children, strict=False)
    return same and len(one.children) == len(other.children) and all(same_key(a, b) for a, b in children)


def key_words(type: str, options: tuple[str, ...], answer: str) -> frozenset[str]:
    """The right answers as folded words, so that two questions compare equal whatever the option order."""
    if type in WITH_OPTIONS:
        words = [options[ord(letter) - 65] for letter in answer if 0 <= ord(letter) - 65 < len(options)]
        if type not in CHOICES:
            words = [f"{place} {word}" for place, word in enumerate(words)]
    else:
        words = answer.split("\n")
    return frozenset(re.sub(r"\s", "", unicodedata.normalize("NFKC", word)) for word in words)


def wrong_answers(type: str, options: tuple[str, ...], answer: str) -> tuple[str, ...]:
    """The wrong answers that one letter tells, which can carry a belief: of 单选, 多选 and 判断."""
    every = "TF" if type == JUDGE else letters(options) if type in CHOICES else ""
    return tuple(letter for letter in every if letter not in answer)


def right_answers(draft: QuestionDraft) -> tuple[str, ...]:
    """The right answers as texts; none for 判断 and 案例, whose stems say everything."""
    if draft.type in WITH_OPTIONS:
        return tuple(draft.options[ord(letter) - 65] for letter in draft.answer if 0 <= ord(letter) - 65 < len(draft.options))
    return () if draft.type in (JUDGE, CASE) else tuple(re.split(r"[|\n]", draft.answer))


def draft_of_view(view, *, topic: str = "", marks: Decimal | None = None, extra: tuple[CitationRef, ...] = ()) -> QuestionDraft:
    """The wording of a version (queries.VersionView) as a draft again, with `extra` citations added."""
    return QuestionDraft(
        type=view.type, stem=view.stem, options=view.options, prompts=view.prompts, answer=view.answer,
        explanation=view.explanation, difficulty=view.difficulty, topic=topic, marks=marks, source="页面录入",
        citations=(*view.citations, *extra), children=tuple(draft_of_view(child) for child in view.children),
    )  # fmt: skip


def _belief_problems(draft: QuestionDraft) -> list[Problem]:
    wrong = wrong_answers(draft.type, draft.options, draft.answer)
    return [Problem("belief_of_no_wrong_answer", "answer", (answer,)) for answer, _ in draft.beliefs if answer not in wrong]


def _filled(draft: QuestionDraft) -> list[int]:
    return [place for place, option in enumerate(draft.options) if option.strip()]


def _order_problems(draft: QuestionDraft) -> list[Problem]:
    if not 2 <= len(draft.options) <= MOST_RANKED:
        return [Problem("order_count", "options", (str(len(draft.options)), str(MOST_RANKED)))]
    return [] if sorted(draft.answer) == list(letters(draft.options)) else [Problem("bad_order", "answer", (draft.answer,))]


def _match_problems(draft: QuestionDraft) -> list[Problem]:
    if len(draft.prompts) < 2 or not all(draft.prompts):
        return [Problem("no_prompts", "prompts")]
    if len(draft.answer) != len(draft.prompts):
        return [Problem("no_answer", "answer")]
    outside = [letter for letter in draft.answer if letter not in letters(draft.options)]
    return [Problem("answer_not_in_options", "answer", ("".join(outside), str(len(draft.options))))] if outside else []


def _choice_problems(draft: QuestionDraft) -> list[Problem]:
    filled, found = _filled(draft), _option_problems(draft)
    outside = [letter for letter in draft.answer if ord(letter) - 65 not in filled]
    if not draft.answer:
        found.append(Problem("no_answer", "answer"))
    elif outside:
        found.append(Problem("answer_not_in_options", "answer", ("".join(outside), str(len(filled)))))
    elif draft.type == SINGLE and len(draft.answer) > 1:
        found.append(Problem("single_with_many_answers", "answer", (draft.answer,)))
    return found


def _option_problems(draft: QuestionDraft) -> list[Problem]:
    filled, found = _filled(draft), []
    if filled and filled[-1] + 1 != len(filled):
        missing = next(place for place in range(filled[-1]) if place not in filled)
        found.append(Problem("option_letter_gap", "options", (chr(65 + missing),)))
    folded = [re.sub(r"\s", "", unicodedata.normalize("NFKC", draft.options[place])) for place in filled]
    for place, option in zip(filled, folded, strict=True):
        first = filled[folded.index(option)]
        if first != place:
            found.append(Problem("duplicate_options", "options", (chr(65 + first), chr(65 + place))))
            break
    return found


def _judge_problems(draft: QuestionDraft) -> list[Problem]:
    if not draft.answer:
        return [Problem("no_answer", "answer")]
    if draft.answer not in ("T", "F"):
        return [Problem("bad_judge_answer", "answer", (draft.answer,))]
    return []


def _plain(text: str) -> str:
    return UNWANTED.sub("", re.sub(r"\r\n?", "\n", text)).strip()
