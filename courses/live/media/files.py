"""The file of a take and the index beside it: appended, never rewritten, read by any worker that sees the folder.

    1.mp4   the stream as it came, piece after piece
    1.idx   one line of 28 bytes for each piece: where it lies, its times, its frames

The piece is written before its line, so a line always leads to whole bytes. After a crash what has no line, or a line
that leads to nothing, is cut off, and the stream goes on at that border.
"""
import fcntl
import hashlib
import os
import time
from pathlib import Path

from .boxes import Broken, Cutter, Fragment, Init
from .lines import END, STRUCT, Line

SYNC_EVERY = 5.0  # seconds between two orders to the disk
LOOKED_AT_AGAIN = 12  # pieces at the end of a file that a power cut may have hurt


class Busy(Exception):
    """Another process writes this take."""


def index_of(path: Path) -> Path:
    return path.with_suffix(".idx")


def read_lines(path: Path, after: int = 0) -> list[Line]:
    """The whole lines of a take's index after the first so many; empty without an index."""
    try:
        with open(index_of(path), "rb") as file:
            file.seek(after * STRUCT.size)
            content = file.read()
    except FileNotFoundError:
        return []
    whole = len(content) - len(content) % STRUCT.size
    return [Line(*fields) for fields in STRUCT.iter_unpack(content[:whole])]


def read_pieces(path: Path, lines: list[Line]) -> bytes:
    """The bytes of pieces that follow each other."""
    with open(path, "rb") as file:
        file.seek(lines[0].offset)
        return file.read(lines[-1].offset + lines[-1].length - lines[0].offset)


def read_init(path: Path, line: Line) -> Init:
    return Cutter().feed(read_pieces(path, [line]))[0]


def read_fragment(init: Init, data: bytes) -> Fragment:
    return Cutter(init).feed(data)[0]


def sha256_of(path: Path) -> str:
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


class Writer:
    """The one that writes a take; holds a lock on the file, so a second process cannot."""

    def __init__(self, path: Path):
        """Raises: Busy, OSError."""
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.path = path
        self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            os.close(self._file)
            raise Busy from held
        self._index = os.open(index_of(path), os.O_RDWR | os.O_CREAT, 0o600)
        self.lines: list[Line] = []
        self.init: Init | None = None
        self._synced = time.monotonic()
        self._mend()

    @property
    def size(self) -> int:
        return self.lines[-1].offset + self.lines[-1].length if self.lines else 0

    @property
    def end_ms(self) -> int:
        return max((one.end_ms for one in self.lines), default=0)

    @property
    def frames(self) -> int:
        return sum(one.video for one in self.lines)

    def _mend(self):
        """Take what is whole of the file as it lies there; cut off the rest."""
        on_disk = os.fstat(self._file).st_size
        kept = []
        for line in read_lines(self.path):
            if line.flags & END or line.offset != (kept[-1].offset + kept[-1].length if kept else 0):
                break
            if line.offset + line.length > on_disk:
                break
            kept.append(line)
        self.init = self._init_of(kept)
        if self.init is None:
            kept = []
        for back in range(len(kept) - 1, max(0, len(kept) - LOOKED_AT_AGAIN), -1):
            if not self._is_whole(kept[back]):
                kept = kept[:back]
        self.lines = kept
        self._take_in_the_rest(on_disk)
        os.ftruncate(self._file, self.size)
        os.ftruncate(self._index, len(self.lines) * STRUCT.size)

    def _init_of(self, kept: list[Line]) -> Init | None:
        try:
            return read_init(self.path, kept[0]) if kept else None
        except (Broken, IndexError):
            return None

    def _is_whole(self, line: Line) -> bool:
        try:
            return len(Cutter(self.init).feed(os.pread(self._file, line.length, line.offset))) == 1
        except Broken:
            return False

    def _take_in_the_rest(self, on_disk):
        """Pieces whose lines were not written any more."""
        cutter, at, number = Cutter(self.init), self.size, len(self.lines)
        pieces = []
        try:
            while at < on_disk and (part := os.pread(self._file, 1 << 20, at)):
                at += len(part)
                pieces += cutter.feed(part)
        except Broken as broken:
            pieces += broken.before
        for piece in pieces:
            if isinstance(piece, Init):
                self.init = piece
            elif not isinstance(piece, Fragment):
                break
            self.lines.append(Line.of(piece, self.size))
        for place in range(number, len(self.lines)):
            os.pwrite(self._index, self.lines[place].packed(), place * STRUCT.size)

    def append(self, pieces: list) -> None:
        """Keep whole pieces. Raises OSError when the disk does not take them."""
        for piece in pieces:
            line = Line.of(piece, self.size)
            _write_all(self._file, piece.data, line.offset)
            _write_all(self._index, line.packed(), len(self.lines) * STRUCT.size)
            self.lines.append(line)
            if isinstance(piece, Init):
                self.init = piece
        if time.monotonic() - self._synced > SYNC_EVERY:
            self.sync()

    def sync(self) -> None:
        os.fdatasync(self._file)
        os.fdatasync(self._index)
        self._synced = time.monotonic()

    def finish(self) -> None:
        """Say in the index that nothing more comes, and let go."""
        if not (self.lines and self.lines[-1].flags & END):
            self.lines.append(Line(self.size, 0, flags=END))
            _write_all(self._index, self.lines[-1].packed(), (len(self.lines) - 1) * STRUCT.size)
        self.sync()
        self.close()

    def close(self) -> None:
        if self._file >= 0:
            os.close(self._index)
            os.close(self._file)
            self._file = self._index = -1


def _write_all(handle: int, data: bytes, at: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(handle, view, at)
        view, at = view[written:], at + written
