"""Word documents: automatic numbers, tables, red type, and hostile files."""

import io
import tracemalloc
import zipfile

import pytest
from mingfa.bank.importing import parse_file

from tests.bank.word_files import PACKAGE, RELS, Paragraph, W, document, table

MEGABYTE = 1024 * 1024
QUESTION = [Paragraph("判断题"), Paragraph("1.应当受理。"), Paragraph("答案：对")]


def read(paragraphs, **more):
    parsed = parse_file(document(paragraphs, **more), "题.docx")
    return [(one.draft.stem, one.draft.options, one.draft.answer) for one in parsed.questions], parsed


def codes(data, name="题.docx"):
    return [error.code for error in parse_file(data, name).errors]


def test_automatic_numbers_and_letters_are_resolved_and_letters_restart_under_each_question():
    lines = [Paragraph("单选题")]
    for stem, key in (("甲（ ）", "A"), ("乙（ ）", "B")):
        lines += [
            Paragraph(stem, label="1"),
            *(Paragraph(one, label="A") for one in ("一", "二")),
            Paragraph(f"答案：{key}"),
        ]
    found, parsed = read(lines)
    assert found == [("甲（ ）", ("一", "二"), "A"), ("乙（ ）", ("一", "二"), "B")]
    assert [(one.place.row, one.place.last, one.place.unit) for one in parsed.questions] == [(2, 5, "段"), (6, 9, "段")]


def test_a_number_that_was_typed_beside_the_automatic_one_counts_once():
    found, _ = read([Paragraph("判断题"), Paragraph("1.应当受理。", label="1"), Paragraph("答案：对")])
    assert found == [("应当受理。", (), "T")]


def test_an_answer_only_in_red_is_taken_and_marked_for_a_look():
    lines = [Paragraph("单选题"), Paragraph("1.甲（ ）"), Paragraph("A.一"), Paragraph("B.二", strong=True)]
    found, parsed = read(lines)
    assert found == [("甲（ ）", ("一", "二"), "B")]
    assert parsed.questions[0].notes == ("答案只用红色标出，请核对",)


def test_a_table_without_header_is_read_by_its_columns_and_doubted():
    rows = [
        ["1", "单选题", "公务员职级在（ ）以下。", "省", "厅", "B"],
        ["2", "单选题", "诉讼时效期间为（ ）。", "一年", "三年", "B"],
    ]
    found, parsed = read([table(rows)])
    assert found == [("公务员职级在（ ）以下。", ("省", "厅"), "B"), ("诉讼时效期间为（ ）。", ("一年", "三年"), "B")]
    assert "表格没有表头，按各列的样子认出，请核对" in parsed.questions[0].notes
    assert (parsed.questions[1].place.sheet, parsed.questions[1].place.row) == ("表格 1", 2)


def test_one_table_a_question_and_a_table_of_keys_at_the_end():
    lines = [
        Paragraph("单选题"),
        table([["1.甲（ ）"], ["A.一"], ["B.二"]]),
        table([["2.乙（ ）"], ["A.一"], ["B.二"]]),
    ]
    lines += [Paragraph("参考答案"), table([["题号", "1", "2"], ["答案", "B", "A"]])]
    found, _ = read(lines)
    assert found == [("甲（ ）", ("一", "二"), "B"), ("乙（ ）", ("一", "二"), "A")]


def test_options_in_the_cells_of_a_small_table():
    lines = [
        Paragraph("单选题"),
        Paragraph("1.甲（ ）"),
        table([["A.一", "B.二"], ["C.三", "D.四"]]),
        Paragraph("答案：C"),
    ]
    assert read(lines)[0] == [("甲（ ）", ("一", "二", "三", "四"), "C")]


def test_a_text_box_is_left_out_and_said_so():
    box = "<w:p><w:r><w:pict><w:txbxContent><w:p><w:r><w:t>2.框里。</w:t></w:r></w:p></w:txbxContent></w:pict></w:r></w:p>"
    found, parsed = read([*QUESTION, Paragraph("", xml=box)])
    assert found == [("应当受理。", (), "T")]
    assert parsed.notes == ("文本框里的文字没有读入。请核对文本框里有没有试题，有就移到正文里再导入。",)


def test_IF1_a_small_document_that_unpacks_to_700_megabytes_is_refused_without_memory():
    out = io.BytesIO()
    packed = zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED)
    with packed as archive, archive.open("word/document.xml", "w", force_zip64=True) as part:
        for _ in range(700):
            part.write(b" " * MEGABYTE)
    assert len(out.getvalue()) < MEGABYTE
    tracemalloc.start()
    found = codes(out.getvalue())
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert found == ["unpacks_too_large"]
    assert peak < 20 * MEGABYTE


def test_IF1_a_document_of_20000_parts_and_an_archive_in_an_archive_are_refused():
    assert codes(document(QUESTION, parts={f"word/{number}.xml": b"" for number in range(20_000)})) == [
        "too_many_parts"
    ]
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("inner.docx", document(QUESTION))
    assert codes(out.getvalue()) == ["not_a_document"]


@pytest.mark.parametrize(
    "declaration",
    [
        '<!DOCTYPE a SYSTEM "http://127.0.0.1:9/x.dtd">',
        '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;">]>',
    ],
    ids=["IF2 remote", "IF2 local file", "IF3 nested"],
)
@pytest.mark.parametrize("part", ["word/document.xml", "word/settings.xml", "word/numbering.xml"])
def test_IF2_IF3_declared_entities_are_refused_in_any_part_of_a_document(declaration, part):
    content = f'<?xml version="1.0"?>{declaration}<w:document {W}><w:body/></w:document>'
    assert codes(document(QUESTION, parts={part: content.encode()})) == ["declares_entities"]


def test_IF2_a_template_linked_from_elsewhere_is_refused():
    link = f'<Relationships xmlns="{PACKAGE}"><Relationship Id="r" Type="{RELS}/attachedTemplate" TargetMode="External" Target="http://127.0.0.1:9/x.dotm"/></Relationships>'
    assert codes(document(QUESTION, parts={"word/_rels/settings.xml.rels": link.encode()})) == ["linked_template"]


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty_file"),
        (b"hello", "unknown_format"),
        (b"\xd0\xcf\x11\xe0", "old_format"),
        (b"PK\x03\x04x", "broken_file"),
    ],
)
def test_what_is_no_document_is_refused_with_one_reason(data, code):
    assert codes(data) == [code]


@pytest.mark.parametrize(
    "name", ["../../题.docx", "题\r\n.docx", "\u202excod.题.docx", "题" * 300 + ".docx", "\"'题.docx"]
)
def test_IF10_odd_names_of_documents_leave_only_their_last_part_in_the_source(name):
    (question,) = parse_file(document(QUESTION), name).questions
    assert len(question.draft.source) < 130
    assert ".." not in question.draft.source
