from django.urls import path

from . import views

urlpatterns = [
    path("courses/assignments/", views.assignments, name="assignments"),
    path("courses/assignments/<int:assignment_id>/withdraw/", views.withdraw, name="assignment_withdraw"),
    path("courses/lessons/<int:lesson_id>/check/", views.check, name="lesson_check"),
]
