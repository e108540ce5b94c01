"""The files of a report: Word and PDF (tests/test_official*.py have their layout), the evidence and its manifest."""
import hashlib
import io
import zipfile
from datetime import date, timedelta

import pypdfium2
import pytest
from django.core.management import CommandError, call_command
from docx import Document
from docx.oxml.ns import qn
from mingfa.reports import actions, documents
from mingfa.reports.models import Report
from mingfa.reports.queries import Compiled, last_text
from mingfa.spreadsheets import read_rows
from mingfa.wording import moment

from tests.printing import printed, words_of

from .papers import told
from .scene import BODY, NOW


def filled(scene):
    scene.enter()
    scene.enter("entered_on_time", 149, 150, source="办理台账")


def test_the_report_is_printed_with_its_annex_of_sources(scene):
    filled(scene)
    content = documents.report_docx(Compiled(scene.frozen()))
    paper = Document(io.BytesIO(content))
    words = [one.text for one in paper.paragraphs]
    assert words[:2] == ["嘉禾区信访局", "关于2026年法治建设情况的报告"]
    assert "（一）学法用法。党组中心组专题学法12次，按期办结率99.3%（149/150）。" in words
    assert "附件：1.数据来源" in words
    rows = [[cell.text for cell in row.cells] for row in paper.tables[0].rows]
    assert rows[0] == list(documents.SOURCES)
    assert [row[1:4] + row[5:] for row in rows[1:]] == [
        ["中心组学法次数", "12", "", "填报"],
        ["按期办结率", "99.3%", "149 / 150", "填报"],
        ["正文中填写的数字", "6次", "", "手工填写：会议记录"],
    ]
    assert "征求意见稿" not in "".join(words)


def test_every_line_of_the_report_has_its_place_in_the_layout(scene):
    filled(scene)
    styles = [line.partition("\t")[0] for line in told(documents.report_docx(Compiled(scene.frozen()))).splitlines()]
    assert styles == [
        *["公文标题"] * 2, "公文顶格", "公文一级标题", "公文二级标题", "公文正文", "公文顶格", "公文正文", "公文顶格",
        *["公文署名"] * 2, "公文附件", "公文顶格", "公文标题", "公文顶格", "公文表头", *["公文表格"] * 3, "公文说明",
    ]  # fmt: skip


def test_the_report_opens_on_paper_with_its_annex_on_a_page_of_its_own(scene, tmp_path):
    filled(scene)
    pages = [words_of(page) for page in printed(documents.report_docx(Compiled(scene.frozen())), tmp_path)]
    assert pages[0].startswith("嘉禾区信访局关于2026年法治建设情况的报告一、工作开展情况")
    assert pages[1].startswith("附件1数据来源")


def pages_of(content: bytes) -> list[str]:
    document = pypdfium2.PdfDocument(content)
    return [words_of(document[number]) for number in range(len(document))]


@pytest.mark.parametrize("frozen", [True, False], ids=["frozen", "a draft"])
def test_the_pdf_says_word_for_word_what_the_word_file_says(scene, frozen):
    filled(scene)
    hostile = f"{BODY}\n#panic(甲) $x$ *粗* \\ <b>乙</b> _斜_"
    report = scene.frozen(hostile) if frozen else scene.report(hostile)
    Report.objects.update(addressee="嘉禾区人民政府", **WHOLE)
    compiled = Compiled(Report.objects.get(pk=report.pk))
    written = [line.partition("\t")[2].replace(" | ", "") for line in told(documents.report_docx(compiled)).splitlines()]
    foot = ["抄送：嘉禾区司法局。", "嘉禾区信访局2026年12月31日印发"]
    pages = pages_of(documents.report_pdf(compiled))
    assert "".join(words.removesuffix(f"—{number}—") for number, words in enumerate(pages, start=1)) == "".join(
        "".join([*written, *foot]).split()
    )
    assert ("征求意见稿" in pages[0]) is not frozen
    assert pages[1].startswith("附件1数据来源")
    assert pages[-1] == "".join(foot)


def test_the_frozen_report_is_the_same_pdf_whenever_it_is_printed(scene):
    filled(scene)
    report = scene.frozen()
    assert documents.report_pdf(Compiled(report)) == documents.report_pdf(Compiled(report))


def test_a_report_that_a_seal_is_put_on_leaves_room_for_it(scene):
    filled(scene)
    report = scene.report()
    plain = told(documents.report_docx(Compiled(report))).splitlines()
    nothing = {"number": "", "copies_to": "", "printed_by": "", "printed_on": None}
    report = actions.set_imprint(report.pk, **nothing, stamped=True, by=scene.writer, now=NOW)
    stamped = documents.report_docx(Compiled(report))
    place = plain.index("公文署名\t嘉禾区信访局")
    assert told(stamped).splitlines() == [*plain[:place], "公文顶格\t", *plain[place:]]
    signer, day = [one for one in Document(io.BytesIO(stamped)).paragraphs if one.style.name == "公文署名"]
    assert day._element.pPr.ind.get(qn("w:rightChars")) == "400"
    assert documents.report_pdf(Compiled(report)) != documents.report_pdf(Compiled(Report(**unstamped(report))))


def unstamped(report: Report) -> dict:
    return {field.attname: getattr(report, field.attname) for field in Report._meta.concrete_fields} | {"stamped": False}


def test_who_it_is_sent_to_stands_below_the_title_and_is_signed_for(scene):
    filled(scene)
    report = scene.report()
    plain = last_text(report).text_hash
    scene.write(report, BODY, addressee="嘉禾区人民政府")
    report.refresh_from_db()
    assert last_text(report).text_hash != plain
    words = [line.partition("\t")[2] for line in told(documents.report_docx(Compiled(report))).splitlines()]
    assert words[2:6] == ["（征求意见稿）", "", "嘉禾区人民政府：", "一、工作开展情况"]
    assert "<p>嘉禾区人民政府：</p>" in documents.report_html(Compiled(report))


WHOLE = {
    "number": "嘉信访发〔2026〕5号", "copies_to": "嘉禾区司法局", "printed_by": "嘉禾区信访局", "printed_on": date(2026, 12, 31),
    "stamped": False,
}  # fmt: skip


def test_the_number_and_the_imprint_are_printed_where_the_office_has_filled_them_in(scene):
    filled(scene)
    report = scene.report()
    before = told(documents.report_docx(Compiled(report))).splitlines()
    report = actions.set_imprint(report.pk, **WHOLE, by=scene.writer, now=NOW)
    after = told(documents.report_docx(Compiled(report))).splitlines()
    assert after[:3] == ["公文字号\t嘉信访发〔2026〕5号", "公文顶格\t", "公文顶格\t"]
    assert after[3 : 3 + len(before)] == before
    foot = Document(io.BytesIO(documents.report_docx(Compiled(report)))).sections[-1].even_page_footer
    assert [row.cells[0].text for row in foot.tables[0].rows] == ["抄送：嘉禾区司法局。", "嘉禾区信访局\t2026年12月31日印发"]
    assert "<p>嘉信访发〔2026〕5号</p>\n<h1>" in documents.report_html(Compiled(report))


def test_a_draft_says_that_it_is_one_and_an_unfinished_one_is_not_printed(scene):
    report = scene.report()
    for written in (documents.report_docx, documents.report_pdf):
        with pytest.raises(documents.Unfinished):
            written(Compiled(report))
    filled(scene)
    words = [one.text for one in Document(io.BytesIO(documents.report_docx(Compiled(report)))).paragraphs]
    assert "（征求意见稿）" in words


def test_the_evidence_names_every_part_with_its_digest(scene):
    filled(scene)
    report = scene.frozen()
    with zipfile.ZipFile(io.BytesIO(documents.evidence_zip(Compiled(report)))) as archive:
        lines = [line.split("\t") for line in archive.read("清单.tsv").decode().splitlines()]
        parts = {name: archive.read(name) for name in archive.namelist() if name != "清单.tsv"}
    assert {row[0]: row[2] for row in lines[1:-1]} == {
        name: hashlib.sha256(content).hexdigest() for name, content in parts.items()
    }
    assert lines[-1] == ["冻结摘要", "", report.digest]
    assert {"报告.docx", "报告.pdf", "报告.html", "数据.xlsx"} <= parts.keys()
    assert parts["报告.pdf"] == documents.report_pdf(Compiled(report))


def test_the_tables_of_the_evidence_say_where_they_come_from_as_of_the_freezing(scene, time_machine):
    filled(scene)
    report = scene.frozen()
    time_machine.move_to(report.frozen_at + timedelta(days=90))
    with zipfile.ZipFile(io.BytesIO(documents.evidence_zip(Compiled(report)))) as archive:
        tables = [archive.read(name) for name in archive.namelist() if name.endswith(".xlsx")]
    assert tables
    for content in tables:
        words = read_rows(content, "a.xlsx")[0].rows[-1].cells[0]
        assert words.startswith(f"来源：明法 年度报告，截至 {moment(report.frozen_at)}，共 ")


def test_what_people_typed_is_text_in_the_portals_page(scene):
    filled(scene)
    report = scene.report("甲<script>alert(1)</script>{entered_group_study}")
    page = documents.report_html(Compiled(report))
    assert "<script" not in page
    assert "甲&lt;script&gt;" in page


def test_the_command_writes_the_latest_report_of_the_year(scene, tmp_path, capsys):
    with pytest.raises(CommandError, match="还没有 2026 年的报告"):
        call_command("report", "2026", out=tmp_path)
    report = scene.report()
    with pytest.raises(CommandError, match="还没有数据"):
        call_command("report", "2026", out=tmp_path, docx=True)
    filled(scene)
    call_command("report", "2026", out=tmp_path, docx=True, html=True, pdf=True)
    assert sorted(one.suffix for one in tmp_path.iterdir()) == [".docx", ".html", ".pdf"]
    assert next(tmp_path.glob("*.pdf")).read_bytes() == documents.report_pdf(Compiled(report))
    with pytest.raises(CommandError, match="没有叫“某某局”的单位"):
        call_command("report", "2026", unit="某某局", out=tmp_path)
    assert report.year == 2026
