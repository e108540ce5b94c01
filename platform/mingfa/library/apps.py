from django.apps import AppConfig


class LibraryConfig(AppConfig):
    name = "mingfa.library"
    label = "library"
    verbose_name = "法律法规"
    default_auto_field = "django.db.models.BigAutoField"
