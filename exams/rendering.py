"""From a paper to HTML: one template rendered once per shape of question, then filled by joining strings.

Rendering 80 questions through the template engine costs more than the rest of the request together, so the
template is rendered once with place holders and the place holders are filled per sitting.
"""
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import groupby

from django.template.loader import render_to_string
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from mingfa.bank.models import QuestionType
from mingfa.bank.queries import VersionView
from mingfa.wording import marks

from .engine.sheet import LETTERS, Sheet, shown_places
from .papers import LoadedPaper, versions_of

CHINESE_NUMBERS = "一二三四五六七八九十"
TRUE_FALSE = ("正确", "错误")
# Private-use characters: escaping leaves them alone and no question contains them (bank refuses control text).
_HOLDER = re.compile("\ue000([a-z]+[0-9]*)\ue001")


def _holder(name: str) -> SafeString:
    return mark_safe(f"\ue000{name}\ue001")  # noqa: S308 - our own place holder


@lru_cache(maxsize=64)
def _skeleton(kind: str, size: int) -> tuple[str, ...]:
    """Literal text at even places, names of what to fill in at odd ones."""
    options = [
        {
            "letter": LETTERS[place],
            "token": _holder(f"ot{place}"),
            "text": _holder(f"ox{place}"),
            "checked": _holder(f"oc{place}"),
            "chosen": _holder(f"oh{place}"),
        }
        for place in range(size)
    ]
    whole = {name: _holder(name) for name in ("number", "token", "stem", "marks", "state", "foot")}
    html = render_to_string("exams/_question.html", {"kind": kind, "options": options, **whole})
    return tuple(_HOLDER.split(html))


def plain_html(text: str) -> str:
    """Plain text as HTML: escaped, line breaks kept."""
    return escape(text).replace("\n", "<br>")


@lru_cache(maxsize=30_000)
def _texts(version_id: int) -> tuple[str, tuple[str, ...]]:
    view = versions_of([version_id])[version_id]
    return plain_html(view.stem), tuple(plain_html(text) for text in view.options)


@dataclass(frozen=True)
class Part:
    """The questions of one type that stand together. numbers: [{n: printed number as text, token}]."""

    title: str
    intro: str
    numbers: list[dict]


def parts_of(paper: LoadedPaper) -> list[Part]:
    """The parts of a paper in printed order, headed 一、单选题 and so on."""
    parts = []
    for _, group in groupby(range(len(paper.items)), key=lambda place: paper.kinds[place]):
        places = list(group)
        worth = {paper.items[place].marks for place in places}
        total = sum(paper.items[place].marks for place in places)
        each = f"每题 {marks(worth.pop())} 分，" if len(worth) == 1 else ""
        parts.append(
            Part(
                f"{CHINESE_NUMBERS[len(parts) % 10]}、{QuestionType(paper.kinds[places[0]]).label}",
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
        out.extend(_question(paper, int(one["n"]) - 1, sheet) for one in part.numbers)
    return mark_safe("".join(out))  # noqa: S308 - every text in it was escaped above


def _question(paper: LoadedPaper, place: int, sheet: Sheet) -> str:
    item, kind = paper.items[place], paper.kinds[place]
    stem, texts = _texts(item.version_id)
    shown = TRUE_FALSE if kind == "judge" else [texts[original] for original in item.shown]
    answer = sheet.get(place, ("", 0))[0]
    chosen = shown_places(item, kind, answer)
    values = {
        "number": str(place + 1),
        "token": paper.names.questions[place],
        "stem": stem,
        "marks": marks(item.marks),
        "state": "is-saved" if answer else "",
        "foot": "已保存" if answer else "未作答",
    }
    for at, text in enumerate(shown):
        values[f"ot{at}"] = paper.names.options[place][at]
        values[f"ox{at}"] = text
        values[f"oc{at}"] = " checked" if at in chosen else ""
        values[f"oh{at}"] = " is-chosen" if at in chosen else ""
    pieces = list(_skeleton(kind, len(shown)))
    pieces[1::2] = [values[name] for name in pieces[1::2]]
    return "".join(pieces)


@dataclass(frozen=True)
class ReviewedOption:
    letter: str
    text: str
    chosen: bool
    correct: bool


@dataclass(frozen=True)
class Reviewed:
    """A question after marking, as its candidate may see it in full."""

    number: int
    stem: SafeString
    kind: str
    full: Decimal
    mark: Decimal
    right: bool
    options: list[ReviewedOption]
    explanation: str
    citations: tuple


def review(paper: LoadedPaper, responses: Sequence) -> list[Reviewed]:
    """Every question of a marked sitting in printed order, options in the order the candidate saw."""
    known = versions_of(item.version_id for item in paper.items)
    out = []
    for row in responses:
        item, kind = paper.items[row.place], paper.kinds[row.place]
        view: VersionView = known[item.version_id]
        shown = TRUE_FALSE if kind == "judge" else [view.options[original] for original in item.shown]
        chosen, correct = (shown_places(item, kind, answer) for answer in (row.answer, view.answer))
        options = [
            ReviewedOption(LETTERS[at], text, at in chosen, at in correct) for at, text in enumerate(shown)
        ]
        out.append(
            Reviewed(
                row.place + 1, mark_safe(plain_html(view.stem)), kind,  # noqa: S308 - escaped
                row.full, row.mark, row.mark == row.full, options,
                view.explanation, view.citations,
            )
        )  # fmt: skip
    return out


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
