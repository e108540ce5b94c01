from django.apps import AppConfig


class DeskConfig(AppConfig):
    name = "mingfa.desk"
    label = "desk"
    verbose_name = "我的任务"
    default_auto_field = "django.db.models.BigAutoField"
