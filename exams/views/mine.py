"""我的考试: every exam somebody was ever on the roster of, with what came of it."""
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from mingfa import clock
from mingfa.desk.registry import State

from .. import queries
from ..todos import entry


@login_required
@never_cache
def mine(request):
    """What can be sat or is to come, then what is over, the latest first."""
    now = clock.now()
    tasks = queries.tasks_of(request.user, now=now)
    entries = [entry(task, now) for task in tasks]
    over = Paginator([one for one in entries if one.state is State.DONE], 30)
    this_year = timezone.localdate(now).year
    context = {
        "coming": [one for one in entries if one.state is not State.DONE],
        "over": over.get_page(request.GET.get("page")),
        "sat": sum(
            task.candidate.counted_id is not None and timezone.localdate(task.exam.closes_at).year == this_year
            for task in tasks
        ),
    }
    return render(request, "exams/mine.html", context)
