"""Fragmented MP4 cut at box borders while it arrives, without a codec. Pure.

A browser's recorder writes `ftyp moov` once and then `moof mdat` again and again. `Cutter` takes the bytes in any
chunks and gives pieces: one Init, then Fragments. The pieces joined are the bytes that came in, so that a recording is
the stream itself. What is no such stream, or larger than a recorder of ours makes, is refused before it is kept.
"""
import struct
from collections.abc import Iterator
from dataclasses import dataclass

LARGEST = {b"ftyp": 1024, b"moov": 64 * 1024, b"moof": 256 * 1024, b"mdat": 8 * 1024 * 1024, b"mfra": 1024 * 1024}
# May stand between fragments and says nothing we need.
ASIDE = {b"free": 64 * 1024, b"skip": 64 * 1024, b"styp": 1024, b"sidx": 64 * 1024, b"prft": 1024}
MOST_TRACKS = 4
MOST_SAMPLES = 20_000  # of one track in one fragment
LONGEST = 48 * 3600 * 1000  # milliseconds of one stream
NOT_SYNC = 0x10000  # bit of a sample's flags


class Broken(Exception):
    """The bytes are no stream as a browser's recorder makes it; `why` names what was wrong, for the log. `before`: the
    pieces that the same bytes made whole up to there."""

    def __init__(self, why: str):
        super().__init__(why)
        self.why = why
        self.before: list = []


@dataclass(frozen=True)
class Track:
    id: int
    kind: str  # video or audio
    timescale: int
    default_duration: int = 0
    default_size: int = 0
    default_flags: int = 0


@dataclass(frozen=True)
class Init:
    """What a decoder needs before the first fragment."""

    data: bytes
    tracks: dict[int, Track]

    @property
    def has_video(self) -> bool:
        return any(one.kind == "video" for one in self.tracks.values())


@dataclass(frozen=True)
class Run:
    """The samples of one track in one fragment: where they lie in it, how long each is, in the track's timescale.

    A recorder names every track in every fragment, also one that has no sample there: at the end what the camera gave
    last may have no sound beside it, and the other way round.
    """

    track: Track
    at: int
    sizes: tuple[int, ...]
    durations: tuple[int, ...]
    start: int
    starts_with_key: bool

    @property
    def frames(self) -> int:
        return len(self.sizes)

    @property
    def start_ms(self) -> int:
        return self.start * 1000 // self.track.timescale

    @property
    def end_ms(self) -> int:
        return (self.start + sum(self.durations)) * 1000 // self.track.timescale


@dataclass(frozen=True)
class Fragment:
    """One `moof mdat`, which plays by itself after the Init if it begins with a key frame."""

    data: bytes
    runs: tuple[Run, ...]

    @property
    def lead(self) -> Run:
        """The video's run, the audio's where there is none: it tells the time."""
        full = [one for one in self.runs if one.frames]
        return next((one for one in full if one.track.kind == "video"), full[0])

    @property
    def key(self) -> bool:
        return self.lead.starts_with_key or self.lead.track.kind == "audio"

    @property
    def start_ms(self) -> int:
        return self.lead.start_ms

    @property
    def end_ms(self) -> int:
        return self.lead.end_ms

    def frames(self, kind: str) -> int:
        return sum(one.frames for one in self.runs if one.track.kind == kind)


@dataclass(frozen=True)
class Tail:
    """What a recorder may write when it stops."""

    data: bytes


class Cutter:
    """Feed it bytes, get the pieces that have become whole.

    Args:
        init: of the stream so far, when it goes on in the middle (after a restart).
    """

    def __init__(self, init: Init | None = None):
        self.init = init
        self._buffer = bytearray()
        self._border = 0  # the first whole boxes of the buffer, which wait for the rest of their piece
        self._waiting: bytes = b""  # type of the box before
        self._header: tuple[bytes, int] | None = None

    @property
    def held(self) -> int:
        """Bytes that have come and belong to no piece yet."""
        return len(self._buffer)

    def feed(self, data: bytes) -> list[Init | Fragment | Tail]:
        """The pieces these bytes make whole.

        Raises:
            Broken: from here on nothing can be trusted; do not feed it again.
        """
        self._buffer += data
        pieces: list = []
        try:
            self._take(pieces)
        except Broken as broken:
            broken.before = pieces
            raise
        return pieces

    def _take(self, pieces: list) -> None:
        while True:
            if self._header is None:
                self._header = self._next_header()
            if self._header is None or len(self._buffer) < self._border + self._header[1]:
                return
            kind, size = self._header
            self._header = None
            self._border += size
            if kind in ASIDE:
                continue
            self._waiting = kind
            if kind in (b"moov", b"mdat", b"mfra"):
                pieces.append(self._cut(kind))

    def _next_header(self) -> tuple[bytes, int] | None:
        found = header(self._buffer, self._border, len(self._buffer))
        if found is None:
            return None
        kind, size, _ = found
        if kind not in self._allowed() or size > (LARGEST.get(kind) or ASIDE[kind]):
            raise Broken(f"box {kind.decode('latin-1')!r} of {size} bytes")
        if self._border + size > sum(LARGEST.values()):
            raise Broken("too much beside the fragments")
        return kind, size

    def _allowed(self) -> set[bytes]:
        if self.init is None:
            return {b"moov", *ASIDE} if self._waiting == b"ftyp" else {b"ftyp"}
        return {b"mdat"} if self._waiting == b"moof" else {b"moof", b"mfra", *ASIDE}

    def _cut(self, kind: bytes) -> Init | Fragment | Tail:
        data = bytes(self._buffer[: self._border])
        del self._buffer[: self._border]
        self._border = 0
        if kind == b"mfra":
            return Tail(data)
        try:
            if kind == b"moov":
                self.init = Init(data, _tracks(data))
                return self.init
            return Fragment(data, _runs(data, self.init.tracks))
        except (struct.error, IndexError) as short:
            raise Broken(f"a box inside {kind.decode()} is too short") from short


def header(data, at: int, end: int) -> tuple[bytes, int, int] | None:
    """(type, size, bytes of the header) of the box at `at`; None while the header is not whole."""
    if end - at < 8:
        return None
    size, kind = struct.unpack_from(">I4s", data, at)
    length = 8
    if size == 1:
        if end - at < 16:
            return None
        size, length = struct.unpack_from(">Q", data, at + 8)[0], 16
    if size < length:
        raise Broken(f"box {kind.decode('latin-1')!r} of {size} bytes")
    return kind, size, length


def walk(data, at: int, end: int) -> Iterator[tuple[bytes, int, int]]:
    """(type, start of its body, end) of every box between; each has to end inside.

    Raises:
        Broken
    """
    while at < end:
        found = header(data, at, end)
        if found is None or at + found[1] > end:
            raise Broken("a box is longer than the one around it")
        yield found[0], at + found[2], at + found[1]
        at += found[1]


def find(data, at: int, end: int, *path: bytes) -> Iterator[tuple[int, int]]:
    """(start of the body, end) of every box on this path."""
    for kind, start, stop in walk(data, at, end):
        if kind == path[0]:
            if len(path) == 1:
                yield start, stop
            else:
                yield from find(data, start, stop, *path[1:])


def _tracks(data: bytes) -> dict[int, Track]:
    """The tracks of an init segment.

    Raises:
        Broken: none or too many, or no fragments announced.
    """
    defaults = {}
    for start, _ in find(data, 0, len(data), b"moov", b"mvex", b"trex"):
        number, _, duration, size, flags = struct.unpack_from(">5I", data, start + 4)
        defaults[number] = (duration, size, flags)
    found = {}
    for start, stop in find(data, 0, len(data), b"moov", b"trak"):
        track = _track(data, start, stop, defaults)
        if track is not None:
            found[track.id] = track
    if not 0 < len(found) <= MOST_TRACKS:
        raise Broken(f"{len(found)} tracks")
    return found


def _track(data, start, stop, defaults) -> Track | None:
    kinds = {b"vide": "video", b"soun": "audio"}
    head = next(find(data, start, stop, b"tkhd"), None)
    media = next(find(data, start, stop, b"mdia", b"mdhd"), None)
    handler = next(find(data, start, stop, b"mdia", b"hdlr"), None)
    if head is None or media is None or handler is None:
        raise Broken("a track without its heads")
    number = struct.unpack_from(">I", data, head[0] + (20 if data[head[0]] else 12))[0]
    timescale = struct.unpack_from(">I", data, media[0] + (20 if data[media[0]] else 12))[0]
    kind = kinds.get(bytes(data[handler[0] + 8 : handler[0] + 12]))
    if kind is None or number not in defaults or timescale == 0:
        raise Broken("a track that is neither picture nor sound in fragments")
    return Track(number, kind, timescale, *defaults[number])


def _runs(data: bytes, tracks: dict[int, Track]) -> tuple[Run, ...]:
    """The samples of every track of one fragment.

    Raises:
        Broken: unknown tracks, samples outside of the fragment, counts that do not fit.
    """
    moof_at, body, end = _moof(data)
    found = []
    for start, stop in find(data, body, end, b"traf"):
        found.append(_run(data, start, stop, tracks, moof_at))
    if not found or len({one.track.id for one in found}) < len(found):
        raise Broken("no track in a fragment, or one twice")
    if not any(one.frames for one in found):
        raise Broken("0 samples in a fragment")
    if any(one.frames and not end <= one.at <= len(data) - sum(one.sizes) for one in found):
        raise Broken("samples outside of their fragment")
    if any(one.end_ms > LONGEST for one in found):
        raise Broken("a time beyond two days")
    return tuple(found)


def _moof(data) -> tuple[int, int, int]:
    at = 0
    for kind, body, end in walk(data, 0, len(data)):
        if kind == b"moof":
            return at, body, end
        at = end
    raise Broken("no moof")


def _run(data, start, stop, tracks, moof_at) -> Run:
    head, clock = next(find(data, start, stop, b"tfhd"), None), next(find(data, start, stop, b"tfdt"), None)
    runs = list(find(data, start, stop, b"trun"))
    if head is None or clock is None or len(runs) != 1:
        raise Broken("a track fragment needs one tfhd, tfdt and trun each")
    flags, number = struct.unpack_from(">II", data, head[0])
    track = tracks.get(number)
    if track is None or flags & 1:
        raise Broken("a fragment of an unknown track, or with offsets of its own")
    at, own = head[0] + 8, []
    for bit, fallback in ((2, 0), (8, track.default_duration), (16, track.default_size), (32, track.default_flags)):
        own.append(struct.unpack_from(">I", data, at)[0] if flags & bit else fallback)
        at += 4 * bool(flags & bit)
    base = struct.unpack_from(">Q" if data[clock[0]] else ">I", data, clock[0] + 4)[0]
    return _samples(data, *runs[0], Track(number, track.kind, track.timescale, *own[1:]), moof_at, base)


def _samples(data, start, stop, track, moof_at, base) -> Run:
    flags, count = struct.unpack_from(">II", data, start)
    at = start + 8
    offset, first = moof_at, None
    if flags & 0x1:
        offset, at = moof_at + struct.unpack_from(">i", data, at)[0], at + 4
    if flags & 0x4:
        first, at = struct.unpack_from(">I", data, at)[0], at + 4
    fields = [bit for bit in (0x100, 0x200, 0x400, 0x800) if flags & bit]
    if count > MOST_SAMPLES or at + 4 * len(fields) * count != stop or base >= 2**60:
        raise Broken(f"{count} samples")
    rows = struct.unpack_from(f">{len(fields) * count}I", data, at)
    columns = {bit: rows[place :: len(fields)] for place, bit in enumerate(fields)}
    durations = columns.get(0x100, (track.default_duration,) * count)
    sizes = columns.get(0x200, (track.default_size,) * count)
    if first is None:
        first = rows[fields.index(0x400)] if rows and 0x400 in fields else track.default_flags
    return Run(track, offset, sizes, durations, base, not first & NOT_SYNC)
