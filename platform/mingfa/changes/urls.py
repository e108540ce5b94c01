from django.urls import path

from mingfa.changes import views

app_name = "changes"
urlpatterns = [
    path("", views.change_list, name="list"),
    path("changes.xlsx", views.changes_xlsx, name="list_xlsx"),
    path("<int:change_id>/", views.tasks, name="tasks"),
    path("<int:change_id>/decide/", views.decide, name="decide"),
]
