"""The desk of those who write for the public: every page with its state, its checks, 送审 and 撤回."""
from functools import reduce
from operator import or_

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe
from mingfa.numbers import whole
from mingfa.people.access import holds, units_visible_to
from mingfa.people.models import Role
from mingfa.review.models import OPEN
from mingfa.review.queries import STEP_ROLES, with_chain

from ..actions import publishing as acts
from ..actions import wordlist
from ..actions.cases import check_case
from ..engine.refusals import Refusal
from ..forms.publishing import ListedWordForm
from ..models import KINDS, CaseCheck, CasePage, ListedWord, PublicSite, PublicText
from ..models.signed import MODEL, content_of, hash_of, release_of
from ..publishing import checks, listing
from ..publishing.access import readable_or_404, writable_or_404
from ..publishing.wording import sentence
from ..queries import STORES
from . import period_of, periods, private

PAGE_SIZE = 30


def _units(request, *roles):
    units = units_visible_to(request.user, *roles)
    if not units.exists():
        raise PermissionDenied("公开页面由宣传员写、由三级审核人审，您现在没有这些角色。需要时请联系安全管理员。")
    return units


@require_safe
@private
def overview(request):
    """Every page of the units this person writes or reviews for."""
    _units(request, Role.OUTREACH, *STEP_ROLES)
    page = Paginator(listing.pages_of(request.user), PAGE_SIZE).get_page(request.GET.get("page"))
    site = PublicSite.objects.first()
    return render(request, "outreach/publishing/list.html", {
        "page": page, "rows": listing.written(page), "container": site, "writes": listing.may_write(request.user),
        "kinds": [(kind._meta.model_name, kind.label) for kind in KINDS],
    })  # fmt: skip


def releases_asked(request):
    """(releases, place or None, units, period, how many pages) of what was published and is asked for."""
    units = units_visible_to(request.user, Role.OUTREACH, Role.LEADER, *STEP_ROLES).order_by("path")
    if not units:
        raise PermissionDenied("发布记录由宣传员、审核人和领导看，您现在没有这些角色。需要时请联系安全管理员。")
    asked = request.GET.get("place", "")
    place = get_object_or_404(units, pk=whole(asked) or 0) if asked else None
    period, paths = period_of(request), [one.path for one in ([place] if place else units)]
    # The topmost units are enough: the others lie below them.
    top = [one for one in paths if not any(one != other and one.startswith(other) for other in paths)]
    rows = reduce(or_, (listing.published_in(path, period) for path in top))
    return rows, place, units, period, sum(listing.published_pages(path, period) for path in top)


@require_safe
@private
def published(request):
    """What was published in a period, with who signed: what 三审三校发布篇数 counts."""
    rows, place, units, period, pages = releases_asked(request)
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    reviews = listing.reviews_behind(page.object_list)
    return render(request, "outreach/publishing/published.html", {
        "page": page, "rows": [(one, reviews.get(one.pk)) for one in page.object_list], "place": place,
        "kinds": listing.KIND_LABELS, "pages": pages,
        "period": period, "periods": periods(), "everywhere": [one for one in units if one.kind in STORES],
        "opens": holds(request.user, Role.OUTREACH, *STEP_ROLES),
    })  # fmt: skip


@require_safe
@private
def page(request, page_id):
    """One page: where it stands, what the checks say, what can be done."""
    return _page(request, readable_or_404(request.user, page_id))


def _page(request, draft, *, refusal: str = "", status: int = 200):
    release, digest = release_of(draft.pk), hash_of(content_of(draft))
    texts = PublicText.objects.filter(page=draft.pk).values_list("pk", flat=True)
    review = with_chain(acts.reviews_of(MODEL, texts)).last()
    findings = checks.findings_of(draft)
    is_case = isinstance(draft, CasePage)
    checked = CaseCheck.objects.filter(page=draft.pk, text_hash=digest).select_related("by").first() if is_case else None
    waits = bool(review and review.state in OPEN)
    public = bool(release and release.text.text_hash == hash_of(content_of(draft, signed=release.text)))
    renamed = public and release.text.text_hash != digest
    writes = holds(request.user, Role.OUTREACH, unit=draft.unit)
    return render(request, "outreach/publishing/page.html", {
        "draft": draft, "review": review, "findings": findings, "left": [one for one in findings if not one.settled],
        "release": release, "is_case": is_case, "checked": checked, "checklist": list(enumerate(checks.CHECKLIST)),
        "waits": waits, "public": public, "writes": writes, "refusal": refusal,
        "may_submit": writes and not waits and (renamed or not public), "renamed": renamed,
        "may_withdraw_review": waits and request.user in review.authors.all(),
    }, status=status)  # fmt: skip


def _try(request, page_id: int, done: str, act):
    """Do it and go back to the page, or show the page with why not."""
    draft = readable_or_404(request.user, page_id)
    try:
        act()
    except Refusal as refusal:
        return _page(request, draft, refusal=sentence(refusal), status=409)
    messages.success(request, done)
    return redirect("publishing:page", page_id)


@private
@require_POST
def submit(request, page_id):
    writable_or_404(request.user, page_id)
    return _try(
        request, page_id, "已送审，等一审一校。审完以前这一页锁定",
        lambda: acts.submit_page(page_id, by=request.user, now=timezone.now()),
    )  # fmt: skip


@private
@require_POST
def justify(request, page_id):
    """A finding stays, with a reason and a name."""
    writable_or_404(request.user, page_id)
    given = {name: request.POST.get(name, "")[:200] for name in ("kind", "mark", "reason")}
    return _try(
        request, page_id, "已记下理由", lambda: acts.justify_finding(page_id, **given, by=request.user, now=timezone.now())
    )


@private
@require_POST
def check(request, page_id):
    """去标识化核对, every line ticked."""
    writable_or_404(request.user, page_id)
    ticked = {int(one) for one in request.POST.getlist("line") if one.isascii() and one.isdecimal()}
    return _try(
        request, page_id, "已记下核对", lambda: check_case(page_id, ticked=ticked, by=request.user, now=timezone.now())
    )


@private
@require_POST
def withdraw(request, page_id):
    """撤回 what is public."""
    readable_or_404(request.user, page_id)
    reason = request.POST.get("reason", "")[:200]
    return _try(
        request, page_id, "已撤回，公开栏目里看不到了。由它做出的试题和文字也已撤回",
        lambda: acts.withdraw_page(page_id, reason=reason, by=request.user, now=timezone.now()),
    )  # fmt: skip


def units_of_words(request):
    """Units whose lists of words the person may read."""
    return _units(request, Role.OUTREACH, Role.REVIEWER_3)


@private
def words(request):
    """The office's list of words, and whether authors may do the first step."""
    units = units_of_words(request)
    mine = units_visible_to(request.user, Role.OUTREACH).order_by("path")
    form = ListedWordForm(request.POST or None, units=mine)
    if request.method == "POST" and form.is_valid():
        wordlist.list_word(**form.cleaned_data, by=request.user, now=timezone.now())
        messages.success(request, "已放进名单，送审前会按它检查")
        return redirect("publishing:words")
    rows = ListedWord.objects.filter(unit__in=units).select_related("unit")
    rules = set(acts.PublishingRule.objects.filter(unit__in=units, author_first=True).values_list("unit", flat=True))
    ruled = units_visible_to(request.user, Role.REVIEWER_3).filter(kind__in=("district", "office", "township"))
    return render(request, "outreach/publishing/words.html", {
        "form": form, "page": Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page")), "writes": mine.exists(),
        "ruled": [(unit, unit.pk in rules) for unit in ruled.order_by("path")],
    }, status=422 if form.errors else 200)  # fmt: skip


@private
@require_POST
def unlist(request, word_id):
    word = get_object_or_404(ListedWord.objects.filter(unit__in=units_visible_to(request.user, Role.OUTREACH)), pk=word_id)
    wordlist.unlist_word(word, by=request.user, now=timezone.now())
    messages.success(request, "已从名单里去掉")
    return redirect("publishing:words")


@private
@require_POST
def rule(request, unit_id):
    unit = get_object_or_404(units_visible_to(request.user, Role.REVIEWER_3), pk=unit_id)
    allowed = request.POST.get("author_first") == "yes"
    acts.set_publishing_rule(unit, author_first=allowed, by=request.user, now=timezone.now())
    messages.success(request, f"{unit}：拟稿人{'可以' if allowed else '不能'}一审")
    return redirect("publishing:words")
