"""Campaigns: drawn up, handed in, approved by a second person, closed with a summary."""
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import uuid4

from django.db import transaction
from mingfa.people.models import OrgUnit, User
from wagtail.log_actions import log

from ..engine.refusals import NoReason, OutsidePlan, OwnPlan, PlanEmpty, WrongState
from ..models import Activity, Allotment, Campaign, DutyItem, Material, Stop

OPEN = (Campaign.State.DRAFT, Campaign.State.RETURNED)


@dataclass(frozen=True)
class Outline:
    """What a campaign is, without its stops."""

    name: str
    starts_on: date
    ends_on: date
    theme: str = ""
    legal_day: str = ""
    partners: str = ""
    duties: tuple[DutyItem, ...] = ()


def draw_up_campaign(outline: Outline, *, unit: OrgUnit, by: User, now: datetime) -> Campaign:
    """A draft; `unit` leads."""
    with transaction.atomic():
        campaign = Campaign(unit=unit, by=by, created_at=now)
        _outline(campaign, outline)
        log(campaign, "outreach.draw_up_campaign", user=by, timestamp=now, data={"unit": unit.pk})
    return campaign


def revise_campaign(campaign: Campaign, outline: Outline, *, by: User, now: datetime) -> Campaign:
    """Another outline, before it is handed in. Who revised it has drawn it up.

    Raises:
        WrongState
        OutsidePlan: a stop would no longer lie in its days.
    """
    with transaction.atomic():
        campaign = _locked(campaign, *OPEN)
        outside = campaign.stops.exclude(planned_on__range=(outline.starts_on, outline.ends_on)).first()
        if outside:
            raise OutsidePlan(outside.planned_on)
        campaign.by = by
        _outline(campaign, outline)
        log(campaign, "outreach.revise_campaign", user=by, timestamp=now)
    return campaign


def _outline(campaign: Campaign, outline: Outline) -> None:
    campaign.state, campaign.decided_by, campaign.decided_at = Campaign.State.DRAFT, None, None
    for name in ("name", "starts_on", "ends_on", "theme", "legal_day", "partners"):
        setattr(campaign, name, getattr(outline, name))
    campaign.save()
    campaign.duties.set(outline.duties)


def add_stop(
    campaign: Campaign, *, unit: OrgUnit, planned_on: date, form: str, spot: str = "", staff: str = "", by: User,
    now: datetime,
) -> Stop:  # fmt: skip
    """One more 场次 in the plan.

    Raises:
        WrongState, OutsidePlan
    """
    with transaction.atomic():
        campaign = _locked(campaign, *OPEN)
        if not campaign.starts_on <= planned_on <= campaign.ends_on:
            raise OutsidePlan(planned_on)
        stop = campaign.stops.create(unit=unit, planned_on=planned_on, form=form, spot=spot, staff=staff)
        log(campaign, "outreach.add_stop", user=by, timestamp=now, data={"unit": unit.pk, "day": planned_on.isoformat()})
    return stop


def remove_stop(stop: Stop, *, by: User, now: datetime) -> None:
    """Take a 场次 out of a plan that is not handed in.

    Raises:
        WrongState
    """
    with transaction.atomic():
        campaign = _locked(stop.campaign, *OPEN)
        data = {"unit": stop.unit_id, "day": stop.planned_on.isoformat()}
        log(campaign, "outreach.remove_stop", user=by, timestamp=now, data=data)
        stop.delete()


def allot_material(campaign: Campaign, *, material: Material, quantity: int, by: User, now: datetime) -> None:
    """How many copies the campaign means to hand out; 0 takes the material out of the plan.

    Raises:
        WrongState
    """
    with transaction.atomic():
        campaign = _locked(campaign, *OPEN)
        if quantity:
            Allotment.objects.update_or_create(campaign=campaign, material=material, defaults={"quantity": quantity})
        else:
            campaign.allotments.filter(material=material).delete()
        log(campaign, "outreach.allot_material", user=by, timestamp=now, data={material.name: quantity})


def submit_campaign(campaign: Campaign, *, by: User, now: datetime) -> Campaign:
    """Hand the plan in for approval.

    Raises:
        WrongState, PlanEmpty
    """
    with transaction.atomic():
        campaign = _locked(campaign, *OPEN)
        if not campaign.stops.exists():
            raise PlanEmpty
        campaign.state, campaign.by = Campaign.State.SUBMITTED, by
        campaign.decided_by = campaign.decided_at = None
        campaign.save()
        log(campaign, "outreach.submit_campaign", user=by, timestamp=now)
    return campaign


def decide_campaign(campaign: Campaign, *, approved: bool, opinion: str, by: User, now: datetime) -> Campaign:
    """审批 by a second person: return with a reason, or approve, which makes a draft activity of every stop.

    Drafts and records that the same units already have for the campaign's 节点 become its own.

    Raises:
        WrongState, OwnPlan, NoReason
    """
    if not approved and not opinion.strip():
        raise NoReason
    with transaction.atomic():
        campaign = _locked(campaign, Campaign.State.SUBMITTED)
        if campaign.by_id == by.pk:
            raise OwnPlan
        campaign.state = Campaign.State.APPROVED if approved else Campaign.State.RETURNED
        campaign.decided_by, campaign.decided_at, campaign.opinion = by, now, opinion.strip()
        campaign.save()
        made = _open_stops(campaign, now=now) if approved else 0
        word = "approve" if approved else "return"
        log(campaign, f"outreach.{word}_campaign", user=by, timestamp=now, data={"drafts": made})
    return campaign


def _open_stops(campaign: Campaign, *, now: datetime) -> int:
    if campaign.legal_day:
        Activity.objects.filter(
            legal_day=campaign.legal_day, year=campaign.starts_on.year, campaign=None,
            unit__path__startswith=campaign.unit.path,
        ).update(campaign=campaign)  # fmt: skip
    waiting = list(_waiting_drafts(campaign))
    drafts = []
    for stop in campaign.stops.select_related("unit").order_by("planned_on", "pk"):
        # A draft out of the calendar becomes the draft of the unit's first stop.
        draft = next((one for one in waiting if one.unit_id == stop.unit_id), None)
        if draft:
            waiting.remove(draft)
        drafts.append(_draft(stop, campaign, draft or Activity(key=uuid4(), by=campaign.by, recorded_at=now)))
    for draft in drafts:
        draft.save()
    return len(drafts)


def _waiting_drafts(campaign: Campaign) -> Iterable[Activity]:
    return campaign.activities.select_for_update().filter(state=Activity.State.DRAFT, stop=None).order_by("held_on", "pk")


def _draft(stop: Stop, campaign: Campaign, draft: Activity) -> Activity:
    draft.unit, draft.stop, draft.campaign, draft.legal_day = stop.unit, stop, campaign, campaign.legal_day
    draft.name = draft.name or f"{stop.unit.name}{campaign.name}"[:80]
    draft.held_on, draft.year, draft.form = stop.planned_on, stop.planned_on.year, stop.form
    draft.spot, draft.staff, draft.partners = stop.spot, stop.staff, campaign.partners[:120]
    return draft


def close_campaign(campaign: Campaign, *, summary: str, by: User, now: datetime) -> Campaign:
    """总结. Nothing is recorded for the campaign afterwards; drafts that nobody held stay as what was not held.

    Raises:
        WrongState, NoReason: there is no summary.
    """
    if not summary.strip():
        raise NoReason
    with transaction.atomic():
        campaign = _locked(campaign, Campaign.State.APPROVED)
        campaign.state, campaign.summary, campaign.closed_at = Campaign.State.CLOSED, summary.strip(), now
        campaign.save()
        log(campaign, "outreach.close_campaign", user=by, timestamp=now)
    return campaign


def _locked(campaign: Campaign, *states: str) -> Campaign:
    found = Campaign.objects.select_for_update(of=("self",)).select_related("unit").get(pk=campaign.pk)
    if found.state not in states:
        raise WrongState(found.get_state_display())
    return found
