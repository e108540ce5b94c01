"""指标目录: every figure with its definition, owner and source."""
import io

import openpyxl
import pytest
from django.urls import reverse
from mingfa.indicators import catalogue
from mingfa.indicators.registry import indicators
from mingfa.people.models import Role

from tests.exams import scene as exams
from tests.exams.scene import browser, holder


@pytest.fixture
def scene(db):
    return exams.build()


def test_every_figure_has_a_definition_a_measure_an_owner_and_a_source():
    entries = catalogue.entries()
    assert {one.indicator.code for one in entries} == {one.code for one in indicators()}
    told = [(one.indicator.code, one.indicator.definition, one.measure, one.owner, one.source) for one in entries]
    assert [one for one in told if not all(one)] == []


def test_the_goal_and_the_owner_are_told():
    by_code = {one.indicator.code: one for one in catalogue.entries()}
    assert (by_code["exam_attendance"].target, by_code["exam_attendance"].owner) == ("100%", "考试")
    assert (by_code["entered_legal_advisers"].owner, by_code["entered_legal_advisers"].source) == ("单位联络员", "填报")


def test_it_is_read_and_taken_away_as_excel(scene):
    client = browser(holder(scene, Role.LEADER))
    page = client.get(reverse("indicator_catalogue")).content.decode()
    assert "参考率" in page
    assert "系统生成" in page
    sheet = openpyxl.load_workbook(io.BytesIO(client.get(reverse("indicator_catalogue_excel")).content)).active
    assert [cell.value for cell in sheet[2]] == list(catalogue.HEADER)
    assert sheet.max_row >= 2 + len(indicators())


def test_who_reads_no_figures_does_not_read_it_either(scene):
    assert browser(scene.person("学员")).get(reverse("indicator_catalogue")).status_code == 403
