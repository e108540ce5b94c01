"""Official documents: every number of GB/T 9704-2012 as it stands in the file, and nothing Word would repair."""
import io
import zipfile
from datetime import date
from xml.etree import ElementTree

import pytest
from docx import Document
from mingfa.official import Official, official_day

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
# The order the schema demands; Word repairs (or refuses) a file that has another.
ORDERS = {
    "pPr": ["pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "numPr", "pBdr", "shd", "tabs",
            "autoSpaceDE", "autoSpaceDN", "spacing", "ind", "contextualSpacing", "jc", "outlineLvl", "rPr", "sectPr"],
    "rPr": ["rStyle", "rFonts", "b", "bCs", "i", "color", "spacing", "w", "kern", "position", "sz", "szCs", "lang"],
    "trPr": ["cantSplit", "trHeight", "tblHeader"],
    "tblPr": ["tblStyle", "tblpPr", "tblW", "jc", "tblInd", "tblBorders", "shd", "tblLayout", "tblCellMar", "tblLook"],
    "sectPr": ["headerReference", "footerReference", "type", "pgSz", "pgMar", "cols", "titlePg", "docGrid"],
}  # fmt: skip


@pytest.fixture(scope="module")
def files():
    page = Official()
    page.title("嘉禾区信访局", "关于2026年法治建设情况的报告")
    page.addressee("嘉禾区人民政府")
    page.heading("一、工作开展情况")
    page.heading("（一）学法用法。正文在后面。", level=2)
    page.heading("1.三级标题", level=3)
    page.heading("（1）四级标题", level=4)
    page.text("甲" * 300 + "\n第二段\x0b")
    page.attachments("数据来源", "签到表")
    page.signature("嘉禾区信访局", date(2026, 9, 17))
    page.annex(1, "数据来源")
    page.landscape()
    page.note("说明")
    page.table(("序号", "姓名"), [("1", "=1+1"), ("2", "<b>乙</b>")], (1, 4))
    return unpacked(page)


def unpacked(page: Official) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(page.content())) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def part(files, name):
    return ElementTree.fromstring(files[f"word/{name}.xml"])


def value(node, path, attribute="val"):
    """The attribute of what lies at the path; None where there is none."""
    found = node.find("/".join(W + step for step in path.split("/")))
    return None if found is None else found.get(W + attribute)


def style(files, name):
    return next(one for one in part(files, "styles").iter(W + "style") if value(one, "name") == name)


def lines(files) -> list[tuple[str, str, ElementTree.Element]]:
    """(name of style, words, element) of the paragraphs outside tables."""
    names = {one.get(W + "styleId"): value(one, "name") for one in part(files, "styles").iter(W + "style")}
    return [
        (names.get(value(one, "pPr/pStyle"), "Normal"), "".join(one.itertext()), one)
        for one in part(files, "document").find(W + "body").findall(W + "p")
    ]


def test_paper_and_margins_are_those_of_the_standard(files):
    first, last = (part(files, "document").iter(W + "sectPr"))
    assert (value(first, "pgSz", "w"), value(first, "pgSz", "h")) == ("11906", "16838")
    edges = ("top", "bottom", "left", "right", "footer")
    assert [value(first, "pgMar", side) for side in edges] == ["2098", "1984", "1587", "1474", "1417"]
    assert [value(last, "pgSz", name) for name in ("w", "h", "orient")] == ["16838", "11906", "landscape"]
    assert first.find(W + "docGrid") is last.find(W + "docGrid") is None  # a grid would move the lines


def test_twenty_two_lines_of_twenty_eight_characters(files):
    normal = style(files, "Normal")
    spacing = [value(normal, "pPr/spacing", name) for name in ("line", "lineRule", "before", "after")]
    assert spacing == ["579", "exact", "0", "0"]
    assert (value(normal, "rPr/spacing"), value(normal, "rPr/sz"), value(normal, "pPr/jc")) == ("-5", "32", "both")
    assert [value(normal, f"pPr/{name}") for name in ("widowControl", "autoSpaceDE", "autoSpaceDN")] == ["0"] * 3


@pytest.mark.parametrize(("name", "font", "size"), [
    ("Normal", "仿宋_GB2312", "32"), ("公文标题", "方正小标宋简体", "44"), ("公文正文", "仿宋_GB2312", "32"),
    ("公文一级标题", "黑体", "32"), ("公文二级标题", "楷体_GB2312", "32"), ("公文三级标题", "仿宋_GB2312", "32"),
    ("公文四级标题", "仿宋_GB2312", "32"), ("公文顶格", "仿宋_GB2312", "32"), ("公文署名", "仿宋_GB2312", "32"),
    ("公文附件", "黑体", "32"), ("公文表格", "仿宋_GB2312", "24"), ("公文表头", "黑体", "24"), ("公文说明", "仿宋_GB2312", "24"),
    ("公文字号", "仿宋_GB2312", "32"), ("公文版记", "仿宋_GB2312", "28"),
])  # fmt: skip
def test_each_kind_of_line_has_its_type(files, name, font, size):
    found = style(files, name)
    fonts = [value(found, "rPr/rFonts", script) for script in ("ascii", "hAnsi", "cs", "eastAsia")]
    assert fonts == [*["Times New Roman"] * 3, font]
    assert value(found, "rPr/sz") == size
    assert found.find(f"{W}rPr/{W}b") is None  # nothing is bold, the title neither


@pytest.mark.parametrize(("name", "indent", "side", "level"), [
    ("公文标题", None, "center", None), ("公文正文", "200", None, None), ("公文一级标题", "200", None, "0"),
    ("公文二级标题", "200", None, "1"), ("公文三级标题", "200", None, "2"), ("公文四级标题", "200", None, "3"),
    ("公文顶格", None, None, None), ("公文附件", None, None, None), ("公文署名", None, "right", None),
    ("公文字号", None, "center", None), ("公文版记", None, "left", None),
])  # fmt: skip
def test_each_kind_of_line_stands_where_it_belongs(files, name, indent, side, level):
    found = style(files, name)
    assert (value(found, "pPr/ind", "firstLineChars"), value(found, "pPr/jc")) == (indent, side)  # None: as Normal, both sides
    assert value(found, "pPr/ind", "firstLine") == (indent and "640")
    assert value(found, "pPr/outlineLvl") == level
    assert value(found, "basedOn") == "Normal"


def test_the_lines_of_a_document_follow_each_other_as_the_standard_has_them(files):
    assert [(name, words[:12]) for name, words, _ in lines(files)] == [
        ("公文标题", "嘉禾区信访局"), ("公文标题", "关于2026年法治建设情"), ("公文顶格", ""),
        ("公文顶格", "嘉禾区人民政府："), ("公文一级标题", "一、工作开展情况"), ("公文二级标题", "（一）学法用法。正文在后"),
        ("公文三级标题", "1.三级标题"), ("公文四级标题", "（1）四级标题"), ("公文正文", "甲" * 12), ("公文正文", "第二段"),
        ("公文顶格", ""), ("公文正文", "附件：1.数据来源"), ("公文正文", "　　　2.签到表"),
        ("公文顶格", ""), ("公文署名", "嘉禾区信访局"), ("公文署名", "2026年9月17日"),
        ("公文附件", "附件1"), ("公文顶格", ""), ("公文标题", "数据来源"), ("公文顶格", ""),
        ("Normal", ""), ("公文说明", "说明"),
    ]  # fmt: skip


def imprinted(**facts):
    page = Official()
    page.text("正文")
    page.landscape()  # whatever the last page was
    page.imprint(**facts)
    return unpacked(page)


WHOLE = {"copies": "嘉禾区司法局、嘉禾区人大常委会办公室", "office": "嘉禾区信访局", "day": date(2026, 1, 5)}


def last_page(files) -> tuple[ElementTree.Element, dict[str, ElementTree.Element]]:
    """The properties of the last section, and its footers by kind."""
    *_, section = part(files, "document").iter(W + "sectPr")
    relations = {one.get("Id"): one.get("Target") for one in ElementTree.fromstring(files["word/_rels/document.xml.rels"])}
    footers = {
        one.get(W + "type"): part(files, relations[one.get(R + "id")].removesuffix(".xml"))
        for one in section.findall(W + "footerReference")
    }
    return section, footers


def ruled(files) -> ElementTree.Element:
    """The table of the 版记."""
    return last_page(files)[1]["even"].find(W + "tbl")


def foot(files) -> list[tuple[str, ElementTree.Element]]:
    """(words, paragraph) of each line of the 版记."""
    rows = ruled(files).findall(W + "tr")
    return [("".join(one.text or "" for one in row.iter(W + "t")), row.find(f"{W}tc/{W}p")) for row in rows]


def test_the_number_stands_in_the_middle_and_the_title_follows_two_empty_lines_below():
    page = Official()
    page.number("嘉信访发〔2026〕5号")
    page.title("标题")
    files = unpacked(page)
    assert [(name, words) for name, words, _ in lines(files)][:4] == [
        ("公文字号", "嘉信访发〔2026〕5号"), ("公文顶格", ""), ("公文顶格", ""), ("公文标题", "标题"),
    ]  # fmt: skip


def test_the_imprint_names_copies_office_and_day_in_two_lines():
    found = foot(imprinted(**WHOLE))
    assert [words for words, _ in found] == ["抄送：嘉禾区司法局、嘉禾区人大常委会办公室。", "嘉禾区信访局2026年1月5日印发"]


def test_the_imprint_is_ruled_thick_outside_and_thin_inside_as_wide_as_the_text_and_not_at_its_sides():
    table = ruled(imprinted(**WHOLE))
    borders = table.find(f"{W}tblPr/{W}tblBorders")
    # Eighths of a point: 0.35 mm is 7.9 of them, 0.25 mm is 5.7.
    assert {one.tag.removeprefix(W): (one.get(W + "val"), one.get(W + "sz")) for one in borders} == {
        "top": ("single", "8"), "bottom": ("single", "8"), "insideH": ("single", "6"),
    }  # fmt: skip
    assert value(table, "tblPr/tblW", "w") == value(table, "tblGrid/gridCol", "w") == "8845"  # 156 mm
    assert {value(cell, "tcPr/tcW", "w") for cell in table.iter(W + "tc")} == {"8845"}
    assert {one.get(W + "w") for one in table.find(f"{W}tblPr/{W}tblCellMar")} == {"0"}


def test_the_lowest_line_of_the_imprint_lies_on_the_lower_edge_of_the_text():
    section, footers = last_page(imprinted(**WHOLE))
    # What a footer must end with is one point high; it stands below the table and above the distance from the edge.
    assert int(value(section, "pgMar", "footer")) + 20 == int(value(section, "pgMar", "bottom")) == 1984
    assert [one.tag for one in footers["even"]] == [W + "tbl", W + "p"]
    spacing = footers["even"].find(f"{W}p/{W}pPr/{W}spacing")
    assert (spacing.get(W + "line"), spacing.get(W + "lineRule")) == ("20", "exact")


def test_both_lines_of_the_imprint_are_one_character_in_and_further_copies_begin_below_the_first():
    files = imprinted(**WHOLE)
    assert value(style(files, "公文版记"), "pPr/ind", "rightChars") == "100"
    assert value(style(files, "公文版记"), "pPr/ind", "right") == "280"
    copies, printed = (line for _, line in foot(files))
    named = ("leftChars", "left", "hangingChars", "hanging")
    assert [value(copies, "pPr/ind", name) for name in named] == ["400", "1120", "300", "840"]
    assert [value(printed, "pPr/ind", name) for name in named] == ["100", "280", None, None]
    assert [value(printed, "pPr/tabs/tab", name) for name in ("val", "pos")] == ["right", "8565"]  # 8845 − 280
    assert len(printed.findall(f"{W}r/{W}tab")) == 1


def test_the_imprint_stands_on_an_even_page_of_its_own_upright_and_without_a_number():
    section, footers = last_page(imprinted(**WHOLE))
    assert value(section, "type") == "evenPage"
    assert [value(section, "pgSz", name) for name in ("w", "h")] == ["11906", "16838"]
    assert value(section, "pgSz", "orient") in (None, "portrait")
    assert footers.keys() == {"default", "even"}
    assert not any(one.findall(f".//{W}instrText") for one in footers.values())
    assert "".join(footers["default"].itertext()) == ""


@pytest.mark.parametrize(
    ("facts", "words"),
    [
        ({"copies": "嘉禾区司法局"}, ["抄送：嘉禾区司法局。"]),
        ({"office": "嘉禾区信访局"}, ["嘉禾区信访局"]),
        ({"day": date(2026, 12, 31)}, ["2026年12月31日印发"]),
    ],
)
def test_what_the_office_leaves_empty_is_left_out_of_the_imprint(facts, words):
    assert [told for told, _ in foot(imprinted(**facts))] == words


def test_without_anything_in_it_there_is_no_imprint_and_no_page_for_it():
    files = imprinted()
    assert b"evenPage" not in files["word/document.xml"]


@pytest.mark.parametrize("facts", [{}, WHOLE], ids=["without", "with"])
def test_an_imprint_keeps_the_order_of_the_schema(facts):
    check_order(imprinted(**facts))


def test_an_annex_has_its_own_page(files):
    assert style(files, "公文附件").find(f"{W}pPr/{W}pageBreakBefore") is not None


def test_behind_a_run_in_heading_the_text_has_its_own_type(files):
    [heading] = [one for _, words, one in lines(files) if words.startswith("（一）")]
    runs = [("".join(run.itertext()), value(run, "rPr/rFonts", "eastAsia")) for run in heading.findall(W + "r")]
    assert runs == [("（一）学法用法。", None), ("正文在后面。", "仿宋_GB2312")]


def test_page_numbers_stand_outside_with_dashes(files):
    assert part(files, "settings").find(W + "evenAndOddHeaders") is not None
    sides = {}
    for name, content in files.items():
        if name.startswith("word/footer"):
            root = ElementTree.fromstring(content)
            words = "".join(one.text or "" for one in root.iter() if one.tag in (W + "t", W + "instrText"))
            assert words == "— PAGE —"
            assert {value(run, "rPr/rFonts", "eastAsia") for run in root.iter(W + "r")} == {"宋体"}
            assert {value(run, "rPr/sz") for run in root.iter(W + "r")} == {"28"}
            side = value(root.find(W + "p"), "pPr/jc")
            indent = root.find(f"{W}p/{W}pPr/{W}ind")
            sides[side] = (indent.get(f"{W}{side}Chars"), indent.get(f"{W}{side}"))
    assert sides == {"right": ("100", "280"), "left": ("100", "280")}


def test_the_head_of_a_table_is_repeated_and_its_text_is_text(files):
    rows = list(part(files, "document").iter(W + "tr"))
    assert [row.find(f"{W}trPr/{W}tblHeader") is not None for row in rows] == [True, False, False]
    words = ["".join(one.text or "" for one in row.iter(W + "t")) for row in rows]
    assert words == ["序号姓名", "1=1+1", "2<b>乙</b>"]


def test_a_table_is_as_wide_as_the_text(files):
    first = next(part(files, "document").iter(W + "tr"))
    sizes = [int(value(cell, "tcPr/tcW", "w")) for cell in first.iter(W + "tc")]
    assert sizes == [2755, 11022]  # a fifth and four fifths of 16838 − 1587 − 1474
    # Word goes by the cells, others by the columns.
    assert [int(one.get(W + "w")) for one in part(files, "document").iter(W + "gridCol")] == sizes
    single = [value(style(files, name), "pPr/spacing", "line") for name in ("公文表格", "公文表头", "公文说明")]
    assert single == ["240", "240", "240"]


@pytest.mark.parametrize(
    ("who", "day", "indents"),
    # The date begins two characters right of the signer; the longer of the two keeps two characters from the edge.
    [
        ("嘉禾区依法治区工作办公室", date(2026, 1, 5), [200, 600]),
        ("信访局", date(2026, 12, 30), [800, 200]),
        ("嘉禾区信访局", date(2026, 9, 17), [450, 200]),
        ("长" * 40, date(2026, 1, 5), [200, 2000]),  # longer than a line: the date stays on the page
    ],
)
def test_the_date_begins_two_characters_right_of_the_name(who, day, indents):
    page = Official()
    page.signature(who, day)
    signed = [one for name, _, one in lines(unpacked(page)) if name == "公文署名"]
    assert [int(value(one, "pPr/ind", "rightChars")) for one in signed] == indents
    assert [int(value(one, "pPr/ind", "right")) for one in signed] == [round(one * 3.2) for one in indents]


@pytest.mark.parametrize(
    ("who", "day", "indents"),
    # The date stands four characters from the edge, the signer in the middle above it.
    [
        ("信访局", date(2026, 12, 30), [600, 400]),
        ("嘉禾区信访局", date(2026, 9, 17), [425, 400]),
        ("嘉禾区依法治区工作办公室", date(2026, 1, 5), [100, 400]),
        ("嘉" * 20, date(2026, 1, 5), [0, 700]),  # would leave the text: the date moves to stay in the middle below
        ("长" * 40, date(2026, 1, 5), [0, 1100]),  # longer than a line
    ],
)
def test_where_a_seal_is_put_the_name_stands_in_the_middle_above_the_date(who, day, indents):
    page = Official()
    page.signature(who, day, seal=True)
    signed = [one for name, _, one in lines(unpacked(page)) if name == "公文署名"]
    assert [int(value(one, "pPr/ind", "rightChars")) for one in signed] == indents
    assert [int(value(one, "pPr/ind", "right")) for one in signed] == [round(one * 3.2) for one in indents]


@pytest.mark.parametrize(("seal", "empty"), [(False, 1), (True, 2)])
def test_above_the_name_there_is_room_and_the_date_stays_with_it(seal, empty):
    page = Official()
    page.text("正文")
    page.signature("嘉禾区信访局", date(2026, 1, 5), seal=seal)
    found = lines(unpacked(page))
    assert [(name, words) for name, words, _ in found] == [
        ("公文正文", "正文"), *[("公文顶格", "")] * empty, ("公文署名", "嘉禾区信访局"), ("公文署名", "2026年1月5日"),
    ]  # fmt: skip
    assert [one.find(f"{W}pPr/{W}keepNext") is not None for name, _, one in found if name == "公文署名"] == [True, False]


@pytest.mark.parametrize(("day", "words"), [(date(2026, 1, 5), "2026年1月5日"), (date(2026, 12, 30), "2026年12月30日")])
def test_a_day_is_written_without_zeros_in_front(day, words):
    assert official_day(day) == words


def test_word_finds_everything_in_the_order_of_the_schema(files):
    check_order(files)


def check_order(files):
    for name, content in files.items():
        if not name.endswith(".xml") or not name.startswith("word/"):
            continue
        for node in ElementTree.fromstring(content).iter():
            order = ORDERS.get(node.tag.removeprefix(W))
            if order:
                known = [order.index(one.tag.removeprefix(W)) for one in node if one.tag.removeprefix(W) in order]
                assert known == sorted(known), (name, ElementTree.tostring(node))


def test_what_a_document_cannot_hold_is_left_out_and_it_opens_again():
    page = Official()
    page.text("甲\x00乙\ufffe")
    assert [one.text for one in Document(io.BytesIO(page.content())).paragraphs] == ["甲乙"]
