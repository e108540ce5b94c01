"""催考 without nagging: lists to the 联络员, one reminder to the person, quiet hours, a log of all."""
from datetime import timedelta

import pytest
from django.core import mail
from mingfa.people import actions as people_actions
from mingfa.people.models import Role, User
from mingfa.reminders import actions, channels, queries
from mingfa.reminders.channels import Channel
from mingfa.reminders.models import Message
from wagtail.models import ModelLogEntry

from exams import actions as exams
from tests.exams.scene import CLOSES, OPENS, candidate, holder

from .conftest import INSIDE, hand_in, minutes

DAY = timedelta(days=1)
EVENING = CLOSES - timedelta(hours=35)  # Wednesday 16 September, 22:00 in Beijing: quiet


@pytest.fixture
def letters(settings, people):
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    User.objects.filter(name="甲一").update(email="jia@example.gov.cn")
    return mail


@pytest.fixture
def gateway():
    """An office's own way, that can be out of order."""
    box = type("Box", (), {"sent": [], "broken": 0})()

    def send(user, subject, body):
        if box.broken:
            box.broken -= 1
            raise OSError("gateway of 138-0000-0000 says no")
        box.sent.append((user.name, subject, body))

    channels.register(Channel("sms", "短信", lambda user: user.name in ("甲一", "王联络"), send))
    yield box
    channels.unregister("sms")


def to(audience) -> list[str]:
    return sorted(one.to.name for one in Message.objects.filter(audience=audience, state="sent", channel="desk"))


def test_one_press_sends_each_liaison_the_own_list_and_each_missing_person_one_reminder(
    exam, people, liaison, other_liaison, press
):
    hand_in(exam, people[0])
    asked = press()
    assert (asked.lists, asked.people) == (2, 3)
    assert to("liaison") == ["李联络", "王联络"]
    assert to("person") == sorted(["乙二", "丙三", "黄四"])


def test_the_list_holds_the_own_people_and_nobody_of_another_unit(liaison, other_liaison, press):
    press()
    body = Message.objects.get(to=liaison, audience="liaison").body
    assert "穗安街道：甲一、乙二、丙三" in body
    assert "黄四" not in body
    assert "名单不要公开" in body


def test_what_a_person_reads_names_nobody_else(people, liaison, press):
    press()
    body = Message.objects.get(to=people[0], audience="person").body
    assert "9 月 18 日 9:00 截止，您还没有参加" in body
    assert [one.name for one in people[1:] if one.name in body] == []


def test_pressing_again_the_same_day_sends_nothing_again(liaison, press):
    press()
    before = Message.objects.count()
    with pytest.raises(actions.NothingToSend):
        press(INSIDE + minutes(5))
    assert Message.objects.count() == before


def test_the_next_day_brings_a_new_list_and_no_second_reminder_to_the_person(district, occasion, liaison, people, press):
    actions.set_policy(district.district, by=district.boss, now=INSIDE, days_before=30)
    press(INSIDE - DAY)
    asked = press(INSIDE)
    assert (asked.lists, asked.people) == (1, 0)
    assert Message.objects.filter(to=people[0], audience="person").count() == 1


def test_a_rule_that_allows_two_reminders_sends_them_on_two_days(district, liaison, people, press):
    actions.set_policy(district.district, by=district.boss, now=INSIDE, most=2, days_before=30)
    press(INSIDE - DAY)
    press(INSIDE)
    turns = Message.objects.filter(to=people[0], audience="person").order_by("turn").values_list("turn", flat=True)
    assert list(turns) == ["1", "2"]


def test_a_rule_of_none_sends_the_lists_alone(district, liaison, press):
    actions.set_policy(district.district, by=district.boss, now=INSIDE, most=0)
    assert press().people == 0
    assert to("person") == []


def test_long_before_the_close_only_the_liaison_hears_of_it(liaison, press):
    early = OPENS + minutes(60)
    assert (press(early).people, to("liaison")) == (0, ["王联络"])


def test_in_the_quiet_hours_it_waits_for_the_morning(liaison, press):
    asked = press(EVENING)
    assert asked.moment == EVENING + timedelta(hours=10)
    assert set(Message.objects.values_list("state", flat=True)) == {"waiting"}
    actions.send_waiting(now=asked.moment - minutes(1))
    assert Message.objects.filter(state="sent").count() == 0
    actions.send_waiting(now=asked.moment)
    assert Message.objects.exclude(state="sent").count() == 0


def test_what_waited_while_the_server_was_down_does_not_go_out_at_night(liaison, press):
    press(INSIDE, send=False)
    night = INSIDE + timedelta(hours=11)
    actions.send_waiting(now=night)
    assert set(Message.objects.values_list("state", "send_after")) == {("waiting", night + timedelta(hours=11))}


def test_who_has_sat_meanwhile_gets_nothing(exam, people, liaison, press):
    press(EVENING)
    hand_in(exam, people[0], EVENING + minutes(60))
    actions.send_waiting(now=EVENING + timedelta(hours=10))
    message = Message.objects.get(to=people[0], audience="person")
    assert (message.state, message.note, message.body) == ("dropped", "已经参加，或不用再参加", "")
    assert "甲一" not in Message.objects.get(to=liaison, audience="liaison").body


def test_a_unit_where_everybody_has_sat_meanwhile_gets_no_list(exam, people, other_liaison, press):
    press(EVENING)
    hand_in(exam, people[3], EVENING + minutes(60))
    actions.send_waiting(now=EVENING + timedelta(hours=10))
    assert Message.objects.get(to=other_liaison, audience="liaison").note == "名单上已经没有人，或不再是联络员"


def test_quiet_hours_that_last_until_the_close_are_told_and_nothing_is_kept(district, occasion, setter, liaison):
    late = CLOSES - timedelta(hours=5)  # 4:00 in Beijing, the exam closes at 9:00
    actions.set_policy(district.district, by=district.boss, now=INSIDE, quiet_to="09:30")
    with pytest.raises(actions.QuietUntilDue):
        actions.ask_reminders(occasion, by=setter, now=late)
    assert Message.objects.count() == 0


@pytest.mark.parametrize("now", [OPENS - minutes(1), CLOSES, CLOSES + minutes(1)])
def test_outside_of_its_window_nobody_is_reminded(occasion, setter, liaison, now):
    with pytest.raises(actions.NotOpen):
        actions.ask_reminders(occasion, by=setter, now=now)


def test_the_exempt_the_deferred_and_who_sits_now_are_not_reminded(district, exam, people, liaison, press):
    for one, act in ((people[0], exams.exempt_candidate), (people[1], exams.defer_candidate)):
        act(candidate(exam, one), reason="住院", by=district.boss, now=INSIDE)
    exams.start_sitting(candidate(exam, people[2]), by=people[2], now=INSIDE, device="x")
    press(INSIDE + minutes(1))
    assert "甲一" not in to("person")
    assert "乙二" not in to("person")
    assert "丙三" not in to("person")
    assert "丙三" in Message.objects.get(to=liaison, audience="liaison").body  # has not handed in yet


def test_somebody_without_a_liaison_of_the_own_unit_is_on_the_list_of_the_unit_above(district, occasion, exam, press):
    above = holder(district, Role.LIAISON, unit=district.district, name="区联络")
    press()
    body = Message.objects.get(to=above, audience="liaison").body
    assert "黄四" in body


def test_people_whom_no_liaison_looks_after_are_told_to_the_organiser(occasion, exam):
    assert len(queries.plan_for(occasion, INSIDE).nobody) == 4


def test_an_account_that_is_off_is_on_the_list_and_gets_no_reminder(district, people, liaison, press):
    people_actions.disable_account(people[0], by=district.boss, now=INSIDE)
    press()
    assert "甲一" not in to("person")
    assert "甲一" in Message.objects.get(to=liaison, audience="liaison").body


def test_who_has_an_address_gets_a_letter_too(letters, people, liaison, press):
    press()
    [letter] = letters.outbox
    assert (letter.to, letter.subject) == (["jia@example.gov.cn"], "提醒：法治理论考试")
    assert Message.objects.filter(to=people[0], channel="email", state="sent").count() == 1


def test_a_rule_without_letters_sends_none(district, letters, liaison, press):
    actions.set_policy(district.district, by=district.boss, now=INSIDE, by_email=False)
    press()
    assert letters.outbox == []


def test_a_way_of_the_office_is_used_and_carries_no_names(gateway, people, liaison, press):
    press()
    by_name = {name: body for name, _, body in gateway.sent}
    assert set(by_name) == {"甲一", "王联络"}
    assert "还有 3 人没有参加。请登录明法看名单" in by_name["王联络"]
    assert "乙二" not in by_name["王联络"]


def test_a_way_that_fails_is_tried_again_and_then_given_up_with_the_reason(gateway, people, liaison, press):
    gateway.broken = 99
    press()
    for hours in (1, 2, 3):
        actions.send_waiting(now=INSIDE + timedelta(hours=hours))
    rows = Message.objects.filter(channel="sms").values_list("state", "tries", "note")
    assert set(rows) == {("failed", 3, "发送服务没有接收，试了 3 次")}
    assert Message.objects.filter(channel="desk").exclude(state="sent").count() == 0


def test_a_way_that_works_again_sends_once(gateway, liaison, press):
    gateway.broken = 2
    press()
    actions.send_waiting(now=INSIDE + timedelta(hours=1))
    actions.send_waiting(now=INSIDE + timedelta(hours=2))
    assert sorted(name for name, _, _ in gateway.sent) == ["王联络", "甲一"]


def test_OP1_what_a_killed_process_was_sending_is_not_sent_twice(people, liaison, press):
    press(INSIDE, send=False)
    lost = Message.objects.filter(to=people[0])
    lost.update(state="sending", claimed_at=INSIDE)
    actions.send_waiting(now=INSIDE + minutes(61))
    assert set(lost.values_list("state", "note")) == {("failed", "发送时中断，不知道是否送到，没有再发")}


def test_every_press_leaves_a_line_in_the_log(setter, liaison, press):
    press()
    line = ModelLogEntry.objects.get(action="reminders.ask")
    assert (line.user, line.data["lists"], line.data["people"]) == (setter, 1, line.data["people"])


def test_a_plan_takes_the_same_statements_for_four_people_and_for_forty(
    district, exam, occasion, liaison, django_assert_num_queries, django_assert_max_num_queries
):
    with django_assert_max_num_queries(6) as first:
        queries.plan_for(occasion, INSIDE)
    for n in range(36):
        exam.candidates.create(user=User.objects.create(username=f"m{n}", name=f"多{n}"), unit=district.town)
    with django_assert_num_queries(len(first.captured_queries)):
        assert queries.plan_for(occasion, INSIDE).missing == 40
