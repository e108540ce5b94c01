"""The demo's public pages: some public, some waiting at a step, one sent back, one draft with findings."""
from datetime import datetime, timedelta

from mingfa.people.models import OrgUnit, User
from mingfa.review import actions as reviewing
from mingfa.wording import day
from outreach.actions import cases, publishing
from outreach.models import AnswerPage, Campaign, CampaignPage, CasePage, NoticePage
from outreach.publishing.checks import CHECKLIST

from . import sources

KINDS = {"campaign": CampaignPage, "case": CasePage, "answer": AnswerPage, "notice": NoticePage}
SIGNATURES = {"first": 0, "second": 1, "third": 2, "passed": 3}


def load_public_pages(unit: OrgUnit, accounts: dict[str, User], campaign: Campaign, *, now: datetime) -> None:
    """The pages of public.yaml, through the actions that writers and reviewers use."""
    document, writer = sources.document("public.yaml"), accounts["demo-outreach"]
    people = [accounts[name] for name in ("demo-first", "demo-second", "demo-third")]
    began = now - timedelta(days=6)
    for number, one in enumerate(document["pages"]):
        at = began + timedelta(hours=6 * number)
        kind = KINDS[one["kind"]]
        fields = {name: one[name] for name in ("title", "slug", "summary", "when", "contact", "lesson", "source") if name in one}
        if one.get("plan"):
            first, last = day(campaign.starts_on), day(campaign.ends_on)
            fields |= {"campaign": campaign, "when": f"{campaign.name}，{first} 至 {last}"}
        page = publishing.create_page(
            kind, unit=unit, by=writer, now=at, body=[_block(block) for block in one["body"]], **fields
        )
        if one["at"] == "draft":
            continue
        if kind is CasePage:
            cases.check_case(page.pk, ticked=range(len(CHECKLIST)), by=writer, now=at)
        review = publishing.submit_page(page.pk, by=writer, now=at)
        if one["at"] == "returned":
            reviewing.return_review(
                review.pk, by=people[0], now=at, text_hash=review.text_hash, opinion=document["returned"]
            )
            continue
        for step, person in enumerate(people[: SIGNATURES[one["at"]]]):
            reviewing.sign_review(
                review.pk, by=person, now=at + timedelta(hours=step + 1), text_hash=review.text_hash,
                opinion=document["opinions"][step], secrecy=step == 1,
            )  # fmt: skip


def _block(block: dict) -> tuple[str, object]:
    if "law" in block:
        law, _, article = block["law"].partition(" ")
        return "law", {"law": law, "article": article}
    return "text", block["text"]
