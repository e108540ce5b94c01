from django.urls import path

from . import views

app_name = "exams"
urlpatterns = [
    path("exams/<int:exam_id>/", views.notice, name="notice"),
    path("exams/<int:exam_id>/start/", views.start, name="start"),
    path("sittings/<int:sitting_id>/", views.paper, name="paper"),
    path("sittings/<int:sitting_id>/save/", views.save, name="save"),
    path("sittings/<int:sitting_id>/take-over/", views.take_over, name="take_over"),
    path("sittings/<int:sitting_id>/hand-in/", views.hand_in, name="handin"),
    path("sittings/<int:sitting_id>/result/", views.result, name="result"),
]
