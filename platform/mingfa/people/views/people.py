"""The liaison's pages: who is in my units, adding and changing people, accounts and activation slips."""
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from mingfa.downloads import excel
from mingfa.numbers import whole
from mingfa.people import actions
from mingfa.people.access import MANAGERS, may_manage_account, people_visible_to, require, units_visible_to
from mingfa.people.errors import PeopleRefusal
from mingfa.people.forms.people import FilterForm, PersonForm
from mingfa.people.queries import postings_in
from mingfa.people.slips import slip_for
from mingfa.people.vault import masked_phone
from mingfa.spreadsheets import export_xlsx

PAGE_SIZE = 25
MOST_SLIPS = 200
EXPORT_HEADER = ("姓名", "工号", "账号", "单位", "职务", "职级", "人员类别", "在岗状态", "手机号", "账号状态")


def _filtered(request):
    """(form, postings) of the list as the address asks for it, within the units of the user."""
    require(request.user, *MANAGERS)
    units = units_visible_to(request.user, *MANAGERS)
    form = FilterForm(request.GET, units=units)
    wanted = form.cleaned_data if form.is_valid() else {}
    if wanted.get("unit"):
        units = units.filter(path__startswith=wanted["unit"].path)
    return form, postings_in(units, words=wanted.get("q", ""), state=wanted.get("state", "here"))


def _account_state(user) -> tuple[str, str]:
    """(state for _status.html, word)."""
    if not user.is_active:
        return "stop", "已停用"
    return ("done", "已启用") if user.has_usable_password() else ("todo", "未激活")


@require_safe
@login_required
def person_list(request):
    """People of the own units."""
    form, postings = _filtered(request)
    page = Paginator(postings, PAGE_SIZE).get_page(request.GET.get("page"))
    rows = [
        {"posting": posting, "phone": masked_phone(posting.user.phone_cipher), "state": _account_state(posting.user)}
        for posting in page
    ]
    return render(request, "people/person_list.html", {"form": form, "page": page, "rows": rows})


@require_safe
@login_required
def export(request):
    """The list as an Excel file, telephone numbers masked."""
    form, postings = _filtered(request)
    rows = [
        (
            posting.user.name, posting.user.staff_number, posting.user.username, posting.unit.name, posting.post,
            posting.grade, posting.get_category_display(), posting.get_duty_status_display(),
            masked_phone(posting.user.phone_cipher), _account_state(posting.user)[1],
        )
        for posting in postings
    ]  # fmt: skip
    unit, now = form.cleaned_data.get("unit") if form.is_valid() else None, timezone.now()
    actions.record_export(unit.name if unit else "全部", len(rows), by=request.user, now=now)
    # The list may be filled in and imported again.
    content = export_xlsx(EXPORT_HEADER, rows, sheet="名册", title="名册", of="人员", now=now, importable=True)
    return excel(content, "名册.xlsx")


@login_required
def person_add(request):
    """A new person in one of the own units."""
    require(request.user, *MANAGERS)
    form = PersonForm(request.POST or None, units=units_visible_to(request.user, *MANAGERS))
    if request.method == "POST" and form.is_valid():
        try:
            person = actions.create_person(
                **form.person_values, **form.posting_values, by=request.user, now=timezone.now()
            )
        except PeopleRefusal as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"已新增{person.name}，账号 {person.username}。发放激活条后本人才能登录。")
            return redirect("person_edit", person.pk)
    return render(request, "people/person_form.html", {"form": form}, status=422 if form.errors else 200)


@login_required
def person_edit(request, pk):
    """Data, posting and account of one person of the own units."""
    person = get_object_or_404(people_visible_to(request.user, *MANAGERS), pk=pk)
    posting = person.current_posting
    units = units_visible_to(request.user, *MANAGERS)
    phone = masked_phone(person.phone_cipher)
    initial = {name: getattr(person, name) for name in ("name", "staff_number")}
    initial |= {name: getattr(posting, name) for name in ("unit", "post", "grade", "category", "duty_status")}
    form = PersonForm(request.POST or None, units=units, person=person, phone=phone, initial=initial)
    manageable = may_manage_account(request.user, person)
    if request.method == "POST" and form.is_valid():
        if not manageable:
            raise PermissionDenied("此人的角色超出您管理的范围，资料由安全管理员修改。")
        try:
            _save(form, person, by=request.user)
        except PeopleRefusal as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, f"{person.name}的资料已保存。")
            return redirect("person_list")
    context = {
        "form": form,
        "person": person,
        "posting": posting,
        "past": person.postings.exclude(pk=posting.pk).select_related("unit"),
        "state": _account_state(person),
        "manageable": manageable,
    }
    return render(request, "people/person_form.html", context, status=422 if form.errors else 200)


def _save(form, person, *, by) -> None:
    """Both parts of the form, or neither; each only if it changed."""
    now = timezone.now()
    with transaction.atomic():
        if {"name", "staff_number", "phone", "identity"} & set(form.changed_data):
            values = form.person_values
            values["phone"] = values["phone"] or None
            actions.revise_person(person, **values, by=by, now=now)
        actions.move_person(person, **form.posting_values, by=by, now=now)


@require_POST
@login_required
def person_account(request, pk):
    """Disable or enable the account."""
    person = get_object_or_404(people_visible_to(request.user, *MANAGERS), pk=pk)
    if not may_manage_account(request.user, person):
        raise PermissionDenied("此人的账号不归您管理，由安全管理员办理。")
    now = timezone.now()
    if request.POST.get("do") == "enable":
        actions.enable_account(person, by=request.user, now=now)
        messages.success(request, f"{person.name}的账号已启用。")
    else:
        actions.disable_account(person, by=request.user, now=now)
        messages.success(request, f"{person.name}的账号已停用，已登录的设备也会退出。")
    return redirect("person_edit", person.pk)


@require_POST
@never_cache
@login_required
def slips(request):
    """New activation codes, one printable slip per person. The codes are shown this once."""
    require(request.user, *MANAGERS)
    wanted = [whole(pk) for pk in request.POST.getlist("person")[:MOST_SLIPS]]
    people = people_visible_to(request.user, *MANAGERS).filter(pk__in=[pk for pk in wanted if pk]).order_by("pk")
    allowed, refused = [], []
    for person in people:
        (allowed if person.is_active and may_manage_account(request.user, person) else refused).append(person)
    if not allowed:
        messages.warning(request, "没有可以发放激活条的人。请勾选账号没有停用、由您管理的人员。")
        return redirect("person_list")
    now = timezone.now()
    with transaction.atomic():
        made = [slip_for(person, by=request.user, now=now, request=request) for person in allowed]
    return render(request, "people/slips.html", {"slips": made, "refused": refused})
