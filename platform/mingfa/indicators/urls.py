from django.urls import path

from . import views

urlpatterns = [
    path("", views.home, name="board"),
    path("<int:unit_id>/", views.unit_board, name="board_unit"),
    path("<int:unit_id>/names/", views.names, name="board_names"),
]
