"""Campaigns: the list, one with its progress, drawing up, approval and summary."""
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from mingfa.people.models import OrgUnit
from mingfa.rounding import about

from .. import actions, activities, campaigns, queries
from ..actions.publishing import begin_campaign_page
from ..engine.refusals import NoReason, Refusal
from ..forms.campaigns import AllotmentForm, CampaignForm, StopForm
from ..kit import code_of
from ..legal_days import day_named
from ..models import Campaign, Stop
from ..publishing.listing import written
from ..wording import count, sentence
from . import kept, private, readable

PAGE_SIZE = 30
S = Campaign.State


@require_safe
@private
def listing(request):
    """All campaigns the person may read, with planned and held."""
    places = readable(request)
    page = Paginator(campaigns.campaigns_of(places), PAGE_SIZE).get_page(request.GET.get("page"))
    progress = campaigns.progress_of(page.object_list)
    rows = [(one, progress[one.pk]) for one in page.object_list]
    keeps = bool(queries.places_kept_by(request.user))
    return render(request, "outreach/campaigns/list.html", {"page": page, "rows": rows, "keeps": keeps})


def _campaign(request, campaign_id: int, places) -> Campaign:
    return get_object_or_404(campaigns.campaigns_of(places), pk=campaign_id)


def _own(request, campaign_id: int) -> Campaign:
    """A campaign of a unit the person keeps."""
    places = kept(request)
    return get_object_or_404(campaigns.campaigns_of(places).filter(unit__in=places), pk=campaign_id)


@require_safe
@private
def detail(request, campaign_id):
    """One campaign: what was planned, what was held, what was handed out, what waits for whom."""
    campaign = _campaign(request, campaign_id, readable(request))
    return _page(request, campaign)


def _page(request, campaign: Campaign, *, status=200, **bound):
    mine = queries.places_kept_by(request.user)
    keeps, own = campaign.unit in mine, campaign.by_id == request.user.pk
    edits = keeps and campaign.state in actions.OPEN_CAMPAIGN
    forms = _forms(campaign, mine) if edits else {}
    return render(request, "outreach/campaigns/detail.html", {
        "campaign": campaign, "day": day_named(campaign.legal_day), "plan_word": campaigns.plan_of(campaign.starts_on.year),
        "stops": [(one, campaigns.is_held(one)) for one in campaigns.stops_of(campaign)],
        "beside": campaigns.activities_beside(campaign), "handed": campaigns.handed_of_plan(campaign),
        "progress": campaigns.progress_of([campaign])[campaign.pk], "duties": campaign.duties.select_related("unit"),
        "edits": edits, "decides": keeps and campaign.state == S.SUBMITTED and not own,
        "own": keeps and campaign.state == S.SUBMITTED and own, "closes": keeps and campaign.state == S.APPROVED,
        "records": bool(mine) and campaign.state == S.APPROVED, "summary": _summary(campaign),
        "pages": written(campaign.pages.order_by("pk")), "code": code_of(campaign),
        "writes": keeps and campaign.state in (S.APPROVED, S.CLOSED), **forms, **bound,
    }, status=status)  # fmt: skip


def _forms(campaign: Campaign, mine) -> dict:
    return {
        "stop_form": StopForm(units=_units(campaign, mine), initial={"planned_on": campaign.starts_on}, prefix="stop"),
        "allotment_form": AllotmentForm(materials=queries.materials_of(mine), prefix="allot"),
    }


def _units(campaign: Campaign, mine):
    """The district takes its townships along, a township its villages."""
    return OrgUnit.objects.filter(pk__in=[one.pk for one in mine], path__startswith=campaign.unit.path).order_by("path")


def _summary(campaign: Campaign) -> str:
    """What the summary may begin with: the figures, exact."""
    if campaign.state != S.APPROVED:
        return campaign.summary
    progress, heads = campaigns.progress_of([campaign])[campaign.pk], activities.heads_of(campaign.activities.all())
    handed = [one for one in campaigns.handed_of_plan(campaign) if one.handed and one.material.is_print]
    copies = sum(one.handed for one in handed)
    words = [f"计划 {progress.planned} 场，按计划办了 {progress.held} 场，计划外 {progress.beside} 场"]
    if copies:
        exact = "" if about(copies) == str(copies) else f"（{count(copies)}）"
        words.append(f"发放资料 {len(handed)} 种 {about(copies)}份{exact}")
    words += [f"受众逐人清点 {count(heads.counted)} 人"] if heads.counted else []
    words += [f"受众现场估计 {count(heads.estimated)} 人"] if heads.estimated else []
    words += [f"接受咨询 {count(heads.consulted)} 人次"] if heads.consulted else []
    return "；".join(words) + "。"


@private
def edit(request, campaign_id=None):
    """The outline, new or once more."""
    places = kept(request)
    campaign = _own(request, campaign_id) if campaign_id else None
    if campaign and campaign.state not in actions.OPEN_CAMPAIGN:
        raise Http404
    unit, names = campaign.unit if campaign else places[0], ("name", "theme", "legal_day", "starts_on", "ends_on", "partners")
    initial = {name: getattr(campaign, name) for name in names} if campaign else {"legal_day": request.GET.get("day", "")}
    initial |= {"duties": list(campaign.duties.values_list("pk", flat=True))} if campaign else {}
    day = campaign.starts_on if campaign else timezone.localdate()
    form = CampaignForm(request.POST or None, unit=unit, day=day, places=places, initial=initial)
    if request.method == "POST" and form.is_valid():
        words = {"by": request.user, "now": timezone.now()}
        try:
            if campaign:
                saved = actions.revise_campaign(campaign, form.outline(), **words)
            else:
                saved = actions.draw_up_campaign(form.outline(), unit=unit, **words)
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            messages.success(request, f"已保存“{saved.name}”。再加上场次和资料，就可以提交审批")
            return redirect("outreach:campaign", saved.pk)
    context = {"form": form, "campaign": campaign, "unit": unit}
    return render(request, "outreach/campaigns/form.html", context, status=422 if form.errors else 200)


@private
@require_POST
def stop_add(request, campaign_id):
    campaign, places = _own(request, campaign_id), kept(request)
    form = StopForm(request.POST, units=_units(campaign, places), prefix="stop")
    if form.is_valid():
        try:
            actions.add_stop(campaign, by=request.user, now=timezone.now(), **form.arguments())
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            return redirect(f"{request.path.removesuffix('stops/')}#stops")
    return _page(request, campaign, status=422, stop_form=form)


@private
@require_POST
def stop_remove(request, campaign_id, stop_id):
    campaign = _own(request, campaign_id)
    stop = get_object_or_404(Stop.objects.filter(campaign=campaign), pk=stop_id)
    return _done(request, campaign, lambda words: actions.remove_stop(stop, **words), "已去掉一场")


@private
@require_POST
def allot(request, campaign_id):
    campaign, places = _own(request, campaign_id), kept(request)
    form = AllotmentForm(request.POST, materials=queries.materials_of(places), prefix="allot")
    if not form.is_valid():
        return _page(request, campaign, status=422, allotment_form=form)
    return _done(request, campaign, lambda words: actions.allot_material(campaign, **form.cleaned_data, **words), "已保存")


@private
@require_POST
def move(request, campaign_id):
    """Hand in, approve, return, close."""
    campaign, to = _own(request, campaign_id), request.POST.get("do", "")
    opinion, summary = request.POST.get("opinion", "").strip()[:200], request.POST.get("summary", "").strip()[:3000]
    moves = {
        "submit": (lambda words: actions.submit_campaign(campaign, **words), "已提交，等另一位宣传员审批"),
        "approve": (
            lambda words: actions.decide_campaign(campaign, approved=True, opinion=opinion, **words),
            "已批准，每一场都建好了活动草稿",
        ),
        "return": (
            lambda words: actions.decide_campaign(campaign, approved=False, opinion=opinion, **words),
            "已退回，拟定人会在“我的任务”里看到",
        ),
        "close": (lambda words: actions.close_campaign(campaign, summary=summary, **words), "已总结"),
    }
    if to not in moves:
        raise Http404
    return _done(request, campaign, *moves[to])


@private
@require_POST
def page_new(request, campaign_id):
    """A draft of a 宣传专题 for the plan; its writer goes on in the editor. It becomes public by 三审三校 only."""
    campaign = _own(request, campaign_id)
    try:
        made, is_new = begin_campaign_page(campaign, by=request.user, now=timezone.now())
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
        return redirect("outreach:campaign", campaign.pk)
    words = "已建好草稿，带上了计划的时间和场次。写好内容，再送三审三校" if is_new else "这个计划已有公开专题，就是这一页"
    messages.success(request, words)
    return redirect("wagtailadmin_pages:edit", made.pk)


def _done(request, campaign: Campaign, act, words: str):
    """Do it and come back to the campaign with what was done, or why not."""
    try:
        act({"by": request.user, "now": timezone.now()})
    except NoReason:
        messages.error(request, "请写明原因" if campaign.state == S.SUBMITTED else "请写总结")
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, words)
    return redirect("outreach:campaign", campaign.pk)
