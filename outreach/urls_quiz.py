"""Addresses for the public: short, because they are printed as QR codes."""
from django.urls import path

from .views import answering

app_name = "quiz"
urlpatterns = [
    path("<slug:slug>/", answering.quiz, name="quiz"),
    path("<slug:slug>/done/", answering.done, name="done"),
]
