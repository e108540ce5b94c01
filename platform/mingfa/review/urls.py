from django.urls import path

from mingfa.review import views

app_name = "review"
urlpatterns = [
    path("review/", views.desk, name="desk"),
    path("review.xlsx", views.desk_xlsx, name="desk_xlsx"),
    path("review/sign/", views.sign_many, name="sign_many"),
]
