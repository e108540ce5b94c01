"""Files that are meant to harm: refused with a reason, or made harmless (fault catalogue IF1–IF3, IF8, IF10)."""

import io
import os
import resource
import stat
import zipfile
from time import process_time

import pytest
from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.exchange.exporting import export
from mingfa.bank.importing import parse_file
from mingfa.spreadsheets import Limits

ITEM = export([QuestionDraft("judge", "应当登记。", answer="T")], "qti21").data
QUIZ = (
    "<quiz><question type='truefalse'><questiontext format='html'><text>{0}</text></questiontext>"
    "<answer fraction='100'><text>true</text></answer></question></quiz>"
)


def packed(*parts, base=ITEM):
    """The package `base` with more parts: (name or ZipInfo, content)."""
    out = io.BytesIO(base)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts:
            package.writestr(name, content)
    return out.getvalue()


def refusal(data, name="包.zip"):
    parsed = parse_file(data, name)
    assert (parsed.questions, parsed.rejected) == ((), ())
    (error,) = parsed.errors
    assert any("一" <= sign <= "鿿" for sign in error.message)
    return error.code


def test_IF1_a_package_that_unpacks_to_700_MB_is_refused_in_time_and_memory():
    bomb = packed(("items/huge.xml", b" " * 700 * 2**20))
    assert len(bomb) < 2**20
    before, started = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, process_time()
    assert refusal(bomb) == "unpacks_too_large"
    assert process_time() - started < 10
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 200 * 1024


def test_IF1_a_part_that_lies_about_its_size_is_refused():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("items/huge.xml", b" " * 100 * 2**20)
        info = package.infolist()[0]
        info.file_size = 10
    assert refusal(out.getvalue()) in ("unpacks_too_large", "broken_file")


def test_IF1_a_package_of_20_000_parts_is_refused():
    assert refusal(packed(*((f"items/{number}.xml", "") for number in range(20_000)))) == "too_many_parts"


@pytest.mark.parametrize("name", ["more.zip", "a/b.RAR", "c.tar.gz", "d.docx"])
def test_IF1_an_archive_in_an_archive_is_refused(name):
    assert refusal(packed((name, b"PK"))) == "nested_archive"


@pytest.mark.parametrize(
    "name",
    ["../evil.xml", "items/../../evil.xml", "/etc/passwd.xml", "C:/evil.xml", "..\\evil.xml", "items\\..\\..\\x.xml", "a\nb.xml"],
)
def test_IF10_a_path_out_of_the_package_is_refused(name):
    assert refusal(packed((name, "<x/>"))) == "unsafe_path"


def test_IF10_a_link_in_a_package_is_refused():
    link = zipfile.ZipInfo("items/passwd.xml")
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    assert refusal(packed((link, "/etc/passwd"))) == "unsafe_path"


def test_IF10_the_same_name_twice_is_refused():
    assert refusal(packed(("ITEMS/Q00001.xml", "<x/>"))) == "same_name_twice"


@pytest.mark.parametrize("name", ["../../etc/题.gift", "/root/题.gift", "C:\\temp\\题.gift"])
def test_IF10_only_the_last_part_of_an_uploads_name_is_used(name):
    (question,) = parse_file("应当登记。{T}".encode(), name).questions
    assert question.draft.source == "题.gift，第 1 行"


def test_IF10_a_manifest_that_points_out_of_the_package_reads_nothing_there():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as package:
        package.writestr(
            "imsmanifest.xml",
            "<manifest><resources><resource type='imsqti_item_xmlv2p1' href='../../../../etc/hosts.xml'/>"
            "<resource type='imsqti_item_xmlv2p1' href='file:///etc/hosts.xml'/></resources></manifest>",
        )
    parsed = parse_file(out.getvalue(), "包.zip")
    assert [error.code for error in parsed.errors] == ["broken_question", "broken_question"]


XXE = "<!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]>"
REMOTE = "<!DOCTYPE quiz SYSTEM 'http://192.0.2.1/x.dtd'>"
DOUBLED = "".join(f"<!ENTITY {new} '&{old};&{old};'>" for old, new in zip("abcdefgh", "bcdefghi", strict=True))
LAUGHS = f"<!DOCTYPE x [<!ENTITY a 'ha'>{DOUBLED}]>"
PARAMETER = "<!DOCTYPE x [<!ENTITY % p SYSTEM 'http://192.0.2.1/p'> %p;]>"


@pytest.mark.parametrize("declaration", [XXE, REMOTE, LAUGHS, PARAMETER, "<!DOCTYPE quiz>"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-8-sig"])
def test_IF2_IF3_no_document_type_is_read_whatever_the_encoding(declaration, encoding):
    document = (declaration + QUIZ.format("题&e;")).encode(encoding)
    started = process_time()
    assert refusal(document, "题.xml") == "declares_entities"
    assert process_time() - started < 10


@pytest.mark.parametrize("part", ["imsmanifest.xml", "items/q00001.xml"])
def test_IF2_IF3_a_document_type_inside_a_package_refuses_all_of_it(part):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(ITEM)) as old, zipfile.ZipFile(out, "w") as package:
        for name in old.namelist():
            content = old.read(name).decode()
            if name == part:
                head, rest = content.split("?>", 1)
                content = head + "?>" + XXE + rest
            package.writestr(name, content)
    assert refusal(out.getvalue()) == "declares_entities"


def test_IF2_an_undeclared_encoding_cannot_hide_a_document_type():
    document = b"<?xml version='1.0' encoding='utf-7'?>" + REMOTE.encode("utf-7") + QUIZ.format("x").encode()
    assert refusal(document, "题.xml") == "unknown_encoding"


def test_IF2_inclusions_and_stylesheets_fetch_nothing():
    document = (
        "<?xml-stylesheet href='http://192.0.2.1/x.xsl'?><quiz xmlns:xi='http://www.w3.org/2001/XInclude'>"
        "<xi:include href='file:///etc/passwd' parse='text'/>" + QUIZ.format("应当登记。")[6:]
    )
    (question,) = parse_file(document.encode(), "题.xml").questions
    assert question.draft.stem == "应当登记。"


def test_IF3_marks_nested_a_million_deep_are_refused():
    assert refusal(b"<quiz>" + b"<p>" * 1_000_000, "题.xml") == "too_deep"


@pytest.mark.parametrize(
    "stem",
    [
        "应当<script>alert(1)</script>登记。", "应当<img src=x onerror=alert(1)>登记。", "<p onclick='x()'>应当登记。</p>",
        "应当<a href='javascript:alert(1)'></a>登记。", "<svg onload=alert(1)></svg>应当登记。", "应当<style>*{}</style>登记。",
        "应当<iframe src='//192.0.2.1'></iframe>登记。",
    ],
)  # fmt: skip
def test_IF8_scripts_and_media_in_a_stem_leave_only_its_words_and_are_named(stem):
    escaped = stem.replace("&", "&amp;").replace("<", "&lt;")
    (question,) = parse_file(QUIZ.format(escaped).encode(), "题.xml").questions
    assert question.draft.stem == "应当登记。"
    assert any("没有导入" in note for note in question.notes)
    assert question.draft.confidence < 1


def test_IF8_pictures_and_pages_in_a_package_stay_packed_and_are_named():
    parsed = parse_file(packed(("media/a.svg", "<svg onload='x()'/>"), ("media/b.png", b"<html>"), ("x.js", "x")), "包.zip")
    assert len(parsed.questions) == 1
    assert parsed.notes == ("2 个图片没有导入", "1 个其他文件没有导入")


def test_a_file_of_100_MB_is_refused_unread():
    assert refusal(b"<quiz>" + b" " * 100 * 2**20, "题.xml") == "file_too_large"
    assert refusal("题".encode() + os.urandom(Limits().file), "题.gift") == "file_too_large"


@pytest.mark.parametrize("name", ["题.xml", "题.gift", "题.zip"])
@pytest.mark.parametrize("data", [b"", b"  \n", b"\x00\x01\x02" * 50, b"PK\x03\x04broken", "题".encode("utf-16"), b"<a><b></a>"])
def test_rubbish_is_told_and_never_raises(name, data):
    parsed = parse_file(data, name)
    assert parsed.errors
    assert parsed.questions == ()
