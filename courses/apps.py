from django.apps import AppConfig, apps
from django.db.models.signals import post_delete, post_migrate


class CoursesConfig(AppConfig):
    name = "courses"
    verbose_name = "学习课程"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        # After the last app, because the trainers' group needs the permissions of all of them.
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(prepare_site, sender=last, dispatch_uid="courses.prepare_site")
        self.watch_what_leaves()
        from mingfa.library import registry
        from mingfa.people.registry import own_records

        from .own import courses_of_person
        from .upkeep import LESSONS

        own_records.append(courses_of_person)

        registry.register(LESSONS)

    def watch_what_leaves(self):
        """Who passed everything that is left of a course has finished it, whatever took the rest away."""
        from mingfa.bank.registry import on_leaving, where_used
        from wagtail.signals import page_published, page_unpublished

        from .models import LessonPage
        from .uses import uses_in_lessons

        for signal in (page_published, page_unpublished):
            signal.connect(lesson_changed, sender=LessonPage, dispatch_uid="courses.lesson_changed")
        post_delete.connect(lesson_changed, sender=LessonPage, dispatch_uid="courses.lesson_changed")
        on_leaving.append(question_left)
        where_used.append(uses_in_lessons)


def lesson_changed(instance, **kwargs):
    from django.utils import timezone

    from .actions import complete_remaining
    from .models import CoursePage

    for course in CoursePage.objects.ancestor_of(instance):
        complete_remaining(course, by=None, now=timezone.now())


def question_left(question, by, now):
    from .actions import complete_remaining
    from .queries import courses_asking

    for course in courses_asking(question):
        complete_remaining(course, by=by, now=now)


def prepare_site(using, **kwargs):
    """First-run set-up with every migrate, so that no way of installing can forget it."""
    from django.db import connections
    from django.utils import timezone

    from .actions import prepare_site
    from .models import CoursesPage

    # Migrating one app alone, or backwards, may leave our tables out.
    if using == "default" and CoursesPage._meta.db_table in connections[using].introspection.table_names():
        prepare_site(by=None, now=timezone.now())
