"""Look-ups of laws, articles and citations."""
from datetime import date

import pytest
import time_machine
from mingfa.library.citations import CitationRef
from mingfa.library.queries import (
    articles_for,
    current_editions,
    find_article,
    find_law,
    law_counts,
    laws_listed,
    status_of,
    statuses_of,
)

from tests.library.texts import articles, bring_in, edition

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("today")]


@pytest.fixture
def today():
    with time_machine.travel("2026-06-01T01:00:00Z", tick=False):
        yield


@pytest.fixture
def two_editions():
    """An edition until 2024-08-31 with three articles, and one from then on with two."""
    bring_in(
        edition("中华人民共和国甲法", articles("旧一", "旧二", "旧三")),
        edition("甲法", articles("新一", "新二"), version=date(2024, 5, 6), effective_on=date(2024, 9, 1)),
    )


@pytest.mark.parametrize("title", ["甲法", "中华人民共和国甲法", "《甲法》", "《中华人民共和国甲法》", " 甲 法 "])
def test_a_law_is_found_by_full_and_short_title(two_editions, title):
    assert find_law(title).title == "中华人民共和国甲法"


def test_a_part_of_a_title_is_no_title(two_editions):
    assert find_law("甲") is None


def test_the_article_in_force_today_is_found(two_editions):
    assert find_article("甲法", 1).text == "新一"


def test_the_article_in_force_on_another_day_is_found(two_editions):
    assert find_article("甲法", 1, on=date(2024, 8, 31)).text == "旧一"
    assert find_article("甲法", 3, on=date(2024, 8, 31)).text == "旧三"


def test_an_article_that_only_the_old_edition_has_is_missing(two_editions):
    assert find_article("甲法", 3) is None


def test_before_the_first_edition_the_first_one_answers(two_editions):
    assert find_article("甲法", 1, on=date(2000, 1, 1)).text == "新一"


def test_of_a_law_no_longer_in_force_the_newest_edition_answers():
    bring_in(edition("乙法", articles("一"), status="repealed"))
    assert find_article("乙法", 1).text == "一"


def test_sub_articles_are_told_apart():
    bring_in(edition())
    assert find_article("石凳管理条例", 3, 1).label == "第三条之一"
    assert find_article("石凳管理条例", 3, 2) is None


def test_the_standing_of_citations_is_told(two_editions):
    bring_in(edition("乙法", articles("一"), status="repealed"))
    refs = [CitationRef("甲法", 2), CitationRef("甲法", 3), CitationRef("乙法", 1), CitationRef("丙法", 1)]
    assert list(statuses_of(refs).values()) == ["in_force", "missing", "not_in_force", "missing"]
    assert status_of(refs[0]) == "in_force"


def test_an_edition_that_has_not_begun_is_not_in_force():
    bring_in(edition("丁法", articles("一"), version=date(2026, 5, 1), effective_on=date(2027, 1, 1)))
    assert status_of(CitationRef("丁法", 1)) == "not_in_force"


def test_many_citations_cost_as_many_queries_as_one(two_editions, django_assert_num_queries):
    bring_in(edition())
    refs = [CitationRef(title, number) for title in ("甲法", "石凳管理条例", "丙法") for number in range(1, 11)]
    with django_assert_num_queries(2):
        articles_for(refs[:1])
    with django_assert_num_queries(2):
        found = articles_for(refs)
    assert [(ref.law_title, ref.article) for ref in found] == [
        ("甲法", 1), ("甲法", 2), ("石凳管理条例", 1), ("石凳管理条例", 2), ("石凳管理条例", 3),
        ("石凳管理条例", 4), ("石凳管理条例", 5),
    ]  # fmt: skip


def test_no_citations_cost_no_query(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert articles_for([]) == {}


def test_laws_are_listed_by_the_sound_of_their_titles_with_the_constitution_first():
    bring_in(edition("丙法"), edition("宪法"), edition("安全法", kind="条例"))
    assert [law.title for law in laws_listed()] == ["宪法", "安全法", "丙法"]
    assert [law.title for law in laws_listed(kind="条例")] == ["安全法"]
    assert law_counts("kind") == [("法律", 2), ("条例", 1)]


def test_the_editions_of_many_laws_are_found_in_one_query(two_editions, django_assert_num_queries):
    bring_in(edition("乙法", articles("一"), status="repealed"))
    laws = list(laws_listed())
    with django_assert_num_queries(1):
        editions = current_editions(laws)
    assert [editions[law.pk].slug for law in laws] == ["2024-05-06", "2021-05-06"]
