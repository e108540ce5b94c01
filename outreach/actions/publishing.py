"""From a draft to a public page and back: 送审, 发布 by the third signature, 撤回 (docs/rules.md, 公开发布).

Every path by which a page's text could change or go live ends here: the editor, imports, copies, reverts, moves and
commands of Wagtail are followed by the signals that outreach.apps connects.
"""
from datetime import datetime

from django.db import transaction
from django.db.models import F
from mingfa.library.citations import fold_title
from mingfa.people.access import holds, require
from mingfa.people.models import OrgUnit, Role, User
from mingfa.review import actions as reviewing
from mingfa.review.engine import NotReady, TextChanged
from mingfa.review.models import OPEN, Review
from mingfa.review.queries import STEP_ROLES, reviews_of
from mingfa.wording import day
from wagtail.actions.publish_page_revision import PublishPageRevisionAction
from wagtail.actions.unpublish_page import UnpublishPageAction
from wagtail.log_actions import log
from wagtail.models import Page, Revision

from ..engine.identifying import masked
from ..engine.publishing import (
    CaseUnchecked,
    FindingsOpen,
    InReviewAlready,
    MayNotLoosen,
    MayNotStay,
    NoFinding,
    NotPublic,
)
from ..engine.refusals import NoReason, WrongState
from ..models import (
    Campaign,
    CampaignPage,
    CaseCheck,
    CasePage,
    Justification,
    PublicEdition,
    PublicPage,
    PublicSite,
    PublicText,
    PublishingRule,
    Release,
    TextCitation,
    TextFile,
)
from ..models.signed import APPROVED, MODEL, content_of, files_of, hash_of
from ..publishing.checks import findings_of, open_findings
from ..publishing.texts import citations_of, latest_of, words_of

LONGEST_WHEN = 60  # characters of CampaignPage.when
EDITED, MOVED, REPLACED = "文字有改动", "页面换了位置", "换成新的文字"


@transaction.atomic
def create_page(kind: type[PublicPage], *, unit: OrgUnit, by: User, now: datetime, **fields) -> PublicPage:
    """A draft below the public site, with its first revision. `by` has to be 宣传员 of the unit."""
    require(by, Role.OUTREACH, unit=unit)
    page = kind(unit=unit, owner=by, live=False, **fields)
    PublicSite.objects.get().add_child(instance=page)
    page.save_revision(user=by)
    log(page, "wagtail.create", user=by, timestamp=now)
    return page


@transaction.atomic
def begin_campaign_page(campaign: Campaign, *, by: User, now: datetime) -> tuple[CampaignPage, bool]:
    """The 宣传专题 of a plan: the one that is there, else a draft with the plan's words and days, and whether it was made.

    Two presses, or two people at once, make one.

    Raises:
        WrongState: the plan is not approved.
    """
    campaign = Campaign.objects.select_for_update(of=("self",)).select_related("unit").get(pk=campaign.pk)
    if campaign.state not in APPROVED:
        raise WrongState(campaign.get_state_display())
    there = campaign.pages.order_by("pk").first()
    if there:
        return there, False
    words, first, last = campaign.theme or campaign.name, day(campaign.starts_on), day(campaign.ends_on)
    days = first if last == first else f"{first} 至 {last}"
    when = f"{campaign.name}，{days}" if len(campaign.name) + len(days) < LONGEST_WHEN else days
    made = create_page(
        CampaignPage, unit=campaign.unit, by=by, now=now, title=words, summary=words, campaign=campaign, when=when,
        starts_on=campaign.starts_on, ends_on=campaign.ends_on,
    )  # fmt: skip
    return made, True


@transaction.atomic
def submit_page(page_id: int, *, by: User, now: datetime) -> Review:
    """送审 of the draft as it stands. Whoever has written on it since it was last public is an author.

    Raises FindingsOpen, CaseUnchecked, InReviewAlready.
    """
    page = _locked(page_id)
    require(by, Role.OUTREACH, unit=page.unit)
    if left := len(open_findings(page)):
        raise FindingsOpen(left)
    digest = hash_of(content_of(page))
    if isinstance(page, CasePage) and not CaseCheck.objects.filter(page=page_id, text_hash=digest).exists():
        raise CaseUnchecked
    _end_others(page_id, digest, by=by, now=now)
    text = _store(page, by=by, now=now)
    submission = reviewing.Submission(text.pk, digest, _authors_of(page))
    rule = PublishingRule.objects.filter(unit=page.unit, author_first=True).exists()
    (review,) = reviewing.submit_texts(
        MODEL, [submission], unit=page.unit, about=page, by=by, now=now, author_first=rule
    )
    return review


@transaction.atomic
def follow_revision(revision: Revision, *, by: User | None, now: datetime) -> None:
    """Somebody has saved another wording, on whatever way: a review under way begins again at 一审, nothing signed counts.

    Told before Wagtail calls the revision the latest one. Where the new wording has open findings, and for every case,
    it is a draft until it is checked and submitted again.
    """
    page_id = int(revision.object_id)
    text_ids = PublicText.objects.filter(page=page_id).values_list("pk", flat=True)
    waiting = reviews_of(MODEL, text_ids).filter(state__in=(*OPEN, Review.State.RETURNED))
    if not waiting.exists():
        return
    Page.objects.select_for_update().get(pk=page_id)
    page = revision.as_object()
    review = waiting.get()
    digest = hash_of(content_of(page, signed=PublicText.objects.get(pk=review.target_id)))
    if review.text_hash == digest:
        return
    if review.state == Review.State.RETURNED or isinstance(page, CasePage) or open_findings(page):
        reviewing.void_reviews(MODEL, [review.target_id], by=by, now=now, reason=EDITED)
        return
    text = _store(page, by=by, now=now)
    if reviews_of(MODEL, [text.pk]).filter(state=Review.State.PASSED).exists():
        # Back to a wording that was signed before: nothing waits any more.
        reviewing.void_reviews(MODEL, [review.target_id], by=by, now=now, reason=EDITED)
        return
    authors = frozenset({by.pk}) if by else frozenset()
    reviewing.replace_text(MODEL, review.target_id, reviewing.Submission(text.pk, digest, authors), by=by, now=now)


def lock_text(text_id: int) -> str:
    """Lock the page of a text, as every write to it does first, and return the hash of the text as it stands."""
    text = PublicText.objects.get(pk=text_id)
    Page.objects.select_for_update().get(pk=text.page_id)
    return hash_of(text.content)


def on_passed(review: Review, by: User, now: datetime) -> None:
    """The third signature publishes. Raises TextChanged when the draft or one of its files is not what was signed,
    NotReady when the checks of today find something."""
    text = PublicText.objects.get(pk=review.target_id)
    page = latest_of(text.page_id)
    current = hash_of(content_of(page, signed=text))
    if current != review.text_hash:
        raise TextChanged(review.text_hash, current)
    if left := open_findings(page):
        raise NotReady(f"送审以后多了 {len(left)} 处提示（{left[0].advice}）。请退回给拟稿人处理")
    _end_release(text.page_id, by=by, now=now, reason=REPLACED)
    Release.objects.create(page_id=text.page_id, text=text, slug=text.slug, at=now, by=by)
    _count_edition_up()
    revision = page.get_latest_revision()
    PublishPageRevisionAction(revision, user=by).execute(skip_permission_checks=True)
    log(page, "outreach.release", user=by, timestamp=now, data={"text": text.pk, "hash": review.text_hash})


def on_returned(review: Review, by: User, now: datetime) -> None:
    """What is public stays so: the draft was returned, not the page."""


@transaction.atomic
def withdraw_page(page_id: int, *, reason: str, by: User, now: datetime) -> Release:
    """撤回: the page is gone for the public at once, and so is what was made of it. Its approval is void.

    By 宣传员 and reviewers of the unit. Raises NotPublic, NoReason.
    """
    page = _locked(page_id)
    require(by, Role.OUTREACH, *STEP_ROLES, unit=page.unit)
    if not reason.strip():
        raise NoReason
    release = _end_release(page_id, by=by, now=now, reason=reason.strip())
    if release is None:
        raise NotPublic
    _take_back(page, release, by=by, now=now, reason=reason.strip())
    return release


@transaction.atomic
def follow_unpublished(page_id: int, *, now: datetime, reason: str = "后台取消发布", by: User | None = None) -> None:
    """The page went offline on another way than 撤回 (a command, an expiry date, a move): the release ends with it."""
    release = _end_release(page_id, by=by, now=now, reason=reason)
    if release:
        _take_back(_locked(page_id), release, by=by, now=now, reason=reason)


@transaction.atomic
def follow_move(page_id: int, *, now: datetime) -> None:
    """The page has another address: nothing that was signed for the old one counts."""
    follow_unpublished(page_id, now=now, reason=MOVED)
    texts = PublicText.objects.filter(page=page_id).values_list("pk", flat=True)
    reviewing.void_reviews(MODEL, texts, by=None, now=now, reason=MOVED)


@transaction.atomic
def justify_finding(page_id: int, *, kind: str, mark: str, reason: str, by: User, now: datetime) -> Justification:
    """A person answers for a finding that stays. Raises NoFinding, MayNotStay, NoReason."""
    page = _locked(page_id)
    require(by, Role.OUTREACH, unit=page.unit)
    finding = next((one for one in findings_of(page) if (one.kind, one.mark) == (kind, mark)), None)
    if finding is None:
        raise NoFinding
    if not finding.may_stay:
        raise MayNotStay
    if not reason.strip():
        raise NoReason
    row, _ = Justification.objects.get_or_create(
        page_id=page_id, kind=kind, mark=mark, defaults={"reason": reason.strip(), "by": by, "at": now}
    )
    facts = {"kind": kind, "found": masked(finding.words), "reason": row.reason}
    log(page, "outreach.justify", user=by, timestamp=now, data=facts)
    return row


@transaction.atomic
def set_publishing_rule(unit: OrgUnit, *, author_first: bool, by: User, now: datetime) -> PublishingRule:
    """拟稿人一审 for a unit, decided by its 三审人. Reviews under way keep the rule they began with. Raises MayNotLoosen."""
    if not holds(by, Role.REVIEWER_3, unit=unit):
        raise MayNotLoosen
    rule, _ = PublishingRule.objects.update_or_create(unit=unit, defaults={"author_first": author_first})
    log(unit, "outreach.set_publishing_rule", user=by, timestamp=now, data={"拟稿人可以一审": author_first})
    return rule


def log_taken(page: PublicPage, *, by: User, now: datetime) -> None:
    """That somebody took a copy of the page along."""
    log(page, "outreach.export_page", user=by, timestamp=now)


def standing_reviews(page_id: int):
    """The reviews of a page's texts that are open, passed or returned."""
    texts = PublicText.objects.filter(page=page_id).values_list("pk", flat=True)
    return reviews_of(MODEL, texts).filter(state__in=reviewing.STANDING).select_for_update(of=("self",))


def _end_others(page_id: int, digest: str, *, by, now: datetime) -> None:
    """One page, one text under review: whatever else waits is over, and so is an old approval of the same wording.

    What is public stays. Raises InReviewAlready.
    """
    public = Release.objects.filter(page=page_id, ended_at=None).values_list("text", flat=True).first()
    for review in standing_reviews(page_id):
        if review.text_hash == digest and (review.state in OPEN or review.target_id == public):
            raise InReviewAlready(review.get_state_display())
        # A returned wording that comes once more unchanged is ended by submit_texts.
        is_waiting = review.state in (*OPEN, Review.State.RETURNED)
        if review.target_id != public and is_waiting != (review.text_hash == digest):
            reviewing.void_reviews(MODEL, [review.target_id], by=by, now=now, reason=EDITED)


def _take_back(page: PublicPage, release: Release, *, by, now: datetime, reason: str) -> None:
    from .cases import withdraw_yields

    _count_edition_up()
    reviewing.void_reviews(MODEL, [release.text_id], by=by, now=now, reason=reason)
    stored = type(page).objects.get(pk=page.pk)
    if stored.live:
        UnpublishPageAction(stored, user=by).execute(skip_permission_checks=True)
    withdraw_yields(page.pk, by=by, now=now)
    log(page, "outreach.withdraw_page", user=by, timestamp=now, data={"text": release.text_id, "reason": reason})


def _end_release(page_id: int, *, by, now: datetime, reason: str) -> Release | None:
    release = Release.objects.select_for_update().filter(page=page_id, ended_at=None).first()
    if release:
        release.ended_at, release.ended_by, release.reason = now, by, reason[:200]
        release.save(update_fields=["ended_at", "ended_by", "reason"])
    return release


def _count_edition_up() -> None:
    PublicEdition.objects.get_or_create(pk=1)
    PublicEdition.objects.filter(pk=1).update(number=F("number") + 1)


def _locked(page_id: int) -> PublicPage:
    """The draft, its page locked: two who submit, sign or withdraw wait for one another here."""
    Page.objects.select_for_update().get(pk=page_id)
    return latest_of(page_id)


def _authors_of(page: PublicPage) -> frozenset[int]:
    """Everybody who saved the page since it was last public, and whoever made it if it never was."""
    released = Release.objects.filter(page=page.pk).order_by("-at").values_list("at", flat=True).first()
    saved = Revision.page_revisions.filter(object_id=str(page.pk), user__isnull=False)
    if released:
        saved = saved.filter(created_at__gt=released)
    authors = set(saved.values_list("user", flat=True))
    if not released and page.owner_id:
        authors.add(page.owner_id)
    return frozenset(authors)


def _store(page: PublicPage, *, by, now: datetime) -> PublicText:
    """The row of this very wording; a wording that comes back has one already."""
    content = content_of(page)
    text, made = PublicText.objects.get_or_create(
        page_id=page.pk, text_hash=hash_of(content),
        defaults={
            "kind": page._meta.model_name, "unit": page.unit, "title": page.title, "slug": page.slug, "content": content,
            "words": words_of(page), "made_at": now, "made_by": by,
        },
    )  # fmt: skip
    if made:
        TextFile.objects.bulk_create(
            TextFile(text=text, kind=kind, number=number, digest=digest)
            for (kind, number), digest in files_of(page).items()
        )
        places = dict.fromkeys((fold_title(ref.law_title), ref.article, ref.sub) for ref in citations_of(page))
        TextCitation.objects.bulk_create(
            TextCitation(text=text, law=law, article=article, sub=sub) for law, article, sub in places
        )
    return text
