from django.urls import path

from . import views

app_name = "operations"
urlpatterns = [
    path("", views.status, name="status"),
    path("backup/", views.back_up, name="back_up"),
    path("status.xlsx", views.status_xlsx, name="status_xlsx"),
    path("log/", views.log_list, name="log"),
    path("log.xlsx", views.log_xlsx, name="log_xlsx"),
]
