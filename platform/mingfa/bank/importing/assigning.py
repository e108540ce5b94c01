"""Answers of a block to their questions: by number, within the section where numbers begin anew."""

from collections import defaultdict
from dataclasses import replace

from mingfa.bank.importing.keys import Key, KeyGroup, holds_points
from mingfa.bank.importing.labels import cut_line
from mingfa.bank.importing.results import Doubt, Finding, RawQuestion
from mingfa.bank.importing.units import Line
from mingfa.bank.importing.words import type_named
from mingfa.spreadsheets import SheetError

POINTS = Doubt(0.7, "文末的答案里有编号，请核对每个答案到哪里为止")
UNREAD = "这一行像是答案，但答案的个数和题号对不上，没有采用。请核对后补上。"
NOBODY = "答案“{0}”没有找到对应的题。请核对题号。"
UNSURE = "文末答案和题目对不上：有几题同为第 {0} 题，分不清是哪一题的。请在答案前写上题型。"


def assign_keys(
    raws: list[RawQuestion], sections: list[int], starts: list[int], groups: list[KeyGroup]
) -> tuple[list[RawQuestion], list[SheetError]]:
    """(questions with the answers of the blocks, findings about answers nobody could be given).

    A key goes to the one question it can mean; where two are possible none gets it. A question that has an answer
    of its own keeps it and gets the other as a rival. sections, starts: of each question, the number of its section
    and its place among the lines; a block answers what stands between the block before it and itself.
    """
    raws, errors = list(raws), []
    first = 0
    homes = []
    for behind in dict.fromkeys(group.behind for group in groups):
        block = [group for group in groups if group.behind == behind]
        near = [place for place, start in enumerate(starts) if first <= start < behind]
        homes += _homes(raws, sections, near, block)
        first = behind
    for group, home in zip(groups, homes, strict=True):
        type = type_named(group.head)
        doubts = (POINTS,) if holds_points(group) else ()
        errors += [_finding(line, "unread_answers", UNREAD) for line in group.broken]
        for key in group.keys:
            places = home.get(key.number, [])
            if len(places) == 1 and not _is_other_type(raws[places[0]], type):
                raws[places[0]] = _with_key(raws[places[0]], key, doubts)
            else:
                said = UNSURE.format(key.number) if len(places) > 1 else NOBODY.format(f"{key.number}.{key.text[:20]}")
                errors.append(_finding(key.line, "answer_without_question", said))
    return raws, errors


def _homes(
    raws: list[RawQuestion], sections: list[int], near: list[int], groups: list[KeyGroup]
) -> list[dict[int, list[int]]]:
    """For each group of keys of one block, number → places of the questions it may mean."""
    everywhere = _by_number(near, raws)
    if all(len(places) == 1 for places in everywhere.values()):
        return [everywhere] * len(groups)
    by_section: dict[int, list[int]] = defaultdict(list)
    for place in near:
        by_section[sections[place]].append(place)
    parts = list(by_section.values())
    homes = []
    for index, group in enumerate(groups):
        type = type_named(group.head)
        same = [part for part in parts if type and _type_of(raws[part[0]]) == type]
        if len(same) == 1:
            homes.append(_by_number(same[0], raws))
        elif len(groups) == len(parts) and (not type or not same):
            homes.append(_by_number(parts[index], raws))
        else:
            homes.append(everywhere)
    return homes


def _type_of(raw: RawQuestion) -> str | None:
    return type_named(raw.hints[0]) if raw.hints else None


def _is_other_type(raw: RawQuestion, type: str | None) -> bool:
    """Keys under 多选题 are not for a question that stands under 单选题."""
    own = _type_of(raw)
    return bool(type and own and own != type)


def _by_number(places, raws: list[RawQuestion]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for place in places:
        if raws[place].place.number:
            found[int(raws[place].place.number)].append(place)
    return found


def _with_key(raw: RawQuestion, key: Key, doubts: tuple[Doubt, ...]) -> RawQuestion:
    raw = replace(raw, doubts=(*raw.doubts, *doubts))
    parts = {"answer": [], "explanation": []}
    for number, words in enumerate(key.text.split("\n")):
        part = "answer" if number == 0 or not parts["explanation"] else "explanation"
        for piece in cut_line(Line(0, words.strip())):
            part = piece.part if piece.part in parts else part
            parts[part].append(piece.text.strip())
    answer = "\n".join(filter(None, parts["answer"]))
    excerpt = f"{raw.excerpt}\n{key.line.raw or key.line.text}"
    explanation = "\n".join(filter(None, (raw.explanation, *parts["explanation"])))
    if raw.answer:
        return replace(raw, rivals=(*raw.rivals, answer), explanation=explanation, excerpt=excerpt)
    return replace(raw, answer=answer, explanation=explanation, excerpt=excerpt)


def _finding(line: Line, code: str, message: str) -> Finding:
    return Finding(line.sheet, line.number, None, code, message, unit=line.unit)
