"""Signing in and out, own password, own data."""

from allauth.account.views import LoginView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import login, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_safe

from mingfa.people.actions import change_password, redeem_activation
from mingfa.people.errors import WrongActivation
from mingfa.people.forms.account import ActivateForm, ChangePasswordForm
from mingfa.people.sessions import ACCOUNTS, begin_session
from mingfa.people.vault import masked_phone


class SignIn(LoginView):
    """allauth's sign-in. What a success writes goes into one commit."""

    def form_valid(self, form):
        with transaction.atomic():
            return super().form_valid(form)


sign_in = SignIn.as_view()


def admin_door(request):
    """Wagtail's own sign-in and password pages lead to ours; who is signed in and sent there has no business inside."""
    if request.user.is_authenticated:
        raise PermissionDenied("管理后台只给培训师、出题人、宣传员和管理员使用，您现在没有这些角色。")
    return redirect(f"{reverse('account_login')}?{request.GET.urlencode(safe='/')}")


@sensitive_post_parameters()
@never_cache
@login_required
def own_password(request):
    """Change the own password; the only page besides signing out for holders of a one-time password."""
    form = ChangePasswordForm(request.user, request.POST or None)
    if request.method == "POST" and form.is_valid():
        change_password(request.user, form.cleaned_data["new_password"], by=request.user, now=timezone.now())
        update_session_auth_hash(request, request.user)
        messages.success(request, "密码已修改。其他设备上的登录已退出。")
        return redirect("/me/")
    status = 422 if form.errors else 200
    facts = {"form": form, "password_days": settings.PASSWORD_DAYS}
    return render(request, "account/password_change.html", facts, status=status)


@sensitive_post_parameters()
@never_cache
def activate(request):
    """Set a password with the code of an activation slip, then go on signed in."""
    now = timezone.now()
    initial = {"account": request.GET.get("account", "")}
    form = ActivateForm(request.POST or None, now=now, initial=initial)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            user = redeem_activation(data["account"], data["code"], data["new_password"], now=now)
        except WrongActivation as wrong:
            form.add_error(None, str(wrong))
        else:
            login(request, user, backend=ACCOUNTS)
            begin_session(request, now)
            messages.success(request, f"密码已设置。以后用账号 {user.username} 和新密码登录。")
            return redirect("/me/")
    return render(request, "account/activate.html", {"form": form}, status=422 if form.errors else 200)


@require_safe
@never_cache
@login_required
def profile(request):
    """The own data, personal numbers masked. Nothing can be changed here but the password."""
    person = request.user
    return render(
        request,
        "people/profile.html",
        {
            "person": person,
            "phone": masked_phone(person.phone_cipher),
            "posting": person.current_posting,
            "grants": person.role_grants.select_related("unit"),
            "password_url": reverse("account_change_password"),
        },
    )
