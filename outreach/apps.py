from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate, post_save


class OutreachConfig(AppConfig):
    name = "outreach"
    verbose_name = "普法宣传"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from mingfa.bank.registry import on_leaving, where_used

        from .actions import withdraw_left
        from .quizzes import uses_in_public

        # After the last app, because the group needs the permissions of all of them.
        last = [config for config in apps.get_app_configs() if config.models_module][-1]
        post_migrate.connect(prepare_public_site, sender=last, dispatch_uid="outreach.prepare_public_site")
        self.follow_wagtail()
        self.register_kinds()
        on_leaving.append(withdraw_left)
        where_used.append(uses_in_public)

    def follow_wagtail(self):
        """Whatever way a page's text changes, moves or goes offline on: its review and its release follow."""
        from wagtail.models import Revision
        from wagtail.signals import page_unpublished, post_page_move

        from .models import KINDS

        post_save.connect(revision_saved, sender=Revision, dispatch_uid="outreach.revision_saved")
        for kind in KINDS:
            page_unpublished.connect(page_went_offline, sender=kind, dispatch_uid=f"outreach.offline.{kind.__name__}")
            post_page_move.connect(page_moved, sender=kind, dispatch_uid=f"outreach.moved.{kind.__name__}")

    def register_kinds(self):
        from mingfa.library import registry
        from mingfa.review.registry import Kind, register

        from . import kit_reviews
        from .actions import kit, mirror, publishing
        from .models.signed import MODEL
        from .publishing.citing import PUBLIC_PAGES
        from .publishing.listing import review_url, titles

        registry.register(PUBLIC_PAGES)
        register(
            Kind(
                model=MODEL, label="公开稿", lock=publishing.lock_text, titles=titles, url=review_url,
                withheld=lambda text_id, person, now: False, passed=publishing.on_passed, returned=publishing.on_returned,
                moved=mirror.follow_review,
            )
        )  # fmt: skip
        register(
            Kind(
                model=kit_reviews.MODEL, label="宣传品", lock=kit.lock_text, titles=kit_reviews.titles,
                url=kit_reviews.review_url, withheld=lambda text_id, person, now: False, passed=kit.on_passed,
                returned=kit.on_returned,
            )
        )  # fmt: skip


def revision_saved(instance, raw=False, **kwargs):
    from django.utils import timezone

    from .actions.publishing import follow_revision
    from .models import KINDS

    if not raw and instance.content_type.model_class() in KINDS:
        follow_revision(instance, by=instance.user, now=timezone.now())


def page_went_offline(instance, **kwargs):
    from django.utils import timezone

    from .actions.publishing import follow_unpublished

    follow_unpublished(instance.pk, now=timezone.now())


def page_moved(instance, url_path_before, url_path_after, **kwargs):
    from django.utils import timezone

    from .actions.publishing import follow_move

    if url_path_before != url_path_after:
        follow_move(instance.pk, now=timezone.now())


def prepare_public_site(using, **kwargs):
    """With every migrate, so that no way of installing can forget it."""
    from django.db import connections

    from .actions.public_site import prepare_public_site
    from .models import PublicSite

    # Migrating one app alone, or backwards, may leave our tables out.
    if using == "default" and PublicSite._meta.db_table in connections[using].introspection.table_names():
        prepare_public_site()
