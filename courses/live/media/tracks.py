"""The sound of a stream alone: for thin lines, out of the same bytes. Pure.

The samples are copied as they are; only the boxes around them are written anew.
"""
import struct

from .boxes import Fragment, Init, walk


def box(kind: bytes, *parts: bytes) -> bytes:
    body = b"".join(parts)
    return struct.pack(">I4s", 8 + len(body), kind) + body


def sound_mime(mime: str) -> str:
    """The type of the sound alone out of a stream of this type, as MediaSource wants it; Opus where none is named.

    Args:
        mime: as the recorder names it, e.g. `video/mp4;codecs="avc1.42E01E,mp4a.40.2"`.
    """
    codecs = mime.partition("codecs=")[2].strip('"').split(",")
    return f"audio/mp4;codecs={next((one.strip() for one in codecs if one.strip().startswith('mp4a')), 'opus')}"


def sound_of(init: Init) -> Init | None:
    """The init segment with its sound only; None when there is no sound."""
    audio = {number: track for number, track in init.tracks.items() if track.kind == "audio"}
    if not audio:
        return None
    if len(audio) == len(init.tracks):
        return init
    data = init.data
    kept = [_whole(data, 0, kind, body, end) for kind, body, end in walk(data, 0, len(data)) if kind == b"ftyp"]
    for kind, body, end in walk(data, 0, len(data)):
        if kind == b"moov":
            kept.append(box(b"moov", *_moov(data, body, end, set(audio))))
    return Init(b"".join(kept), audio)


def _whole(data, before, kind, body, end) -> bytes:
    return box(kind, data[body:end])


def _moov(data, start, stop, numbers):
    for kind, body, end in walk(data, start, stop):
        if kind == b"trak":
            if _number_of(data, body, end) in numbers:
                yield box(kind, data[body:end])
        elif kind == b"mvex":
            yield box(kind, *_mvex(data, body, end, numbers))
        else:
            yield box(kind, data[body:end])


def _mvex(data, start, stop, numbers):
    for kind, body, end in walk(data, start, stop):
        if kind != b"trex" or struct.unpack_from(">I", data, body + 4)[0] in numbers:
            yield box(kind, data[body:end])


def _number_of(data, start, stop) -> int:
    for kind, body, _ in walk(data, start, stop):
        if kind == b"tkhd":
            return struct.unpack_from(">I", data, body + (20 if data[body] else 12))[0]
    return 0


def sound_in(fragment: Fragment, number: int) -> bytes:
    """The sound of one fragment as a fragment of its own; empty when it has none.

    Args:
        number: counts the fragments, from 1.
    """
    run = next((one for one in fragment.runs if one.track.kind == "audio" and one.frames), None)
    if run is None:
        return b""
    if len(fragment.runs) == 1:
        return fragment.data
    samples = fragment.data[run.at : run.at + sum(run.sizes)]
    rows = b"".join(struct.pack(">II", *row) for row in zip(run.durations, run.sizes, strict=True))

    def moof(offset):
        head = box(b"tfhd", struct.pack(">III", 0x020020, run.track.id, 0x02000000))
        clock = box(b"tfdt", struct.pack(">IQ", 1 << 24, run.start))
        lines = box(b"trun", struct.pack(">IIi", 0x301, run.frames, offset), rows)
        return box(b"moof", box(b"mfhd", struct.pack(">II", 0, number)), box(b"traf", head, clock, lines))

    return moof(len(moof(0)) + 8) + box(b"mdat", samples)
