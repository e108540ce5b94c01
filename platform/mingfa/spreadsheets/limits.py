"""How large a spreadsheet may be before it is refused unread."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """Bounds of one file. Sizes in bytes; the defaults hold a roster of 100,000 rows.

    file: the file as uploaded; unpacked: all its parts together; parts: files inside it;
    ratio: unpacked to packed size of a part of more than 1 MB; rows, columns, cells: of one sheet;
    text: characters of all text cells of a sheet, counted each time a shared text is used
    """

    file: int = 20 * MEGABYTE
    unpacked: int = 80 * MEGABYTE
    parts: int = 500
    ratio: int = 200
    rows: int = 100_000
    columns: int = 300
    cells: int = 3_000_000
    text: int = 60_000_000
