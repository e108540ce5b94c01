"""The admin's form of a course."""
from mingfa.pages import BasePageForm
from mingfa.people import access
from mingfa.people.models import Role


class CoursePageForm(BasePageForm):
    """A trainer puts courses only into units he or she is trainer of."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if "unit" in self.fields and self.for_user is not None:
            self.fields["unit"].queryset = access.units_visible_to(self.for_user, Role.TRAINER)
