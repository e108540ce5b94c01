"""One paper handed in changes the board, its Excel file and the draft; the frozen report stays, and says what differs."""
import io
import re

import openpyxl
import pytest
import time_machine
from django.urls import reverse
from mingfa.people.models import Role
from mingfa.reports import actions as reports
from mingfa.reports.queries import last_text, review_of
from mingfa.review import actions as reviewing

from exams import actions
from tests.exams import scene as exams

from .papers import told

BODY = """一、工作开展情况
应考{exam_attendance:总数}人，实考{exam_attendance:实数}人，参考率{exam_attendance}，{满 exam_attendance|无一缺考|还有人缺考}。"""
PEOPLE = [f"学员{letter}" for letter in "甲乙丙丁戊己庚辛壬癸子丑"]


@pytest.fixture
def scene(db):
    with time_machine.travel(exams.NOON, tick=True):
        yield exams.build()


def hand_in(exam, user):
    sitting = exams.sit(exam, user)
    exams.answer_all(sitting)
    actions.submit_sitting(sitting.pk, by=user, now=exams.NOON + exams.minutes(3))


def frozen_report(scene, writer):
    """Written, signed by three and frozen."""
    now = exams.NOON
    report = reports.start_report(scene.district, 2026, by=writer, now=now)
    facts = {"title": report.title, "signer": report.signer, "overrides": {}, "seen": 1}
    reports.save_text(report.pk, body=BODY, by=writer, now=now, **facts)
    reports.submit_report(report.pk, by=writer, now=now)
    for step, role in enumerate((Role.REVIEWER_1, Role.REVIEWER_2, Role.REVIEWER_3), start=1):
        review = review_of(last_text(report))
        reviewer = exams.holder(scene, role, name=f"审核{step}")
        reviewing.sign_review(review.pk, by=reviewer, now=now, text_hash=review.text_hash, step=step, secrecy=step == 1)
    return reports.freeze_report(report.pk, by=writer, now=now)


def shown(client, scene) -> tuple[str, list]:
    """(the numbers of the leading card on the board, the last row of its Excel file)."""
    card, *_ = client.get(reverse("board_unit", args=[scene.district.pk])).context["table"].cards
    file = client.get(reverse("board_excel", args=[scene.district.pk])).content
    rows = list(openpyxl.load_workbook(io.BytesIO(file))["看板"].iter_rows(values_only=True))
    [total] = [row[:4] for row in rows if row[0] == "合计"]
    return card.figure.fraction, list(total)


def printed(client, report) -> str:
    """The report's Word file as text with styles."""
    return told(client.get(reverse("reports:docx", args=[report.pk])).content)


def test_one_paper_handed_in_changes_everything_but_what_is_frozen(scene):
    people = [scene.person(name) for name in PEOPLE]
    exam = scene.exam()
    for user in people[:-1]:
        hand_in(exam, user)
    writer = exams.holder(scene, Role.LIAISON, Role.LEADER, name="沈未央")
    client = exams.browser(writer)
    frozen = frozen_report(scene, writer)
    draft = reports.restate_report(frozen.pk, reason="等最后一人", by=writer, now=exams.NOON)
    page = reverse("reports:report", args=[frozen.pk])
    before = printed(client, frozen)

    assert shown(client, scene) == ("11 / 12", ["合计", 12, 11, 91.7])
    assert "应考12人，实考11人，参考率91.7%，还有人缺考。" in before
    assert "应考12人，实考11人，参考率91.7%，还有人缺考。" in printed(client, draft)
    assert "冻结以后有变化" not in client.get(page).content.decode()

    hand_in(exam, people[-1])

    assert shown(client, scene) == ("12 / 12", ["合计", 12, 12, 100])
    assert "应考12人，实考12人，参考率100%，无一缺考。" in printed(client, draft)
    assert printed(client, frozen) == before
    words = re.sub(r"\s+", " ", client.get(page).content.decode())
    assert "冻结以后有变化" in words
    assert "参考率：报告里 91.7% 11 / 12，现在 100% 12 / 12" in words
