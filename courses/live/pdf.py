"""A stranger's PDF: whether it can be a deck, and its pages drawn by a program of their own (drawing.py)."""
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

MOST_BYTES = 20 * 1024 * 1024
MOST_PAGES = 200
PATIENCE = 240  # seconds; the program itself may compute for half as long
HEAD = 1024  # bytes in which the mark of a PDF has to stand
PROGRAM = str(Path(__file__).with_name("drawing.py"))


class BadDeck(Exception):
    """The file cannot be shown. `what`: not_pdf, too_large, password, damaged, empty, too_many (`number` pages), page (the
    `number`-th cannot be drawn)."""

    def __init__(self, what: str, number: int = 0):
        super().__init__(what, number)
        self.what, self.number = what, number


@dataclass(frozen=True)
class Drawn:
    """One page: its picture and what the file says of it."""

    page: int
    content: bytes
    sha: str
    width: int
    height: int
    title: str
    notes: str
    label: str


def count_pages(content: bytes) -> int:
    """How many pages a PDF has.

    Raises:
        BadDeck
    """
    if b"%PDF-" not in content[:HEAD]:
        raise BadDeck("not_pdf")
    if len(content) > MOST_BYTES:
        raise BadDeck("too_large")
    with tempfile.TemporaryDirectory() as folder:
        told = _run(_kept(content, folder))
    pages = told[0].get("pages") if told else None
    if pages is None:
        raise BadDeck(told[0]["problem"] if told else "damaged")
    if not 0 < pages <= MOST_PAGES:
        raise BadDeck("too_many" if pages else "empty", pages)
    return pages


def draw_pages(content: bytes, first: int, last: int) -> Iterator[Drawn]:
    """The pages from `first` to `last`, drawn.

    Raises:
        BadDeck: page, with the number of the first that cannot be drawn.
    """
    with tempfile.TemporaryDirectory() as folder:
        done = first - 1
        for told in _run(_kept(content, folder), folder, str(first), str(last)):
            if told.get("page") != done + 1 or "problem" in told:
                break
            done, picture = told["page"], Path(folder, f"{told['page']}.webp").read_bytes()
            facts = {name: told[name] for name in ("sha", "width", "height", "title", "notes", "label")}
            yield Drawn(done, picture, **facts)
    if done < last:
        raise BadDeck("page", done + 1)


def _kept(content: bytes, folder: str) -> str:
    path = Path(folder, "deck.pdf")
    path.write_bytes(content)
    return str(path)


def _run(*arguments: str) -> list[dict]:
    """What the program told before it ended, however it ended."""
    try:
        command = [sys.executable, "-I", PROGRAM, *arguments]  # our own program, on files with names of ours
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=PATIENCE)  # noqa: S603
        lines = done.stdout
    except subprocess.TimeoutExpired as late:
        lines = late.stdout or b""
    whole = [line for line in lines.decode("utf-8", "replace").splitlines() if line.endswith("}")]
    return [json.loads(line) for line in whole]
