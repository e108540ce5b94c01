"""Photos of the rooms of a class, as they are kept (mingfa.pictures)."""
from mingfa.pictures import PictureRefused, drawn_anew

from .board.refusals import NotAPicture

LARGEST = 10 * 1024 * 1024  # bytes as uploaded
SIDE = 1280  # enough to count heads
QUALITY = 80
WHY = {"too_large": "size", "too_many_pixels": "pixels", "not_a_picture": "kind", "too_small": "kind"}


def reduced(content: bytes) -> bytes:
    """The photo as a JPEG of at most 1280 pixels a side, turned upright, without EXIF: no place, no camera, no time.

    Raises:
        NotAPicture
    """
    try:
        return drawn_anew(content, largest=LARGEST, side=SIDE, quality=QUALITY).content
    except PictureRefused as refused:
        raise NotAPicture(WHY[refused.code]) from refused
