"""Finding laws and articles by words and numbers, on either database."""
from datetime import date

import pytest
import time_machine
from mingfa.library.queries import articles_in_order, search_articles, search_laws
from mingfa.library.search.words import Span, cut, highlight, read_query, snippet

from tests.library.texts import articles, bring_in, edition


@pytest.fixture
def library(db):
    """Four invented laws, one of them repealed, one with an edition that has not begun."""
    with time_machine.travel("2026-06-01T01:00:00Z", tick=False):
        bring_in(
            edition("中华人民共和国邻里调解法", articles("邻居之间可以申请调解。", "调解不交费用。", "双方应当到场。")),
            edition("信访办法", articles("信访人可以走访，也可以写信，还可以请求调解。")),
            edition("信访条例", articles("旧的办法。"), status="repealed"),
            edition("石凳法", articles("根据宪法，制定本法。")),
            edition(
                "石凳法",
                articles("根据宪法和需要，制定本法。"),
                version=date(2026, 5, 1),
                effective_on=date(2027, 1, 1),
            ),
        )
        yield


def find(typed, **options):
    """Titles of the laws and citations of the articles found for what was typed."""
    query = read_query(typed)
    laws = search_laws(query)
    named = [law for law in laws if law.short_title == query.text] or laws
    hits = search_articles(query, named, **options)
    return [law.title for law in laws], [article.citation for article in articles_in_order(hits.ids)]


def test_long_words_are_cut_into_the_words_inside_them():
    assert cut("人民调解委员会应当调解") == ["人民", "民调", "调解", "人民调解", "委员", "委员会"]


@pytest.mark.parametrize(
    ("typed", "text", "article", "sub"),
    [
        ("民法典 188", "民法典", 188, 0),
        ("民法典188", "民法典", 188, 0),
        ("民法典第188条", "民法典", 188, 0),
        ("第一百八十八条", "", 188, 0),
        ("188", "", 188, 0),
        ("１８８", "", 188, 0),
        ("刑法120-1", "刑法", 120, 1),
        ("刑法120之一", "刑法", 120, 1),
        ("刑法第一百二十条之一", "刑法", 120, 1),
        ("2021年施行", "2021年施行", 0, 0),
        ("调解", "调解", 0, 0),
    ],
)
def test_an_article_number_is_read_out_of_what_was_typed(typed, text, article, sub):
    query = read_query(typed)
    assert (query.text, query.article, query.sub) == (text, article, sub)


def test_words_are_found_in_the_texts_those_of_a_law_named_so_first(library):
    assert find("调解") == (
        ["中华人民共和国邻里调解法"],
        ["《邻里调解法》第二条", "《邻里调解法》第一条", "《信访办法》第一条"],
    )


def test_all_words_have_to_be_held_title_and_text_together(library):
    assert find("调解法 费用")[1] == ["《邻里调解法》第二条"]


def test_a_title_alone_does_not_make_every_article_an_answer(library):
    assert "《邻里调解法》第三条" not in find("调解")[1]


def test_when_no_article_holds_all_words_those_with_some_are_shown(library):
    query = read_query("调解 石凳走访")
    hits = search_articles(query, [])
    assert hits.any_word
    assert articles_in_order(hits.ids)[0].citation == "《信访办法》第一条"


def test_only_texts_in_force_today_are_found_unless_asked_otherwise(library):
    assert find("宪法")[1] == ["《石凳法》第一条"]
    assert [article.edition.slug for article in articles_in_order(search_articles(read_query("宪法"), []).ids)] == [
        "2021-05-06"
    ]
    assert len(find("宪法", all_editions=True)[1]) == 2


def test_a_repealed_law_is_found_by_its_title(library):
    assert find("信访条例") == (["信访条例"], [])


def test_an_article_is_found_by_law_and_number(library):
    assert find("邻里调解法 2") == (["中华人民共和国邻里调解法"], ["《邻里调解法》第二条"])
    assert find("邻里调解法第二条") == find("邻里调解法 2")


def test_a_number_alone_finds_that_article_of_every_law(library):
    assert find("第二条") == ([], ["《邻里调解法》第二条"])
    assert find("1")[1] == ["《邻里调解法》第一条", "《石凳法》第一条", "《信访办法》第一条"]


def test_a_number_beside_words_that_name_no_law_limits_the_words(library):
    assert find("到场 3")[1] == ["《邻里调解法》第三条"]


@pytest.mark.parametrize("typed", ["的", "……", "'", '"', "\\", "* OR NEAR(", "调解 & ! | :C <->", "\x00", "%_"])
def test_odd_input_finds_nothing_or_something_but_never_breaks(library, typed):
    find(typed)


def test_the_index_follows_a_changed_text(library):
    bring_in(edition("信访办法", articles("改成了茶话会。")))
    assert find("走访")[1] == []
    assert find("茶话会")[1] == ["《信访办法》第一条"]


def test_a_search_within_a_law_finds_only_there(library):
    (law,) = search_laws(read_query("信访办法"))
    hits = search_articles(read_query("调解"), [law], inside=law)
    assert [article.citation for article in articles_in_order(hits.ids)] == ["《信访办法》第一条"]


def test_hits_are_marked_whole():
    assert highlight("请求调解。", ("调解",)) == [Span("请求", False), Span("调解", True), Span("。", False)]
    assert read_query("人民法院").marks == ("人民法院",)


def test_a_snippet_shows_the_first_hit_with_what_is_around_it():
    spans = snippet("前" * 300 + "调解" + "后" * 300, ("调解",))
    assert [(span.text, span.hit) for span in spans] == [
        ("…" + "前" * 30, False), ("调解", True), ("后" * 128 + "…", False)
    ]  # fmt: skip
