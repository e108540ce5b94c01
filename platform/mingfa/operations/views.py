"""系统状况 for system administrators, 操作日志 for audit administrators; nobody is both."""
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.log_actions import log

from mingfa.downloads import excel_table
from mingfa.people.access import require
from mingfa.people.models import Role

from . import health, journal, tasks
from .forms import LogForm

PAGE_SIZE = 50
MOST_LINES = 20_000  # of a file, which is made in memory
EVERYTHING = {"who": "", "action": "", "since": None, "until": None}


@login_required
@never_cache
@require_safe
def status(request):
    """One line for everything the product stands on."""
    require(request.user, Role.SYSTEM_ADMIN)
    lines = health.look(timezone.now())
    return render(request, "operations/status.html", {
        "lines": lines, "bad": sum(not line.well for line in lines), "running": tasks.is_running(),
    })  # fmt: skip


STATUS = ("项目", "情况", "正常", "要做什么", "说明")


@login_required
@never_cache
@require_safe
def status_xlsx(request):
    """The same as Excel, to be handed to whoever helps."""
    require(request.user, Role.SYSTEM_ADMIN)
    now = timezone.now()
    rows = [(one.name, one.fact, "是" if one.well else "否", one.advice, one.also) for one in health.look(now)]
    return excel_table(
        STATUS, rows, of="系统状况", title="系统状况", log=(request.user, "operations.export_status"), by=request.user, now=now,
        widths=(24, 48, 8, 60, 48),
    )  # fmt: skip


@login_required
@require_POST
def back_up(request):
    """Begin a backup beside the server; the page says how it ended."""
    require(request.user, Role.SYSTEM_ADMIN)
    if tasks.start_backup():
        log(request.user, "operations.back_up", user=request.user, timestamp=timezone.now())
        messages.success(request, "备份已经开始，在后台进行。过一会儿刷新本页，看“最近备份”。")
    else:
        messages.warning(request, "上一个备份还在进行，没有再开始。")
    return redirect("operations:status")


def _asked(request):
    """(form, what is looked for)."""
    form = LogForm(request.GET or None)
    return form, form.cleaned_data if form.is_valid() else EVERYTHING


LOG = ("时间", "人员", "操作", "对象", "种类")


@login_required
@never_cache
@require_safe
def log_xlsx(request):
    """What was looked for as Excel, the latest lines of it; that somebody took it away is a line itself."""
    require(request.user, Role.AUDIT_ADMIN)
    _, asked = _asked(request)
    entries, now = journal.shown(journal.lines(**asked)[:MOST_LINES]), timezone.now()
    rows = [(one.at, one.who, one.words, one.label, one.kind) for one in entries]
    words = {name: str(value) for name, value in asked.items() if value}
    title = f"操作日志（最近 {MOST_LINES} 条）" if len(rows) == MOST_LINES else "操作日志"
    return excel_table(
        LOG, rows, of="操作日志", title=title, log=(request.user, "operations.export_log"), by=request.user, now=now,
        widths=(18, 24, 24, 48, 16), **words,
    )  # fmt: skip


@login_required
@never_cache
@require_safe
def log_list(request):
    """Who did what when, searched by person, action and day. Read only."""
    require(request.user, Role.AUDIT_ADMIN)
    form, asked = _asked(request)
    page = Paginator(journal.lines(**asked), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "operations/log.html", {
        "form": form, "page": page, "entries": journal.shown(page.object_list),
        "searched": any(asked.values()),
    }, status=422 if form.errors else 200)  # fmt: skip
