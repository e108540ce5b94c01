"""Views of exams. All of them stand behind the same door."""
from django.contrib.auth.decorators import login_required
from django.views.decorators.cache import never_cache


def private(view):
    """Signed in, never kept by browser or proxy: a shared computer shows nothing after signing out (AL5)."""
    return login_required(never_cache(view))
