"""新旧对照: open to everybody, both texts beside each other, findings counted."""
from datetime import date

import pytest
from django.urls import reverse
from mingfa.library import comparisons
from mingfa.library.models import Edition

from tests.library.texts import articles, bring_in, edition

pytestmark = pytest.mark.django_db
KEPT, DAMAGE = "甲地的长椅由园林部门管理。", "弄坏长椅的，应当修好或者照价赔偿。"
OLD = (KEPT, "借用长椅的，应当在三十日内归还。", DAMAGE, "本办法从公布的那一天起施行。")
NEW = (KEPT, "街道每年把长椅清点一遍，并且张贴清单。", "借用长椅的，应当在十五日内归还。", DAMAGE)


@pytest.fixture
def pair():
    comparisons.forget()
    bring_in(
        edition("长椅办法", articles(*OLD), version=date(2020, 1, 1), effective_on=date(2020, 1, 1)),
        edition("长椅办法", articles(*NEW), version=date(2025, 1, 1), effective_on=date(2025, 1, 1)),
    )
    return list(Edition.objects.order_by("version_on"))


def address(old, new):
    return reverse("law_comparison", args=[old.law.slug, old.slug, new.slug])


def test_visitors_read_what_changed_with_counts_and_the_differing_words_marked(client, pair):
    text = client.get(address(*pair)).content.decode()
    assert "4 条有变化，修改 1 条，移动 1 条，删去 1 条，新增 1 条；未变 1 条" in text
    assert "<del>三十日</del>" in text
    assert "<ins>十五日</ins>" in text
    assert "第二条 → 第三条" in text
    assert "第三条 → 第四条" in text
    assert "园林部门" not in text


@pytest.mark.parametrize(("show", "there", "not_there"), [
    ("removed", "本办法从公布", "清点"), ("new", "清点", "归还"), ("moved", "照价赔偿", "归还"),
    ("all", "园林部门", "<del>园林"), ("nonsense", "归还", "园林部门"),
])  # fmt: skip
def test_one_kind_of_finding_is_shown_on_request(client, pair, show, there, not_there):
    text = client.get(address(*pair), {"show": show}).content.decode()
    assert there in text
    assert not_there not in text


def test_the_statute_reader_leads_to_it_from_either_edition(client, pair):
    for one in pair:
        assert address(*pair) in client.get(one.get_absolute_url()).content.decode()


def test_editions_that_are_not_there_say_so(client, pair):
    old, new = pair
    for url in (address(old, new).replace("2020", "2021"), address(old, old), address(old, new).replace("/laws/", "/laws/x")):
        reply = client.get(url)
        assert (reply.status_code, "法律库里没有这两个版本" in reply.content.decode()) == (404, True)


def test_a_text_that_is_corrected_is_compared_anew(client, pair):
    client.get(address(*pair))
    bring_in(edition("长椅办法", articles(*OLD), version=date(2025, 1, 1), effective_on=date(2025, 1, 1)))
    assert "0 条有变化；未变 4 条" in client.get(address(*pair)).content.decode()


def test_the_page_asks_as_often_for_a_long_law_as_for_a_short_one(client, pair, django_assert_num_queries):
    bring_in(
        edition("长办法", articles(*(f"第{n}件事由第{n}组办理。" for n in range(60))), version=date(2020, 1, 1)),
        edition("长办法", articles(*(f"第{n}件事由第{n + 1}组负责办理。" for n in range(60))), version=date(2025, 1, 1)),
    )
    short = address(*pair)
    long = address(*Edition.objects.filter(law__title="长办法").select_related("law").order_by("version_on"))
    client.get(short)
    comparisons.forget()
    with django_assert_num_queries(3):
        client.get(short)
    with django_assert_num_queries(3):
        client.get(long)
