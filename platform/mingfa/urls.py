"""Every address of the product. The assembly: only here are the apps named together."""
from django.urls import include, path
from django.views.generic import TemplateView
from wagtail import urls as wagtail_urls
from wagtail.admin import urls as admin_urls
from wagtail.documents import urls as document_urls

from mingfa import reading

urlpatterns = [
    path("reading/", reading.choose, name="reading"),
    path(
        "accessibility/", TemplateView.as_view(template_name="about/accessibility.html"), name="accessibility"
    ),
    path("", include("mingfa.people.urls")),
    path("", include("mingfa.desk.urls")),
    path("laws/", include("mingfa.library.urls")),
    path("board/", include("mingfa.indicators.urls")),
    path("", include("mingfa.bank.urls")),
    path("", include("exams.urls")),
    path("", include("courses.urls")),
    path("admin/", include(admin_urls)),
    path("documents/", include(document_urls)),
    path("", include(wagtail_urls)),
]
