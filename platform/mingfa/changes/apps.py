from django.apps import AppConfig


class ChangesConfig(AppConfig):
    name = "mingfa.changes"
    label = "changes"
    verbose_name = "法律修改"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self):
        from mingfa.library import registry

        from .actions import note_changes, note_known_texts, take_in, take_note
        from .tasks import plan_changes

        registry.before_texts_change.append(note_known_texts)
        registry.after_texts_changed.append(note_changes)
        registry.after_texts_changed.append(plan_changes)
        registry.on_settled.append(take_note)
        registry.on_put_into_use.append(take_in)
