from django.urls import path

from mingfa.bank.views import assist, banks, beliefs, exports, imports, near, questions, repairs

app_name = "bank"
urlpatterns = [
    path("bank/", banks.bank_list, name="bank_list"),
    path("bank/new/", banks.new_bank, name="new_bank"),
    path("bank/template.xlsx", imports.template, name="template"),
    path("bank/<int:bank_id>/", banks.question_list, name="question_list"),
    path("bank/<int:bank_id>/new/", questions.new_question, name="new_question"),
    path("bank/<int:bank_id>/export/", exports.export, name="export"),
    path("bank/<int:bank_id>/import/", imports.upload, name="upload"),
    path("bank/<int:bank_id>/import/<int:import_id>/", imports.preview, name="import"),
    path("bank/<int:bank_id>/import/<int:import_id>/rejected.xlsx", imports.rejected, name="rejected"),
    path("bank/<int:bank_id>/import/<int:import_id>/all/", imports.everything, name="import_all"),
    path("bank/<int:bank_id>/import/<int:import_id>/<int:place>/", repairs.repair, name="repair"),
    path("bank/<int:bank_id>/near/", near.pairs, name="near"),
    path("bank/<int:bank_id>/near/<int:pair_id>/", near.decide, name="decide"),
    path("bank/beliefs/", beliefs.common, name="beliefs"),
    path("bank/beliefs/agenda/", beliefs.agenda, name="agenda"),
    path("bank/beliefs/new/", beliefs.new, name="new_belief"),
    path("bank/beliefs/<int:belief_id>/", beliefs.detail, name="belief"),
    path("bank/beliefs/<int:belief_id>/edit/", beliefs.edit, name="edit_belief"),
    path("bank/questions/<int:question_id>/beliefs/", beliefs.tag, name="tag"),
    path("bank/questions/<int:question_id>/cite/", assist.cite, name="cite"),
    path("bank/questions/<int:question_id>/", questions.detail, name="question"),
    path("bank/questions/<int:question_id>/edit/", questions.edit, name="edit"),
    path("bank/questions/<int:question_id>/preview/", questions.preview, name="preview"),
    path("bank/questions/<int:question_id>/retire/", questions.retire, name="retire"),
    path("bank/questions/<int:question_id>/restore/", questions.restore, name="restore"),
    path("bank/questions/<int:question_id>/reserve/", questions.reserve, name="reserve"),
]
