"""Which articles a question is likely about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mingfa.library.folding import fold_quantities, quantities
from mingfa.library.search.words import cut
from mingfa.library.suggesting import ArticleIndex, Part

# Sentences of our own, in the manner of articles.
ARTICLES = [
    ("行政复议法", 20, "公民认为行政行为侵犯权益，可以自知道之日起六十日内申请行政复议。"),
    ("行政复议法", 62, "适用普通程序审理的案件，自受理之日起六十日内作出行政复议决定。"),
    ("行政处罚法", 42, "执法人员不得少于两人，并应当出示执法证件。"),
    ("治安管理处罚法", 25, "违反治安管理行为在六个月内没有被公安机关发现的，不再处罚。"),
    ("信访工作条例", 20, "多人采用走访形式提出共同的信访事项的，应当推选代表，代表人数不超过五人。"),
]


@pytest.fixture(scope="module")
def index():
    rows = [(id, title, number, 0, cut(title), cut(text), text) for id, (title, number, text) in enumerate(ARTICLES)]
    return ArticleIndex(rows)


def best(index, *texts):
    return [ARTICLES[one.id][:2] for one in index.suggest([Part(text) for text in texts])]


@pytest.mark.parametrize(
    ("text", "article"),
    [
        ("执法人员上门检查至少要去几人、出示什么证件？", ("行政处罚法", 42)),
        ("八户居民一起走访，可以推选几名代表？", ("信访工作条例", 20)),
        ("打架的事过了半年才被公安机关发现，还处罚吗？", ("治安管理处罚法", 25)),
        ("老唐什么时候以前可以申请行政复议？", ("行政复议法", 20)),
    ],
)
def test_the_article_is_found_by_the_words_of_the_question(index, text, article):
    assert best(index, text)[0] == article


@pytest.mark.parametrize(
    "text", ["《复议法》62条怎么写？", "《行政复议法》第六十二条", "《中华人民共和国行政复议法》第62条的期限"]
)
def test_an_article_that_the_text_cites_comes_first_whatever_it_says(index, text):
    assert best(index, text)[0] == ("行政复议法", 62)


def test_a_law_is_known_by_a_shortened_name_and_a_longer_title_hides_the_shorter_inside(index):
    assert index.named_laws("按照《治安处罚法》") == {"治安管理处罚法"}
    assert index.named_laws("按照信访工作条例") == {"信访工作条例"}
    assert index.named_laws("《没有这部法》") == set()


def test_the_named_law_decides_between_articles_with_the_same_words(index):
    assert best(index, "《行政处罚法》：执法时不得少于几人？")[0] == ("行政处罚法", 42)


def test_the_words_it_was_found_by_are_told(index):
    found = index.suggest([Part("执法人员要出示执法证件吗？")])[0]
    assert {"出示", "证件"} <= set(found.words)


@pytest.mark.parametrize("text", ["", "下列说法正确的是？", "吗的了", "abc 123"])
def test_what_tells_nothing_suggests_nothing(index, text):
    assert best(index, text) == []


def test_decisions_on_changing_a_law_are_not_suggested():
    title, text = "关于修改行政复议法的决定", ARTICLES[0][2]
    index = ArticleIndex([(1, title, 1, 0, cut(title), cut(text), text)])
    assert len(index) == 0
    assert index.suggest([Part(text)]) == []


@given(st.text(max_size=80))
def test_any_text_is_taken(index, text):
    assert len(index.suggest([Part(text)])) <= 3
    assert fold_quantities(fold_quantities(text)) == fold_quantities(text) or "百分之" in fold_quantities(text)


@pytest.mark.parametrize(("one", "other"), [("三十日", "30天"), ("百分之二十", "20%"), ("６０日", "六十日"), ("三个月", "3月")])
def test_quantities_are_told_alike_however_they_are_written(one, other):
    assert quantities(one) == quantities(other) != {}
