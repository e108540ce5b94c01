"""One group of pieces into one raw question: stem, options, answer, and what stands beside them."""

import re
from dataclasses import replace

from mingfa.bank.drafts import BLANK, CASE, CHOICES, MATCH, SHORT
from mingfa.bank.importing.answers import choice_key, choice_letters, judge_key
from mingfa.bank.importing.chains import Options, find_options
from mingfa.bank.importing.grouping import Group, split_case
from mingfa.bank.importing.labels import Piece
from mingfa.bank.importing.results import Doubt, Place, RawQuestion
from mingfa.bank.importing.stems import LETTERS_IN_BRACKETS
from mingfa.bank.importing.strong import marked_letters, with_lines
from mingfa.bank.importing.tags import take_tags
from mingfa.bank.importing.units import SHAPES
from mingfa.bank.importing.unlabelled import (
    BARE_JUDGEMENT,
    CIRCLES,
    NO_LETTERS,
    bare_judgement,
    bare_lines,
    circled_options,
)
from mingfa.bank.importing.words import marks_each, marks_of_gaps, type_named

GLUED = Doubt(0.95, "几个选项粘在一行，已按字母拆开")
CONTINUED = "选项 {0} 接到下一行，已并成一句"
LOOSE = Doubt(0.9, "答案后面的文字归入了解析")
ANSWER_FIRST = Doubt(0.9, "答案写在选项前面")
PICTURE = Doubt(0.7, "题里有图片或公式，没有读入")
STRONG = Doubt(0.6, "答案只用{0}标出，请核对")
KEY_BEHIND = Doubt(0.6, "答案取自最后一个选项后面的括号，请核对")
LAST_KEY = re.compile(r"[(（]\s*([A-Ha-h](?:\s*(?:[、,，;；]\s*)?[A-Ha-h])*)\s*[)）]\s*[。.]?$")
ANSWER_POINT = re.compile(r"\n[ \t\u3000]*[(（]?(\d{1,2})[ \t]*[.．、)）](?!\d)")
NOT_OPTIONS = Doubt(0.8, "题干里有像选项的字母，题型不是选择题，已留在题干里")
CASE_WITHOUT_PARTS = Doubt(0.7, "案例没有分小题，按简答题处理")


def read_group(group: Group, hints: tuple[str, ...], file: str) -> RawQuestion:
    """The raw question of a group. hints: what may name its type beyond its own head, nearest first."""
    # 连线题 in running text is what we call 配对题.
    around = (group.head.replace("连线", "配对"), *hints) if group.head else hints
    group = split_case(group)
    if group.children:
        return _read_case(group, around, file)
    return _read_one(group, around, file)


def _read_case(group: Group, hints: tuple[str, ...], file: str) -> RawQuestion:
    whole = _read_one(replace(group, children=[]), hints, file, plain=True)
    children = _asked_in_writing(_with_own_answers([_read_one(child, (), file) for child in group.children]))
    lines = [piece.line for one in (group, *group.children) for piece in one.pieces]
    place = replace(_place(lines, group, file), number=whole.place.number)
    return replace(
        whole,
        place=place,
        type_tag=whole.type_tag if type_named(whole.type_tag) == CASE else "案例题",
        children=children,
        excerpt=_excerpt(lines),
    )


def _with_own_answers(children: list[RawQuestion]) -> list[RawQuestion]:
    """问题 1. 2. and below them 参考答案 1. 2.: each gets its own, where the numbers agree."""
    if len(children) < 2 or any(child.answer for child in children[:-1]):
        return children
    points = [part.strip() for part in ANSWER_POINT.split("\n" + children[-1].answer)]
    numbers = [int(number) for number in ANSWER_POINT.findall("\n" + children[-1].answer)]
    if points[0] or numbers != list(range(1, len(children) + 1)):
        return children
    return [replace(child, answer=answer) for child, answer in zip(children, points[2::2], strict=True)]


def _asked_in_writing(children: list[RawQuestion]) -> tuple[RawQuestion, ...]:
    """Questions of a 案例 that say no type and have words for an answer are 简答."""
    return tuple(
        replace(child, type_tag="简答题")
        if not child.type_tag and not child.options and len(child.answer) > 1 and not judge_key(child.answer)[0]
        and not choice_key(child.answer)[0] and "__" not in child.stem
        else child
        for child in children
    )  # fmt: skip


def _read_one(group: Group, hints: tuple[str, ...], file: str, *, plain: bool = False) -> RawQuestion:
    fields = _fields(group, hints)
    lines = [piece.line for piece in group.pieces]
    doubts = [*group.doubts, *fields["doubts"]]
    body, shape = fields["body"], fields["body"].translate(SHAPES)
    type = type_named(fields["type"]) or _hinted(hints)
    if not plain and type not in CHOICES:
        tagged = take_tags(body.split("\n")[0] if "\n" in body else body)
        type = type_named(tagged.type) or type
    answer = fields["answer"]
    if type == BLANK and not answer:
        body = with_lines(body, fields["strong"])
        shape = body.translate(SHAPES)
    if not plain and not answer and (found := bare_judgement(body, type)):
        (body, answer), shape = found, found[0].translate(SHAPES)
        doubts.append(BARE_JUDGEMENT)
    options = None if plain else find_options(body, shape)
    listed: tuple[str, ...] = ()
    if not plain and not options and (found := circled_options(body, answer)):
        body, listed, answer = found
        doubts.append(CIRCLES)
    elif not plain and not options and (found := bare_lines(body, answer, type)):
        body, listed = found
        doubts.append(NO_LETTERS)
    if options and type in (SHORT, BLANK, CASE) and not type_named(fields["type"]):
        doubts.append(NOT_OPTIONS)
        options = None
    stem = body[: options.start] if options else body
    tags = take_tags(stem)
    if any(line.picture for line in lines):
        doubts.append(PICTURE)
    if options:
        doubts += _option_doubts(options)
        answer, found = (answer, None) if answer else _from_type(options, fields["strong"])
        if not answer and (behind := _key_behind(options, stem)):
            (options, answer), found = behind, KEY_BEHIND
        doubts += [found] if found else []
    prompts = ()
    if type == MATCH or type_named(tags.type) == MATCH:
        prompts, kept = _prompts(tags.stem)
        tags = replace(tags, stem=kept)
    head = hints[0] if hints else ""
    marks = fields["marks"] or tags.marks or marks_of_gaps(head, tags.stem) or marks_each(head)
    if type == CASE and not plain:
        doubts.append(CASE_WITHOUT_PARTS)
    return RawQuestion(
        place=_place(lines, group, file),
        stem=tags.stem,
        type_tag=fields["type"] or tags.type or ("简答题" if type == CASE and not plain else ""),
        hints=hints,
        options=options.texts if options else listed,
        prompts=prompts,
        answer=answer,
        explanation=fields["explanation"],
        difficulty=fields["difficulty"] or tags.difficulty,
        topic=fields["topic"],
        marks=marks or "",
        doubts=tuple(dict.fromkeys(doubts)),
        excerpt=_excerpt(lines),
        rivals=fields["rivals"],
    )


def _hinted(hints: tuple[str, ...]) -> str | None:
    return next((type for type in map(type_named, hints) if type), None)


def _fields(group: Group, hints: tuple[str, ...]) -> dict:
    """The words of each part. Plain lines belong to the part before them, with a doubt where that is a guess."""
    written = _hinted(hints) in (SHORT, BLANK, CASE)
    texts: dict[str, list[str]] = {
        "answer": [],
        "explanation": [],
        "difficulty": [],
        "topic": [],
        "marks": [],
        "type": [],
    }
    body, strong, doubts, rivals = "", [], [], []
    part, before = "body", None
    for piece in group.pieces:
        text = piece.text.strip()
        if piece.part in ("", "stem", "case"):
            into = part if piece.part == "" else "body"
            if into == "answer" and not written and not _is_open(texts["answer"]):
                into = "explanation"
                if _is_options(piece) and find_options(body, body.translate(SHAPES)) is None:
                    into, part = "body", "body"
                    doubts.append(ANSWER_FIRST)
                elif (
                    texts["explanation"]
                    or find_options(body, body.translate(SHAPES))
                    or judge_key(texts["answer"][0])[0]
                ):
                    doubts.append(LOOSE)
                else:
                    into = "answer"
            if into == "body":
                glue = "" if before is piece.line or not body else "\n"
                strong += [(len(body + glue) + a, len(body + glue) + b, how) for a, b, how in _strong_in(piece)]
                body += glue + piece.text
                part = "body"
            elif text:
                texts[into].append(text)
            before = piece.line
            continue
        before = piece.line
        if piece.part == "foreign":
            # What somebody once answered is no part of the question.
            continue
        if piece.part == "answer" and _stated(texts["answer"]):
            if part == "explanation" or not _is_key(text):
                texts["explanation"].append(piece.label + text)
                part = "explanation"
            elif text != texts["answer"][0]:
                rivals.append(text)
            continue
        texts[piece.part].append(text)
        part = piece.part if piece.part in ("answer", "explanation") else part
    joined = {name: "\n".join(one for one in found if one) for name, found in texts.items()}
    return joined | {"body": body, "strong": strong, "doubts": doubts, "rivals": tuple(rivals)}


def _is_options(piece: Piece) -> bool:
    return re.match(r"\s*[(\[]?A[.、:)\]\s]", piece.shape) is not None


def _is_open(answer: list[str]) -> bool:
    """An answer label with nothing behind it takes the next line."""
    return not any(answer)


def _stated(answer: list[str]) -> bool:
    return any(answer)


def _is_key(text: str) -> bool:
    return bool(choice_key(text)[0] or judge_key(text)[0])


def _strong_in(piece: Piece) -> list[tuple[int, int, str]]:
    end = piece.start + len(piece.text)
    return [
        (max(first, piece.start) - piece.start, min(last, end) - piece.start, how)
        for first, last, how in piece.line.strong
        if first < end and last > piece.start
    ]


def _from_type(options: Options, strong: list) -> tuple[str, Doubt | None]:
    letters, how = marked_letters(options, strong)
    return (letters, replace(STRONG, note=STRONG.note.format(how))) if letters else ("", None)


def _key_behind(options: Options, stem: str) -> tuple[Options, str] | None:
    """(options, letters) of a line that ends with its key: D.签字之日 （A）. Not where the stem holds one."""
    found = LAST_KEY.search(options.texts[-1])
    letters = choice_letters(found[1]) if found else None
    if not letters or ord(letters[-1]) - 65 >= len(options.texts) or LETTERS_IN_BRACKETS.search(stem):
        return None
    return replace(options, texts=(*options.texts[:-1], options.texts[-1][: found.start()].rstrip())), letters


def _option_doubts(options: Options) -> list[Doubt]:
    found = [GLUED] if options.glued else []
    if options.continued:
        found.append(Doubt(0.9, CONTINUED.format("、".join(options.continued))))
    return found


PROMPT = re.compile(r"(?:^|\n|(?<=\s))\s*[(（]?(\d{1,2})[.．、)）]\s*")


def _prompts(stem: str) -> tuple[tuple[str, ...], str]:
    """(prompts, stem without them) of a 配对: its list 1. 2. 3. below the stem."""
    cuts = []
    for match in PROMPT.finditer(stem):
        if int(match[1]) == len(cuts) + 1:
            cuts.append(match)
    if len(cuts) < 2:
        return (), stem
    ends = [match.start() for match in cuts[1:]] + [len(stem)]
    return tuple(stem[match.end() : end].strip() for match, end in zip(cuts, ends, strict=True)), stem[
        : cuts[0].start()
    ].strip()


def _place(lines: list, group: Group, file: str) -> Place:
    first, last = lines[0], lines[-1]
    number = str(group.number) if group.number else ""
    return Place(file, first.sheet, first.number, unit=first.unit, last=last.number, number=number)


def _excerpt(lines: list) -> str:
    """The words as the file has them, each source line once."""
    seen: dict[int, str] = {}
    for line in lines:
        seen.setdefault(id(line), line.raw or line.text)
    return "\n".join(seen.values())[:4000]
