"""The data package's database."""
from datetime import date

import pytest
from mingfa.library.importing.package import read_database
from mingfa.library.importing.parsed import LawFormatError
from mingfa.library.importing.repair import curl_quotes, mend
from mingfa.library.importing.sources import read_source

from tests.library.test_importing_markdown import outline
from tests.library.texts import database

LAW = ("a", "中华人民共和国石凳法", "法律", "2010-03-01", "2010-01-01", "现行有效")


@pytest.fixture
def read(tmp_path):
    """Function that reads one law from rows (chapter, section, label, text)."""

    def read_rows(*rows, law=LAW):
        path = database(tmp_path / "laws.db", [law], [("a", *row) for row in rows])
        (parsed,) = read_database(path, "测试包 1.0")
        return parsed

    return read_rows


def test_facts_of_a_law_are_read(read):
    parsed = read((None, None, "第一条", "甲"))
    assert (parsed.title, parsed.kind, parsed.topic, parsed.body) == (
        "中华人民共和国石凳法",
        "法律",
        "行政法",
        "禾县人大",
    )
    assert (parsed.version_on, parsed.effective_on, parsed.status) == (date(2010, 1, 1), date(2010, 3, 1), "")


@pytest.mark.parametrize(("word", "status"), [("已废止", "repealed"), ("已被修改", "amended"), ("历史版本", "amended")])
def test_the_words_of_the_package_are_translated(read, word, status):
    assert read((None, None, "第一条", "甲"), law=(*LAW[:5], word)).status == status


def test_chapters_and_sections_become_headings_where_they_change(read):
    parsed = read(
        ("第一章 总则", None, "第一条", "甲"),
        ("第一章 总则", None, "第二条", "乙"),
        ("第二章 使用", "第一节 坐", "第三条", "丙"),
        ("第二章 使用", "第二节 修", "第三条之一", "丁"),
    )
    assert outline(parsed.pieces) == [
        "h:CHAPTER:第一章\u3000总则", "a:1", "a:2",
        "h:CHAPTER:第二章\u3000使用", "h:SECTION:第一节\u3000坐", "a:3", "h:SECTION:第二节\u3000修", "a:3-1",
    ]  # fmt: skip


def test_headings_glued_to_the_text_before_them_are_cut_off(read):
    parsed = read(
        ("第一章 总则", None, "第一条", "甲\n第二编 物 权\n第一分编 通 则"), ("第一章 一般", None, "第二条", "乙")
    )
    assert outline(parsed.pieces) == [
        "h:BOOK:第一编", "h:CHAPTER:第一章\u3000总则", "a:1",
        "h:BOOK:第二编\u3000物权", "h:SUBBOOK:第一分编\u3000通则", "h:CHAPTER:第一章\u3000一般", "a:2",
    ]  # fmt: skip
    assert parsed.articles[0].text == "甲"


def test_what_looks_like_an_article_but_does_not_follow_is_a_quotation(read):
    parsed = read(
        (None, None, "第一条", "增加两条："), ("第七节 监察", None, "第一百条", "丙\n丁"), (None, None, "第二条", "戊")
    )
    assert outline(parsed.pieces) == ["a:1", "a:2"]
    assert parsed.articles[0].lines == ("增加两条：", "第一百条\u3000丙", "丁")


def test_one_missing_article_is_a_gap_that_is_told(read):
    parsed = read((None, None, "第一条", "甲"), (None, None, "第三条", "丙"))
    assert [article.number for article in parsed.articles] == [1, 3]
    assert parsed.note == "来源缺第二条"


def test_numbered_points_of_a_decision_are_its_articles(read):
    parsed = read((None, None, "条目一", "甲"), (None, None, "条目二", "乙"))
    assert [(article.number, article.label) for article in parsed.articles] == [(1, "一、"), (2, "二、")]


def test_a_text_without_articles_is_kept_paragraph_by_paragraph(read):
    assert outline(read((None, None, "全文", "甲\n乙")).pieces) == ["p:甲", "p:乙"]


@pytest.mark.parametrize("text", ["本法施行。\n附：\n税率表\n甲 | 1", "本法施行。\n税率表\n-----  ----\n甲 1"])
def test_annexes_and_tables_are_cut_from_the_last_article(read, text):
    parsed = read((None, None, "第一条", text))
    assert parsed.articles[0].text == "本法施行。"
    assert outline(parsed.pieces)[-2] == "p:税率表"


def test_an_annex_word_inside_a_law_is_no_annex(read):
    parsed = read((None, None, "第一条", "甲\n附件不得涂改。"), (None, None, "第二条", "乙"))
    assert parsed.articles[0].lines == ("甲", "附件不得涂改。")


@pytest.mark.parametrize(
    ("flat", "curled"),
    [
        ('称为"石凳"。', "称为“石凳”。"),
        ('"第一段。', "“第一段。"),
        ('（三）最后一项。"', "（三）最后一项。”"),
        ('修改为："甲"和"乙"', "修改为：“甲”和“乙”"),
        ("没有引号", "没有引号"),
    ],
)
def test_straight_quotes_are_curled(flat, curled):
    assert curl_quotes(flat) == curled


def test_remains_of_pictures_and_of_the_typesetting_are_mended():
    text = '图案\n!24427{width="3in"\nheight="3in"}\n\\<甲\\>\n1.\u20095米，\u3000石凳\n+----+'
    assert mend(text) == ["图案", "（图略）", "〈甲〉", "1.5米，石凳"]


def test_a_file_that_is_no_such_database_is_refused(tmp_path):
    path = tmp_path / "x.db"
    path.write_bytes(b"no database at all" * 100)
    with pytest.raises(LawFormatError, match="不是法律数据库"):
        read_source(str(path))


def test_a_source_that_is_not_there_is_refused():
    with pytest.raises(LawFormatError, match="没有这个文件夹或文件"):
        read_source("/nowhere/at/all")
