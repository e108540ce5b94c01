"""A folder of Markdown laws → editions; files of one law in parts (民法典) become one. Pure but for reading."""
import csv
import hashlib
import re
from collections import defaultdict
from datetime import date
from pathlib import Path

from mingfa.library.importing.dates import effective_on, made_on, read_iso
from mingfa.library.importing.markdown import ParsedFile, is_law, parse_file
from mingfa.library.importing.parsed import (
    LawFormatError,
    Level,
    Origin,
    ParsedEdition,
    ParsedHeading,
    Piece,
)

CATALOGUE = "INDEX.tsv"
STATUSES = {"有效": "in_force", "已被修改": "amended", "已被修订": "revised", "废止": "repealed"}
# Folders are named after the branches of law of the official collection, two after something else.
BRANCHES = {"民法典": "民法商法", "行政法规": "行政法"}
# What the catalogue's remark may state about an edition's own days.
AMENDMENT_HOLDS_FROM = re.compile(r"修正决定自(\d{4}-\d{2}-\d{2})起施行")
REPLACED_FROM = re.compile(r"(\d{4}-\d{2}-\d{2})起施行新文本")


def read_folder(folder: Path) -> tuple[list[ParsedEdition], list[str]]:
    """All editions in a folder and below it, and the names of Markdown files that are no laws.

    `INDEX.tsv` beside them (columns file, kind, latest_body, status, note) adds what the texts do not
    say. Raises LawFormatError with every unreadable file.
    """
    catalogue = _read_catalogue(folder / CATALOGUE)
    parts: dict[tuple, list[ParsedFile]] = defaultdict(list)
    skipped: list[str] = []
    errors: list[str] = []
    for path in sorted(folder.rglob("*.md")):
        name, content = path.relative_to(folder).as_posix(), path.read_bytes()
        if not is_law(content):
            skipped.append(name)
            continue
        try:
            file = parse_file(name, content)
        except LawFormatError as error:
            errors.append(str(error))
            continue
        parts[(file.title, "" if file.part else name)].append(file)
    if errors:
        raise LawFormatError(f"{len(errors)} 个文件不能读取", "；".join(errors))
    if not parts:
        raise LawFormatError(str(folder), "没有法律文本（.md 文件）")
    return [_join(files, catalogue) for files in parts.values()], skipped


def _read_catalogue(path: Path) -> dict[str, dict[str, str]]:
    if not path.exists():
        return {}
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return {row["file"]: row for row in csv.DictReader(lines, delimiter="\t") if row.get("file")}


def _join(files: list[ParsedFile], catalogue: dict[str, dict[str, str]]) -> ParsedEdition:
    """One edition of one file, or of the parts of a law in the order of their articles."""
    files = sorted(files, key=lambda file: file.articles[0].number if file.articles else 0)
    first, entry = files[0], catalogue.get(files[0].name, {})
    history = max((file.history for file in files), key=len)
    days = made_on(list(history))
    version_on = read_iso(first.name) or (max(days) if days else None)
    adopted = min(days) if days else version_on
    articles = files[-1].articles
    digest = first.digest if len(files) == 1 else hashlib.sha256(
        "".join(file.digest for file in files).encode()
    ).hexdigest()
    folder = first.name.rpartition("/")[0].rpartition("/")[2]
    return ParsedEdition(
        title=first.title,
        origin=Origin.TEXT,
        source=first.name if len(files) == 1 else f"{first.name} 等 {len(files)} 个文件",
        digest=digest,
        pieces=tuple(_pieces(files)),
        kind=entry.get("kind", ""),
        topic=BRANCHES.get(folder, folder),
        body=entry.get("latest_body", ""),
        version_on=version_on,
        first_adopted_on=adopted,
        effective_on=effective_on(list(articles[-1].lines) if articles else [], list(history), adopted),
        in_force_from=_stated(AMENDMENT_HOLDS_FROM, entry),
        in_force_until=_stated(REPLACED_FROM, entry),
        status=STATUSES.get(entry.get("status", ""), ""),
        history="\n".join(history),
        note=entry.get("note", ""),
    )


def _pieces(files: list[ParsedFile]) -> list[Piece]:
    pieces: list[Piece] = []
    for file in files:
        if file.part:
            pieces.append(ParsedHeading(Level.BOOK, file.part, file.part))
        pieces.extend(file.pieces)
    return pieces


def _stated(pattern: re.Pattern, entry: dict[str, str]) -> date | None:
    match = pattern.search(entry.get("note", ""))
    return read_iso(match[1]) if match else None
