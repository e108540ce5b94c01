from django.apps import AppConfig


class MingfaConfig(AppConfig):
    name = "mingfa"
    verbose_name = "明法"
