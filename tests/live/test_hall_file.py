"""The sealed file of a hall without a line: what is proved, and what is refused."""
import json
from copy import deepcopy

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.live.board.hall import FORMAT, LARGEST, BadResult, Result, code_of, read, seal

KEY, OTHER = "a" * 64, "b" * 64
WHO = code_of(KEY, 17)
TOLD = {
    "bundle": "0badc0ffee", "training": 3, "venue": 7, "run": "r1", "began_at": 1_790_000_000_000, "ended_at": None,
    "heads": 25, "ticks": {WHO: 1_790_000_060_000}, "answers": {"4": {"hands": [3, 0], "each": None}},
}  # fmt: skip


def sealed(told=None, key=KEY, **more) -> bytes:
    payload = json.dumps(TOLD if told is None else told, ensure_ascii=False)
    file = {"format": FORMAT, "bundle": TOLD["bundle"], "payload": payload, "mac": seal(key, payload), **more}
    return json.dumps(file).encode()


def why(content: bytes) -> str:
    with pytest.raises(BadResult) as caught:
        read(content).opened(KEY)
    return caught.value.what


def test_what_was_sealed_is_read_back_whole():
    found = read(sealed()).opened(KEY)
    assert found == Result(**TOLD)
    assert read(b"\xef\xbb\xbf" + sealed()).opened(KEY) == found


@given(st.integers(min_value=0), st.integers(min_value=0, max_value=255))
def test_one_changed_byte_of_the_content_or_the_seal_is_noticed(place, byte):
    content = bytearray(sealed())
    place %= len(content)
    if content[place] == byte:
        return
    content[place] = byte
    try:
        found = read(bytes(content)).opened(KEY)
    except BadResult:
        return
    assert found == Result(**TOLD)  # a space between the parts for another changes nothing


def test_another_key_another_bundle_and_rubbish_are_told_apart():
    assert why(sealed(key=OTHER)) == "tampered"
    assert why(sealed(bundle="other")) == "tampered"
    assert why(sealed(mac="ü" * 64)) == "tampered"
    for rubbish in (b"", b"PK\x03\x04", b"[]", b"{}", b"\xff\xfe", b"[" * 100_000, b'{"format": "x"}', sealed(more=1)):
        assert why(rubbish) == "form"
    assert why(b" " * (LARGEST + 1)) == "large"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("training", "3"), ("training", True), ("ticks", {"17": 5}), ("ticks", {WHO: "now"}), ("ticks", []), ("heads", -1),
        ("answers", {"4": {"hands": [9999999]}}), ("answers", {"x": {}}), ("answers", {"4": {"each": {WHO: [0, 99]}}}),
        ("run", ""), ("began_at", None), ("more", 1),
    ],
)  # fmt: skip
def test_a_genuine_seal_does_not_excuse_wrong_content(name, value):
    told = deepcopy(TOLD)
    told[name] = value
    assert why(sealed(told)) == "form"


def test_codes_of_people_name_nobody_and_differ_between_bundles():
    assert code_of(KEY, 17) != code_of(OTHER, 17)
    assert len({code_of(KEY, n) for n in range(2000)}) == 2000
