"""Before every page: who is it, is the sign-in still good, and has a one-time password been replaced?"""

from django.conf import settings
from django.contrib.auth import get_user, logout
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.auth.views import redirect_to_login
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from mingfa.people.sessions import is_over, person_of

# Pages that a person with a one-time password may use.
BEFORE_CHANGING = frozenset({"account_change_password", "account_logout", "reading"})


def without_account_check(view):
    """Mark a view that knows its user by other means (a signed token) and must not load session and user."""
    view.account_check = False
    return view


class SignedIn(AuthenticationMiddleware):
    """Django's request.user, from the statement that reads the session."""

    def process_request(self, request):
        super().process_request(request)
        request.user = SimpleLazyObject(lambda: person_of(request.session) or get_user(request))


class AccountCheck:
    """Uses only the session and user row that the page loads anyway; visitors without a session cost nothing."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_view(self, request, view, args, kwargs):
        """Sends people with an ended session to the sign-in page, with a one-time password to the change page."""
        if not getattr(view, "account_check", True) or settings.SESSION_COOKIE_NAME not in request.COOKIES:
            return None
        if not request.user.is_authenticated:
            return None
        if is_over(request, timezone.now()):
            logout(request)
            return redirect_to_login(request.get_full_path() if request.method == "GET" else "/me/")
        if request.user.must_change_password and request.resolver_match.url_name not in BEFORE_CHANGING:
            return redirect("account_change_password")
        return None
