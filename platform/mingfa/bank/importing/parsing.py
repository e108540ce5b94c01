"""The pipeline: which reader a file gets, and the steps every question goes through after it."""

from pathlib import PurePath

from mingfa.bank.drafts import Problem, same_key, stem_hash
from mingfa.bank.importing.drafting import draft_question
from mingfa.bank.importing.messages import sheet_error
from mingfa.bank.importing.results import Parsed, ParsedQuestion, RawQuestion, Repeat
from mingfa.bank.importing.tables import read_tables
from mingfa.spreadsheets import SheetError, SpreadsheetRefused

# Readers for text and Word files stand beside this one: (bytes, name) → (raw questions, findings).
READERS = {".xlsx": read_tables, ".csv": read_tables}


def parse_file(data: bytes, name: str) -> Parsed:
    """Everything a file of questions holds. Never raises for bad content: that is in `errors`.

    name: the user's file name; its ending chooses the reader, its last part stands in every `source`.
    """
    file = PurePath(name.replace("\\", "/")).name[-100:]
    reader = READERS.get(PurePath(file).suffix.lower())
    try:
        if reader is None:
            raise SpreadsheetRefused("unknown_format", "认不出这种文件。请上传 .xlsx 或 .csv 的试题表格。")
        raw, errors = reader(data, file)
    except SpreadsheetRefused as refused:
        return Parsed(file, errors=(refused.error,))
    if not raw and not errors:
        errors = [SheetError("", None, None, "no_questions", "表头下面没有试题。请检查是否选错了文件。")]
    return _judged(file, raw, errors)


def _judged(file: str, raw: list[RawQuestion], errors: list[SheetError]) -> Parsed:
    """Drafts with all their errors, in file order; a repeat is skipped, a contradiction is an error."""
    questions: list[ParsedQuestion] = []
    repeats: list[Repeat] = []
    rejected: list[RawQuestion] = []
    by_stem: dict[str, ParsedQuestion] = {}
    errors = list(errors)
    for one in raw:
        drafted = draft_question(one)
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
