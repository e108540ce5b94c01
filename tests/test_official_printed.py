"""Official documents on paper: what GB/T 9704-2012 promises is counted on the page, where LibreOffice exists."""
from datetime import date

import pytest
from mingfa.official import Official

from tests.printing import lines_of, printed, words_of


def test_a_full_page_holds_22_lines_of_28_characters(tmp_path):
    paper = Official()
    paper.text("甲" * (28 * 30))
    pages = printed(paper.content(), tmp_path)
    assert lines_of(pages[0], "甲") == [26, *[28] * 21]  # the first line is indented by two
    assert len(pages) == 2


def test_a_document_opens_as_it_was_written(tmp_path):
    paper = Official()
    paper.title("嘉禾区信访局", "关于2026年法治建设情况的报告")
    paper.heading("一、工作开展情况")
    paper.heading("（一）学法用法。正文在后面。", level=2)
    paper.text("乙" * 20)
    paper.attachments("数据来源")
    paper.signature("嘉禾区信访局", date(2026, 1, 5))
    paper.annex(1, "数据来源")
    paper.table(("序号", "数据"), [(str(number), "丙") for number in range(1, 60)], (1, 4))
    paper.landscape()
    paper.note("横页")
    pages = [words_of(page) for page in printed(paper.content(), tmp_path)]
    assert pages[0].startswith("嘉禾区信访局关于2026年法治建设情况的报告一、工作开展情况（一）学法用法。正文在后面。乙")
    assert "附件：1.数据来源嘉禾区信访局2026年1月5日" in pages[0]
    assert "—1—" in pages[0]
    assert pages[1].startswith("附件1数据来源")
    assert all("序号数据" in page for page in pages[1:-1])  # the head is repeated
    assert len(pages[1:-1]) > 1
    assert "横页" in pages[-1]


# On page 2; on page 4 behind an empty third one, which LibreOffice leaves out of the PDF.
@pytest.mark.parametrize(("lines", "count"), [(5, 2), (30, 3)], ids=["text ends on an odd page", "text ends on an even page"])
def test_the_imprint_is_at_the_foot_of_the_last_page_which_is_even_and_has_no_number(tmp_path, lines, count):
    paper = Official()
    paper.text("\n".join(["甲"] * lines))
    paper.imprint(copies="嘉禾区司法局", office="嘉禾区信访局", day=date(2026, 1, 5))
    pages = printed(paper.content(), tmp_path)
    assert len(pages) == count
    last = pages[count - 1]
    assert words_of(last) == "抄送：嘉禾区司法局。嘉禾区信访局2026年1月5日印发"
    text = last.get_textpage()
    bottom = text.get_charbox(text.count_chars() - 1, loose=True)[1]
    assert 99 < bottom < 99 + 29  # points: its last line stands on the edge of the text, 35 mm above that of the paper
