"""Odd files by trait: each question right, none silently wrong, in the order of the file."""

import pytest
from mingfa.bank.importing import parse_file

from tests.bank.judging import judge, plain
from tests.bank.odd import FILES


@pytest.mark.parametrize("trait", FILES)
def test_every_question_of_an_odd_file_is_read_right(trait):
    name, data, truths = FILES[trait]
    parsed = parse_file(data, name)
    found = judge(parsed, truths)
    assert (found.wrong, found.silent, parsed.errors, parsed.repeats) == ([], [], (), ())
    assert [plain(one.draft.stem) for one in parsed.questions] == [plain(one.stem) for one in truths]
