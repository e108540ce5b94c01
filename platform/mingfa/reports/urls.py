from django.urls import path

from . import views

app_name = "reports"
urlpatterns = [
    path("", views.report_list, name="list"),
    path("reports.xlsx", views.reports_xlsx, name="list_xlsx"),
    path("start/", views.start, name="start"),
    path("<int:report_id>/", views.edit, name="report"),
    path("<int:report_id>/imprint/", views.imprint, name="imprint"),
    path("<int:report_id>/submit/", views.submit, name="submit"),
    path("<int:report_id>/freeze/", views.freeze, name="freeze"),
    path("<int:report_id>/restate/", views.restate, name="restate"),
    path("<int:report_id>/docx/", views.docx, name="docx"),
    path("<int:report_id>/pdf/", views.pdf, name="pdf"),
    path("<int:report_id>/html/", views.portal, name="portal"),
    path("<int:report_id>/figures/", views.figures, name="figures"),
    path("<int:report_id>/evidence/", views.evidence, name="evidence"),
    path("duty/", views.duty, name="duty"),
    path("reviews/<int:review_id>/", views.review, name="review"),
    path("reviews/<int:review_id>/sign/", views.sign, name="sign"),
    path("reviews/<int:review_id>/return/", views.send_back, name="return"),
]
