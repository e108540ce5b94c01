"""What a Word file looks like on paper, as LibreOffice lays it out."""
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest


def printed(content: bytes, folder: Path) -> pypdfium2.PdfDocument:
    """The file as PDF. Skips the test where there is no LibreOffice; fails where it cannot open the file."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("no LibreOffice found: apt-get install --no-install-recommends libreoffice-writer")
    (folder / "paper.docx").write_bytes(content)
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    subprocess.run(
        [program, profile, "--headless", "--convert-to", "pdf", "--outdir", folder, folder / "paper.docx"],
        check=True, capture_output=True,
    )  # fmt: skip
    assert (folder / "paper.pdf").exists(), "LibreOffice could not open the file"
    return pypdfium2.PdfDocument(folder / "paper.pdf")


def words_of(page: pypdfium2.PdfPage) -> str:
    """The text of a page in one line."""
    return "".join(page.get_textpage().get_text_bounded().split())


def lines_of(page: pypdfium2.PdfPage, character: str) -> list[int]:
    """How often the character stands in each line that holds it, from the top."""
    text = page.get_textpage()
    heights = Counter()
    for place in range(text.count_chars()):
        if text.get_text_range(place, 1) == character:
            heights[round(text.get_charbox(place, loose=True)[1])] += 1
    return [heights[one] for one in sorted(heights, reverse=True)]
