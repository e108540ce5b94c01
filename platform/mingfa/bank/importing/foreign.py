"""Files of other programs in the importer: what `bank.exchange` read, in the shape every reader hands on."""

from dataclasses import dataclass, fields

from mingfa.bank.importing.drafting import Drafted
from mingfa.bank.importing.results import RawQuestion
from mingfa.spreadsheets import SheetError


@dataclass(frozen=True, kw_only=True)
class ReadyQuestion(RawQuestion):
    """A question that needs no guessing: the words as a table would have them, and the draft itself."""

    drafted: Drafted


def is_foreign(data: bytes, name: str) -> bool:
    """Whether the file comes from another program (GIFT, Aiken, Moodle XML, QTI)."""
    # The readers use steps of this package, so they are asked for when they are needed.
    from mingfa.bank.exchange.reading import is_exchange

    return is_exchange(data, name)


def read_foreign(data: bytes, name: str) -> tuple[list[RawQuestion], list[SheetError], tuple[str, ...]]:
    """(questions, findings, what of the file was left behind). Raises SpreadsheetRefused."""
    from mingfa.bank.exchange.reading import read_exchange
    from mingfa.bank.exchange.sheets import raw_of

    read = read_exchange(data, name)
    questions = []
    for one in read.questions:
        raw = raw_of(one.draft, one.place)
        words = {field.name: getattr(raw, field.name) for field in fields(raw)}
        questions.append(ReadyQuestion(**words, drafted=Drafted(one.draft, one.problems, one.notes)))
    return questions, list(read.errors), read.losses
