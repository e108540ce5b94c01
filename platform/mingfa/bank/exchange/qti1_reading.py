"""QTI 1.2 items as drafts, those of other programs (Canvas, Blackboard, Respondus) included."""

import re
from decimal import Decimal, InvalidOperation

from mingfa.bank.drafts import BLANK, CASE, JUDGE, MATCH, MULTIPLE, ORDER, SHORT, SINGLE, Problem, QuestionDraft
from mingfa.bank.exchange.choices import PARTIAL
from mingfa.bank.exchange.details import Fields, details_from, marks_from, stated_type
from mingfa.bank.exchange.gaps import without_gaps
from mingfa.bank.exchange.markup import Words, local, text_of_html
from mingfa.bank.exchange.qti1_writing import EXPLANATION, PART, PREFIX
from mingfa.bank.exchange.results import Exchanged, Found, found, unreadable, unsupported
from mingfa.bank.importing.answers import is_judge_pair, judge_answer
from mingfa.bank.importing.results import Place

RESPONSES = {"response_lid", "response_str", "response_grp", "response_xy", "response_num"}
NOT_OURS = {
    "numerical_question": "按数值范围判分的题", "calculated_question": "带公式计算的题", "file_upload_question": "上传文件的题",
    "multiple_dropdowns_question": "下拉填空的题", "fill_in_multiple_blanks_question": "选词填空的题",
    "text_only_question": "说明文字",
}  # fmt: skip
SHOWN_TO_ALL = {"general_fb", "general", "solution"}
MEDIA = {"matimage": "图片", "mataudio": "声音", "matvideo": "视频", "matapplet": "程序", "matapplication": "程序"}


def read_bank(root, file: str, part: str = "") -> Exchanged:
    """All items of a document. part: its name inside a package."""
    questions, errors = [], []
    for number, element in enumerate((one for one in root.iter() if local(one) == "item"), 1):
        place = Place(file, f"{part}，第 {number} 题" if part else f"第 {number} 题", element.sourceline or 0)
        read = _Item(element, place).question()
        (questions if isinstance(read, Found) else errors).append(read)
    return Exchanged("qti12", tuple(questions), tuple(errors))


def _child(element, name: str):
    return next((one for one in element if local(one) == name), None)


class _Item:
    def __init__(self, element, place: Place):
        self.element, self.place = element, place
        self.notes: list[str] = []
        self.problems: list[Problem] = []
        self.metadata = self._metadata()
        self.keys, self.partial = self._keys()

    def question(self):
        kind = self.metadata.get("question_type", "")
        if kind in NOT_OURS:
            return unsupported(self.place, NOT_OURS[kind])
        presentation = _child(self.element, "presentation")
        if presentation is None:
            return unreadable(self.place, "这一题没有题面（presentation）。请从原来的程序重新导出。")
        explanations, rubrics = self._explanations(), self._rubrics()
        whole = details_from(self._fields(0), self.notes) | {"explanation": explanations.get("", "")}
        if whole["marks"] is None:
            stated = self.metadata.get("points_possible") or self.metadata.get("qmd_weighting", "")
            whole["marks"] = marks_from(stated, self.notes)
        parts = [one for one in presentation.iter() if local(one) == "flow" and one.get("class") == PART]
        pieces = self._pieces(presentation, parts)
        if parts:
            children = []
            for number, part in enumerate(parts, 1):
                details = details_from(self._fields(number), self.notes)
                details["explanation"] = explanations.get(str(number), "")
                read = self._answered(self._pieces(part, []), stated_type(self._fields(number)), rubrics)
                if not isinstance(read, dict):
                    return read
                children.append(QuestionDraft(**(details | read)))
            stem = without_gaps([text for text in pieces if isinstance(text, str)])
            return found(QuestionDraft(CASE, stem, children=tuple(children), **whole), self.place, self.notes, self.problems)
        read = self._answered(pieces, stated_type(self._fields(0)), rubrics)
        if not isinstance(read, dict):
            return read
        return found(QuestionDraft(**(whole | read)), self.place, self.notes, self.problems)

    def _answered(self, pieces: list, stated: str | None, rubrics: list[str]):
        responses = [piece for piece in pieces if not isinstance(piece, str)]
        if not responses:
            return unreadable(self.place, "这一题没有作答的地方。请从原来的程序重新导出。")
        if all(local(one) in ("response_str", "response_num") for one in responses):
            return self._written(pieces, responses, stated, rubrics)
        if any(local(one) != "response_lid" for one in responses):
            return unsupported(self.place, "在图上作答或几种作答方式混在一起的题")
        stem = "\n".join(text for text in (piece.strip() for piece in pieces if isinstance(piece, str)) if text)
        if len(responses) > 1 or stated == MATCH:
            return self._match(responses, stem)
        return self._choice(responses[0], stem, stated)

    def _written(self, pieces: list, responses: list, stated: str | None, rubrics: list[str]):
        is_long = stated == SHORT or (
            stated is None
            and len(responses) == 1
            and (self.metadata.get("question_type") == "essay_question" or not self.keys.get(responses[0].get("ident", "")))
        )
        if is_long:
            stem = "\n".join(text for text in (piece.strip() for piece in pieces if isinstance(piece, str)) if text)
            return {"type": SHORT, "stem": stem, "answer": rubrics.pop(0) if rubrics else ""}
        texts = [""]
        for piece in pieces:
            if isinstance(piece, str):
                texts[-1] += piece
            else:
                texts.append("")
        accepted = [self.keys.get(one.get("ident", ""), []) for one in responses]
        answer = "\n".join("|".join(" ".join(v.replace("|", "｜").split("\n")) for v in values) for values in accepted)
        if stated is None and len(responses) == 1 and not texts[-1].strip():
            texts.pop()
        return {"type": BLANK, "stem": without_gaps(texts), "answer": answer}

    def _choice(self, response, stem: str, stated: str | None):
        names, options = self._labels(response)
        values = self.keys.get(response.get("ident", ""), [])
        if response.get("ident", "") in self.partial:
            self.notes.append(PARTIAL)
        answer = "".join(self._letter(value, names) for value in values)
        cardinality = (response.get("rcardinality") or "Single").lower()
        if stated == ORDER or (stated is None and cardinality == "ordered"):
            return {"type": ORDER, "stem": stem, "options": options, "answer": answer}
        single = stated != MULTIPLE and cardinality == "single"
        if stated in (None, JUDGE) and single and is_judge_pair(options) and len(answer) == 1:
            return {"type": JUDGE, "stem": stem, "answer": judge_answer(answer, options) or ""}
        type = stated if stated in (SINGLE, MULTIPLE) else SINGLE if single else MULTIPLE
        return {"type": type, "stem": stem, "options": options, "answer": answer}

    def _match(self, responses: list, stem: str):
        prompts, answer, shared = [], "", None
        for response in responses:
            names, options = self._labels(response)
            if shared not in (None, options):
                return unsupported(self.place, "几个小题合在一起、选项各不相同的题")
            shared = options
            prompts.append(self._text_of(response, stop={"render_choice"}))
            values = self.keys.get(response.get("ident", ""), [])
            if len(values) > 1:
                return unsupported(self.place, "一项配几项的配对题")
            answer += "".join(self._letter(value, names) for value in values)
        return {"type": MATCH, "stem": stem, "prompts": tuple(prompts), "options": shared or (), "answer": answer}

    def _labels(self, response) -> tuple[list[str], tuple[str, ...]]:
        labels = [one for one in response.iter() if local(one) == "response_label"]
        return [one.get("ident", "") for one in labels], tuple(self._text_of(one) for one in labels)

    def _letter(self, value: str, names: list[str]) -> str:
        if value in names:
            return chr(65 + names.index(value))
        self.problems.append(Problem("answer_not_in_options", "answer", (value, str(len(names)))))
        return ""

    def _pieces(self, element, parts: list) -> list:
        """Texts and responses in their order, without what belongs to `parts`."""
        pieces: list = []
        for child in element:
            name = local(child)
            if child in parts:
                continue
            if name in RESPONSES:
                pieces.append(child)
            elif name == "material":
                pieces.append(self._text_of(child, strip=False))
            elif name in ("flow", "flow_mat", "flow_label"):
                pieces += self._pieces(child, parts)
        return pieces

    def _text_of(self, element, *, stop: frozenset | set = frozenset(), strip: bool = True) -> str:
        """The words of all material in an element. stop: names of children not to enter."""
        texts = []
        for child in element:
            name = local(child)
            if name in ("mattext", "matemtext"):
                texts.append(self._mattext(child))
            elif name in MEDIA:
                self._lose(f"{MEDIA[name]}没有导入")
            elif name == "matbreak":
                texts.append("\n")
            elif name and name not in stop and name not in RESPONSES:
                texts.append(self._text_of(child, stop=stop, strip=False))
        text = "".join(texts)
        return text.strip() if strip else text

    def _mattext(self, element) -> str:
        if len(element):
            words = Words()
            words.element(element)
            self.notes += words.losses
            return words.text()
        text = element.text or ""
        if (element.get("texttype") or "text/plain").lower() in ("text/html", "text/xhtml", "html"):
            return text_of_html(text, self.notes)
        kept = element.get("{http://www.w3.org/XML/1998/namespace}space") == "preserve"
        return text if kept else re.sub(r"[ \t\r\n]+", " ", text)

    def _lose(self, note: str) -> None:
        if note not in self.notes:
            self.notes.append(note)

    def _metadata(self) -> dict[str, str]:
        found_fields: dict[str, str] = {}
        self.own: list[tuple[str, str]] = []
        for pair in (one for one in self.element.iter() if local(one) == "qtimetadatafield"):
            label, value = _child(pair, "fieldlabel"), _child(pair, "fieldentry")
            if label is not None and value is not None:
                name, text = (label.text or "").strip(), (value.text or "").strip()
                found_fields.setdefault(name, text)
                if name.startswith(PREFIX + "."):
                    self.own.append((name, text))
        kind = next((one.text for one in self.element.iter() if local(one) == "qmd_itemtype"), None)
        if kind:
            found_fields.setdefault("qmd_itemtype", kind)
        return found_fields

    def _fields(self, part: int) -> Fields:
        prefix = f"{PREFIX}.{part}."
        return [(name.removeprefix(prefix), text) for name, text in self.own if name.startswith(prefix)]

    def _keys(self) -> tuple[dict[str, list[str]], set[str]]:
        """(right values of each response, responses whose other values earn some marks)."""
        earned: dict[str, list[tuple[Decimal, list[str]]]] = {}
        for condition in (one for one in self.element.iter() if local(one) == "respcondition"):
            worth = _worth(condition)
            tested = _child(condition, "conditionvar")
            if worth <= 0 or tested is None:
                continue
            for name, values in _tested(tested).items():
                earned.setdefault(name, []).append((worth, values))
        keys, partial = {}, set()
        for name, tests in earned.items():
            best = max(worth for worth, _ in tests)
            keys[name] = list(dict.fromkeys(value for worth, values in tests if worth == best for value in values))
            if any(worth < best for worth, _ in tests):
                partial.add(name)
        return keys, partial

    def _explanations(self) -> dict[str, str]:
        explanations: dict[str, str] = {}
        for feedback in (one for one in self.element if local(one) == "itemfeedback"):
            name = feedback.get("ident", "")
            own = re.fullmatch(rf"{EXPLANATION}(\d*)", name)
            text = self._text_of(feedback)
            if own or name.lower() in SHOWN_TO_ALL or any(local(one) == "solution" for one in feedback.iter()):
                key = own[1] if own else ""
                explanations[key] = "\n".join(filter(None, [explanations.get(key, ""), text]))
            elif text:
                self._lose("逐项反馈没有导入")
        return explanations

    def _rubrics(self) -> list[str]:
        rubrics = [one for one in self.element if local(one) in ("rubric", "itemrubric")]
        return [self._text_of(one) for one in rubrics if (one.get("view") or "").lower() in ("scorer", "assessor", "tutor")]


def _worth(condition) -> Decimal:
    """What a condition earns; without a sum it earns nothing and only shows feedback."""
    for setvar in (one for one in condition if local(one) == "setvar"):
        if (setvar.get("action") or "Set").lower() in ("set", "add"):
            try:
                return Decimal((setvar.text or "0").strip())
            except InvalidOperation:
                return Decimal(0)
    return Decimal(0)


def _tested(element) -> dict[str, list[str]]:
    """Response → values that must be there; those inside a `not` are not among them; `index` puts them in order."""
    values: dict[str, list[tuple[int, str]]] = {}

    def walk(one) -> None:
        for child in one:
            name = local(child)
            if name in ("varequal", "varsubset"):
                index = child.get("index") or "0"
                order = int(index) if index.isascii() and index.isdigit() and len(index) < 6 else 0
                values.setdefault(child.get("respident", ""), []).append((order, (child.text or "").strip()))
            elif name and name != "not":
                walk(child)

    walk(element)
    return {name: [value for _, value in sorted(found, key=lambda one: one[0])] for name, found in values.items()}
