from django.urls import path

from .views import cases, exports, listings, page_reviews, publishing

app_name = "publishing"
urlpatterns = [
    path("", publishing.overview, name="overview"),
    path("pages.xlsx", listings.pages_xlsx, name="pages_xlsx"),
    path("published/", publishing.published, name="published"),
    path("published.xlsx", listings.published_xlsx, name="published_xlsx"),
    path("words/", publishing.words, name="words"),
    path("words.xlsx", listings.words_xlsx, name="words_xlsx"),
    path("words/<int:word_id>/remove/", publishing.unlist, name="unlist"),
    path("rules/<int:unit_id>/", publishing.rule, name="rule"),
    path("reviews/<int:review_id>/", page_reviews.review, name="review"),
    path("reviews/<int:review_id>/sign/", page_reviews.sign, name="sign"),
    path("reviews/<int:review_id>/return/", page_reviews.send_back, name="return"),
    path("reviews/<int:review_id>/withdraw/", page_reviews.withdraw, name="withdraw_review"),
    path("reviews/<int:review_id>/sheet/", page_reviews.sheet, name="sheet"),
    path("<int:page_id>/", publishing.page, name="page"),
    path("<int:page_id>/submit/", publishing.submit, name="submit"),
    path("<int:page_id>/justify/", publishing.justify, name="justify"),
    path("<int:page_id>/check/", publishing.check, name="check"),
    path("<int:page_id>/withdraw/", publishing.withdraw, name="withdraw"),
    path("<int:page_id>/yields/", cases.yields, name="yields"),
    path("<int:page_id>/page.docx", exports.docx, name="docx"),
    path("<int:page_id>/page.zip", exports.package, name="package"),
]
