"""The replay of a class: chapters with the state at each, and the recording's clock tied to the class's. Pure.

replay.js goes the same way: the state of the chapter before a moment, then the events up to it.
"""
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .public import public, redact
from .reducing import initial, reduce


@dataclass(frozen=True)
class Scene:
    """A chapter: the state just after event `seq` as the audience had it, and the strokes on its page."""

    seq: int
    at: int
    title: str
    state: dict
    ink: list[dict]


def _title(envelope: dict, state: dict, begun: bool) -> str:
    """What the chapter that begins with this event is called; empty when none begins."""
    data = envelope["data"]
    match envelope["kind"]:
        case "session.state":
            words = {"live": "继续上课" if begun else "开始上课", "paused": "暂停", "ended": "下课"}
            return words.get(data["to"], "")
        case "slide.goto":
            deck = state["decks"].get(data["deck"])
            return f"第 {data['page']} 页" + (f"，共 {deck['pages']} 页" if deck else "")
        case "mark":
            return data["text"]
    return ""


def scenes_of(envelopes: Iterable[dict]) -> list[Scene]:
    """The chapters from the start of the class to its end: turns of the slides, bookmarks, pauses.

    Args:
        envelopes: the whole log in order.
    """
    state, strokes, found, begun, page = initial(), {}, [], False, None
    for envelope in envelopes:
        seen = redact(envelope)
        state = reduce(state, seen)
        strokes = _inked(strokes, seen)
        title = _title(envelope, state, begun)
        starts = title == "开始上课"
        # A step on the same page is no turn.
        turned = envelope["kind"] != "slide.goto" or (state["slide"]["deck"], state["slide"]["page"]) != page
        page = (state["slide"]["deck"], state["slide"]["page"])
        if title and turned and (begun or starts):
            ink = [one for one in strokes.values() if one["page"] == state["slide"]["page"]]
            found.append(Scene(envelope["seq"], envelope["at"], title, public(state), ink))
        begun = begun or starts
    return found


def _inked(strokes: dict[str, dict], envelope: dict) -> dict[str, dict]:
    data = envelope["data"]
    match envelope["kind"]:
        case "ink.stroke":
            return {**strokes, data["id"]: data}
        case "ink.undo":
            return {key: one for key, one in strokes.items() if key != data["id"]}
        case "ink.clear":
            return {key: one for key, one in strokes.items() if one["page"] != data["page"]}
    return strokes


def state_at(scene: Scene, envelopes: Iterable[dict], at: int) -> dict:
    """The board at a moment: from the chapter's state on with the events after it up to then."""
    state = scene.state
    for envelope in envelopes:
        if envelope["seq"] > scene.seq and envelope["at"] <= at:
            state = reduce(state, redact(envelope))
    return state


@dataclass(frozen=True)
class Clock:
    """The recording's clock against the class's: both run alike from each marker to the next.

    `markers`: (millisecond of the recording, moment in milliseconds) in order, at least one.
    """

    markers: Sequence[tuple[int, int]]

    def moment(self, media: int) -> int:
        """The moment of the class that this place of the recording shows."""
        place = max(bisect_right([one[0] for one in self.markers], media) - 1, 0)
        known, at = self.markers[place]
        return self._kept(at + media - known, place, 1)

    def media(self, moment: int) -> int:
        """The place of the recording that shows this moment; the nearest one where nothing was recorded."""
        place = max(bisect_right([one[1] for one in self.markers], moment) - 1, 0)
        known, at = self.markers[place]
        return max(0, self._kept(known + moment - at, place, 0))

    def _kept(self, value: int, place: int, side: int) -> int:
        """Not beyond the next marker: between two recordings one clock stands still."""
        after = self.markers[place + 1 :]
        return min(value, after[0][side]) if after else value
