"""Real amendments: 行政复议法 2017 and 2023, 网络安全法 and 治安管理处罚法 with the newer text of the package.

The texts are no part of the repository; MINGFA_LAWS names the folder that has them. Looked up article by article in
the published texts.
"""
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from mingfa.library.citations import fold_title
from mingfa.library.comparing import CHANGED, MOVED, NEW, REMOVED, SAME, ArticleText, compare, counts
from mingfa.library.importing.folder import read_folder
from mingfa.library.importing.package import installed_package, read_database

pytestmark = pytest.mark.skipif(not settings.MINGFA_LAWS, reason="MINGFA_LAWS names no folder of law texts")


@cache
def editions():
    path, name = installed_package()
    printed, _ = read_folder(Path(settings.MINGFA_LAWS))
    # A printed text of the same day stands for the package's.
    return {(fold_title(one.title), one.version_on.year): one for one in [*read_database(path, name), *printed] if one.version_on}


@cache
def became(title, old, new):
    """(findings, {old article: (kind, new article)}) of an amendment."""
    texts = [
        [ArticleText(one.number, one.sub, one.text) for one in editions()[title, year].articles] for year in (old, new)
    ]
    findings = compare(*texts)
    return findings, {one.old.number: (one.kind, one.new and one.new.number) for one in findings if one.old}


@pytest.mark.parametrize(
    ("title", "old", "new", "articles"),
    [("行政复议法", 2017, 2023, (43, 90)), ("网络安全法", 2016, 2025, (79, 81)), ("治安管理处罚法", 2012, 2025, (119, 144))],
)
def test_every_article_of_a_real_amendment_is_found_once(title, old, new, articles):
    findings, _ = became(title, old, new)
    number = counts(findings)
    assert (sum(bool(one.old) for one in findings), sum(bool(one.new) for one in findings)) == articles
    assert number[SAME] + number[CHANGED] + number[MOVED] + number[REMOVED] == articles[0]
    assert number[SAME] + number[CHANGED] + number[MOVED] + number[NEW] == articles[1]


def test_the_reconsideration_law_of_2023():
    findings, old = became("行政复议法", 2017, 2023)
    assert {number: old[number] for number in (1, 2, 5, 9, 11, 21, 23, 29)} == {
        1: (CHANGED, 1), 2: (CHANGED, 2), 5: (MOVED, 10), 9: (CHANGED, 20), 11: (CHANGED, 22), 21: (CHANGED, 42),
        23: (CHANGED, 48), 29: (CHANGED, 72),
    }  # fmt: skip
    assert (old[8], old[12], old[13]) == ((REMOVED, None),) * 3
    assert {5, 12, 23, 53} <= {one.new.number for one in findings if one.kind == NEW}


def test_the_cybersecurity_law_of_2025_keeps_most_words_under_other_numbers():
    findings, old = became("网络安全法", 2016, 2025)
    assert {one.new.number for one in findings if one.kind == NEW} == {3, 20, 63, 71, 73}
    assert {number for number, (kind, _) in old.items() if kind == SAME} == {1, 2}
    assert all(old[number] == (MOVED, number + 1) for number in range(3, 18))
    assert old[18] == (CHANGED, 19)
    assert all(old[number] == (MOVED, number + 2) for number in range(19, 40))
    assert {old[59], old[62]} == {(CHANGED, 61), (CHANGED, 65)}


def test_fines_that_went_up_are_changes_although_nearly_all_words_stayed():
    _, old = became("治安管理处罚法", 2012, 2025)
    assert {number: old[number] for number in (6, 9, 26, 37, 42, 91)} == {
        6: (CHANGED, 2), 9: (CHANGED, 9), 26: (CHANGED, 30), 37: (CHANGED, 43), 42: (CHANGED, 50), 91: (CHANGED, 109),
    }  # fmt: skip
    assert old[76] == (REMOVED, None)
