"""Official documents on paper: what GB/T 9704-2012 promises is counted on the page, where LibreOffice exists."""
from datetime import date

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
