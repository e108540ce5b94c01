"""Frames as they go over the wire."""
import json
from collections.abc import Iterable


def text_of(thing) -> str:
    return json.dumps(thing, ensure_ascii=False, separators=(",", ":"))


def frame_with(envelopes: Iterable[str]) -> str:
    """The frame with these events, each a text already."""
    return '{"events":[' + ",".join(envelopes) + "]}"
