"""A take on disk: whatever a crash leaves, the file goes on at a box border and nothing before it changes."""
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.live.media import files
from courses.live.media.boxes import Cutter
from courses.live.media.files import Busy, Writer
from courses.live.media.lines import END

from .stream import fragment, init, stream

WHOLE = stream(5, size=200)
PIECES = Cutter().feed(WHOLE)


def written(path, pieces, *, finish=False):
    writer = Writer(path)
    writer.append(pieces)
    if finish:
        writer.finish()
    else:
        writer.close()
    return writer


def test_a_take_is_the_stream_itself_and_its_index_leads_to_every_piece(tmp_path):
    path = tmp_path / "7" / "1.mp4"
    writer = written(path, PIECES, finish=True)
    lines = files.read_lines(path)
    assert path.read_bytes() == WHOLE
    assert [files.read_pieces(path, [one]) for one in lines[:-1]] == [one.data for one in PIECES]
    assert files.read_lines(path, 4) == lines[4:]
    assert lines[-1].flags == END
    assert (writer.frames, writer.size) == (75, len(WHOLE))
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert oct(path.parent.stat().st_mode & 0o777) == "0o700"


@given(st.integers(0, len(WHOLE)), st.integers(0, 28 * 6), st.booleans())
def test_after_a_crash_the_stream_goes_on_at_a_border_and_ends_as_if_nothing_had_been(tmp_path_factory, kept, indexed, torn):
    path = tmp_path_factory.mktemp("take") / "1.mp4"
    written(path, PIECES)
    os.truncate(path, kept)
    os.truncate(files.index_of(path), indexed)
    if torn:
        with open(path, "ab") as file:
            file.write(b"\0" * 50)
    writer = Writer(path)
    have = writer.size
    borders = [0, *(line.offset + line.length for line in files.read_lines(path))]
    assert have == max(one for one in {0, *(sum(len(p.data) for p in PIECES[:n]) for n in range(7))} if one <= kept)
    assert have in borders
    assert path.read_bytes() == WHOLE[:have]
    writer.append(Cutter(writer.init).feed(WHOLE[have:]))
    writer.finish()
    assert path.read_bytes() == WHOLE
    assert writer.frames == 75


def test_a_piece_that_a_power_cut_has_hurt_is_cut_off_with_all_after_it(tmp_path):
    path = tmp_path / "1.mp4"
    written(path, PIECES)
    at = sum(len(one.data) for one in PIECES[:3])
    with open(path, "r+b") as file:
        file.seek(at)
        file.write(b"\0" * 64)
    writer = Writer(path)
    assert writer.size == at
    assert len(writer.lines) == 3
    writer.close()


def test_only_one_process_writes_a_take(tmp_path):
    first = Writer(tmp_path / "1.mp4")
    with pytest.raises(Busy):
        Writer(tmp_path / "1.mp4")
    first.close()
    Writer(tmp_path / "1.mp4").close()


def test_a_file_that_is_no_stream_is_begun_anew(tmp_path):
    path = tmp_path / "1.mp4"
    path.write_bytes(b"<html>" * 50)
    writer = Writer(path)
    assert (writer.size, path.read_bytes()) == (0, b"")
    writer.append(Cutter().feed(init() + fragment(0)))
    writer.close()
    assert path.read_bytes() == init() + fragment(0)
