"""核对 where it takes long: reading and importing in the background, killed in the middle, and what is swept away."""

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone
from mingfa.bank import actions, queries
from mingfa.bank.importing.keeping import draft_from
from mingfa.bank.models import ImportEntry, Question, QuestionImport
from mingfa.bank.tasks import bring_import, read_import

from tests.bank.repairing import bring, decide, entry_of, in_bank, whole
from tests.bank.samples import question_file, question_rows

pytestmark = pytest.mark.django_db


def test_IF7_killed_in_the_middle_all_decisions_stand_and_the_second_go_brings_all_once(mixed, bank, setter):
    decide(mixed, 3, "confirmed", setter, draft=replace(draft_from(entry_of(mixed, 3).draft), answer="A"))

    def die(done, total):
        raise KeyboardInterrupt

    mixed.refresh_from_db()
    with pytest.raises(KeyboardInterrupt):
        actions.import_decided(mixed, by=setter, now=timezone.now(), progress=die)
    assert (Question.objects.count(), mixed.entries.filter(taken=True).count()) == (0, 0)
    assert bring(mixed, setter).imported == 3
    assert queries.in_use(bank).count() == 3


def test_a_decision_taken_while_the_import_runs_is_refused(mixed, setter, colleague):
    said = []

    def meanwhile(done, total):
        with pytest.raises(actions.AlreadyTaken) as taken:
            decide(mixed, 1, "refused", colleague)
        said.append(taken.value.state)

    mixed.refresh_from_db()
    actions.import_decided(mixed, by=setter, now=timezone.now(), progress=meanwhile)
    assert said == ["正在入库"]


def test_a_large_file_is_read_in_the_background_and_killed_reading_goes_on(signed_in, bank, setter, monkeypatch):
    monkeypatch.setattr("mingfa.bank.views.imports.PARSED_AT_ONCE", 10)
    run = actions.keep_upload(bank, data=question_file(*question_rows(12)), name="大.xlsx", by=setter, now=timezone.now())
    assert "正在读文件" in signed_in.get(whole(run)).content.decode()
    assert run.entries.count() == 0
    QuestionImport.objects.update(touched_at=timezone.now() - timedelta(minutes=2))
    assert "接着读" in signed_in.get(whole(run)).content.decode()
    read_import.func(run.pk)
    run.entries.filter(place__gt=5).delete()
    QuestionImport.objects.update(read_at=None, compared=0)
    read_import.func(run.pk)
    run.refresh_from_db()
    assert (run.total, run.entries.count(), run.compared, run.read_at is None) == (12, 12, 12, False)


def test_a_large_import_runs_in_the_background(signed_in, mixed, bank, setter, monkeypatch):
    monkeypatch.setattr("mingfa.bank.views.imports.BROUGHT_AT_ONCE", 1)
    said = signed_in.post(whole(mixed), {"accept_good": "yes"}, follow=True).content.decode()
    assert "已开始入库 2 题" in said
    bring_import.func(mixed.pk, setter.pk)
    assert len(in_bank(bank)) == 2


def test_an_upload_older_than_that_is_not_swept_away_by_its_own_import(mixed, bank, setter):
    made = mixed.created_at - timedelta(days=40)
    QuestionImport.objects.update(created_at=made)
    assert bring(mixed, setter).imported == 2
    assert (len(in_bank(bank)), mixed.entries.count()) == (2, 3)


def test_after_thirty_days_the_rows_go_with_the_file(mixed):
    actions.sweep_imports(now=timezone.now() + timedelta(days=31))
    assert (ImportEntry.objects.count(), QuestionImport.objects.get().file.name) == (0, "")
