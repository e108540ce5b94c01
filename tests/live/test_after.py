"""After the class: the result from the log, corrections, reasons, minutes, and one figure wherever it is shown."""
import hashlib
import io
import json
import random
import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse
from docx import Document
from mingfa.people.models import OrgUnit, Role
from mingfa.periods import Year
from mingfa.spreadsheets import read_rows
from wagtail.log_actions import log
from wagtail.models import ModelLogEntry

from courses.live import actions, exporting, indicators, queries, results
from courses.live.actions import minutes as acts
from courses.live.board import BadData
from courses.live.board.refusals import Frozen, NotAllowed, WrongMoment
from courses.live.models import AttendanceChange, CheckIn, Event, Minutes, MinutesLine, RosterEntry, Training
from tests.exported import table
from tests.together import assert_together

from . import held
from .scene import NOW

LATER = NOW + timedelta(hours=3)


@pytest.fixture
def over(scene):
    with time_machine.travel(LATER, tick=True):
        yield held.hold(scene)


def stored(scene) -> dict[int, str]:
    return dict(scene.training.roster.values_list("user", "attendance"))


def lines_of(scene) -> list[str]:
    return [one.text for one in Minutes.objects.get(training=scene.training).lines.all()]


def test_the_log_decides_who_was_there_late_early_and_absent(over):
    assert [held.entry(over, place).attendance for place in range(6)] == [
        "present", "present", "late", "early", "present", "absent"
    ]  # fmt: skip
    assert results.attendance_anew(over.training) == stored(over)


def test_the_result_does_not_depend_on_the_order_in_which_sign_ins_arrived(over):
    """Late deliveries, ticks and confirmations come in any order: rows laid down anew at random give the same."""
    before = stored(over)
    rows = list(CheckIn.objects.filter(training=over.training))
    for seed in range(5):
        CheckIn.objects.filter(training=over.training).delete()
        random.Random(seed).shuffle(rows)
        for one in rows:
            one.pk = None
            one.save(force_insert=True)
        training = Training.objects.get(pk=over.training.pk)
        training.roster.update(attendance="")
        actions.settle(training, now=LATER)
        assert stored(over) == before == results.attendance_anew(training)


def test_a_correction_leaves_a_line_and_the_log_with_it_gives_the_stored_result(over, client):
    entry = held.entry(over, 5)
    actions.correct_attendance(entry, "present", "手机没电，  漏了代签", by=over.trainer, now=LATER)
    assert results.attendance_anew(over.training) == stored(over)
    assert stored(over)[over.cadres[5].pk] == "present"
    change = AttendanceChange.objects.get()
    assert (change.before, change.after, change.reason) == ("absent", "present", "手机没电， 漏了代签")
    line = ModelLogEntry.objects.get(action="live.correct_attendance")
    assert (line.user_id, line.data["before"], line.object_id) == (over.trainer.pk, "absent", str(entry.pk))
    client.force_login(over.trainer)
    page = client.get(reverse("live:results", args=[over.training.pk])).content.decode()
    assert "由“缺席”更正为“出席”：手机没电， 漏了代签" in page
    assert results.standing_of(results.entries_of(over.training)).came == 6


@pytest.mark.parametrize(("attendance", "reason", "refusal"), [
    ("absent", "写错", BadData), ("gone", "写错", BadData), ("present", "  ", BadData), ("present", "长" * 101, BadData),
])  # fmt: skip
def test_a_correction_needs_another_result_and_a_reason(over, attendance, reason, refusal):
    with pytest.raises(refusal):
        actions.correct_attendance(held.entry(over, 5), attendance, reason, by=over.trainer, now=LATER)
    assert not AttendanceChange.objects.exists()


def test_nothing_is_corrected_before_the_result_and_after_archiving(scene):
    scene.begin()
    with pytest.raises(WrongMoment):
        actions.correct_attendance(held.entry(scene, 0), "late", "写错", by=scene.trainer, now=NOW)


def test_a_steward_writes_reasons_of_the_own_hall_only(over):
    actions.give_reason(held.entry(over, 2), "下乡 办案", actor=over.stewarding(), now=LATER)
    assert held.entry(over, 2).reason == "下乡 办案"
    assert held.entry(over, 2).attendance == "late"
    with pytest.raises(NotAllowed):
        actions.give_reason(held.entry(over, 5), "下乡办案", actor=over.stewarding(), now=LATER)
    assert ModelLogEntry.objects.filter(action="live.give_reason").count() == 1


def test_the_correction_page_refuses_personal_numbers_and_strangers(over, client):
    address = reverse("live:correct", args=[over.training.pk, held.entry(over, 5).pk])
    for user in (over.steward, over.cadres[0]):
        client.force_login(user)
        assert client.get(address).status_code == 404
    client.force_login(over.trainer)
    page = client.post(address, {"attendance": "present", "reason": "电话13800138000说已到"})
    assert page.status_code == 400
    assert "这里像是有手机号" in page.content.decode()
    assert client.post(address, {"attendance": "present", "reason": "现场核实"}).status_code == 302


def test_every_figure_is_the_same_on_the_page_in_the_files_in_the_minutes_and_on_the_board(over, client):
    training, entries = over.training, results.entries_of(over.training)
    halls = results.halls_of(training, entries, results.questions_of(training))
    standing = results.standing_of(entries)
    assert (standing.due, standing.came, standing.late, standing.early, standing.absent) == (8, 5, 1, 1, 3)
    figure = indicators.took_part(over.district, Year(2026))
    assert (figure.part, figure.whole, figure.text) == (5, 8, "62.5%")
    by_child = {unit.name: (one.part, one.whole) for unit, one in indicators.took_part_by_child(over.district, Year(2026))}
    assert by_child == {"穗安街道": (3, 5), "黄莺岗镇": (2, 3)}
    assert {one.venue.unit.name: (one.standing.came, one.standing.due) for one in halls} == by_child
    assert indicators.held(over.towns[1], Year(2026)).value == 1
    assert indicators.held(over.towns[1], Year(2025)).value == 0
    for one in (indicators.PARTICIPATION, indicators.HELD):
        assert_together(one, [over.district, *over.towns], Year(2026))
    rows = read_rows(exporting.attendance_xlsx(training, halls, now=training.ends_at), "x.xlsx")[0].rows
    assert [row.text(0) for row in rows[1:5]] == ["会场", "穗安街道会场", "黄莺岗镇会场", "合计"]
    assert [rows[4].text(place) for place in range(1, 9)] == ["8", "5", "3", "1", "1", "3", "0", "62.5%"]
    assert [rows[4].text(place) for place in (9, 10, 11, 12, 13)] == ["3", "4", "5", "3", "2"]
    assert "应到8人，实到5人，迟到1人，早退1人，缺席3人，参训率62.5%（5/8）。签到3轮。" in lines_of(over)
    client.force_login(over.trainer)
    page = client.get(reverse("live:results", args=[training.pk])).content.decode()
    for words in ("62.5%（5 / 8，实到 ÷ 应到）", "60.0%（3 / 5，作答 ÷ 到场人数乘题数）", "66.7%（2 / 3，答对 ÷ 作答）"):
        assert words in page


def test_the_board_reads_a_class_at_once_and_says_what_each_figure_and_list_says_by_itself(over):
    asked = Year(2026), str(over.training.pk)
    code = indicators.PARTICIPATION.code
    for unit in (over.district, *over.towns):
        reading, people = indicators.read(unit, *asked), indicators.absent(unit, *asked)
        figure = indicators.took_part(unit, *asked)
        assert reading.figures == {code: figure}
        assert [(child, found[code]) for child, found in reading.rows] == indicators.took_part_by_child(unit, *asked)
        whole, names = list(people), {}
        assert len(people) == len(whole) == figure.short > 0
        for start in range(len(whole) + 1):
            for stop in range(len(whole) + 2):
                assert people[start:stop] == whole[start:stop]
        for one in whole:
            names.setdefault(one.path[: len(unit.path) + OrgUnit.steplen], []).append(one.name)
        first = reading.first_names([child for child, _ in reading.rows], 1)
        assert first == {path: some[:1] for path, some in names.items()}


def test_a_towns_leader_finds_the_class_on_the_board_with_the_way_to_its_people(over, client):
    client.force_login(over.holder(Role.LEADER, over.towns[1], "丙一"))
    page = client.get(reverse("board_unit", args=[over.towns[1].pk]), {"of": f"trainings-{over.training.pk}"}).content.decode()
    assert "行政复议法新规。9 月 17 日，何砚秋主讲。" in page
    assert "66.7%" in page
    assert f'href="{reverse("live:results", args=[over.training.pk])}">看明细' in page
    names = client.get(reverse("board_names", args=[over.towns[1].pk]), {"of": f"trainings-{over.training.pk}"})
    assert "甲5" in names.content.decode()
    assert "缺席，还没补学" in names.content.decode()
    assert "结果<span" in client.get(reverse("live:list")).content.decode()


def test_the_sign_in_table_says_when_and_how_of_each_person(over):
    people = results.people_of(over.training, results.entries_of(over.training))
    document = Document(io.BytesIO(exporting.signed_docx(over.training, people)))
    rows = {row.cells[3].text: [cell.text for cell in row.cells] for row in document.tables[0].rows}
    assert rows["姓名"] == list(exporting.SIGNED)
    assert rows["甲0"][5:8] == ["08:55:00", "扫码", "出席"]
    assert rows["甲4"][6:8] == ["会场管理员代签", "出席"]
    assert rows["甲5"][5:8] == ["", "", "缺席"]
    assert len(rows) == 9
    sheet = read_rows(exporting.signed_xlsx(over.training, people, now=over.training.ends_at), "x.xlsx")[0]
    assert [row.text(3) for row in sheet.rows[2:-2]] == [one.entry.user.name for one in people]


def test_the_minutes_tell_the_class_and_every_paragraph_names_its_events(over):
    text = "\n".join(lines_of(over))
    for words in (
        "2026年9月17日9:00至10:20", "何砚秋主讲，设2个会场", "中间暂停1次：休息。", "迟到：甲2。", "早退：甲3。",
        "穗安街道会场：应到5人，实到3人，迟到1人，缺席2人；会场清点3人，已由另一人确认。", "讲课件2页，课件共9页。",
        "《行政复议法》第二十条", "要点：期限的起算。", "投票“听懂了吗”：1人作答，懂了1人，没懂0人。",
        "答题“申请复议的期限”：3人作答，答对2人，正确率66.7%（2/3），答案：六十日。",
        "黄莺岗镇会场问：节假日算不算。答：算，最后一天顺延。",
    ):  # fmt: skip
        assert words in text, words
    lines = MinutesLine.objects.filter(minutes__training=over.training, heading=False)
    figures = [one for one in lines if re.search(r"\d", one.text)]
    assert figures
    assert all(one.events for one in figures), [one.text for one in figures if not one.events]
    known = set(over.training.events.values_list("seq", flat=True))
    assert all(set(one.events) <= known for one in lines)
    headings = [one.text for one in MinutesLine.objects.filter(minutes__training=over.training, heading=True)]
    assert headings == ["一、会议概况", "二、参会情况", "三、讲授内容", "四、投票和答题", "五、提问和答复"]


def test_minutes_are_edited_frozen_with_a_hash_and_then_stay(over, client):
    client.force_login(over.trainer)
    address = reverse("live:minutes", args=[over.training.pk])
    minutes = Minutes.objects.get(training=over.training)
    first, second = minutes.lines.filter(heading=False)[:2]
    heading = minutes.lines.filter(heading=True).last()
    texts = {f"line-{first.pk}": "改过的第一段", f"line-{second.pk}": "", "line-9999": "别人的"}
    form = {**texts, f"add-{heading.pk}": "会后请各镇街自查。"}
    assert client.post(address, form).status_code == 302
    texts = [one.text for one in minutes.lines.all()]
    assert texts[1] == "改过的第一段"
    assert texts[-1] == "会后请各镇街自查。"
    assert second.text not in texts
    client.post(reverse("live:minutes_freeze", args=[over.training.pk]))
    minutes.refresh_from_db()
    lines = [[one.heading, one.text, one.events] for one in minutes.lines.all()]
    text = json.dumps([over.training.pk, lines], ensure_ascii=False, separators=(",", ":"))
    assert minutes.sha256 == hashlib.sha256(text.encode()).hexdigest()
    for action in (lambda: acts.draft(over.training, by=over.trainer, now=LATER),
                   lambda: acts.revise(minutes, texts={first.pk: "x"}, added={}, by=over.trainer, now=LATER)):  # fmt: skip
        with pytest.raises(Frozen):
            action()
    assert "与正文相符" in client.get(address).content.decode()
    word = Document(io.BytesIO(client.get(reverse("live:minutes_file", args=[over.training.pk, "docx"])).content))
    assert any(minutes.sha256 in one.text for one in word.paragraphs)
    MinutesLine.objects.filter(pk=first.pk).update(text="暗中改的")
    assert "正文与定稿时的校验码不符" in client.get(address).content.decode()


def test_minutes_drafted_before_a_correction_say_so_and_are_drafted_anew(over, client):
    client.force_login(over.trainer)
    address = reverse("live:minutes", args=[over.training.pk])
    assert "起草以后签到结果有更正" not in client.get(address).content.decode()
    actions.correct_attendance(held.entry(over, 5), "present", "漏签", by=over.trainer, now=LATER + timedelta(seconds=1))
    assert "起草以后签到结果有更正" in client.get(address).content.decode()
    acts.draft(over.training, by=over.trainer, now=LATER + timedelta(seconds=2))
    assert "应到8人，实到6人，迟到1人，早退1人，缺席2人，参训率75.0%（6/8）。签到3轮。" in lines_of(over)


def test_the_log_page_shows_the_event_a_figure_comes_from(over, client):
    client.force_login(over.trainer)
    closed = Event.objects.get(training=over.training, kind="quiz.close")
    page = client.get(reverse("live:log", args=[over.training.pk]), {"seq": closed.seq}).content.decode()
    assert f'id="e{closed.seq}" aria-current="true"' in page
    assert "答案 A，各项 2、1、0" in page


def test_who_sees_the_result_of_whom(over, client):
    leader = over.holder(Role.LEADER, over.towns[1], "丙一")
    boss = over.holder(Role.LEADER, over.district, "丙二")
    expected = {over.trainer: 8, boss: 8, leader: 3, over.steward: 5}
    address = reverse("live:results", args=[over.training.pk])
    for user, heads in expected.items():
        client.force_login(user)
        page = client.get(address)
        assert page.status_code == 200
        assert f"<caption>{heads} 人</caption>" in page.content.decode(), user.name
        file = client.get(reverse("live:results_file", args=[over.training.pk, "signed", "xlsx"]))
        assert len(read_rows(file.content, "x.xlsx")[0].rows) == heads + 4  # title, header, a line of source
    assert ModelLogEntry.objects.filter(action="live.export").count() == 4
    stranger = over.holder(Role.LEADER, over.outsiders(), "丁一")
    for user in (over.cadres[0], stranger):
        client.force_login(user)
        assert client.get(address).status_code == 404
        assert client.get(reverse("live:results_file", args=[over.training.pk, "signed", "docx"])).status_code == 404
    for user in (leader, over.steward):
        client.force_login(user)
        assert client.get(reverse("live:minutes", args=[over.training.pk])).status_code == 404


def test_the_results_page_asks_the_same_number_of_questions_for_many(over, client, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    client.force_login(over.trainer)
    address = reverse("live:results", args=[over.training.pk])
    client.get(address)
    with CaptureQueriesContext(connection) as few:
        client.get(address)
    people = [over.person(f"戊{place}", over.towns[place % 2]) for place in range(30)]
    RosterEntry.objects.bulk_create(
        RosterEntry(
            training=over.training, venue=over.venues[place % 2], user=one, attendance="absent", unit=over.towns[place % 2]
        )
        for place, one in enumerate(people)
    )  # fmt: skip
    with django_assert_num_queries(len(few)):
        assert "38 人</caption>" in client.get(address).content.decode()


def test_heads_of_all_trainings_are_counted_at_once_and_no_hall_meets_every_person(over, django_assert_num_queries):
    empty = actions.create_training(
        title="没有名册", unit=over.district, starts_at=NOW, ends_at=LATER, venues=[], by=over.trainer, now=NOW,
    )  # fmt: skip
    asked = queries.trainings_with_heads(over.trainer)
    # One row of the database per training: halls and people are counted beside it, not joined to it.
    assert not {"live_venue", "live_rosterentry"} & set(asked.query.alias_map)
    with django_assert_num_queries(1):
        found = {one.pk: (one.halls, one.due, one.came) for one in asked}
    assert found == {over.training.pk: (len(over.venues), 8, 5), empty.pk: (0, 0, 0)}


def test_the_trainer_takes_the_list_of_trainings_away_with_its_heads(over, client):
    client.force_login(over.trainer)
    rows = read_rows(client.get(reverse("live:trainings_xlsx")).content, "x.xlsx")[0].rows
    assert (rows[2].text(0), [rows[2].text(place) for place in (6, 7, 8, 9)]) == (over.training.title, ["2", "8", "5", "62.5"])
    assert "SHA-256" in rows[-1].text(0)
    client.force_login(over.person("学员"))
    assert client.get(reverse("live:trainings_xlsx")).status_code == 403


def test_the_log_goes_out_whole_and_the_page_shows_the_same_words(over, client):
    client.force_login(over.trainer)
    rows = table(client.get(reverse("live:log_xlsx", args=[over.training.pk])))
    assert [row[0] for row in rows[1:]] == list(over.training.events.order_by("seq").values_list("seq", flat=True))
    assert any("答案 A，各项 2、1、0" in str(row[3]) for row in rows)
    assert ModelLogEntry.objects.get(action="live.export").data["what"] == "log"
    client.force_login(over.cadres[0])
    for name in ("log_xlsx", "audience_xlsx"):
        assert client.get(reverse(f"live:{name}", args=[over.training.pk])).status_code == 404


def test_who_looked_at_the_replay_goes_out_for_the_trainer(over, client):
    log(over.training, "live.watch_replay", user=over.cadres[0])
    client.force_login(over.trainer)
    rows = table(client.get(reverse("live:audience_xlsx", args=[over.training.pk])))
    assert [row[1:] for row in rows[1:]] == [[over.cadres[0].name, "看回放"]]
