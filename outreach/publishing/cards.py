"""The share picture of a public page: title, unit and the product's one line, drawn here."""
import io
from functools import lru_cache
from pathlib import Path

import pylopdf_fonts_zh_cn
from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT, MARGIN = 1200, 630, 96
PAPER, INK, QUIET = "#f7f6f2", "#17202b", "#47525d"
LINE, BIG, SMALL = 14, 76, 36  # characters a line, sizes of type in pixels
LINES = 4


@lru_cache(64)
def share_card(title: str, unit: str, kind: str) -> bytes:
    """A PNG of 1200 × 630."""
    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw = ImageDraw.Draw(image)
    draw.rectangle((MARGIN - 32, MARGIN, MARGIN - 28, HEIGHT - MARGIN), fill=INK)
    draw.text((MARGIN, MARGIN - 8), kind, font=_font(SMALL), fill=QUIET)
    for number, line in enumerate(lines_of(title)):
        draw.text((MARGIN, MARGIN + 64 + number * 98), line, font=_font(BIG), fill=INK)
    draw.text((MARGIN, HEIGHT - MARGIN - SMALL), unit[:26], font=_font(SMALL), fill=QUIET)
    out = io.BytesIO()
    image.quantize(16).save(out, "PNG", optimize=True)
    return out.getvalue()


def lines_of(title: str) -> list[str]:
    """At most four lines; a longer title ends in …"""
    whole = [title[start : start + LINE] for start in range(0, len(title), LINE)]
    if len(whole) > LINES:
        whole = [*whole[: LINES - 1], whole[LINES - 1][: LINE - 1] + "…"]
    return whole


@lru_cache(4)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(Path(pylopdf_fonts_zh_cn.serif_path())), size)
