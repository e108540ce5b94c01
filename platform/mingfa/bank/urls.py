from django.urls import path

from mingfa.bank.views import around, banks, bulk, imports, listing, questions

app_name = "bank"
urlpatterns = [
    path("bank/", banks.bank_list, name="bank_list"),
    path("bank/new/", banks.new_bank, name="new_bank"),
    path("bank/template.xlsx", imports.template, name="template"),
    path("bank/<int:bank_id>/", listing.question_list, name="question_list"),
    path("bank/<int:bank_id>/filters/", around.filters, name="filters"),
    path("bank/<int:bank_id>/tags/", around.tags, name="tags"),
    path("bank/<int:bank_id>/bulk/", bulk.choose, name="bulk"),
    path("bank/<int:bank_id>/runs/", bulk.runs, name="runs"),
    path("bank/<int:bank_id>/runs/<int:run_id>/", bulk.run, name="run"),
    path("bank/<int:bank_id>/runs/<int:run_id>/go-on/", bulk.go_on, name="go_on"),
    path("bank/<int:bank_id>/runs/<int:run_id>/undo/", bulk.undo, name="undo"),
    path("bank/<int:bank_id>/new/", questions.new_question, name="new_question"),
    path("bank/<int:bank_id>/import/", imports.upload, name="upload"),
    path("bank/<int:bank_id>/import/<int:import_id>/", imports.preview, name="import"),
    path("bank/<int:bank_id>/import/<int:import_id>/rejected.xlsx", imports.rejected, name="rejected"),
    path("bank/questions/<int:question_id>/", questions.detail, name="question"),
    path("bank/questions/<int:question_id>/edit/", questions.edit, name="edit"),
    path("bank/questions/<int:question_id>/preview/", questions.preview, name="preview"),
    path("bank/questions/<int:question_id>/tags/", around.tag, name="tag"),
    path("bank/questions/<int:question_id>/remarks/", around.remark, name="remark"),
    path("bank/questions/<int:question_id>/remarks/<int:remark_id>/", around.resolve, name="resolve"),
    path("bank/questions/<int:question_id>/retire/", questions.retire, name="retire"),
    path("bank/questions/<int:question_id>/restore/", questions.restore, name="restore"),
    path("bank/questions/<int:question_id>/reserve/", questions.reserve, name="reserve"),
]
