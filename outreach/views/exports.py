"""Taking a page along: .docx and zip of the signed text, or of the draft while nothing is signed."""
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe
from mingfa.documents import DOCX

from ..actions.publishing import log_taken
from ..models.signed import release_of
from ..publishing.access import readable_or_404
from ..publishing.exporting import ZIP, docx_of, zip_of
from ..publishing.texts import page_of
from . import private


def _exported(request, page_id: int):
    draft = readable_or_404(request.user, page_id)
    log_taken(draft, by=request.user, now=timezone.now())
    release = release_of(page_id)
    return (page_of(release.text), "") if release else (draft, "（未审）")


@require_safe
@private
def docx(request, page_id):
    page, mark = _exported(request, page_id)
    return _sent(docx_of(page), DOCX, f"{page.title}{mark}.docx")


@require_safe
@private
def package(request, page_id):
    page, mark = _exported(request, page_id)
    return _sent(zip_of(page, page.slug), ZIP, f"{page.title}{mark}.zip")


def _sent(content: bytes, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = content_disposition_header(True, name)
    response["X-Content-Type-Options"] = "nosniff"
    return response
