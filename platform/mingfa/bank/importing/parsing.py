"""The pipeline: which reader a file gets, and the steps every question goes through after it."""

from dataclasses import replace
from pathlib import PurePath

from mingfa.bank.drafts import Problem, same_key, stem_hash
from mingfa.bank.importing.drafting import draft_question
from mingfa.bank.importing.foreign import ReadyQuestion, is_foreign, read_foreign
from mingfa.bank.importing.messages import sheet_error
from mingfa.bank.importing.results import Parsed, ParsedQuestion, RawQuestion, Repeat
from mingfa.bank.importing.tables import read_tables
from mingfa.spreadsheets import SheetError, SpreadsheetRefused

# Readers for text and Word files stand beside this one: (bytes, name) → (raw questions, findings).
READERS = {".xlsx": read_tables, ".csv": read_tables}
UNKNOWN = "认不出这种文件。请上传 .xlsx、.csv、.gift、.xml、.zip，或 Aiken、GIFT 的 .txt。"


def parse_file(data: bytes, name: str) -> Parsed:
    """Everything a file of questions holds. Never raises for bad content: that is in `errors`.

    name: the user's file name; its ending chooses the reader, its last part stands in every `source`.
    """
    file = PurePath(name.replace("\\", "/")).name[-100:]
    reader = READERS.get(PurePath(file).suffix.lower())
    try:
        if is_foreign(data, file):
            raw, errors, *notes = read_foreign(data, file)
        elif reader is None:
            raise SpreadsheetRefused("unknown_format", UNKNOWN)
        else:
            raw, errors, *notes = reader(data, file)
    except SpreadsheetRefused as refused:
        return Parsed(file, errors=(refused.error,))
    if not raw and not errors:
        errors = [SheetError("", None, None, "no_questions", "文件里没有试题。请检查是否选错了文件。")]
    return replace(_judged(file, raw, errors), notes=tuple(note for found in notes for note in found))


def _judged(file: str, raw: list[RawQuestion], errors: list[SheetError]) -> Parsed:
    """Drafts with all their errors, in file order; a repeat is skipped, a contradiction is an error."""
    questions: list[ParsedQuestion] = []
    repeats: list[Repeat] = []
    rejected: list[RawQuestion] = []
    by_stem: dict[str, ParsedQuestion] = {}
    errors = list(errors)
    for one in raw:
        drafted = one.drafted if isinstance(one, ReadyQuestion) else draft_question(one)
        errors += [sheet_error(problem, one.place) for problem in drafted.problems]
        if drafted.problems:
            rejected.append(one)
            continue
        question = ParsedQuestion(drafted.draft, one, drafted.notes)
        first = by_stem.setdefault(stem_hash(drafted.draft.stem), question)
        if first is question:
            questions.append(question)
        elif same_key(first.draft, drafted.draft):
            repeats.append(Repeat(one.place, drafted.draft.stem, other=first.place.row))
        else:
            errors.append(_contradiction(question, first))
            rejected.append(one)
    return Parsed(file, tuple(questions), tuple(errors), tuple(repeats), tuple(rejected))


def _contradiction(question: ParsedQuestion, first: ParsedQuestion) -> SheetError:
    sheet = f"“{first.place.sheet}”" if first.place.sheet != question.place.sheet else ""
    where = f"{sheet}第 {first.place.row} 行"
    problem = Problem("duplicate_stem_different_answer", "stem", (where,))
    return sheet_error(problem, question.place, other=first.place.row)
