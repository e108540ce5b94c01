"""The figures of outreach: what counts, and that each opens into its lines; the print kit."""
import re
from datetime import date

import pytest
import time_machine
from django.urls import reverse
from mingfa.indicators.registry import indicator
from mingfa.periods import Month, Year

from outreach import actions, kit
from outreach.actions import wordlist
from outreach.indicators import figures
from outreach.models import Batch, Code, Visits
from tests.together import assert_together

from .scene import DAY, NOW, browser
from .test_campaigns import approved, campaign, checker  # noqa: F401 fixtures
from .test_quiz import bank, quiz  # noqa: F401 fixtures
from .test_views import text


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def year(scene, quiz):  # noqa: F811
    """Two activities in one township, one counted; 6,137 copies handed out; 34 people scanned."""
    batch = scene.batch(9000)
    scene.send(batch, 7000)
    stock = batch.stocks.get(place=scene.town)
    words = {"unit": scene.town, "by": scene.towner, "now": NOW}
    actions.record_activity(actions.Record("赶集日", "stall", DAY, "老街", 260, consulted=34), handed=[(stock, 6137)], **words)
    actions.record_activity(actions.Record("讲座", "talk", DAY, "礼堂", 62, is_counted=True), handed=[], **words)
    code = actions.make_code(quiz, unit=scene.town, batch=batch, by=scene.keeper, now=NOW)
    Visits.objects.create(code=code, month=date(2026, 12, 1), begun=34, finished=20)
    return scene


def test_every_figure_counts_what_its_definition_says_and_opens_into_its_lines(year):
    found = {one.code.removeprefix("outreach_"): figure.text for one, figure, _ in figures(year.district, Year(2026))}
    assert found == {
        "activities": "2", "coverage": "50.0%", "kinds": "1", "copies": "6,137", "counted": "62", "estimated": "260",
        "consulted": "34", "scans": "34", "fallen": "—", "published": "0",
    }  # fmt: skip
    keeper = browser(year.keeper)
    page = text(keeper.get(reverse("outreach:figures")))
    assert "受众人数（清点） 62" in page
    assert "镇街覆盖率 50.0% 1 / 2" in page
    for _, _, address in figures(year.district, Year(2026)):
        assert keeper.get(address).status_code == 200
    copies = next(address for one, _, address in figures(year.district, Year(2026)) if one.code == "outreach_copies")
    assert "6,137" in text(keeper.get(copies))
    assert browser(year.person("白露", year.town)).get(reverse("outreach:figures")).status_code == 403


def test_the_parts_of_a_figure_come_to_the_whole(year):
    for code in ("activities", "copies", "counted", "estimated", "consulted", "scans"):
        one = indicator(f"outreach_{code}")
        parts = [figure.value for _, figure in one.by_child(year.district, Year(2026))]
        assert sum(parts) == one.compute(year.district, Year(2026)).value
    assert indicator("outreach_activities").compute(year.district, Month(2026, 11)).text == "0"


@pytest.mark.parametrize("name", ["activities", "counted", "estimated", "consulted", "kinds", "copies", "scans"])
def test_many_units_are_read_once(year, name):
    assert_together(indicator(f"outreach_{name}"), [year.district, year.town, year.other], Year(2026))


def test_a_leaflet_nobody_scanned_is_named(year, quiz):  # noqa: F811
    keeper, batch = browser(year.keeper), Batch.objects.get()
    assert "还没有人扫过的资料" not in text(keeper.get(reverse("outreach:quizzes")))
    actions.make_code(quiz, unit=year.other, batch=batch, by=year.keeper, now=NOW)
    assert "还没有人扫过的资料 宪法单行本 第 1 批 柳汀湾镇" in text(keeper.get(reverse("outreach:quizzes")))


def test_a_print_kit_has_every_sheet_with_its_code_and_a_text_to_be_read_aloud(scene, campaign, checker, quiz):  # noqa: F811
    keeper = browser(scene.keeper)
    address = reverse("outreach:kit", args=[campaign.pk])
    assert keeper.get(address).status_code == 404  # not approved yet
    approved(campaign, scene, checker)
    quiz.campaign = campaign
    quiz.save()
    actions.make_code(quiz, unit=scene.district, spot="广场", by=scene.keeper, now=NOW)
    words = {"title": "不服决定#怎么办", "first": "看清日期。", "second": "找对机关", "help": "法律服务热线 12348"}
    assert "请至少写一点" in text(keeper.get(address, {"title": "x", "first": ""}))
    page = keeper.get(address, words)
    assert "带“三道题”的答题码" in text(page)
    sheets = re.findall(r'href="([^"]+\.pdf\?[^"]+)"', page.content.decode())
    assert len(sheets) == len(kit.SHEETS)
    for one in sheets:
        assert keeper.get(one.replace("&amp;", "&")).content.startswith(b"%PDF")
    spoken = keeper.get(reverse("outreach:kit_audio", args=[campaign.pk]), words).content.decode()
    assert spoken.count("第二，找对机关。") == 2
    assert Code.objects.get().slug in kit.code_of(campaign).slug


@pytest.mark.parametrize(
    ("written", "said"),
    [("法律服务热线 12348", "法律服务热线 幺二三四八"), ("电话 0000-7654321", "电话 零零零零七六五四三二幺"),
     ("六十日，也就是 60 日", "六十日，也就是 60 日"), ("拨打１２３４８", "拨打幺二三四八"),
     ("罚款 50000 元，涉及 12000人", "罚款 50000 元，涉及 12000人"),
     ("《行政复议法》（2023 年修订）", "行政复议法，2023 年修订")],
)  # fmt: skip
def test_what_a_loudspeaker_says_can_be_said(written, said):
    assert kit.spoken(written) == said


def test_long_sentences_and_words_on_the_offices_list_are_pointed_at_before_printing(scene):
    wordlist.list_word(unit=scene.district, kind="mistaken", word="布署", right="部署", by=scene.keeper, now=NOW)
    long = "收到行政机关作出的决定书以后请您务必先看清楚上面写明的申请行政复议的期限"
    words = kit.Words("看清期限", ("先看日期。再找机关。", long), "布署办公室")
    assert kit.remarks(words, scene.district) == [
        f"“{long[:12]}…”一句有 {len(long)} 个字，分成两句更好念、更好懂", "“布署”：应当是“部署”",
    ]  # fmt: skip
