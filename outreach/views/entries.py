"""Writing into the ledger: the form of each 事项, and 冲正."""
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone

from .. import actions, queries
from ..engine.refusals import Refusal
from ..forms import FORMS
from ..models import Movement
from ..wording import count, place_name, sentence
from . import kept, private
from .materials import movement_or_404

ACTIONS = {
    "receive": actions.receive_print, "transfer": actions.transfer_stock, "hand_out": actions.hand_out,
    "send_back": actions.send_back, "lose": actions.record_loss, "count": actions.take_stock,
}  # fmt: skip
WHAT = {
    "receive": "新印的、领来的资料到了。没有的品名，先新建资料。",
    "transfer": "从一处调到另一处，两处的结存同时改。",
    "hand_out": "发给群众，写明发到哪里。",
    "send_back": "没有发完的，退回上级的库。",
    "lose": "受潮、破损、丢失，写明原因。",
    "count": "点一遍实物，按实际数改账面。",
}


@private
def record(request, kind):
    """The form of one 事项; what is refused stands above it with everything still filled in."""
    if kind not in FORMS:
        raise Http404
    places = kept(request)
    form = FORMS[kind](request.POST or None, places=places)
    if request.method == "POST" and form.is_valid():
        try:
            movement = ACTIONS[kind](by=request.user, now=timezone.now(), **form.arguments())
        except Refusal as refusal:
            form.add_error(None, sentence(refusal))
        else:
            material = queries.material_of(movement)
            messages.success(request, _done(movement))
            return redirect("outreach:material", material.pk)
    kinds = [one for one in Movement.Kind.choices if one[0] in FORMS]
    context = {"form": form, "kind": kind, "kinds": kinds, "what": WHAT[kind], "word": Movement.Kind(kind).label}
    return render(request, "outreach/entries/form.html", context, status=422 if form.errors else 200)


@private
def reverse(request, movement_id):
    """冲正: what the entry did, the reason, one button."""
    movement = movement_or_404(request, movement_id)
    if not queries.may_reverse(movement, kept(request)):
        raise PermissionDenied("这一笔涉及别处的库，要由管这几处的宣传员冲正。请联系上级宣传员。")
    error = ""
    if request.method == "POST":
        note = request.POST.get("note", "").strip()[:200]
        try:
            actions.reverse_movement(movement, note=note, by=request.user, now=timezone.now())
        except Refusal as refusal:
            error = sentence(refusal)
        else:
            messages.success(request, "已冲正。原来的一笔还在，按实际情况再登记一笔就可以")
            return redirect("outreach:material", queries.material_of(movement).pk)
    lines = movement.lines.filter(account="stock").select_related("batch__material", "place")
    context = {"movement": movement, "lines": lines, "error": error, "material": queries.material_of(movement)}
    return render(request, "outreach/entries/reverse.html", context, status=422 if error else 200)


def _done(movement: Movement) -> str:
    """“已登记发放：宪法单行本，澄溪镇结存 180 份”"""
    stocks = queries.stocks_after(movement)
    left = "，".join(
        f"{place_name(one.place)}结存 {count(one.balance)} {one.batch.material.measure}" for one in stocks
    )
    return f"已登记{movement.get_kind_display()}：{stocks[0].batch.material}，{left}"
