"""Moodle XML. Rules: Moodle documentation “Moodle XML format”; question types of Moodle's own core.

Texts are written as plain_text, which Moodle shows as they are. Several blanks are a `cloze` question, whose fields
stand in the text as {1:SHORTANSWER:=60~=六十}; 排序 is Moodle's `ordering`.
"""

import re
from decimal import Decimal, InvalidOperation

from lxml import etree

from mingfa.bank.drafts import BLANK, CASE, JUDGE, MATCH, MULTIPLE, ORDER, SHORT, SINGLE, QuestionDraft, letters
from mingfa.bank.exchange.choices import weighted_choice
from mingfa.bank.exchange.details import (
    by_letters,
    details_from,
    fields_from,
    fields_of,
    marks_from,
    named,
    stated_type,
    tags_of,
)
from mingfa.bank.exchange.gaps import gapped, without_gaps
from mingfa.bank.exchange.gift import matched, with_part
from mingfa.bank.exchange.markup import NOT_XML, text_of_html
from mingfa.bank.exchange.results import Exchanged, Found, found, unreadable, unsupported
from mingfa.bank.importing.results import Place

TYPES = (SINGLE, MULTIPLE, JUDGE, BLANK, ORDER, MATCH, SHORT, CASE)
MOODLE_TYPES = {
    SINGLE: "multichoice", MULTIPLE: "multichoice", JUDGE: "truefalse", BLANK: "shortanswer", ORDER: "ordering",
    MATCH: "matching", SHORT: "essay", CASE: "description",
}  # fmt: skip
FIELD = re.compile(r"\{\d*:(?:SHORTANSWER|SA|MW|SHORTANSWER_C|SAC|MWC):((?:\\.|[^}\\])*)\}")
ANY_FIELD = re.compile(r"\{\d*:[A-Z_]+:")
FIELD_ESCAPES = re.compile(r"([\\}#~/\"])")
PER_ANSWER = ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
WEIGHT = re.compile(r"^%(-?\d+(?:\.\d+)?)%")


def write_moodle(drafts: list[QuestionDraft]) -> bytes:
    """A Moodle XML file; the sub-questions of a 案例 follow it, tied to it by a tag."""
    root = etree.Element("quiz")
    number = 0
    for place, draft in enumerate(drafts, start=1):
        tie = [("case", str(place))] if draft.type == CASE else []
        for one in (draft, *draft.children):
            number += 1
            _write(root, one, f"第 {number} 题", tie)
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=False)


def read_moodle(root, file: str) -> Exchanged:
    """The questions of a Moodle XML document. A category is the topic of what follows where no tag names one."""
    questions: list[Found] = []
    errors, losses = [], []
    category, cases, number = "", {}, 0
    for element in root.iterchildren("question"):
        if element.get("type") == "category":
            path = _text(element.find("category"))
            last = re.split(r"(?<!/)/(?!/)", path)[-1].replace("//", "/").strip()
            category = "" if last in ("", "top") or last.startswith("$") else last
            continue
        number += 1
        place = Place(file, f"第 {number} 题", element.sourceline or 0)
        reading = _Reading(element, place, category)
        case = named(reading.fields, "case")
        read = reading.question()
        if element.get("type") == "description" and not case:
            losses.append(f"第 {number} 题是说明文字，没有导入")
        elif isinstance(read, Found) and read.draft.type == CASE:
            cases[case] = len(questions)
            questions.append(read)
        elif not isinstance(read, Found):
            errors.append(read)
        elif case in cases:
            questions[cases[case]] = with_part(questions[cases[case]], read)
        else:
            questions.append(read)
    for index in cases.values():
        one = questions[index]
        questions[index] = found(one.draft, one.place, one.notes)
    return Exchanged("moodle", tuple(questions), tuple(errors), tuple(losses))


def _write(root, draft: QuestionDraft, name: str, tie) -> None:
    blanks = draft.answer.split("\n") if draft.type == BLANK else []
    is_cloze = len(blanks) > 1
    question = etree.SubElement(root, "question", type="cloze" if is_cloze else MOODLE_TYPES[draft.type])
    _put(etree.SubElement(question, "name"), name)
    stem = "".join(gapped(draft.stem, [_field(accepted) for accepted in blanks])) if is_cloze else draft.stem
    _put(etree.SubElement(question, "questiontext", format="plain_text"), stem)
    _put(etree.SubElement(question, "generalfeedback", format="plain_text"), draft.explanation)
    is_graded = draft.type != CASE and not is_cloze
    if draft.marks is not None and is_graded:
        etree.SubElement(question, "defaultgrade").text = str(draft.marks)
    _write_key(question, draft, is_cloze)
    fields = [field for field in fields_of(draft) if field[0] != "marks" or not is_graded]
    tags = etree.SubElement(question, "tags")
    for tag in tags_of([*fields, *tie]):
        _put(etree.SubElement(tags, "tag"), tag)


def _write_key(question, draft: QuestionDraft, is_cloze: bool) -> None:
    if draft.type in (SINGLE, MULTIPLE):
        etree.SubElement(question, "single").text = str(draft.type == SINGLE).lower()
        etree.SubElement(question, "shuffleanswers").text = "true"
        etree.SubElement(question, "answernumbering").text = "ABCD"
        share = f"{100 / max(len(draft.answer), 1):.5f}".rstrip("0").rstrip(".")
        wrong = "0" if draft.type == SINGLE else "-100"
        for letter, option in zip(letters(draft.options), draft.options, strict=True):
            _answer(question, option, share if letter in draft.answer else wrong, format="plain_text")
    elif draft.type == JUDGE:
        for value, key in (("true", "T"), ("false", "F")):
            _answer(question, value, "100" if draft.answer == key else "0", format="moodle_auto_format")
    elif draft.type == BLANK and not is_cloze:
        etree.SubElement(question, "usecase").text = "0"
        for accepted in draft.answer.split("|"):
            _answer(question, accepted, "100", format="moodle_auto_format")
    elif draft.type == ORDER:
        etree.SubElement(question, "layouttype").text = "VERTICAL"
        etree.SubElement(question, "selecttype").text = "ALL"
        etree.SubElement(question, "gradingtype").text = "ALL_OR_NOTHING"
        for place, letter in enumerate(draft.answer, start=1):
            _answer(question, draft.options[ord(letter) - 65], str(place), format="plain_text")
    elif draft.type == MATCH:
        etree.SubElement(question, "shuffleanswers").text = "true"
        for prompt, letter in zip(draft.prompts, draft.answer, strict=True):
            _pair(question, prompt, draft.options[ord(letter) - 65])
        for letter, option in zip(letters(draft.options), draft.options, strict=True):
            if letter not in draft.answer:
                _pair(question, "", option)
    elif draft.type == SHORT:
        etree.SubElement(question, "responseformat").text = "plain"
        _put(etree.SubElement(question, "graderinfo", format="plain_text"), draft.answer)


def _put(element, text: str) -> None:
    etree.SubElement(element, "text").text = NOT_XML.sub("", text)


def _answer(question, text: str, fraction: str, *, format: str) -> None:
    _put(etree.SubElement(question, "answer", fraction=fraction, format=format), text)


def _pair(question, left: str, right: str) -> None:
    pair = etree.SubElement(question, "subquestion", format="plain_text")
    etree.SubElement(pair, "text").text = NOT_XML.sub("", left)
    _put(etree.SubElement(pair, "answer"), right)


def _field(accepted: str) -> str:
    words = "~".join("=" + FIELD_ESCAPES.sub(r"\\\1", word) for word in accepted.split("|"))
    return f"{{1:SHORTANSWER:{words}}}"


def _text(element) -> str:
    if element is None:
        return ""
    inner = element.find("text")
    return "".join((inner if inner is not None else element).itertext())


class _Reading:
    """One <question> on its way to a draft."""

    def __init__(self, element, place: Place, category: str):
        self.element, self.place = element, place
        self.notes: list[str] = []
        self.fields, plain = fields_from(_text(tag) for tag in element.iterfind("tags/tag"))
        self.notes += [f"标签“{tag[:20]}”没有导入" for tag in plain]
        if category and not named(self.fields, "topic") and not named(self.fields, "case"):
            self.fields.append(("topic", category))
        if element.find(".//file") is not None:
            self.notes.append("图片或附件没有导入")
        if any(_text(element.find(name)).strip() for name in PER_ANSWER) or any(
            _text(feedback).strip() for feedback in element.iterfind("answer/feedback")
        ):
            self.notes.append("逐项反馈没有导入")
        if element.find("hint") is not None:
            self.notes.append("提示（hint）没有导入")

    def question(self):
        """A Found or a SheetError."""
        kind = self.element.get("type") or ""
        read = READERS.get(kind)
        if read is None:
            return unsupported(self.place, f"Moodle 的 {kind[:40] or '没有写明的'} 题型")
        answer = read(self)
        if not isinstance(answer, dict):
            return answer
        given = {"stem": self._formatted("questiontext"), "explanation": self._formatted("generalfeedback")}
        details = details_from(self.fields, self.notes)
        grade = _text(self.element.find("defaultgrade")) or (self.element.findtext("defaultgrade") or "")
        if kind not in ("cloze", "multianswer", "description") and grade.strip():
            details["marks"] = marks_from(grade, self.notes)
        if kind == "description":
            draft = QuestionDraft(**(given | details | answer))
            return Found(draft, self.place, tuple(self.notes))
        return found(QuestionDraft(**(given | details | answer)), self.place, self.notes)

    def choice(self):
        answers = list(self.element.iterfind("answer"))
        options = [self._words(answer, answer.get("format")) for answer in answers]
        try:
            weights = [Decimal(answer.get("fraction") or 0) for answer in answers]
        except InvalidOperation:
            return unreadable(self.place, "选项的得分比例（fraction）不是数字。请改成 100、0 等数字。")
        single = (self.element.findtext("single") or "true").strip().lower() in ("true", "1")
        return weighted_choice(options, weights, is_single=single, stated=stated_type(self.fields), notes=self.notes)

    def judge(self):
        right = [_text(answer).strip().lower() for answer in self.element.iterfind("answer") if answer.get("fraction") == "100"]
        return {"type": JUDGE, "answer": right[0][:1].upper() if right and right[0] in ("true", "false") else ""}

    def blank(self):
        accepted = []
        for answer in self.element.iterfind("answer"):
            words = _text(answer).strip()
            if answer.get("fraction") in ("100", "100.0", "100.00000"):
                accepted.append(words.replace("|", "｜").replace("\n", " "))
            else:
                self.notes.append(f"只得部分分的答案“{words[:20]}”没有导入")
        if (self.element.findtext("usecase") or "0").strip() == "1":
            self.notes.append("区分大小写的设置没有导入")
        return {"type": BLANK, "answer": "|".join(accepted)}

    def number(self):
        tolerances = [(answer.findtext("tolerance") or "0").strip() for answer in self.element.iterfind("answer")]
        if any(tolerance.rstrip("0").rstrip(".") not in ("", "0") for tolerance in tolerances):
            return unsupported(self.place, "按数值范围判分的题")
        return self.blank()

    def fields_in_text(self):
        stem = self._formatted("questiontext")
        accepted = [self._accepted(body) for body in FIELD.findall(stem)]
        rest = FIELD.sub("", stem)
        if not accepted or ANY_FIELD.search(rest):
            return unsupported(self.place, "带有选择或数值空的完形填空")
        pieces = FIELD.sub("\0", stem).split("\0")
        return {"type": BLANK, "stem": without_gaps(pieces), "answer": "\n".join(accepted)}

    def _accepted(self, body: str) -> str:
        words = []
        for piece in re.split(r"(?<!\\)(?:\\\\)*~", body):
            piece = re.split(r"(?<!\\)#", piece)[0]
            right, weight = piece.startswith("="), WEIGHT.match(piece)
            word = re.sub(r"\\(.)", r"\1", piece[1:] if right else WEIGHT.sub("", piece)).strip()
            if right or (weight and Decimal(weight[1]) == 100):
                words.append(word.replace("|", "｜"))
            elif weight and Decimal(weight[1]) > 0:
                self.notes.append(f"只得部分分的答案“{word[:20]}”没有导入")
        return "|".join(words)

    def pairs(self):
        pairs = []
        for pair in self.element.iterfind("subquestion"):
            left, answer = pair.findtext("text") or "", pair.find("answer")
            pairs.append((self._formatted_text(left, pair.get("format")), "" if answer is None else _text(answer).strip()))
        return matched(pairs, named(self.fields, "letters"))

    def order(self):
        def rank(answer):
            return Decimal(answer.get("fraction") or 0)

        try:
            answers = sorted(self.element.iterfind("answer"), key=rank)
        except InvalidOperation:
            return unreadable(self.place, "排序题的位次（fraction）不是数字。请改成 1、2、3 等数字。")
        texts = [self._words(answer, answer.get("format")) for answer in answers]
        stated = named(self.fields, "letters")
        options = by_letters(stated, texts) if sorted(stated) == list(letters(texts)) else None
        return {"type": ORDER, "options": options or tuple(texts), "answer": stated if options else letters(texts)}

    def essay(self):
        return {"type": SHORT, "answer": self._formatted("graderinfo")}

    def description(self):
        return {"type": CASE}

    def _formatted(self, name: str) -> str:
        element = self.element.find(name)
        return "" if element is None else self._words(element, element.get("format"))

    def _words(self, element, format: str | None) -> str:
        return self._formatted_text(_text(element), format)

    def _formatted_text(self, text: str, format: str | None) -> str:
        if format in ("plain_text", "markdown"):
            return text.strip()
        if format == "html":
            return text_of_html(text, self.notes)
        return "\n".join(text_of_html(line, self.notes) for line in text.strip().split("\n"))


READERS = {
    "multichoice": _Reading.choice, "truefalse": _Reading.judge, "shortanswer": _Reading.blank,
    "numerical": _Reading.number, "cloze": _Reading.fields_in_text, "multianswer": _Reading.fields_in_text,
    "matching": _Reading.pairs, "match": _Reading.pairs, "ordering": _Reading.order, "essay": _Reading.essay,
    "description": _Reading.description,
}  # fmt: skip
