"""Files that a page hands out."""
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.utils.http import content_disposition_header
from wagtail.log_actions import log as write_log

from mingfa.spreadsheets import XLSX, Extra, export_xlsx


def excel(content: bytes, name: str) -> HttpResponse:
    """An Excel file under this name, which may be Chinese."""
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": content_disposition_header(True, name)})


def excel_table(
    header: Sequence[str], rows: Iterable[Sequence[Any]], *, of: str, title: str, log: tuple[Model, str], by, now: datetime,
    widths: Sequence[int] = (), beside: Sequence[Extra] = (), importable: bool = False, **data,
) -> HttpResponse:  # fmt: skip
    """The table of a page as an Excel file that is called as its title, with a line in the log.

    Args:
        of: the page it comes from, in words: “成绩单”; its sheet is called so too.
        log: what the line is about, and its action.
        by: who takes it away.
        importable: as of `export_xlsx`.
        data: what the line in the log tells beside the number of rows.
    """
    rows = list(rows)
    words = {"sheet": of, "title": title, "of": of, "now": now, "importable": importable}
    content = export_xlsx(header, rows, widths=widths, beside=beside, **words)
    about, action = log
    write_log(about, action, user=by, timestamp=now, data={"rows": len(rows), **data})
    return excel(content, f"{title}.xlsx")
