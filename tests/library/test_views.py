"""The pages of the law library, read by anybody."""
from datetime import date

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from mingfa.library.citations import article_label

from tests.library.texts import articles, bring_in, edition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]
BENCHES = "/laws/shidengguanlitiaoli/2021-05-06/"


@pytest.fixture
def today():
    with time_machine.travel("2026-06-01T01:00:00Z", tick=False):
        yield


@pytest.fixture
def benches():
    bring_in(edition(), edition("花坛管理条例", articles("花坛归园林部门管。", "损坏花坛的，应当补种。")))


@pytest.fixture
def read(client):
    """Function that gets an address and returns the page's text."""

    def get(address, status=200):
        response = client.get(address)
        assert response.status_code == status
        return response.content.decode()

    return get


def test_the_list_shows_every_law_with_its_status(read, benches):
    page = read("/laws/")
    assert page.count('<p class="t m-0">') == 2
    assert page.count("有效</span>") == 2
    assert "2021 年 5 月 6 日公布，2021 年 7 月 1 日起施行" in page


def test_the_list_can_be_narrowed_by_kind_and_topic(read, benches):
    bring_in(edition("小法", articles("一"), kind="决定", topic="社会法"))
    assert read("/laws/?kind=决定&topic=社会法").count('<p class="t m-0">') == 1
    assert "法律库里还没有这样的法律法规" in read("/laws/?kind=没有")


def test_an_empty_library_says_so(read):
    assert "法律库里还没有这样的法律法规" in read("/laws/")


def test_an_edition_shows_its_contents_and_articles(read, benches):
    page = read(BENCHES)
    assert page.count('<section class="mf-art"') == 6
    assert '<span class="cnt">1–2</span>' in page
    assert "共 6 条" in page
    assert "尚未经管理员核对" in page


def test_an_article_is_reached_by_its_number_and_marked_as_the_place(read, benches):
    page = read(BENCHES + "3-1/")
    assert page.count("mf-art is-here") == 1
    assert 'is-here" id="a3-1" aria-label="第三条之一"' in page
    assert f'rel="prev" href="{BENCHES}3/"' in page
    assert f'rel="next" href="{BENCHES}4/"' in page


def test_citations_in_the_text_are_links(read, benches):
    page = read(BENCHES)
    assert f'<a href="{BENCHES}3/#k1x2">本条例第三条第一款第二项</a>' in page
    assert '<a href="/laws/huatanguanlitiaoli/2021-05-06/2/">《花坛管理条例》第二条</a>' in page


def test_a_citation_of_a_law_that_is_not_here_is_plain_text(read):
    bring_in(edition())
    page = read(BENCHES)
    assert "依照《花坛管理条例》第二条处理" in page


def test_a_law_leads_to_the_text_in_force(client, benches):
    bring_in(edition(version=date(2026, 5, 1), effective_on=date(2027, 1, 1)))
    assert client.get("/laws/shidengguanlitiaoli/").url == BENCHES


def test_an_old_edition_says_so_and_leads_to_the_new_one(read, benches):
    bring_in(edition(version=date(2024, 5, 6), effective_on=date(2024, 9, 1)))
    page = read(BENCHES)
    assert "这个版本已被修订。" in page
    assert '<a href="/laws/shidengguanlitiaoli/">看现行条文</a>' in page
    assert "适用到 2024 年 8 月 31 日" in page


def test_a_long_law_is_read_chapter_by_chapter(read):
    first = "\n".join(f"{article_label(n)} 文" for n in range(1, 101))
    second = "\n".join(f"{article_label(n)} 文" for n in range(101, 161))
    body = f"## 第一编 甲\n## 第一章 一\n{first}\n## 第二章 二\n{second}"
    bring_in(edition("长法", body))
    address = "/laws/changfa/2021-05-06/"
    page = read(address)
    assert page.count('<section class="mf-art"') == 100
    assert f'href="{address}?part=102#h102"' in page
    assert read(address + "?part=102").count('<section class="mf-art"') == 60
    for odd in ("x", "9" * 30, "9" * 5000):
        assert read(f"{address}?part={odd}").count('<section class="mf-art"') == 100
    assert read(address + "101/").count('<section class="mf-art') == 4


@pytest.mark.parametrize("place", ["9" * 5000, "1-" + "9" * 5000, "1-" + "9" * 18])
def test_an_article_number_beyond_all_laws_is_not_there(read, benches, place):
    read(BENCHES + place + "/", 404)


def test_tables_and_passages_outside_articles_are_shown(read):
    bring_in(edition("表法", "前言。\n| 名 | 数 |\n|---|---|\n| 椅 | 3 |"))
    page = read("/laws/biaofa/2021-05-06/")
    assert "<p>前言。</p>" in page
    assert "<tr><td>名</td><td>数</td></tr><tr><td>椅</td><td>3</td></tr>" in page


def test_what_was_typed_finds_laws_and_articles_with_the_words_marked(read, benches):
    page = read("/laws/?q=花坛")
    assert "<mark>花坛</mark>管理条例</a>" in page
    assert "条文，3 条" in page
    assert "损坏<mark>花坛</mark>的" in page


def test_a_number_typed_inside_a_law_leads_to_the_article(client, benches):
    response = client.get("/laws/?q=3&law=shidengguanlitiaoli")
    assert response.url == BENCHES + "3/"


def test_nothing_found_says_what_to_do(read, benches):
    assert "没有找到" in read("/laws/?q=火星")


def test_what_was_typed_is_shown_inert(read, benches):
    page = read("/laws/?q=<script>alert(1)</script>")
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/laws/meiyou/", "法律库里没有这部法律法规"),
        ("/laws/meiyou/2020-01-01/", "法律库里没有这个版本"),
        ("/laws/meiyou/2020-01-01/1/", "法律库里没有这个版本"),
        (BENCHES + "99/", "《石凳管理条例》2021-05-06 版里没有这一条"),
        (BENCHES + "3-9/", "《石凳管理条例》2021-05-06 版里没有这一条"),
        (BENCHES + "abc/", "《石凳管理条例》2021-05-06 版里没有这一条"),
        (BENCHES + "99999999999999999999/", "《石凳管理条例》2021-05-06 版里没有这一条"),
        (BENCHES + "3-99999999999999999999/", "《石凳管理条例》2021-05-06 版里没有这一条"),
    ],
)
def test_what_is_not_there_is_a_404_that_says_what_is_missing(read, benches, address, words):
    assert words in read(address, status=404)


def test_the_library_only_reads(client, benches):
    assert client.post("/laws/").status_code == 405
    assert client.post(BENCHES).status_code == 405


@pytest.mark.parametrize("address", ["/laws/", "/laws/?q=园林", "{law}", "{law}1/"])
def test_a_page_makes_the_same_number_of_queries_with_1_and_30_rows(client, address):
    def count():
        with CaptureQueriesContext(connection) as queries:
            assert client.get(address.format(law="/laws/lizifa/2021-05-06/")).status_code == 200
        return len(queries)

    bring_in(edition("例子法", articles("园林部门依照《椅法0》第一条管理。")), edition("椅法0", articles("园林")))
    count()
    few = count()
    bring_in(
        edition("例子法", articles(*[f"园林部门依照《椅法{n}》第一条管理。" for n in range(30)])),
        *[edition(f"椅法{n}", articles("园林")) for n in range(30)],
    )
    assert count() == few
