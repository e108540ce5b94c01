"""{% load law %} in pages of other apps."""
import pytest
import time_machine
from django.template import Context, Template
from mingfa.library.citations import CitationRef
from mingfa.library.queries import articles_for, find_article

from tests.library.texts import bring_in, edition

pytestmark = pytest.mark.django_db
ADDRESS = "/laws/shidengguanlitiaoli/2021-05-06/3/"


@pytest.fixture(autouse=True)
def benches():
    with time_machine.travel("2026-06-01T01:00:00Z", tick=False):
        bring_in(edition())
        yield


def render(source, **context):
    return Template("{% load law %}" + source).render(Context(context))


def test_a_law_block_shows_the_live_article_with_its_source():
    html = render("{% law_block cited %}", cited=CitationRef("石凳管理条例", 3))
    assert '<span class="no">第三条</span>使用石凳，应当遵守下列规定：' in html
    assert html.count("<p>") == 6
    assert f'<a href="{ADDRESS}">《石凳管理条例》第三条</a>' in html
    assert "有效" in html


def test_a_law_block_of_an_item_shows_only_that_item():
    html = render("{% law_block cited %}", cited=CitationRef("石凳管理条例", 3, paragraph=1, item=1))
    assert html.count("<p>") == 1
    assert '<span class="no">第三条第一款第一项</span>（一）先到先坐；' in html


def test_a_law_block_of_a_place_the_article_has_not_shows_the_whole_article():
    html = render("{% law_block cited %}", cited=CitationRef("石凳管理条例", 1, paragraph=7))
    assert '<span class="no">第一条</span>为了让走累的人有地方坐' in html


def test_a_law_block_takes_an_article_too():
    assert "第三条之一" in render("{% law_block cited %}", cited=find_article("石凳管理条例", 3, 1))


def test_a_law_that_is_not_imported_is_the_citation_as_plain_text():
    html = render("{% law_block cited %}", cited=CitationRef("信访工作条例", 17))
    assert "《信访工作条例》第十七条" in html
    assert "库中暂无原文" in html
    assert "<a " not in html


def test_a_citation_is_a_link_to_the_place():
    ref = CitationRef("石凳管理条例", 3, paragraph=1, item=2)
    assert render("{{ ref|citation_link }}", ref=ref) == (
        f'<a href="{ADDRESS}#k1x2">《石凳管理条例》第三条第一款第二项</a>'
    )
    assert render("{{ ref|citation_link }}", ref=CitationRef("甲&乙法", 1)) == "《甲&amp;乙法》第一条"


def test_articles_looked_up_before_cost_no_query(django_assert_num_queries):
    refs = [CitationRef("石凳管理条例", 3), CitationRef("没有法", 1)]
    found = articles_for(refs)
    with django_assert_num_queries(0):
        render(
            "{% for ref in refs %}{% law_block ref found %}{{ ref|citation_link:found }}{% endfor %}",
            refs=refs,
            found=found,
        )
