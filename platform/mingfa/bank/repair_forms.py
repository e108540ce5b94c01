"""The form of the repair screen: one question of an upload, however broken it was read."""

from dataclasses import replace

from django import forms

from mingfa.bank import drafts
from mingfa.bank.forms import LETTERS, WRITABLE_TYPES, QuestionForm
from mingfa.bank.importing.keeping import draft_from
from mingfa.bank.models import Difficulty, ImportEntry
from mingfa.library.citations import format_citation

FEWEST_OPTIONS = 4
TYPES = [value for value, _ in WRITABLE_TYPES]


def writable(draft: drafts.QuestionDraft) -> bool:
    """Whether the form can hold the question; a 案例 and more options than letters can only be taken as they stand."""
    return draft.type != drafts.CASE and len(draft.options) <= len(LETTERS)


def type_of(entry: ImportEntry, asked: str = "") -> str:
    """The type the form is for: the one asked for, the one left half filled in, the one read, else 单选题."""
    wanted = [asked, *entry.typed.get("type", []), entry.draft["type"]]
    return next((one for one in wanted if one in TYPES), drafts.SINGLE)


class RepairForm(QuestionForm):
    """A question as it was read, to be put right. A key that was only guessed is not chosen beforehand."""

    def __init__(self, data=None, *, entry: ImportEntry, type: str):
        self.entry, self.read = entry, draft_from(entry.draft)
        super().__init__(data, bank=entry.run.bank, type=type, initial=_initial(entry, self.read, type))
        self.fields["difficulty"] = forms.TypedChoiceField(
            label="难度", choices=[("", "没有写"), *Difficulty.choices], coerce=int, empty_value=None, required=False
        )
        self.fields["citations"].help_text = ""
        self.fields["marks"].help_text = ""
        filled = [letter for letter in LETTERS if self._holds(f"option_{letter}")]
        shown = max(FEWEST_OPTIONS, LETTERS.find(filled[-1]) + 2) if filled else FEWEST_OPTIONS
        self.letters = LETTERS[:shown] if type in drafts.CHOICES else ""
        for letter in LETTERS if self.letters else "":
            if letter not in self.letters:
                del self.fields[f"option_{letter}"]
        if self.letters:
            self.fields["answer"].choices = [(letter, letter) for letter in self.letters]
        if type in (drafts.BLANK, drafts.SHORT):
            self.fields["answer"].error_messages["required"] = "没有写正确答案。请补上。"

    def _holds(self, name: str) -> bool:
        return bool(self.data.get(name) if self.is_bound else self.initial.get(name))

    def rows(self) -> list[tuple]:
        """(letter, field of the option or None, whether it is the key chosen so far, whether the file only hints at it)."""
        chosen, guess = self["answer"].value() or [], self.entry.reading["guess"]
        if self.type == drafts.JUDGE:
            return [("T", "正确", "T" in chosen, "T" in guess), ("F", "错误", "F" in chosen, "F" in guess)]
        return [(letter, self[f"option_{letter}"], letter in chosen, letter in guess) for letter in self.letters]

    def typed(self) -> dict:
        """What was typed, field by field, to go on with later."""
        return {name: self.data.getlist(name) for name in ("type", *self.fields)}

    def _draft(self, cleaned) -> drafts.QuestionDraft:
        draft = super()._draft(cleaned)
        same = (draft.type, draft.options) == (self.read.type, self.read.options)
        # The page has no field for them: one behind an answer that is right now would stand in the way for ever.
        wrong = drafts.wrong_answers(draft.type, draft.options, draft.answer) if same else ()
        beliefs = tuple(one for one in self.read.beliefs if one[0] in wrong)
        return replace(draft, source=self.read.source, confidence=self.read.confidence, beliefs=beliefs)


def _initial(entry: ImportEntry, draft: drafts.QuestionDraft, type: str) -> dict:
    if entry.typed:
        lists = ("answer",) if type == drafts.MULTIPLE else ()
        return {name: values if name in lists else values[0] for name, values in entry.typed.items() if values}
    answer = draft.answer if draft.type == type else ""
    if draft.type != type and draft.type in drafts.CHOICES and type in drafts.CHOICES:
        answer = draft.answer if type == drafts.MULTIPLE or len(draft.answer) == 1 else ""
    initial = {f"option_{letter}": text for letter, text in zip(LETTERS, draft.options, strict=False)}
    return initial | {
        "stem": draft.stem, "answer": list(answer) if type == drafts.MULTIPLE else answer, "items": _items(draft),
        "explanation": draft.explanation, "citations": "\n".join(map(format_citation, draft.citations)),
        "difficulty": draft.difficulty, "topic": draft.topic, "marks": draft.marks,
    }  # fmt: skip


def _items(draft: drafts.QuestionDraft) -> str:
    """排序 in its right order, 配对 as pairs; nothing where the key is not known, so that no order passes for the key."""
    known = draft.answer and all(letter in drafts.letters(draft.options) for letter in draft.answer)
    if draft.type == drafts.ORDER and known:
        return "\n".join(draft.options[ord(letter) - 65] for letter in draft.answer)
    if draft.type != drafts.MATCH:
        return ""
    if not known or len(draft.answer) != len(draft.prompts):
        return "\n".join([*draft.prompts, *(f"= {text}" for text in draft.options)])
    pairs = [f"{prompt} = {draft.options[ord(letter) - 65]}" for prompt, letter in zip(draft.prompts, draft.answer, strict=True)]
    letters = drafts.letters(draft.options)
    unused = [text for letter, text in zip(letters, draft.options, strict=True) if letter not in draft.answer]
    return "\n".join([*pairs, *(f"= {text}" for text in unused)])
