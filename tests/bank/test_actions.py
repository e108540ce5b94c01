from dataclasses import replace
from decimal import Decimal

import pytest
from mingfa.bank import actions, queries
from mingfa.bank.drafts import BadDraft, QuestionDraft
from mingfa.bank.models import Question
from mingfa.library.citations import CitationRef
from wagtail.models import ModelLogEntry

from tests.bank.samples import DRAFT, NOW

pytestmark = pytest.mark.django_db


def test_a_question_is_kept_with_options_key_and_citations(bank, question):
    view = queries.versions([question.current_id])[question.current_id]
    assert view == queries.VersionView(
        id=question.current_id,
        type="multiple",
        stem=DRAFT.stem,
        options=DRAFT.options,
        answer="ABCD",
        explanation="四种形式都可以。",
        citations=(CitationRef("信访工作条例", 17),),
        difficulty=1,
    )
    version = question.current
    assert (version.number, version.difficulty, version.marks, version.source) == (
        1,
        1,
        Decimal("2.0"),
        "题库.xlsx 第 2 行",
    )
    assert (question.status, question.topic, question.reserved) == ("usable", "信访渠道", False)


def test_each_change_counts_the_edition_of_the_bank_up(bank, question, setter):
    bank.refresh_from_db()
    assert bank.edition == 2
    actions.revise_question(question, replace(DRAFT, answer="ABC"), by=setter, now=NOW)
    bank.refresh_from_db()
    assert bank.edition == 3
    actions.retire_question(question, by=setter, now=NOW)
    bank.refresh_from_db()
    assert bank.edition == 4


def test_a_revision_is_a_new_version_and_leaves_the_old_one_untouched(question, setter):
    first = queries.versions([question.current_id])[question.current_id]
    changed = replace(DRAFT, options=("书信", "走访"), answer="AB", citations=(), topic="形式")
    second = actions.revise_question(question, changed, by=setter, now=NOW)
    question.refresh_from_db()
    assert question.current_id == second.pk != first.id
    assert (second.number, question.topic) == (2, "形式")
    assert queries.versions([first.id])[first.id] == first
    assert queries.versions([second.pk])[second.pk].options == ("书信", "走访")


def test_a_revision_that_changes_nothing_makes_no_version(question, setter, bank):
    assert actions.revise_question(question, DRAFT, by=setter, now=NOW).number == 1
    assert question.versions.count() == 1
    bank.refresh_from_db()
    assert bank.edition == 2


def test_a_question_nobody_could_answer_is_refused_and_nothing_is_kept(bank, setter):
    with pytest.raises(BadDraft) as refusal:
        actions.create_question(bank, replace(DRAFT, answer="E", stem=" "), by=setter, now=NOW)
    assert [problem.code for problem in refusal.value.problems] == ["empty_stem", "answer_not_in_options"]
    assert Question.objects.count() == 0


def test_a_retired_question_leaves_the_pool_and_comes_back_when_restored(bank, question, setter):
    actions.retire_question(question, by=setter, now=NOW, reason="法律已修订")
    assert queries.drawable(bank) == []
    with pytest.raises(actions.NotPossible):
        actions.retire_question(question, by=setter, now=NOW)
    with pytest.raises(actions.NotPossible):
        actions.revise_question(question, replace(DRAFT, answer="A"), by=setter, now=NOW)
    actions.restore_question(question, by=setter, now=NOW)
    assert [item.question_id for item in queries.drawable(bank)] == [question.pk]


def test_every_write_leaves_one_audit_entry_and_none_holds_the_key(bank, question, setter):
    actions.revise_question(question, replace(DRAFT, answer="ABC"), by=setter, now=NOW)
    actions.reserve_question(question, reserved=True, by=setter, now=NOW)
    actions.retire_question(question, by=setter, now=NOW, reason="重复")
    actions.restore_question(question, by=setter, now=NOW)
    entries = list(ModelLogEntry.objects.order_by("id").values_list("action", "data", "user"))
    assert entries == [
        ("bank.create_bank", {"unit": bank.unit_id}, setter.pk),
        ("bank.create_question", {"bank": bank.pk, "version": 1}, setter.pk),
        ("bank.revise_question", {"version": 2}, setter.pk),
        ("bank.reserve_question", {"reserved": True}, setter.pk),
        ("bank.retire_question", {"reason": "重复"}, setter.pk),
        ("bank.restore_question", {}, setter.pk),
    ]


def test_a_case_is_kept_with_its_questions_in_order(bank, setter):
    children = (
        QuestionDraft(type="single", stem="代表最多几人？", options=("3 人", "5 人"), answer="B"),
        QuestionDraft(type="judge", stem="可以不予登记。", answer="F"),
    )
    case = QuestionDraft(type="case", stem="某镇八名村民走访。", children=children)
    question = actions.create_question(bank, case, by=setter, now=NOW)
    view = queries.versions([question.current_id])[question.current_id]
    assert [(child.type, child.stem, child.answer) for child in view.children] == [
        ("single", "代表最多几人？", "B"),
        ("judge", "可以不予登记。", "F"),
    ]
    assert [item.type for item in queries.drawable(bank)] == ["case"]
