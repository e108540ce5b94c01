"""The importer on the official texts: every count of the catalogue and every one of its checks.

The texts are no part of the repository; MINGFA_LAWS names the folder that has them.
"""
import csv
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings
from mingfa.library.importing.folder import read_folder
from mingfa.library.importing.markdown import parse_file
from mingfa.library.importing.parsed import Level, ParsedArticle, ParsedHeading, ParsedPassage
from mingfa.library.importing.structure import extend_path
from mingfa.library.models import Edition
from mingfa.library.provisions import split_provisions
from mingfa.library.queries import find_article

from tests.library.test_actions import rows
from tests.library.texts import bring_in

pytestmark = pytest.mark.skipif(not settings.MINGFA_LAWS, reason="MINGFA_LAWS names no folder of law texts")
FOLDER = Path(settings.MINGFA_LAWS)


def table(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


@cache
def parsed(name):
    return parse_file(name, (FOLDER / name).read_bytes())


def lines_of(articles):
    return [line for article in articles for line in split_provisions(article.text)]


def test_every_count_of_the_catalogue_agrees():
    for row in table("INDEX.tsv"):
        file = parsed(row["file"])
        levels = Counter(piece.level for piece in file.pieces if isinstance(piece, ParsedHeading))
        kinds = Counter(line.kind for line in lines_of(file.articles))
        found = {
            "title": file.title,
            "part": file.part,
            "articles": len(file.articles),
            "articles_zhi": sum(article.sub > 0 for article in file.articles),
            "first_article": file.articles[0].number if file.articles else "",
            "last_article": file.articles[-1].number if file.articles else "",
            "bian": levels[Level.BOOK],
            "fenbian": levels[Level.SUBBOOK],
            "zhang": levels[Level.CHAPTER],
            "jie": levels[Level.SECTION],
            # The catalogue counts the five 目 of one law among its 款.
            "kuan": kinds["款"] + kinds["目"],
            "xiang": kinds["项"],
            "outside_paras": sum(isinstance(piece, ParsedPassage) for piece in file.pieces),
            "bytes": (FOLDER / row["file"]).stat().st_size,
            "sha256_16": file.digest[:16],
        }
        assert {name: str(value) for name, value in found.items()} == {name: row[name] for name in found}, row["file"]


def test_every_date_of_the_catalogue_agrees():
    editions = {(parsed.title, str(parsed.version_on)): parsed for parsed in read_folder(FOLDER)[0]}
    for row in table("INDEX.tsv"):
        edition = editions[row["title"], row["latest_version_date"]]
        assert (str(edition.first_adopted_on), str(edition.effective_on)) == (
            row["first_adopted"],
            row["effective_date"],
        ), row["file"]


def test_every_checked_article_agrees():
    checks = table("CHECKS.tsv")
    assert len(checks) == 50
    for row in checks:
        path, article = find(parsed(row["file"]).pieces, row["article"])
        kinds = Counter(line.kind for line in lines_of([article]))
        joined = "".join(article.lines)
        assert {
            "path": " / ".join(heading.printed for heading in path),
            "kuan": str(kinds["款"] + kinds["目"]),
            "xiang": str(kinds["项"]),
            "chars": str(len(joined)),
            "starts_with": joined[:16],
            "ends_with": joined[-12:],
        } == {name: row[name] for name in ("path", "kuan", "xiang", "chars", "starts_with", "ends_with")}, row


def find(pieces, place):
    """The headings above an article and the article."""
    path = []
    for piece in pieces:
        if isinstance(piece, ParsedHeading):
            path = extend_path(path, piece)
        elif isinstance(piece, ParsedArticle) and place == f"{piece.number}-{piece.sub}".removesuffix("-0"):
            return path, piece
    raise AssertionError(place)


@pytest.mark.django_db
def test_the_whole_folder_is_imported_and_a_second_import_changes_nothing():
    editions, skipped = read_folder(FOLDER)
    assert (len(editions), skipped) == (34, [])
    assert bring_in(*editions) == {"created": 34}
    counts = [(sum(len(each.articles) for each in editions)), sum(len(each.passages) for each in editions)]
    assert counts == [3980, 47]
    assert sum(edition.articles.count() for edition in Edition.objects.all()) == 3980
    before = rows()
    assert bring_in(*editions) == {"unchanged": 34}
    assert rows() == before


@pytest.mark.django_db
def test_known_statuses_and_links_come_out_right():
    bring_in(*read_folder(FOLDER)[0])
    status = {
        (edition.law.short_title, edition.slug): edition.status_today.label
        for edition in Edition.objects.select_related("law")
    }
    assert status["行政复议法", "2017-09-01"] == "已被修订"
    assert status["行政复议法", "2023-09-01"] == "有效"
    assert status["信访条例", "2005-01-10"] == "废止"
    assert status["网络安全法", "2016-11-07"] == "已被修改"
    assert status["治安管理处罚法", "2012-10-26"] == "已被修订"
    assert find_article("信访工作条例", 17).get_absolute_url() == "/laws/xinfanggongzuotiaoli/2022-02-25/17/"
    assert find_article("中华人民共和国民法典", 1260).heading.label == "附则"
    assert find_article("刑法", 120, 6).label == "第一百二十条之六"
