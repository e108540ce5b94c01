"""Questions as QTI 1.2: one <questestinterop> with an item bank. Source: IMS QTI ASI 1.2 XML binding.

Texts are text/plain with xml:space="preserve". 配对 is a choice for each left side, as other programs write it; a
案例 is one item whose sub-questions are flows of class "part". Named fields stand in the item's metadata.
"""

from decimal import Decimal

from lxml import etree

from mingfa.bank.drafts import BLANK, CASE, JUDGE, MATCH, MULTIPLE, ORDER, SHORT, SINGLE, QuestionDraft, letters
from mingfa.bank.exchange.details import fields_of
from mingfa.bank.exchange.gaps import gapped
from mingfa.bank.exchange.markup import NOT_XML

NAMESPACE = "http://www.imsglobal.org/xsd/ims_qtiasiv1p2"
XML_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
PREFIX = "mingfa"
PART, EXPLANATION = "part", "explanation"
TRUE_FALSE = (("T", "正确"), ("F", "错误"))
KNOWN_TYPES = {
    SINGLE: "multiple_choice_question", MULTIPLE: "multiple_answers_question", JUDGE: "true_false_question",
    BLANK: "short_answer_question", ORDER: "ordering_question", MATCH: "matching_question", SHORT: "essay_question",
    CASE: "case_question",
}  # fmt: skip


def write_bank(drafts: list[QuestionDraft]) -> bytes:
    """All questions as one document."""
    root = etree.Element(_name("questestinterop"), nsmap={None: NAMESPACE})
    bank = _add(root, "objectbank", ident="bank")
    for number, draft in enumerate(drafts, 1):
        _Item(bank, draft, f"q{number:05d}").write()
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)


def _name(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def _add(parent, name: str, **attributes):
    return etree.SubElement(parent, _name(name), attributes)


def _material(parent, text: str) -> None:
    words = _add(_add(parent, "material"), "mattext", texttype="text/plain")
    words.set(XML_SPACE, "preserve")
    words.text = NOT_XML.sub("", text)


class _Item:
    def __init__(self, bank, draft: QuestionDraft, identifier: str):
        self.draft = draft
        title = " ".join(NOT_XML.sub("", draft.stem).split())[:60]
        self.item = _add(bank, "item", ident=identifier, title=title)
        self.parts = [(draft, "")] if draft.type != CASE else [(c, str(n)) for n, c in enumerate(draft.children, 1)]

    def write(self) -> None:
        self._metadata()
        for part, _ in self.parts:
            if part.type == SHORT:
                rubric = _add(self.item, "rubric", view="Scorer")
                _material(rubric, part.answer)
        flow = _add(_add(self.item, "presentation"), "flow")
        if self.draft.type == CASE:
            _material(flow, self.draft.stem)
        for part, suffix in self.parts:
            self._present(_add(flow, "flow", **{"class": PART}) if suffix else flow, part, suffix)
        self._process()
        explained = {"": self.draft} | {suffix: part for part, suffix in self.parts}
        for suffix, part in explained.items():
            if part.explanation:
                feedback = _add(self.item, "itemfeedback", ident=EXPLANATION + suffix)
                _material(_add(feedback, "flow_mat"), part.explanation)

    def _metadata(self) -> None:
        data = _add(_add(self.item, "itemmetadata"), "qtimetadata")
        kind = KNOWN_TYPES[self.draft.type]
        if self.draft.type == BLANK and "\n" in self.draft.answer:
            kind = "fill_in_several_blanks_question"
        pairs = [("question_type", kind)]
        if self.draft.marks is not None:
            pairs.append(("points_possible", str(self.draft.marks)))
        parts = [(self.draft, "0"), *((part, suffix) for part, suffix in self.parts if suffix)]
        for part, number in parts:
            pairs += [(f"{PREFIX}.{number}.{name}", value) for name, value in fields_of(part)]
        for label, value in pairs:
            pair = _add(data, "qtimetadatafield")
            _add(pair, "fieldlabel").text = label
            _add(pair, "fieldentry").text = NOT_XML.sub("", value)

    def _present(self, parent, part: QuestionDraft, suffix: str) -> None:
        name = f"RESPONSE{suffix}"
        if part.type == BLANK:
            self._blanks(parent, part, name)
            return
        _material(parent, part.stem)
        if part.type == SHORT:
            response = _add(parent, "response_str", ident=name, rcardinality="Single")
            _add(response, "render_fib", fibtype="String", prompt="Box", rows="10")
        elif part.type == MATCH:
            for place, prompt in enumerate(part.prompts, 1):
                response = _add(parent, "response_lid", ident=f"{name}_{place}", rcardinality="Single")
                _material(response, prompt)
                self._labels(response, f"{name}_{place}", zip(letters(part.options), part.options, strict=True))
        else:
            cardinality = {MULTIPLE: "Multiple", ORDER: "Ordered"}.get(part.type, "Single")
            response = _add(parent, "response_lid", ident=name, rcardinality=cardinality)
            options = TRUE_FALSE if part.type == JUDGE else zip(letters(part.options), part.options, strict=True)
            self._labels(response, name, options)

    def _labels(self, response, name: str, options) -> None:
        render = _add(response, "render_choice", shuffle="No")
        for letter, text in options:
            _material(_add(render, "response_label", ident=f"{name}_{letter}"), text)

    def _blanks(self, parent, part: QuestionDraft, name: str) -> None:
        names = [(f"{name}_{place}",) for place in range(1, part.answer.count("\n") + 2)]
        for piece in gapped(part.stem, names):
            if isinstance(piece, tuple):
                response = _add(parent, "response_str", ident=piece[0], rcardinality="Single")
                _add(response, "render_fib", fibtype="String", prompt="Box", rows="1")
            elif piece:
                _material(parent, piece)

    def _process(self) -> None:
        if all(part.type == SHORT for part, _ in self.parts):
            return
        processing = _add(self.item, "resprocessing")
        most = self.draft.marks if self.draft.marks is not None else sum(self._worth(part) for part, _ in self.parts)
        _add(_add(processing, "outcomes"), "decvar", varname="SCORE", vartype="Decimal", defaultval="0", maxvalue=str(most))
        for part, suffix in self.parts:
            for test in self._tests(part, f"RESPONSE{suffix}"):
                self._condition(processing, part, *test)

    def _tests(self, part: QuestionDraft, name: str):
        """(response, right values, how they are joined, how many such tests a part has) of each condition."""
        if part.type == BLANK:
            blanks = part.answer.split("\n")
            return [(f"{name}_{place}", blank.split("|"), "or", len(blanks)) for place, blank in enumerate(blanks, 1)]
        if part.type == MATCH:
            pairs = enumerate(part.answer, 1)
            return [(f"{name}_{n}", [f"{name}_{n}_{letter}"], "or", len(part.answer)) for n, letter in pairs]
        values = [f"{name}_{letter}" for letter in part.answer]
        return [] if part.type == SHORT else [(name, values, {MULTIPLE: "all", ORDER: "order"}.get(part.type, "or"), 1)]

    def _condition(self, processing, part: QuestionDraft, name: str, values: list[str], joined: str, count: int) -> None:
        condition = _add(processing, "respcondition", **{"continue": "Yes"})
        tested = _add(condition, "conditionvar")
        parent = _add(tested, "and") if joined != "or" else _add(tested, "or") if len(values) > 1 else tested
        for place, value in enumerate(values, 1):
            index = {"index": str(place)} if joined == "order" else {}
            _add(parent, "varequal", respident=name, **index).text = NOT_XML.sub("", value)
        if joined == "all":
            for letter in letters(part.options):
                if f"{name}_{letter}" not in values:
                    _add(_add(parent, "not"), "varequal", respident=name).text = f"{name}_{letter}"
        _add(condition, "setvar", varname="SCORE", action="Add").text = f"{self._worth(part) / count:.4f}"

    def _worth(self, part: QuestionDraft) -> Decimal:
        return part.marks if part.marks is not None else Decimal(1)
