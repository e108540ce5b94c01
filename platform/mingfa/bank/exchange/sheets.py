"""Questions as the Excel table of domain guide §9.2, in the shape the importer reads."""

from mingfa.bank.drafts import BLANK, CHOICES, JUDGE, MULTIPLE, SHORT, SINGLE, QuestionDraft
from mingfa.bank.exchange.details import DIFFICULTY_NAMES, TYPE_NAMES
from mingfa.bank.exchange.markup import NOT_XML
from mingfa.bank.importing.results import Place, RawQuestion
from mingfa.library.citations import format_place
from mingfa.spreadsheets import write_xlsx

TYPES = (SINGLE, MULTIPLE, JUDGE, BLANK, SHORT)
LETTERS = "ABCDEFGH"
HEADER = ["题型", "题干", *(f"选项{letter}" for letter in LETTERS), "正确答案", "解析", "难度", "知识点", "分值"]
HEADER += ["依据法律", "依据条款"]
WIDTHS = [10, 60, *[20] * len(LETTERS), 12, 40, 8, 16, 8, 24, 20]
JUDGED = {"T": "正确", "F": "错误"}


def write_sheet(drafts: list[QuestionDraft]) -> bytes:
    """One row a question. Every text is written as text, never as a formula (IF4)."""
    return write_xlsx(HEADER, [_cells(raw_of(draft)) for draft in drafts], sheet="试题", widths=WIDTHS)


def raw_of(draft: QuestionDraft, place: Place | None = None) -> RawQuestion:
    """The words of a draft as the columns of a table have them."""
    options = draft.options if draft.type in CHOICES else ()
    return RawQuestion(
        place=place or Place("", "", 0),
        stem=draft.stem,
        type_tag=TYPE_NAMES.get(draft.type, draft.type),
        options=options,
        answer=JUDGED.get(draft.answer, draft.answer) if draft.type == JUDGE else _written(draft),
        explanation=draft.explanation,
        difficulty=DIFFICULTY_NAMES.get(draft.difficulty, ""),
        topic=draft.topic,
        marks="" if draft.marks is None else f"{draft.marks.normalize():f}",
        laws="\n".join(f"《{ref.law_title}》" for ref in draft.citations),
        articles="\n".join(format_place(ref) for ref in draft.citations),
    )


def _written(draft: QuestionDraft) -> str:
    return draft.answer.replace("\n", "；") if draft.type == BLANK else draft.answer


def _cells(raw: RawQuestion) -> list[str]:
    options = [*raw.options[: len(LETTERS)], *[""] * (len(LETTERS) - len(raw.options))]
    cells = [raw.type_tag, raw.stem, *options, raw.answer, raw.explanation, raw.difficulty, raw.topic, raw.marks]
    return [NOT_XML.sub("", cell) for cell in [*cells, raw.laws, raw.articles]]
