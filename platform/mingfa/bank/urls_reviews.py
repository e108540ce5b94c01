"""Addresses of 三审三校 of questions."""

from django.urls import path

from mingfa.bank.views import history, reviews, submitting

app_name = "bank_reviews"
urlpatterns = [
    path("bank/reviews/<int:review_id>/", reviews.review, name="review"),
    path("bank/reviews/<int:review_id>/sign/", reviews.sign, name="sign"),
    path("bank/reviews/<int:review_id>/return/", reviews.send_back, name="return"),
    path("bank/reviews/<int:review_id>/withdraw/", reviews.withdraw, name="withdraw"),
    path("bank/<int:bank_id>/reviews/", submitting.bank_reviews, name="bank"),
    path("bank/<int:bank_id>/reviews/submit/", submitting.submit, name="submit"),
    path("bank/<int:bank_id>/review-rules/", submitting.rules, name="rules"),
    path("bank/<int:bank_id>/review-sheets/", history.sheets, name="sheets"),
    path("bank/questions/<int:question_id>/history/", history.question_history, name="history"),
]
