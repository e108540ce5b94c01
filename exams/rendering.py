"""From a paper to HTML: one template rendered once per shape of question, then filled by joining strings.

Rendering 80 questions through the template engine costs more than the rest of the request together, so the
template is rendered once with place holders and the place holders are filled per sitting.
"""
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import groupby

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from mingfa.bank.models import QuestionType
from mingfa.bank.queries import VersionView
from mingfa.bank.types import KINDS, LETTERS, OPEN, RANKS
from mingfa.wording import marks

from .engine.correcting import Correction
from .engine.sheet import Sheet, shown_places, values_of
from .papers import LoadedPaper, versions_of

CHINESE_NUMBERS = "一二三四五六七八九十"
TRUE_FALSE = ("正确", "错误")
# Private-use characters: escaping leaves them alone and no question contains them (bank refuses control text).
_HOLDER = re.compile("\ue000([a-z0-9]+)\ue001")


def _holder(name: str) -> SafeString:
    return mark_safe(f"\ue000{name}\ue001")  # noqa: S308 - our own place holder


@lru_cache(maxsize=256)
def _skeleton(kind: str, size: int, inputs: int) -> tuple[str, ...]:
    """Literal text at even places, names of what to fill in at odd ones.

    Args:
        size: number of options; inputs: of blanks or prompts.
    """
    options = [
        {
            "letter": LETTERS[place],
            "token": _holder(f"ot{place}"),
            "text": _holder(f"ox{place}"),
            "checked": _holder(f"oc{place}"),
            "choices": [{"value": RANKS[at], "selected": _holder(f"os{place}x{at}")} for at in range(min(size, len(RANKS)))],
        }
        for place in range(size)
    ]
    fields = [
        {
            "value": _holder(f"iv{at}"),
            "prompt": _holder(f"ip{at}"),
            "choices": [
                {"token": one["token"], "text": one["text"], "selected": _holder(f"is{at}x{place}")}
                for place, one in enumerate(options)
            ],
        }
        for at in range(inputs)
    ]
    whole = {name: _holder(name) for name in ("number", "token", "stem", "marks", "state", "foot")}
    html = render_to_string("exams/_question.html", {
        "kind": kind, "label": QuestionType(kind).label, "shows": KINDS[kind].shows, "options": options, "inputs": fields,
        **whole,
    })  # fmt: skip
    return tuple(_HOLDER.split(html))


def plain_html(text: str) -> str:
    """Plain text as HTML: escaped, line breaks kept."""
    return escape(text).replace("\n", "<br>")


@lru_cache(maxsize=30_000)
def _texts(version_id: int) -> tuple[str, tuple[str, ...], tuple[str, ...]]:
    """Stem, options and what stands beside each input, as HTML."""
    view = versions_of([version_id])[version_id]
    beside = view.prompts
    if view.type == "blank":
        beside = ("",) * view.blanks
    elif view.type == "short":
        beside = ("",)
    return plain_html(view.stem), *(tuple(plain_html(text) for text in texts) for texts in (view.options, beside))


@lru_cache(maxsize=1000)
def _case(version_id: int) -> str:
    """What the sub-questions of a case are about."""
    return render_to_string("exams/_case.html", {"stem": mark_safe(_texts(version_id)[0])})  # noqa: S308 - escaped


@dataclass(frozen=True)
class Part:
    """The questions of one type that stand together. numbers: [{n: printed number as text, token}]."""

    title: str
    intro: str
    numbers: list[dict]


def parts_of(paper: LoadedPaper) -> list[Part]:
    """The parts of a paper in printed order, headed 一、单选题 and so on."""
    parts = []
    for kind, group in groupby(range(len(paper.items)), key=lambda at: "case" if paper.cases[at] else paper.kinds[at]):
        places = list(group)
        worth = {paper.items[place].marks for place in places}
        total = sum(paper.items[place].marks for place in places)
        each = f"每题 {marks(worth.pop())} 分，" if len(worth) == 1 else ""
        parts.append(
            Part(
                f"{CHINESE_NUMBERS[len(parts) % 10]}、{QuestionType(kind).label}",
                f"{len(places)} 题，{each}共 {marks(total)} 分",
                [{"n": str(place + 1), "token": paper.names.questions[place]} for place in places],
            )
        )
    return parts


def questions_html(paper: LoadedPaper, parts: Sequence[Part], sheet: Sheet) -> SafeString:
    """All questions under the heads of their parts, with what has been saved chosen."""
    out = []
    for part in parts:
        out.append(render_to_string("exams/_part.html", {"part": part}))
        case = None
        for place in (int(one["n"]) - 1 for one in part.numbers):
            if paper.cases[place] != case:
                case = paper.cases[place]
                out.append(_case(case))
            out.append(_question(paper, place, sheet))
    return mark_safe("".join(out))  # noqa: S308 - every text in it was escaped above


def _question(paper: LoadedPaper, place: int, sheet: Sheet) -> str:
    item, kind = paper.items[place], paper.kinds[place]
    stem, texts, beside = _texts(item.version_id)
    shown = TRUE_FALSE if kind == "judge" else [texts[original] for original in item.shown]
    answer = sheet.get(place, ("", 0))[0]
    values = {
        "number": str(place + 1),
        "token": paper.names.questions[place],
        "stem": stem,
        "marks": marks(item.marks),
        "state": "is-saved" if answer else "",
        "foot": "已保存" if answer else "未作答",
    }
    names = paper.names.options[place]
    for at, text in enumerate(shown):
        values[f"ot{at}"] = names[at]
        values[f"ox{at}"] = text
    if KINDS[kind].shows == "options":
        chosen = shown_places(item, kind, answer)
        for at in range(len(shown)):
            values[f"oc{at}"] = " checked" if at in chosen else ""
    else:
        _fill_in(values, kind, values_of(item, kind, answer, names), names, beside)
    pieces = list(_skeleton(kind, len(shown), len(beside)))
    pieces[1::2] = [values[name] for name in pieces[1::2]]
    return "".join(pieces)


def _fill_in(values: dict, kind: str, given: list[str], names: Sequence[str], beside: Sequence[str]) -> None:
    """What is chosen or written in the inputs of a question that has no options to tick."""
    if KINDS[kind].shows == "ranks":
        given = given or [""] * len(names)
        for at, rank in enumerate(given):
            values |= {f"os{at}x{k}": " selected" if rank == RANKS[k] else "" for k in range(min(len(names), len(RANKS)))}
        return
    for at, text in enumerate(beside):
        value = given[at] if at < len(given) else ""
        values[f"ip{at}"], values[f"iv{at}"] = text, escape(value)
        values |= {f"is{at}x{k}": " selected" if value == name else "" for k, name in enumerate(names)}


@dataclass(frozen=True)
class ReviewedOption:
    letter: str
    text: str
    chosen: bool
    correct: bool


@dataclass(frozen=True)
class Reviewed:
    """A question after marking, as its candidate may see it in full.

    given, expected: lines of a type without options to tick; case: what its sub-question is about, before the first.
    """

    number: int
    stem: SafeString
    kind: str
    full: Decimal
    mark: Decimal
    right: bool
    label: str
    case: SafeString
    given: list[str]
    expected: list[str]
    correction: str
    options: list[ReviewedOption]
    explanation: str
    citations: tuple


def review(paper: LoadedPaper, responses: Sequence, corrections: Mapping[int, Correction]) -> list[Reviewed]:
    """Every question of a marked sitting in printed order, options in the order the candidate saw.

    Args:
        corrections: those of the exam, by version; the first accepted answer is shown as the right one.
    """
    known = versions_of(item.version_id for item in paper.items)
    out, case = [], None
    for row in responses:
        item, kind = paper.items[row.place], paper.kinds[row.place]
        view: VersionView = known[item.version_id]
        before = paper.cases[row.place] if paper.cases[row.place] != case else None
        case = paper.cases[row.place]
        correction = corrections.get(item.version_id)
        shown = TRUE_FALSE if kind == "judge" else [view.options[original] for original in item.shown]
        options = []
        if KINDS[kind].shows == "options":
            key = correction.accepted[0] if correction and correction.accepted else view.answer
            chosen, correct = (shown_places(item, kind, answer) for answer in (row.answer, key))
            options = [ReviewedOption(LETTERS[at], text, at in chosen, at in correct) for at, text in enumerate(shown)]
        out.append(
            Reviewed(
                row.place + 1, mark_safe(plain_html(view.stem)), kind,  # noqa: S308 - escaped
                row.full, row.mark, row.mark == row.full, QuestionType(kind).label,
                mark_safe(_case(before) if before else ""),  # noqa: S308 - escaped
                given_lines(view, row.answer), expected_lines(view), _correction_words(correction), options,
                view.explanation, view.citations,
            )
        )  # fmt: skip
    return out


def given_lines(view: VersionView, answer: str) -> list[str]:
    """An answer to a question without options to tick, as it is read."""
    if not answer:
        return []
    if view.type == "order":
        ranked = sorted((rank, text) for rank, text in zip(answer, view.options, strict=True) if rank != OPEN)
        return [f"{rank}. {text}" for rank, text in ranked]
    if view.type == "match":
        return _pair_lines(view, answer)
    return answer.split("\n") if view.type in ("blank", "short") else []


def expected_lines(view: VersionView) -> list[str]:
    """The key of such a question, as it is read."""
    if view.type == "blank":
        return [" 或 ".join(line.split("|")) for line in view.answer.split("\n")]
    if view.type == "order":
        return [f"{at}. {view.options[LETTERS.index(letter)]}" for at, letter in enumerate(view.answer, 1)]
    if view.type == "match":
        return _pair_lines(view, view.answer)
    return view.answer.split("\n") if view.type == "short" else []


def _correction_words(correction: Correction | None) -> str:
    if correction is None:
        return ""
    if correction.everybody:
        return "这道题已更正：全部给分。"
    return "这道题的答案已更正。" if len(correction.accepted) == 1 else "这道题已更正：不止一个答案算对。"


def _pair_lines(view: VersionView, answer: str) -> list[str]:
    return [
        f"{prompt} — {view.options[LETTERS.index(letter)] if letter != OPEN else '没有选'}"
        for prompt, letter in zip(view.prompts, answer, strict=False)
    ]


def by_type(items: Sequence[Reviewed]) -> list[dict]:
    """For each question type in printed order: label, right, count, mark and full marks."""
    out = []
    for kind in dict.fromkeys(item.kind for item in items):
        same = [item for item in items if item.kind == kind]
        out.append({
            "label": QuestionType(kind).label,
            "right": sum(item.right for item in same),
            "count": len(same),
            "mark": marks(sum(item.mark for item in same)),
            "full": marks(sum(item.full for item in same)),
        })  # fmt: skip
    return out


def forget() -> None:
    """Drop rendered texts: for tests, whose databases give the same ids to other rows."""
    _texts.cache_clear()
    _case.cache_clear()
