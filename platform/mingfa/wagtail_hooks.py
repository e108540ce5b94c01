"""What the house registers with Wagtail."""
from django.contrib.auth.views import redirect_to_login
from wagtail import hooks


@hooks.register("before_serve_document")
def documents_need_an_account(document, request):
    """Send visitors to the login page; what a signed-in person may open is the collection's privacy."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())
