from django.apps import AppConfig
from django.utils.module_loading import autodiscover_modules


class DeskConfig(AppConfig):
    name = "mingfa.desk"
    label = "desk"
    verbose_name = "我的任务"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        autodiscover_modules("todos")
