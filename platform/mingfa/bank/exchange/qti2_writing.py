"""A question as a QTI 2.1, 2.2 or 3.0 assessment item.

The stem is a paragraph before its interaction. A 案例 is one item whose sub-questions stand in div.part with
responses of their own. Marks are MAXSCORE; an explanation is feedback shown to everybody at the end; the points of a
简答 are a rubric for the scorer. Everything else about a question stands in the manifest (packages.py).
"""

from decimal import Decimal

from lxml import etree

from mingfa.bank.drafts import BLANK, CASE, JUDGE, MATCH, MULTIPLE, ORDER, SHORT, SINGLE, QuestionDraft, letters
from mingfa.bank.exchange.dialects import Dialect
from mingfa.bank.exchange.gaps import gapped
from mingfa.bank.exchange.markup import NOT_XML, write_text

TYPES = (SINGLE, MULTIPLE, JUDGE, BLANK, ORDER, MATCH, SHORT, CASE)
PART = "part"
FEEDBACK, EXPLANATION = "FEEDBACK", "EXPLANATION"
TRUE_FALSE = (("T", "正确"), ("F", "错误"))
CARDINALITY = {MULTIPLE: "multiple", ORDER: "ordered", MATCH: "multiple"}
BASE_TYPE = {BLANK: "string", SHORT: "string", MATCH: "directedPair"}


def write_item(draft: QuestionDraft, identifier: str, dialect: Dialect) -> bytes:
    """One assessment item as a document of its own. identifier: an NCName, unique in its package."""
    return _Item(draft, identifier, dialect).document()


class _Item:
    def __init__(self, draft: QuestionDraft, identifier: str, dialect: Dialect):
        self.draft, self.dialect = draft, dialect
        title = " ".join(NOT_XML.sub("", draft.stem).split())[:60]
        attributes = {"identifier": identifier, "title": title, "adaptive": "false", "timeDependent": "false"}
        self.root = etree.Element(
            dialect.element("assessmentItem"), dialect.attributes(attributes), nsmap={None: dialect.items}
        )
        self.parts = [(draft, "")] if draft.type != CASE else [(c, str(n)) for n, c in enumerate(draft.children, 1)]
        whole_and_parts = {"": draft} | {suffix: part for part, suffix in self.parts}
        self.explained = [(part, suffix) for suffix, part in whole_and_parts.items() if part.explanation]

    def document(self) -> bytes:
        for part, suffix in self.parts:
            for name, answer in self._responses(part, suffix):
                self._declare_response(part, name, answer)
        self._declare_outcomes()
        body = self._add(self.root, "itemBody")
        if self.draft.type == CASE:
            self._paragraph(body, self.draft.stem)
        for part, suffix in self.parts:
            self._body(self._add(body, "div", **{"class": PART}) if suffix else body, part, suffix)
        self._processing()
        for part, suffix in self.explained:
            feedback = self._add(
                self.root, "modalFeedback", outcomeIdentifier=FEEDBACK, identifier=EXPLANATION + suffix, showHide="show"
            )
            write_text(self._add(self._content(feedback), "p"), part.explanation, self._add)
        return etree.tostring(self.root, encoding="UTF-8", xml_declaration=True)

    def _add(self, parent, name: str, **attributes):
        return etree.SubElement(parent, self.dialect.element(name), self.dialect.attributes(attributes))

    def _content(self, element):
        """3.0 wants the body of feedback and rubrics in an element of its own."""
        return self._add(element, "contentBody") if self.dialect.dashed else element

    def _paragraph(self, parent, text: str):
        paragraph = self._add(parent, "p")
        write_text(paragraph, text, self._add)
        return paragraph

    def _responses(self, part: QuestionDraft, suffix: str) -> list[tuple[str, str]]:
        """(identifier, key) of each response of a part; a 填空 has one a blank."""
        if part.type != BLANK:
            return [(f"RESPONSE{suffix}", part.answer)]
        blanks = part.answer.split("\n")
        if len(blanks) == 1:
            return [(f"RESPONSE{suffix}", blanks[0])]
        return [(f"RESPONSE{suffix}_{number}", blank) for number, blank in enumerate(blanks, 1)]

    def _declare_response(self, part: QuestionDraft, name: str, answer: str) -> None:
        declared = self._add(
            self.root, "responseDeclaration", identifier=name,
            cardinality=CARDINALITY.get(part.type, "single"), baseType=BASE_TYPE.get(part.type, "identifier"),
        )  # fmt: skip
        if part.type == SHORT:
            return
        if part.type == MATCH:
            values = [f"{name}_P{place} {name}_{letter}" for place, letter in enumerate(answer, 1)]
        elif part.type == BLANK:
            values = answer.split("|")
        else:
            values = [f"{name}_{letter}" for letter in answer]
        correct = self._add(declared, "correctResponse")
        for value in values[:1] if part.type == BLANK else values:
            self._add(correct, "value").text = NOT_XML.sub("", value)
        if part.type in (BLANK, MATCH):
            share = self._worth(part) / len(answer if part.type == MATCH else part.answer.split("\n"))
            mapping = self._add(declared, "mapping", defaultValue="0")
            for value in dict.fromkeys(NOT_XML.sub("", value) for value in values):
                self._add(mapping, "mapEntry", mapKey=value, mappedValue=f"{share:.4f}")

    def _declare_outcomes(self) -> None:
        self._outcome("SCORE", "single", "float", ["0"])
        if self.draft.marks is not None:
            self._outcome("MAXSCORE", "single", "float", [str(self.draft.marks)])
        if self.explained:
            shown = [EXPLANATION + suffix for _, suffix in self.explained]
            self._outcome(FEEDBACK, "multiple", "identifier", shown)

    def _outcome(self, name: str, cardinality: str, base: str, values: list[str]) -> None:
        declared = self._add(self.root, "outcomeDeclaration", identifier=name, cardinality=cardinality, baseType=base)
        default = self._add(declared, "defaultValue")
        for value in values:
            self._add(default, "value").text = value

    def _body(self, parent, part: QuestionDraft, suffix: str) -> None:
        names = [name for name, _ in self._responses(part, suffix)]
        if part.type == BLANK:
            self._blanks(parent, part, names)
            return
        self._paragraph(parent, part.stem)
        name = names[0]
        if part.type == SHORT:
            self._add(parent, "extendedTextInteraction", responseIdentifier=name)
            rubric = self._add(parent, "rubricBlock", view="scorer")
            write_text(self._add(self._content(rubric), "p"), part.answer, self._add)
        elif part.type == MATCH:
            self._match(parent, part, name)
        else:
            self._choices(parent, part, name)

    def _choices(self, parent, part: QuestionDraft, name: str) -> None:
        options = TRUE_FALSE if part.type == JUDGE else list(zip(letters(part.options), part.options, strict=True))
        if part.type == ORDER:
            interaction = self._add(parent, "orderInteraction", responseIdentifier=name, shuffle="true")
        else:
            most = "0" if part.type == MULTIPLE else "1"
            shuffle = str(part.type != JUDGE).lower()
            interaction = self._add(
                parent, "choiceInteraction", responseIdentifier=name, shuffle=shuffle, maxChoices=most
            )
        for letter, text in options:
            write_text(self._add(interaction, "simpleChoice", identifier=f"{name}_{letter}"), text, self._add)

    def _match(self, parent, part: QuestionDraft, name: str) -> None:
        interaction = self._add(
            parent, "matchInteraction", responseIdentifier=name, shuffle="true", maxAssociations=str(len(part.prompts))
        )
        left, right = self._add(interaction, "simpleMatchSet"), self._add(interaction, "simpleMatchSet")
        for place, prompt in enumerate(part.prompts, 1):
            choice = self._add(left, "simpleAssociableChoice", identifier=f"{name}_P{place}", matchMax="1")
            write_text(choice, prompt, self._add)
        for letter, option in zip(letters(part.options), part.options, strict=True):
            most = str(len(part.prompts))
            choice = self._add(right, "simpleAssociableChoice", identifier=f"{name}_{letter}", matchMax=most)
            write_text(choice, option, self._add)

    def _blanks(self, parent, part: QuestionDraft, names: list[str]) -> None:
        """Fields in the gaps of the stem, or in a paragraph of their own after it."""
        paragraph = self._add(parent, "p")
        last = None
        for piece in gapped(part.stem, [(name,) for name in names]):
            if isinstance(piece, tuple):
                last = self._add(paragraph, "textEntryInteraction", responseIdentifier=piece[0])
            elif last is None:
                write_text(paragraph, piece, self._add)
            else:
                self._tail(paragraph, last, piece)

    def _tail(self, paragraph, last, text: str) -> None:
        """Text after a field: written into an element of its own, then moved out of it."""
        carrier = etree.Element("carrier")
        write_text(carrier, text, self._add)
        last.tail = carrier.text
        for child in list(carrier):
            paragraph.append(child)

    def _processing(self) -> None:
        """SCORE adds up: the whole part's marks for the right answer, or those mapped to each blank and pair."""
        processing = self._add(self.root, "responseProcessing")
        for part, suffix in self.parts:
            for name, _ in self._responses(part, suffix):
                if part.type in (BLANK, MATCH):
                    self._add(self._raise_score(processing), "mapResponse", identifier=name)
                elif part.type != SHORT:
                    condition = self._add(self._add(processing, "responseCondition"), "responseIf")
                    match = self._add(condition, "match")
                    self._add(match, "variable", identifier=name)
                    self._add(match, "correct", identifier=name)
                    worth = self._add(self._raise_score(condition), "baseValue", baseType="float")
                    worth.text = str(self._worth(part))
        if not len(processing):
            self.root.remove(processing)

    def _raise_score(self, parent):
        total = self._add(self._add(parent, "setOutcomeValue", identifier="SCORE"), "sum")
        self._add(total, "variable", identifier="SCORE")
        return total

    def _worth(self, part: QuestionDraft) -> Decimal:
        return part.marks if part.marks is not None else Decimal(1)
