"""Mapping a cell while somebody else uploads another edition of the form."""
import pytest
from mingfa.indicators import actions
from mingfa.indicators.models import FormCell
from mingfa.people.models import Role

from tests.exams import scene as exams
from tests.exams.scene import NOON, holder
from tests.exams.test_results_race import while_uncommitted

from .test_upper_forms import put, workbook

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_cell_of_an_edition_that_is_being_replaced_is_not_mapped(transactional_db, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    scene = exams.build()
    liaison = holder(scene, Role.LIAISON, name="区联络员")
    form = actions.keep_form(scene.district, name="普法统计表", content=workbook(), by=liaison, now=NOON)

    def change(book):
        book["附件1"]["B3"] = "=1+1"

    with pytest.raises(actions.EditionReplaced):
        while_uncommitted(
            lambda: actions.replace_form(form, content=workbook(change), by=liaison, now=NOON),
            lambda: put(form, "B3", "exam_attendance", scene.district, liaison),
        )
    assert FormCell.objects.count() == 0
