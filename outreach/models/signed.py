"""The text of a page as one string, its hash, and whether it is the one that was signed."""
import hashlib
import json
from datetime import date

from mingfa.review.models import Review
from wagtail.documents import get_document_model
from wagtail.fields import StreamField
from wagtail.images import get_image_model

from .campaign import Campaign, Stop
from .publishing import PublicText, Release

MODEL = "outreach.publictext"
APPROVED = (Campaign.State.APPROVED, Campaign.State.CLOSED)


def content_of(page, *, signed: PublicText | None = None) -> str:
    """Everything of a page that the public would see or be led to, as JSON that is the same for the same text.

    Where the page stands belongs to it, and which files (by what is in them): a move or another picture is an edit.

    Args:
        signed: a text of this page to compare with. While the plan is the same one its stops count as they were signed:
            a unit that is called otherwise since makes neither what is public nor what is being signed another text.
    """
    fields = {name: _value(page, name) for name in page.TEXT}
    parent = page.get_parent()
    files = [[kind, number, digest] for (kind, number), digest in sorted(files_of(page).items())]
    whole = {"kind": page._meta.model_name, "parent": parent.pk if parent else None, "fields": fields, "files": files}
    if campaign := getattr(page, "campaign_id", None):
        before = json.loads(signed.content).get("programme", {}) if signed else {}
        kept = before.get("campaign") == campaign
        whole["programme"] = before if kept else {"campaign": campaign, "stops": programme_of(page)}
    return json.dumps(whole, ensure_ascii=False, sort_keys=True)


def programme_of(page) -> list[list]:
    """[day, place, form] of the plan behind a 宣传专题: as signed where the page was read back from a signed text
    (publishing.texts.page_of), else as the plan says. The stops of a plan never change once it is approved; the place is
    written out, so that who signs it signs the words."""
    if hasattr(page, "signed_programme"):
        return page.signed_programme
    if not getattr(page, "campaign_id", None):
        return []
    stops = Stop.objects.filter(campaign=page.campaign_id, campaign__state__in=APPROVED).order_by("planned_on", "pk")
    return [
        [one.planned_on.isoformat(), f"{one.unit.name}{one.spot}", one.form] for one in stops.select_related("unit")
    ]


def hash_of(content: str) -> str:
    return hashlib.sha256(content.encode()).hexdigest()


def is_released(page) -> bool:
    """Whether the very text of this page is public by three signatures."""
    release = release_of(page.pk) if page.pk else None
    return release is not None and hash_of(release.text.content) == hash_of(content_of(page, signed=release.text))


def release_of(page_id: int) -> Release | None:
    """What of a page is public now: the text must be whole and its review passed."""
    release = Release.objects.filter(page=page_id, ended_at=None).select_related("text").first()
    return release if release and is_signed(release.text) else None


def is_signed(text: PublicText) -> bool:
    """Asked of the review itself each time, so that a row put into the table by hand makes nothing public."""
    digest = hash_of(text.content)
    passed = Review.objects.filter(
        target_type__app_label="outreach", target_type__model="publictext", target_id=text.pk,
        state=Review.State.PASSED, text_hash=digest,
    )  # fmt: skip
    return passed.exists()


def files_of(page) -> dict[tuple[str, int], str]:
    """(kind, number) of the pictures and documents in the body, with the digests of their files."""
    pictures = {block.value["image"].pk for block in page.body if block.block_type == "picture" and block.value["image"]}
    documents = {
        block.value["document"].pk for block in page.body if block.block_type == "file" and block.value["document"]
    }
    found = {("picture", one.pk): one.get_file_hash() for one in get_image_model().objects.filter(pk__in=pictures)}
    kept = get_document_model().objects.filter(pk__in=documents)
    return found | {("document", one.pk): one.get_file_hash() for one in kept}


def _value(page, name: str):
    field = page._meta.get_field(name)
    value = field.value_from_object(page)
    if isinstance(field, StreamField):
        return _without_ids(json.loads(field.value_to_string(page)))
    return value.isoformat() if isinstance(value, date) else value


def _without_ids(value):
    """Blocks carry numbers of the editor's; a copy of the text is the same text."""
    if isinstance(value, list):
        return [_without_ids(one) for one in value]
    if isinstance(value, dict):
        is_block = {"type", "value"} <= value.keys()
        return {key: _without_ids(one) for key, one in value.items() if not (is_block and key == "id")}
    return value
