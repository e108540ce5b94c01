"""What passes from step to step of an import."""

from dataclasses import dataclass, field

from mingfa.bank.drafts import QuestionDraft
from mingfa.spreadsheets import SheetError


@dataclass(frozen=True)
class Place:
    """Where something was read: `row` is the first source unit, `last` the last one (None: the same).

    `unit` is what is counted: 行 of a sheet, table or text file, 段 of a Word document, from 1 as its program shows
    them. `sheet` is "" for files without sheets, “表格 2” for the second table of a Word document. `number` is the
    question's number as it is written. `columns` gives the column letters of each part ("stem", "answer", "A" for
    option A …) where there are any.
    """

    file: str
    sheet: str
    row: int
    columns: dict[str, str] = field(default_factory=dict, hash=False)
    unit: str = "行"
    last: int | None = None
    number: str = ""

    @property
    def span(self) -> str:
        """“第 3 行”, “第 3–9 段”."""
        to = f"–{self.last}" if self.last and self.last != self.row else ""
        return f"第 {self.row}{to} {self.unit}"

    def __str__(self):
        sheet = f"，{self.sheet}" if self.sheet else ""
        return f"{self.file}{sheet}，{self.span}"


@dataclass(frozen=True)
class Finding(SheetError):
    """An error of one question; `row` to `last` count `unit`s, `number` is the question's own number."""

    unit: str = "行"
    last: int | None = None
    number: str = ""

    def as_dict(self) -> dict:
        """As plain data; errors of rows have the six facts every table error has and no more."""
        data = super().as_dict()
        if self.last is None:
            return {name: data[name] for name in ("sheet", "row", "column", "code", "message", "other")}
        return data

    @property
    def place(self) -> str:
        """“第 7 段（第 3 题）”, or sheet, row and column."""
        number = f"（第 {self.number} 题）" if self.number else ""
        return super().place.replace(f"第 {self.row} 行", f"第 {self.row} {self.unit}") + number


@dataclass(frozen=True)
class Doubt:
    """Something a reader inferred: how sure it is (0 to 1), and in words what was inferred."""

    confidence: float
    note: str


@dataclass(frozen=True)
class RawQuestion:
    """The words of one question before anybody has judged them; "" where the file says nothing.

    `hints` are texts around it that may name its type, nearest first: section head, sheet name, title.
    `options` keep their places, with "" for a letter that was left out. `prompts` is the left side of a 配对.
    `laws` and `articles` are the two citation columns. `doubts`: what the reader inferred. `excerpt`: the words of
    the source units it was read from. `rivals`: other answers the file gives to the same question.
    """

    place: Place
    stem: str
    type_tag: str = ""
    hints: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    prompts: tuple[str, ...] = ()
    answer: str = ""
    explanation: str = ""
    difficulty: str = ""
    topic: str = ""
    marks: str = ""
    laws: str = ""
    articles: str = ""
    doubts: tuple[Doubt, ...] = ()
    excerpt: str = ""
    rivals: tuple[str, ...] = ()
    children: tuple["RawQuestion", ...] = ()


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
class Rejected:
    """A question with errors: its words, what was recognised so far for a person to complete, and what is wrong."""

    raw: RawQuestion
    draft: QuestionDraft
    errors: tuple[SheetError, ...]
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
    """What a file holds: questions in file order, each once; every error and the questions they reject; repeats.

    `notes`: what the reader left out of the whole file (text boxes, pictures of a package).
    """

    file: str
    questions: tuple[ParsedQuestion, ...] = ()
    errors: tuple[SheetError, ...] = ()
    repeats: tuple[Repeat, ...] = ()
    rejected: tuple[Rejected, ...] = ()
    notes: tuple[str, ...] = ()
