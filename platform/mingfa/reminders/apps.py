from importlib import import_module

from django.apps import AppConfig
from django.conf import settings
from django.utils.module_loading import autodiscover_modules


class RemindersConfig(AppConfig):
    name = "mingfa.reminders"
    label = "reminders"
    verbose_name = "催考"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        autodiscover_modules("reminders")
        for module in settings.REMINDER_CHANNELS:
            import_module(module)
