"""OP5: one row of the log, one mark or one frozen figure changed directly in the database; the check names it."""
from decimal import Decimal
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import transaction
from mingfa.indicators.models import FrozenFigure
from mingfa.reports import sealing
from mingfa.reports.models import Report, ReportText, SealedEntry
from mingfa.reports.tasks import keep_sealed
from wagtail.models import ModelLogEntry, PageLogEntry

from exams import actions
from exams.models import Candidate, Response, Sitting
from exams.proving import proof_of
from tests.courses import scene as courses
from tests.exams import scene as exams

from .scene import NOW


def check(*arguments: str) -> str:
    """What the command says: the sentence of success, or the names of what is broken."""
    out = StringIO()
    try:
        call_command("check_records", *arguments, stdout=out)
    except CommandError as broken:
        return str(broken)
    return out.getvalue()


@pytest.fixture
def sealed(scene):
    """A scene whose log is sealed."""
    scene.enter()
    scene.enter("entered_on_time", 149, 150, source="办理台账")
    scene.report_frozen = scene.frozen()
    keep_sealed.call()
    return scene


def rows():
    return list(ModelLogEntry.objects.order_by("pk"))


def test_OP5_nothing_is_found_where_nothing_was_changed(sealed):
    assert SealedEntry.objects.filter(log="model").count() == len(rows()) > 10
    assert SealedEntry.objects.filter(log="page").count() == PageLogEntry.objects.count()
    assert "没有发现被改过的记录" in check()
    assert SealedEntry.objects.last().digest in check()


def test_OP5_a_changed_row_of_the_log_is_named_and_it_is_the_first(sealed):
    third, fifth = rows()[2], rows()[4]
    for row in (fifth, third):
        ModelLogEntry.objects.filter(pk=row.pk).update(data={**row.data, "part": 99})
    assert f"操作记录 model {third.pk}（" in check()
    assert f"model {fifth.pk}" not in check()


@pytest.mark.parametrize("column", ["action", "label", "user", "timestamp", "object_id"])
def test_OP5_no_column_of_the_log_can_be_changed_unseen(sealed, column):
    row = rows()[3]
    values = {"action": "x.y", "label": "别的", "user": sealed.stranger.pk, "timestamp": NOW - sealing.OVERDUE, "object_id": "0"}
    ModelLogEntry.objects.filter(pk=row.pk).update(**{column: values[column]})
    assert f"操作记录 model {row.pk}（" in check()


def test_OP5_a_deleted_row_of_the_log_is_named(sealed):
    row = rows()[3]
    ModelLogEntry.objects.filter(pk=row.pk).delete()
    assert f"操作记录 model {row.pk} 被删除" in check()


def test_OP5_rows_of_pages_are_sealed_as_well(db):
    with time_machine.travel(courses.NOW, tick=True):
        courses.build()
    sealing.seal_log(now=courses.NOW)
    row = PageLogEntry.objects.order_by("pk").first()
    PageLogEntry.objects.filter(pk=row.pk).update(label="别的")
    assert f"操作记录 page {row.pk}（" in check()


def test_OP5_who_rewrites_the_whole_chain_is_found_out_by_a_digest_written_down_before(sealed):
    kept = SealedEntry.objects.order_by("-pk").first().digest
    assert "没有发现" in check("--digest", kept)
    ModelLogEntry.objects.filter(pk=rows()[3].pk).delete()
    SealedEntry.objects.all().delete()
    sealing.seal_log(now=NOW)
    assert "没有发现" in check()
    assert f"封存摘要 {kept} 不在链上" in check("--digest", kept)


def test_OP5_a_row_that_was_taken_out_of_the_chain_is_named_when_it_stays_unsealed(sealed):
    last = SealedEntry.objects.order_by("-pk").first()
    last.delete()
    sealing.LOGS[last.log].objects.filter(pk=last.entry).update(timestamp=NOW - sealing.OVERDUE * 100)
    assert f"操作记录 {last.log} {last.entry} 一直没有封存" in check()


def test_sealing_twice_seals_once_and_goes_on_where_it_stopped(sealed):
    before = SealedEntry.objects.count()
    assert sealing.seal_log(now=NOW) == 0
    sealed.enter(part=13)
    assert sealing.seal_log(now=NOW) == 2
    assert SealedEntry.objects.count() == before + 2
    assert "没有发现" in check()


def test_a_long_log_is_sealed_in_parts(sealed, monkeypatch):
    monkeypatch.setattr(sealing, "BATCH", 2)
    lines = SealedEntry.objects.count()
    SealedEntry.objects.all().delete()
    assert sealing.seal_log(now=NOW, most=4) == 4
    assert sealing.seal_log(now=NOW) == lines - 4
    assert "没有发现" in check()


def test_a_line_that_was_committed_late_is_sealed_behind_the_others(sealed):
    """Its number is lower: it was given before those of lines that were committed first."""
    late = rows()[3]
    kept = {field.attname: getattr(late, field.attname) for field in ModelLogEntry._meta.fields}
    SealedEntry.objects.all().delete()
    late.delete()
    sealing.seal_log(now=NOW)
    ModelLogEntry.objects.bulk_create([ModelLogEntry(**kept)])
    assert sealing.seal_log(now=NOW) == 1
    assert "没有发现" in check()


def test_OP5_a_frozen_figure_is_named_by_its_unit_and_year(sealed):
    FrozenFigure.objects.filter(code="entered_on_time").update(part=150)
    assert "嘉禾区信访局2026年冻结的数据" in check()


def test_OP5_a_frozen_text_is_named(sealed):
    ReportText.objects.update(body="一、别的")
    assert "嘉禾区信访局2026年冻结的报告" in check()


@pytest.mark.parametrize(
    "change",
    [
        {"number": "嘉信访发〔2026〕6号"}, {"copies_to": "别的"}, {"printed_by": "别的"}, {"printed_on": "2026-12-31"},
        {"stamped": True},
    ],
)  # fmt: skip
def test_OP5_what_is_printed_around_a_frozen_text_is_frozen_with_it(sealed, change):
    Report.objects.update(**change)
    assert "嘉禾区信访局2026年冻结的报告" in check()


@pytest.fixture
def marked(db):
    """(exam, sitting) of somebody who has passed."""
    with time_machine.travel(exams.NOON, tick=True):
        scene = exams.build()
        user = scene.person("学员甲")
        exam = scene.exam()
        sitting = exams.sit(exam, user)
        exams.answer_all(sitting)
        handed_in = actions.submit_sitting(sitting.pk, by=user, now=exams.NOON + exams.minutes(3))
    sealing.seal_log(now=exams.NOON)
    return exam, handed_in


def test_OP5_marks_as_they_were_given_add_up(marked):
    assert "没有发现" in check()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda sitting: Response.objects.filter(sitting=sitting, place=0).update(mark=0), "各题之和是 90.0"),
        (lambda sitting: Response.objects.filter(sitting=sitting, place=0).delete(), "留下判分记录的只有 7 题"),
        (lambda sitting: Sitting.objects.filter(pk=sitting.pk).update(mark=60), "得分 60"),
        (lambda sitting: Candidate.objects.update(counted_mark=60), "成绩 60"),
        (lambda sitting: Candidate.objects.update(passed=False), "合格与否和及格分不符"),
    ],
    ids=["one answer", "an answer deleted", "the sitting", "the result", "passed"],
)
def test_OP5_one_mark_changed_directly_is_named(marked, change, words):
    exam, sitting = marked
    with transaction.atomic():
        change(sitting)
    assert f"考试“{exam.name}”" in check()
    assert words in check()


def change_everywhere(sitting: Sitting, mark: int) -> None:
    """The mark of a sitting in all three places, so that they add up."""
    first = sitting.responses.get(place=0)
    Response.objects.filter(sitting=sitting, place=0).update(mark=first.mark + mark - sitting.mark)
    Sitting.objects.filter(pk=sitting.pk).update(mark=mark)
    Candidate.objects.filter(counted=sitting).update(counted_mark=mark)


def test_OP5_a_mark_changed_in_all_its_places_is_told_by_the_log(marked):
    exam, sitting = marked
    change_everywhere(sitting, 95)
    assert f"考试“{exam.name}”的作答 {sitting.pk}：得分 95.0，和操作记录里判分时留下的凭据不符" in check()


def test_OP5_a_forged_line_of_the_log_proves_no_mark(marked):
    """Who knows how the lines look, without the key of the installation, cannot write one for another mark."""
    _, sitting = marked
    change_everywhere(sitting, 95)
    line = ModelLogEntry.objects.get(action="exams.submit_sitting")
    ModelLogEntry.objects.bulk_create([ModelLogEntry(
        content_type=line.content_type, object_id=line.object_id, label=line.label, action=line.action,
        timestamp=line.timestamp, data={"ending": "self", "proof": line.data["proof"]},
    )])  # fmt: skip
    assert "留下的凭据不符" in check("--seal")


def test_OP5_the_log_does_not_give_the_mark_back(marked):
    _, sitting = marked
    data = ModelLogEntry.objects.get(action="exams.submit_sitting").data
    assert data.keys() == {"ending", "proof"}
    other = Sitting.objects.get(pk=sitting.pk)
    assert data["proof"] == proof_of(other.pk, other.mark)["proof"]
    assert len({proof_of(one, mark)["proof"] for one in (1, 2) for mark in (Decimal("60.0"), Decimal("60.5"))}) == 4


def test_OP5_a_key_that_is_another_proves_nothing_any_more(marked, settings):
    settings.SECRET_KEY = "another" * 8
    assert "留下的凭据不符" in check()


def test_a_sitting_from_before_there_were_proofs_is_left_to_the_other_checks(marked):
    _, sitting = marked
    SealedEntry.objects.all().delete()
    ModelLogEntry.objects.filter(action="exams.submit_sitting").update(data={"ending": "self"})
    change_everywhere(sitting, 95)
    assert "没有发现" in check("--seal")
