"""A new edition in force: what cites touched articles gets review tasks, and questions wait until somebody has looked."""
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from mingfa.bank import actions as bank_actions
from mingfa.bank.citing import draft_of
from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.models import Question, QuestionVersion
from mingfa.bank.queries import checkable, drawable
from mingfa.changes import actions
from mingfa.changes.models import KnownText, LawChange, ReviewTask, TouchedArticle
from mingfa.library import registry
from mingfa.library.actions import confirm_status
from mingfa.library.citations import CitationRef
from mingfa.library.models import Edition
from mingfa.people.models import Role
from wagtail.models import ModelLogEntry

from courses import study
from courses.queries import askable_questions
from tests.library.texts import bring_in

from .scene import BEFORE, FIRST, LAW, NEW, NOW, OLD, SECOND, THIRD, change, held, import_new, task_of, tasks, text

TOUCHED = [
    ("lesson", 2, "changed", ""), ("lesson", 3, "moved", ""), ("lesson", 4, "removed", ""),
    ("question", 2, "changed", ""), ("question", 3, "moved", ""), ("question", 4, "removed", ""),
]  # fmt: skip


def stored():
    """Everything noting a change writes."""
    return [list(model.objects.order_by("pk").values()) for model in (KnownText, LawChange, TouchedArticle, ReviewTask, Question)]


def test_every_question_and_lesson_that_cites_a_touched_article_gets_a_task(scene):
    import_new()
    assert tasks() == TOUCHED
    made = change()
    assert (made.same, made.changed, made.moved, made.removed, made.added, made.noted_at) == (1, 1, 1, 1, 1, NOW)
    assert task_of(scene.questions[3]).article.new_label == "第四条"
    assert {task.unit for task in ReviewTask.objects.all()} == {scene.district}
    assert ModelLogEntry.objects.filter(action="changes.note_change").count() == 1


def test_touched_questions_leave_everything_that_draws_or_asks_at_once_and_the_others_stay(scene):
    edition_before = scene.bank.edition
    import_new()
    touched = {scene.questions[number].pk for number in (2, 3, 4)}
    left = {scene.questions[1].pk}
    assert held() == touched
    assert {item.question_id for item in drawable(scene.bank)} == left
    assert set(checkable([one.pk for one in scene.questions.values()], now=NOW)) == left
    assert set(askable_questions(scene.trainer).values_list("pk", flat=True)) == left
    scene.bank.refresh_from_db()
    assert scene.bank.edition > edition_before


def test_importing_twice_makes_nothing_twice(scene):
    import_new()
    before, entries = stored(), ModelLogEntry.objects.count()
    assert import_new() == {"unchanged": 1}
    actions.note_changes(None, NOW + timedelta(days=1))
    assert (stored(), ModelLogEntry.objects.count()) == (before, entries)


def test_a_first_import_of_several_editions_makes_no_tasks(db):
    bring_in(text(OLD, FIRST), text(NEW, SECOND))
    assert (LawChange.objects.count(), KnownText.objects.get().edition.version_on) == (0, SECOND)


def test_an_older_edition_brought_in_for_the_archive_changes_nothing(scene):
    import_new(("以前的长椅没有人管，谁看见谁管。",), FIRST - timedelta(days=3000))
    assert (tasks(), held()) == ([], set())


def test_a_day_that_lies_back_and_days_corrected_backwards_bring_no_old_text_back_as_a_change(scene):
    import_new()
    before = stored()
    assert actions.note_changes(None, NOW - timedelta(days=365)) == []
    new = Edition.objects.get(version_on=SECOND)
    confirm_status(new, status="in_force", in_force_from=THIRD, in_force_until=None, by=scene.boss, now=NOW)
    assert stored() == before


def test_an_edition_that_is_not_in_force_yet_waits_for_its_day(scene):
    import_new(on=THIRD)
    assert (tasks(), held()) == ([], set())
    day_before = NOW.replace(month=8, day=31)
    assert actions.note_changes(None, day_before) == []
    assert len(actions.note_changes(None, day_before + timedelta(days=1))) == 1
    assert tasks() == TOUCHED


def test_an_administrator_who_corrects_the_days_brings_the_change_about(scene):
    import_new(on=THIRD)
    new = Edition.objects.get(version_on=THIRD)
    old = Edition.objects.get(version_on=FIRST)
    for one, status, begins, ends in ((old, "revised", FIRST, SECOND), (new, "in_force", SECOND, None)):
        confirm_status(one, status=status, in_force_from=begins, in_force_until=ends, by=scene.boss, now=NOW)
    assert tasks() == TOUCHED


def test_a_run_killed_before_anything_was_noted_is_made_good_by_the_next_one(scene):
    callbacks = list(registry.after_texts_changed)
    registry.after_texts_changed.clear()
    try:
        import_new()
    finally:
        registry.after_texts_changed.extend(callbacks)
    assert (tasks(), held()) == ([], set())
    assert import_new() == {"unchanged": 1}
    assert tasks() == TOUCHED


def test_a_run_killed_in_the_middle_leaves_nothing_of_the_change(scene):
    class Killed(BaseException):
        pass

    def killed(*args):
        raise Killed

    lessons = registry.kinds()["lesson"]
    registry.register(replace(lessons, hold=killed))
    try:
        with pytest.raises(Killed):
            import_new()
    finally:
        registry.register(lessons)
    assert (LawChange.objects.count(), tasks(), held()) == (0, [], set())
    assert [str(known.edition.version_on) for known in KnownText.objects.all()] == [str(FIRST)]
    actions.note_changes(None, NOW)
    assert tasks() == TOUCHED


def test_a_question_that_cites_two_touched_articles_waits_for_both(scene):
    draft = QuestionDraft(
        type="judge", stem="两条都说到的事", answer="T", citations=(CitationRef(LAW, 2), CitationRef(LAW, 4, paragraph=1))
    )
    both = bank_actions.create_question(scene.bank, draft, by=scene.boss, now=BEFORE)
    import_new()
    first, second = ReviewTask.objects.filter(key=str(both.pk), kind="question")
    done = actions.decide_tasks(change(), [first.pk], decision="right", by=scene.setter, now=NOW)
    assert (done.tasks, done.released, both.pk in held()) == (1, 0, True)
    done = actions.decide_tasks(change(), [second.pk], decision="right", by=scene.setter, now=NOW)
    assert (done.tasks, done.released, both.pk in held()) == (1, 1, False)


def test_sub_questions_of_a_case_answer_for_their_case(scene):
    child = QuestionDraft(type="judge", stem="小题", answer="T", citations=(CitationRef(f"《{LAW}》", 2),))
    case = bank_actions.create_question(
        scene.bank, QuestionDraft(type="case", stem="一件事", children=(child,)), by=scene.boss, now=BEFORE
    )
    import_new()
    assert task_of(case).article.number == 2
    assert case.pk in held()


def test_retired_questions_and_earlier_wordings_get_no_task(scene):
    bank_actions.retire_question(scene.questions[2], by=scene.boss, now=BEFORE)
    other = draft_of(Question.objects.get(pk=scene.questions[3].pk).current)
    bank_actions.revise_question(
        scene.questions[3], replace(other, citations=(CitationRef(LAW, 1),)), by=scene.boss, now=BEFORE
    )
    import_new()
    assert tasks(kind="question") == [("question", 4, "removed", "")]


def test_lessons_that_name_an_article_in_their_text_are_found_and_drafts_are_not(scene):
    named = scene.lesson("讲讲归还", words=f"《{LAW}》第二条说了怎么借。")
    offline = scene.lesson("没发布的", 2)
    offline.unpublish()
    import_new()
    keys = set(ReviewTask.objects.filter(kind="lesson", article__number=2).values_list("key", flat=True))
    assert keys == {str(scene.lessons[2].pk), str(named.pk)}


def test_still_right_releases_and_leads_a_moved_citation_to_its_new_number_as_a_new_version(scene):
    import_new()
    moved = scene.questions[3]
    done = actions.decide_tasks(change(), [task_of(moved).pk], decision="right", repoint=True, by=scene.setter, now=NOW)
    assert (done.released, done.repointed, moved.pk in held()) == (1, 1, False)
    moved.refresh_from_db()
    assert moved.current.number == 2
    assert [(one.article, one.version.number) for one in moved.current.citations.all()] == [(4, 2)]
    assert moved.current.explanation == f"《{LAW}》第四条写得清楚。"
    first = QuestionVersion.objects.get(question=moved, number=1)
    assert [one.article for one in first.citations.all()] == [3]
    assert moved.current.stem == first.stem


def test_still_right_without_leading_keeps_the_version(scene):
    import_new()
    moved = scene.questions[3]
    actions.decide_tasks(change(), [task_of(moved).pk], decision="right", by=scene.setter, now=NOW)
    moved.refresh_from_db()
    assert (moved.current.number, moved.held) == (1, False)


def test_two_moved_articles_in_a_row_do_not_end_on_one_number(scene):
    draft = QuestionDraft(
        type="judge", stem="前后两条", answer="T", citations=(CitationRef(LAW, 1), CitationRef(LAW, 2), CitationRef(LAW, 3))
    )
    row = bank_actions.create_question(scene.bank, draft, by=scene.boss, now=BEFORE)
    import_new(("新装长椅以前，园林部门应当听取附近居民的意见。", *OLD))
    mine = ReviewTask.objects.filter(key=str(row.pk), kind="question")
    actions.decide_tasks(change(), [task.pk for task in mine], decision="right", repoint=True, by=scene.setter, now=NOW)
    row.refresh_from_db()
    assert (row.held, row.current.number, [one.article for one in row.current.citations.all()]) == (False, 2, [2, 3, 4])


def test_editing_a_question_decides_its_tasks(scene):
    import_new()
    changed = scene.questions[2]
    draft = draft_of(Question.objects.get(pk=changed.pk).current)
    bank_actions.revise_question(changed, replace(draft, stem="改过的题干"), by=scene.setter, now=NOW)
    task = task_of(changed)
    assert (task.decision, task.decided_by, task.decided_at) == ("revised", scene.setter, NOW)
    assert changed.pk not in held()


def test_a_question_cannot_be_called_revised_without_a_new_version(scene):
    import_new()
    task = task_of(scene.questions[2])
    with pytest.raises(actions.CannotDecide) as refusal:
        actions.decide_tasks(change(), [task.pk], decision="revised", by=scene.setter, now=NOW)
    assert (refusal.value.code, task_of(scene.questions[2]).decision) == ("edit_first", "")


def test_retiring_takes_the_question_out_and_restoring_opens_the_task_again(scene):
    import_new()
    gone = scene.questions[4]
    actions.decide_tasks(change(), [task_of(gone).pk], decision="retired", note="条文没有了", by=scene.setter, now=NOW)
    gone.refresh_from_db()
    assert (gone.status, task_of(gone).note) == ("retired", "条文没有了")
    bank_actions.restore_question(gone, by=scene.setter, now=NOW)
    gone.refresh_from_db()
    assert (gone.status, gone.held, task_of(gone).decision) == ("usable", True, "")


def test_retiring_on_the_questions_own_page_decides_its_task(scene):
    import_new()
    bank_actions.retire_question(scene.questions[4], by=scene.setter, now=NOW)
    assert task_of(scene.questions[4]).decision == "retired"


def test_a_trainer_decides_lessons_by_hand_and_takes_them_offline(scene):
    import_new()
    kept, gone = task_of(scene.lessons[2]), task_of(scene.lessons[4])
    actions.decide_tasks(change(), [kept.pk], decision="revised", by=scene.trainer, now=NOW)
    actions.decide_tasks(change(), [gone.pk], decision="retired", by=scene.trainer, now=NOW)
    scene.lessons[4].refresh_from_db()
    assert (task_of(scene.lessons[2]).decision, scene.lessons[4].live) == ("revised", False)


def test_a_decided_task_stays_as_it_was_decided(scene):
    import_new()
    task = task_of(scene.questions[2])
    actions.decide_tasks(change(), [task.pk], decision="right", by=scene.setter, now=NOW)
    with pytest.raises(actions.CannotDecide):
        actions.decide_tasks(change(), [task.pk], decision="retired", by=scene.boss, now=NOW)
    assert (task_of(scene.questions[2]).decision, task_of(scene.questions[2]).decided_by) == ("right", scene.setter)


@pytest.mark.parametrize("who", ["trainer", "other_setter", "town_setter"])
def test_AZ1_nobody_decides_what_is_not_theirs(scene, who):
    import_new()
    elsewhere = {
        "trainer": scene.trainer, "other_setter": scene.holder(Role.LEADER),
        "town_setter": scene.holder(Role.SETTER, scene.town),
    }[who]  # fmt: skip
    with pytest.raises(PermissionDenied):
        actions.decide_tasks(change(), [task_of(scene.questions[2]).pk], decision="right", by=elsewhere, now=NOW)
    assert scene.questions[2].pk in held()


def test_one_decision_over_many_is_one_audit_entry(scene):
    import_new()
    some = [task_of(scene.questions[number]).pk for number in (2, 3)]
    before = ModelLogEntry.objects.filter(action="changes.decide").count()
    actions.decide_tasks(change(), some, decision="right", note="核对过", by=scene.setter, now=NOW)
    entry = ModelLogEntry.objects.filter(action="changes.decide").latest("pk")
    assert ModelLogEntry.objects.filter(action="changes.decide").count() == before + 1
    assert (entry.data["decision"], entry.data["tasks"], entry.data["note"]) == ("right", some, "核对过")


def test_what_still_waits_is_found_again_when_the_law_changes_once_more(scene):
    import_new()
    third = (*NEW[:3], "弄坏长椅的，由弄坏的人在五日以内修好；修不好的，照价赔偿，赔款交给管理长椅的部门。")
    with time_machine.travel(NOW + timedelta(days=120)):
        import_new(third, THIRD)
        actions.note_changes(None, NOW + timedelta(days=120))
    moved = scene.questions[3]
    assert set(ReviewTask.objects.filter(kind="question", key=str(moved.pk)).values_list("article__number", flat=True)) == {3, 4}


def test_a_check_whose_questions_are_held_waits_and_does_not_count_as_finished(scene):
    lesson = scene.lesson("有题的一课", questions=[scene.questions[2]])
    import_new()
    cadre = scene.holder(Role.LEADER, scene.town, "陈志远")
    seen = study.study(cadre, lesson, None, now=NOW)
    assert (seen.asks, seen.held, seen.line.required) == ([], True, True)
    actions.decide_tasks(change(), [task_of(scene.questions[2]).pk], decision="right", by=scene.setter, now=NOW)
    assert len(study.study(cadre, lesson, None, now=NOW).asks) == 1


def test_explanations_with_lists_of_articles_are_left_for_people():
    from mingfa.bank.citing import lead_text

    places = {(3, 0): (4, 0)}
    assert lead_text("见第三条、第五条。本办法第三条第二款。", LAW, places) == "见第三条、第五条。本办法第四条第二款。"
    assert lead_text("《别的办法》第三条，第三条之一。", LAW, places) == "《别的办法》第三条，第三条之一。"
