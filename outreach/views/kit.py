"""The print kit of a campaign: the words once, then every sheet with them."""
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from .. import campaigns
from ..forms.kit import KitForm
from ..kit import SHEETS, audio_text, code_of, remarks, sheet_pdf
from ..models import Campaign
from . import private, readable


def _campaign(request, campaign_id: int) -> Campaign:
    found = campaigns.campaigns_of(readable(request)).filter(state=Campaign.State.APPROVED)
    return get_object_or_404(found, pk=campaign_id)


def _form(request, campaign: Campaign) -> KitForm:
    """The words stand in the address: nothing of a print kit has to be kept."""
    return KitForm(request.GET if "first" in request.GET else None, initial={"title": campaign.theme[:30] or campaign.name[:30]})


@require_safe
@private
def kit(request, campaign_id):
    """The form, and once it is filled in the sheets."""
    campaign = _campaign(request, campaign_id)
    form = _form(request, campaign)
    ready = form.is_bound and form.is_valid()
    notes = remarks(form.words(), campaign.unit) if ready else []
    context = {
        "campaign": campaign, "form": form, "ready": ready, "sheets": SHEETS.items(), "code": code_of(campaign), "notes": notes,
    }  # fmt: skip
    return render(request, "outreach/campaigns/kit.html", context, status=422 if form.errors else 200)


def _words(request, campaign: Campaign):
    form = _form(request, campaign)
    if not (form.is_bound and form.is_valid()):
        raise Http404
    return form.words()


@require_safe
@private
def sheet(request, campaign_id, sheet):
    """One sheet as PDF."""
    campaign = _campaign(request, campaign_id)
    if sheet not in SHEETS:
        raise Http404
    code = code_of(campaign)
    address = request.build_absolute_uri(reverse("quiz:quiz", args=[code.slug])) if code else None
    content = sheet_pdf(campaign, _words(request, campaign), sheet, address=address)
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'attachment; filename="{sheet}-{campaign.pk}.pdf"'
    return response


@require_safe
@private
def audio(request, campaign_id):
    """What a loudspeaker says."""
    campaign = _campaign(request, campaign_id)
    response = HttpResponse(audio_text(campaign, _words(request, campaign)), content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="audio-{campaign.pk}.txt"'
    return response
