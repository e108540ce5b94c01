"""Fragmented MP4 is cut at its box borders whatever the chunks, its sound taken out alone, and anything else refused."""
import struct
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.live.media import playlist
from courses.live.media.boxes import Broken, Cutter, Fragment, Init, Tail
from courses.live.media.lines import END, INIT, STRUCT, Line
from courses.live.media.tracks import box, sound_in, sound_of

from .stream import FRAME, PACKET, fragment, full, init, stream


def cut(data, borders=()):
    cutter, pieces = Cutter(), []
    for start, end in pairwise([0, *sorted(borders), len(data)]):
        pieces += cutter.feed(data[start:end])
    return pieces, cutter


WHOLE = stream(3) + box(b"mfra", b"\0" * 40)


@given(st.lists(st.integers(0, len(WHOLE)), max_size=60))
def test_any_chunks_of_the_same_bytes_give_the_same_pieces(borders):
    pieces, cutter = cut(WHOLE, borders)
    assert pieces == cut(WHOLE)[0]
    assert b"".join(one.data for one in pieces) == WHOLE
    assert [type(one) for one in pieces] == [Init, Fragment, Fragment, Fragment, Tail]
    assert cutter.held == 0


def test_byte_by_byte_a_fragment_comes_with_its_last_byte_and_not_before():
    cutter, data = Cutter(), stream(1)
    came = [at for at in range(len(data)) if cutter.feed(data[at : at + 1])]
    assert came == [len(init()) - 1, len(data) - 1]


def test_a_fragment_tells_its_time_its_frames_and_whether_it_begins_with_a_key_frame():
    pieces, _ = cut(init() + fragment(0) + fragment(1, key=False) + fragment(2, frames=0))
    first, second, third = pieces[1:]
    assert (first.key, second.key, third.key) == (True, False, True)
    assert (first.frames("video"), first.frames("audio")) == (15, 18)
    assert (third.frames("video"), third.frames("audio")) == (0, 18)
    assert (second.start_ms, second.end_ms) == (15 * FRAME // 20, 30 * FRAME // 20)
    assert third.start_ms == 2 * 18 * PACKET // 48
    assert {track.kind: track.timescale for track in pieces[0].tracks.values()} == {"video": 20_000, "audio": 48_000}


def test_what_a_recorder_gives_last_may_be_all_picture_or_all_sound_and_is_kept():
    """Chromium sorts pictures and sounds by time and, when it is stopped, writes what still waits of one of them."""
    end = fragment(1, packets=0), fragment(2, frames=0)
    pieces, cutter = cut(init() + fragment(0) + end[0] + end[1])
    assert [one.data for one in pieces[2:]] == list(end)
    assert [(one.frames("video"), one.frames("audio")) for one in pieces[2:]] == [(15, 0), (0, 18)]
    assert [(one.start_ms, one.end_ms) for one in pieces[2:]] == [(15 * FRAME // 20, 30 * FRAME // 20), (720, 1080)]
    assert cutter.held == 0
    # Those who take the sound alone get none of the picture's boxes.
    assert sound_in(pieces[2], 1) == b""
    alone = cut(sound_of(pieces[0]).data + sound_in(pieces[3], 2))[0]
    assert [one.track.kind for one in alone[1].runs] == ["audio"]


def test_boxes_that_say_nothing_stay_with_the_fragment_after_them():
    data = init() + fragment(0, spare=box(b"styp", b"msdh")) + fragment(1, spare=box(b"free", b"\0" * 99))
    pieces, _ = cut(data)
    assert [len(one.data) for one in pieces] == [len(init()), len(fragment(0)) + 12, len(fragment(1)) + 107]


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"RIFF\0\0\0\0WEBP", "box"),
        (b"\x1aE\xdf\xa3" + b"\0" * 40, "box"),
        (b"<!doctype html><html>", "box"),
        (box(b"moov"), "box"),
        (struct.pack(">I4s", 2000, b"ftyp"), "2000 bytes"),
        (struct.pack(">I4s", 4, b"ftyp"), "4 bytes"),
        (struct.pack(">I4s", 0, b"ftyp"), "0 bytes"),
        (struct.pack(">I4sQ", 1, b"ftyp", 2**63), "bytes"),
        (box(b"ftyp", b"isom") + struct.pack(">I4s", 2**31, b"moov"), "bytes"),
        (box(b"ftyp", b"isom") + box(b"moov"), "0 tracks"),
        (box(b"ftyp", b"isom") + box(b"moov", struct.pack(">I4s", 99, b"trak")), "longer than the one around it"),
        (box(b"ftyp", b"isom") + box(b"moov", box(b"trak")), "without its heads"),
        (init() + init(), "ftyp"),
        (init() + box(b"mdat", b"\0" * 8), "mdat"),
        (init() + struct.pack(">I4s", 9 * 1024 * 1024, b"moof"), "bytes"),
        (init() + box(b"moof", full(b"mfhd", b"\0" * 4)) + struct.pack(">I4s", 2**30, b"mdat"), "bytes"),
        (init() + box(b"moof", full(b"mfhd", b"\0" * 4)) + box(b"mdat"), "no track"),
        (init() + box(b"moof", box(b"traf")) + box(b"mdat"), "one tfhd"),
        (init() + fragment(0, frames=0, packets=0), "0 samples"),
    ],
)
def test_what_is_no_stream_or_too_large_is_refused_as_soon_as_it_shows(data, why):
    with pytest.raises(Broken) as refused:
        cut(data)
    assert why in refused.value.why


def test_counts_and_offsets_that_lie_are_refused():
    whole = fragment(0)
    at = whole.index(b"trun") + 8
    for wrong in (
        whole[:at] + struct.pack(">I", 2**31) + whole[at + 4 :],
        whole[:at] + struct.pack(">I", 0) + whole[at + 4 :],
        whole[: at + 4] + struct.pack(">i", len(whole)) + whole[at + 8 :],
        whole[: at + 4] + struct.pack(">i", -50) + whole[at + 8 :],
        whole[: at + 16] + struct.pack(">I", 2**32 - 1) + whole[at + 20 :],
        whole.replace(struct.pack(">II", 0x020020, 1), struct.pack(">II", 0x020020, 9)),
        whole.replace(b"tfdt" + b"\1\0\0\0" + b"\0" * 8, b"tfdt" + b"\1\0\0\0" + b"\0\xff" + b"\0" * 6, 1),
    ):
        assert wrong != whole
        with pytest.raises(Broken):
            cut(init() + wrong)


@given(st.binary(max_size=400), st.integers(0, len(WHOLE)))
def test_broken_bytes_anywhere_are_refused_or_wait_and_never_anything_else(noise, at):
    try:
        pieces, _ = cut(WHOLE[:at] + noise + WHOLE[at:])
    except Broken:
        return
    assert all(isinstance(one, Init | Fragment | Tail) for one in pieces)


def test_the_sound_alone_is_a_stream_of_its_own_with_the_same_samples():
    pieces, _ = cut(stream(4))
    head = sound_of(pieces[0])
    parts = [sound_in(one, number + 1) for number, one in enumerate(pieces[1:])]
    found, cutter = cut(head.data + b"".join(parts))
    assert cutter.held == 0
    assert [track.kind for track in found[0].tracks.values()] == ["audio"]
    for whole, alone in zip(pieces[1:], found[1:], strict=True):
        before = next(run for run in whole.runs if run.track.kind == "audio")
        after = alone.runs[0]
        assert (after.sizes, after.durations, after.start) == (before.sizes, before.durations, before.start)
        length = sum(before.sizes)
        assert alone.data[after.at : after.at + length] == whole.data[before.at : before.at + length]
    assert len(b"".join(parts)) < len(stream(4)) / 10
    assert sound_of(cut(init(sound=False))[0][0]) is None
    only = cut(init(picture=False) + fragment(0, frames=None))[0]
    assert sound_of(only[0]) is only[0]
    assert sound_in(only[1], 1) == only[1].data


def lines_of(data):
    found, at = [], 0
    for piece in cut(data)[0]:
        found.append(Line.of(piece, at))
        at += len(piece.data)
    return found


def test_a_line_of_the_index_is_28_bytes_and_comes_back_as_it_was():
    for line in lines_of(stream(2)):
        assert len(line.packed()) == STRUCT.size == 28
        assert Line(*STRUCT.unpack(line.packed())) == line


@given(st.lists(st.booleans(), max_size=60), st.booleans())
def test_segments_follow_each_other_without_a_gap_and_begin_with_key_frames(keys, over):
    lines = [Line(0, 9, flags=INIT)]
    lines += [Line(9, 9, n * 500, n * 500 + 500, 7, 9, 2 * key) for n, key in enumerate(keys)]
    lines += [Line(9, 0, flags=END)] * over
    found = playlist.segments(lines)
    assert all(lines[first].flags & 2 for first, _ in found)
    assert all(last + 1 == first for (_, last), (first, _) in pairwise(found))
    if over and any(keys):
        assert found[-1][1] == len(keys)
    text = playlist.live(lines, take=3, init="i.mp4", segment=lambda first, last: f"{first}-{last}.m4s")
    assert text.startswith("#EXTM3U\n")
    assert ("#EXT-X-ENDLIST" in text) == over
    assert text.count("#EXTINF") == min(len(found), playlist.WINDOW)
    longest = int(text.split("TARGETDURATION:")[1].split("\n")[0])
    lengths = [float(row.split(":")[1][:-1]) for row in text.splitlines() if row.startswith("#EXTINF")]
    assert all(round(one) <= longest for one in lengths)
