"""Every address of the product. The assembly: only here are the apps named together."""
from django.urls import include, path, re_path
from django.views.generic import TemplateView
from django.views.i18n import JavaScriptCatalog
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

from mingfa import errors, reading, uploads
from mingfa.people.views.account import admin_door
from outreach.views import public

handler400 = errors.bad_request
handler403 = errors.permission_denied
handler404 = errors.not_found
handler500 = errors.server_error

urlpatterns = [
    # Addresses are tried in order, and on the day of an exam these are the ones asked for.
    path("", include("exams.urls")),
    path("reading/", reading.choose, name="reading"),
    *(
        path(f"{name}/", TemplateView.as_view(template_name=f"about/{name}.html"), name=name)
        for name in ("accessibility", "burden", "privacy", "feedback")
    ),
    path("", include("mingfa.people.urls")),
    path("", include("mingfa.desk.urls")),
    path("law-changes/", include("mingfa.changes.urls")),
    path("laws/", include("mingfa.library.urls")),
    path("board/", include("mingfa.indicators.urls")),
    path("upper-forms/", include("mingfa.indicators.urls_filling")),
    path("reports/", include("mingfa.reports.urls")),
    path("reminders/", include("mingfa.reminders.urls")),
    path("operations/", include("mingfa.operations.urls")),
    path("", include("mingfa.bank.urls_reviews")),
    path("", include("mingfa.bank.urls")),
    path("", include("mingfa.review.urls")),
    path("live/", include("courses.live.urls")),
    path("", include("courses.urls")),
    path("outreach/publishing/", include("outreach.urls_publishing")),
    path("outreach/", include("outreach.urls")),
    path("public/", include("outreach.urls_public")),
    path("robots.txt", public.robots),
    path("sitemap.xml", public.sitemap),
    path("q/", include("outreach.urls_quiz")),
    # One door: Wagtail's own login and password pages lead to ours.
    re_path(r"^admin/(?:login|password_reset)/", admin_door),
    # Before Wagtail's own, which would leave out our patch catalogue.
    path("admin/jsi18n/", JavaScriptCatalog.as_view(packages=["wagtail.admin", "mingfa"])),
    path("admin/", include(admin_urls)),
    path("documents/", include(document_urls)),
    path("uploads/<path:name>", uploads.picture),
    path("", include(wagtail_urls)),
]
