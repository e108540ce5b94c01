"""Importing editions and confirming their status."""
from datetime import date

import pytest
from mingfa.library.actions import StatusRefused, confirm_status, settle_editions
from mingfa.library.importing.parsed import Origin
from mingfa.library.models import Article, ArticleWords, Edition, Heading, Law, Passage
from mingfa.people.models import User
from wagtail.models import ModelLogEntry

from tests.library.texts import NOW, articles, bring_in, edition

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator():
    return User.objects.create(username="guan", name="管理员甲")


def rows():
    """Everything an import writes, as it stands in the tables."""
    return [
        list(model.objects.order_by("pk").values())
        for model in (Law, Edition, Heading, Article, ArticleWords, Passage)
    ]


def standing(title="石凳管理条例"):
    return list(
        Edition.objects.filter(law__title=title)
        .order_by("version_on")
        .values_list("slug", "in_force_from", "in_force_until", "status")
    )


def test_an_imported_edition_stands_in_the_tables_as_printed():
    bring_in(edition())
    stored = Edition.objects.get()
    assert (stored.law.title, stored.law.short_title, stored.law.slug, stored.slug) == (
        "石凳管理条例", "石凳管理条例", "shidengguanlitiaoli", "2021-05-06"
    )  # fmt: skip
    assert list(stored.articles.values_list("label", "heading__label")) == [
        ("第一条", "第一章\u3000总则"),
        ("第二条", "第一章\u3000总则"),
        ("第三条", "第一节\u3000坐"),
        ("第三条之一", "第一节\u3000坐"),
        ("第四条", "第二节\u3000修"),
        ("第五条", "附则"),
    ]


def test_importing_twice_changes_nothing():
    assert bring_in(edition()) == {"created": 1}
    before = rows()
    entries = ModelLogEntry.objects.count()
    assert bring_in(edition()) == {"unchanged": 1}
    assert (rows(), ModelLogEntry.objects.count()) == (before, entries)


def test_an_import_leaves_one_audit_entry():
    bring_in(edition())
    entry = ModelLogEntry.objects.get()
    assert (entry.action, entry.timestamp, entry.data["outcome"]) == ("library.import_edition", NOW, "created")


def test_a_changed_text_replaces_the_old_one_and_articles_keep_their_identity():
    bring_in(edition("甲条例", articles("一", "二", "三")))
    before = dict(Article.objects.values_list("number", "pk"))
    assert bring_in(edition("甲条例", "## 第一章 新\n" + articles("一", "改过的二"))) == {"updated": 1}
    assert list(Article.objects.order_by("number").values_list("pk", "number", "text")) == [
        (before[1], 1, "一"),
        (before[2], 2, "改过的二"),
    ]
    assert ArticleWords.objects.count() == 2


def test_passages_and_headings_that_are_gone_are_deleted():
    bring_in(edition("甲条例", "## 序言\n从前。\n## 第一章 一\n" + articles("一")))
    bring_in(edition("甲条例", articles("一")))
    assert (Heading.objects.count(), Passage.objects.count(), Article.objects.get().heading_id) == (0, 0, None)


def test_the_package_never_replaces_a_printed_text():
    bring_in(edition("甲条例", articles("原文")))
    assert bring_in(edition("甲条例", articles("数据包"), origin=Origin.PACKAGE)) == {"kept": 1}
    assert Article.objects.get().text == "原文"


def test_a_printed_text_replaces_the_package():
    bring_in(edition("中华人民共和国甲法", articles("数据包"), origin=Origin.PACKAGE))
    assert bring_in(edition("甲法", articles("原文"))) == {"updated": 1}
    assert (Article.objects.get().text, Edition.objects.get().origin) == ("原文", "text")


def test_the_same_law_from_two_sources_is_one_law():
    bring_in(edition("中华人民共和国甲法", articles("一"), version=date(2020, 1, 1)))
    bring_in(edition("甲法", articles("二"), version=date(2021, 5, 6)))
    assert (Law.objects.count(), Edition.objects.count()) == (1, 2)


def test_two_laws_that_sound_alike_get_two_addresses():
    bring_in(edition("甲法", articles("一")), edition("贾法", articles("一")))
    assert sorted(Law.objects.values_list("slug", flat=True)) == ["jiafa", "jiafa-2"]


def test_an_earlier_edition_is_revised_from_the_day_the_later_one_begins():
    bring_in(
        edition(version=date(2021, 5, 6)), edition(version=date(2024, 5, 6), effective_on=date(2024, 9, 1), digest="b")
    )
    assert standing() == [
        ("2021-05-06", date(2021, 7, 1), date(2024, 9, 1), "revised"),
        ("2024-05-06", date(2024, 9, 1), None, "in_force"),
    ]


def test_an_amended_edition_begins_when_the_amending_decision_takes_effect():
    decision = edition(
        "关于修改《石凳管理条例》的决定", articles("一"), version=date(2024, 5, 6), effective_on=date(2024, 12, 1)
    )
    bring_in(edition(), edition(version=date(2024, 5, 6), digest="b"), decision)
    assert standing() == [
        ("2021-05-06", date(2021, 7, 1), date(2024, 12, 1), "amended"),
        ("2024-05-06", date(2024, 12, 1), None, "in_force"),
    ]


def test_the_order_of_imports_does_not_matter():
    newer = edition(version=date(2024, 5, 6), effective_on=date(2024, 9, 1), digest="b")
    bring_in(newer)
    bring_in(edition())
    assert [status for *_, status in standing()] == ["revised", "in_force"]


def test_a_status_is_known_for_every_day():
    bring_in(edition(), edition(version=date(2024, 5, 6), effective_on=date(2024, 9, 1), digest="b"))
    old, new = Edition.objects.order_by("version_on")
    days = [date(2021, 6, 30), date(2021, 7, 1), date(2024, 8, 31), date(2024, 9, 1)]
    assert [old.status_on(day) for day in days] == ["future", "in_force", "in_force", "revised"]
    assert [new.status_on(day) for day in days] == ["future", "future", "future", "in_force"]
    for day in days:
        said = [each.pk for each in (old, new) if each.status_on(day) == "in_force"]
        assert list(Edition.objects.in_force_on(day).values_list("pk", flat=True)) == said


def test_a_repealed_law_is_in_force_on_no_day_as_long_as_nobody_knows_since_when():
    bring_in(edition(status="repealed"))
    assert Edition.objects.get().status_on(date(2022, 1, 1)) == "repealed"
    assert not Edition.objects.in_force_on(date(2022, 1, 1)).exists()


def test_an_administrator_confirms_a_status_and_later_imports_leave_it_alone(administrator):
    bring_in(edition())
    confirm_status(
        Edition.objects.get(),
        status="repealed",
        in_force_from=date(2021, 8, 1),
        in_force_until=date(2025, 1, 1),
        by=administrator,
        now=NOW,
    )
    bring_in(
        edition(digest="other", status="amended"),
        edition(version=date(2024, 5, 6), effective_on=date(2024, 9, 1), digest="b"),
    )
    assert standing()[0] == ("2021-05-06", date(2021, 8, 1), date(2025, 1, 1), "repealed")
    confirmed = Edition.objects.get(slug="2021-05-06")
    assert (confirmed.confirmed_on, confirmed.confirmed_by) == (date(2026, 6, 1), administrator)


def test_confirming_leaves_an_audit_entry_with_before_and_after(administrator):
    bring_in(edition())
    confirm_status(
        Edition.objects.get(),
        status="repealed",
        in_force_from=date(2021, 7, 1),
        in_force_until=date(2025, 1, 1),
        by=administrator,
        now=NOW,
    )
    entry = ModelLogEntry.objects.get(action="library.confirm_status")
    assert (entry.user, entry.data) == (
        administrator,
        {
            "before": {"status": "in_force", "in_force_from": "2021-07-01", "in_force_until": ""},
            "after": {"status": "repealed", "in_force_from": "2021-07-01", "in_force_until": "2025-01-01"},
        },
    )


@pytest.mark.parametrize(
    ("status", "until", "field"),
    [
        ("repealed", date(2021, 7, 1), "in_force_until"),
        ("in_force", date(2025, 1, 1), "status"),
        ("future", None, "status"),
    ],
)
def test_days_and_word_that_contradict_each_other_are_refused(administrator, status, until, field):
    bring_in(edition())
    before = rows()
    with pytest.raises(StatusRefused) as refusal:
        confirm_status(
            Edition.objects.get(),
            status=status,
            in_force_from=date(2021, 7, 1),
            in_force_until=until,
            by=administrator,
            now=NOW,
        )
    assert refusal.value.field == field
    assert rows() == before


def test_settling_again_changes_nothing():
    bring_in(edition(), edition(version=date(2024, 5, 6), effective_on=date(2024, 9, 1), digest="b"))
    assert settle_editions(now=NOW) == 0


def test_a_long_law_is_written_in_a_handful_of_statements(django_assert_max_num_queries):
    long = edition("长法", articles(*["内容"] * 1300))
    with django_assert_max_num_queries(44):
        bring_in(long)
