from django.urls import path

from mingfa.library import compared, views

urlpatterns = [
    path("", views.index, name="law_index"),
    path("<slug:law>/", views.law, name="law"),
    path("<slug:law>/<slug:edition>/", views.edition, name="law_edition"),
    path("<slug:law>/<slug:old>/compare/<slug:new>/", compared.comparison, name="law_comparison"),
    path("<slug:law>/<slug:edition>/<slug:place>/", views.article, name="law_article"),
]
