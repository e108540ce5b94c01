from django.urls import path

from . import entering, views

urlpatterns = [
    path("", views.home, name="board"),
    path("entered/<int:unit_id>/", entering.entered, name="board_entered"),
    path("entered/<int:unit_id>/excel/", entering.entered_excel, name="board_entered_excel"),
    path("entered/<int:unit_id>/<slug:code>/", entering.enter, name="board_enter"),
    path("entered/check/<int:row_id>/", entering.check, name="board_check"),
    path("<int:unit_id>/", views.unit_board, name="board_unit"),
    path("<int:unit_id>/excel/", views.unit_excel, name="board_excel"),
    path("<int:unit_id>/picture/", views.unit_picture, name="board_picture"),
    path("<int:unit_id>/names/", views.names, name="board_names"),
    path("<int:unit_id>/names/excel/", views.names_excel, name="board_names_excel"),
    path("<int:unit_id>/excused/", views.excused, name="board_excused"),
    path("<int:unit_id>/excused/excel/", views.excused_excel, name="board_excused_excel"),
]
