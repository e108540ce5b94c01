"""What can be wrong with a file or with one of its cells."""

from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class SheetError:
    """One finding, named by where it stands.

    sheet: name of the sheet ("" for CSV and for findings about the whole file)
    row, column: row number and column letters as Excel shows them; None where they do not apply
    code: stable word for programs
    message: one Chinese sentence: what is wrong and what to do
    other: number of the other row the finding is about, e.g. the first of two equal rows
    """

    sheet: str
    row: int | None
    column: str | None
    code: str
    message: str
    other: int | None = None

    def as_dict(self) -> dict:
        return asdict(self)

    @property
    def place(self) -> str:
        """Where it is, in words: “花名册，第 7 行，C 列”."""
        parts = [self.sheet] if self.sheet else []
        if self.row:
            parts.append(f"第 {self.row} 行")
        if self.column:
            parts.append(f"{self.column} 列")
        return "，".join(parts)


class SpreadsheetRefused(Exception):
    """The whole file was refused before any row was looked at. `error` says why."""

    def __init__(self, code: str, message: str, *, sheet: str = "", row: int | None = None):
        super().__init__(message)
        self.error = SheetError(sheet, row, None, code, message)
