"""考点: where, with which code and in which browser people may sit; what is noted while they do."""
import json
import plistlib
from hashlib import sha256
from ipaddress import ip_network

import pytest
import time_machine
from django.core.cache import cache
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from wagtail.models import ModelLogEntry

from exams import actions, queries, rooms, venues
from exams.arrangements import arrangements_of
from exams.engine import seb
from exams.engine.refusals import WrongAddress, WrongCode, WrongState
from exams.engine.venues import Venue, check_address, check_code, is_inside, parse_networks
from exams.models import Exam, Sitting, SittingEvent
from exams.tokens import issue

from . import scene
from .scene import CLOSES, NOON, OPENS, browser, candidate, holder

HALL = {"name": "穗安街道礼堂", "code": "4821", "networks": "10.3.0.0/16"}


def place(district, exam, unit=None, **more):
    return actions.set_venue(exam, unit=unit or district.town, **{**HALL, **more}, by=district.boss, now=OPENS)


def start(user, exam, *, address="10.3.7.1", **data):
    with time_machine.travel(NOON, tick=False):
        return browser(user).post(reverse("exams:start", args=[exam.pk]), data, REMOTE_ADDR=address)


def test_who_is_in_the_hall_and_knows_its_code_starts(district, exam, cadre):
    place(district, exam)
    assert start(cadre, exam, code=" 4821 ").status_code == 302
    assert Sitting.objects.count() == 1


@pytest.mark.parametrize(
    ("address", "code", "words"),
    [
        ("10.4.0.1", "4821", "您的考点是穗安街道礼堂，要在考点的电脑上考"),
        ("10.3.7.1", "4822", "进场码不对。请看穗安街道礼堂公布的进场码再写"),
        ("10.3.7.1", "", "进场码不对"),
        ("nonsense", "4821", "要在考点的电脑上考"),
    ],
)
def test_anybody_else_is_told_what_is_missing_and_no_sitting_is_used_up(district, exam, cadre, address, code, words):
    place(district, exam)
    reply = start(cadre, exam, address=address, code=code)
    assert (reply.status_code, words in reply.content.decode()) == (409, True)
    assert (Sitting.objects.count(), candidate(exam, cadre).attempts_used) == (0, 0)


def test_codes_cannot_be_tried_through(district, exam, cadre):
    place(district, exam)
    for n in range(venues.MOST_TRIES):
        assert start(cadre, exam, code=f"{n:04}").status_code == 409
    reply = start(cadre, exam, code="4821")
    assert "进场码错得太多，请 10 分钟以后再试" in reply.content.decode()
    cache.clear()
    assert start(cadre, exam, code="4821").status_code == 302


def test_the_venue_of_the_nearest_unit_holds_and_units_without_one_sit_anywhere(district, exam, cadre):
    place(district, exam, unit=district.district, code="1111", networks="")
    place(district, exam, code="", networks="")
    line = candidate(exam, cadre)
    assert arrangements_of(line.exam).venue_for(line).name == "穗安街道礼堂"
    assert start(cadre, exam, address="192.0.2.9").status_code == 302


def take_over(user, sitting, **data):
    with time_machine.travel(NOON, tick=False):
        address = reverse("exams:take_over", args=[sitting.pk])
        return browser(user).post(address, data, REMOTE_ADDR="10.3.7.1")


def test_who_only_knows_the_password_does_not_take_over_without_the_code_of_the_hall(district, exam, cadre):
    place(district, exam)
    start(cadre, exam, code="4821")
    sitting = Sitting.objects.get()
    with time_machine.travel(NOON, tick=False):
        page = browser(cadre).get(reverse("exams:paper", args=[sitting.pk]), REMOTE_ADDR="10.3.7.1").content.decode()
    assert "穗安街道礼堂的进场码" in page
    for data in ({}, {"code": "4822"}):
        reply = take_over(cadre, sitting, **data)
        said = reply.content.decode()
        assert (reply.status_code, "进场码不对。请看穗安街道礼堂公布的进场码再写" in said) == (409, True)
        assert ('name="code"' in said, "4821" in said) == (True, False)
    assert Sitting.objects.get().epoch == 1
    assert take_over(cadre, sitting, code="4821").status_code == 302
    assert Sitting.objects.get().epoch == 2


def test_the_code_cannot_be_tried_through_by_taking_over_either(district, exam, cadre):
    cache.clear()
    place(district, exam)
    start(cadre, exam, code="4821")
    sitting = Sitting.objects.get()
    for n in range(venues.MOST_TRIES):
        assert "进场码不对" in take_over(cadre, sitting, code=f"{n}").content.decode()
    assert "错得太多，请 10 分钟以后再试" in take_over(cadre, sitting, code="4821").content.decode()
    assert Sitting.objects.get().epoch == 1
    cache.clear()


def test_where_there_is_no_code_taking_over_asks_for_none(district, exam, cadre):
    place(district, exam, code="")
    start(cadre, exam)
    sitting = Sitting.objects.get()
    with time_machine.travel(NOON, tick=False):
        page = browser(cadre).get(reverse("exams:paper", args=[sitting.pk]), REMOTE_ADDR="10.3.7.1").content.decode()
    assert 'name="code"' not in page
    assert take_over(cadre, sitting).status_code == 302


def test_an_open_paper_is_not_shown_and_not_taken_over_outside_of_the_hall(district, exam, cadre):
    place(district, exam)
    start(cadre, exam, code="4821")
    sitting = Sitting.objects.get()
    with time_machine.travel(NOON, tick=False):
        outside = browser(cadre)
        for reply in (
            outside.get(reverse("exams:paper", args=[sitting.pk]), REMOTE_ADDR="192.0.2.9"),
            outside.post(reverse("exams:take_over", args=[sitting.pk]), REMOTE_ADDR="192.0.2.9"),
        ):
            assert (reply.status_code, "要在考点的电脑上考" in reply.content.decode()) == (403, True)
    assert Sitting.objects.get().epoch == 1


def test_exams_without_venues_ask_nothing_about_them(district, exam, cadre, django_assert_num_queries):
    line = queries.candidate_of(exam.pk, cadre)
    with django_assert_num_queries(0):
        venue = arrangements_of(line.exam).venue_for(line)
        venues.check_place(line, venues.Place("192.0.2.9"), venue, entering=True)


def test_the_organiser_arranges_venues_on_a_page_and_mistakes_are_named(district, exam):
    setter = holder(district, "setter")
    with time_machine.travel(NOON, tick=False):
        page = browser(setter)
        address = reverse("exams:venues", args=[exam.pk])
        bad = page.post(address, {"unit": district.town.pk, **HALL, "networks": "10.3.0.0/16\n10.3.x"})
        assert "“10.3.x”不是网络地址" in bad.content.decode()
        text = page.post(address, {"unit": district.town.pk, **HALL}, follow=True).content.decode()
        assert all(words in text for words in ("已安排考点：穗安街道礼堂", "4821", "10.3.0.0/16"))
        again = page.post(address, {"unit": district.town.pk, **HALL, "name": "新礼堂"}, follow=True).content.decode()
        assert again.count("新礼堂") >= 1
        assert exam.venues.count() == 1
        removed = page.post(reverse("exams:venue_remove", args=[exam.venues.get().pk]), follow=True).content.decode()
    assert "没有考点" in removed
    assert Exam.objects.get(pk=exam.pk).has_venues is False
    assert "4821" not in json.dumps([one.data for one in ModelLogEntry.objects.filter(action="exams.set_venue")])


def test_venues_are_the_organisers_alone_and_end_with_the_exam(district, exam, cadre):
    venue = place(district, exam)
    other = holder(district, "setter", unit=district.other_town, name="外单位")
    for who in (cadre, other, holder(district, "leader", name="领导")):
        page = browser(who)
        assert page.get(reverse("exams:venues", args=[exam.pk])).status_code == 404
        assert page.post(reverse("exams:watch", args=[exam.pk])).status_code == 404
        assert page.post(reverse("exams:venue_remove", args=[venue.pk])).status_code == 404
        assert page.get(reverse("exams:safe_file", args=[exam.pk])).status_code == 404
    Exam.objects.update(state="closed")
    with pytest.raises(WrongState):
        place(district, exam)


# --- the safe browser ----------------------------------------------------------------------------------------------
def test_the_config_key_is_the_digest_of_the_sorted_settings_without_white_space():
    settings = {"startURL": "https://a.example/x", "allowQuit": True, "Zoom": 1, "originatorVersion": "SEB"}
    wanted = sha256(b'{"allowQuit":true,"startURL":"https://a.example/x","Zoom":1}').hexdigest()
    assert seb.config_key(settings) == wanted


def safe(exam, **more):
    Exam.objects.filter(pk=exam.pk).update(safe_browser=True, **more)


def header(path, key, name="X-SafeExamBrowser-ConfigKeyHash"):
    return {name: sha256(f"http://testserver{path}{key}".encode()).hexdigest()}


def test_only_the_safe_browser_with_our_configuration_starts_and_reads_the_paper(district, exam, cadre):
    safe(exam)
    path = reverse("exams:start", args=[exam.pk])
    with time_machine.travel(NOON, tick=False):
        page = browser(cadre)
        refused = page.post(path)
        assert "安全考试浏览器（Safe Exam Browser）打开" in refused.content.decode()
        settings = plistlib.loads(page.get(reverse("exams:safe_file", args=[exam.pk])).content)
        assert settings["startURL"] == f"http://testserver{reverse('exams:notice', args=[exam.pk])}"
        key = seb.config_key(settings)
        assert page.post(path, headers=header("/elsewhere/", key)).status_code == 409
        reply = page.post(path, headers=header(path, key))
        assert reply.status_code == 302
        paper = reply.url
        assert page.get(paper).status_code == 403
        assert page.get(paper, headers=header(paper, key)).status_code == 200


def test_a_browser_exam_key_entered_by_hand_is_accepted_too(district, exam, cadre):
    key = "ab" * 32
    safe(exam, safe_browser_keys=key)
    path = reverse("exams:start", args=[exam.pk])
    with time_machine.travel(NOON, tick=False):
        reply = browser(cadre).post(path, headers=header(path, key, "X-SafeExamBrowser-RequestHash"))
    assert reply.status_code == 302


def test_where_a_browser_exam_key_is_entered_the_config_key_alone_is_not_enough(district, exam, cadre):
    key = "ab" * 32
    safe(exam, safe_browser_keys=f"{'cd' * 32}\n{key}")
    path = reverse("exams:start", args=[exam.pk])
    with time_machine.travel(NOON, tick=False):
        page = browser(cadre)
        config = header(path, seb.config_key(plistlib.loads(page.get(reverse("exams:safe_file", args=[exam.pk])).content)))
        refused = page.post(path, headers=config)
        wrong = page.post(path, headers=config | header(path, "ef" * 32, "X-SafeExamBrowser-RequestHash"))
        assert [one.status_code for one in (refused, wrong)] == [409, 409]
        assert Sitting.objects.count() == 0
        both = page.post(path, headers=config | header(path, key, "X-SafeExamBrowser-RequestHash"))
    assert both.status_code == 302


def test_watching_is_set_with_readable_keys_and_told_before_starting(district, exam, cadre):
    setter = holder(district, "setter")
    with time_machine.travel(NOON, tick=False):
        page = browser(setter)
        address = reverse("exams:watch", args=[exam.pk])
        bad = page.post(address, {"watch_leaving": "on", "keys": "xyz"}, follow=True).content.decode()
        assert "“xyz”不是 64 位十六进制的密钥" in bad
        page.post(address, {"watch_leaving": "on", "keys": "AB" * 32})
        notice = browser(cadre).get(reverse("exams:notice", args=[exam.pk])).content.decode()
    assert "离开试卷会记录" in notice
    assert Exam.objects.get().safe_browser_keys == "ab" * 32


# --- facts ---------------------------------------------------------------------------------------------------------
def leave(sitting, seconds, *, epoch=None, user=None):
    with time_machine.travel(NOON, tick=False):
        return browser(user or sitting.candidate.user).post(
            reverse("exams:left", args=[sitting.pk]), {"seconds": seconds}, content_type="application/json",
            headers={"x-sitting-token": issue(sitting.pk, epoch or sitting.epoch)},
        )  # fmt: skip


def test_leaving_and_changing_devices_stand_on_the_board_as_facts_and_change_nothing(district, exam, sitting):
    Exam.objects.update(watch_leaving=True)
    for seconds in (20, 55):
        assert leave(sitting, seconds).status_code == 200
    actions.take_over(sitting, by=sitting.candidate.user, now=NOON, device="other")
    with time_machine.travel(NOON, tick=False):
        board = browser(holder(district, "setter")).get(reverse("exams:room", args=[exam.pk])).content.decode()
    assert "离开试卷 2 次，共 1 分 15 秒" in board
    assert "换设备 1 次" in board
    row = Sitting.objects.get()
    assert (row.state, row.frozen_reason) == ("open", "")


def test_nothing_is_noted_where_the_exam_does_not_say_so(exam, sitting):
    assert leave(sitting, 20).status_code == 200
    assert SittingEvent.objects.count() == 0


@pytest.mark.parametrize("seconds", [None, "5", True, 1.5, [], {}])
def test_SI11_a_report_that_is_no_number_is_refused(exam, sitting, seconds):
    Exam.objects.update(watch_leaving=True)
    assert leave(sitting, seconds).status_code == 400
    assert SittingEvent.objects.count() == 0


def test_a_page_that_was_replaced_reports_nothing_more(exam, sitting):
    Exam.objects.update(watch_leaving=True)
    assert leave(sitting, 20, epoch=9).status_code == 404
    assert SittingEvent.objects.count() == 0


def test_the_pulse_of_the_board_beats_when_something_on_it_changes_and_only_then(district, exam, cadre, sitting):
    seen = [rooms.pulse(exam.pk, NOON)]
    scene.answer_all(sitting)
    seen.append(rooms.pulse(exam.pk, NOON))
    actions.submit_sitting(sitting.pk, by=cadre, now=NOON)
    seen.append(rooms.pulse(exam.pk, NOON))
    assert seen[0] == seen[1] != seen[2]
    Exam.objects.update(over_at=CLOSES)
    assert rooms.pulse(exam.pk, NOON) != seen[2]


# --- pure ----------------------------------------------------------------------------------------------------------
@given(st.ip_addresses(v=4), st.integers(8, 32))
def test_an_address_is_inside_of_its_own_network_in_ipv6_clothes_as_well(address, bits):
    networks = (ip_network(f"{address}/{bits}", strict=False),)
    assert is_inside(str(address), networks)
    assert is_inside(f"::ffff:{address}", networks)
    check_address(Venue("", "", networks=networks), str(address))


def test_words_that_are_no_network_are_named_and_empty_lines_are_none():
    assert parse_networks("10.0.0.1，10.3.0.0/16\n\n") == (ip_network("10.0.0.1/32"), ip_network("10.3.0.0/16"))
    with pytest.raises(ValueError, match=r"10\.3"):
        parse_networks("10.3")
    with pytest.raises(WrongAddress):
        check_address(Venue("", "礼堂", networks=parse_networks("10.0.0.1")), "10.0.0.2")
    with pytest.raises(WrongCode):
        check_code(Venue("", "礼堂", code="一二三"), "一二")
    check_code(Venue("", "礼堂"), "")
