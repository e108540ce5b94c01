"""The form of a material."""
from django import forms
from mingfa.library.models import Law

from ..models import Material


class MaterialForm(forms.ModelForm):
    class Meta:
        model = Material
        fields = ["name", "category", "law", "size", "low_at"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["law"].queryset = Law.objects.order_by("short_title")
        self.fields["law"].label_from_instance = lambda law: law.short_title
        self.fields["law"].empty_label = "不专讲一部法律"
        self.fields["name"].error_messages["required"] = "请填品名"
        self.fields["category"].error_messages["required"] = "请选类别"

    def clean_name(self):
        return " ".join(self.cleaned_data["name"].split())

    def validate_unique(self):
        """The action tells a name that is taken."""
