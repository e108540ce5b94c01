from django.urls import path

from . import views

app_name = "reminders"
urlpatterns = [
    path("policy/<int:unit_id>/", views.policy, name="policy"),
    path("<slug:kind>/<int:key>/", views.occasion, name="occasion"),
    path("<slug:kind>/<int:key>/ask/", views.ask, name="ask"),
    path("<slug:kind>/<int:key>/log.xlsx", views.log_excel, name="log_excel"),
]
