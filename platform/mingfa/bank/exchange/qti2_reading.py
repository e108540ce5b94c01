"""A QTI 2.0–3.0 assessment item as a draft. What it does on a screen is not read: key, words, marks are."""

import re
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from mingfa.bank.drafts import BLANK, CASE, JUDGE, MATCH, MULTIPLE, ORDER, SHORT, SINGLE, Problem, QuestionDraft
from mingfa.bank.exchange.choices import PARTIAL
from mingfa.bank.exchange.details import Fields, details_from, marks_from, stated_type
from mingfa.bank.exchange.dialects import attribute, plain_name
from mingfa.bank.exchange.gaps import without_gaps
from mingfa.bank.exchange.markup import Words
from mingfa.bank.exchange.qti2_writing import EXPLANATION, PART
from mingfa.bank.exchange.results import found, unreadable, unsupported
from mingfa.bank.importing.answers import is_judge_pair, judge_answer
from mingfa.bank.importing.results import Place

BLOCK_INTERACTIONS = {"choiceInteraction", "orderInteraction", "matchInteraction", "extendedTextInteraction"}
FIELD = "textEntryInteraction"
LEFT_OUT = {
    "feedbackInline": "逐项反馈", "feedbackBlock": "逐项反馈", "stylesheet": "样式", "templateInline": "随机变量",
    "templateBlock": "随机变量", "printedVariable": "随机变量", "infoControl": "提示", "catalogInfo": "无障碍说明",
}  # fmt: skip
WHOLE_ITEM = {
    "templateDeclaration": "随机变量的题", "adaptive": "分步自适应的题",
}  # fmt: skip


@dataclass
class Response:
    """A declared response: its right values, and what each value is worth where that is mapped."""

    cardinality: str = "single"
    base: str = "identifier"
    correct: list[str] = field(default_factory=list)
    mapped: list[tuple[str, Decimal]] = field(default_factory=list)


class ItemWords(Words):
    """Text of an item body; interactions are handed over instead of read as words, rubrics and feedback left out."""

    def __init__(self):
        super().__init__()
        self.interactions: list = []
        self.rubrics: list = []

    def element(self, element, *, keep: bool = False) -> None:
        name = plain_name(element)
        if name == FIELD:
            self.interactions.append(element)
            self.add("\0")
        elif name.endswith("Interaction"):
            self.end_block()
            self.interactions.append(element)
        elif name == "rubricBlock":
            self.rubrics.append(element)
        elif name in LEFT_OUT:
            self.lost[LEFT_OUT[name]] = None
        else:
            super().element(element, keep=keep)


def read_item(root, place: Place, fields: list[Fields], lost: list[str]):
    """A Found or a SheetError.

    fields: the named fields of the item and of its parts, as the manifest gives them. lost: what was already left
    behind on the way to the item.
    """
    return _Item(root, place, fields, lost).question()


class _Item:
    def __init__(self, root, place: Place, fields: list[Fields], lost: list[str]):
        self.root, self.place, self.fields = root, place, fields
        self.notes = list(lost)
        self.problems: list[Problem] = []
        self.children = {}
        for child in root:
            self.children.setdefault(plain_name(child), []).append(child)
        self.responses = {
            attribute(child, "identifier"): _response(child) for child in self.children.get("responseDeclaration", [])
        }

    def question(self):
        for name, what in WHOLE_ITEM.items():
            if name in self.children or (name == "adaptive" and self.root.get("adaptive") == "true"):
                return unsupported(self.place, what)
        body = (self.children.get("itemBody") or [None])[0]
        if body is None:
            return unreadable(self.place, "这一题没有正文（itemBody）。请从原来的程序重新导出。")
        for name in ("assessmentStimulusRef", "stylesheet"):
            if name in self.children:
                self.notes.append("引用的材料没有导入" if name == "assessmentStimulusRef" else "样式没有导入")
        explanations = self._explanations()
        parts = [element for element in body if plain_name(element) == "div" and element.get("class") == PART]
        whole = details_from(self._fields(0), self.notes) | {"explanation": explanations.get("", "")}
        whole["marks"] = self._marks(whole["marks"])
        if parts:
            return self._case(body, parts, whole, explanations)
        words = self._read(body)
        return self._one(words, whole)

    def _case(self, body, parts, whole: dict, explanations: dict):
        words = ItemWords()
        for element in body:
            if element not in parts:
                words.element(element)
        self._note(words)
        children = []
        for number, part in enumerate(parts, 1):
            details = details_from(self._fields(number), self.notes)
            details["explanation"] = explanations.get(str(number), "")
            read = self._answered(self._read(part), stated_type(self._fields(number)))
            if not isinstance(read, dict):
                return read
            children.append(QuestionDraft(**(details | read)))
        draft = QuestionDraft(CASE, words.text(), children=tuple(children), **whole)
        return found(draft, self.place, self.notes, self.problems)

    def _one(self, words: ItemWords, whole: dict):
        """A question of one interaction, of blanks only, or of several that make it a 案例."""
        kinds = [plain_name(one) for one in words.interactions]
        if len(kinds) > 1 and set(kinds) <= BLOCK_INTERACTIONS:
            return self._several(words, whole)
        read = self._answered(words, stated_type(self._fields(0)))
        if not isinstance(read, dict):
            return read
        return found(QuestionDraft(**(whole | read)), self.place, self.notes, self.problems)

    def _several(self, words: ItemWords, whole: dict):
        """Each interaction of a foreign item becomes a sub-question; its prompt is the stem."""
        children = []
        for interaction in words.interactions:
            part = ItemWords()
            part.interactions = [interaction]
            read = self._answered(part, None)
            if not isinstance(read, dict):
                return read
            children.append(QuestionDraft(**read))
        draft = QuestionDraft(CASE, words.text(), children=tuple(children), **whole)
        return found(draft, self.place, self.notes, self.problems)

    def _answered(self, words: ItemWords, stated: str | None):
        """Type, stem, options and key of what stands in `words`; a SheetError where it is no kind of ours."""
        kinds = [plain_name(one) for one in words.interactions]
        if not kinds:
            return unreadable(self.place, "这一题没有作答的地方。请从原来的程序重新导出。")
        if set(kinds) == {FIELD}:
            accepted = [self._accepted(attribute(one, "responseIdentifier")) for one in words.interactions]
            return {"type": BLANK, "stem": without_gaps(words.text().split("\0")), "answer": "\n".join(accepted)}
        if len(kinds) > 1 or kinds[0] not in BLOCK_INTERACTIONS:
            other = next((kind for kind in kinds if kind not in BLOCK_INTERACTIONS), "几种作答方式混在一起")
            return unsupported(self.place, f"QTI 的 {other}")
        interaction = words.interactions[0]
        prompt = "\n".join(self._text(child) for child in interaction if plain_name(child) == "prompt")
        stem = "\n".join(filter(None, [words.text(), prompt]))
        name = attribute(interaction, "responseIdentifier")
        response = self.responses.get(name) or Response()
        if kinds[0] == "extendedTextInteraction":
            rubric = "\n".join(self._text(one) for one in words.rubrics)
            return {"type": SHORT, "stem": stem, "answer": rubric or "\n".join(response.correct)}
        if words.rubrics:
            self.notes.append("评分说明没有导入")
        if kinds[0] == "matchInteraction":
            return self._match(interaction, response, stem)
        return self._choice(interaction, response, stem, stated, is_order=kinds[0] == "orderInteraction")

    def _choice(self, interaction, response: Response, stem: str, stated: str | None, *, is_order: bool):
        found_choices = [one for one in interaction if plain_name(one) == "simpleChoice"]
        names = [attribute(one, "identifier") for one in found_choices]
        options = tuple(self._text(one) for one in found_choices)
        values = list(dict.fromkeys(response.correct)) or self._worth_something(response)
        if response.correct and self._is_partial(response):
            self.notes.append(PARTIAL)
        answer = "".join(self._letter(value, names, len(options)) for value in values)
        if is_order:
            return {"type": ORDER, "stem": stem, "options": options, "answer": answer}
        is_judge = stated == JUDGE or (stated is None and response.cardinality == "single" and is_judge_pair(options))
        if is_judge and len(answer) == 1 and is_judge_pair(options):
            return {"type": JUDGE, "stem": stem, "answer": judge_answer(answer, options) or ""}
        type = stated if stated in (SINGLE, MULTIPLE) else MULTIPLE if response.cardinality == "multiple" else SINGLE
        return {"type": type, "stem": stem, "options": options, "answer": answer}

    def _match(self, interaction, response: Response, stem: str):
        sets = [one for one in interaction if plain_name(one) == "simpleMatchSet"]
        if len(sets) != 2:
            return unreadable(self.place, "配对题要有左右两组（simpleMatchSet）。请从原来的程序重新导出。")
        (left, prompts), (right, options) = [self._match_set(one) for one in sets]
        if response.correct and self._is_partial(response):
            self.notes.append(PARTIAL)
        partners: dict[str, str] = {}
        for pair in response.correct or self._worth_something(response):
            ends = pair.split()
            if len(ends) == 2 and ends[0] in right and ends[1] in left:
                ends.reverse()
            if len(ends) != 2 or ends[0] in partners:
                return unsupported(self.place, "一项配几项的配对题")
            partners[ends[0]] = ends[1]
        answer = "".join(self._letter(partners[name], right, len(right)) for name in left if name in partners)
        return {"type": MATCH, "stem": stem, "prompts": prompts, "options": options, "answer": answer}

    def _match_set(self, element):
        choices = [one for one in element if plain_name(one) == "simpleAssociableChoice"]
        return [attribute(one, "identifier") for one in choices], tuple(self._text(one) for one in choices)

    def _accepted(self, name: str) -> str:
        """The accepted answers of a blank; those worth less than the whole are told as lost."""
        response = self.responses.get(name) or Response()
        best = max((worth for _, worth in response.mapped), default=Decimal(0))
        full = [value for value, worth in response.mapped if worth == best > 0]
        if any(0 < worth < best for _, worth in response.mapped):
            self.notes.append("只得部分分的答案没有导入")
        accepted = dict.fromkeys([*response.correct, *full])
        return "|".join(" ".join(value.replace("|", "｜").split("\n")) for value in accepted)

    def _letter(self, value: str, names: list[str], count: int) -> str:
        if value in names:
            return chr(65 + names.index(value))
        self.problems.append(Problem("answer_not_in_options", "answer", (value, str(count))))
        return ""

    def _worth_something(self, response: Response) -> list[str]:
        """Where no right answer is declared: the values that earn marks, for one answer the best of them."""
        worth = [(value, marks) for value, marks in response.mapped if marks > 0]
        if self._is_partial(response):
            self.notes.append(PARTIAL)
        if response.cardinality == "single" and worth:
            best = max(marks for _, marks in worth)
            worth = [one for one in worth if one[1] == best]
        return [value for value, _ in worth]

    def _is_partial(self, response: Response) -> bool:
        earning = {marks for _, marks in response.mapped if marks > 0}
        right = {value for value, marks in response.mapped if marks > 0}
        return len(earning) > 1 or (bool(response.correct) and bool(right) and right != set(response.correct))

    def _explanations(self) -> dict[str, str]:
        """The explanation of the item ("") and of its parts by number; others' feedback is one explanation."""
        explanations: dict[str, str] = {}
        for feedback in self.children.get("modalFeedback", []):
            suffix = re.fullmatch(rf"{EXPLANATION}(\d*)", attribute(feedback, "identifier"))
            key, text = suffix[1] if suffix else "", self._text(feedback)
            if text and text not in explanations.get(key, ""):
                explanations[key] = "\n".join(filter(None, [explanations.get(key, ""), text]))
        return explanations

    def _marks(self, stated: Decimal | None) -> Decimal | None:
        """MAXSCORE, else what the manifest states, else the most that SCORE can be."""
        normal = ""
        for outcome in self.children.get("outcomeDeclaration", []):
            name = attribute(outcome, "identifier").upper()
            default = next((one.text or "" for one in outcome.iter() if plain_name(one) == "value"), "")
            if name == "MAXSCORE" and default:
                return marks_from(default, self.notes)
            if name == "SCORE":
                normal = attribute(outcome, "normalMaximum")
        return stated if stated is not None or not normal else marks_from(normal, self.notes)

    def _fields(self, part: int) -> Fields:
        return self.fields[part] if part < len(self.fields) else []

    def _read(self, element) -> ItemWords:
        words = ItemWords()
        words.element(element)
        self._note(words)
        return words

    def _text(self, element) -> str:
        """The words of an option, prompt, rubric or feedback."""
        words = ItemWords()
        words.add(element.text)
        for child in element:
            if isinstance(child.tag, str):
                words.element(child)
            words.add(child.tail)
        self._note(words)
        return words.text().replace("\0", "____")

    def _note(self, words: Words) -> None:
        self.notes += [note for note in words.losses if note not in self.notes]


def _response(element) -> Response:
    response = Response(attribute(element, "cardinality", "single"), attribute(element, "baseType", "identifier"))
    for child in element:
        name = plain_name(child)
        if name == "correctResponse":
            values = [one for one in child if plain_name(one) == "value"]
            response.correct = [(one.text or "").strip() for one in values]
        elif name == "mapping":
            for entry in child:
                try:
                    worth = Decimal(attribute(entry, "mappedValue", "0"))
                except InvalidOperation:
                    continue
                response.mapped.append((attribute(entry, "mapKey").strip(), worth))
    return response
