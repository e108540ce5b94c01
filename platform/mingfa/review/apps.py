from django.apps import AppConfig


class ReviewConfig(AppConfig):
    name = "mingfa.review"
    label = "review"
    verbose_name = "三审三校"
    default_auto_field = "django.db.models.BigAutoField"
