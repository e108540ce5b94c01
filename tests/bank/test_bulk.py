"""Bulk runs over questions that carry more than their words: reviews under way, approvals, beliefs behind answers."""

import pytest
from mingfa.bank import actions, bulk, history, queries, registry
from mingfa.bank.drafts import QuestionDraft
from mingfa.review import actions as reviewing

from tests.bank import reviewing as scenes
from tests.bank.reviewing import LATER, again, review_of
from tests.bank.samples import DRAFT, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return scenes.build()


def run(bank, action, *questions, value="", by):
    made = actions.begin_run(bank, action, value, [one.pk for one in questions], by=by, now=NOW)
    return actions.carry_out(made, now=NOW)


def drawable(bank):
    return {item.question_id for item in queries.drawable(bank)}


def test_another_difficulty_sends_a_question_in_review_back_to_the_first_step(scene):
    question = scene.question()
    (review,) = scene.submit(question)
    scene.sign(review, scene.reviewers[0])
    run(scene.bank, "grade", question, value="3", by=scene.setter)
    assert again(review).state == "void"
    assert (review_of(question).state, review_of(question).target_id) == ("first", again(question).current_id)


def test_another_difficulty_takes_the_approval_and_the_question_out_of_new_papers(scene):
    question = scene.question()
    scene.approve(question)
    assert drawable(scene.bank) == {question.pk}
    run(scene.bank, "grade", question, value="3", by=scene.setter)
    assert (again(question).status, drawable(scene.bank)) == ("draft", set())
    assert list(history.submittable(scene.bank)) == [question]


@pytest.mark.parametrize("of_part", [False, True])
def test_another_difficulty_keeps_the_beliefs_behind_wrong_answers(bank, setter, of_part):
    choice = QuestionDraft("single", "申请行政复议的期限是？", ("三十日", "六十日"), answer="B", beliefs=(("A", "是三十日"),))
    draft = QuestionDraft("case", "某镇村民不服处罚。", children=(choice,)) if of_part else choice
    question = actions.create_question(bank, draft, by=setter, now=NOW)
    run(bank, "grade", question, value="3", by=setter)
    version = again(question).current
    asked = version.children.get() if of_part else version
    assert (version.number, list(asked.beliefs.values_list("answer", "belief__name"))) == (2, [("A", "是三十日")])


@pytest.fixture
def town(scene):
    """A township below the district of the scene, with a reviewed bank of its own."""
    unit = scene.bank.unit.add_child(name="东一镇", kind="township")
    return actions.create_bank(name="镇题库", unit=unit, by=scene.setter, now=NOW, reviewed=True)


@pytest.mark.parametrize("state", ["approved", "in review", "returned"])
def test_what_another_unit_signed_does_not_count_in_the_bank_a_question_is_moved_to(scene, town, state):
    question = scene.question()
    if state == "approved":
        scene.approve(question)
    else:
        (review,) = scene.submit(question)
        if state == "returned":
            facts = {"text_hash": review.text_hash, "opinion": "请补依据"}
            reviewing.return_review(review.pk, by=scene.reviewers[0], now=LATER, **facts)
    run(scene.bank, "move", question, value=str(town.pk), by=scene.setter)
    assert (again(question).bank, again(question).status, review_of(question).state) == (town, "draft", "void")
    assert (drawable(scene.bank), drawable(town)) == (set(), set())
    actions.submit_questions(town, [question.pk], by=scene.setter, now=NOW)
    assert (review_of(question).unit, review_of(question).state) == (town.unit, "first")


def test_within_a_unit_a_question_keeps_its_approval_when_it_is_moved(scene):
    other = actions.create_bank(name="第二题库", unit=scene.bank.unit, by=scene.setter, now=NOW, reviewed=True)
    question = scene.question()
    scene.approve(question)
    run(scene.bank, "move", question, value=str(other.pk), by=scene.setter)
    assert (review_of(question).state, drawable(other)) == ("passed", {question.pk})


def test_a_question_that_was_used_before_its_bank_was_reviewed_is_a_draft_in_the_bank_of_another_unit(scene, town):
    plain = actions.create_bank(name="通用题库", unit=scene.bank.unit, by=scene.setter, now=NOW)
    question = actions.create_question(plain, DRAFT, by=scene.setter, now=NOW)
    actions.set_review_rules(plain, reviewed=True, author_first=False, by=scene.setter, now=NOW)
    run(plain, "move", question, value=str(town.pk), by=scene.setter)
    assert (again(question).bank, again(question).status) == (town, "draft")


def refusals(bank, action, value=""):
    """How many questions of a bank an action would leave alone, by reason; nothing would be done."""
    found = bulk.judge(action, value, bank, bank.questions.all(), now=NOW)
    assert found.doable == []
    return dict(found.refused)


def test_a_question_does_not_move_to_a_bank_with_other_rules_of_review(scene):
    free = actions.create_bank(name="不审的题库", unit=scene.bank.unit, by=scene.setter, now=NOW)
    question = scene.question()
    assert refusals(scene.bank, "move", str(free.pk)) == {"other_rules": 1}
    done = run(scene.bank, "move", question, value=str(free.pk), by=scene.setter)
    assert (done.done, again(question).bank) == (0, scene.bank)


def test_an_approval_with_the_first_step_by_the_author_does_not_count_where_the_author_may_not(scene):
    looser = actions.create_bank(name="宽的题库", unit=scene.bank.unit, by=scene.setter, now=NOW, reviewed=True)
    actions.set_review_rules(looser, reviewed=True, author_first=True, by=scene.reviewers[2], now=NOW)
    question = actions.create_question(looser, DRAFT, by=scene.setter, now=NOW)
    actions.submit_questions(looser, [question.pk], by=scene.setter, now=NOW)
    for reviewer in scene.reviewers:
        scene.sign(review_of(question), reviewer, secrecy=True)
    assert drawable(looser) == {question.pk}
    run(looser, "move", question, value=str(scene.bank.pk), by=scene.setter)
    assert (review_of(question).state, again(question).status, drawable(scene.bank)) == ("void", "draft", set())


def test_a_held_question_stays_where_its_task_is(bank, question, setter):
    other = actions.create_bank(name="另一个题库", unit=bank.unit, by=setter, now=NOW)
    actions.hold_questions([question.pk], by=setter, now=NOW)
    assert refusals(bank, "move", str(other.pk)) == {"held": 1}
    assert run(bank, "move", question, value=str(other.pk), by=setter).done == 0
    actions.release_questions([question.pk], by=setter, now=NOW)
    assert run(bank, "move", question, value=str(other.pk), by=setter).done == 1


def test_a_question_that_a_coming_exam_keeps_back_stays(bank, question, setter, monkeypatch):
    other = actions.create_bank(name="另一个题库", unit=bank.unit, by=setter, now=NOW)
    monkeypatch.setattr(registry, "on_coming_exams", [lambda ids, now: {question.pk} & set(ids)])
    assert refusals(bank, "move", str(other.pk)) == {"kept_back": 1}


@pytest.mark.parametrize(
    ("action", "value", "why"),
    [("topic", "信访渠道", "same"), ("grade", "1", "same"), ("untag", "重点", "same"), ("release", "", "same"),
     ("restore", "", "not_retired")],
)  # fmt: skip
def test_what_a_question_is_already_is_left_alone(bank, question, action, value, why):
    assert refusals(bank, action, value) == {why: 1}


@pytest.mark.parametrize(
    ("action", "value", "why"), [("topic", "别的", "retired"), ("grade", "3", "retired"), ("retire", "", "same")]
)
def test_a_retired_question_is_not_changed_by_a_bulk_action(bank, question, setter, action, value, why):
    actions.retire_question(question, by=setter, now=NOW)
    assert refusals(bank, action, value) == {why: 1}
    assert run(bank, action, question, value=value, by=setter).done == 0


def test_what_a_run_left_alone_is_told_with_the_reason(bank, question, setter):
    made = actions.begin_run(bank, "topic", "别的", [question.pk], by=setter, now=NOW)
    actions.retire_question(question, by=setter, now=NOW)
    done = actions.carry_out(made, now=NOW)
    assert (done.state, done.done, bulk.left_alone(done)) == ("done", 0, [("后来又改过", 1)])


def test_retiring_many_voids_what_was_signed_and_restoring_makes_drafts(scene):
    approved, waiting = scene.question(), scene.question("在审的题（ ）")
    scene.approve(approved)
    scene.submit(waiting)
    run(scene.bank, "retire", approved, waiting, by=scene.setter)
    assert {review_of(one).state for one in (approved, waiting)} == {"void"}
    run(scene.bank, "restore", approved, waiting, by=scene.setter)
    assert ({again(one).status for one in (approved, waiting)}, drawable(scene.bank)) == ({"draft"}, set())


def test_taking_back_a_bulk_retirement_does_not_bring_the_approval_back(scene):
    question = scene.question()
    scene.approve(question)
    made = run(scene.bank, "retire", question, by=scene.setter)
    assert actions.undo_run(made, by=scene.setter, now=NOW) == 1
    assert (again(question).status, drawable(scene.bank)) == ("draft", set())


def test_a_draft_retired_under_review_is_usable_when_it_comes_back_to_a_bank_that_is_not_reviewed_any_more(scene):
    question = scene.question()
    made = run(scene.bank, "retire", question, by=scene.setter)
    actions.set_review_rules(scene.bank, reviewed=False, author_first=False, by=scene.reviewers[2], now=NOW)
    assert actions.undo_run(made, by=scene.setter, now=NOW) == 1
    assert (again(question).status, drawable(scene.bank)) == ("usable", {question.pk})


@pytest.mark.parametrize("action", ["retire", "reserve"])
def test_whoever_asks_questions_in_practice_is_told_of_each_that_left(bank, question, setter, monkeypatch, action):
    told = []
    monkeypatch.setattr(registry, "on_leaving", [lambda question, by, now: told.append((question.pk, by))])
    run(bank, action, question, by=setter)
    assert told == [(question.pk, setter)]
