"""What the house registers with Wagtail."""
from django.contrib.auth.views import redirect_to_login
from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks


@hooks.register("before_serve_document")
def documents_need_an_account(document, request):
    """Send visitors to the login page; what a signed-in person may open is the collection's privacy."""
    if not request.user.is_authenticated:
        return redirect_to_login(request.get_full_path())


@hooks.register("insert_global_admin_css")
def our_colours():
    """The admin in the colours and faces of the product."""
    return format_html('<link rel="stylesheet" href="{}">', static("mingfa/admin.css"))
