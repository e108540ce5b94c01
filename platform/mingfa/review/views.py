"""The reviewer's desk: what waits for me, many at once among those that were opened, and who waits for whom."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mingfa.downloads import excel_table
from mingfa.numbers import whole
from mingfa.people.access import require
from mingfa.review import actions, queries
from mingfa.review.engine import ReviewRefusal
from mingfa.review.registry import kind_of
from mingfa.review.wording import sentence
from mingfa.spreadsheets import extra_sheet

PAGE = 30


def _waiting(request):
    return queries.waiting_for(request.user).select_related("unit", "submitted_by", "target_type")


@login_required
@never_cache
def desk(request):
    """Mine first, then the board."""
    require(request.user, *queries.STEP_ROLES, *queries.WRITERS)
    waiting = _waiting(request)
    page = Paginator(waiting, PAGE).get_page(request.GET.get("page"))
    opened = queries.opened_by(request.user, page)
    first = waiting.first()
    context = {
        "page": page,
        "lines": [(review, *_line(review, titles), review.pk in opened) for review, titles in _with_titles(page)],
        "first_url": kind_of(first.target_type).url(first.pk) if first else "",
        "counts": [(queries.STEP_WORDS[step - 1], n) for step, n in queries.counts_for(request.user).items()],
        "can_sign_many": bool(opened),
        "board": queries.board(request.user),
        "secrecy_words": queries.SECRECY_WORDS,
    }
    return render(request, "review/desk.html", context)


WAITING = ("单位", "步骤", "件数", "等谁签", "最早送审")
MINE = ("内容", "等哪一步", "单位", "送审人", "送审时间", "看过")


@login_required
@never_cache
@require_safe
def desk_xlsx(request):
    """谁在等谁, and on a sheet of its own all that waits for this person."""
    require(request.user, *queries.STEP_ROLES, *queries.WRITERS)
    reviews, now = list(_waiting(request)), timezone.now()
    opened = queries.opened_by(request.user, reviews)
    mine = [
        (
            f"{label}：{title}", word, review.unit.name, review.submitted_by.name, review.submitted_at,
            "是" if review.pk in opened else "否",
        )
        for review, titles in _with_titles(reviews) for label, title, _, _, word in (_line(review, titles),)
    ]  # fmt: skip
    rows = [(one.unit.name, one.word, one.count, "、".join(one.people), one.since) for one in queries.board(request.user)]
    beside = [
        extra_sheet(MINE, mine, sheet="等您审的", title="等您审的", of="审核，等您审的", now=now, widths=(48, 10, 24, 12, 18, 8))
    ]
    return excel_table(
        WAITING, rows, of="谁在等谁", title="审核进度", log=(request.user, "review.export"), by=request.user, now=now,
        widths=(32, 10, 8, 40, 18), beside=beside if mine else [],
    )  # fmt: skip


@login_required
@require_POST
def sign_many(request):
    """Sign what was opened and chosen, each bound to the text that the page showed."""
    require(request.user, *queries.STEP_ROLES)
    # Each box carries what was on the page: “review:step:hash of the text”.
    chosen = {whole(pk): said for pk, _, said in (one.partition(":") for one in request.POST.getlist("review")[:PAGE])}
    reviews = queries.visible_reviews(request.user).filter(pk__in=[pk for pk in chosen if pk])
    opened = queries.opened_by(request.user, reviews)
    signed, refused = 0, []
    for review in reviews.filter(pk__in=opened).order_by("pk"):
        step, _, text_hash = chosen[review.pk].partition(":")
        try:
            actions.sign_review(
                review.pk, by=request.user, now=timezone.now(), text_hash=text_hash,
                step=int(step) if step in ("1", "2", "3") else 0, secrecy=request.POST.get("secrecy") == "yes",
            )  # fmt: skip
        except ReviewRefusal as refusal:
            refused.append(f"第 {review.pk} 件{sentence(refusal)}")
        else:
            signed += 1
    _tell(request, signed, refused, len(chosen) - signed - len(refused))
    return redirect("review:desk")


def _tell(request, signed: int, refused: list[str], unseen: int) -> None:
    if signed:
        messages.success(request, f"已签 {signed} 件")
    if unseen > 0:
        messages.warning(request, f"{unseen} 件没有签：还没有打开看过。请逐件打开")
    for words in refused[:5]:
        messages.error(request, words)
    if len(refused) > 5:
        messages.error(request, f"还有 {len(refused) - 5} 件没有签，请打开看原因")
    if not (signed or refused or unseen > 0):
        messages.info(request, "没有选。请先勾选看过的，再签")


def _with_titles(reviews):
    """Each review with the titles of its kind; one query a kind."""
    reviews, titles = list(reviews), {}
    for target_type in {review.target_type for review in reviews}:
        ids = [review.target_id for review in reviews if review.target_type_id == target_type.pk]
        titles[target_type.pk] = kind_of(target_type).titles(ids)
    return [(review, titles[review.target_type_id]) for review in reviews]


def _line(review, titles) -> tuple:
    kind = kind_of(review.target_type)
    step = queries.OPEN.index(review.state) + 1
    return kind.label, titles.get(review.target_id, "—"), kind.url(review.pk), step, queries.STEP_WORDS[step - 1]
