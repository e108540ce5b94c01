"""A Word file as lines of text with their styles, so that a whole report can be read and compared."""
import io
import sys
from pathlib import Path

from docx import Document
from docx.table import Table


def told(content: bytes) -> str:
    """One line a paragraph, “style<tab>text”; one line a row of a table, its cells set apart by bars."""
    lines = []
    for block in Document(io.BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            for row in block.rows:
                style = row.cells[0].paragraphs[0].style.name
                lines.append(f"{style}\t{' | '.join(cell.text for cell in row.cells)}")
        else:
            lines.append(f"{block.style.name}\t{block.text}")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    # python -m tests.reports.papers FILE.docx > tests/reports/golden/….txt, once the change has been read and is meant.
    print(told(Path(sys.argv[1]).read_bytes()), end="")
