"""What 三审三校 asks of a report: the hash of the wording that stands, and a title without secrets."""
from collections.abc import Iterable

from .models import Report, ReportText
from .queries import MODEL

__all__ = ["MODEL", "lock_text", "on_passed", "on_returned", "titles"]


def lock_text(target_id: int) -> str:
    """Lock the report; the hash of the wording in review, "" when another has taken its place."""
    text = ReportText.objects.select_related("report").get(pk=target_id)
    Report.objects.select_for_update().get(pk=text.report_id)
    newer = ReportText.objects.filter(report=text.report_id, number__gt=text.number).exists()
    return "" if newer else text.text_hash


def titles(target_ids: Iterable[int]) -> dict[int, str]:
    return {text.pk: str(text.report) for text in ReportText.objects.filter(pk__in=target_ids).select_related("report")}


def on_passed(review, by, now) -> None:
    """Freezing asks for the review by itself."""


def on_returned(review, by, now) -> None:
    """The author finds it among what came back."""
