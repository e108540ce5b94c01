from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "mingfa.reports"
    label = "reports"
    verbose_name = "年度报告"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from django.urls import reverse

        from mingfa.audit import register_check
        from mingfa.review.registry import Kind, register

        from . import reviewing
        from .sealing import broken_reports

        register_check(broken_reports)

        register(
            Kind(
                model=reviewing.MODEL, label="年度报告", lock=reviewing.lock_text, titles=reviewing.titles,
                url=lambda review_id: reverse("reports:review", args=[review_id]),
                withheld=lambda target_id, person, now: False, passed=reviewing.on_passed, returned=reviewing.on_returned,
            )
        )  # fmt: skip
