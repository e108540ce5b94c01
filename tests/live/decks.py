"""PDF files for tests, made here: good ones with titles and speaker's notes, and ones nobody should trust."""
import ctypes
import io

import pypdfium2 as pdfium
import pypdfium2.raw as raw
import typst
from django.conf import settings

PAGE = '#set page(width: 160mm, height: 90mm, numbering: "i")\n#set text(font: "Noto Sans SC", size: 20pt)\n'


def pdf(*titles, notes=None) -> bytes:
    """A page for each title. `notes`: page number → what is written on a sticky note."""
    source = PAGE + "\n#pagebreak()\n".join(f"#{_text(title)}" for title in titles)
    content = typst.compile(source.encode(), font_paths=settings.FONT_FOLDERS, ignore_system_fonts=True)
    return _with_notes(content, notes) if notes else content


def _text(words):
    return 'text("' + words.replace("\\", "\\\\").replace('"', '\\"') + '")'


def _with_notes(content, notes):
    document = pdfium.PdfDocument(content)
    for number, words in notes.items():
        page = document[number - 1]
        annotation = raw.FPDFPage_CreateAnnot(page, raw.FPDF_ANNOT_TEXT)
        raw.FPDFAnnot_SetRect(annotation, raw.FS_RECTF(100, 100, 140, 60))
        letters = words.encode("utf-16-le") + b"\0\0"
        buffer = ctypes.cast(ctypes.create_string_buffer(letters), ctypes.POINTER(ctypes.c_ushort))
        raw.FPDFAnnot_SetStringValue(annotation, b"Contents", buffer)
        raw.FPDFPage_CloseAnnot(annotation)
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def raw_pdf(*objects: bytes, trailer=b"") -> bytes:
    """A file of these numbered objects; the first is the catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return out + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<</Size %d/Root 1 0 R%s>>\nstartxref\n%d\n%%%%EOF" % (
        size, table, size, trailer, len(out),
    )  # fmt: skip


PAGES = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>")


def with_password() -> bytes:
    """One that opens only with a password."""
    lock = b"/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<%s>/U<%s>>>" % (b"11" * 32, b"22" * 32)
    return raw_pdf(*PAGES, b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 160 90]>>", trailer=lock)


def without_pages() -> bytes:
    return raw_pdf(PAGES[0], b"<</Type/Pages/Kids[]/Count 0>>")


def bomb() -> bytes:
    """A picture of 100,000 by 100,000 points in a few bytes."""
    picture = b"<</Type/XObject/Subtype/Image/Width 100000/Height 100000/BitsPerComponent 8/ColorSpace/DeviceRGB" \
        b"/Filter/RunLengthDecode/Length 2>>stream\n\x80\x00\nendstream"
    drawing = b"<</Length 27>>stream\nq 160 0 0 90 0 0 cm /I Do Q\nendstream"
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 160 90]/Resources<</XObject<</I 4 0 R>>>>/Contents 5 0 R>>"
    return raw_pdf(*PAGES, page, picture, drawing)
