"""Wagtail's own workflow of a public page, kept in step with its review. It shows and locks; it decides nothing."""
from datetime import datetime

from mingfa.people.models import User
from mingfa.review.models import OPEN, Review
from mingfa.review.queries import STEP_WORDS
from wagtail.models import Workflow, WorkflowState, WorkflowTask

from ..models import ProofStep, PublicText

NAME = "三审三校"


def prepare_workflow() -> Workflow:
    """The workflow with its three steps. Safe to repeat. It is bound to no page: only 送审 starts it."""
    workflow, _ = Workflow.objects.get_or_create(name=NAME)
    for step, words in enumerate(STEP_WORDS, 1):
        task = ProofStep.objects.filter(step=step).first() or ProofStep.objects.create(name=words, step=step)
        WorkflowTask.objects.get_or_create(workflow=workflow, task=task, defaults={"sort_order": step})
    return workflow


def follow_review(review: Review, by: User | None, now: datetime) -> None:
    """Called after every change of a review's state."""
    page = PublicText.objects.get(pk=review.target_id).page.specific
    state = page.current_workflow_state
    if review.state in OPEN:
        _stand_at(page, OPEN.index(review.state) + 1, state, by)
    elif state is not None:
        _end(state, review.state, by)


def _stand_at(page, step: int, state: WorkflowState | None, by) -> None:
    if state is None or state.status != WorkflowState.STATUS_IN_PROGRESS or _step_of(state) > step:
        if state is not None:
            state.cancel(user=by)
        state = prepare_workflow().start(page, by)
    while _step_of(state) < step:
        state.current_task_state.specific.approve(user=by)
        state.refresh_from_db()


def _step_of(state: WorkflowState) -> int:
    return state.current_task_state.task.specific.step


def _end(state: WorkflowState, reached: str, by) -> None:
    if state.status != WorkflowState.STATUS_IN_PROGRESS:
        if reached != Review.State.RETURNED:
            state.cancel(user=by)
    elif reached == Review.State.PASSED:
        # Not by Wagtail's way, which would publish at once: the release comes first.
        state.current_task_state.specific.approve(user=by, update=False)
        WorkflowState.objects.filter(pk=state.pk).update(status=WorkflowState.STATUS_APPROVED)
    elif reached == Review.State.RETURNED:
        state.current_task_state.specific.reject(user=by)
    else:
        state.cancel(user=by)
