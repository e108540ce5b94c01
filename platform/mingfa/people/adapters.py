"""How django-allauth behaves here: no sign-up, a session with a beginning, silent messages."""

from allauth.account.adapter import DefaultAccountAdapter
from django.contrib import messages
from django.contrib.messages import constants
from django.utils import timezone

from mingfa.people.actions import expire_password
from mingfa.people.sessions import begin_session


class AccountAdapter(DefaultAccountAdapter):
    """allauth's hooks."""

    def is_open_for_signup(self, request):
        """People come from the roster; nobody registers."""
        return False

    def login(self, request, user):
        """Sign in, start the session's clock, tell the owner about wrong passwords since the last time."""
        now = timezone.now()
        super().login(request, user)
        begin_session(request, now)
        expire_password(user, now=now)
        failures = getattr(request, "account_failures", None)
        if failures and failures.since:
            messages.warning(
                request,
                f"上次登录以后，您的账号有 {failures.since} 次输错密码。不是您本人的，请修改密码并告诉联络员。",
            )

    def add_message(self, request, level, message_template=None, *args, **kwargs):
        """Signing in and out shows by itself; only errors are announced."""
        if level >= constants.WARNING:
            super().add_message(request, level, message_template, *args, **kwargs)
