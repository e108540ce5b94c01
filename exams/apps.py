from django.apps import AppConfig


class ExamsConfig(AppConfig):
    name = "exams"
    verbose_name = "考试"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from mingfa.bank.registry import on_open_papers
        from mingfa.people.registry import last_activity, on_disable

        from .actions import freeze_sittings_of
        from .queries import last_sat, questions_on_open_papers

        def freeze(user, now):
            freeze_sittings_of(user, reason="账号停用", now=now)

        on_disable.append(freeze)
        last_activity.append(last_sat)
        on_open_papers.append(questions_on_open_papers)
