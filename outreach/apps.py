from django.apps import AppConfig


class OutreachConfig(AppConfig):
    name = "outreach"
    verbose_name = "普法宣传"
    default_auto_field = "django.db.models.BigAutoField"
