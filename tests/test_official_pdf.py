"""Official documents as PDF: read back and measured, in points from the lower left corner of the page."""
import ctypes
import io
import struct
from datetime import date
from itertools import pairwise
from pathlib import Path

import pypdfium2
import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.table import Table
from mingfa.official import Official, OfficialPdf
from mingfa.official.pdf import STYLES

from tests.printing import lines_of, words_of

MM = 72 / 25.4
LEFT, RIGHT, FOOT, HEAD = 28 * MM, (210 - 26) * MM, 35 * MM, (297 - 37) * MM
NEAR, RULES = 0.6, 2  # what encloses a rule is told with room for its corners
HOSTILE = '#panic("甲") $x^2$ *粗* _斜_ \\ <b>乙</b> `码` @引 [框] // 注 #include "a" = 题 - 项'


def opened(paper: OfficialPdf) -> list[pypdfium2.PdfPage]:
    document = pypdfium2.PdfDocument(paper.content())
    return [document[number] for number in range(len(document))]


def squeezed(words: str) -> str:
    return "".join(words.split())


def box(page, words: str, *, loose: bool = True) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of these words, which stand in one line of the page."""
    text = page.get_textpage()
    found = text.search(words).get_next()
    assert found is not None, words
    boxes = [text.get_charbox(place, loose=loose) for place in range(found[0], found[0] + found[1])]
    return boxes[0][0], min(one[1] for one in boxes), boxes[-1][2], max(one[3] for one in boxes)


def lines_drawn(page) -> tuple[float, float, float, float]:
    """What encloses the rules on the page."""
    bounds = [one.get_bounds() for one in page.get_objects(filter=[pypdfium2.raw.FPDF_PAGEOBJ_PATH])]
    left, bottom, right, top = zip(*bounds, strict=True)
    return min(left), min(bottom), max(right), max(top)


def whole(paper):
    """One document with everything in it, written onto either paper."""
    paper.number("嘉信访发〔2026〕5号")
    paper.title("嘉禾区信访局", "关于2026年法治建设情况的报告")
    paper.addressee("嘉禾区人民政府")
    paper.heading("一、工作开展情况")
    paper.heading("（一）学法用法。正文在后面，按期办结率99.3%（149/150）。", level=2)
    paper.heading("（二）单独一行", level=2)
    paper.heading("1.三级标题", level=3)
    paper.heading("（1）四级标题", level=4)
    paper.text(f"{HOSTILE}\n第二段\x0b，“引号”——破折号……")
    paper.attachments("数据来源", "签到表")
    paper.signature("嘉禾区信访局", date(2026, 9, 17))
    paper.annex(1, "数据来源")
    paper.table(("序号", "姓名"), [(1, HOSTILE), (2, "乙")], (1, 4))
    paper.note("说明")
    paper.landscape()
    paper.note("横页")
    paper.imprint(copies="嘉禾区司法局", office="嘉禾区信访局", day=date(2026, 1, 5))
    return paper


def told(content: bytes) -> str:
    """The words of a Word file, the foot of its last page at the end."""
    document = Document(io.BytesIO(content))
    foot = document.sections[-1].even_page_footer
    words = []
    for block in [*document.iter_inner_content(), *foot.tables]:
        cells = [cell.text for row in block.rows for cell in row.cells] if isinstance(block, Table) else [block.text]
        words += cells
    return squeezed("".join(words))


def test_a_full_page_holds_22_lines_of_28_characters_between_its_margins():
    paper = OfficialPdf()
    paper.text("甲" * (28 * 30))
    first, second = opened(paper)
    assert lines_of(first, "甲") == [26, *[28] * 21]  # the first line is indented by two
    text = first.get_textpage()
    boxes = [text.get_charbox(place, loose=True) for place in range(text.count_chars()) if text.get_text_range(place, 1) == "甲"]
    heights = sorted({round(one[1], 2) for one in boxes}, reverse=True)
    assert [upper - lower for upper, lower in pairwise(heights)] == pytest.approx([28.95] * 21, abs=0.02)
    assert min(one[0] for one in boxes) == pytest.approx(LEFT, abs=NEAR)
    assert max(one[2] for one in boxes) == pytest.approx(RIGHT, abs=NEAR)
    assert boxes[0][0] == pytest.approx(LEFT + 32, abs=NEAR)
    drawn = [text.get_charbox(place) for place in range(text.count_chars()) if text.get_text_range(place, 1) == "甲"]
    assert HEAD - 8 < max(one[3] for one in drawn) < HEAD
    assert FOOT < min(one[1] for one in drawn) < FOOT + 9
    assert first.get_size() == pytest.approx((210 * MM, 297 * MM), abs=0.1)
    assert lines_of(second, "甲")[0] == 28


def test_both_papers_say_the_same_words_in_the_same_order():
    pages = [words_of(page) for page in opened(whole(OfficialPdf()))]
    numbered = [words.removesuffix(f"—{number}—") for number, words in enumerate(pages, start=1)]
    assert "".join(numbered) == told(whole(Official()).content())
    assert [number for number, words in enumerate(pages, start=1) if not words.endswith(f"—{number}—")] == [4]


def test_what_looks_like_markup_is_printed_as_it_stands():
    pages = opened(whole(OfficialPdf()))
    assert squeezed(HOSTILE) in words_of(pages[0])
    assert squeezed(HOSTILE) in words_of(pages[1])


def test_the_same_document_is_the_same_file_and_tells_no_time():
    first = whole(OfficialPdf()).content()
    assert first == whole(OfficialPdf()).content()
    assert b"CreationDate" not in first
    assert pypdfium2.PdfDocument(first).get_metadata_value("Title") == "嘉禾区信访局关于2026年法治建设情况的报告"


def test_each_kind_of_line_is_set_as_in_the_word_file():
    sides = {"center": "center", "right": "right", "left": "left", None: "both"}
    styles = {one.name: one.element for one in Official().document.styles if one.name.startswith("公文")}
    words = {}
    for name, element in styles.items():
        form = element.get_or_add_pPr()
        indent, align, spacing = (form.find(qn(f"w:{kind}")) for kind in ("ind", "jc", "spacing"))
        words[name] = (
            element.rPr.rFonts.get(qn("w:eastAsia")), int(element.rPr.find(qn("w:sz")).get(qn("w:val"))) / 2,
            sides[None if align is None else align.get(qn("w:val"))],
            0 if indent is None else int(indent.get(qn("w:firstLineChars"), "0")) / 100,
            form.find(qn("w:pageBreakBefore")) is not None,
            spacing is not None and spacing.get(qn("w:lineRule")) == "auto",
        )  # fmt: skip
    set_by_typst = {name: (one["fonts"][0], *list(one.values())[1:]) for name, one in STYLES.items() if name != "公文页码"}
    assert set_by_typst == words
    assert STYLES["公文页码"]["fonts"][0] == "宋体"
    assert {one["fonts"][-1] for one in STYLES.values()} == {"Noto Serif SC", "Noto Sans SC"}  # come with the product


def test_the_title_stands_in_the_middle_two_lines_below_the_number_in_22_points():
    page, *_ = opened(whole(OfficialPdf()))
    for words in ("嘉信访发〔2026〕5号", "嘉禾区信访局", "关于2026年法治建设情况的报告"):
        left, _, right, _ = box(page, words)
        assert (left + right) / 2 == pytest.approx((LEFT + RIGHT) / 2, abs=NEAR)
    left, _, right, _ = box(page, "关于")
    assert right - left == pytest.approx(2 * 21.75, abs=NEAR)


def test_page_numbers_stand_outside_one_character_in_and_seven_millimetres_below_the_text():
    pages = opened(whole(OfficialPdf()))
    for page, number in zip(pages[:3], (1, 2, 3), strict=True):
        left, _, right, _ = box(page, f"— {number} —")
        edge = page.get_size()[0] - 26 * MM
        assert (right if number % 2 else left) == pytest.approx(edge - 14 if number % 2 else LEFT + 14, abs=NEAR)
        text = page.get_textpage()
        dash = max(place for place in range(text.count_chars()) if text.get_text_range(place, 1) == "—")
        _, bottom, _, top = text.get_charbox(dash)
        assert (bottom + top) / 2 == pytest.approx(28 * MM, abs=0.5)


def test_a_long_table_is_as_wide_as_the_text_and_has_its_head_on_every_page():
    paper = OfficialPdf()
    paper.table(("序号", "数据"), [(f"第{number}行", "丙" * 40) for number in range(1, 60)], (1, 4))
    pages = opened(paper)
    assert len(pages) > 2
    words = [words_of(page) for page in pages]
    assert all(one.startswith("序号数据第") for one in words)
    rows = "".join(one.removeprefix("序号数据").partition("—")[0] for one in words)
    assert rows == "".join(f"第{number}行{'丙' * 40}" for number in range(1, 60))
    for page in pages:
        left, bottom, right, _ = lines_drawn(page)
        assert (left, right) == pytest.approx((LEFT, RIGHT), abs=RULES)
        assert bottom > FOOT - RULES


def test_a_row_longer_than_a_page_loses_nothing_and_a_long_word_stays_in_its_cell():
    paper = OfficialPdf()
    paper.table(("甲", "乙"), [("丙" * 500, "a" * 300)], (1, 12))
    pages = opened(paper)
    assert "".join(words_of(page) for page in pages).count("丙") == 500
    assert sum(words_of(page).count("a") for page in pages) == 300
    for page in pages:
        text = page.get_textpage()
        letters = [place for place in range(text.count_chars()) if text.get_text_range(place, 1) in "丙a"]
        assert max(text.get_charbox(place)[2] for place in letters) < RIGHT
        assert min(text.get_charbox(place)[1] for place in letters) > FOOT


def test_an_annex_and_landscape_pages_begin_a_page_and_the_imprint_is_upright_again():
    pages = opened(whole(OfficialPdf()))
    assert words_of(pages[1]).startswith("附件1数据来源序号姓名")
    sizes = [page.get_size()[0] > page.get_size()[1] for page in pages]
    assert sizes == [False, False, True, False]


def test_an_empty_document_becomes_landscape_as_a_whole():
    paper = OfficialPdf()
    paper.landscape()
    paper.note("横页")
    [page] = opened(paper)
    assert page.get_size() == pytest.approx((297 * MM, 210 * MM), abs=0.1)


@pytest.mark.parametrize(("lines", "count"), [(5, 2), (30, 4)], ids=["text ends on an odd page", "text ends on an even page"])
def test_the_imprint_is_at_the_foot_of_the_last_page_which_is_even_and_has_no_number(lines, count):
    paper = OfficialPdf()
    paper.text("\n".join(["甲"] * lines))
    paper.imprint(copies="嘉禾区司法局", office="嘉禾区信访局", day=date(2026, 1, 5))
    pages = opened(paper)
    assert len(pages) == count
    assert [words_of(page) for page in pages[2:-1]] == [""] * (count // 2 - 1)  # the empty page has none either
    assert words_of(pages[-1]) == "抄送：嘉禾区司法局。嘉禾区信访局2026年1月5日印发"
    left, bottom, right, _ = lines_drawn(pages[-1])
    assert (left, right, bottom) == pytest.approx((LEFT, RIGHT, FOOT), abs=RULES)
    assert box(pages[-1], "抄送")[0] == box(pages[-1], "嘉禾区信访局")[0] == pytest.approx(LEFT + 14, abs=NEAR)
    assert box(pages[-1], "印发")[2] == pytest.approx(RIGHT - 14, abs=NEAR)


def test_further_copies_begin_below_the_first_and_what_is_left_empty_is_left_out():
    paper = OfficialPdf()
    paper.text("甲")
    paper.imprint(copies="、".join(f"第{number}局" for number in range(30)))
    _, page = opened(paper)
    text = page.get_textpage()
    lefts = {}
    for place in range(text.count_chars()):
        if not text.get_text_range(place, 1).strip():
            continue
        left, bottom, *_ = text.get_charbox(place, loose=True)
        lefts[round(bottom)] = min(lefts.get(round(bottom), 999), left)
    first, *others = [lefts[height] for height in sorted(lefts, reverse=True)]
    assert first == pytest.approx(LEFT + 14, abs=NEAR)
    assert others == pytest.approx([LEFT + 4 * 14] * len(others), abs=NEAR)
    assert len(others) > 1
    assert words_of(page).endswith("、第29局。")


def test_without_anything_in_it_there_is_no_imprint_and_no_page_for_it():
    paper = OfficialPdf()
    paper.text("甲")
    paper.imprint()
    assert len(opened(paper)) == 1


WHO = pytest.mark.parametrize(
    ("who", "day", "words"),
    [
        ("嘉禾区依法治区工作办公室", date(2026, 1, 5), "2026年1月5日"),
        ("信访局", date(2026, 12, 30), "2026年12月30日"),
        ("嘉禾区信访局", date(2026, 9, 17), "2026年9月17日"),
    ],
)


def signed(who, day, **more):
    paper = OfficialPdf()
    paper.text("正文")
    paper.signature(who, day, **more)
    [page] = opened(paper)
    return page


@WHO
def test_the_date_begins_two_characters_right_of_the_name(who, day, words):
    page = signed(who, day)
    name, told = box(page, who), box(page, words)
    assert told[0] - name[0] == pytest.approx(32, abs=NEAR)
    # The longer of the two stands two characters from the edge.
    assert (name if who.endswith("办公室") else told)[2] == pytest.approx(RIGHT - 32, abs=NEAR)
    assert box(page, "正文")[1] - name[1] == pytest.approx(2 * 28.95, abs=0.1)


@WHO
def test_where_a_seal_is_put_the_name_stands_in_the_middle_above_the_date(who, day, words):
    page = signed(who, day, seal=True)
    name, told = box(page, who), box(page, words)
    assert told[2] == pytest.approx(RIGHT - 64, abs=NEAR)
    assert (name[0] + name[2]) / 2 == pytest.approx((told[0] + told[2]) / 2, abs=NEAR)
    assert name[1] - told[1] == pytest.approx(28.95, abs=NEAR)
    assert box(page, "正文")[1] - name[1] == pytest.approx(3 * 28.95, abs=0.1)


@pytest.mark.parametrize("length", [20, 40])
def test_a_long_name_stays_within_the_text_and_the_date_in_the_middle_below(length):
    page = signed("嘉" * length, date(2026, 1, 5), seal=True)
    text = page.get_textpage()
    names = [text.get_charbox(one, loose=True) for one in range(text.count_chars()) if text.get_text_range(one, 1) == "嘉"]
    assert len(names) == length
    left, right = min(one[0] for one in names), max(one[2] for one in names)
    assert left > LEFT - NEAR
    assert right == pytest.approx(RIGHT, abs=NEAR)
    told = box(page, "2026年1月5日")
    assert (told[0] + told[2]) / 2 == pytest.approx((left + right) / 2, abs=1)  # a full line is a point short


def test_name_and_date_are_not_parted_by_the_end_of_a_page():
    paper = OfficialPdf()
    paper.text("\n".join(["甲"] * 20))
    paper.signature("嘉禾区信访局", date(2026, 1, 5))
    first, second = opened(paper)
    assert words_of(second) == "嘉禾区信访局2026年1月5日—2—"


def test_headings_on_a_line_of_their_own_are_the_bookmarks_of_the_file():
    document = pypdfium2.PdfDocument(whole(OfficialPdf()).content())
    marked = [one.get_title() for one in document.get_toc()]
    assert marked == ["一、工作开展情况", "（二）单独一行", "1.三级标题", "（1）四级标题"]


def test_a_heading_stays_with_what_follows_it():
    paper = OfficialPdf()
    paper.text("\n".join(["甲"] * 21))
    paper.heading("一、标题")
    paper.text("乙")
    _, second = opened(paper)
    assert words_of(second).startswith("一、标题乙")


def test_one_line_of_a_paragraph_may_stand_alone_on_the_next_page():
    paper = OfficialPdf()
    paper.text("甲" * (26 + 28 * 21 + 5))
    assert [lines_of(page, "甲") for page in opened(paper)] == [[26, *[28] * 21], [5]]


def test_nothing_is_put_in_between_chinese_and_digits():
    paper = OfficialPdf()
    paper.text("在2026年")
    [page] = opened(paper)
    assert box(page, "2026")[0] - box(page, "在")[2] == pytest.approx(-0.25, abs=0.05)
    assert box(page, "年")[0] - box(page, "2026")[2] == pytest.approx(-0.25, abs=0.05)


def test_a_font_of_the_standard_is_taken_where_the_office_has_it(tmp_path, settings):
    shipped = Path(settings.FONT_FOLDERS[0])
    (tmp_path / "fangsong.otf").write_bytes(renamed((shipped / "NotoSansSC-Regular.otf").read_bytes(), "FangSong_GB2312"))
    paper = OfficialPdf()
    paper.text("仿宋")
    assert font_of(opened(paper)[0]) == "NotoSerifSC-Regular"
    settings.FONT_FOLDERS = [str(shipped), str(tmp_path)]
    assert font_of(opened(paper)[0]) == "NotoSansSC-Regular"  # its name for printers stayed


def renamed(font: bytes, family: str) -> bytes:
    """The font under another family name (OpenType: names 1 and 16 of the table “name”), written behind its end."""
    out, words = bytearray(font), family.encode("utf-16-be")
    for entry in range(12, 12 + 16 * struct.unpack_from(">H", font, 4)[0], 16):
        if font[entry : entry + 4] != b"name":
            continue
        table, length = struct.unpack_from(">LL", font, entry + 8)
        names = bytearray(font[table : table + length])
        _, count, _ = struct.unpack_from(">HHH", names)
        storage = struct.unpack_from(">H", names, 4)[0]
        for record in range(6, 6 + 12 * count, 12):
            platform, *_, name, _, _ = struct.unpack_from(">6H", names, record)
            if platform == 3 and name in (1, 16):
                struct.pack_into(">HH", names, record + 8, len(words), length - storage)
        struct.pack_into(">LL", out, entry + 8, len(font), length + len(words))
        return bytes(out) + bytes(names) + words
    raise AssertionError("no names")


def font_of(page) -> str:
    """The name of the font of the first character, without what marks a part of it."""
    name = ctypes.create_string_buffer(100)
    pypdfium2.raw.FPDFText_GetFontInfo(page.get_textpage(), 0, name, 100, ctypes.c_int())
    return name.value.decode().partition("+")[2] or name.value.decode()
