"""离线会场: a venue's bundle, the result that comes back, and its confirmation."""
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_POST, require_safe
from mingfa import clock

from .. import actions, queries
from ..board import Actor, Refusal
from ..board.hall import LARGEST, BadResult
from ..models import Bundle, HallResult, Venue
from ..offline import pack, preview
from ..wording import RESULTS, sentence
from . import private, training_of


class ResultForm(forms.Form):
    """The file a laptop without a line has made."""

    file = forms.FileField(
        label="会场电脑导出的结果", help_text="文件名像“离线结果-望禾街道会场-20260917-1530.json”", max_length=200,
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
        error_messages={
            "required": "还没有选文件。请选会场电脑导出的结果", "empty": "这个文件是空的。请在会场电脑上重新导出",
            "max_length": "文件名太长。请改短后再传",
        },
    )  # fmt: skip

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise forms.ValidationError(RESULTS["large"])
        return file


def looked_after(request, training_id: int, venue_id: int) -> tuple[Venue, Actor]:
    """The venue and who asks: its steward or a trainer; Http404 for others and for drafts."""
    training = training_of(training_id)
    venue = get_object_or_404(Venue.objects.select_related("training__trainer", "unit"), pk=venue_id, training=training)
    for role in ("trainer", "steward"):
        actor = queries.actor_in(training, request.user, role=role)
        if actor and training.state != "draft" and (role == "trainer" or actor.venue == venue.pk):
            return venue, actor
    raise Http404


@private
def offline(request, training_id, venue_id):
    """The venue's bundles and what came back. POST: a result file."""
    venue, actor = looked_after(request, training_id, venue_id)
    form = ResultForm(request.POST, request.FILES) if request.method == "POST" else ResultForm()
    if request.method == "POST" and form.is_valid():
        try:
            content = form.cleaned_data["file"].read()
            received = actions.receive_result(venue, content, actor=actor, now=clock.now())
        except (BadResult, Refusal) as wrong:
            form.add_error("file", RESULTS[wrong.what] if isinstance(wrong, BadResult) else sentence(wrong))
        else:
            return redirect("live:offline_result", training_id, venue_id, received.pk)
    context = {"training": venue.training, "venue": venue, "form": form, "bundles": queries.bundles_of(venue), "me": actor.id}
    return render(request, "live/offline.html", context, status=400 if form.errors else 200)


@private
@require_POST
def bundle(request, training_id, venue_id):
    """Make a bundle and send it."""
    venue, actor = looked_after(request, training_id, venue_id)
    try:
        made = actions.make_bundle(venue, actor=actor, now=clock.now())
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
        return redirect("live:offline", training_id, venue_id)
    response = HttpResponse(pack(made), content_type="application/zip")
    response["Content-Disposition"] = content_disposition_header(True, f"离线包-{venue.name}-{made.number}.zip")
    response["X-Content-Type-Options"] = "nosniff"
    return response


@private
@require_safe
def result(request, training_id, venue_id, result_id):
    """What merging a file would do, row by row; after merging, what it has done."""
    venue, actor = looked_after(request, training_id, venue_id)
    received = _result(venue, result_id)
    found = preview(received, actions.content_of(received), now=clock.now())
    context = {"training": venue.training, "venue": venue, "received": received, "found": found, "me": actor.id}
    return render(request, "live/offline_result.html", context)


@private
@require_POST
def merge(request, training_id, venue_id, result_id):
    """Merge a file that was looked at."""
    venue, actor = looked_after(request, training_id, venue_id)
    received = _result(venue, result_id)
    try:
        actions.merge_result(received, actor=actor, now=clock.now())
    except (BadResult, Refusal) as wrong:
        messages.error(request, RESULTS[wrong.what] if isinstance(wrong, BadResult) else sentence(wrong))
    else:
        messages.success(request, "已合并。再由另一个人确认，签到才算数。")
    return redirect("live:offline", training_id, venue_id)


@private
@require_POST
def confirm(request, training_id, venue_id, result_id):
    """The second person's word."""
    venue, actor = looked_after(request, training_id, venue_id)
    try:
        heads = actions.confirm_result(_result(venue, result_id), actor=actor, now=clock.now())
    except Refusal as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, f"已确认，{heads} 人的签到算数了。")
    return redirect("live:offline", training_id, venue_id)


def _result(venue: Venue, result_id: int) -> HallResult:
    return get_object_or_404(
        HallResult.objects.select_related("bundle__venue", "bundle__training", "received_by"),
        pk=result_id, bundle__in=Bundle.objects.filter(venue=venue),
    )  # fmt: skip
