"""What passes from step to step of an import."""

from dataclasses import dataclass, field

from mingfa.bank.drafts import QuestionDraft
from mingfa.spreadsheets import SheetError


@dataclass(frozen=True)
class Place:
    """Where something was read. `sheet` is "" for files without sheets; `row` counts as the file's program does.

    `columns` gives the column letters of each part ("stem", "answer", "A" for option A …) where there are any.
    """

    file: str
    sheet: str
    row: int
    columns: dict[str, str] = field(default_factory=dict, hash=False)

    def __str__(self):
        sheet = f"，{self.sheet}" if self.sheet else ""
        return f"{self.file}{sheet}，第 {self.row} 行"


@dataclass(frozen=True)
class RawQuestion:
    """The words of one question before anybody has judged them; "" where the file says nothing.

    `hints` are texts around it that may name its type, nearest first: section head, sheet name, title.
    `options` keep their places, with "" for a letter that was left out.
    `laws` and `articles` are the two citation columns.
    """

    place: Place
    stem: str
    type_tag: str = ""
    hints: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    answer: str = ""
    explanation: str = ""
    difficulty: str = ""
    topic: str = ""
    marks: str = ""
    laws: str = ""
    articles: str = ""


@dataclass(frozen=True)
class ParsedQuestion:
    """A draft that can be saved, the words it came from, and what was inferred and should be looked at."""

    draft: QuestionDraft
    raw: RawQuestion
    notes: tuple[str, ...] = ()

    @property
    def place(self) -> Place:
        return self.raw.place


@dataclass(frozen=True)
class Repeat:
    """A question with the same stem and answer as one before it: skipped.

    `other` is the row it repeats inside the file, `question_id` the question of the bank it repeats.
    """

    place: Place
    stem: str
    other: int | None = None
    question_id: int | None = None


@dataclass(frozen=True)
class Parsed:
    """What a file holds: questions in file order, each once; every error and the rows they reject; repeats.

    `notes`: what the reader left out of the whole file (pictures of a package, a description).
    """

    file: str
    questions: tuple[ParsedQuestion, ...] = ()
    errors: tuple[SheetError, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    rejected: tuple[RawQuestion, ...] = ()
    notes: tuple[str, ...] = ()
