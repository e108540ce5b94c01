"""The tables of one exam's pages as Excel: what the page shows, for whom it shows it, with a line in the log."""
from datetime import datetime
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from mingfa.people.models import Role
from wagtail.models import ModelLogEntry

from exams import actions, corrections
from exams.actions.preparing import RuleSpec
from exams.engine.correcting import Correction
from exams.models import Exam
from exams.papers import keys_of, paper_of
from tests.exported import sheets, table

from . import scene
from .cases import sit
from .scene import NOON, OPENS, browser, holder, minutes

NAMES = ("room", "slots", "venues", "faults", "marking", "papers", "rules")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def people(district):
    return [district.person("甲一"), district.person("=乙二"), district.person("外镇人", district.other_town)]


@pytest.fixture
def exam(district, people):
    return district.exam()


@pytest.fixture
def setter(district, exam):
    return holder(district, Role.SETTER, name="出题人", unit=district.district)


def taken(user, name, exam, **query):
    return browser(user).get(reverse(f"exams:{name}_xlsx", args=[exam.pk]), query)


def page(user, name, exam, **query):
    return browser(user).get(reverse(f"exams:{name}", args=[exam.pk]), query).content.decode()


def test_the_room_goes_out_as_its_list_is_filtered(district, setter, exam, people):
    elsewhere = table(taken(setter, "room", exam, state="waiting", unit=district.other_town.pk))
    assert [row[1] for row in elsewhere[1:]] == ["外镇人"]
    sit(exam, people[0], 60)
    scene.sit(exam, people[1])
    rows = table(taken(setter, "room", exam))
    assert rows[0][:4] == ["单位", "姓名", "情况", "开始"]
    assert [row[:4] for row in rows[1:]] == [["穗安街道", "=乙二", "作答中", datetime(2026, 9, 14, 12, 0)]]
    assert "=乙二" in page(setter, "room", exam)
    done = table(taken(setter, "room", exam, state="done"))
    assert [(row[1], row[2], row[6]) for row in done[1:]] == [("甲一", "本人交卷", datetime(2026, 9, 14, 12, 0))]
    assert f"{reverse('exams:room_xlsx', args=[exam.pk])}?state=done" in page(setter, "room", exam, state="done")


def test_what_was_done_in_the_room_stands_on_a_sheet_of_its_own(setter, exam, people):
    scene.sit(exam, people[0])
    actions.grant_time(exam, minutes=10, reason="停电", by=setter, now=NOON)
    actions.send_message(exam, text="请看黑板", by=setter, now=NOON + minutes(1))
    rows = sheets(taken(setter, "room", exam))["办理记录"]
    assert [row[1:] for row in rows[1:]] == [
        ["通知", None, "全体考生", None, "请看黑板", "出题人"], ["延时", 10, "全体考生", 1, "停电", "出题人"],
    ]  # fmt: skip


def test_the_room_of_more_people_than_one_statement_takes(setter, exam, people, monkeypatch):
    monkeypatch.setattr("exams.rooms.AT_ONCE", 2)
    assert [row[1] for row in table(taken(setter, "room", exam, state="waiting"))[1:]] == ["甲一", "=乙二", "外镇人"]


def test_slots_go_out_with_their_heads_and_those_without_one(district, setter, exam):
    times = {"opens_at": OPENS, "closes_at": OPENS + minutes(120)}
    actions.set_slot(exam, unit=district.town, by=district.boss, now=NOON, **times)
    rows = table(taken(setter, "slots", exam))
    assert rows[1][:4] == ["穗安街道", datetime(2026, 9, 14, 9, 0), datetime(2026, 9, 14, 11, 0), 2]
    assert (rows[2][0], rows[2][3]) == ("没有时段的人", 1)
    assert "2 人" in page(setter, "slots", exam)


def test_venues_go_out_with_their_codes(district, setter, exam):
    hall = {"name": "三楼机房", "code": "4821", "networks": "10.3.0.0/16"}
    actions.set_venue(exam, unit=district.town, by=district.boss, now=OPENS, **hall)
    assert table(taken(setter, "venues", exam))[1:] == [["三楼机房", "穗安街道", "4821", "10.3.0.0/16"]]
    assert "4821" in page(setter, "venues", exam)


def reported_and_corrected(exam, people, setter):
    """A question one person reported and the setter gave everybody; its stem."""
    over = sit(exam, people[0], 100)
    actions.report_fault(over, 0, text="没有对的", by=people[0], now=NOON)
    version = paper_of(over.pk).items[0].version_id
    wanted = Correction((keys_of(paper_of(over.pk))[0][1],), everybody=True)
    seen = corrections.effect_of(exam, version, wanted).digest
    actions.correct_question(exam, version, wanted, reason="题目有误", seen=seen, by=setter, now=NOON)


def test_reports_and_corrections_go_out_together(setter, exam, people):
    reported_and_corrected(exam, people, setter)
    found = sheets(taken(setter, "faults", exam))
    [report], [made] = found["试题报错和更正"][1:], found["已作的更正"][1:]
    assert report[0] == made[0]
    assert report[0] in page(setter, "faults", exam)
    assert report[2] == 1
    assert made[1:] == ["全部给分", "题目有误", datetime(2026, 9, 14, 12, 0), "出题人", 1, 1, 1]


def test_AL4_the_file_tells_an_answer_only_to_whom_the_page_tells_it(district, exam, people):
    """Whoever sits a paper of the bank sees no key of it, on the page or in the file."""
    setter = holder(district, Role.SETTER, name="出题人")
    over = sit(exam, people[0], 100)
    paper = paper_of(over.pk)
    wanted = Correction((keys_of(paper)[0][1],), everybody=False)
    version = paper.items[0].version_id
    seen = corrections.effect_of(exam, version, wanted).digest
    actions.correct_question(exam, version, wanted, reason="核对", seen=seen, by=setter, now=NOON)
    assert sheets(taken(setter, "faults", exam))["已作的更正"][1][1] == f"答案：{keys_of(paper)[0][1]}"
    again = district.exam(name="再一场")
    scene.sit(again, setter)
    assert sheets(taken(setter, "faults", exam))["已作的更正"][1][1] == "改了答案"


def test_papers_go_out_with_their_difficulty(setter, exam, people):
    sit(exam, people[0], 100)
    scene.sit(exam, people[1])
    rows = table(taken(setter, "papers", exam))
    assert [(row[0], row[2], row[7]) for row in rows[1:]] == [("甲一", 1, None), ("=乙二", 1, "作答中")]
    assert all(isinstance(row[4], int | float) for row in rows[1:])
    assert "甲一" in page(setter, "papers", exam)


def test_the_rules_go_out_with_what_the_bank_has(setter, exam):
    rows = table(taken(setter, "rules", exam))
    assert rows[1] == ["单选题", "不限", "不限", "不限", 3, 10, 8]


def test_the_progress_of_marking_is_that_of_the_desk(district, people):
    draft = scene.QuestionDraft(type="short", stem="说说受理的要求", answer="登记\n转办")
    scene.bank_actions.create_question(district.bank, draft, by=district.boss, now=OPENS - minutes(60))
    exam = district.exam(rules=(RuleSpec("short", 1, Decimal(100)),), name="简答")
    sitting = scene.sit(exam, people[0])
    change = {paper_of(sitting.pk).names.questions[0]: [["登记"], 1]}
    actions.save_answers(sitting.pk, change, epoch=sitting.epoch, now=NOON)
    actions.submit_sitting(sitting.pk, by=people[0], now=NOON)
    marker = holder(district, Role.MARKER, name="阅卷甲")
    with time_machine.travel(scene.CLOSES + minutes(90), tick=False):
        Exam.objects.filter(pk=exam.pk).update(state="closed")
        rows = table(taken(marker, "marking", exam))
        assert "0 / 1" in page(marker, "marking", exam)
    assert rows == [["题目", "评完", "共", "等一评", "等二评", "等仲裁"], ["说说受理的要求", 0, 1, 1, 0, 0]]


def test_a_liaison_takes_the_exams_whose_rosters_he_looks_after(district, setter, exam):
    liaison = holder(district, Role.LIAISON, unit=district.town, name="联络员")
    rows = table(browser(liaison).get(reverse("exams:exams_xlsx")))
    assert [row[:3] for row in rows[1:]] == [["法治理论考试", "嘉禾区", "已发布"]]


@pytest.mark.parametrize("name", NAMES)
def test_AZ1_whoever_may_not_see_the_page_gets_no_file(district, setter, exam, people, name):
    outsider = holder(district, Role.SETTER, unit=district.other_town, name="外单位")
    for user in (people[0], outsider):
        assert taken(user, name, exam).status_code == 404
    assert taken(setter, name, exam).status_code == 200
    line = ModelLogEntry.objects.get(action="exams.export_table")
    assert (line.user, line.label, line.data["what"]) == (setter, exam.name, name)

