from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class MingfaConfig(AppConfig):
    name = "mingfa"
    verbose_name = "明法"

    def ready(self):
        autodiscover_modules("completions")
        autodiscover_modules("followups")
