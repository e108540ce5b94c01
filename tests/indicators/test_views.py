"""The board: figures with their counts, who is missing, and who may see it."""
import io
import re
from datetime import datetime, time, timedelta

import openpyxl
import pytest
import time_machine
from django.urls import reverse
from mingfa.people import actions as people
from mingfa.people.models import OrgUnit, Role, User
from wagtail.models import ModelLogEntry

from exams import actions
from exams.models import Candidate, Exam
from tests.courses import scene as courses
from tests.exams import scene as exams

NOW = exams.NOON
VIEWS = ("board_unit", "board_names", "board_excused")


@pytest.fixture
def scene(db):
    with time_machine.travel(NOW, tick=True):
        yield exams.build()


@pytest.fixture
def exam(scene):
    for n in range(3):
        scene.person(f"穗安{n}")
    scene.person("黄莺一", scene.other_town)
    return scene.exam()


def holder(scene, role, unit) -> User:
    user = people.create_person(name="任角色", unit=unit, by=scene.boss, now=NOW)
    people.grant_role(user, role=role, unit=unit, by=scene.boss, now=NOW)
    return User.objects.get(pk=user.pk)


@pytest.fixture
def leader(scene, client):
    user = holder(scene, Role.LEADER, scene.district)
    client.force_login(user)
    return user


def page(client, address) -> str:
    response = client.get(address, follow=True)
    assert response.status_code == 200
    return re.sub(r"\s+", " ", response.content.decode())


def without_tags(words) -> str:
    return re.sub(r"<[^>]+>", "", words)


def board(unit) -> str:
    return reverse("board_unit", args=[unit.pk])


def names(unit) -> str:
    return reverse("board_names", args=[unit.pk])


def excuse(name, kind, reason, scene):
    actions.change_standing(Candidate.objects.get(user__name=name), kind=kind, reason=reason, by=scene.boss, now=NOW)


def sit(exam, name, *, right=True):
    user = User.objects.get(name=name)
    sitting = exams.sit(exam, user)
    exams.answer_all(sitting, right=right)
    actions.submit_sitting(sitting.pk, by=None, now=exams.NOON + exams.minutes(3))


def test_the_board_opens_at_the_highest_unit(client, leader, scene, exam):
    assert client.get("/board/").url == board(scene.district)


def test_what_was_chosen_is_kept_on_the_way_in(client, leader, scene, exam):
    assert client.get("/board/?of=exams-1&period=2026").url == board(scene.district) + "?of=exams-1&period=2026"


def test_every_rate_stands_with_numerator_and_denominator(client, leader, scene, exam):
    sit(exam, "穗安0")
    words = page(client, "/board/")
    assert "1 / 4 人，还差 3 人" in without_tags(words)
    assert "1 / 1 人" in words
    assert "目标 100%" in words
    assert 'width="25%"' in words


def test_units_stand_by_who_is_missing_most(client, leader, scene, exam):
    sit(exam, "穗安0")
    rows = client.get(board(scene.district)).context["table"].rows
    assert [(row.unit.name, row.figure.fraction) for row in rows] == [("穗安街道", "1 / 3"), ("黄莺岗镇", "0 / 1")]


def test_those_still_missing_are_named_in_their_row(client, leader, scene, exam):
    sit(exam, "穗安0")
    rows = client.get(board(scene.district)).context["table"].page
    assert [row.names for row in rows] == [("穗安1", "穗安2"), ("黄莺一",)]


def test_four_names_and_the_way_to_all_of_them(client, leader, scene):
    for n in range(6):
        scene.person(f"穗安{n}")
    scene.exam()
    words = page(client, board(scene.district))
    assert "穗安0、穗安1、穗安2、穗安3 等 <a" in words
    assert 'class="mf-nowrap"' in words
    assert page(client, names(scene.town)).count("<tr>") == 1 + 6


def test_a_unit_with_everybody_there_says_so(client, leader, scene, exam):
    sit(exam, "黄莺一")
    words = page(client, board(scene.other_town))
    assert "全部参加" in words
    assert ">100<small>%</small>" in words
    assert 'class="bar full" width="100%"' in words


def test_nobody_due_is_a_dash(client, leader, scene, exam):
    excuse("黄莺一", "exempt", "产假", scene)
    words = page(client, board(scene.other_town))
    assert "0 / 0 人，分母为 0" in words
    assert 'class="val">—</p>' in words


def test_the_excused_stand_under_the_table_by_name_and_reason(client, leader, scene, exam):
    excuse("穗安0", "defer", "住院，10 月补考", scene)
    words = page(client, board(scene.district))
    assert "缓考 1 人" in words
    cells = re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", words.split("缓考 1 人")[1].split("</table>")[0])
    assert cells[4:] == ["穗安0", "穗安街道", "缓考", "住院，10 月补考"]


def test_without_exam_or_course_the_board_says_what_is_missing(client, leader, scene):
    assert "没有可看的数据" in page(client, "/board/")


def test_another_exam_can_be_chosen(client, leader, scene, exam):
    later = scene.exam(name="第二场考试", closes_at=exams.CLOSES + timedelta(days=3))
    assert client.get(board(scene.district)).context["choice"].subject.name == "法治理论考试"
    response = client.get(board(scene.district), {"of": f"exams-{later.pk}"})
    assert response.context["choice"].subject.name == "第二场考试"


def test_what_runs_now_stands_first_then_what_has_closed_then_what_is_to_come(client, leader, scene, exam):
    day = timedelta(days=1)
    for name, opens, closes in [
        ("早就截止", -25, -20), ("刚截止", -10, -1), ("下个月", 30, 40), ("下星期", 7, 9), ("截止在后", -1, 20),
    ]:  # fmt: skip
        # Closing in the past can no longer be published, so it is published while it was still to come.
        scene.exam(name=name, opens_at=NOW + opens * day, closes_at=NOW + closes * day, now=NOW - 26 * day)
    offered = [one.subject.name for one in client.get(board(scene.district)).context["choices"]]
    assert offered == ["法治理论考试", "截止在后", "刚截止", "早就截止", "下星期", "下个月"]


@pytest.mark.parametrize("of", ["exams-999", "courses-1", "x", "exams-", "exams-1 OR 1=1", "<script>"])
def test_what_is_not_offered_is_not_found(client, leader, scene, exam, of):
    assert client.get(board(scene.district), {"of": of}).status_code == 404


@pytest.mark.parametrize("period", ["", "x", "9999", "2026-13", "２０２６"])
def test_a_period_that_is_none_means_this_year(client, leader, scene, exam, period):
    assert client.get(board(scene.district), {"period": period}).context["table"].figure.whole == 4


def test_another_year_has_its_own_exams(client, leader, scene, exam):
    response = client.get(board(scene.district), {"of": f"exams-{exam.pk}", "period": "2025"})
    assert response.context["table"] is None


def test_the_study_board_counts_courses(client, db):
    with time_machine.travel(courses.NOW, tick=True):
        scene = courses.build()
        cadre = scene.person("学甲")
        scene.person("学乙")
        scene.assign(scene.town)
        courses.finish_course(cadre, scene)
        client.force_login(scene.holder(Role.LEADER, scene.other_town.get_parent()))
        words = page(client, "/board/")
    assert "学习完成率" in words
    assert "1 / 2 人，还差 1 人" in without_tags(words)
    assert "学乙" in words
    assert "学甲" not in words


def test_every_rate_opens_into_the_people_who_are_missing_to_it(client, leader, scene, exam):
    sit(exam, "穗安0")
    sit(exam, "穗安1", right=False)
    table = client.get(board(scene.district)).context["table"]
    assert {card.indicator.caption: card.figure.short for card in table.cards} == {"参考率": 2, "通过率": 3, "合格率": 1}
    words = page(client, board(scene.district))
    found = {}
    for code, caption in [("exam_attendance", "参考率"), ("exam_passed_of_due", "通过率"), ("exam_passed_of_sat", "合格率")]:
        [link] = re.findall(rf'href="([^"]*figure={code})"', words)
        people = client.get(link.replace("&amp;", "&")).context["people"]
        found[caption] = [(one.name, one.why) for one in people]
    assert found == {
        "参考率": [("穗安2", "还没参加"), ("黄莺一", "还没参加")],
        "通过率": [("穗安1", "0 分，不合格"), ("穗安2", "还没参加"), ("黄莺一", "还没参加")],
        "合格率": [("穗安1", "0 分，不合格")],
    }


def test_a_figure_without_names_has_no_page_of_names(client, leader, scene, exam):
    response = client.get(names(scene.district), {"figure": "exam_excellent"})
    assert response.status_code == 404
    assert "这个数据没有名单" in response.content.decode()


def test_a_reader_is_told_why_there_is_no_such_board(client, leader, scene, exam):
    response = client.get(board(scene.district), {"of": "exams-999"})
    assert response.status_code == 404
    assert "没有这场考试或这门课程的数据，或者您不能看。" in response.content.decode()


def test_before_there_are_units_the_board_says_what_to_do(client, db):
    client.force_login(User.objects.create_superuser("boss", name="管理"))
    words = page(client, "/board/")
    assert "还没有单位" in words
    assert 'class="mf-empty"' in words


# --- who may see what -----------------------------------------------------------------------------


def test_AZ4_visitors_sign_in_first(client, scene, exam):
    for address in ("/board/", board(scene.town), names(scene.town)):
        assert client.get(address).url == f"/login/?next={address}"


def test_AZ4_cadres_and_other_roles_do_not_see_the_board(client, scene, exam):
    for role in [None, *(set(Role) - {Role.LEADER, Role.LIAISON, Role.TRAINER})]:
        user = holder(scene, role, scene.town) if role else scene.person("学员")
        client.force_login(user)
        assert client.get("/board/").status_code == 403
        for name in VIEWS:
            response = client.get(reverse(name, args=[scene.town.pk]))
            assert response.status_code == 404
            assert "穗安" not in response.content.decode()


def test_AZ1_a_liaison_sees_the_own_unit_and_no_other(client, scene, exam):
    client.force_login(holder(scene, Role.LIAISON, scene.town))
    assert client.get("/board/").url == board(scene.town)
    assert page(client, names(scene.town)).count("穗安") > 0
    for unit in (scene.other_town, scene.district):
        for name in VIEWS:
            response = client.get(reverse(name, args=[unit.pk]))
            assert response.status_code == 404
            assert "黄莺" not in response.content.decode()


def test_AZ1_an_exam_of_another_unit_is_not_offered(client, scene, exam):
    exam.candidates.filter(unit=scene.town).delete()
    list(actions.recount_standings())
    client.force_login(holder(scene, Role.LIAISON, scene.town))
    response = client.get(board(scene.town))
    assert response.context["choices"] == []
    assert client.get(board(scene.town), {"of": f"exams-{exam.pk}"}).status_code == 404


def test_a_trainer_sees_study_figures_without_names(client, db):
    with time_machine.travel(courses.NOW, tick=True):
        scene = courses.build()
        scene.person("学乙")
        scene.assign(scene.town)
        client.force_login(scene.trainer)
        words = page(client, "/board/")
        assert "0 / 1 人" in words
        assert "学乙" not in words
        assert client.get(names(scene.town)).status_code == 404


def test_a_trainer_is_not_offered_exams(client, scene, exam):
    client.force_login(holder(scene, Role.TRAINER, scene.district))
    assert client.get(board(scene.district)).context["choices"] == []


def test_somebody_with_two_units_can_change_between_them(client, scene, exam):
    user = holder(scene, Role.LIAISON, scene.town)
    people.grant_role(user, role=Role.LIAISON, unit=scene.other_town, by=scene.boss, now=NOW)
    client.force_login(User.objects.get(pk=user.pk))
    assert [unit.name for unit in client.get(board(scene.town)).context["tops"]] == ["穗安街道", "黄莺岗镇"]


# --- cost -----------------------------------------------------------------------------------------


def test_board_and_names_take_the_same_queries_for_one_and_for_thirty(
    client, leader, scene, exam, django_assert_max_num_queries
):
    def measure(address):
        client.get(address)
        with django_assert_max_num_queries(200) as captured:
            assert client.get(address).status_code == 200
        return len(captured)

    excuse("穗安0", "exempt", "产假", scene)
    before = [measure(board(scene.district)), measure(names(scene.district))]
    for n in range(30):
        unit = people.create_unit(name=f"第{n}镇", kind="township", parent=scene.district, by=scene.boss, now=NOW)
        unit = OrgUnit.objects.get(pk=unit.pk)
        user = User.objects.create(username=f"m{n}", name=f"镇干{n}")
        reason = "产假" if n % 3 == 0 else ""
        Candidate.objects.create(exam=Exam.objects.get(), user=user, unit=unit, exempt_reason=reason)
    list(actions.recount_standings())
    assert [measure(board(scene.district)), measure(names(scene.district))] == before


def test_more_units_than_fit_are_turned_over_and_the_sum_stays_whole(client, leader, scene, exam):
    for n in range(60):
        unit = people.create_unit(name=f"第{n}镇", kind="township", parent=scene.district, by=scene.boss, now=NOW)
        scene_user = User.objects.create(username=f"m{n}", name=f"镇干{n}")
        Candidate.objects.create(exam=exam, user=scene_user, unit=unit)
        scene.district.refresh_from_db()
    list(actions.recount_standings())
    first, second = (client.get(board(scene.district), {"page": n}).context["table"] for n in (1, 2))
    assert [len(first.page), len(second.page), len(first.rows)] == [50, 12, 62]
    assert first.figure == second.figure
    assert first.figure.whole == 64
    assert second.page[-1].names == ("镇干59",)


def test_many_excused_people_have_a_page_of_their_own(client, leader, scene):
    for n in range(35):
        scene.person(f"穗安{n:02}")
    exam = scene.exam()
    exam.candidates.all().update(exempt_reason="产假")
    list(actions.recount_standings())
    words = page(client, board(scene.district))
    assert "这里列出前 30 人" in words
    assert "在册 35 − 免考 35 − 缓考 0 = 应考 0" in words
    [link] = re.findall(r'href="([^"]*/excused/[^"]*)"', words)
    rest = page(client, link.replace("&amp;", "&"))
    assert rest.count("产假") == 35
    client.force_login(holder(scene, Role.LIAISON, scene.other_town))
    assert client.get(link.replace("&amp;", "&")).status_code == 404


def test_the_board_as_excel_has_the_same_counts_a_filter_and_its_digest(client, leader, scene, exam):
    sit(exam, "穗安0")
    answer = client.get(reverse("board_excel", args=[scene.district.pk]))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    page = book["看板"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=3, max_row=5, max_col=4)]
    assert rows == [["穗安街道", 3, 1, 33.3], ["黄莺岗镇", 1, 0, 0], ["合计", 4, 1, 25]]
    assert page.freeze_panes == "A3"
    assert page.auto_filter.ref.startswith("A2:")
    assert "SHA-256" in page.cell(7, 1).value
    assert ModelLogEntry.objects.filter(action="indicators.export", user=leader).count() == 1


def test_the_days_of_the_board_are_a_sheet_of_their_own(client, leader, scene, exam):
    sit(exam, "穗安0")
    answer = client.get(reverse("board_excel", args=[scene.district.pk]))
    book = openpyxl.load_workbook(io.BytesIO(answer.content))
    assert book.sheetnames == ["看板", "近日交卷人数"]
    page = book["近日交卷人数"]
    rows = [[cell.value for cell in row] for row in page.iter_rows(min_row=2)]
    assert rows[0] == ["日期", "交卷人数"]
    days = rows[1 : rows.index([None, None])]
    assert days[-1] == [datetime.combine(NOW.date(), time()), 1]
    assert sum(heads for _, heads in days) == 1
    assert page.freeze_panes == "A3"
    assert page.auto_filter.ref.startswith("A2:B")
    assert f"共 {len(days)} 行。内容摘要 SHA-256" in rows[-1][0]


def exported(client, name, unit) -> list[list]:
    """The cells of a list of names as Excel, the header first, the line of its source last."""
    answer = client.get(reverse(name, args=[unit.pk]))
    assert answer.status_code == 200
    page = openpyxl.load_workbook(io.BytesIO(answer.content))["名单"]
    assert (page.freeze_panes, page.auto_filter.ref[:3]) == ("A3", "A2:")
    return [[cell.value for cell in row] for row in page.iter_rows(min_row=2) if row[0].value]


def test_who_is_missing_is_taken_away_as_excel_and_formulas_in_names_stay_text(client, leader, scene, exam):
    sit(exam, "穗安0")
    User.objects.filter(name="穗安1").update(name="=1+1")
    header, *rows, source = exported(client, "board_names_excel", scene.town)
    assert header == ["姓名", "单位", "情况"]
    assert sorted(row[:2] for row in rows) == [["=1+1", "穗安街道"], ["穗安2", "穗安街道"]]
    assert "共 2 行。内容摘要 SHA-256" in source[0]
    [line] = ModelLogEntry.objects.filter(action="indicators.export", user=leader)
    assert (line.object_id, line.data["rows"]) == (str(scene.town.pk), 2)


def test_who_is_excused_is_taken_away_as_excel_with_the_reason(client, leader, scene, exam):
    exam.candidates.filter(user__name="穗安1").update(exempt_reason="产假")
    list(actions.recount_standings())
    header, row, _ = exported(client, "board_excused_excel", scene.district)
    assert header == ["姓名", "单位", "类别", "原因"]
    assert row == ["穗安1", "穗安街道", "免考", "产假"]


@pytest.mark.parametrize("name", ["board_excel", "board_names_excel", "board_excused_excel"])
def test_who_may_not_read_the_board_exports_nothing(client, scene, exam, name):
    client.force_login(scene.person("无角色"))
    assert client.get(reverse(name, args=[scene.district.pk])).status_code == 404


@pytest.mark.parametrize("name", ["board_names_excel", "board_excused_excel"])
def test_lists_of_names_are_exported_by_those_alone_who_may_read_them(client, scene, exam, name):
    client.force_login(holder(scene, Role.LIAISON, scene.other_town))
    assert client.get(reverse(name, args=[scene.town.pk])).status_code == 404
    assert client.get(reverse(name, args=[scene.other_town.pk])).status_code == 200
    client.force_login(holder(scene, Role.SETTER, scene.district))
    assert client.get(reverse(name, args=[scene.town.pk])).status_code == 404
