from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "学习课程"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # After the last app, because the trainers' group needs the permissions of all of them.
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(prepare_site, sender=last, dispatch_uid="courses.prepare_site")


def prepare_site(using, **kwargs):
    """First-run set-up with every migrate, so that no way of installing can forget it."""
    from django.db import connections
    from django.utils import timezone

    from .actions import prepare_site
    from .models import CoursesPage

    # Migrating one app alone, or backwards, may leave our tables out.
    if using == "default" and CoursesPage._meta.db_table in connections[using].introspection.table_names():
        prepare_site(by=None, now=timezone.now())
