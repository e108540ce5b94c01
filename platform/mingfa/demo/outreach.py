"""The demo's outreach: a ledger with every kind of entry, a campaign month of most townships, some records to be checked."""
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from mingfa.people.models import OrgUnit, User
from outreach import actions
from outreach.actions import Outline, Record
from outreach.models import Batch, Campaign, DutyItem, Material, Stock

from . import sources

PRINTED, SENT = 60, 50  # days ago
WORDS = ("audience", "ways", "due", "section", "standard")
HELD = ("form", "spot", "staff", "audience", "consulted", "is_counted", "received", "aided", "suggestions", "displays", "media")


def load_outreach(units: dict[str, OrgUnit], accounts: dict[str, User], *, by: User, now: datetime) -> Campaign:
    """Materials, transfers to every township, a campaign with its hand-outs, a loss, a correction and a 盘点."""
    document, keeper, store = sources.document("outreach.yaml"), accounts["demo-outreach"], units["嘉禾区"]
    towns = [one for one in units.values() if one.kind == OrgUnit.Kind.TOWNSHIP]
    batches = _stock_up(document, store, towns, keeper=keeper, now=now)
    for one in document["earlier"]:
        unit = units[one["unit"]]
        held = actions.record_activity(_record(one, unit, now), unit=unit, handed=[], by=_clerk(unit, by), now=now)
        actions.decide_activity(held, approved=True, opinion="", by=keeper, now=now)
    campaign = _plan(document, store, towns, keeper=keeper, second=_clerk(units["区信访办"], by), units=units, now=now)
    _hold(document, campaign, batches, towns, keeper=keeper, by=by, now=now)
    # The demo person of a township has a record that came back, and one to make.
    own, mine = units["望禾街道"], accounts["demo-town"]
    activity = actions.record_activity(_record(document["activities"][2], own, now), unit=own, handed=[], by=mine, now=now)
    actions.decide_activity(activity, approved=False, opinion=document["returned"], by=keeper, now=now)
    return campaign


def day_ago(now: datetime, ago: int) -> date:
    return timezone.localdate(now) - timedelta(days=ago)


def _clerk(unit: OrgUnit, otherwise: User) -> User:
    """Somebody of the roster who works there, below it, or in the township above."""
    above = Q(postings__unit__path__in=OrgUnit.paths_down_to(unit.path)[1:])
    found = User.objects.filter(Q(postings__unit__path__startswith=unit.path) | above, postings__ends_on=None)
    return found.exclude(username__startswith="demo-").order_by("-postings__unit__path", "pk").first() or otherwise


def _stock_up(document: dict, store: OrgUnit, towns: list[OrgUnit], *, keeper: User, now: datetime) -> list[Batch]:
    batches = []
    for one in document["materials"]:
        words = {name: one[name] for name in ("name", "category", "size", "low_at")}
        material = actions.create_material(unit=store, by=keeper, now=now, **words)
        printed = {"label": one["batch"], "place": store, "quantity": one["printed"], "day": day_ago(now, PRINTED)}
        batch = actions.receive_print(material, **printed, by=keeper, now=now).lines.first().batch
        for town in towns:
            sent = {"place": store, "to": town, "quantity": one["each"], "day": day_ago(now, SENT)}
            actions.transfer_stock(batch, **sent, by=keeper, now=now)
        batches.append(batch)
    loss, first = document["loss"], batches[0]
    words = {"place": towns[0], "day": day_ago(now, 40), "by": keeper, "now": now}
    actions.record_loss(first, quantity=loss["quantity"], note=loss["note"], **words)
    wrong = actions.hand_out([(first, 40)], spot="社区服务中心", **words)
    actions.reverse_movement(wrong, note=document["correction"], by=keeper, now=now)
    actions.take_stock(first, counted=document["materials"][0]["each"] - loss["quantity"], **{**words, "day": day_ago(now, 0)})
    return batches


def _holding(towns: list[OrgUnit]) -> list[tuple[int, OrgUnit]]:
    """Every township but the first and every fourth, with its number."""
    return [(number, town) for number, town in enumerate(towns[1:], 1) if number % 4]


def _day_of(one: dict, number: int, now: datetime) -> date:
    """Not all on one day: two days to either side of what the source says."""
    return day_ago(now, one["days"] + number % 5 - 2)


def _plan(
    document: dict, store: OrgUnit, towns: list[OrgUnit], *, keeper: User, second: User, units: dict[str, OrgUnit],
    now: datetime,
) -> Campaign:  # fmt: skip
    """The 普法责任清单 and the plan that serves it, approved by a second person."""
    one = document["campaign"]
    # Drawn up and approved some days before it begins.
    began, drawn = day_ago(now, one["begins"]), now - timedelta(days=one["begins"] + 3)
    words = {"by": keeper, "now": drawn}
    for duty in document["duties"]:
        rest = {name: duty[name] for name in WORDS}
        actions.save_duty(None, unit=units[duty["unit"]], year=began.year, subject=duty["subject"], **rest, **words)
    duties = tuple(DutyItem.objects.filter(unit=store, year=began.year, subject__in=one["duties"]))
    outline = Outline(
        one["name"], began, day_ago(now, one["ends"]), theme=one["theme"], partners=one["partners"], duties=duties
    )
    campaign = actions.draw_up_campaign(outline, unit=store, **words)
    turns = document["activities"]
    for number, town in _holding(towns):
        stop = turns[number % len(turns)]
        place = {"form": stop["form"], "spot": stop["spot"], "staff": stop["staff"]}
        actions.add_stop(campaign, unit=town, planned_on=_day_of(stop, number, now), **place, **words)
    for stop in document["coming"]:
        place = {"form": stop["form"], "spot": stop["spot"]}
        actions.add_stop(campaign, unit=towns[stop["town"]], planned_on=day_ago(now, stop["days"]), **place, **words)
    for material in Material.objects.filter(unit=store):
        actions.allot_material(campaign, material=material, quantity=one["allotments"][material.name], **words)
    campaign = actions.submit_campaign(campaign, **words)
    return actions.decide_campaign(campaign, approved=True, opinion=one["opinion"], by=second, now=drawn)


def _hold(document: dict, campaign: Campaign, batches: list[Batch], towns, *, keeper: User, by: User, now: datetime) -> None:
    """Each stop up to today is held; all but the last few are checked."""
    turns, more = document["activities"], document["fair"]
    holding = _holding(towns)
    for number, town in holding:
        one = turns[number % len(turns)]
        hands = [copies + (more[at] if number == 1 else 0) for at, copies in enumerate(one["hands"])]
        handed = [
            (Stock.objects.get(batch=batch, place=town), copies)
            for batch, copies in zip(batches, hands, strict=True)
            if copies
        ]
        record = _record(one, town, now, held_on=_day_of(one, number, now), campaign=campaign)
        activity = actions.record_activity(record, unit=town, handed=handed, by=_clerk(town, by), now=now)
        if number < len(towns) - 4:
            actions.decide_activity(activity, approved=True, opinion="", by=keeper, now=now)


def _record(one: dict, unit: OrgUnit, now: datetime, *, held_on: date | None = None, campaign=None) -> Record:
    held = {name: one[name] for name in HELD if name in one}
    return Record(name=f"{unit.name}{one['name']}", held_on=held_on or day_ago(now, one["days"]), campaign=campaign, **held)
