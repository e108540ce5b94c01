"""Fragmented MP4 as a browser's recorder writes it, with samples that say what they are; nothing decodes it."""
import struct

from courses.live.media.tracks import box

PICTURES, SOUNDS = 20_000, 48_000  # timescales
FRAME, PACKET = 1333, 960  # lengths of one sample
KEY, NOT_KEY = 0x02000000, 0x01010000


def full(kind, *parts, version=0, flags=0):
    return box(kind, struct.pack(">I", version << 24 | flags), *parts)


def trak(number, handler, timescale):
    head = full(b"tkhd", struct.pack(">IIIII", 0, 0, number, 0, 0), b"\0" * 60)
    media = box(
        b"mdia", full(b"mdhd", struct.pack(">IIII", 0, 0, timescale, 0), b"\0" * 4),
        full(b"hdlr", b"\0" * 4, handler, b"\0" * 12, b"made\0"), box(b"minf", box(b"stbl", full(b"stts", b"\0" * 4))),
    )  # fmt: skip
    return box(b"trak", head, media)


def init(*, picture=True, sound=True):
    tracks = [(1, b"vide", PICTURES)] * picture + [(2, b"soun", SOUNDS)] * sound
    extends = box(b"mvex", *(full(b"trex", struct.pack(">5I", number, 1, 0, 0, 0)) for number, _, _ in tracks))
    moov = box(b"moov", full(b"mvhd", b"\0" * 96), *(trak(*one) for one in tracks), extends)
    return box(b"ftyp", b"isom\0\0\2\0isomiso3avc1mp41") + moov


def traf(number, first, start, sizes, length, offset):
    head = full(b"tfhd", struct.pack(">II", number, NOT_KEY if number == 1 else KEY), flags=0x020020)
    clock = full(b"tfdt", struct.pack(">Q", start), version=1)
    rows = b"".join(struct.pack(">II", length, size) for size in sizes)
    flags = 0x301 | 0x004 * (number == 1)
    lead = struct.pack(">Ii", len(sizes), offset) + (struct.pack(">I", first) if number == 1 else b"")
    return box(b"traf", head, clock, full(b"trun", lead, rows, flags=flags))


def fragment(number, *, frames=15, packets=18, key=True, size=1500, spare=b""):
    """The fragment of this number (from 0), about a second long.

    As Chromium's recorder does, a track without samples is named with a run of none; only one that the stream does
    not have (None) is left out.
    """
    pictures = [size + place for place in range(frames or 0)]
    sounds = [80] * (packets or 0)
    parts = []

    def moof(offset):
        made = [full(b"mfhd", struct.pack(">I", number + 1))]
        if frames is not None:
            made.append(traf(1, KEY if key else NOT_KEY, number * frames * FRAME, pictures, FRAME, offset))
        if packets is not None:
            made.append(traf(2, 0, number * packets * PACKET, sounds, PACKET, offset + sum(pictures)))
        return box(b"moof", *made)

    for place, length in enumerate(pictures):
        parts.append(struct.pack(">HH", number % 65536, place) * (length // 4) + b"v" * (length % 4))
    for place, length in enumerate(sounds):
        parts.append(struct.pack(">HH", 0xFFFF, place) * (length // 4))
    return spare + moof(len(moof(0)) + 8) + box(b"mdat", *parts)


def stream(count, **more):
    """A whole stream of so many fragments."""
    return init() + b"".join(fragment(number, **more) for number in range(count))
