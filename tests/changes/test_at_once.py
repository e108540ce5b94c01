"""Deciding a task and editing its question at the same moment: both go through, one after the other."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
import time_machine
from django.db import connection
from mingfa.bank import actions as bank_actions
from mingfa.bank.citing import draft_of
from mingfa.bank.models import Question
from mingfa.changes import actions
from mingfa.library import comparisons
from mingfa.people.models import User

from exams import papers

from . import scene as scenes
from .scene import NOW, change, held, import_new, task_of, tasks


@pytest.fixture
def committed(transactional_db):
    comparisons.forget()
    papers.forget()
    with time_machine.travel(NOW, tick=True):
        yield scenes.build()


@pytest.mark.django_db(transaction=True)
def test_a_decision_and_an_edit_of_the_same_question_at_once_never_wait_for_each_other_crosswise(committed):
    questions = [committed.question(2, n) for n in range(1, 7)]
    import_new()
    refused = []
    for n, question in enumerate(questions):
        together = Barrier(2)

        def decide(question=question, together=together):
            who, task = User.objects.get(pk=committed.setter.pk), task_of(question)
            together.wait()
            try:
                actions.decide_tasks(change(), [task.pk], decision="right", by=who, now=NOW)
            except actions.CannotDecide as refusal:
                refused.append(refusal.code)
            finally:
                connection.close()

        def edit(question=question, n=n, together=together):
            draft = draft_of(Question.objects.get(pk=question.pk).current)
            together.wait()
            try:
                bank_actions.revise_question(question, replace(draft, stem=f"改过的第 {n} 题"), by=committed.boss, now=NOW)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(decide), pool.submit(edit)]:
                done.result()
        assert question.pk not in held()
        ((*_, decision),) = tasks(kind="question", key=str(question.pk))
        assert decision in ("right", "revised")
    assert set(refused) <= {"nothing_open"}
