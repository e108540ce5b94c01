from django.apps import AppConfig


class LiveConfig(AppConfig):
    name = "courses.live"
    label = "live"
    verbose_name = "实时培训"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from mingfa.people.registry import own_records

        from .own import trainings_of_person

        own_records.append(trainings_of_person)
