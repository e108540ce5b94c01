"""Photos as phones make them: with the place where they were taken."""
import io

from PIL import Image, ImageDraw

ORIENTATION, MAKER, GPS = 274, 271, 34853


def photo(colour="#7c8288", *, size=(2400, 1800), format="JPEG", orientation=1) -> bytes:
    """A photo with a dark square in its upper left part, taken somewhere at 30° north by a known camera."""
    picture = Image.new("RGB", size, colour)
    ImageDraw.Draw(picture).rectangle((200, 200, 700, 700), fill="#101010")
    exif = Image.Exif()
    exif[ORIENTATION], exif[MAKER] = orientation, "Lian Xi Camera"
    exif.get_ifd(GPS).update({1: "N", 2: (30.0, 15.0, 0.0), 3: "E", 4: (120.0, 10.0, 0.0)})
    out = io.BytesIO()
    picture.save(out, format, exif=exif)
    return out.getvalue()


def is_plain(content: bytes) -> bool:
    """Whether a picture carries nothing but pixels."""
    with Image.open(io.BytesIO(content)) as picture:
        return not picture.getexif() and b"Lian Xi" not in content and b"Exif" not in content
