from django.apps import AppConfig


class BankConfig(AppConfig):
    name = "mingfa.bank"
    label = "bank"
    verbose_name = "题库"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from mingfa.library import registry

        from .citing import QUESTIONS

        registry.register(QUESTIONS)
