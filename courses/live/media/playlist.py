"""HLS out of a take's index: segments begin with a key frame and last about two seconds. Pure."""
from collections.abc import Callable, Sequence

from .lines import END, KEY, Line

TARGET = 2000  # milliseconds a segment lasts at least, when a key frame comes in time
WINDOW = 8  # segments in a live playlist


def segments(lines: Sequence[Line]) -> list[tuple[int, int]]:
    """(first, last) place of the fragments of each whole segment; one that may still grow is left out.

    Args:
        lines: of the index (files.Line): an init at place 0, fragments, perhaps an end.
    """
    found, first = [], None
    for place, line in enumerate(lines):
        if not line.is_fragment:
            if first is not None and place == len(lines) - 1:
                found.append((first, place - 1))
            continue
        if first is None:
            first = place if line.flags & KEY else None
        elif line.flags & KEY and line.start_ms - lines[first].start_ms >= TARGET:
            found.append((first, place - 1))
            first = place
    return found


def live(lines: Sequence[Line], *, take: int, init: str, segment: Callable[[int, int], str]) -> str:
    """The playlist of what is on now.

    Numbers of segments go on from one take to the next, because a take has fewer than 100,000.

    Args:
        init, segment: addresses.
    """
    found = segments(lines)
    shown = found[-WINDOW:]
    number = take * 100_000 + len(found) - len(shown)
    lasts = [_seconds(lines, first, last) for first, last in shown]
    rows = [
        "#EXTM3U", "#EXT-X-VERSION:7", f"#EXT-X-TARGETDURATION:{max([2, *(round(one + 0.499) for one in lasts)])}",
        f"#EXT-X-MEDIA-SEQUENCE:{number}", f"#EXT-X-DISCONTINUITY-SEQUENCE:{take}", "#EXT-X-INDEPENDENT-SEGMENTS",
        f'#EXT-X-MAP:URI="{init}"',
    ]  # fmt: skip
    for (first, last), seconds in zip(shown, lasts, strict=True):
        rows += [f"#EXTINF:{seconds:.3f},", segment(first, last)]
    if lines and lines[-1].flags & END:
        rows.append("#EXT-X-ENDLIST")
    return "\n".join(rows) + "\n"


def _seconds(lines, first, last) -> float:
    """Up to the next fragment, because the last sample's length is only guessed by the encoder."""
    after = lines[last + 1] if last + 1 < len(lines) else None
    end = after.start_ms if after is not None and after.is_fragment else lines[last].end_ms
    return max(0.001, (end - lines[first].start_ms) / 1000)
