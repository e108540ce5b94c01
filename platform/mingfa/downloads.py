"""Files that a page hands out."""
from django.http import HttpResponse
from django.utils.http import content_disposition_header

from mingfa.spreadsheets import XLSX


def excel(content: bytes, name: str) -> HttpResponse:
    """An Excel file under this name, which may be Chinese."""
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": content_disposition_header(True, name)})
