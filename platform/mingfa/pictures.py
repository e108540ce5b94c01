"""Uploaded pictures: known by what they hold and not by their name, drawn anew, small, upright, and without place, camera
or time. Pure. Photos of activities and of training rooms both come through here, so that neither keeps more than the other.
"""
import io
import struct
import warnings
from dataclasses import dataclass

from PIL import Image, ImageOps, UnidentifiedImageError

FORMATS = ("JPEG", "PNG", "WEBP")
# A JPEG is decoded at a fraction of its size; the others have to be opened whole.
# MPO is a JPEG with further pictures behind the first (depth, portrait), which phones call .jpg.
MOST_PIXELS = {"JPEG": 60_000_000, "MPO": 60_000_000, "PNG": 24_000_000, "WEBP": 24_000_000}


@dataclass(frozen=True)
class Drawn:
    """A picture as it may be kept: JPEG, in pixels."""

    content: bytes
    width: int
    height: int


class PictureRefused(Exception):
    """`code`: too_large (the file), not_a_picture, too_many_pixels, too_small."""

    def __init__(self, code: str):
        super().__init__(code)
        self.code = code


def drawn_anew(content: bytes, *, largest: int, side: int, quality: int, fewest: int = 1) -> Drawn:
    """Draw the picture anew: what was hidden in the file does not come along.

    Args:
        largest: bytes of the upload. side: pixels of the longer side of what is kept. quality: of the JPEG, 1 to 95.
        fewest: pixels that the shorter side must have.

    Raises:
        PictureRefused
    """
    if len(content) > largest:
        raise PictureRefused("too_large")
    try:
        with warnings.catch_warnings():
            # Our own bounds come before Pillow's.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=FORMATS) as picture:
                _check(picture, fewest)
                return _drawn(picture, side, quality)
    except Image.DecompressionBombError as bomb:
        raise PictureRefused("too_many_pixels") from bomb
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, TypeError, KeyError, struct.error) as broken:
        # The last three come out of EXIF that is cut off or wrong.
        raise PictureRefused("not_a_picture") from broken


def _check(picture: Image.Image, fewest: int) -> None:
    """By the size that the file states, before anything is unpacked."""
    width, height = picture.size
    if width * height > MOST_PIXELS[picture.format]:
        raise PictureRefused("too_many_pixels")
    if min(width, height) < fewest:
        raise PictureRefused("too_small")


def _drawn(picture: Image.Image, side: int, quality: int) -> Drawn:
    picture.draft("RGB", (side, side))
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((side, side))
    # Pixels only: a new picture knows nothing of EXIF, XMP, comments or colour profiles.
    plain = Image.new("RGB", upright.size, "white")
    see_through = upright.convert("RGBA") if upright.mode in ("RGBA", "LA", "P", "PA") else None
    plain.paste(see_through or upright.convert("RGB"), mask=see_through)
    out = io.BytesIO()
    plain.save(out, "JPEG", quality=quality, optimize=True)
    return Drawn(out.getvalue(), *plain.size)
