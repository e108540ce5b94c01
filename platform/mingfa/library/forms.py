"""Forms of the law library's admin."""
from django import forms
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.widgets import AdminDateInput

from mingfa.library.actions import StatusRefused, check_status
from mingfa.library.models import Edition


class StatusForm(WagtailAdminModelForm):
    """What an administrator confirms about an edition: its word and its days. The text is only imported."""

    status = forms.ChoiceField(
        label="时效",
        choices=[choice for choice in Edition.Status.choices if choice[0] != Edition.Status.FUTURE],
        help_text="到期前已知会被修改的，也选修改后的时效，并填失效日期；“尚未生效”由生效日期得出。",
    )

    class Meta:
        model = Edition
        fields = ("status", "in_force_from", "in_force_until")
        widgets = {"in_force_from": AdminDateInput(), "in_force_until": AdminDateInput()}

    def clean(self):
        chosen = super().clean()
        if not self.errors:
            try:
                check_status(chosen["status"], chosen["in_force_from"], chosen["in_force_until"])
            except StatusRefused as refusal:
                self.add_error(refusal.field, str(refusal))
        return chosen
