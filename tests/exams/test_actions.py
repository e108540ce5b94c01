from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from mingfa.people import actions as people
from wagtail.models import ModelLogEntry

from exams import actions, queries
from exams.actions.handing_in import count
from exams.actions.preparing import MarkUnreachable, NobodyDue, RuleSpec
from exams.engine.refusals import (
    AlreadyClosed,
    Frozen,
    NoAttemptLeft,
    NotDue,
    NotHeldBack,
    NotPublished,
    NotYetOpen,
    PaperShortage,
    Replaced,
    SittingEnded,
    Voided,
    WrongState,
)
from exams.models import Candidate, Exam, Paper, Response, Sitting
from exams.papers import load_items, paper_of

from .scene import CLOSES, NOON, OPENS, answer_all, candidate, changes, minutes, sit

SECOND = timedelta(seconds=1)


def entries(action):
    return ModelLogEntry.objects.filter(action=f"exams.{action}").count()


def test_publishing_freezes_everybody_on_the_roster_of_the_due_units(district):
    inside, outside = district.person("甲"), district.person("乙", unit=district.other_town)
    gone = district.person("丙", duty_status="retired")
    exam = district.exam(due_units=[district.town])
    assert [one.user for one in exam.candidates.all()] == [inside]
    assert exam.state == Exam.State.PUBLISHED
    assert {outside, gone}.isdisjoint(one.user for one in exam.candidates.all())


def test_a_later_transfer_does_not_move_the_candidate(district, cadre):
    exam = district.exam()
    people.move_person(cadre, unit=district.other_town, category="civil", by=district.boss, now=NOON)
    assert candidate(exam, cadre).unit == district.town


def test_only_the_chosen_categories_are_due(district, cadre):
    with pytest.raises(NobodyDue):
        district.exam(categories=["village"])
    assert district.exam(categories=["civil"]).candidates.count() == 1


def test_an_exam_that_the_bank_cannot_fill_is_not_published(district, cadre):
    with pytest.raises(PaperShortage):
        district.exam(rules=[RuleSpec("single", 9, Decimal(10))])
    assert Candidate.objects.count() == 0


def test_a_pass_mark_above_all_marks_is_refused(district, cadre):
    with pytest.raises(MarkUnreachable):
        district.exam(pass_mark=Decimal(101))


def test_an_exam_is_published_once(district, exam):
    with pytest.raises(WrongState):
        actions.publish_exam(exam, by=district.boss, now=NOON)


def test_a_published_exam_and_its_rules_stay_as_they_are(district, exam):
    with pytest.raises(WrongState):
        actions.revise_exam(exam, due_units=[], categories=[], by=district.boss, now=NOON, name="别的")
    with pytest.raises(WrongState):
        actions.revise_blueprint(exam.blueprint, rules=[], by=district.boss, now=NOON)
    assert exam.blueprint.rules.count() == 3


def test_SI6_starting_is_refused_before_opening_and_from_closing_on(exam, cadre):
    with pytest.raises(NotYetOpen):
        sit(exam, cadre, now=OPENS - SECOND)
    with pytest.raises(AlreadyClosed):
        sit(exam, cadre, now=CLOSES)
    assert sit(exam, cadre, now=OPENS).ends_at == OPENS + minutes(60)


def test_SI6_a_late_start_ends_at_closing(exam, cadre):
    assert sit(exam, cadre, now=CLOSES - SECOND).ends_at == CLOSES


def test_a_draft_cannot_be_sat(district, cadre):
    exam = district.exam(publish=False)
    person = Candidate.objects.create(exam=exam, user=cadre, unit=district.town)
    with pytest.raises(NotPublished):
        actions.start_sitting(person, by=cadre, now=NOON)


def test_starting_twice_gives_one_sitting_and_one_entry(exam, cadre):
    assert sit(exam, cadre) == sit(exam, cadre, seed=6)
    assert (Sitting.objects.count(), Paper.objects.count(), entries("start_sitting")) == (1, 1, 1)


def test_the_paper_is_frozen_at_start_and_holds_versions(sitting, exam):
    items = load_items(sitting.paper.items)
    assert [item.marks for item in items] == [Decimal(10)] * 3 + [Decimal(20)] * 2 + [Decimal(10)] * 3
    assert sitting.paper.seed == 5
    assert tuple(items) == paper_of(sitting.pk).items


@pytest.mark.parametrize("excuse", [actions.exempt_candidate, actions.defer_candidate])
def test_who_is_excused_is_not_due_and_can_be_due_again(excuse, district, exam, cadre):
    excuse(candidate(exam, cadre), reason="长期病假", by=district.boss, now=NOON)
    with pytest.raises(NotDue):
        sit(exam, cadre)
    assert queries.standing(exam).due == 0
    actions.change_standing(candidate(exam, cadre), kind="restore", reason="已返岗", by=district.boss, now=NOON)
    assert sit(exam, cadre).number == 1


def sitting_again(district, cadre):
    """An exam that may be sat twice: the first sitting with full marks, the second one open."""
    exam = district.exam(attempts=2)
    first = sit(exam, cadre)
    answer_all(first)
    actions.submit_sitting(first.pk, by=cadre, now=NOON)
    second = sit(exam, cadre, now=NOON + minutes(5))
    return exam, first, second


def test_no_more_attempts_than_allowed_and_the_best_counts(district, cadre):
    exam, first, second = sitting_again(district, cadre)
    actions.submit_sitting(second.pk, by=cadre, now=NOON + minutes(6))
    with pytest.raises(NoAttemptLeft):
        sit(exam, cadre, now=NOON + minutes(7))
    person = candidate(exam, cadre)
    assert (person.counted_mark, person.passed, person.counted) == (Decimal(100), True, first)


def test_a_saved_answer_is_stored_with_a_receipt(sitting):
    saved = answer_all(sitting)
    assert saved.revision == 1
    assert saved.saved_at == NOON
    assert len(saved.receipt) == 4
    assert len(saved.saved) == 8


def test_SI4_the_same_save_five_times_is_one_revision_and_five_equal_replies(sitting):
    replies = [
        actions.save_answers(sitting.pk, changes(sitting, {0}), epoch=1, now=NOON + n * SECOND) for n in range(5)
    ]
    assert replies == [replies[0]] * 5
    assert Sitting.objects.get().revision == 1


def test_an_overtaken_save_does_not_bring_an_old_answer_back(sitting):
    newer, older = changes(sitting, {0}, seq=2), changes(sitting, {0}, right=False, seq=1)
    actions.save_answers(sitting.pk, newer, epoch=1, now=NOON)
    actions.save_answers(sitting.pk, older, epoch=1, now=NOON + SECOND)
    actions.submit_sitting(sitting.pk, by=None, now=NOON + minutes(1))
    assert Response.objects.get(place=0).mark == Decimal(10)


def test_nothing_is_stored_from_the_end_on(sitting):
    answer_all(sitting, now=sitting.ends_at - SECOND, places={0})
    with pytest.raises(SittingEnded):
        answer_all(sitting, now=sitting.ends_at)
    assert Sitting.objects.get().revision == 1


def test_after_a_takeover_the_old_device_is_refused_and_the_new_one_goes_on(sitting, cadre):
    actions.take_over(sitting, by=cadre, now=NOON, device="other")
    with pytest.raises(Replaced):
        actions.save_answers(sitting.pk, changes(sitting), epoch=1, now=NOON)
    assert actions.save_answers(sitting.pk, changes(sitting), epoch=2, now=NOON).revision == 1


def test_a_disabled_account_freezes_the_open_sitting_and_loses_nothing(district, sitting, cadre):
    answer_all(sitting, places={0, 1, 2})
    people.disable_account(cadre, by=district.boss, now=NOON)
    sitting.refresh_from_db()
    with pytest.raises(Frozen):
        answer_all(sitting)
    actions.end_overdue_sittings(now=sitting.ends_at)
    assert Sitting.objects.get().mark == Decimal(30)


def test_a_frozen_sitting_can_go_on(district, sitting, cadre):
    actions.freeze_sittings_of(cadre, reason="停电", by=district.boss, now=NOON)
    sitting.refresh_from_db()
    actions.unfreeze_sitting(sitting, by=district.boss, now=NOON)
    assert answer_all(sitting).revision == 1


def test_SI2_handing_in_ten_times_is_one_result_and_one_entry(sitting, cadre):
    answer_all(sitting)
    results = [actions.submit_sitting(sitting.pk, by=cadre, now=NOON + n * SECOND) for n in range(10)]
    assert {(one.mark, one.submitted_at, one.state) for one in results} == {(Decimal(100), NOON, "marked")}
    assert entries("submit_sitting") == 1
    assert Response.objects.count() == 8


def test_after_handing_in_nothing_changes(sitting, cadre):
    actions.submit_sitting(sitting.pk, by=cadre, now=NOON)
    with pytest.raises(SittingEnded):
        answer_all(sitting)
    assert Sitting.objects.get().mark == Decimal(0)


def test_SI10_the_server_ends_a_sitting_with_everything_acknowledged(sitting, exam, cadre):
    answer_all(sitting, places={0, 1, 2})
    assert actions.end_overdue_sittings(now=sitting.ends_at - SECOND) == 0
    assert actions.end_overdue_sittings(now=sitting.ends_at + minutes(5)) == 1
    ended = Sitting.objects.get()
    assert (ended.mark, ended.ending, ended.submitted_at) == (Decimal(30), "time", sitting.ends_at)
    assert actions.end_overdue_sittings(now=sitting.ends_at + minutes(6)) == 0


def test_an_exam_closes_when_its_window_is_over_and_nobody_sits(sitting, exam):
    actions.end_overdue_sittings(now=CLOSES + minutes(1))
    exam.refresh_from_db()
    assert exam.state == Exam.State.CLOSED
    assert entries("close_exam") == 1


def test_a_void_sitting_no_longer_counts_and_the_next_best_does(district, cadre):
    exam = district.exam(attempts=2)
    first = sit(exam, cadre)
    answer_all(first, places={0, 1, 2, 3, 4})
    actions.submit_sitting(first.pk, by=cadre, now=NOON)
    second = sit(exam, cadre, now=NOON + minutes(5))
    answer_all(second, now=NOON + minutes(6))
    actions.submit_sitting(second.pk, by=cadre, now=NOON + minutes(6))
    actions.void_sitting(second, reason="替考", by=district.boss, now=NOON)
    person = candidate(exam, cadre)
    assert (person.counted, person.counted_mark, person.passed) == (first, Decimal(70), True)
    actions.void_sitting(first, reason="替考", by=district.boss, now=NOON)
    person = candidate(exam, cadre)
    assert (person.counted, person.counted_mark, person.passed) == (None, None, None)
    with pytest.raises(WrongState):
        actions.void_sitting(first, reason="替考", by=district.boss, now=NOON)


def test_a_sitting_counts_although_the_one_before_was_voided_while_it_was_marked(district, cadre):
    exam, first, second = sitting_again(district, cadre)
    answer_all(second, places={0}, now=NOON + minutes(6))
    second.refresh_from_db()
    read_before = candidate(exam, cadre)
    actions.void_sitting(first, reason="替考", by=district.boss, now=NOON)
    count(read_before, second, Decimal(40))
    person = candidate(exam, cadre)
    assert (person.counted, person.counted_mark, person.passed) == (second, Decimal(40), False)


def test_a_lower_mark_does_not_replace_a_higher_one_that_was_marked_meanwhile(district, cadre):
    exam = district.exam(attempts=2)
    read_before = candidate(exam, cadre)
    first = sit(exam, cadre)
    answer_all(first)
    actions.submit_sitting(first.pk, by=cadre, now=NOON)
    second = sit(exam, cadre, now=NOON + minutes(5))
    answer_all(second, places={0}, now=NOON + minutes(6))
    second.refresh_from_db()
    count(read_before, second, Decimal(40))
    assert candidate(exam, cadre).counted == first


def test_SI10_a_sitting_that_cannot_be_marked_keeps_no_other_from_ending(district, cadre, caplog):
    other = district.person("邻座")
    exam = district.exam()
    broken, whole = sit(exam, cadre), sit(exam, other, now=NOON + minutes(1))
    answer_all(whole)
    Sitting.objects.filter(pk=broken.pk).update(answers="{")
    assert actions.end_overdue_sittings(now=NOON + minutes(90)) == 1
    whole.refresh_from_db()
    broken.refresh_from_db()
    assert (whole.state, broken.state) == ("marked", "open")
    assert f"sitting {broken.pk} could not be ended" in caplog.text


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite has one writer at a time and no row locks")
def test_publishing_locks_the_rules_it_tries(district, cadre):
    exam = district.exam(publish=False)
    with CaptureQueriesContext(connection) as seen:
        actions.publish_exam(exam, by=district.boss, now=OPENS)
    assert any('FOR UPDATE OF "exams_blueprint"' in one["sql"] for one in seen)


def test_a_void_open_sitting_takes_no_answers(district, sitting):
    actions.void_sitting(sitting, reason="替考", by=district.boss, now=NOON)
    with pytest.raises(Voided):
        answer_all(sitting)


def hand_in_blank(exam, cadre, *, now=NOON):
    sitting = sit(exam, cadre, now=now)
    return actions.submit_sitting(sitting.pk, by=cadre, now=now)


def test_a_blank_sheet_is_not_among_those_who_sat(exam, cadre):
    hand_in_blank(exam, cadre)
    standing = queries.standing(exam)
    assert (standing.due, standing.sat, standing.passed) == (1, 0, 0)
    assert candidate(exam, cadre).attempts_used == 1


def test_an_untouched_sheet_collected_at_the_end_is_not_among_those_who_sat(exam, cadre, sitting):
    actions.end_overdue_sittings(now=sitting.ends_at)
    assert queries.standing(exam).sat == 0


def test_an_answer_taken_back_leaves_a_blank_sheet(exam, cadre, sitting):
    name, _ = next(iter(changes(sitting, {0}).items()))
    actions.save_answers(sitting.pk, changes(sitting, {0}), epoch=1, now=NOON)
    actions.save_answers(sitting.pk, {name: [[], 2]}, epoch=1, now=NOON)
    actions.submit_sitting(sitting.pk, by=cadre, now=NOON)
    assert queries.standing(exam).sat == 0


def test_one_wrong_answer_is_enough_to_have_sat(exam, cadre, sitting):
    answer_all(sitting, right=False, places={0})
    actions.submit_sitting(sitting.pk, by=cadre, now=NOON)
    assert queries.standing(exam).sat == 1


def test_a_blank_sheet_counts_where_the_exam_says_so(district, cadre):
    exam = district.exam(blank_counts=True)
    hand_in_blank(exam, cadre)
    assert queries.standing(exam).sat == 1
    assert candidate(exam, cadre).counted_mark == Decimal(0)


def test_when_the_only_answered_sitting_is_voided_a_blank_one_does_not_take_its_place(district, cadre):
    exam = district.exam(attempts=2)
    hand_in_blank(exam, cadre)
    answered = sit(exam, cadre, now=NOON + minutes(5))
    answer_all(answered, right=False, now=NOON + minutes(6))
    answered = actions.submit_sitting(answered.pk, by=cadre, now=NOON + minutes(6))
    assert queries.standing(exam).sat == 1
    actions.void_sitting(answered, reason="替考", by=district.boss, now=NOON + minutes(7))
    assert candidate(exam, cadre).counted is None


def test_results_that_wait_are_released_once(district, cadre):
    exam = district.exam(result_policy="after_release")
    actions.release_results(exam, by=district.boss, now=NOON)
    actions.release_results(exam, by=district.boss, now=NOON + minutes(1))
    assert Exam.objects.get(pk=exam.pk).released_at == NOON
    assert entries("release_results") == 1


def test_a_draft_has_no_results_to_release(district, cadre):
    exam = district.exam(publish=False, result_policy="after_release")
    with pytest.raises(WrongState):
        actions.release_results(exam, by=district.boss, now=NOON)
    assert Exam.objects.get(pk=exam.pk).released_at is None


def test_results_that_show_by_themselves_are_not_released(district, exam):
    with pytest.raises(NotHeldBack):
        actions.release_results(exam, by=district.boss, now=NOON)
    assert Exam.objects.get(pk=exam.pk).released_at is None
