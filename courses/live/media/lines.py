"""One line of a take's index: where a piece lies, its times, its frames. Pure."""
import struct
from dataclasses import dataclass

from .boxes import Fragment, Init

STRUCT = struct.Struct(">QIIIHHB3x")
INIT, KEY, END = 1, 2, 4


@dataclass(frozen=True)
class Line:
    offset: int
    length: int
    start_ms: int = 0
    end_ms: int = 0
    video: int = 0
    audio: int = 0
    flags: int = 0

    @classmethod
    def of(cls, piece, offset: int) -> "Line":
        if isinstance(piece, Fragment):
            times = (piece.start_ms, max(piece.end_ms, piece.start_ms))
            return cls(offset, len(piece.data), *times, piece.frames("video"), piece.frames("audio"), KEY * piece.key)
        return cls(offset, len(piece.data), flags=INIT if isinstance(piece, Init) else END)

    def packed(self) -> bytes:
        return STRUCT.pack(self.offset, self.length, self.start_ms, self.end_ms, self.video, self.audio, self.flags)

    @property
    def is_fragment(self) -> bool:
        return not self.flags & (INIT | END)
