from django.urls import path

from .views import public

app_name = "public"
urlpatterns = [
    path("", public.home, name="home"),
    path("pictures/<str:name>", public.picture, name="picture"),
    path("files/<int:number>/<str:name>", public.document, name="document"),
    path("list/cases/by-law/", public.by_law, name="by_law"),
    path("list/search/", public.search, name="search"),
    # What is no address of a page: models.public_pages.RESERVED.
    path("list/<slug:kind>/", public.everything, name="list"),
    path("<slug:slug>/", public.page, name="page"),
    path("<slug:slug>/share.png", public.card, name="card"),
]
