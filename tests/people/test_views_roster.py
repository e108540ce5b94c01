"""花名册 on the screen: compare, decide, confirm; nothing half-saved, nothing of other units touched."""
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from mingfa.people.importing.columns import TEMPLATE
from mingfa.people.models import OrgUnit, Posting, Role, RosterImport, RosterRow, User
from mingfa.people.views import roster as roster_views
from mingfa.spreadsheets import read_rows, write_xlsx
from wagtail.models import ModelLogEntry

from .lists import HEADER, confirm, staged, upload
from .making import holder, liaison, person

pytestmark = pytest.mark.django_db

SAMPLES = Path(__file__).parents[1] / "data" / "roster"


def test_a_list_is_compared_first_and_written_when_confirmed(client, here):
    client.force_login(liaison(here, staff_number="L1"))
    rows = [("丁四", "JH0001", "13800000001", "东一镇", "科员", ""), ("联一", "L1", "", "东一镇", "", "")]

    response = upload(client, rows)
    page = client.get(response["Location"])
    before = User.objects.filter(name="丁四").exists()
    confirm(client)

    counts = [(word, count) for _, word, count in page.context["counts"]]
    assert counts == [("新增", 1), ("变更", 0), ("调出", 0), ("不变", 1)]
    assert before is False
    added = User.objects.get(name="丁四")
    assert (added.staff_number, added.is_active, added.current_posting.post) == ("JH0001", True, "科员")
    assert staged().state == "applied"
    assert [entry.action for entry in ModelLogEntry.objects.filter(content_type__model="rosterimport")] == [
        "people.apply_roster", "people.stage_roster",
    ]  # fmt: skip


def test_changes_are_shown_in_words(client, here):
    person(here, "丁四", staff_number="JH0001", post="科员", phone="13800000001")
    client.force_login(liaison(here))

    upload(client, [("丁四", "JH0001", "13800000009", "东一镇", "科长", "")], keep_missing="on")

    row = RosterRow.objects.get()
    assert (row.change, row.difference) == ("changed", "手机号有变化；职务：科员 → 科长")
    confirm(client)
    cadre = User.objects.get(name="丁四")
    assert cadre.current_posting.post == "科长"
    assert cadre.postings.count() == 2


def test_empty_cells_keep_what_we_have(client, here):
    cadre = person(here, "丁四", staff_number="JH0001", post="科员", phone="13800000001", duty_status="maternity")
    client.force_login(liaison(here))

    upload(client, [("丁四", "JH0001", "", "东一镇", "", "")], keep_missing="on")

    assert RosterRow.objects.get().change == "same"
    assert User.objects.get(pk=cadre.pk).current_posting.duty_status == "maternity"


def test_people_missing_from_the_list_are_moved_out_and_lose_their_account_but_stay(client, here):
    missing = person(here, "戊五", staff_number="JH0002")
    client.force_login(liaison(here, staff_number="L1"))

    upload(client, [("联一", "L1", "", "东一镇", "", "")])
    confirm(client)

    after = User.objects.get(pk=missing.pk)
    assert (after.is_active, after.current_posting.duty_status) == (False, "moved_out")


def test_somebody_who_comes_back_gets_the_account_back(client, here):
    client.force_login(liaison(here, staff_number="L1"))
    back = person(here, "戊五", staff_number="JH0002")
    upload(client, [("联一", "L1", "", "东一镇", "", "")])
    confirm(client)

    upload(client, [("联一", "L1", "", "东一镇", "", ""), ("戊五", "JH0002", "", "东一镇", "", "")])
    confirm(client)

    after = User.objects.get(pk=back.pk)
    assert (after.is_active, after.current_posting.duty_status) == (True, "on_duty")


def test_administrators_are_never_switched_off_by_a_list(client, here):
    admin = holder(here, Role.SECURITY_ADMIN, "安一", staff_number="A1")
    client.force_login(liaison(here, staff_number="L1"))

    upload(client, [("联一", "L1", "", "东一镇", "", "")])
    missing = RosterRow.objects.filter(change="left").count()
    upload(client, [("安一", "A1", "", "东一镇", "", "退休"), ("联一", "L1", "", "东一镇", "", "")])

    assert missing == 0
    assert [error["code"] for error in staged().errors] == ["administrator"]
    assert User.objects.get(pk=admin.pk).is_active


def test_every_error_is_named_with_its_place_and_nothing_can_be_confirmed(client, here):
    client.force_login(liaison(here))
    content = (SAMPLES / "c_bad.xlsx").read_bytes()

    response = client.post(reverse("roster_upload"), {"file": SimpleUploadedFile("c.xlsx", content)})
    page = client.get(response["Location"]).content.decode()
    refused = confirm(client).content.decode()

    assert "Sheet，第 4 行，B 列" in page
    assert "身份证号被存成了数字，后几位已经丢失" in page
    assert "先改正错误再上传" in page
    assert "没有再次写入" in refused
    assert not User.objects.filter(name="子一").exists()


def test_an_unknown_unit_is_decided_on_the_page(client, here):
    client.force_login(liaison(here))
    upload(client, [("丁四", "JH0001", "", "东一镇人民政府", "", "")], keep_missing="on")
    roster = staged()
    waiting = client.get(reverse("roster", args=[roster.pk]))

    client.post(reverse("roster_decide", args=[roster.pk]), {"unit0-unit": here.pk})
    confirm(client)

    assert "名册里的“东一镇人民政府”是哪个单位" in waiting.content.decode()
    assert waiting.context["ready"] is False
    assert User.objects.get(name="丁四").current_posting.unit == here


def test_only_administrators_create_units_while_deciding(client, here):
    client.force_login(liaison(here))
    upload(client, [("丁四", "JH0001", "", "桃源村", "", "")], keep_missing="on")

    client.post(reverse("roster_decide", args=[staged().pk]), {"unit0-unit": here.pk, "unit0-create": "on"})
    by_liaison = OrgUnit.objects.filter(name="桃源村").exists()
    client.force_login(holder(here, Role.SECURITY_ADMIN, "安一"))
    upload(client, [("丁四", "JH0001", "", "桃源村", "", "")], keep_missing="on")
    client.post(reverse("roster_decide", args=[staged().pk]), {"unit0-unit": here.pk, "unit0-create": "on"})
    confirm(client)

    assert by_liaison is False
    assert User.objects.get(name="丁四").current_posting.unit.name == "桃源村"


def test_the_unit_of_people_on_secondment_is_asked_for(client, here):
    client.force_login(liaison(here))
    rows = [("丁四", "JH0001", "", "东一镇", "", "借调"), ("戊五", "JH0002", "", "东一镇", "", "借调")]
    upload(client, rows, keep_missing="on")
    roster = staged()
    blocked = confirm(client).content.decode()

    client.post(reverse("roster_decide", args=[roster.pk]), {"row2": "here", "row3": "elsewhere"})
    confirm(client)

    assert "还有 2 人的单位没有选定" in blocked
    assert User.objects.get(name="丁四").current_posting.duty_status == "seconded"
    assert not User.objects.filter(name="戊五").exists()


def test_AZ1_a_list_does_not_reach_people_of_another_unit(client, here, there):
    target = person(there, "己六", staff_number="JH0003", phone="13800000003", post="科长")
    before = list(User.objects.filter(pk=target.pk).values()), list(Posting.objects.filter(user=target).values())
    client.force_login(liaison(here))

    upload(client, [("己六", "JH0003", "13899999999", "东一镇", "科员", "")])
    named = [error["code"] for error in staged().errors]
    upload(client, [("庚七", "JH0007", "", "西二街道", "", "")])
    unknown = [error["code"] for error in staged().errors]
    confirm(client)

    assert (named, unknown) == (["person_elsewhere"], ["unknown_unit"])
    after = list(User.objects.filter(pk=target.pk).values()), list(Posting.objects.filter(user=target).values())
    assert after == before


def test_AZ1_the_list_of_somebody_else_is_not_there(client, here, there):
    client.force_login(liaison(here))
    upload(client, [("丁四", "JH0001", "", "东一镇", "", "")], keep_missing="on")
    roster = staged()
    client.force_login(liaison(there, "联二"))

    codes = [
        client.get(reverse("roster", args=[roster.pk])).status_code,
        client.post(reverse("roster_decide", args=[roster.pk])).status_code,
        client.post(reverse("roster_confirm", args=[roster.pk]), {"do": "apply"}).status_code,
    ]

    assert codes == [404, 404, 404]
    assert not User.objects.filter(name="丁四").exists()


def test_AZ3_a_role_lost_between_upload_and_confirming_counts(client, top, here, there):
    user = holder(here, Role.LIAISON, of=top)
    client.force_login(user)
    upload(client, [("丁四", "JH0001", "", "西二街道", "", "")], keep_missing="on")
    user.role_grants.update(unit=here)

    response = client.post(reverse("roster_confirm", args=[staged().pk]), {"do": "apply"})

    assert response.status_code == 403
    assert not User.objects.filter(name="丁四").exists()


def test_IF11_two_people_of_one_name_stay_two_and_a_repeat_is_reported(client, here):
    client.force_login(liaison(here))
    rows = [
        ("张伟", "", "13800000001", "东一镇", "", ""),
        ("张伟", "", "13800000002", "东一镇", "", ""),
        ("李娜", "", "13800000003", "东一镇", "", ""),
    ]
    upload(client, rows, keep_missing="on")
    confirm(client)
    upload(client, [*rows, ("李娜", "", "+86 138-0000-0003", "东一镇", "", "")], keep_missing="on")

    assert User.objects.filter(name="张伟").count() == 2
    assert [(error["row"], error["code"], error["other"]) for error in staged().errors] == [
        (5, "duplicate_phone_of_row_4", 4)
    ]


def test_applying_twice_writes_once(client, here):
    client.force_login(liaison(here))
    upload(client, [("丁四", "JH0001", "", "东一镇", "", "")], keep_missing="on")

    confirm(client)
    again = confirm(client).content.decode()

    assert "已生效" in again
    assert User.objects.filter(name="丁四").count() == 1


def test_a_discarded_list_leaves_nothing(client, here):
    client.force_login(liaison(here))
    upload(client, [("丁四", "JH0001", "", "东一镇", "", "")], keep_missing="on")

    confirm(client, "discard")

    assert (staged().state, RosterRow.objects.count()) == ("discarded", 0)
    assert not User.objects.filter(name="丁四").exists()


def test_a_long_list_is_written_in_the_background(client, here, monkeypatch):
    monkeypatch.setattr(roster_views, "WRITTEN_AT_ONCE", 2)
    client.force_login(liaison(here))
    upload(client, [("丁四", f"JH{number}", "", "东一镇", "", "") for number in range(5)], keep_missing="on")

    confirm(client)

    assert (staged().state, staged().prepared, User.objects.filter(name="丁四").count()) == ("applied", 5, 5)


def test_a_list_that_is_being_written_shows_how_far_it_is(client, here):
    user = liaison(here)
    client.force_login(user)
    upload(client, [("丁四", "JH0001", "", "东一镇", "", "")], keep_missing="on")
    RosterImport.objects.update(state="applying", prepared=1)

    page = client.get(reverse("roster", args=[staged().pk]))

    assert page["Refresh"] == "3"
    assert "已准备 1 人，共 1 人" in page.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.xlsx", b"PK\x03\x04 broken", "文件已损坏"),
        ("a.xls", b"\xd0\xcf\x11\xe0 old", "另存为 .xlsx"),
        ("a.docx", b"hello", "认不出这种文件"),
        ("a.csv", b"\xff\xfe\x00\xd8", "认不出文件的文字编码"),
        ("a.csv", b"", "文件是空的"),
    ],
)
def test_unreadable_files_are_refused_in_words(client, here, name, content, message):
    client.force_login(liaison(here))

    page = client.post(reverse("roster_upload"), {"file": SimpleUploadedFile(name, content)})

    assert page.status_code == 422
    assert message in page.content.decode()
    assert RosterImport.objects.count() == 0


def test_a_file_without_a_header_says_what_the_header_needs(client, here):
    client.force_login(liaison(here))

    response = upload(client, [("丁四",)], header=("人",))

    assert "表头要有“姓名”和“单位”两列" in client.get(response["Location"]).content.decode()


def test_IF10_odd_file_names_are_shown_safely(client, here):
    client.force_login(liaison(here))
    name = "../<script>\u202e" + "长" * 300 + ".csv"

    response = upload(client, [("丁四", "JH0001", "", "东一镇", "", "")], name=name, keep_missing="on")
    page = client.get(response["Location"]).content.decode()

    assert "<script>\u202e" not in page
    assert len(staged().file_name) <= 120


def test_the_template_is_read_by_our_own_reader(client, here):
    client.force_login(liaison(here))

    content = client.get(reverse("roster_template")).content

    assert read_rows(content, "模板.xlsx")[0].rows[0].cells == TEMPLATE


def test_excel_files_are_read_too(client, here):
    client.force_login(liaison(here))
    content = write_xlsx(HEADER, [("丁四", "JH0001", "13800000001", "东一镇", "科员", "")], title="东一镇花名册")

    client.post(reverse("roster_upload"), {"file": SimpleUploadedFile("a.xlsx", content), "keep_missing": "on"})
    confirm(client)

    assert staged().header_row == 2
    assert User.objects.get(name="丁四").current_posting.unit == here
