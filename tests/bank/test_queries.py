from dataclasses import replace

import pytest
from mingfa.bank import actions, queries
from mingfa.bank.drafts import QuestionDraft
from mingfa.library.citations import CitationRef

from tests.bank.samples import DRAFT, NOW

pytestmark = pytest.mark.django_db


def many(bank, setter, count):
    drafts = [replace(DRAFT, stem=f"第 {number} 题") for number in range(count)]
    return [actions.create_question(bank, draft, by=setter, now=NOW) for draft in drafts]


def test_the_pool_tells_what_a_blueprint_asks_for(bank, question):
    assert queries.drawable(bank) == [
        queries.PoolItem(question.current_id, question.pk, "multiple", "信访渠道", 1, ("信访工作条例",))
    ]


def test_reserved_questions_are_drawn_for_exams_but_never_for_checks(bank, question, setter):
    actions.reserve_question(question, reserved=True, by=setter, now=NOW)
    assert len(queries.drawable(bank)) == 1
    assert queries.drawable(bank, include_reserved=False) == []
    assert queries.checkable([question.pk], now=NOW) == {}


def test_laws_of_other_versions_do_not_count(bank, question, setter):
    actions.revise_question(question, replace(DRAFT, citations=(CitationRef("宪法", 2),)), by=setter, now=NOW)
    assert [item.laws for item in queries.drawable(bank)] == [("宪法",)]


@pytest.mark.parametrize("count", [1, 30])
def test_reading_versions_takes_three_queries_and_the_pool_two(
    bank,
    setter,
    count,
    django_assert_num_queries,
):
    ids = [made.current_id for made in many(bank, setter, count)]
    with django_assert_num_queries(3):
        assert sorted(queries.versions(ids)) == sorted(ids)
    with django_assert_num_queries(2):
        assert len(queries.drawable(bank)) == count


def test_a_repeated_stem_is_found_whatever_its_blanks_look_like(bank, question, setter):
    for stem in ("公民可以采用(　　)等形式 反映情况。", "公民可以采用____等形式反映情况。"):
        assert list(queries.questions_worded(bank, replace(DRAFT, stem=stem))) == [question]
    actions.retire_question(question, by=setter, now=NOW)
    assert list(queries.questions_worded(bank, DRAFT)) == []


def test_a_repeated_case_is_found_by_its_material_and_its_sub_questions(bank, setter):
    part = QuestionDraft(type="judge", stem="应当受理。", answer="T")
    case = QuestionDraft(type="case", stem="甲到区里。", children=(part,))
    made = actions.create_question(bank, case, by=setter, now=NOW)
    assert list(queries.questions_worded(bank, replace(case, stem="甲到 区里。"))) == [made]
    assert list(queries.questions_worded(bank, replace(case, children=(replace(part, stem="应当登记。"),)))) == []
    assert list(queries.questions_worded(bank, replace(case, children=()))) == []
