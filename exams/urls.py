from django.urls import path

from .views import candidate, managing, mine, room, roster

app_name = "exams"
urlpatterns = [
    path("exams/", managing.exam_list, name="manage_list"),
    path("exams/new/", managing.create, name="create"),
    path("exams/<int:exam_id>/manage/", managing.detail, name="manage"),
    path("exams/<int:exam_id>/manage/edit/", managing.edit, name="edit"),
    path("exams/<int:exam_id>/manage/rules/", managing.rules, name="rules"),
    path("exams/<int:exam_id>/manage/preview/", managing.preview, name="preview"),
    path("exams/<int:exam_id>/manage/publish/", managing.publish, name="publish"),
    path("exams/<int:exam_id>/manage/release/", managing.release, name="release"),
    path("exams/<int:exam_id>/room/", room.board, name="room"),
    path("exams/<int:exam_id>/room/time/", room.act, {"what": "time"}, name="room_time"),
    path("exams/<int:exam_id>/room/outage/", room.act, {"what": "outage"}, name="room_outage"),
    path("exams/<int:exam_id>/room/message/", room.act, {"what": "message"}, name="room_message"),
    path("exams/<int:exam_id>/roster/", roster.roster, name="roster"),
    path("exams/<int:exam_id>/roster/sheet/", roster.sheet, name="roster_sheet"),
    path("exams/<int:exam_id>/roster/sheet.xlsx", roster.sheet_xlsx, name="roster_xlsx"),
    path("roster/<int:candidate_id>/", roster.person, name="roster_person"),
    path("roster/changes/<int:change_id>/decide/", roster.decide, name="roster_decide"),
    path("roster/changes/<int:change_id>/proof/", roster.proof, name="roster_proof"),
    path("sittings/<int:sitting_id>/state/", room.state, name="state"),
    path("sittings/<int:sitting_id>/lock/", room.lock, name="lock"),
    path("sittings/<int:sitting_id>/void/", roster.void, name="void"),
    path("sittings/<int:sitting_id>/unfreeze/", roster.unfreeze, name="unfreeze"),
    path("me/exams/", mine.mine, name="mine"),
    path("exams/<int:exam_id>/", candidate.notice, name="notice"),
    path("exams/<int:exam_id>/start/", candidate.start, name="start"),
    path("sittings/<int:sitting_id>/", candidate.paper, name="paper"),
    path("sittings/<int:sitting_id>/save/", candidate.save, name="save"),
    path("sittings/<int:sitting_id>/take-over/", candidate.take_over, name="take_over"),
    path("sittings/<int:sitting_id>/hand-in/", candidate.hand_in, name="handin"),
    path("sittings/<int:sitting_id>/result/", candidate.result, name="result"),
]
