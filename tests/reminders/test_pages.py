"""The organiser's page, the rules, what stands on the start page; and that nobody else sees any of it."""
import io

import openpyxl
import pytest
from django.test import Client
from django.urls import reverse
from mingfa.people.models import Role
from mingfa.reminders.models import Message, Policy
from wagtail.models import ModelLogEntry

from tests.exams.scene import browser, holder
from tests.exported import sheets

from .conftest import INSIDE, hand_in


@pytest.fixture
def address(exam):
    return reverse("reminders:occasion", args=["exam", exam.pk])


@pytest.fixture
def ask(exam):
    return reverse("reminders:ask", args=["exam", exam.pk])


def words(response) -> str:
    assert response.status_code == 200
    return response.content.decode()


def test_the_page_says_whom_it_goes_to_before_anything_is_sent(address, setter, liaison):
    page = words(browser(setter).get(address))
    assert "还有 4 人没有参加" in page
    assert "1 位联络员各收到自己单位的名单" in page
    assert "4 人各收到一次提醒" in page
    assert "穗安街道 3 人" in page
    assert "1 人的单位和上级单位都没有联络员" in page
    assert Message.objects.count() == 0


def test_one_press_and_the_page_shows_what_was_asked_for(address, ask, setter, liaison):
    page = words(browser(setter).post(ask, follow=True))
    assert "1 份名单给联络员，4 人收到提醒" in page
    assert "今天的已经发过" in page
    again = words(browser(setter).post(ask, follow=True))
    assert "没有要发的" in again


def test_without_anybody_missing_there_is_nothing_to_press(address, exam, people, setter):
    for one in people:
        hand_in(exam, one)
    page = words(browser(setter).get(address))
    assert "全部参加" in page
    assert "发名单和提醒" not in page


def test_the_log_goes_out_as_excel_with_its_digest(exam, setter, liaison, press):
    press()
    response = browser(setter).get(reverse("reminders:log_excel", args=["exam", exam.pk]))
    sheet = openpyxl.load_workbook(io.BytesIO(response.content)).active
    assert [cell.value for cell in sheet[2]][:4] == ["发起时间", "发起人", "收件人", "内容"]
    assert sheet.max_row >= 2 + 5
    assert any("SHA-256" in str(row[0].value) for row in sheet.iter_rows())
    assert ModelLogEntry.objects.filter(action="reminders.export").count() == 1


def test_whom_the_button_would_reach_stands_on_a_sheet_of_its_own(exam, setter, liaison, address):
    found = sheets(browser(setter).get(reverse("reminders:log_excel", args=["exam", exam.pk])))
    [row] = found["联络员"][1:]
    assert row[0] == liaison.name
    assert row[1] in words(browser(setter).get(address))


def test_AZ1_nobody_but_the_organiser_finds_the_page(district, exam, address, ask, people, liaison):
    strangers = [people[0], liaison, holder(district, Role.LEADER, name="领导"),
                 holder(district, Role.SETTER, unit=district.other_town, name="外单位")]  # fmt: skip
    for user in strangers:
        client = browser(user)
        assert client.get(address).status_code == 404
        assert client.post(ask).status_code == 404
        assert client.get(reverse("reminders:log_excel", args=["exam", exam.pk])).status_code == 404
    assert Client().get(address).status_code == 302
    assert Message.objects.count() == 0


@pytest.mark.parametrize("kind", ["exam", "nothing"])
def test_what_does_not_exist_is_not_found(setter, kind):
    assert browser(setter).get(reverse("reminders:occasion", args=[kind, 999999])).status_code == 404


def test_a_reminded_person_sees_it_on_the_start_page_until_the_exam_is_sat(exam, people, liaison, press, setter):
    press()
    page = words(browser(people[0]).get("/me/"))
    assert "嘉禾区 9 月 17 日 10:00 提醒：您还没有参加" in page
    assert "有 1 件事要办" in page  # beside the exam itself, not once more
    assert "乙二" not in page
    hand_in(exam, people[0], INSIDE)
    assert "提醒：您还没有参加" not in words(browser(people[0]).get("/me/"))


def test_the_liaison_sees_how_many_and_the_way_to_the_list(exam, liaison, press):
    press()
    page = words(browser(liaison).get("/me/"))
    assert "催考：法治理论考试" in page
    assert "还有 3 人没有参加" in page
    names = words(browser(liaison).get(reverse("exams:roster", args=[exam.pk]) + "?show=absent"))
    assert "甲一" in names
    assert "黄四" not in names


def test_who_was_never_reminded_costs_one_query_more(people, exam, django_assert_num_queries):
    from mingfa.reminders.todos import reminder_todos

    with django_assert_num_queries(1):
        assert reminder_todos(people[0], INSIDE) == []


def test_the_rules_of_an_office_are_kept_and_hold_below_it(district, setter, exam):
    address = reverse("reminders:policy", args=[district.district.pk])
    client = browser(setter)
    assert "下级单位没有自己的规则时" in words(client.get(address))
    sent = {"quiet_from": "18:00", "quiet_to": "09:00", "weekends": "on", "most": "2", "days_before": "5"}
    assert "催考规则已保存" in words(client.post(address, sent, follow=True))
    policy = Policy.objects.get()
    assert (policy.unit, policy.most, policy.by_email) == (district.district, 2, False)
    below = words(client.get(reverse("reminders:policy", args=[district.town.pk])))
    assert "现在照嘉禾区的规则" in below


@pytest.mark.parametrize(("field", "value"), [("most", "4"), ("days_before", "0"), ("quiet_from", "25:00"), ("quiet_to", "")])
def test_rules_that_are_none_are_refused_beside_the_field(district, setter, field, value):
    sent = {"quiet_from": "20:00", "quiet_to": "08:00", "most": "1", "days_before": "3", field: value}
    response = browser(setter).post(reverse("reminders:policy", args=[district.district.pk]), sent)
    assert response.status_code == 422
    assert Policy.objects.count() == 0


def test_AZ1_the_rules_of_another_office_are_not_found(district, exam, liaison):
    other = holder(district, Role.SETTER, unit=district.other_town, name="外单位")
    for user in (other, liaison):
        assert browser(user).get(reverse("reminders:policy", args=[district.district.pk])).status_code == 404
