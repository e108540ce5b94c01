"""The print kit of a campaign: the words once, their 三审三校, then every sheet with them."""
from urllib.parse import urlencode

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from .. import campaigns, kit_reviews
from ..actions.kit import submit_kit
from ..engine.refusals import Refusal
from ..forms.kit import KitForm
from ..kit import SHEETS, audio_text, code_of, printed, remarks, sheet_pdf, words_of
from ..models import Campaign, KitText
from ..publishing import wording
from ..queries import places_kept_by
from ..wording import sentence
from . import kept, private, readable

NAMES = ("title", "first", "second", "third", "help", "numbers_checked")


def _campaign(request, campaign_id: int) -> Campaign:
    found = campaigns.campaigns_of(readable(request)).filter(state=Campaign.State.APPROVED)
    return get_object_or_404(found, pk=campaign_id)


def _own(request, campaign_id: int) -> Campaign:
    """A running campaign of a unit the person keeps: its words are written there."""
    campaign = _campaign(request, campaign_id)
    if campaign.unit not in kept(request):
        raise Http404
    return campaign


@require_safe
@private
def kit(request, campaign_id):
    """What may be printed, what waits, and the form, whose words stand in the address until they are handed in."""
    campaign = _campaign(request, campaign_id)
    return _page(request, campaign, KitForm(request.GET) if "first" in request.GET else None)


def _page(request, campaign: Campaign, form: KitForm | None, *, refusal: str = "", status: int = 200):
    writes = campaign.unit in places_kept_by(request.user)
    form = (form or KitForm(initial=_initial(campaign))) if writes else None
    ready = bool(form and form.is_bound and form.is_valid())
    signed = kit_reviews.signed_review(campaign)
    waits = kit_reviews.waiting_review(campaign)
    context = {
        "campaign": campaign, "form": form, "ready": ready, "sheets": SHEETS.items(), "code": code_of(campaign),
        "notes": remarks(form.words(), campaign.unit) if ready else [], "refusal": refusal, "signed": signed,
        "text": KitText.objects.get(pk=signed.target_id) if signed else None, "waits": waits,
        "waiting": KitText.objects.get(pk=waits.target_id) if waits and (writes or not signed) else None,
        "given": [(name, form.data[name]) for name in NAMES if form.data.get(name)] if ready else [],
    }  # fmt: skip
    context["proof"] = urlencode(context["given"])
    wrong = form is not None and bool(form.errors)
    return render(request, "outreach/campaigns/kit.html", context, status=422 if wrong else status)


def _initial(campaign: Campaign) -> dict:
    """What was written last, else the theme."""
    last = campaign.kit_texts.order_by("-made_at", "-pk").first()
    if last is None:
        return {"title": campaign.theme[:30] or campaign.name[:30]}
    words = words_of(last.said)
    points = dict(zip(("first", "second", "third"), words.points, strict=False))
    return {"title": words.title, "help": words.help, **points}


@private
@require_POST
def submit(request, campaign_id):
    """送审 of the words in the form."""
    campaign, form = _own(request, campaign_id), KitForm(request.POST)
    if not form.is_valid():
        return _page(request, campaign, form)
    try:
        submit_kit(campaign, form.words(), by=request.user, now=timezone.now())
    except Refusal as refusal:
        return _page(request, campaign, form, refusal=_said(refusal), status=409)
    messages.success(request, "已送审，等一审一校。三审三校完成以前，印出来的都带“样稿”字样")
    return redirect("outreach:kit", campaign.pk)


def _said(refusal: Refusal) -> str:
    """Of publishing or of the plan."""
    return wording.sentence(refusal) if type(refusal).__module__.endswith("engine.publishing") else sentence(refusal)


def _written(request, campaign: Campaign) -> dict:
    """What the words in the address would print."""
    form = KitForm(request.GET)
    if not form.is_valid():
        raise Http404
    return printed(campaign, form.words())


@require_safe
@private
def proof(request, campaign_id, sheet):
    """One sheet as 样稿, with words that nobody has signed."""
    campaign = _own(request, campaign_id)
    return _sheet(request, campaign, _written(request, campaign), sheet, is_proof=True)


@require_safe
@private
def proof_audio(request, campaign_id):
    """What a loudspeaker would say."""
    campaign = _own(request, campaign_id)
    return _audio(campaign, _written(request, campaign), is_proof=True)


@require_safe
@private
def sheet(request, text_id, sheet):
    """One sheet of a text that was handed in; without the mark 样稿 once it is signed."""
    text = kit_reviews.text_or_404(request.user, text_id)
    return _sheet(request, text.campaign, text.said, sheet, is_proof=not kit_reviews.is_signed(text))


@require_safe
@private
def audio(request, text_id):
    """What a loudspeaker says."""
    text = kit_reviews.text_or_404(request.user, text_id)
    return _audio(text.campaign, text.said, is_proof=not kit_reviews.is_signed(text))


def _sheet(request, campaign: Campaign, said: dict, name: str, *, is_proof: bool) -> HttpResponse:
    if name not in SHEETS:
        raise Http404
    code = code_of(campaign)
    address = request.build_absolute_uri(reverse("quiz:quiz", args=[code.slug])) if code else None
    content = sheet_pdf(said, name, address=address, proof=is_proof)
    return _file(content, "application/pdf", f"{name}-{campaign.pk}{'-proof' if is_proof else ''}.pdf")


def _audio(campaign: Campaign, said: dict, *, is_proof: bool) -> HttpResponse:
    words = audio_text(said, proof=is_proof)
    return _file(words, "text/plain; charset=utf-8", f"audio-{campaign.pk}{'-proof' if is_proof else ''}.txt")


def _file(content: bytes | str, kind: str, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type=kind)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
