r"""GIFT, Moodle's text format. Rules: Moodle documentation “GIFT format” and the behaviour of its own importer.

A backslash takes the meaning off : # = { } ~ and \; \n is a line break inside a text; an empty line ends a question.
Tags stand in a comment above it, as Moodle writes them: // [tag:难度：易].
"""

import re
from decimal import Decimal, InvalidOperation

from mingfa.bank.drafts import BLANK, CASE, JUDGE, MATCH, MULTIPLE, ORDER, SHORT, SINGLE, QuestionDraft, letters
from mingfa.bank.exchange.choices import weighted_choice
from mingfa.bank.exchange.details import by_letters, details_from, fields_from, fields_of, named, stated_type, tags_of
from mingfa.bank.exchange.markup import text_of_html
from mingfa.bank.exchange.points import joined_points, split_points
from mingfa.bank.exchange.results import Exchanged, Found, found, unreadable, unsupported
from mingfa.bank.importing.results import Place

TYPES = (SINGLE, MULTIPLE, JUDGE, BLANK, ORDER, MATCH, SHORT, CASE)
ESCAPED = re.compile(r"\\([\\:#={}~n])")
# Stand-ins while a question is taken apart: code points that text never holds.
STAND_INS = {sign: chr(0xFDD0 + place) for place, sign in enumerate("\\:#={}~n")}
BACK = {ord(stand_in): "\n" if sign == "n" else sign for sign, stand_in in STAND_INS.items()}
RESERVED = {ord(sign): f"\\{sign}" for sign in "\\:#={}~"} | {ord("\n"): "\\n"}
TAG = re.compile(r"\[tag:((?:\\\\|\\\]|[^\]])+)\]")
FORMAT = re.compile(r"^\s*\[(html|moodle|plain|markdown)\]", re.IGNORECASE)
TITLE = re.compile(r"^\s*::(.*?)::", re.DOTALL)
WEIGHT = re.compile(r"^\s*%(-?\d{1,3}(?:\.\d+)?)%")
CHOICE = re.compile(r"([=~])([^=~]*)")
TRUE_FALSE = re.compile(r"^\s*(TRUE|FALSE|T|F)\s*(?:#.*)?$", re.IGNORECASE | re.DOTALL)
SHAPED_LIKE_GIFT = re.compile(r"(?m)^::.*::|(?<!\\)\{\s*(?:[=~#]|(?:T|F|TRUE|FALSE)\s*[#}])|^//\s*\[tag:")
GAP = "____"


def write_gift(drafts: list[QuestionDraft]) -> bytes:
    """A GIFT file. Everything is marked as plain text, so that < and & stay what they are."""
    blocks = []
    for number, draft in enumerate(drafts, start=1):
        tie = [("case", str(number))] if draft.type == CASE else []
        blocks.append(_block(draft, tie))
        blocks += [_block(child, tie) for child in draft.children]
    return "\n".join(blocks).encode()


def read_gift(text: str, file: str) -> Exchanged:
    """The questions of a GIFT file. Categories are topics where no tag names one."""
    questions: list[Found] = []
    errors, losses = [], []
    category, cases = "", {}
    for number, comments, block in _blocks(text):
        if block.startswith("$CATEGORY:"):
            category = re.split(r"(?<!/)/(?!/)", block[10:].strip())[-1].replace("//", "/").strip()
            continue
        fields, plain = fields_from(_tags(comments))
        if category and not named(fields, "topic") and not named(fields, "case"):
            fields.append(("topic", category))
        place = Place(file, "", number)
        notes = [f"标签“{tag}”没有导入" for tag in plain]
        case = named(fields, "case")
        read = _question(_masked(block), fields, notes, place)
        if read is None and case:
            cases[case] = len(questions)
            details = details_from(fields, notes)
            questions.append(Found(QuestionDraft(CASE, _words(_masked(block), "moodle", notes), **details), place, tuple(notes)))
        elif read is None:
            losses.append(f"第 {number} 行的说明文字没有导入：它不是试题")
        elif not isinstance(read, Found):
            errors.append(read)
        elif case in cases:
            questions[cases[case]] = with_part(questions[cases[case]], read)
        else:
            questions.append(read)
    for place in cases.values():
        one = questions[place]
        questions[place] = found(one.draft, one.place, one.notes)
    return Exchanged("gift", tuple(questions), tuple(errors), tuple(losses))


def with_part(case: Found, part: Found) -> Found:
    """The case with one more sub-question."""
    draft = QuestionDraft(**{**vars(case.draft), "children": (*case.draft.children, part.draft)})
    return Found(draft, case.place, (*case.notes, *part.notes))


def looks_like_gift(text: str) -> bool:
    """Whether a text holds answers in braces as GIFT writes them."""
    return bool(SHAPED_LIKE_GIFT.search(text))


def _block(draft: QuestionDraft, tie) -> str:
    tags = " ".join(f"[tag:{_tag(tag)}]" for tag in tags_of([*fields_of(draft), *tie]))
    return f"// {tags}\n[plain]{_escaped(draft.stem)}{_answers(draft)}\n"


def _answers(draft: QuestionDraft) -> str:
    if draft.type == CASE:
        return ""
    feedback = draft.explanation
    if draft.type == SHORT:
        feedback = joined_points(draft.answer, draft.explanation)
    lines = _answer_lines(draft)
    if feedback:
        lines.append(f"####{_plainly(feedback)}")
    body = "\n".join(lines)
    return f"{{{body}}}" if draft.type == JUDGE or not body else f"{{\n{body}\n}}"


def _answer_lines(draft: QuestionDraft) -> list[str]:
    if draft.type == JUDGE:
        return [draft.answer]
    if draft.type == BLANK:
        return [f"={_weighted(accepted, '100')}" for accepted in draft.answer.split("|")]
    if draft.type == ORDER:
        ranks = [draft.answer.index(letter) + 1 for letter in letters(draft.options)]
        return [f"={rank} -> {_plainly(option)}" for option, rank in zip(draft.options, ranks, strict=True)]
    if draft.type == MATCH:
        partners = [draft.options[ord(letter) - 65] for letter in draft.answer]
        pairs = [f"={_plainly(left)} -> {_plainly(right)}" for left, right in zip(draft.prompts, partners, strict=True)]
        unused = [text for letter, text in zip(letters(draft.options), draft.options, strict=True) if letter not in draft.answer]
        return [*pairs, *(f"= -> {_plainly(text)}" for text in unused)]
    if draft.type not in (SINGLE, MULTIPLE):
        return []
    lines = []
    for letter, option in zip(letters(draft.options), draft.options, strict=True):
        if draft.type == SINGLE:
            sign, weight = ("=", "100") if letter in draft.answer else ("~", "0")
            lines.append(sign + _weighted(option, weight))
        else:
            weight = _share(len(draft.answer)) if letter in draft.answer else "-100"
            lines.append(f"~%{weight}%{_plainly(option)}")
    return lines


def _share(count: int) -> str:
    """A hundredth part of 100 as Moodle writes it: 50, 33.33333."""
    return f"{100 / count:.5f}".rstrip("0").rstrip(".")


def _escaped(text: str) -> str:
    return text.translate(RESERVED)


def _plainly(text: str) -> str:
    """A text that begins like a format mark keeps it behind one of its own."""
    return f"[plain]{_escaped(text)}" if FORMAT.match(text) else _escaped(text)


def _weighted(text: str, weight: str) -> str:
    """The same for answers, whose beginning may also look like a weight."""
    return f"%{weight}%{_plainly(text)}" if WEIGHT.match(text) else _plainly(text)


def _tag(text: str) -> str:
    return text.replace("\\", "\\\\").replace("]", "\\]").replace("\n", " ")


def _tags(comments: list[str]) -> list[str]:
    return [re.sub(r"\\([\\\]])", r"\1", tag) for comment in comments for tag in TAG.findall(comment)]


def _blocks(text: str):
    """(first line, comments, text) of each question; a category is a block of its own."""
    start, comments, lines = 0, [], []
    for number, line in enumerate([*text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), ""], start=1):
        if line.lstrip().startswith("//"):
            comments.append(line)
            continue
        is_category = line.startswith("$CATEGORY:")
        if (not line.strip() or is_category) and lines:
            yield start, comments, "\n".join(lines)
            comments, lines = [], []
        if is_category:
            yield number, [], line
        elif line.strip():
            start = start if lines else number
            lines.append(line)


def _masked(text: str) -> str:
    return ESCAPED.sub(lambda match: STAND_INS[match[1]], text)


def _words(masked: str, format: str, notes: list[str]) -> str:
    """A piece of a question as plain text. format: that of the question, a piece may name its own."""
    own = FORMAT.match(masked)
    if own:
        format, masked = own[1].lower(), masked[own.end() :]
    return _in_format(masked, format, notes)


def _in_format(masked: str, format: str, notes: list[str]) -> str:
    """A piece without a format mark of its own."""
    text = masked.translate(BACK).strip()
    if format == "markdown":
        notes.append("Markdown 记号原样留在文字里")
    return text if format in ("plain", "markdown") else _from_html(text, notes)


def _from_html(text: str, notes: list[str]) -> str:
    """Line breaks of the file mean nothing in HTML, those written as \\n are kept."""
    return "\n".join(text_of_html(line, notes) for line in text.split("\n"))


def _question(masked: str, fields, notes: list[str], place: Place):
    """A Found, a SheetError, or None for a text without answers."""
    masked = TITLE.sub("", masked, count=1)
    own = FORMAT.match(masked)
    format = own[1].lower() if own else "moodle"
    masked = masked[own.end() :] if own else masked
    start, end = masked.find("{"), masked.find("}")
    if start < 0 and end < 0:
        return None
    if start < 0 or end < start or masked.find("{", start + 1) >= 0:
        return unreadable(place, "花括号不成对。请补上，文字里的花括号前面加一个反斜线。")
    body, after = masked[start + 1 : end], masked[end + 1 :]
    stem = masked[:start].rstrip() + (GAP + after.strip() if after.strip() else "")
    body, _, feedback = body.partition("####")
    reading = _Reading(_in_format(stem, format, notes), body.strip(), format, fields, notes, place)
    return reading.question(_words(feedback, format, notes))


class _Reading:
    """One question on its way from GIFT to a draft."""

    def __init__(self, stem, body, format, fields, notes, place):
        self.stem, self.body, self.format = stem, body, format
        self.fields, self.notes, self.place = fields, notes, place
        self.stated = stated_type(fields)

    def question(self, explanation: str):
        answer = self._answer(explanation)
        if not isinstance(answer, dict):
            return answer
        problems = answer.pop("unreadable", [])
        given = {"explanation": explanation} | details_from(self.fields, self.notes) | answer
        return found(QuestionDraft(stem=self.stem, **given), self.place, self.notes, problems)

    def _answer(self, explanation: str):
        body = self.body
        if not body:
            points, rest = split_points(explanation)
            return {"type": SHORT, "answer": points, "explanation": rest}
        if body.startswith("#"):
            return self._number(body[1:])
        if "~" in body or (self.stated in (SINGLE, MULTIPLE) and "=" in body):
            return self._choice()
        if "=" in body and "->" in body and self.stated != BLANK:
            return self._pairs()
        judged = TRUE_FALSE.match(body)
        if judged:
            if "#" in body:
                self.notes.append("逐项反馈没有导入")
            return {"type": JUDGE, "answer": judged[1][0].upper()}
        if "=" in body:
            return self._blank()
        return unsupported(self.place, "认不出的题型")

    def _pieces(self):
        """(sign, weight, text) of each answer; its feedback is told as lost."""
        for sign, text in CHOICE.findall(self.body):
            weight = WEIGHT.match(text)
            text = text[weight.end() :] if weight else text
            text, hash, feedback = text.partition("#")
            if feedback.strip():
                self.notes.append("逐项反馈没有导入")
            yield sign, Decimal(weight[1]) if weight else None, text

    def _choice(self):
        pieces = list(self._pieces())
        options = [self._text(text) for _, _, text in pieces]
        weights = [weight if weight is not None else Decimal(100 if sign == "=" else 0) for sign, weight, _ in pieces]
        is_single = any(sign == "=" for sign, _, _ in pieces)
        return weighted_choice(options, weights, is_single=is_single, stated=self.stated, notes=self.notes)

    def _blank(self):
        accepted = []
        for _, weight, text in self._pieces():
            if weight is not None and weight < 100:
                self.notes.append(f"只得部分分的答案“{self._text(text)[:20]}”没有导入")
            else:
                accepted.append(self._text(text).replace("|", "｜").replace("\n", " "))
        return {"type": BLANK, "answer": "|".join(accepted)}

    def _number(self, body: str):
        body = body.strip().removeprefix("=").partition("#")[0].strip()
        value, _, tolerance = body.translate(BACK).partition(":")
        try:
            exact = not tolerance or Decimal(tolerance) == 0
            Decimal(value)
        except InvalidOperation:
            return unsupported(self.place, "按数值范围判分的题")
        if not exact:
            return unsupported(self.place, "按数值范围判分的题")
        return {"type": BLANK, "answer": value.strip()}

    def _pairs(self):
        halves = [text.partition("->") for _, text in CHOICE.findall(self.body)]
        pairs = [(self._text(left), self._text(right)) for left, _, right in halves]
        if self.stated == ORDER:
            return ranked(pairs, self.place)
        return matched(pairs, named(self.fields, "letters"))

    def _text(self, masked: str) -> str:
        return _words(masked, self.format, self.notes)


def ranked(pairs: list[tuple[str, str]], place: Place):
    """排序 out of (rank, option): the first arrow of a pair parts it, so an option may hold one."""
    ranks = [left for left, _ in pairs]
    if sorted(ranks) != [str(rank) for rank in range(1, len(pairs) + 1)]:
        return unreadable(place, "排序题每一项前面要写它的位次，从 1 起各一次。请改。")
    answer = "".join(chr(65 + ranks.index(str(rank))) for rank in range(1, len(pairs) + 1))
    return {"type": ORDER, "options": tuple(right for _, right in pairs), "answer": answer}


def matched(pairs: list[tuple[str, str]], letters_stated: str):
    """配对 out of (left, right); an empty left side is a right side that belongs to none."""
    prompts = [left for left, _ in pairs if left]
    partners = [right for left, right in pairs if left]
    unused = [right for left, right in pairs if not left]
    options = None
    if letters_stated and len(letters_stated) == len(prompts):
        options = by_letters(letters_stated, [*partners, *unused])
    options = options or tuple(dict.fromkeys([*partners, *unused]))
    answer = "".join(chr(65 + options.index(right)) for right in partners)
    return {"type": MATCH, "prompts": tuple(prompts), "options": options, "answer": answer}
