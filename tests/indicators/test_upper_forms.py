"""上级报表: one empty form, cells mapped once, filled and exported each period; nothing typed twice."""
import io

import openpyxl
import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from mingfa.indicators import actions
from mingfa.indicators.models import FormCell, UpperForm
from mingfa.indicators.registry import indicator
from mingfa.indicators.upper_forms import fill_of
from mingfa.people.models import Role
from mingfa.periods import Year
from mingfa.spreadsheets import SpreadsheetRefused
from mingfa.spreadsheets.forms import PlaceTaken
from wagtail.models import ModelLogEntry

from tests.exams import scene as exams
from tests.exams.scene import NOON, browser, holder
from tests.exported import table

YEAR = Year(2026)


def workbook(change=None) -> bytes:
    """A form as a city office sends it: title, a figure by itself, a table by township with a sum of its own."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "附件1"
    page.merge_cells("A1:D1")
    page["A1"] = "法治宣传教育情况统计表"
    page["A2"], page["B2"] = "参考率", None
    page["B2"].number_format = "0.0%"
    page["A3"], page["B3"] = "法律顾问人数", None
    for column, word in zip("ABCD", ("单位", "应考人数", "实考人数", "参考率（%）"), strict=True):
        page[f"{column}5"] = word
    for row, name in enumerate(("穗安街道", "黄莺岗 镇", "不存在的镇"), 6):
        page[f"A{row}"] = name
    page["A9"], page["B9"] = "合计", "=SUM(B6:B8)"
    if change:
        change(book)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


@pytest.fixture
def scene(db):
    with time_machine.travel(NOON, tick=False):
        yield exams.build()


@pytest.fixture
def exam(scene):
    people = [scene.person(f"穗安{n}") for n in range(4)]
    scene.person("黄莺一", scene.other_town)
    exam = scene.exam()
    for one in people[:3]:
        sitting = exams.sit(exam, one)
        exams.answer_all(sitting)
        exams.actions.submit_sitting(sitting.pk, by=one, now=NOON)
    return exam


@pytest.fixture
def liaison(scene):
    return holder(scene, Role.LIAISON, name="区联络员")


@pytest.fixture
def form(scene, liaison, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return actions.keep_form(scene.district, name="普法统计表", content=workbook(), by=liaison, now=NOON)


def put(form, place, code, unit, by, shows="value"):
    return actions.map_cell(form, sheet="附件1", place=place, unit=unit, code=code, shows=shows, by=by, now=NOON)


def exported(user, form, period="2026"):
    response = browser(user).get(reverse("upper_form_excel", args=[form.pk]), {"period": period})
    assert response.status_code == 200
    return openpyxl.load_workbook(io.BytesIO(response.content))["附件1"]


def test_a_cell_is_filled_with_its_figure_and_the_form_keeps_its_looks(scene, exam, liaison, form):
    put(form, "B2", "exam_attendance", scene.district, liaison)
    page = exported(liaison, form)
    assert page["B2"].value == pytest.approx(0.6)
    assert page["B2"].number_format == "0.0%"
    assert (page["A1"].value, page["B9"].value) == ("法治宣传教育情况统计表", "=SUM(B6:B8)")
    assert [str(one) for one in page.merged_cells.ranges] == ["A1:D1"]


def test_a_table_by_unit_is_mapped_a_column_at_a_time_and_unknown_names_are_told(scene, exam, liaison, form):
    def column(letter, shows):
        return actions.map_column(
            form, sheet="附件1", names="A", column=letter, first=6, last=8, code="exam_attendance", shows=shows,
            by=liaison, now=NOON,
        )  # fmt: skip

    assert column("B", "whole") == (2, ["不存在的镇"])
    column("C", "part")
    column("D", "value")
    page = exported(liaison, form)
    assert [[page[f"{c}{r}"].value for c in "BCD"] for r in (6, 7, 8)] == [[4, 3, 75.0], [1, 0, 0.0], [None, None, None]]


def test_a_figure_typed_in_is_taken_once_it_is_checked_and_stays_empty_before(scene, liaison, form):
    put(form, "B3", "entered_legal_advisers", scene.district, liaison)
    row = actions.enter_figure(
        scene.district, "entered_legal_advisers", YEAR, part=7, whole=None, source="文件", by=liaison, now=NOON
    )
    assert exported(liaison, form)["B3"].value is None
    actions.check_figure(row.pk, by=holder(scene, Role.LEADER, name="领导"), now=NOON)
    assert exported(liaison, form)["B3"].value == 7


def test_nothing_to_divide_by_leaves_the_cell_empty_and_the_page_says_so(scene, liaison, form):
    put(form, "B2", "exam_attendance", scene.district, liaison)
    assert exported(liaison, form)["B2"].value is None
    page = browser(liaison).get(reverse("upper_form", args=[form.pk])).content.decode()
    assert "1 格这一期没有数，导出时留空" in page


def test_another_period_has_its_own_figures(scene, exam, liaison, form):
    put(form, "B2", "exam_attendance", scene.district, liaison)
    assert exported(liaison, form, "2025")["B2"].value is None
    assert exported(liaison, form, "2026-09")["B2"].value == pytest.approx(0.6)


@pytest.mark.parametrize(("place", "why"), [("B1", "merged"), ("B9", "formula"), ("ZZZ1", "missing")])
def test_cells_that_cannot_be_filled_are_refused_with_the_reason(scene, liaison, form, place, why):
    with pytest.raises(PlaceTaken) as refused:
        put(form, place, "exam_attendance", scene.district, liaison)
    assert refused.value.why == why
    assert FormCell.objects.count() == 0


def test_a_column_without_any_unit_changes_nothing(scene, liaison, form):
    with pytest.raises(actions.NoUnitRecognised):
        actions.map_column(
            form, sheet="附件1", names="B", column="C", first=6, last=8, code="exam_attendance", shows="part", by=liaison,
            now=NOON,
        )  # fmt: skip
    assert FormCell.objects.count() == 0


def test_a_new_edition_keeps_what_is_still_there_and_names_what_is_lost(scene, liaison, form):
    put(form, "B2", "exam_attendance", scene.district, liaison)
    put(form, "B3", "entered_legal_advisers", scene.district, liaison)

    def change(book):
        book["附件1"]["B3"] = "=1+1"

    lost = actions.replace_form(form, content=workbook(change), by=liaison, now=NOON)
    assert [str(one) for one in lost] == ["附件1!B3"]
    assert [one.place for one in form.cells.all()] == ["B2"]


def test_who_still_has_the_old_edition_open_maps_the_one_that_stands(scene, liaison, form):
    def change(book):
        book["附件1"]["B3"] = "=1+1"

    old = UpperForm.objects.get(pk=form.pk)
    actions.replace_form(form, content=workbook(change), by=liaison, now=NOON)
    with pytest.raises(PlaceTaken) as refused:
        put(old, "B3", "entered_legal_advisers", scene.district, liaison)
    assert refused.value.why == "formula"


def test_a_column_of_many_units_asks_for_its_figures_once(scene, exam, liaison, form):
    place = {scene.district: "B2", scene.town: "B6", scene.other_town: "B7"}
    for code in ("exam_attendance", "entered_legal_advisers"):
        put(form, "B2", code, scene.district, liaison)
        with CaptureQueriesContext(connection) as for_one:
            fill_of(form, YEAR)
        for unit, cell in place.items():
            put(form, cell, code, unit, liaison)
        with CaptureQueriesContext(connection) as for_three:
            found = fill_of(form, YEAR)
        assert len(for_three) == len(for_one)
        assert [one.figure for one in found] == [indicator(code).compute(one.cell.unit, YEAR) for one in found]
        FormCell.objects.all().delete()


def test_the_page_of_the_form_maps_from_a_click_to_the_export(scene, exam, liaison, form):
    client, address = browser(liaison), reverse("upper_form", args=[form.pk])
    page = client.get(address).content.decode()
    assert "place=B2#map" in page
    sent = {"sheet": "附件1", "place": "b2", "code": "exam_attendance", "unit": scene.district.pk, "shows": "value"}
    page = client.post(reverse("upper_form_cell", args=[form.pk]), sent, follow=True).content.decode()
    assert "B2 已对应" in page
    assert "60.0%" in page
    assert "3 / 5" in page
    refused = client.post(reverse("upper_form_cell", args=[form.pk]), {**sent, "place": "B9"}, follow=True).content.decode()
    assert "“附件1”B9：这一格是表自己的公式" in refused
    line = ModelLogEntry.objects.filter(action="indicators.fill_form")
    exported(liaison, form)
    assert (line.get().data["cells"], len(line.get().data["digest"])) == (1, 64)
    cell = FormCell.objects.get()
    client.post(reverse("upper_form_unmap", args=[cell.pk]))
    assert FormCell.objects.count() == 0


def test_uploading_by_the_page_keeps_it_and_the_same_name_twice_is_refused(scene, liaison, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    client, address = browser(liaison), reverse("upper_forms")

    def send():
        file = SimpleUploadedFile("../表.xlsx", workbook())
        return client.post(address, {"unit": scene.district.pk, "name": "统计表", "file": file}, follow=True)

    assert "空表已保存" in send().content.decode()
    again = send()
    assert (again.status_code, UpperForm.objects.count()) == (422, 1)
    assert "已经有同名的报表" in again.content.decode()
    kept = UpperForm.objects.get()
    assert kept.file.name.startswith("upper-forms/")
    client.post(reverse("upper_form_retire", args=[kept.pk]))
    assert "统计表" not in client.get(address).content.decode().split("<main")[1].split("已停用")[-1]


# --- hostile and broken files ---------------------------------------------------------------------------
def with_formula(text):
    def change(book):
        book["附件1"]["C2"] = text

    return workbook(change)


@pytest.mark.parametrize("formula", [
    '=WEBSERVICE("http://evil.example/")', "=cmd|'/C calc'!A0", "='[1]表'!A1", '=HYPERLINK("http://evil.example")',
    "='\\\\evil\\[x.xlsx]表'!A1",
])  # fmt: skip
def test_IF2_formulas_that_reach_out_are_refused_with_their_place(scene, liaison, formula):
    with pytest.raises(SpreadsheetRefused) as refused:
        actions.keep_form(scene.district, name="表", content=with_formula(formula), by=liaison, now=NOON)
    assert (refused.value.error.code, refused.value.error.row) == ("unsafe_formula", 2)
    assert UpperForm.objects.count() == 0


@pytest.mark.parametrize(
    "content", [b"", b"   ", b"PK\x03\x04 not a zip", b"\xd0\xcf\x11\xe0old", b"<html></html>", workbook()[:900]]
)
def test_what_is_no_workbook_is_refused_in_words(scene, liaison, content):
    with pytest.raises(SpreadsheetRefused) as refused:
        actions.keep_form(scene.district, name="表", content=content, by=liaison, now=NOON)
    assert refused.value.error.message.endswith("。")


def test_IF4_a_name_that_looks_like_a_formula_stays_text_in_the_page_and_the_file(scene, liaison, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    def change(book):
        cell = book["附件1"]["C3"]
        cell.value, cell.data_type = "=1+1", "s"

    form = actions.keep_form(scene.district, name="表", content=workbook(change), by=liaison, now=NOON)
    page = exported(liaison, form)
    assert (page["C3"].value, page["C3"].data_type) == ("=1+1", "s")


# --- who ------------------------------------------------------------------------------------------------
def test_AZ1_forms_of_other_units_do_not_exist(scene, liaison, form):
    cell = put(form, "B2", "exam_attendance", scene.district, liaison)
    for user in (holder(scene, Role.LIAISON, unit=scene.town, name="镇联络员"), holder(scene, Role.LEADER, name="领导")):
        client = browser(user)
        for name in ("upper_form", "upper_form_excel"):
            assert client.get(reverse(name, args=[form.pk])).status_code == 404
        for name in ("cell", "column", "replace", "retire"):
            assert client.post(reverse(f"upper_form_{name}", args=[form.pk])).status_code == 404
        assert client.post(reverse("upper_form_unmap", args=[cell.pk])).status_code == 404
    assert browser(scene.person("学员")).get(reverse("upper_forms")).status_code == 403


def test_AZ1_a_unit_outside_of_the_form_cannot_be_mapped(scene, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    town = holder(scene, Role.LIAISON, unit=scene.town, name="镇联络员")
    form = actions.keep_form(scene.town, name="镇表", content=workbook(), by=town, now=NOON)
    sent = {"sheet": "附件1", "place": "B2", "code": "exam_attendance", "unit": scene.other_town.pk, "shows": "value"}
    page = browser(town).post(reverse("upper_form_cell", args=[form.pk]), sent, follow=True).content.decode()
    assert "没有保存：哪个单位的数" in page
    assert FormCell.objects.count() == 0


# --- the tables of these pages as Excel -------------------------------------------------------------------
def test_what_stands_in_each_cell_goes_out_with_the_numbers_behind_it(scene, exam, liaison, form):
    put(form, "B2", "exam_attendance", scene.district, liaison)
    rows = table(browser(liaison).get(reverse("upper_form_mapped", args=[form.pk]), {"period": "2026"}))
    [row] = rows[1:]
    assert (row[0], row[1], row[3], row[8]) == ("附件1", "B2", scene.district.name, "系统生成")
    assert row[5] == pytest.approx(100 * row[6] / row[7])
    assert browser(liaison).get(reverse("upper_form", args=[form.pk])).content.decode().count(row[2]) >= 1


def test_the_list_of_forms_goes_out(scene, liaison, form):
    rows = table(browser(liaison).get(reverse("upper_forms_excel")))
    assert [row[:3] for row in rows[1:]] == [[form.name, scene.district.name, liaison.name]]
    assert ModelLogEntry.objects.get(action="indicators.export_forms").user == liaison


def test_AZ1_whoever_does_not_keep_the_form_gets_neither_file(scene, liaison, form):
    stranger = browser(holder(scene, Role.LIAISON, unit=scene.town, name="镇联络员"))
    assert stranger.get(reverse("upper_form_mapped", args=[form.pk])).status_code == 404
    assert table(stranger.get(reverse("upper_forms_excel")))[1:] == []
    assert browser(scene.person("学员")).get(reverse("upper_forms_excel")).status_code == 403
