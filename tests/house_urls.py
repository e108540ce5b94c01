"""Addresses for tests of the house on a real server: who may do it is not asked here."""
from django.contrib.auth import get_user_model, login
from django.db import transaction
from django.http import HttpResponse
from django.urls import path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from mingfa.people import actions
from mingfa.sockets import notify
from mingfa.urls import handler400, handler403, handler404, handler500, urlpatterns  # noqa: F401


def enter(request):
    """Sign in as a person made for it; answers with the account id."""
    name = f"visitor-{get_user_model().objects.count()}"
    user = get_user_model().objects.create(username=name, name="林晓禾")
    login(request, user, backend="mingfa.people.backends.AccountBackend")
    return HttpResponse(str(user.pk))


def tell(request):
    """Send one hint to the person's own sockets, as an action would: inside a transaction, which may be undone."""
    with transaction.atomic():
        notify(f"user.{request.user.pk}", {"type": "hint", "content": {"word": request.GET["word"]}})
        transaction.set_rollback("undo" in request.GET)
    return HttpResponse("told")


def disable(request):
    """Disable the account without telling anybody."""
    get_user_model().objects.filter(pk=request.user.pk).update(is_active=False)
    return HttpResponse("disabled")


def change(request):
    """Let an action end the person's sessions: `?do=` names it."""
    now = timezone.now()
    if request.GET["do"] == "password":
        actions.change_password(request.user, "Ming-Yue-2027", by=request.user, now=now)
    else:
        actions.disable_account(request.user, by=None, now=now)
    return HttpResponse("changed")


@csrf_exempt
def fail(request):
    """Break with a message that quotes what was sent."""
    raise ValueError(request.POST.get("answer", ""))


@csrf_exempt
def echo(request):
    """Answer with the text that arrived."""
    return HttpResponse(request.POST["text"])


urlpatterns = [
    path("house/enter/", enter),
    path("house/tell/", tell),
    path("house/disable/", disable),
    path("house/change/", change),
    path("house/fail/", fail),
    path("house/echo/", echo),
    *urlpatterns,
]
