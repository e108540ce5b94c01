"""核对任务: the law changes of those who decide, the tasks of one, deciding many at once."""
from functools import wraps

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mingfa.changes import actions, queries
from mingfa.changes.forms import DecisionForm, TaskFilter
from mingfa.changes.models import LawChange
from mingfa.downloads import excel_table
from mingfa.library.templatetags.law import edition_name

PAGE = 30
REFUSALS = {
    "edit_first": "试题不能只标“已修改”：请打开试题改好，保存新版本以后自动算已修改。",
    "nothing_open": "选中的任务已经有人决定了，没有再改。",
    "too_many": f"一次最多决定 {actions.MOST_AT_ONCE} 项，请分几次。",
}


def for_deciders(view):
    """Signed in, and somebody who decides something somewhere; for others there is no such page."""

    @wraps(view)
    def checked(request, *args, **kwargs):
        if not queries.decides(request.user):
            raise Http404
        return view(request, *args, **kwargs)

    return login_required(never_cache(checked))


@require_safe
@for_deciders
def change_list(request):
    """Every law change that gave this person anything to decide, with progress."""
    return render(request, "changes/list.html", {"lines": queries.change_lines(request.user)})


CHANGES = ("法律法规", "旧版本", "新版本", "修改", "移动", "删去", "新增", "发现", "已决定", "共", "还没有决定的")


@require_safe
@for_deciders
def changes_xlsx(request):
    """The same as Excel."""
    rows = [
        (
            one.law.title, edition_name(one.old), edition_name(one.new), one.changed, one.moved, one.removed, one.added,
            one.noted_at, line.decided, line.total, "，".join(f"{word} {number} 项" for word, number in line.by_kind),
        )
        for line in queries.change_lines(request.user) for one in (line.change,)
    ]  # fmt: skip
    return excel_table(
        CHANGES, rows, of="核对任务", title="核对任务", log=(request.user, "changes.export"), by=request.user,
        now=timezone.now(), widths=(40, 18, 18, 8, 8, 8, 8, 18, 8, 8, 24),
    )  # fmt: skip


@require_safe
@for_deciders
def tasks(request, change_id):
    """The tasks of one change, narrowed by the filters in the address."""
    change, own = _change_and_tasks(request, change_id)
    form = TaskFilter(request.GET)
    found = queries.filtered(own, **form.chosen()).select_related("article", "unit", "decided_by")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    rows = queries.task_rows(page.object_list, change)
    context = {
        "change": change,
        "form": form,
        "page": page,
        "rows": rows,
        "line": next(line for line in queries.change_lines(request.user) if line.change.pk == change.pk),
        "any_open": any(not row.task.decision for row in rows),
        "any_by_hand": any(row.by_hand and not row.task.decision for row in rows),
        "any_repoint": any(row.can_repoint and not row.task.decision for row in rows),
    }
    return render(request, "changes/tasks.html", context)


@for_deciders
@require_POST
def decide(request, change_id):
    """Decide the tasks ticked; back to where the person was."""
    change, own = _change_and_tasks(request, change_id)
    form = DecisionForm(request.POST, tasks=own.filter(pk__in=_numbers(request)).values_list("pk", flat=True))
    if not form.is_valid():
        messages.error(request, f"没有决定任何任务。{form.complaint}")
        return _back(request, change)
    chosen = form.cleaned_data
    try:
        done = actions.decide_tasks(
            change, chosen["task"], decision=chosen["decision"], note=chosen["note"], repoint=chosen["repoint"],
            by=request.user, now=timezone.now(),
        )  # fmt: skip
    except actions.CannotDecide as refusal:
        messages.error(request, REFUSALS[refusal.code])
    else:
        messages.success(request, _told(done))
    return _back(request, change)


def _told(done: actions.Decided) -> str:
    words = [f"已决定 {done.tasks} 项"]
    if done.released:
        words.append(f"{done.released} 题（课）核对完")
    if done.repointed:
        words.append(f"改了 {done.repointed} 处条号")
    if done.left_out:
        words.append(f"{done.left_out} 项别人已经决定，没有再改")
    return "，".join(words)


def _change_and_tasks(request, change_id: int):
    """A change without a task of this person does not exist for them."""
    own = queries.tasks_of(request.user).filter(article__change=change_id)
    change = LawChange.objects.select_related("law", "old__law", "new__law").filter(pk=change_id).first()
    if change is None or not own.exists():
        raise Http404
    return change, own


def _numbers(request) -> list[int]:
    """The ids ticked; what is no number was never offered."""
    return [int(one) for one in request.POST.getlist("task") if one.isascii() and one.isdigit() and len(one) < 19]


def _back(request, change):
    """To the list as it was narrowed: only addresses of this very page are followed."""
    here, back = reverse("changes:tasks", args=[change.pk]), request.POST.get("back", "")
    safe = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and back.partition("?")[0] == here
    return redirect(back if safe else here)
