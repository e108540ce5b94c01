"""The pipeline: which reader a file gets, and the steps every question goes through after it."""

from dataclasses import replace
from pathlib import PurePath

from mingfa.bank.drafts import Problem, draft_hash, same_key
from mingfa.bank.importing.drafting import draft_question
from mingfa.bank.importing.foreign import ReadyQuestion, is_foreign, read_foreign
from mingfa.bank.importing.messages import sheet_error
from mingfa.bank.importing.results import Parsed, ParsedQuestion, RawQuestion, Rejected, Repeat
from mingfa.bank.importing.tables import read_tables
from mingfa.bank.importing.texts import read_text
from mingfa.bank.importing.word import read_word
from mingfa.spreadsheets import SheetError, SpreadsheetRefused

# (bytes, name) → (raw questions, findings); Word adds notes about what it left out.
READERS = {".xlsx": read_tables, ".csv": read_tables, ".txt": read_text, ".docx": read_word}
UNKNOWN = (
    "认不出这种文件。请上传 .docx、.txt、.xlsx、.csv 的试题文件，或者 GIFT、Aiken、Moodle XML、QTI（.gift、.xml、.zip）。"
    "旧的 .doc 和 .xls 请先另存为 .docx 或 .xlsx。"
)
EMPTY = "没有找到试题。请检查是否选错了文件，表格要有表头，题目要有题号。"


def parse_file(data: bytes, name: str) -> Parsed:
    """Everything a file of questions holds. Never raises for bad content: that is in `errors`.

    name: the user's file name; its ending chooses the reader, its last part stands in every `source`.
    """
    file = PurePath(name.replace("\\", "/")).name[-100:]
    try:
        reader = read_foreign if is_foreign(data, file) else READERS.get(PurePath(file).suffix.lower())
        if reader is None:
            raise SpreadsheetRefused("unknown_format", UNKNOWN)
        raw, errors, *notes = reader(data, file)
    except SpreadsheetRefused as refused:
        return Parsed(file, errors=(refused.error,))
    if not raw and not errors:
        errors = [SheetError("", None, None, "no_questions", EMPTY)]
    return replace(_judged(file, raw, errors), notes=tuple(note for found in notes for note in found))


def _judged(file: str, raw: list[RawQuestion], errors: list[SheetError]) -> Parsed:
    """Drafts with all their errors, in file order; a repeat is skipped, a contradiction is an error."""
    questions: list[ParsedQuestion] = []
    repeats: list[Repeat] = []
    rejected: list[Rejected] = []
    by_stem: dict[str, ParsedQuestion] = {}
    errors = list(errors)
    for one in raw:
        drafted = one.drafted if isinstance(one, ReadyQuestion) else draft_question(one)
        if drafted.problems:
            found = tuple(sheet_error(problem, one.place) for problem in drafted.problems)
            errors += found
            rejected.append(Rejected(one, drafted.draft, found, drafted.notes))
            continue
        question = ParsedQuestion(drafted.draft, one, drafted.notes)
        first = by_stem.setdefault(draft_hash(drafted.draft), question)
        if first is question:
            questions.append(question)
        elif same_key(first.draft, drafted.draft):
            repeats.append(Repeat(one.place, drafted.draft.stem, other=first.place.row))
        else:
            errors.append(_contradiction(question, first))
            rejected.append(Rejected(one, drafted.draft, (errors[-1],), drafted.notes))
    return Parsed(file, tuple(questions), tuple(errors), tuple(repeats), tuple(rejected))


def _contradiction(question: ParsedQuestion, first: ParsedQuestion) -> SheetError:
    sheet = f"“{first.place.sheet}”" if first.place.sheet != question.place.sheet else ""
    number = f"（第 {first.place.number} 题）" if first.place.number else ""
    where = f"{sheet}第 {first.place.row} {first.place.unit}{number}"
    problem = Problem("duplicate_stem_different_answer", "stem", (where,))
    return sheet_error(problem, question.place, other=first.place.row)
