"""系统状况 for system administrators, 操作日志 for audit administrators; nobody is both."""
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe
from wagtail.log_actions import log

from mingfa.people.access import require
from mingfa.people.models import Role

from . import health, journal, tasks
from .forms import LogForm

PAGE_SIZE = 50
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


@login_required
@never_cache
@require_safe
def log_list(request):
    """Who did what when, searched by person, action and day. Read only."""
    require(request.user, Role.AUDIT_ADMIN)
    form = LogForm(request.GET or None)
    asked = form.cleaned_data if form.is_valid() else EVERYTHING
    page = Paginator(journal.lines(**asked), PAGE_SIZE).get_page(request.GET.get("page"))
    return render(request, "operations/log.html", {
        "form": form, "page": page, "entries": journal.shown(page.object_list),
        "searched": any(asked.values()),
    }, status=422 if form.errors else 200)  # fmt: skip
