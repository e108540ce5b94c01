"""The candidate's pages over HTTP. The clock stands at NOON of the exam's first day."""
import json
import re
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from mingfa.people import actions as people

from exams import actions
from exams.engine.sheet import load
from exams.models import Response, Sitting
from exams.papers import paper_of
from exams.tokens import issue

from . import scene
from .scene import CLOSES, NOON, OPENS, SECRET, minutes

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOON, tick=False):
        yield


def signed_in(user):
    browser = Client()
    browser.force_login(user)
    return browser


@pytest.fixture
def client(cadre):
    return signed_in(cadre)


def start(client, exam):
    reply = client.post(reverse("exams:start", args=[exam.pk]))
    assert reply.status_code == 302, reply.content.decode()
    return Sitting.objects.latest("pk")


def get(client, name, pk):
    return client.get(reverse(f"exams:{name}", args=[pk]))


def save(client, sitting, what, **more):
    return scene.save_request(client, sitting, what, **more)


def sheet_form(sitting, answers, **more):
    """The whole form of the paper: {place: canonical answer}."""
    paper = paper_of(sitting.pk)
    form = {"token": issue(sitting.pk, sitting.epoch), "sheet": "1", **more}
    for place, answer in answers.items():
        form[paper.names.questions[place]] = scene.answer_names(paper, place, answer)
    return form


def test_a_cadre_walks_from_the_notice_to_the_result(client, exam):
    assert "开始" in get(client, "notice", exam.pk).content.decode()
    sitting = start(client, exam)
    page = get(client, "paper", sitting.pk).content.decode()
    assert page.count('type="checkbox"') == 8
    assert page.count('type="radio"') == 3 * 4 + 3 * 2
    assert save(client, sitting, scene.changes(sitting)).status_code == 200
    reply = client.post(reverse("exams:handin", args=[sitting.pk]), {"token": issue(sitting.pk, 1), "confirm": "1"})
    assert reply.url == reverse("exams:result", args=[sitting.pk])
    result = client.get(reply.url).content.decode()
    assert 'data-mark="100"' in result
    assert "优秀，及格 60 分" in result


def test_the_paper_works_without_scripts(client, exam):
    sitting = start(client, exam)
    hand_in = reverse("exams:handin", args=[sitting.pk])
    assert client.post(hand_in, sheet_form(sitting, {0: "A", 3: "AB"}, do="save")).status_code == 302
    assert {place: answer for place, (answer, _) in load(Sitting.objects.get().answers).items()} == {0: "A", 3: "AB"}
    asked = client.post(hand_in, sheet_form(sitting, {0: "B"}, do="handin"))
    assert asked.context["unanswered"] == 7
    assert Sitting.objects.get().state == "open"
    reply = client.post(hand_in, {"token": asked.context["token"], "confirm": "1"})
    assert reply.url == reverse("exams:result", args=[sitting.pk])
    assert list(Response.objects.exclude(answer="").values_list("place", "answer")) == [(0, "B")]


def test_who_answered_nothing_is_warned_and_told_afterwards(client, exam):
    sitting = start(client, exam)
    hand_in = reverse("exams:handin", args=[sitting.pk])
    warning = "一题都没有答的，交卷后不算参加这场考试"
    asked = client.post(hand_in, sheet_form(sitting, {}, do="handin"))
    assert warning in asked.content.decode()
    assert warning not in client.post(hand_in, sheet_form(sitting, {0: "A"}, do="handin")).content.decode()
    client.post(hand_in, sheet_form(sitting, {}, confirm="1"))
    assert "一题未答，不算参加" in get(client, "result", sitting.pk).content.decode()


def test_answers_first_sent_with_the_hand_in_make_a_valid_sheet(client, exam):
    sitting = start(client, exam)
    client.post(reverse("exams:handin", args=[sitting.pk]), sheet_form(sitting, {0: "A"}, confirm="1"))
    assert Sitting.objects.get().candidate.counted == sitting


def test_a_save_answers_with_receipt_time_and_end(client, exam):
    sitting = start(client, exam)
    what = scene.changes(sitting, {0})
    reply = save(client, sitting, what)
    assert reply.json() == {
        "rev": 1, "saved": {next(iter(what)): 1}, "at": "12:00:00", "receipt": reply.json()["receipt"],
        "ends": int((NOON + minutes(60)).timestamp() * 1000),
    }  # fmt: skip
    assert reply["Cache-Control"] == "no-store"


def test_a_save_needs_no_session_and_one_statement_once_the_sitting_is_known(client, exam):
    sitting = start(client, exam)
    save(client, sitting, scene.changes(sitting, {0}))
    with CaptureQueriesContext(connection) as statements:
        reply = save(Client(), sitting, scene.changes(sitting, {0}, right=False, seq=2))
    assert reply.status_code == 200
    assert len(statements) == 1


@pytest.mark.parametrize("token", ["", "x", "1-1", "1-1.AAAA"])
def test_a_save_without_a_genuine_token_is_refused(client, exam, token):
    sitting = start(client, exam)
    reply = client.post(
        reverse("exams:save", args=[sitting.pk]), "{}", content_type="application/json",
        headers={"x-sitting-token": token},
    )  # fmt: skip
    assert reply.status_code == 403
    assert "重新登录" in reply.json()["message"]


def test_a_token_is_good_for_its_own_sitting_only(client, district, exam):
    other = scene.sit(exam, district_person(district, exam))
    sitting = start(client, exam)
    reply = client.post(
        reverse("exams:save", args=[other.pk]), {"changes": {}}, content_type="application/json",
        headers={"x-sitting-token": issue(sitting.pk, 1)},
    )  # fmt: skip
    assert reply.status_code == 403


def district_person(district, exam):
    person = district.person("另一位")
    exam.candidates.create(user=person, unit=district.town)
    return person


def test_SI4_the_same_save_over_http_five_times_gets_five_equal_replies(client, exam):
    sitting = start(client, exam)
    what = scene.changes(sitting, {0, 1})
    replies = [save(client, sitting, what).content for _ in range(5)]
    assert set(replies) == {replies[0]}


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[]", b"{", b'{"changes": 1}', b'{"changes": {"q0000009": [[], 1]}}', b"null",
        b'{"changes": {"x": {"y": 1}}}', b'{"changes":' + b"[" * 10_000 + b"]" * 10_000 + b"}", b"\xff\xfe",
        json.dumps({"changes": {"q": ["𠮷😀" * 20_000, 1]}}).encode(),
    ],
)  # fmt: skip
def test_SI11_what_is_not_on_the_paper_is_refused_with_a_reason_and_changes_nothing(client, exam, body):
    sitting = start(client, exam)
    save(client, sitting, scene.changes(sitting, {0}))
    before = Sitting.objects.values().get()
    reply = client.post(
        reverse("exams:save", args=[sitting.pk]), body, content_type="application/json",
        headers={"x-sitting-token": issue(sitting.pk, 1)},
    )  # fmt: skip
    assert reply.status_code in (400, 413)
    assert reply.json()["message"]
    assert Sitting.objects.values().get() == before


def test_SI11_one_bad_answer_in_a_save_stores_none_of_it(client, exam):
    sitting = start(client, exam)
    what = {**scene.changes(sitting, {0}), paper_of(sitting.pk).names.questions[1]: [["nix"], 1]}
    assert save(client, sitting, what).status_code == 400
    assert Sitting.objects.get().revision == 0


def test_SI2_ten_hand_ins_over_http_end_in_one_result(client, exam):
    sitting = start(client, exam)
    save(client, sitting, scene.changes(sitting))
    form = {"token": issue(sitting.pk, 1), "confirm": "1"}
    urls = {client.post(reverse("exams:handin", args=[sitting.pk]), form).url for _ in range(10)}
    assert urls == {reverse("exams:result", args=[sitting.pk])}
    assert Response.objects.count() == 8


def test_SI6_the_notice_tells_opening_and_own_end_in_beijing_time(client, exam):
    with time_machine.travel(OPENS - SECOND, tick=False):
        reply = client.post(reverse("exams:start", args=[exam.pk]))
        assert reply.status_code == 409
        assert "9 月 14 日 9:00（北京时间）" in reply.content.decode()
    with time_machine.travel(CLOSES - minutes(10), tick=False):
        client = signed_in(exam.candidates.get().user)
        assert get(client, "notice", exam.pk).context["personal_end"] == CLOSES
        assert start(client, exam).ends_at == CLOSES


def test_an_overdue_sitting_ends_on_access_even_if_no_task_runs(client, exam):
    sitting = start(client, exam)
    save(client, sitting, scene.changes(sitting))
    with time_machine.travel(NOON + minutes(61), tick=False):
        client = signed_in(sitting.candidate.user)
        assert get(client, "paper", sitting.pk).url == reverse("exams:result", args=[sitting.pk])
        refused = save(client, sitting, scene.changes(sitting, right=False, seq=9))
    assert (refused.status_code, refused.json()["code"]) == (409, "closed")
    assert "已保存的答案都已计分" in refused.json()["message"]
    assert Sitting.objects.get().mark == 100


def test_a_new_attempt_can_start_although_nobody_has_ended_the_last_one_yet(district, cadre):
    exam = district.exam(attempts=2)
    first = start(signed_in(cadre), exam)
    with time_machine.travel(NOON + minutes(61), tick=False):
        second = start(signed_in(cadre), exam)
    first.refresh_from_db()
    assert (first.state, first.ending, second.number, second.state) == ("marked", "time", 2, "open")


@pytest.mark.parametrize(
    ("state", "leads_to"),
    [({"frozen_reason": "账号停用"}, "locked"), ({"state": "void", "void_reason": "替考"}, "locked"),
     ({"state": "marked", "mark": 0}, "result")],
)  # fmt: skip
def test_taking_over_what_cannot_go_on_leads_to_the_page_that_says_so(client, exam, state, leads_to):
    sitting = start(client, exam)
    Sitting.objects.update(**state)
    reply = client.post(reverse("exams:take_over", args=[sitting.pk]), follow=True)
    assert f"exams/{leads_to}.html" in {one.name for one in reply.templates}
    assert Sitting.objects.get().epoch == 1


def test_another_device_has_to_take_over_and_the_old_one_is_told(client, exam, cadre):
    sitting = start(client, exam)
    other = signed_in(cadre)
    assert "另一台设备" in get(other, "paper", sitting.pk).content.decode()
    other.post(reverse("exams:take_over", args=[sitting.pk]))
    assert get(other, "paper", sitting.pk).status_code == 200
    reply = save(client, sitting, scene.changes(sitting), epoch=1)
    assert (reply.status_code, reply.json()["code"]) == (409, "replaced")
    assert save(other, sitting, scene.changes(sitting), epoch=2).status_code == 200


def test_AL1_nothing_before_handing_in_depends_on_the_key(client, exam):
    """The same paper drawn from two banks that differ only in their keys and explanations reads the same."""
    from mingfa.bank.models import QuestionVersion

    sitting = start(client, exam)
    pages = [get(client, name, pk).content.decode() for name, pk in (("notice", exam.pk), ("paper", sitting.pk))]
    answers = dict(QuestionVersion.objects.values_list("pk", "answer"))
    for pk, answer in answers.items():
        other = {"T": "F", "F": "T"}.get(answer, "D" if answer == "A" else "A")
        QuestionVersion.objects.filter(pk=pk).update(answer=other, explanation="别的解析")
    from exams import papers, rendering

    papers.forget()
    rendering.forget()
    again = [get(client, name, pk).content.decode() for name, pk in (("notice", exam.pk), ("paper", sitting.pk))]
    assert [without_tokens(page) for page in again] == [without_tokens(page) for page in pages]
    assert SECRET not in "".join(pages)


def without_tokens(page):
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "", page)


def test_identifiers_differ_in_every_sitting(client, district, exam):
    mine, others = start(client, exam), scene.sit(exam, district_person(district, exam), seed=5)
    assert not set(paper_of(mine.pk).names.questions) & set(paper_of(others.pk).names.questions)


def test_only_the_mark_is_shown_while_the_exam_is_open_and_everything_after_it_has_closed(client, exam):
    sitting = start(client, exam)
    save(client, sitting, scene.changes(sitting, {0}))
    actions.submit_sitting(sitting.pk, by=None, now=NOON)
    page = get(client, "result", sitting.pk)
    assert (page.context["view"]["policy"], page.context["items"]) == ("mark_only", [])
    assert SECRET not in page.content.decode()
    with time_machine.travel(CLOSES, tick=False):
        page = get(signed_in(sitting.candidate.user), "result", sitting.pk)
    assert [item.right for item in page.context["items"]] == [True] + [False] * 7
    assert SECRET in page.content.decode()


def test_AL5_after_signing_out_no_page_of_a_sitting_is_kept_or_shown(client, exam):
    sitting = start(client, exam)
    for name, pk in (("paper", sitting.pk), ("notice", exam.pk)):
        assert "no-store" in get(client, name, pk)["Cache-Control"]
    client.logout()
    for name, pk in (("paper", sitting.pk), ("result", sitting.pk), ("notice", exam.pk)):
        reply = get(client, name, pk)
        assert reply.status_code == 302
        assert reply.url.startswith("/login/")


def test_AZ1_a_sitting_does_not_exist_for_anybody_else(client, district, exam):
    sitting = start(client, exam)
    stranger = signed_in(district.person("外人", unit=district.other_town))
    before = Sitting.objects.values().get()
    for name in ("paper", "result"):
        assert get(stranger, name, sitting.pk).status_code == 404
    for name in ("handin", "take_over"):
        form = {"token": issue(sitting.pk, 1), "confirm": "1"}
        assert stranger.post(reverse(f"exams:{name}", args=[sitting.pk]), form).status_code == 404
    assert get(stranger, "notice", exam.pk).status_code == 404
    assert stranger.post(reverse("exams:start", args=[exam.pk])).status_code == 404
    assert Sitting.objects.values().get() == before


def test_AZ3_a_disabled_account_cannot_save_any_more_and_its_answers_stay(client, district, exam, cadre):
    sitting = start(client, exam)
    save(client, sitting, scene.changes(sitting, {0}))
    people.disable_account(cadre, by=district.boss, now=NOON)
    reply = save(client, sitting, scene.changes(sitting, {1}))
    assert (reply.status_code, reply.json()["code"]) == (409, "frozen")
    assert get(client, "paper", sitting.pk).status_code == 302
    assert Sitting.objects.get().revision == 1


@pytest.mark.parametrize(
    ("path", "status"),
    [("/sittings/{}/save/", 405), ("/sittings/99999/", 404), ("/sittings/{}/result/?x=%00", 400), ("/exams/0/", 404)],
)
def test_AL6_odd_requests_in_a_sitting_tell_nothing(client, exam, path, status, caplog):
    sitting = start(client, exam)
    reply = client.get(path.format(sitting.pk))
    assert reply.status_code == status
    assert SECRET not in reply.content.decode()
    assert "Traceback" not in reply.content.decode()
    assert SECRET not in caplog.text
    assert "题怎么说" not in caplog.text


def test_a_bad_answer_in_the_whole_form_is_our_own_page_with_the_reason(client, exam):
    sitting = start(client, exam)
    form = {**sheet_form(sitting, {}), paper_of(sitting.pk).names.questions[0]: "x"}
    reply = client.post(reverse("exams:handin", args=[sitting.pk]), form)
    assert reply.status_code == 400
    assert "<p>这道题没有这个选项。请刷新页面后再选</p>" in reply.content.decode()


@pytest.mark.parametrize(
    ("seed", "shown"), [("7", 7), ("9" * 5000, 1), ("-1", 1), ("²", 1), ("0", 1), ("x", 1)]
)
def test_any_seed_shows_a_trial_paper(client, district, exam, seed, shown):
    people.grant_role(exam.candidates.get().user, role="setter", unit=district.district, by=district.boss, now=NOON)
    page = client.get(reverse("exams:preview", args=[exam.pk]), {"seed": seed})
    assert (page.status_code, page.context["seed"]) == (200, shown)


def test_the_setter_of_another_unit_does_not_see_the_exam(client, district, exam):
    people.grant_role(exam.candidates.get().user, role="setter", unit=district.other_town, by=district.boss, now=NOON)
    assert client.get(reverse("exams:manage_list")).status_code == 200
    for name in ("manage", "edit", "rules", "preview"):
        assert get(client, name, exam.pk).status_code == 404
    assert client.post(reverse("exams:publish", args=[exam.pk])).status_code == 404


def test_AZ4_a_candidate_cannot_open_the_setters_pages(client, exam):
    assert client.get(reverse("exams:manage_list")).status_code == 403
    assert client.get(reverse("exams:create")).status_code == 403
    assert get(client, "manage", exam.pk).status_code == 404
