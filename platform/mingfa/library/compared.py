"""新旧对照: two editions of a law side by side. Laws are public, so nothing here asks for a login."""
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.shortcuts import render
from django.views.decorators.http import require_safe

from mingfa.library.citations import article_label
from mingfa.library.comparing import CHANGED, MOVED, NEW, REMOVED, SAME, Finding, Stretch, counts, word_changes
from mingfa.library.comparisons import compare_editions
from mingfa.library.models import Edition

ROWS_A_PAGE = 100
# What became of an article, as it is called on screen, with the kind of mark beside it.
WORDS = {
    CHANGED: ("修改", "is-attend"), MOVED: ("移动", "is-info"), REMOVED: ("删去", "is-stop"), NEW: ("新增", "is-done"),
    SAME: ("未变", ""),
}  # fmt: skip
DIFFERENT, ALL = "", "all"


@dataclass(frozen=True)
class Sides:
    """An article as the page shows it, both texts in runs of words; labels are "" where a side has no article."""

    word: str
    mark: str
    old_label: str
    new_label: str
    old: tuple[Stretch, ...]
    new: tuple[Stretch, ...]


def sides_of(finding: Finding) -> Sides:
    """Both texts of a finding, words that differ marked where there are two."""
    old, new = finding.old, finding.new
    if old and new:
        left, right = word_changes(old.text, new.text)
    else:
        left, right = ([Stretch(one.text, False)] if one else [] for one in (old, new))
    labels = (article_label(*one.place) if one else "" for one in (old, new))
    return Sides(*WORDS[finding.kind], *labels, tuple(left), tuple(right))


@require_safe
def comparison(request, law, old, new):
    """What differs (`?show=` one kind, or `all`), with how many articles became what."""
    editions = {one.slug: one for one in Edition.objects.filter(law__slug=law, slug__in=[old, new]).select_related("law")}
    if len(editions) < 2:
        why = "法律库里没有这两个版本。它们可能还没有导入，或者地址写错了。"
        return render(request, "library/missing.html", {"why": why, "edition": None}, status=404)
    findings = compare_editions(editions[old], editions[new])
    number, show = counts(findings), request.GET.get("show", DIFFERENT)
    if show not in (*WORDS, ALL):
        show = DIFFERENT
    shown = [one for one in findings if show in (ALL, one.kind) or (show == DIFFERENT and one.kind != SAME)]
    page = Paginator(shown, ROWS_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "law": editions[old].law,
        "old": editions[old],
        "new": editions[new],
        "show": show,
        "tabs": [(kind, word, number[kind]) for kind, (word, _) in WORDS.items()],
        "different": len(findings) - number[SAME],
        "total": len(findings),
        "page": page,
        "rows": [sides_of(finding) for finding in page.object_list],
    }
    return render(request, "library/comparison.html", context)
