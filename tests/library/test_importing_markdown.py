"""Markdown files and folders of laws."""
from datetime import date

import pytest
from mingfa.library.importing.folder import read_folder
from mingfa.library.importing.markdown import parse_file, read_body
from mingfa.library.importing.parsed import LawFormatError, ParsedArticle, ParsedHeading, ParsedPassage
from mingfa.library.importing.structure import close_up, read_heading

from tests.library.texts import BENCHES


@pytest.fixture
def folder(tmp_path):
    """Function that writes files into a folder and returns it."""

    def write(**files):
        for name, text in files.items():
            path = tmp_path / f"{name.replace('__', '/')}.md"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return tmp_path

    return write


def outline(pieces):
    """h:label, a:number or p:text for each piece."""
    words = []
    for piece in pieces:
        match piece:
            case ParsedHeading():
                words.append(f"h:{piece.level.name}:{piece.label}")
            case ParsedArticle():
                words.append(f"a:{piece.number}" + (f"-{piece.sub}" if piece.sub else ""))
            case ParsedPassage():
                words.append(f"p:{piece.text}")
    return words


def test_a_file_is_read_into_headings_and_articles_in_printed_order():
    file = parse_file("石凳管理条例.md", BENCHES.encode())
    assert (file.title, file.part) == ("石凳管理条例", "")
    assert outline(file.pieces) == [
        "h:CHAPTER:第一章\u3000总则",
        "a:1",
        "a:2",
        "h:CHAPTER:第二章\u3000使用",
        "h:SECTION:第一节\u3000坐",
        "a:3",
        "a:3-1",
        "h:SECTION:第二节\u3000修",
        "a:4",
        "h:OTHER:附则",
        "a:5",
    ]
    assert file.articles[1].lines == (
        "本条例所称石凳，是指公园里可以坐两人以上的椅子。",
        "石凳由园林部门管理。",
    )


def test_the_level_of_a_heading_is_read_from_its_words_not_from_its_marks():
    assert outline(read_body(["## 第一章 甲", "### 第二章 乙", "第一条 丙"]))[:2] == [
        "h:CHAPTER:第一章\u3000甲",
        "h:CHAPTER:第二章\u3000乙",
    ]


@pytest.mark.parametrize(
    ("printed", "label"),
    [
        ("第三分编 准 合 同", "第三分编\u3000准合同"),
        ("第七章\u2002\u2002附　则", "第七章\u3000附则"),
        ("附　则", "附则"),
    ],
)
def test_names_spread_out_with_spaces_are_closed_up(printed, label):
    assert read_heading(printed).label == label


def test_spaces_beside_latin_letters_stay():
    assert close_up("WTO 规 则") == "WTO 规则"


def test_an_article_is_accepted_only_when_its_number_follows():
    pieces = read_body(["第一条 内容如下：", "第一百条 引用的条文。", "第一百零一条 也是引用。", "第二条 完。"])
    assert outline(pieces) == ["a:1", "a:2"]
    assert pieces[0].lines == ("内容如下：", "第一百条 引用的条文。", "第一百零一条 也是引用。")


def test_a_law_may_begin_with_any_number_and_have_articles_between():
    assert outline(read_body(["第三十二条 甲", "第三十二条之一 乙", "第三十二条之二 丙", "第三十三条 丁"])) == [
        "a:32", "a:32-1", "a:32-2", "a:33"
    ]  # fmt: skip


def test_paragraphs_before_the_first_article_and_below_annexes_stand_outside():
    lines = ["## 序言", "很久以前。", "<!-- FORCE BREAK -->", "第一条 甲", "① 脚注。", "## 附件一", "清单"]
    assert outline(read_body(lines)) == [
        "h:OTHER:序言", "p:很久以前。", "a:1", "p:① 脚注。", "h:OTHER:附件一", "p:清单"
    ]  # fmt: skip


def test_an_empty_heading_and_invisible_characters_are_dropped():
    pieces = read_body(["##", "\u200b第一条 甲\u200b"])
    assert outline(pieces) == ["a:1"]
    assert pieces[0].text == "甲"


def test_a_table_without_articles_is_kept_line_by_line():
    lines = ["前言。", "<!-- TABLE -->", "| 条 | 名 |", "|---|---|", "| 一 | 甲 |", "<!-- TABLE END -->"]
    assert outline(read_body(lines)) == ["p:前言。", "p:| 条 | 名 |", "p:|---|---|", "p:| 一 | 甲 |"]


def test_history_lines_cut_in_two_are_joined_and_stray_brackets_dropped():
    text = "# 甲法\n\n2019年1月1日 某会议《关于修改甲法\n的决定》修正）\n\n<!-- INFO END -->\n\n第一条 乙"
    assert parse_file("甲法.md", text.encode()).history == ("2019年1月1日 某会议《关于修改甲法的决定》修正",)


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"\xff\xfe", "甲.md：不是 UTF-8 文字（第 0 字节）"),
        ("# 甲法\n\n第一条 乙".encode(), "甲.md：没有“<!-- INFO END -->”一行"),
        ("<!-- INFO END -->\n第一条 乙".encode(), "甲.md 第 1 行：没有标题，标题应写成“# 法律名称”"),
        ("# 甲法\n<!-- INFO END -->\n## 第一章 乙\n".encode(), "甲.md：没有正文"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_where_and_why(content, message):
    with pytest.raises(LawFormatError) as refusal:
        parse_file("甲.md", content)
    assert str(refusal.value) == message


def test_dates_come_from_history_and_closing_article(folder):
    (parsed,), _ = read_folder(folder(石凳管理条例=BENCHES))
    assert (parsed.first_adopted_on, parsed.version_on, parsed.effective_on) == (
        date(2019, 3, 1),
        date(2021, 5, 6),
        date(2021, 7, 1),
    )


def test_a_meeting_that_only_prepared_the_publication_is_not_the_day_of_adoption(folder):
    text = (
        "# 甲条例\n2005年1月5日 第76次常务会议通过\n2005年1月10日 第431号令公布\n2005年5月1日 施行\n"
        "<!-- INFO END -->\n第一条 乙"
    )
    (parsed,), _ = read_folder(folder(甲=text))
    assert (parsed.first_adopted_on, parsed.version_on, parsed.effective_on) == (
        date(2005, 1, 10),
        date(2005, 1, 10),
        date(2005, 5, 1),
    )


def test_without_date_lines_the_file_name_tells_the_version(folder):
    text = "# 甲条例\n<!-- INFO END -->\n第一条 本条例自公布之日起施行。"
    path = folder(x=text)
    (path / "x.md").rename(path / "甲条例(2019-12-30).md")
    (parsed,), _ = read_folder(path)
    assert (parsed.version_on, parsed.effective_on) == (date(2019, 12, 30), date(2019, 12, 30))


def test_files_of_one_law_in_parts_become_one_edition_in_the_order_of_their_articles(folder):
    head = "# 大法\n\n# {}\n\n2020年5月28日 通过\n\n<!-- INFO END -->\n\n"
    path = folder(
        民法典__物=head.format("物编") + "第二条 乙", 民法典__总=head.format("总编") + "第一条 甲"
    )
    (parsed,), _ = read_folder(path)
    assert outline(parsed.pieces) == ["h:BOOK:总编", "a:1", "h:BOOK:物编", "a:2"]
    assert (parsed.title, parsed.topic) == ("大法", "民法商法")


def test_two_versions_of_a_law_stay_two_editions(folder):
    path = folder(甲=BENCHES, 乙=BENCHES.replace("2021年5月6日", "2023年5月6日"))
    editions, _ = read_folder(path)
    assert [parsed.version_on for parsed in editions] == [date(2023, 5, 6), date(2021, 5, 6)]


def test_a_catalogue_adds_what_the_text_does_not_say(folder):
    path = folder(甲=BENCHES)
    (path / "INDEX.tsv").write_text(
        "file\tkind\tlatest_body\tstatus\tnote\n甲.md\t行政法规\t禾县人大\t已被修改\t2024修正决定自2024-06-01起施行\n",
        encoding="utf-8",
    )
    (parsed,), _ = read_folder(path)
    assert (parsed.kind, parsed.body, parsed.status, parsed.in_force_from) == (
        "行政法规",
        "禾县人大",
        "amended",
        date(2024, 6, 1),
    )


def test_markdown_that_is_no_law_is_named_and_left_out(folder):
    editions, skipped = read_folder(folder(README="# 说明", 甲=BENCHES))
    assert ([parsed.title for parsed in editions], skipped) == (["石凳管理条例"], ["README.md"])


def test_every_unreadable_file_of_a_folder_is_named(folder):
    path = folder(甲="<!-- INFO END -->\n第一条 乙", 乙="# 丙法\n<!-- INFO END -->", 丁=BENCHES)
    with pytest.raises(LawFormatError) as refusal:
        read_folder(path)
    assert refusal.value.where == "2 个文件不能读取"
    assert refusal.value.message == "乙.md：没有正文；甲.md 第 1 行：没有标题，标题应写成“# 法律名称”"


def test_a_folder_without_laws_is_refused(tmp_path):
    with pytest.raises(LawFormatError, match="没有法律文本"):
        read_folder(tmp_path)
