"""What leaves the house: text stays text (IF4), no number identifies a person (PR1), no small group is singled out."""
import io
import zipfile

import openpyxl
import pytest
from django.urls import reverse
from mingfa.indicators.figures import count, rate
from mingfa.people import actions as people
from mingfa.people.models import OrgUnit, Role
from mingfa.reports import documents
from mingfa.reports.models import Report
from mingfa.reports.queries import Compiled, last_text
from mingfa.spreadsheets import read_rows

from tests.exams import scene as exams

from .papers import told
from .scene import NOW

RISKY = ["=1+1", "+1", "-1", "@a", "＝cmd|' /C calc'!A0", "＋1", "－1", "＠a"]
PHONE, IDENTITY = "13812345678", "990001198001010115"


def parts_of(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.mark.parametrize("words", RISKY)
def test_IF4_what_was_typed_into_a_report_stays_text_in_its_table(scene, words):
    scene.enter()
    report = scene.report("学法{entered_group_study}次。")
    scene.write(report, "学法{entered_group_study}次。", overrides={"entered_group_study": (words, words)})
    content = documents.figures_xlsx(Compiled(report))
    [row] = [row.cells for row in read_rows(content, "a.xlsx")[0].rows if row.cells[0] == "entered_group_study"]
    assert row[8:10] == (words, words)
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n"}


@pytest.mark.parametrize("name", RISKY)
def test_IF4_a_unit_with_such_a_name_stays_text_on_the_board_and_in_the_evidence(db, name):
    scene = exams.build()
    made = people.create_unit(name=name, kind="township", parent=scene.district, by=scene.boss, now=NOW)
    unit = OrgUnit.objects.get(pk=made.pk)
    scene.person("甲", unit)
    scene.exam()
    client = exams.browser(exams.holder(scene, Role.LEADER))
    content = client.get(reverse("board_excel", args=[scene.district.pk]), {"period": "2026"}).content
    assert name in [row.cells[0] for row in read_rows(content, "a.xlsx")[0].rows]
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert {cell.data_type for line in sheet.iter_rows() for cell in line} <= {"s", "n"}


def test_PR1_no_list_export_or_printout_of_board_and_report_carries_a_phone_or_an_identity_number(db):
    scene = exams.build()
    scene.person("甲一", phone=PHONE, identity=IDENTITY)
    scene.exam()
    leader = exams.holder(scene, Role.LEADER, Role.LIAISON)
    client = exams.browser(leader)
    client.post(reverse("reports:start"), {"unit": scene.district.pk, "year": 2026})
    report = Report.objects.get()
    pages = [
        reverse("board_unit", args=[scene.district.pk]) + "?period=2026",
        reverse("board_names", args=[scene.district.pk]) + "?period=2026",
        reverse("board_excel", args=[scene.district.pk]) + "?period=2026",
        reverse("person_list"), reverse("person_export"),
        *(reverse(f"reports:{name}", args=[report.pk]) for name in ("report", "docx", "portal", "figures")),
    ]  # fmt: skip
    for address in pages:
        answer = client.get(address, follow=True)
        assert answer.status_code == 200, address
        content = answer.content
        parts = parts_of(content) if content.startswith(b"PK") else {"page": content}
        for number in (PHONE, IDENTITY):
            assert not any(number.encode() in part for part in parts.values()), address
    assert "甲一" in client.get(pages[1]).content.decode()
    assert "138****5678" in client.get(reverse("person_list")).content.decode()


@pytest.mark.parametrize(("number", "words"), [(PHONE, "手机号"), (IDENTITY, "身份证号")])
def test_PR4_a_number_that_identifies_a_person_is_not_saved_in_a_report(scene, number, words):
    report = scene.report()
    before = last_text(report)
    client = exams.browser(scene.writer)
    for more in ({"body": f"甲\n联系人{number}"}, {"words-entered_group_study": number, "reason-entered_group_study": "甲"}):
        sent = {"title": report.title, "signer": report.signer, "body": "甲", "seen": before.number, **more}
        answer = client.post(reverse("reports:report", args=[report.pk]), sent)
        assert answer.status_code == 422
        assert f"像是有{words}" in answer.content.decode()
    assert last_text(report) == before


# --- small groups ---------------------------------------------------------------------------------
BODY = """一、考试参考率{exam_attendance}
应考{exam_attendance:总数}人，实考{exam_attendance:实数}人，参考率{exam_attendance}（{exam_attendance:分数}）。
{满 exam_attendance|参考率达100%。|参考率{exam_attendance}。}
{有 exam_attendance|组织了考试。}
按期办结率{entered_on_time}，学法{entered_group_study}次。"""


def published(scene, figure, overrides=None) -> str:
    """The portal's page of a report with this 参考率."""
    report = scene.report(BODY)
    if overrides:
        scene.write(report, BODY, overrides=overrides)
    compiled = Compiled(report)
    compiled.figures = {"exam_attendance": figure, "entered_on_time": rate(3, 4), "entered_group_study": count(3)}
    return documents.report_html(compiled)


@pytest.mark.parametrize(("part", "whole"), [(1, 1), (5, 6), (0, 9), (9, 9)])
def test_a_group_of_fewer_than_ten_people_is_not_singled_out_in_public(scene, part, whole):
    page = published(scene, rate(part, whole))
    assert "<h2>一、考试参考率（不公开）</h2>" in page
    assert "<p>应考（不公开）人，实考（不公开）人，参考率（不公开）（（不公开））。</p>" in page
    assert "达100%" not in page
    assert "组织了考试" not in page
    assert "统计范围不足10人的数据不公开" in page
    assert "按期办结率75.0%，学法3次。" in page  # cases and meetings are no people


def test_words_typed_over_the_figure_of_a_small_group_are_not_public_either(scene):
    page = published(scene, rate(5, 6), {"exam_attendance": ("6人中5人", "手工")})
    assert "6人中5人" not in page


def test_ten_people_are_a_group(scene):
    page = published(scene, rate(10, 10))
    assert "<p>应考10人，实考10人，参考率100%（10/10）。</p>" in page
    assert "达100%" in page
    assert "不公开" not in page


def test_the_office_itself_reads_every_figure(scene):
    report = scene.report(BODY)
    compiled = Compiled(report)
    compiled.figures = {"exam_attendance": rate(5, 6), "entered_on_time": rate(3, 4), "entered_group_study": count(3)}
    assert "应考6人，实考5人" in told(documents.report_docx(compiled))
