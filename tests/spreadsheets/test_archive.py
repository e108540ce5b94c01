"""Hostile workbooks are refused quickly, before the parser reserves memory for them."""
import io
import tracemalloc
import zipfile

import pytest
from mingfa.spreadsheets import Limits, SpreadsheetRefused, read_rows, write_xlsx

MEGABYTE = 1024 * 1024


def parts_of(content):
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(parts):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return out.getvalue()


def workbook(**changes):
    """A good workbook with some parts replaced; "sheet" is short for its first sheet."""
    parts = parts_of(write_xlsx(["姓名"], [["甲一"]]))
    for name, content in changes.items():
        parts["xl/worksheets/sheet1.xml" if name == "sheet" else name] = content
    return packed(parts)


def sheet_of(cells):
    start = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
    return f"{start}{cells}</sheetData></worksheet>".encode()


def refused(data, **limits):
    with pytest.raises(SpreadsheetRefused) as refusal:
        read_rows(data, "a.xlsx", limits=Limits(**limits))
    return refusal.value.error.code


def test_a_good_workbook_is_read():
    assert read_rows(workbook(), "a.xlsx")[0].rows[1].cells == ("甲一",)


def test_IF1_a_small_file_that_unpacks_to_much_is_refused_without_memory():
    bomb = workbook(**{"xl/media/picture.xml": b"\0" * (120 * MEGABYTE)})
    assert len(bomb) < MEGABYTE

    tracemalloc.start()
    code = refused(bomb)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert code == "unpacks_too_large"
    assert peak < 20 * MEGABYTE


def test_IF1_a_size_that_lies_is_noticed():
    bomb = bytearray(workbook(**{"xl/extra.xml": b"<a>" + b" " * (90 * MEGABYTE) + b"</a>"}))
    # The directory claims 10 bytes for the part: what counts is what really comes out.
    entry = bomb.rindex(b"xl/extra.xml") - 46
    bomb[entry + 24 : entry + 28] = (10).to_bytes(4, "little")

    assert refused(bytes(bomb)) == "unpacks_too_large"


def test_IF1_thousands_of_parts_are_refused():
    assert refused(packed({f"xl/{number}.xml": b"" for number in range(2000)})) == "too_many_parts"


def test_IF1_an_archive_in_an_archive_is_no_workbook():
    assert refused(packed({"inner.zip": workbook()})) == "not_a_workbook"


@pytest.mark.parametrize(
    "declaration",
    [
        b'<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">',
        b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        b'<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;">]>',
    ],
    ids=["IF2 remote", "IF2 local file", "IF3 nested"],
)
def test_IF2_IF3_declared_entities_are_refused_in_any_part(declaration):
    content = b'<?xml version="1.0"?>' + declaration + sheet_of("")
    utf16 = content.decode().replace('version="1.0"', 'version="1.0" encoding="utf-16"').encode("utf-16")

    assert refused(workbook(sheet=content)) == "declares_entities"
    assert refused(workbook(sheet=utf16)) == "declares_entities"
    assert refused(workbook(**{"xl/styles.xml": content})) == "declares_entities"


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>', "too_many_rows"),
        ('<row r="1"><c r="XFD1"><v>1</v></c></row>', "too_many_columns"),
        ('<row r="99999"><c r="KM99999"><v>1</v></c></row>', "too_many_cells"),
        ('<row r="1048576"><c><v>1</v></c></row>', "too_many_rows"),
        ('<row r="1"><c r="A1048576"><v>1</v></c></row>', "too_many_rows"),
        ('<row r="1"><c r="nonsense"><v>1</v></c></row>', "broken_file"),
        ('<row r="one"><c r="A1"><v>1</v></c></row>', "broken_file"),
        ('<row r="1"><c r="A1"><v>1</v></c>', "broken_file"),
    ],
)
def test_cells_in_far_corners_are_refused_before_the_parser_sees_them(cells, code):
    assert refused(workbook(sheet=sheet_of(cells))) == code


def test_a_place_of_a_shared_text_with_thousands_of_digits_is_the_first_text():
    cells = f'<row r="1"><c r="A1" t="s"><v>{"9" * 5000}</v></c></row>'
    texts = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>x</t></si></sst>'

    rows = read_rows(workbook(**{"sheet": sheet_of(cells), "xl/sharedStrings.xml": texts}), "a.xlsx")[0].rows

    assert [row.cells for row in rows] == [("x",)]


def test_empty_formatted_cells_far_away_do_no_harm():
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'

    assert read_rows(workbook(sheet=sheet_of(cells)), "a.xlsx")[0].rows[0].cells == (1.0,)


@pytest.mark.parametrize("place", ["0", "9" * 20, "x"])
def test_a_long_text_used_by_many_cells_is_refused(place):
    start = b'<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><si><t>'
    long = start + b"x" * 30_000 + b"</t></si></sst>"
    cells = "".join(f'<row r="{n}"><c r="A{n}" t="s"><v>{place}</v></c></row>' for n in range(1, 3001))

    assert refused(workbook(**{"sheet": sheet_of(cells), "xl/sharedStrings.xml": long})) == "too_much_text"
