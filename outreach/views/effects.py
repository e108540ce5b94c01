"""Which misconceptions moved where."""
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe
from mingfa.bank.heads import FEWEST, OTHERS
from mingfa.numbers import whole

from ..effects import PHASES, latest_year
from ..effects import effects as effects_of
from ..models import Code
from . import private, readable


@require_safe
@private
def effects(request):
    """A table for each belief, by township and phase, and the curve of each township over the quarters."""
    places, this = readable(request), timezone.localdate().year
    year = whole(request.GET.get("year", ""), most=2100) or latest_year(places) or this
    names = {one.path: one.name for one in places} | {OTHERS: "其他地方合计"}
    rows = [_shown(one, names) for one in effects_of(places, year)]
    return render(request, "outreach/quizzes/effects.html", {
        "rows": rows, "year": year, "years": [this, this - 1, this - 2], "fewest": FEWEST,
        "phases": [phase.label for phase in PHASES],
    })  # fmt: skip


def _shown(effect, names: dict[str, str]) -> dict:
    return {
        "belief": effect.belief, "change": effect.change, "fell": (effect.change or 0) < 0,
        "total": [effect.total.get(phase) for phase in PHASES],
        "towns": [(names.get(path, "别处"), [cells.get(phase) for phase in PHASES]) for path, cells in effect.towns],
        "curves": [(names.get(path, "别处"), quarters, _points(quarters)) for path, quarters in effect.curves],
        "before": effect.total.get(Code.Phase.BEFORE), "after": effect.total.get(Code.Phase.AFTER),
    }  # fmt: skip


def _points(quarters) -> list[tuple[int, int]]:
    """(x, y) of a curve 240 wide and 60 high: each point in the middle of its quarters, 100% at the top."""
    return [(round((held.key[0] + held.key[1] - 1) * 30), round(60 - 60 * held.share)) for held in quarters]
