"""The report's pages: who may see and do what, refusals in words, the figures page."""
import re

import pytest
from django.test import Client
from django.urls import reverse
from mingfa.bank import actions as bank_actions
from mingfa.people.models import User
from mingfa.periods import Year
from mingfa.reports import actions
from mingfa.reports.models import Report
from mingfa.reports.queries import imprint_of, last_text, review_of
from mingfa.review.models import Review
from wagtail.models import ModelLogEntry

from tests.bank.samples import DRAFT
from tests.exported import table

from .scene import BODY, NOW


def client(user) -> Client:
    one = Client()
    one.force_login(user)
    return one


def page(name, *args):
    return reverse(f"reports:{name}", args=args)


def filled(scene):
    scene.enter()
    scene.enter("entered_on_time", 149, 150, source="办理台账")


def form(report, **more):
    text = last_text(report)
    return {"title": report.title, "signer": report.signer, "body": text.body, "seen": text.number, **more}


def test_visitors_sign_in_first_and_strangers_find_nothing(scene):
    report = scene.report()
    for name in ("report", "docx", "pdf", "portal", "figures", "evidence"):
        assert Client().get(page(name, report.pk)).status_code == 302
        assert client(scene.stranger).get(page(name, report.pk)).status_code == 404
    for name in ("submit", "freeze", "restate"):
        assert client(scene.stranger).post(page(name, report.pk)).status_code == 404
        assert client(scene.leader).post(page(name, report.pk)).status_code == 403
        assert client(scene.writer).get(page(name, report.pk)).status_code == 405
    assert report.title not in client(scene.stranger).get(page("list")).content.decode()


def test_a_leader_reads_and_does_not_write(scene):
    report = scene.report()
    shown = client(scene.leader).get(page("report", report.pk))
    assert shown.status_code == 200
    assert "<textarea" not in shown.content.decode()
    assert client(scene.leader).post(page("report", report.pk), form(report, body="别的")).status_code == 403
    assert last_text(report).body == BODY


def test_the_editor_saves_another_wording_with_what_was_typed_over_a_figure(scene):
    filled(scene)
    report = scene.report()
    over = {"words-entered_group_study": "12", "reason-entered_group_study": "含联学"}
    sent = form(report, body=BODY + "\r\n二、存在的问题", **over)
    assert client(scene.writer).post(page("report", report.pk), sent).status_code == 302
    text = last_text(report)
    assert text.body == BODY + "\n二、存在的问题"
    assert list(text.overrides.values_list("code", "words", "reason")) == [("entered_group_study", "12", "含联学")]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"body": "甲\n{有 x"}, "第 2 行看不懂"),
        ({"seen": "1"}, "您的改动没有保存"),
        ({"words-entered_group_study": "12"}, "没有写原因"),
        ({"body": ""}, "正文"),
        ({"signer": "长" * 61}, "署名"),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(scene, more, words):
    report = scene.report()
    before = last_text(report)
    answer = client(scene.writer).post(page("report", report.pk), form(report, **more))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert last_text(report) == before


def test_the_checks_stand_beside_the_text(scene):
    report = scene.report("本年完成98%。{entered_group_study}{nothing_here}")
    shown = client(scene.writer).get(page("report", report.pk)).content.decode()
    assert "第 1 行的数字“98%”不是数据" in shown
    assert "待填<sup>1</sup>" in shown
    assert '<span class="mf-bad">98%</span>' in shown
    assert "3 处要改" in shown
    assert "第 1 行的“nothing_here”没有这个数据" in shown
    assert client(scene.writer).get(page("docx", report.pk), follow=True).redirect_chain


def test_a_report_goes_from_the_list_to_its_evidence(scene):
    filled(scene)
    writer = client(scene.writer)
    begun = writer.post(page("start"), {"unit": scene.office.pk, "year": 2026})
    report = Report.objects.get()
    assert begun["Location"] == page("report", report.pk)
    writer.post(page("report", report.pk), form(report, body=BODY))
    writer.post(page("submit", report.pk))
    for step, reviewer in enumerate(scene.reviewers, start=1):
        review = review_of(last_text(report))
        desk = client(reviewer)
        assert page("review", review.pk) in desk.get(reverse("review:desk")).content.decode()
        assert "按期办结率" in desk.get(page("review", review.pk)).content.decode()
        sent = {"text_hash": review.text_hash, "step": step, "secrecy": "yes"}
        assert desk.post(page("sign", review.pk), sent)["Location"] == reverse("review:desk")
    writer.post(page("freeze", report.pk))
    report.refresh_from_db()
    assert report.frozen
    files = (("docx", "word"), ("pdf", "pdf"), ("portal", "html"), ("figures", "sheet"), ("evidence", "zip"))
    for name, kind in files:
        answer = writer.get(page(name, report.pk))
        assert answer.status_code == 200
        assert kind in answer["Content-Type"]
        assert answer["X-Content-Type-Options"] == "nosniff"
    assert "依据包" in writer.get(page("report", report.pk)).content.decode()
    lines = ModelLogEntry.objects.filter(action="reports.export", user=scene.writer).order_by("pk")
    assert [line.data["file"] for line in lines] == ["docx", "pdf", "html", "xlsx", "zip"]


def test_a_reviewer_sends_back_with_a_reason_only(scene):
    filled(scene)
    report = scene.report()
    review = actions.submit_report(report.pk, by=scene.writer, now=NOW)
    desk = client(scene.reviewers[0])
    sent = {"text_hash": review.text_hash, "step": 1}
    assert desk.post(page("return", review.pk), sent).status_code == 409
    assert desk.post(page("return", review.pk), {**sent, "opinion": "问题部分太空"}).status_code == 302
    assert "问题部分太空" in client(scene.writer).get(page("report", report.pk)).content.decode()
    assert client(scene.stranger).get(page("review", review.pk)).status_code == 404


def test_the_next_that_waits_opens_whatever_kind_of_text_it_is(scene):
    filled(scene)
    report = actions.submit_report(scene.report().pk, by=scene.writer, now=NOW)
    bank = bank_actions.create_bank(name="审核题库", unit=scene.office, by=scene.boss, now=NOW, reviewed=True)
    question = bank_actions.create_question(bank, DRAFT, by=scene.boss, now=NOW)
    bank_actions.submit_questions(bank, [question.pk], by=scene.boss, now=NOW)
    [other] = Review.objects.exclude(pk=report.pk)
    desk = client(scene.reviewers[0])
    address = reverse("bank_reviews:review", args=[other.pk])
    assert f'href="{page("review", report.pk)}"' in desk.get(address).content.decode()
    assert f'href="{address}"' in desk.get(page("review", report.pk)).content.decode()
    sent = {"text_hash": report.text_hash, "step": 1, "secrecy": "yes"}
    assert desk.post(page("sign", report.pk), sent)["Location"] == address


def test_an_opinion_that_is_too_long_is_refused_and_kept(scene):
    filled(scene)
    review = actions.submit_report(scene.report().pk, by=scene.writer, now=NOW)
    sent = {"text_hash": review.text_hash, "step": 1, "opinion": "长" * 1001}
    answer = client(scene.reviewers[0]).post(page("return", review.pk), sent)
    assert (answer.status_code, "意见写了 1001 字，最多 1000 字" in answer.content.decode()) == (400, True)
    assert "长" * 1001 in answer.content.decode()
    assert Review.objects.get(pk=review.pk).state == "first"


def test_words_typed_over_a_figure_stay_in_their_fields_when_the_text_is_refused(scene):
    report = scene.report()
    over = {"words-entered_on_time": "99%以上", "reason-entered_on_time": "台账未结"}
    answer = client(scene.writer).post(page("report", report.pk), form(report, body="{有", **over))
    assert answer.status_code == 422
    assert 'value="99%以上"' in answer.content.decode()
    assert 'value="台账未结"' in answer.content.decode()


def test_a_rate_below_last_years_has_to_be_explained(scene):
    scene.enter(year=Year(2025))
    scene.enter("entered_on_time", 150, 150, year=Year(2025))
    scene.frozen(year=2025)
    filled(scene)
    shown = client(scene.writer).get(page("report", scene.report().pk)).content.decode()
    assert "1 处要说明" in shown
    assert "上年 100%，比上年 −0.7 个百分点。比上年低，请在正文里写明原因。" in shown
    assert "底稿：2025 年报告" in shown


def test_the_list_makes_as_many_queries_for_one_report_as_for_many(scene, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    writer = client(scene.writer)
    actions.start_report(scene.office, 2026, by=scene.writer, now=NOW)
    writer.get(page("list"))
    with CaptureQueriesContext(connection, ) as one:
        writer.get(page("list"))
    for year in range(1990, 2020):
        actions.start_report(scene.office, year, by=scene.writer, now=NOW)
    with django_assert_num_queries(len(one)):
        writer.get(page("list"))


def test_figures_are_typed_in_and_checked_on_their_page(scene):
    address = reverse("board_entered", args=[scene.office.pk])
    writer, second = client(scene.writer), client(scene.second)
    sent = {"period": "2026", "part": "12", "source": "学习记录汇编"}
    enter = reverse("board_enter", args=[scene.office.pk, "entered_group_study"])
    assert writer.post(enter, sent)["Location"] == f"{address}?period=2026"
    assert "等另一人核对" in writer.get(address, {"period": "2026"}).content.decode()
    check = reverse("board_check", args=[scene.office.entered_figures.get().pk])
    assert check not in writer.get(address, {"period": "2026"}).content.decode()
    assert writer.post(check).status_code == 404
    assert check in second.get(address, {"period": "2026"}).content.decode()
    second.post(check)
    assert "已核对" in writer.get(address, {"period": "2026"}).content.decode()


@pytest.mark.parametrize(
    ("code", "sent", "words"),
    [
        ("entered_group_study", {"part": "十二", "source": "台账"}, "没有保存"),
        ("entered_group_study", {"part": "-1", "source": "台账"}, "没有保存"),
        ("entered_group_study", {"part": "12", "source": ""}, "来源文件"),
        ("entered_on_time", {"part": "11", "whole": "10", "source": "台账"}, "比总数 10 还多"),
    ],
)
def test_a_figure_that_cannot_be_is_refused_in_words(scene, code, sent, words):
    enter = reverse("board_enter", args=[scene.office.pk, code])
    answer = client(scene.writer).post(enter, {"period": "2026", **sent}, follow=True)
    assert words in answer.content.decode()
    assert scene.office.entered_figures.count() == 0


def test_other_units_figures_and_figures_that_are_counted_are_out_of_reach(scene):
    sent = {"period": "2026", "part": "1", "source": "台账"}
    foreign = reverse("board_enter", args=[scene.other.pk, "entered_group_study"])
    assert client(scene.writer).post(foreign, sent).status_code == 404
    counted = reverse("board_enter", args=[scene.office.pk, "exam_attendance"])
    assert client(scene.writer).post(counted, sent).status_code == 404
    assert client(scene.reviewers[0]).get(reverse("board_entered", args=[scene.office.pk])).status_code == 404


def imprint(**more):
    named = {"number": "嘉信访发〔2026〕5号", "copies_to": "嘉禾区司法局"}
    return {**named, "printed_by": "嘉禾区信访局", "printed_on": "2026-12-31", **more}


def test_the_number_and_the_imprint_are_filled_in_beside_the_text(scene):
    report = scene.report()
    sent = imprint(number=" 嘉信访发[2026] 5号", copies_to="抄送：嘉禾区司法局。")
    assert client(scene.writer).post(page("imprint", report.pk), sent).status_code == 302
    report.refresh_from_db()
    assert imprint_of(report) == ["嘉信访发〔2026〕5号", "嘉禾区司法局", "嘉禾区信访局", "2026-12-31"]
    shown = client(scene.leader).get(page("report", report.pk)).content.decode()
    for words in ("嘉信访发〔2026〕5号", "抄送：嘉禾区司法局。", "2026年12月31日印发"):
        assert words in shown
    assert client(scene.writer).post(page("imprint", report.pk), imprint(number="", copies_to="")).status_code == 302
    assert imprint_of(Report.objects.get()) == ["", "", "嘉禾区信访局", "2026-12-31"]


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"number": "嘉信访发〔2026〕第5号"}, "不写“第”"),
        ({"number": "嘉信访发〔2026〕05号"}, "不加 0"),
        ({"number": "嘉信访发〔26〕5号"}, "四位年份"),
        ({"copies_to": "张三13812345678"}, "这里只写机关名称"),
        ({"printed_by": "长" * 21}, "印发机关"),
        ({"printed_on": "2025-12-31"}, "还早，请核对"),
        ({"printed_on": "昨天"}, "印发日期"),
    ],
)
def test_what_is_wrong_with_the_imprint_is_said_and_nothing_is_saved(scene, more, words):
    report = scene.report()
    answer = client(scene.writer).post(page("imprint", report.pk), imprint(**more))
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert imprint_of(Report.objects.get()) == [""] * 4


def test_a_draft_with_findings_is_not_printed_and_it_says_why(scene):
    report = scene.report()
    for name, called in (("docx", "Word"), ("pdf", "PDF")):
        answer = client(scene.writer).get(page(name, report.pk), follow=True)
        assert answer.redirect_chain == [(page("report", report.pk), 302)]
        assert f"没有生成 {called}：还有地方要改" in answer.content.decode()
        assert page(name, report.pk) not in answer.content.decode()
    filled(scene)
    assert f'href="{page("pdf", report.pk)}"' in client(scene.writer).get(page("report", report.pk)).content.decode()


def test_whether_a_seal_is_put_on_is_ticked_beside_the_number(scene):
    report = scene.report()
    for sent, ticked in ((imprint(stamped="on"), True), (imprint(), False)):
        assert client(scene.writer).post(page("imprint", report.pk), sent).status_code == 302
        report.refresh_from_db()
        assert report.stamped is ticked
        shown = client(scene.writer).get(page("report", report.pk)).content.decode()
        box = re.search(r'<input[^>]*name="stamped"[^>]*>', shown)
        assert ("（加盖印章）" in shown) is ticked
        assert ("checked" in box[0]) is ticked


def test_nobody_else_fills_in_the_imprint_and_a_frozen_one_stays(scene):
    filled(scene)
    report = scene.frozen()
    assert client(scene.stranger).post(page("imprint", report.pk), imprint()).status_code == 404
    assert client(scene.leader).post(page("imprint", report.pk), imprint()).status_code == 403
    answer = client(scene.writer).post(page("imprint", report.pk), imprint(), follow=True)
    assert "报告已经冻结" in answer.content.decode()
    assert imprint_of(Report.objects.get()) == [""] * 4


def test_the_list_goes_out_as_excel_to_whom_the_page_is_shown(scene):
    report = scene.report()
    [row] = table(client(report.created_by).get(page("list_xlsx")))[1:]
    assert (row[0], row[1], row[2], row[3]) == (report.unit.name, report.year, str(report), "起草中")
    assert str(report) in client(report.created_by).get(page("list")).content.decode()
    assert Client().get(page("list_xlsx")).status_code == 302
    assert client(User.objects.create(username="cadre", name="学员")).get(page("list_xlsx")).status_code == 403
