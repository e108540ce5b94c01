"""Photos of activities, as they are kept (mingfa.pictures). Pure."""
import hashlib
from dataclasses import dataclass

from mingfa.pictures import PictureRefused, drawn_anew

LARGEST_FILE = 8 * 1024 * 1024  # bytes as uploaded
LONGEST_SIDE = 1600
QUALITY = 82
FEWEST_SIDE = 32
PhotoRefused = PictureRefused


@dataclass(frozen=True)
class Clean:
    """A photo as it is kept. `digest`: SHA-256 of what was uploaded, by which the same photo is known again."""

    content: bytes
    width: int
    height: int
    digest: str


def clean_photo(content: bytes) -> Clean:
    """The photo drawn anew.

    Raises:
        PhotoRefused
    """
    drawn = drawn_anew(content, largest=LARGEST_FILE, side=LONGEST_SIDE, quality=QUALITY, fewest=FEWEST_SIDE)
    return Clean(drawn.content, drawn.width, drawn.height, hashlib.sha256(content).hexdigest())
