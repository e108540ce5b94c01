"""Saving what a file holds: all or none, repeats told, killed imports swept."""

from dataclasses import replace
from datetime import timedelta

import pytest
from mingfa.bank import actions, listing, queries
from mingfa.bank.importing import parse_file
from mingfa.bank.importing.sheets import rejected_xlsx
from mingfa.bank.models import Citation, Option, Question, QuestionImport, QuestionVersion
from mingfa.spreadsheets import read_rows
from wagtail.models import ModelLogEntry

from tests.bank.samples import DRAFT, NOW, question_file, question_rows

pytestmark = pytest.mark.django_db


def bring(bank, setter, *rows, **options):
    parsed = parse_file(question_file(*rows), "题库.xlsx")
    return actions.import_questions(bank, parsed, by=setter, now=NOW, **options)


def rows_of_bank():
    return [model.objects.count() for model in (Question, QuestionVersion, Option, Citation)]


def test_an_import_saves_every_question_with_options_citations_and_source(bank, setter):
    outcome = bring(bank, setter, *question_rows(3))
    assert (outcome.imported, outcome.before, outcome.after) == (3, 0, 3)
    first = queries.in_use(bank).order_by("id").first()
    view = queries.versions([first.current_id])[first.current_id]
    assert (view.stem, view.options, view.answer) == ("第 0 题（ ）", ("甲", "乙", "丙", "丁"), "AB")
    assert [(ref.law_title, ref.article) for ref in view.citations] == [("信访工作条例", 17)]
    assert (first.status, first.topic, first.current.source) == ("usable", "渠道", "题库.xlsx，试题，第 2 行")
    assert len(queries.drawable(bank)) == 3


def test_an_import_counts_the_edition_up_once_and_leaves_one_audit_entry(bank, setter):
    bring(bank, setter, *question_rows(250))
    bank.refresh_from_db()
    assert bank.edition == 2
    entry = ModelLogEntry.objects.get(action="bank.import_questions")
    assert entry.data == {"file": "题库.xlsx", "imported": 250, "skipped": 0, "rejected": 0}
    assert entry.user == setter


def test_IF6_the_same_bank_imported_twice_skips_everything_and_tells_where_it_is(bank, setter):
    bring(bank, setter, *question_rows(25))
    before = rows_of_bank()
    outcome = bring(bank, setter, *question_rows(25))
    assert (outcome.imported, outcome.before, outcome.after) == (0, 25, 25)
    ids = list(queries.in_use(bank).order_by("id").values_list("pk", flat=True))
    assert [(repeat.place.row, repeat.question_id) for repeat in outcome.repeats] == list(
        zip(range(2, 27), ids, strict=True)
    )
    assert rows_of_bank() == before


def test_IF5_with_one_error_nothing_is_saved_unless_the_good_rows_are_chosen(bank, setter):
    good, bad = question_rows(2), ["单选题", "没有答案的题", "甲", "乙", "", "", ""]
    with pytest.raises(actions.ImportRefused) as refusal:
        bring(bank, setter, *good, bad)
    assert [(error.row, error.code) for error in refusal.value.errors] == [(4, "no_answer")]
    assert rows_of_bank() == [0, 0, 0, 0]
    outcome = bring(bank, setter, *good, bad, accept_good=True)
    assert (outcome.imported, [error.code for error in outcome.errors]) == (2, ["no_answer"])


def test_another_answer_than_in_the_bank_is_an_error(bank, setter):
    bring(bank, setter, *question_rows(1))
    changed = question_rows(1)[0]
    changed[6] = "A"
    with pytest.raises(actions.ImportRefused) as refusal:
        bring(bank, setter, changed)
    (error,) = refusal.value.errors
    known = queries.in_use(bank).get()
    assert (error.row, error.code, error.other) == (2, "duplicate_stem_different_answer", None)
    assert error.message.startswith(f"题干和题库里编号 {known.pk} 的试题相同，答案却不同。")


def test_a_retired_question_is_not_known_any_more(bank, setter):
    bring(bank, setter, *question_rows(1))
    actions.retire_question(queries.in_use(bank).get(), by=setter, now=NOW)
    assert bring(bank, setter, *question_rows(1)).imported == 1


def test_a_failing_import_leaves_no_row_behind(bank, setter):
    def stop(done, total):
        if done >= 200:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bring(bank, setter, *question_rows(250), progress=stop)
    assert rows_of_bank() == [0, 0, 0, 0]
    assert [run.state for run in QuestionImport.objects.all()] == ["dropped"]
    assert bring(bank, setter, *question_rows(250)).imported == 250


def test_questions_still_being_staged_are_seen_by_nobody(bank, setter):
    seen = []

    def look(done, total):
        seen.append((queries.in_use(bank).count(), queries.drawable(bank), listing.page_of(bank, listing.Narrowed()).total))

    bring(bank, setter, *question_rows(150), progress=look)
    assert seen == [(0, [], 0), (0, [], 0)]
    assert queries.in_use(bank).count() == 150


def test_what_a_killed_import_left_is_swept_by_a_later_one(bank, setter, question):
    run = QuestionImport.objects.create(
        bank=bank, name="断电.xlsx", state="staging", created_at=NOW, touched_at=NOW - timedelta(minutes=11)
    )
    Question.objects.filter(pk=question.pk).update(status="staged", imported_in=run)
    assert bring(bank, setter, *question_rows(1)).imported == 1
    assert not Question.objects.filter(pk=question.pk).exists()
    run.refresh_from_db()
    assert run.state == "dropped"


def test_a_living_import_is_not_swept(bank, setter, question):
    run = QuestionImport.objects.create(
        bank=bank, name="正在导入.xlsx", state="staging", created_at=NOW, touched_at=NOW - timedelta(minutes=9)
    )
    Question.objects.filter(pk=question.pk).update(status="staged", imported_in=run)
    assert actions.sweep_imports(now=NOW) == 0
    assert Question.objects.filter(pk=question.pk).exists()


def test_the_same_question_saved_by_somebody_meanwhile_stops_the_import(bank, setter):
    stem = question_rows(1)[0][1]

    def meanwhile(done, total):
        actions.create_question(bank, replace(DRAFT, stem=stem), by=setter, now=NOW)

    with pytest.raises(actions.BankChanged):
        bring(bank, setter, *question_rows(2), progress=meanwhile)
    assert queries.in_use(bank).count() == 1
    assert Question.objects.count() == 1


def test_a_second_click_while_a_file_is_being_imported_does_nothing(bank, setter):
    parsed = parse_file(question_file(*question_rows(2)), "题库.xlsx")
    upload = actions.keep_upload(bank, data=b"", name="题库.xlsx", by=setter, now=NOW)
    said = []

    def second_click(done, total):
        again = QuestionImport.objects.get(pk=upload.pk)
        with pytest.raises(actions.AlreadyTaken) as taken:
            actions.import_questions(bank, parsed, by=setter, now=NOW, upload=again)
        said.append(taken.value.state)

    actions.import_questions(bank, parsed, by=setter, now=NOW, upload=upload, progress=second_click)
    assert said == ["正在入库"]
    assert (queries.in_use(bank).count(), Question.objects.count()) == (2, 2)
    assert QuestionImport.objects.get().state == "done"


def test_an_import_that_was_dropped_can_be_started_again(bank, setter):
    parsed = parse_file(question_file(*question_rows(2)), "题库.xlsx")
    upload = actions.keep_upload(bank, data=b"", name="题库.xlsx", by=setter, now=NOW)

    def stop(done, total):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        actions.import_questions(bank, parsed, by=setter, now=NOW, upload=upload, progress=stop)
    assert actions.import_questions(bank, parsed, by=setter, now=NOW, upload=upload).imported == 2


def test_the_rows_with_errors_come_back_as_a_table_that_can_be_mended_and_brought_again(bank, setter):
    bad = ["多选题", "=没有答案的题（ ）", "+甲", "乙", "丙", "", ""]
    parsed = parse_file(question_file(*question_rows(1), bad), "题库.xlsx")
    table = rejected_xlsx(parsed)
    (sheet,) = read_rows(table, "待改正.xlsx")
    header, row = [list(one.cells) for one in sheet.rows]
    told = dict(zip(header, row, strict=True))
    assert (told["题干"], told["选项A"], told["原工作表"], told["原行号"]) == ("=没有答案的题（ ）", "+甲", "试题", 3)
    assert told["要改什么"] == "G 列：没有写正确答案。请补上。"
    assert [error.code for error in parse_file(table, "待改正.xlsx").errors] == ["no_answer"]


def test_a_case_on_known_material_with_other_sub_questions_is_new_to_the_bank(bank, setter):
    def case(asked):
        text = f"案例题\n【案例】甲到区里。\n（1）{asked}（判断）\n答案：对"
        return actions.import_questions(bank, parse_file(text.encode(), "题.txt"), by=setter, now=NOW)

    assert [len(case(asked).repeats) for asked in ("应当受理。", "应当登记。", "应当受理。")] == [0, 0, 1]
    assert queries.in_use(bank).count() == 2


def test_a_case_whose_sub_question_has_another_answer_than_in_the_bank_or_before_in_the_file_is_an_error(bank, setter):
    def case(*answers):
        cases = [f"【案例】甲到区里。\n（1）应当受理。（判断）\n答案：{answer}\n" for answer in answers]
        return parse_file(("案例题\n" + "".join(cases)).encode(), "题.txt")

    assert [error.code for error in case("对", "错").errors] == ["duplicate_stem_different_answer"]
    actions.import_questions(bank, case("对"), by=setter, now=NOW)
    compared = queries.compare_with_bank(bank, case("错"))
    assert ([error.code for error in compared.errors], compared.repeats) == (["duplicate_stem_different_answer"], ())
    assert len(queries.compare_with_bank(bank, case("对")).repeats) == 1
