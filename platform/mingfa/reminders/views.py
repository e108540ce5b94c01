"""催考: whom it goes to, one button, what was sent; and the rules of the office. Every object is checked."""
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.log_actions import log

from mingfa import clock
from mingfa.downloads import excel
from mingfa.people.access import units_visible_to
from mingfa.people.models import Role
from mingfa.wording import moment

from . import actions, queries
from .channels import channels
from .forms import PolicyForm
from .registry import Occasion, find, source_of
from .sheets import caption_of, log_xlsx

PAGE_SIZE = 50
MOST_LINES = 200  # 联络员 listed on the page


def private(view):
    return login_required(never_cache(view))


def _occasion(request, kind: str, key: int) -> Occasion:
    """The occasion, if this person arranges it; else it does not exist for them."""
    found = find(kind, key)
    if found is None or not source_of(kind).organises(request.user, found):
        raise Http404
    return found


@private
@require_safe
def occasion(request, kind, key):
    """Whom the button reaches, when it goes out, and everything that was sent."""
    found, now = _occasion(request, kind, key), clock.now()
    plan = queries.plan_for(found, now)
    page = Paginator(queries.messages_of(found), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "reminders/occasion.html", {
        "occasion": found, "plan": plan, "now": now, "open": found.opens <= now < found.due, "lines": plan.lines[:MOST_LINES],
        "later": plan.moment > now, "too_late": plan.moment >= found.due, "page": page,
        "ways": [one.caption for one in queries.channels_for(plan.policy)],
        "log": [(one, caption_of(one.channel)) for one in page],
        "nobody_words": f"{len(plan.nobody)} 人的单位和上级单位都没有联络员，名单没有人收到。请安全管理员授权联络员。",
        "may_set": units_visible_to(request.user, Role.SETTER).filter(pk=found.unit.pk).exists(),
    })  # fmt: skip


@private
@require_POST
def ask(request, kind, key):
    """Send the lists and reminders that the page has told of."""
    found = _occasion(request, kind, key)
    try:
        asked = actions.ask_reminders(found, by=request.user, now=clock.now())
    except actions.NotOpen as refused:
        words = f"没有发：{moment(refused.opens)} 开始，{moment(refused.due)} 截止，只在这期间催。"
        messages.error(request, words)
    except actions.QuietUntilDue as refused:
        messages.error(request, f"没有发：免打扰到 {moment(refused.moment)}，那时已经截止。急的请打电话，或改催考规则。")
    except actions.NothingToSend:
        messages.error(request, "没有要发的：没有人未参加，或者今天的已经发过了。")
    else:
        when = "正在发送" if asked.moment <= clock.now() else f"{moment(asked.moment)} 发送"
        messages.success(request, f"{when}：{asked.lists} 份名单给联络员，{asked.people} 人收到提醒。到时已经参加的不再发。")
    return redirect("reminders:occasion", kind, key)


@private
@require_safe
def log_excel(request, kind, key):
    """The whole log; the download is logged itself."""
    found, now = _occasion(request, kind, key), clock.now()
    rows = list(queries.messages_of(found))
    log(found.unit, "reminders.export", user=request.user, timestamp=now, data={"kind": kind, "key": key, "rows": len(rows)})
    return excel(log_xlsx(found, rows, queries.plan_for(found, now).lines, now=now), f"{found.name}催考记录.xlsx")


@private
def policy(request, unit_id):
    """The rules of one office."""
    unit = get_object_or_404(units_visible_to(request.user, Role.SETTER), pk=unit_id)
    holds = queries.policy_for(unit)
    own = holds.unit_id == unit.pk and holds.pk is not None
    form = PolicyForm(request.POST or None, instance=holds if own else None, initial=None if own else _same(holds))
    if request.method == "POST" and form.is_valid():
        actions.set_policy(unit, by=request.user, now=timezone.now(), **form.cleaned_data)
        messages.success(request, "催考规则已保存")
        return redirect("reminders:policy", unit.pk)
    return render(request, "reminders/policy.html", {
        "unit": unit, "form": form, "from_unit": None if own or holds.pk is None else holds.unit,
        "ways": [one.caption for one in channels()],
    }, status=422 if form.errors else 200)  # fmt: skip


def _same(holds) -> dict:
    return {name: getattr(holds, name) for name in PolicyForm.Meta.fields}
