from django.urls import path

from mingfa.review import views

app_name = "review"
urlpatterns = [
    path("review/", views.desk, name="desk"),
    path("review/sign/", views.sign_many, name="sign_many"),
]
