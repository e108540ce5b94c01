"""Questions that were not in use when a law changed: restored, brought in or saved meanwhile, they wait for a look too."""

from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from mingfa.bank import actions as bank_actions
from mingfa.bank.citing import QUESTIONS
from mingfa.bank.models import Question
from mingfa.bank.queries import drawable
from mingfa.changes import actions
from mingfa.library import registry

from tests.bank.samples import question_file

from .scene import BEFORE, LAW, NEW, NOW, THIRD, change, held, import_new, task_of, tasks

LATER = NOW + timedelta(days=120)
AGAIN = (*NEW[:3], "弄坏长椅的，由弄坏的人在五日以内修好；修不好的，照价赔偿，赔款交给管理长椅的部门。")


def drawn(scene):
    return {item.question_id for item in drawable(scene.bank)}


def again(question):
    return Question.objects.get(pk=question.pk)


def retired(scene, *numbers):
    made = [scene.questions[number] for number in numbers]
    for one in made:
        bank_actions.retire_question(one, by=scene.boss, now=BEFORE)
    return made


def test_a_question_retired_before_the_change_comes_back_held_with_its_task(scene):
    (question,) = retired(scene, 2)
    import_new()
    assert tasks(kind="question", key=str(question.pk)) == []
    bank_actions.restore_question(question, by=scene.setter, now=NOW)
    assert tasks(kind="question", key=str(question.pk)) == [("question", 2, "changed", "")]
    assert (again(question).held, question.pk in drawn(scene)) == (True, False)
    actions.decide_tasks(change(), [task_of(question).pk], decision="right", by=scene.setter, now=NOW)
    assert question.pk in drawn(scene)


def test_a_question_whose_article_stayed_comes_back_as_it_was(scene):
    (question,) = retired(scene, 1)
    import_new()
    bank_actions.restore_question(question, by=scene.setter, now=NOW)
    assert (tasks(kind="question", key=str(question.pk)), question.pk in drawn(scene)) == ([], True)


def test_a_bulk_retirement_taken_back_after_the_change_brings_the_touched_ones_back_held(scene):
    made = bank_actions.begin_run(
        scene.bank, "retire", "", [one.pk for one in scene.questions.values()], by=scene.boss, now=BEFORE
    )  # fmt: skip
    bank_actions.carry_out(made, now=BEFORE)
    import_new()
    assert held() == set()
    made.refresh_from_db()
    assert bank_actions.undo_run(made, by=scene.setter, now=NOW) == 4
    assert held() == {scene.questions[number].pk for number in (2, 3, 4)}
    assert drawn(scene) == {scene.questions[1].pk}
    assert [row[1:] for row in tasks(kind="question")] == [(2, "changed", ""), (3, "moved", ""), (4, "removed", "")]


def test_retiring_many_decides_their_tasks_and_taking_it_back_opens_them_again(scene):
    import_new()
    touched = [scene.questions[number] for number in (2, 3)]
    made = bank_actions.begin_run(scene.bank, "retire", "", [one.pk for one in touched], by=scene.setter, now=NOW)
    bank_actions.carry_out(made, now=NOW)
    assert {task_of(one).decision for one in touched} == {"retired"}
    made.refresh_from_db()
    assert bank_actions.undo_run(made, by=scene.setter, now=NOW) == 2
    assert {task_of(one).decision for one in touched} == {""}
    assert {one.pk for one in touched} <= held()


def test_another_difficulty_is_no_look_at_the_changed_article(scene):
    import_new()
    question = scene.questions[2]
    made = bank_actions.begin_run(scene.bank, "grade", "3", [question.pk], by=scene.setter, now=NOW)
    assert bank_actions.carry_out(made, now=NOW).done == 1
    assert (again(question).current.number, task_of(question).decision, question.pk in held()) == (2, "", True)
    assert question.pk not in drawn(scene)


def test_two_changes_while_a_question_was_retired_are_both_found_along_the_new_number(scene):
    (question,) = retired(scene, 3)
    import_new()
    with time_machine.travel(LATER):
        import_new(AGAIN, THIRD)
        actions.note_changes(None, LATER)
        bank_actions.restore_question(question, by=scene.setter, now=LATER)
    assert tasks(kind="question", key=str(question.pk)) == [("question", 3, "moved", ""), ("question", 4, "changed", "")]


def test_what_was_decided_before_is_not_asked_again_when_a_question_comes_back(scene):
    import_new()
    question = scene.questions[2]
    actions.decide_tasks(change(), [task_of(question).pk], decision="right", by=scene.setter, now=NOW)
    bank_actions.retire_question(question, by=scene.setter, now=NOW)
    bank_actions.restore_question(question, by=scene.setter, now=NOW)
    assert (task_of(question).decision, question.pk in drawn(scene)) == ("right", True)


def test_a_file_uploaded_before_the_change_comes_in_with_its_touched_questions_held(scene):
    rows = [
        ["多选题", stem, "甲", "乙", "丙", "丁", "AB", "长椅", LAW, f"第{word}条"]
        for stem, word in (("登记由谁管（ ）", "一"), ("办活动怎样借用（ ）", "二"))
    ]
    before = NOW - timedelta(days=1)
    run = bank_actions.keep_upload(scene.bank, data=question_file(*rows), name="题库.xlsx", by=scene.setter, now=before)
    bank_actions.read_upload(run, now=before)
    bank_actions.compare_upload(run, now=before)
    import_new()
    assert bank_actions.import_decided(run, by=scene.setter, now=NOW).imported == 2
    first, second = run.questions.order_by("pk")
    assert {first.pk, second.pk} & drawn(scene) == {first.pk}
    assert (task_of(second).article.number, second.held) == (2, True)


def test_a_file_uploaded_after_the_change_is_not_asked_about(scene):
    import_new()
    row = ["多选题", "长椅的问题（ ）", "甲", "乙", "丙", "丁", "AB", "长椅", LAW, "第二条"]
    run = bank_actions.keep_upload(scene.bank, data=question_file(row), name="题库.xlsx", by=scene.setter, now=LATER)
    bank_actions.read_upload(run, now=LATER)
    bank_actions.compare_upload(run, now=LATER)
    bank_actions.import_decided(run, by=scene.setter, now=LATER)
    assert run.questions.get().pk in drawn(scene)


@pytest.fixture
def saved_meanwhile(scene):
    """A question that is saved when what cites the articles has just been looked for, and nothing is written yet."""
    made = []

    def find(title, places):
        found = QUESTIONS.find(title, places)
        if not made:
            made.append(scene.question(2, 7))
        return found

    registry.register(replace(QUESTIONS, find=find))
    yield made
    registry.register(QUESTIONS)


def test_a_question_saved_while_a_change_is_being_noted_is_held_too(scene, saved_meanwhile):
    import_new()
    (question,) = saved_meanwhile
    assert (task_of(question).article.number, again(question).held) == (2, True)
    assert question.pk not in drawn(scene)
