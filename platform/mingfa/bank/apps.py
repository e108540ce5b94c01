from django.apps import AppConfig


class BankConfig(AppConfig):
    name = "mingfa.bank"
    label = "bank"
    verbose_name = "题库"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from django.urls import reverse

        from mingfa.bank import history
        from mingfa.bank.actions import reviews
        from mingfa.bank.citing import QUESTIONS
        from mingfa.library import registry
        from mingfa.review.registry import Kind, register

        registry.register(QUESTIONS)
        register(
            Kind(
                model=history.MODEL, label="试题", lock=reviews.lock_version, titles=history.titles,
                url=lambda review_id: reverse("bank_reviews:review", args=[review_id]),
                withheld=reviews.is_withheld, passed=reviews.on_passed, returned=reviews.on_returned,
            )
        )  # fmt: skip
