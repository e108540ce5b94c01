"""Draws pages of a PDF as WebP: a program of its own, because the file is a stranger's.

    python -I drawing.py FILE                      how many pages
    python -I drawing.py FILE FOLDER FIRST LAST    FOLDER/N.webp for each of these pages

One JSON object a line on standard output. A file that makes PDFium crash, or eats memory or time without end, ends this
program and nothing else. No scripts of the file run: this PDFium is built without them.
"""
import hashlib
import io
import json
import sys
from contextlib import suppress
from pathlib import Path

import pypdfium2 as pdfium
import pypdfium2.raw as raw

WIDE, HIGH = 1600, 1200  # pixels a page may have
MOST_BYTES = 60_000  # of a picture; the first of these steps that keeps to it
STEPS = ((1600, 80), (1600, 62), (1600, 45), (1280, 50), (1280, 35), (960, 35), (800, 25), (560, 15))  # width and quality
MEMORY, SECONDS = 1 << 30, 120  # of this program
TITLE, NOTES = 60, 2000  # characters
PASSWORD, DAMAGED, PAGE = "password", "damaged", "page"


def tell(**facts):
    print(json.dumps(facts), flush=True)


def limit():
    """What this program may use. Where the system knows no limits, the waiting of its parent has to do."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
        resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def notes_of(page) -> str:
    """The sticky notes of a page (where office programs put the speaker's notes); they are taken off the picture."""
    found = []
    for at in reversed(range(raw.FPDFPage_GetAnnotCount(page))):
        annotation = raw.FPDFPage_GetAnnot(page, at)
        kind = raw.FPDFAnnot_GetSubtype(annotation)
        if kind == raw.FPDF_ANNOT_TEXT:
            size = raw.FPDFAnnot_GetStringValue(annotation, b"Contents", None, 0)
            buffer = (raw.FPDF_WCHAR * (size // 2 + 1))()
            raw.FPDFAnnot_GetStringValue(annotation, b"Contents", buffer, size)
            words = bytes(buffer)[: max(0, size - 2)].decode("utf-16-le", "replace")
            found.append("\n".join(words.splitlines()))
        raw.FPDFPage_CloseAnnot(annotation)
        if kind in (raw.FPDF_ANNOT_TEXT, raw.FPDF_ANNOT_POPUP):
            raw.FPDFPage_RemoveAnnot(page, at)
    return "\n".join(one.strip() for one in reversed(found) if one.strip())[:NOTES]


def title_of(page) -> str:
    """The first line of the page's text."""
    with suppress(pdfium.PdfiumError):
        for line in page.get_textpage().get_text_bounded().splitlines():
            if words := " ".join(line.split()):
                return words[:TITLE]
    return ""


def picture_of(page):
    """(WebP, width, height)."""
    width, height = page.get_size()
    if not (0 < width < 1e5 and 0 < height < 1e5):
        raise ValueError("no page has this size")
    drawn = page.render(scale=min(WIDE / width, HIGH / height), may_draw_forms=False).to_pil().convert("RGB")
    for wide, quality in STEPS:
        share = min(1, wide / WIDE)
        small = drawn if share == 1 else drawn.resize([max(1, round(side * share)) for side in drawn.size])
        out = io.BytesIO()
        small.save(out, "WEBP", quality=quality, method=4)
        if out.tell() <= MOST_BYTES:
            break
    return out.getvalue(), *small.size


def draw(document, folder: Path, first: int, last: int):
    for number in range(first, last + 1):
        try:
            page = document[number - 1]
            notes, title = notes_of(page), title_of(page)
            content, width, height = picture_of(page)
        except (pdfium.PdfiumError, MemoryError, ValueError):
            tell(problem=PAGE, page=number)
            return
        (folder / f"{number}.webp").write_bytes(content)
        label = document.get_page_label(number - 1)[:20]
        tell(
            page=number, sha=hashlib.sha256(content).hexdigest(), size=len(content), width=width, height=height,
            title=title, notes=notes, label=label if label != str(number) else "",
        )  # fmt: skip
        page.close()


def main(file, folder="", first="0", last="0"):
    limit()
    try:
        document = pdfium.PdfDocument(file)
    except pdfium.PdfiumError as error:
        tell(problem=PASSWORD if getattr(error, "err_code", None) == raw.FPDF_ERR_PASSWORD else DAMAGED)
        return
    if not folder:
        tell(pages=len(document))
    else:
        draw(document, Path(folder), int(first), min(int(last), len(document)))


if __name__ == "__main__":
    main(*sys.argv[1:])
