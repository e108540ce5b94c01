"""The roster's pages: 免考, 缓考, approval by a second person, the frozen sheet, 作废 and going on."""
from io import BytesIO

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from mingfa.people import actions as people
from mingfa.people.models import Role
from openpyxl import load_workbook

from exams import actions, queries, rosters
from exams.engine.refusals import ChangePending, NoAttemptLeft, OwnCase, SittingNow
from exams.models import Candidate, Exam, RosterChange, Sitting

from . import scene
from .scene import CLOSES, NOON, browser, candidate, holder, minutes

AFTER = CLOSES + minutes(60)
PDF = b"%PDF-1.7 proof"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOON, tick=False) as clock:
        yield clock


@pytest.fixture
def setter(district, exam):
    return holder(district, Role.SETTER)


@pytest.fixture
def leader(district, exam):
    return holder(district, Role.LEADER, name="李局长")


@pytest.fixture
def liaison(district, exam):
    return holder(district, Role.LIAISON, unit=district.town, name="王联络")


def ask(user, one, kind="exempt", reason="长期病假", **more):
    address = reverse("exams:roster_person", args=[one.pk])
    return browser(user).post(address, {"kind": kind, "reason": reason, **more}, follow=True)


def fresh(one):
    return Candidate.objects.get(pk=one.pk)


def finished(exam, cadre):
    sitting = scene.sit(exam, cadre)
    scene.answer_all(sitting, right=False)
    return actions.submit_sitting(sitting.pk, by=cadre, now=NOON)


def test_AZ1_who_organises_an_exam_does_nothing_for_his_own_sitting_in_it(district, exam):
    """No time, no second chance and no unlocking by oneself; a colleague may."""
    colleague = holder(district, Role.SETTER, name="同事")
    mine = Candidate.objects.create(exam=exam, user=holder(district, Role.SETTER, name="自己考"), unit=district.town)
    sitting = scene.sit(exam, mine.user)
    actions.freeze_sitting(sitting, reason="核对身份", by=colleague, now=NOON)
    own = browser(mine.user)
    pages = [
        own.post(reverse("exams:room_time", args=[exam.pk]), {"candidate": mine.pk, "minutes": 60, "reason": "慢"}, follow=True),
        own.post(reverse("exams:unfreeze", args=[sitting.pk]), follow=True),
        own.post(reverse("exams:void", args=[sitting.pk]), {"reason": "考得不好", "again": "on"}, follow=True),
    ]
    assert all("自己的考试，自己不能办理" in page.content.decode() for page in pages)
    before = Sitting.objects.get(pk=sitting.pk)
    assert (before.ends_at, before.state, before.frozen_reason) == (NOON + minutes(60), "open", "核对身份")
    assert (fresh(mine).extra_minutes, fresh(mine).extra_attempts) == (0, 0)
    browser(colleague).post(reverse("exams:void", args=[sitting.pk]), {"reason": "断电", "again": "on"})
    assert (Sitting.objects.get(pk=sitting.pk).state, fresh(mine).extra_attempts) == ("void", 1)


# --- changes ---------------------------------------------------------------------------------------------
def test_before_the_close_the_organiser_exempts_at_once_and_the_standing_follows(setter, exam, cadre):
    one = candidate(exam, cadre)
    page = ask(setter, one)
    assert "陈志远已免考，名册已更新" in page.content.decode()
    assert (fresh(one).exempt_reason, fresh(one).approved_by) == ("长期病假", setter)
    assert queries.standing(exam).due == queries.standing(exam).on_roster - 1


def test_taking_an_excuse_back_keeps_both_lines(setter, exam, cadre):
    one = candidate(exam, cadre)
    ask(setter, one, "defer", "援派")
    page = ask(setter, one, "restore", "已返岗")
    assert fresh(one).deferred_reason == ""
    assert "变动前：缓考：援派" in page.content.decode()
    assert one.changes.count() == 2


def test_a_liaison_applies_and_nothing_changes_until_somebody_else_approves(liaison, leader, exam, cadre):
    one = candidate(exam, cadre)
    page = ask(liaison, one)
    assert "等另一位有权限的人批准后生效" in page.content.decode()
    assert fresh(one).exempt_reason == ""
    change = RosterChange.objects.get()
    assert browser(liaison).post(reverse("exams:roster_decide", args=[change.pk]), {"do": "approve"}).status_code == 404
    browser(leader).post(reverse("exams:roster_decide", args=[change.pk]), {"do": "approve", "note": "同意"})
    change.refresh_from_db()
    assert (fresh(one).exempt_reason, change.decided_by, change.note) == ("长期病假", leader, "同意")


def test_after_the_close_even_the_organiser_needs_a_second_person(setter, leader, exam, cadre, clock):
    clock.move_to(AFTER)
    one = candidate(exam, cadre)
    ask(setter, one, reason="产假")
    change = RosterChange.objects.get()
    own = browser(setter).post(reverse("exams:roster_decide", args=[change.pk]), {"do": "approve"}, follow=True)
    assert "不能批准自己的申请" in own.content.decode()
    assert fresh(one).exempt_reason == ""
    browser(leader).post(reverse("exams:roster_decide", args=[change.pk]), {"do": "approve"})
    assert fresh(one).exempt_reason == "产假"


def test_who_has_a_result_is_not_taken_out_of_the_rates_by_one_person(setter, exam, cadre):
    finished(exam, cadre)
    one = candidate(exam, cadre)
    ask(setter, one)
    assert (fresh(one).exempt_reason, RosterChange.objects.get().state) == ("", "pending")
    assert queries.standing(exam).sat == 1


def test_a_refused_change_leaves_the_roster_and_its_line(setter, leader, liaison, exam, cadre):
    one = candidate(exam, cadre)
    ask(liaison, one)
    change = RosterChange.objects.get()
    address = reverse("exams:roster_decide", args=[change.pk])
    browser(leader).post(address, {"do": "refuse", "note": "没有证明"})
    again = browser(leader).post(address, {"do": "approve"}, follow=True)
    assert "现在的状态（未批准）不能这样做" in again.content.decode()
    assert (fresh(one).exempt_reason, RosterChange.objects.get().note) == ("", "没有证明")


def test_nobody_decides_about_himself_and_no_two_changes_wait_at_once(district, setter, leader, exam):
    mine = Candidate.objects.create(exam=exam, user=setter, unit=district.town)
    with pytest.raises(OwnCase):
        actions.exempt_candidate(mine, reason="出差", by=setter, now=NOON)
    actions.exempt_candidate(mine, reason="出差", by=leader, now=NOON)
    with pytest.raises(ChangePending):
        actions.defer_candidate(mine, reason="出差", by=leader, now=NOON)
    with pytest.raises(OwnCase):
        actions.decide_change(RosterChange.objects.get(), approved=True, note="", by=setter, now=NOON)


def test_who_sits_at_this_moment_is_neither_exempt_nor_deferred(setter, exam, cadre, sitting):
    page = ask(setter, candidate(exam, cadre))
    assert page.status_code == 422
    assert "正在作答，等交卷以后再办" in page.content.decode()
    with pytest.raises(SittingNow):
        actions.defer_candidate(candidate(exam, cadre), reason="出差", by=setter, now=NOON)


def test_an_excuse_that_comes_while_the_start_button_is_pressed_wins(district, setter, exam, cadre):
    read_before = candidate(exam, cadre)
    actions.exempt_candidate(read_before, reason="产假", by=setter, now=NOON)
    with pytest.raises(NoAttemptLeft):
        actions.start_sitting(read_before, by=cadre, now=NOON)
    assert Sitting.objects.count() == 0


@pytest.mark.parametrize(("field", "value", "why"), [
    ("reason", "  ", "请写原因"), ("reason", "长" * 101, "原因最多 100 字"), ("kind", "away", "不在"),
])  # fmt: skip
def test_incomplete_changes_are_refused_in_words(setter, exam, cadre, field, value, why):
    page = ask(setter, candidate(exam, cadre), **{field: value})
    assert page.status_code == 422
    assert why in page.content.decode()
    assert RosterChange.objects.count() == 0


# --- proof -----------------------------------------------------------------------------------------------
def test_the_proof_is_kept_under_our_own_name_and_goes_out_as_a_download(setter, exam, cadre, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    ask(setter, candidate(exam, cadre), proof=SimpleUploadedFile("../证明\u202e.pdf", PDF))
    change = RosterChange.objects.get()
    reply = browser(setter).get(reverse("exams:roster_proof", args=[change.pk]))
    assert b"".join(reply.streaming_content) == PDF
    assert reply["Content-Disposition"] == f'attachment; filename="proof-{change.pk}.pdf"'
    assert "证明" not in change.proof.name


def test_IF8_a_page_that_calls_itself_a_picture_is_refused(setter, exam, cadre):
    page = ask(setter, candidate(exam, cadre), proof=SimpleUploadedFile("proof.png", b"<svg onload=alert(1)>"))
    assert "这个文件不是 PDF、PNG 或 JPG" in page.content.decode()
    assert RosterChange.objects.count() == 0


# --- who sees what ---------------------------------------------------------------------------------------
def test_a_liaison_sees_the_people_of_the_own_units_only(district, liaison, exam, cadre):
    other = district.person("外镇人", unit=district.other_town)
    foreign = Candidate.objects.create(exam=exam, user=other, unit=district.other_town)
    page = browser(liaison).get(reverse("exams:roster", args=[exam.pk])).content.decode()
    assert "陈志远" in page
    assert "外镇人" not in page
    assert browser(liaison).get(reverse("exams:roster_person", args=[foreign.pk])).status_code == 404
    assert browser(liaison).get(reverse("exams:roster_sheet", args=[exam.pk])).status_code == 404


def test_strangers_find_nothing(district, setter, exam, cadre):
    one = candidate(exam, cadre)
    actions.exempt_candidate(one, reason="产假", by=setter, now=NOON)
    change, stranger = RosterChange.objects.get(), browser(holder(district, Role.LIAISON, unit=district.other_town))
    for name, key in [("roster", exam.pk), ("roster_person", one.pk), ("roster_sheet", exam.pk), ("roster_xlsx", exam.pk),
                      ("roster_proof", change.pk)]:  # fmt: skip
        assert stranger.get(reverse(f"exams:{name}", args=[key])).status_code == 404
        assert Client().get(reverse(f"exams:{name}", args=[key])).status_code == 302
    assert stranger.post(reverse("exams:roster_decide", args=[change.pk]), {"do": "approve"}).status_code == 404


def test_the_list_costs_the_same_with_one_person_and_with_thirty(district, setter, exam):
    address, client = reverse("exams:roster", args=[exam.pk]), browser(setter)

    def statements():
        with CaptureQueriesContext(connection) as found:
            assert client.get(address).status_code == 200
        return len(found)

    client.get(address)
    first = statements()
    for n in range(30):
        Candidate.objects.create(exam=exam, user=district.person(f"学员{n}"), unit=district.town)
    assert statements() == first


@pytest.mark.parametrize(
    ("query", "found"), [("q=陈志", True), ("q=无此人", False), ("show=exempt", False), ("show=absent", True)]
)
def test_the_list_is_searched_by_name_and_standing(setter, exam, cadre, query, found):
    page = browser(setter).get(reverse("exams:roster", args=[exam.pk]) + "?" + query).content.decode()
    assert ("陈志远" in page) is found
    assert ("没有符合条件的人" in page) is not found


# --- the sheet -------------------------------------------------------------------------------------------
def test_the_sheet_names_the_excused_and_its_digest_changes_with_any_of_them(district, setter, exam, cadre):
    before = rosters.frozen_sheet(exam)
    assert rosters.frozen_sheet(exam).digest == before.digest
    actions.defer_candidate(candidate(exam, cadre), reason="援派", by=setter, now=NOON)
    after = rosters.frozen_sheet(exam)
    page = browser(setter).get(reverse("exams:roster_sheet", args=[exam.pk])).content.decode()
    assert after.digest != before.digest
    assert (after.digest in page, "援派" in page) == (True, True)
    assert sum((heads.due for _, heads in after.lines)) == after.total.due == before.total.due - 1


def test_IF4_the_excel_roster_takes_a_reason_for_text(setter, exam, cadre):
    actions.defer_candidate(candidate(exam, cadre), reason="=1+1", by=setter, now=NOON)
    reply = browser(setter).get(reverse("exams:roster_xlsx", args=[exam.pk]))
    cells = [cell for row in load_workbook(BytesIO(reply.content)).active.iter_rows() for cell in row]
    assert "缓考：=1+1" in [cell.value for cell in cells]
    assert all(cell.data_type != "f" for cell in cells)


# --- sittings --------------------------------------------------------------------------------------------
def test_voiding_needs_a_reason_and_takes_the_result_away(setter, exam, cadre):
    sitting = finished(exam, cadre)
    address = reverse("exams:void", args=[sitting.pk])
    refused = browser(setter).post(address, {"reason": " "}, follow=True)
    assert "没有作废：请写原因" in refused.content.decode()
    browser(setter).post(address, {"reason": "替考"})
    again = browser(setter).post(address, {"reason": "替考"}, follow=True)
    assert "现在的状态（已作废）不能这样做" in again.content.decode()
    assert fresh(candidate(exam, cadre)).counted is None


def test_a_sitting_frozen_with_its_account_goes_on_once_the_account_is_back(district, setter, exam, cadre, sitting):
    people.disable_account(cadre, by=district.boss, now=NOON)
    address = reverse("exams:unfreeze", args=[sitting.pk])
    refused = browser(setter).post(address, follow=True)
    assert "账号还停用着" in refused.content.decode()
    people.enable_account(cadre, by=district.boss, now=NOON)
    browser(setter).post(address)
    sitting.refresh_from_db()
    assert sitting.frozen_reason == ""
    assert scene.answer_all(sitting).revision == sitting.revision + 1


def test_leaders_approve_but_do_not_void(leader, exam, cadre, sitting):
    assert browser(leader).post(reverse("exams:void", args=[sitting.pk]), {"reason": "替考"}).status_code == 404
    assert browser(leader).post(reverse("exams:unfreeze", args=[sitting.pk])).status_code == 404


def test_liaisons_and_leaders_find_the_rosters_they_look_after(district, liaison, leader, exam, cadre):
    stranger = holder(district, Role.LIAISON, unit=district.other_town, name="外联络")
    link = reverse("exams:roster", args=[exam.pk])
    address = reverse("exams:manage_list")
    assert link in browser(liaison).get(address).content.decode()
    assert link in browser(leader).get(address).content.decode()
    assert "有您单位人员的考试发布以后" in browser(stranger).get(address).content.decode()
    assert browser(cadre).get(address).status_code == 403


def test_AL3_nobody_who_looks_after_people_reads_marks_before_they_are_released(district, exam, cadre):
    Exam.objects.update(result_policy="after_release")
    sitting = scene.sit(exam, cadre)
    scene.answer_all(sitting, right=False)
    actions.submit_sitting(sitting.pk, by=cadre, now=NOON)
    line = candidate(exam, cadre)
    liaison = holder(district, "liaison", unit=district.town, name="联络员")
    leader, setter = holder(district, "leader", name="领导"), holder(district, "setter", name="出题人")
    addresses = [
        reverse("exams:roster", args=[exam.pk]), reverse("exams:roster_person", args=[line.pk]),
        reverse("exams:scores", args=[exam.pk]),
    ]  # fmt: skip

    def pages(who, now):
        with time_machine.travel(now, tick=False):
            page = browser(who)
            return "".join(page.get(address).content.decode().split("<main")[1] for address in addresses)

    for who in (liaison, leader):
        before = pages(who, CLOSES + minutes(1))
        assert "未合格" not in before
        assert "0 分" not in before
        assert "已交卷" in before
    assert "未合格" in pages(setter, CLOSES + minutes(1))
    Exam.objects.update(released_at=CLOSES + minutes(2))
    assert "未合格" in pages(liaison, CLOSES + minutes(3))
