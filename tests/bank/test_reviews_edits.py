"""What happens to a signed text, and to one in review: an edit, an import, a retirement."""

from dataclasses import replace

import pytest
from mingfa.bank import actions, history, queries
from mingfa.bank.importing import parse_file
from mingfa.bank.importing.keeping import draft_from
from mingfa.bank.models import Option, Question
from mingfa.review import engine
from mingfa.review.models import Review

from tests.bank import reviewing as scenes
from tests.bank.reviewing import LATER, again, drawable, review_of
from tests.bank.samples import DRAFT, NOW, question_file, question_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return scenes.build()


def test_an_edit_of_an_approved_question_voids_the_approval_but_not_the_drawn_paper(scene):
    question = scene.question()
    scene.approve(question)
    drawn = again(question).current_id
    version = actions.revise_question(question, replace(DRAFT, answer="ABC"), by=scene.setter, now=NOW)
    assert (again(question).status, drawable(scene)) == ("draft", set())
    assert queries.versions([drawn])[drawn].answer == "ABCD"
    assert (version.number, history.last_approved(version).pk) == (2, drawn)
    scene.approve(question)
    assert [item.version_id for item in queries.drawable(scene.bank)] == [version.pk]


def test_an_edit_that_says_nothing_new_leaves_the_approval(scene):
    question = scene.question()
    scene.approve(question)
    actions.revise_question(question, DRAFT, by=scene.setter, now=NOW)
    assert drawable(scene) == {question.pk}


def test_an_edit_in_review_goes_back_to_the_first_step_and_the_old_page_signs_nothing(scene):
    question = scene.question()
    (review,) = scene.submit(question)
    scene.sign(review, scene.reviewers[0])
    actions.revise_question(question, replace(DRAFT, answer="ABC"), by=scene.setter, now=NOW)
    with pytest.raises(engine.NotInReview):
        scene.sign(review, scene.reviewers[1])
    new = review_of(question)
    assert (again(review).state, new.state, new.pk != review.pk) == ("void", "first", True)
    assert new.steps.filter(act="sign").count() == 0
    with pytest.raises(engine.TextChanged):
        scene.sign(new, scene.reviewers[0], text_hash=review.text_hash)
    assert scene.sign(new, scene.reviewers[0]).state == "second"


def test_an_edit_by_a_reviewer_who_had_signed_makes_him_an_author(scene):
    question = scene.question()
    (review,) = scene.submit(question)
    scene.sign(review, scene.reviewers[0])
    actions.revise_question(question, replace(DRAFT, answer="ABC"), by=scene.reviewers[0], now=NOW)
    with pytest.raises(engine.IsAuthor):
        scene.sign(review_of(question), scene.reviewers[0])


def test_a_text_changed_behind_our_back_goes_back_to_the_first_step(scene):
    (review,) = scene.submit(scene.question())
    scene.sign(review, scene.reviewers[0])
    Option.objects.filter(version=review.target_id, order=0).update(text="短信")
    with pytest.raises(engine.TextChanged):
        scene.sign(review, scene.reviewers[1])
    new = Review.objects.get(state="first")
    assert (again(review).state, new.target_id) == ("void", review.target_id)
    assert new.text_hash == history.text_hashes([new.target_id])[new.target_id] != review.text_hash


def test_the_history_tells_that_an_approved_text_was_changed_behind_our_back(scene):
    question = scene.question()
    scene.approve(question)
    assert [one.intact for one in history.entries_of(question)] == [True]
    Option.objects.filter(version=question.current_id, order=0).update(text="短信")
    assert [one.intact for one in history.entries_of(question)] == [False]


def test_imported_questions_are_drafts(scene):
    parsed = parse_file(question_file(*question_rows(3)), "题库.xlsx")
    actions.import_questions(scene.bank, parsed, by=scene.setter, now=NOW)
    assert set(Question.objects.values_list("status", flat=True)) == {"draft"}
    assert drawable(scene) == set()
    drafts = history.submittable(scene.bank).values_list("pk", flat=True)
    assert actions.submit_questions(scene.bank, drafts, by=scene.setter, now=NOW) == 3


def brought(scene, *rows):
    """An upload of the setter, read and compared."""
    upload = actions.keep_upload(scene.bank, data=question_file(*rows), name="题库.xlsx", by=scene.setter, now=NOW)
    actions.read_upload(upload, now=NOW)
    actions.compare_upload(upload, now=NOW)
    return upload


def test_whoever_puts_a_question_right_before_it_is_imported_is_its_author_and_so_is_who_brought_the_file(scene):
    mender, presser = (scenes.reviewer(scene.bank.unit, 1, name=name) for name in ("改题人", "入库人"))
    upload = brought(scene, *question_rows(2))
    entry = upload.entries.get(place=2)
    mended = replace(draft_from(entry.draft), answer="ABC")
    actions.decide_entry(entry, decision="confirmed", draft=mended, seen=0, by=mender, now=NOW)
    actions.import_decided(upload, by=presser, now=NOW)
    plain, changed = Question.objects.order_by("pk")
    assert changed.current.created_by == mender
    assert history.authors_of([plain.pk, changed.pk]) == {
        plain.pk: {scene.setter.pk, presser.pk}, changed.pk: {scene.setter.pk, mender.pk}
    }  # fmt: skip
    (review,) = scene.submit(changed)
    with pytest.raises(engine.IsAuthor):
        scene.sign(review, mender)


def test_who_brought_the_file_is_no_author_of_what_is_written_after_an_approval(scene):
    upload = brought(scene, *question_rows(1))
    actions.import_decided(upload, by=scene.setter, now=NOW)
    question = Question.objects.get()
    scene.approve(question)
    writer = scenes.reviewer(scene.bank.unit, 1, name="改题人")
    actions.revise_question(question, replace(DRAFT, explanation="改了解析"), by=writer, now=NOW)
    assert history.authors_of([question.pk]) == {question.pk: {writer.pk}}


def test_a_question_imported_again_while_approved_changes_nothing(scene):
    rows = question_rows(1)
    actions.import_questions(scene.bank, parse_file(question_file(*rows), "题库.xlsx"), by=scene.setter, now=NOW)
    question = Question.objects.get()
    scene.approve(question)
    outcome = actions.import_questions(scene.bank, parse_file(question_file(*rows), "题库.xlsx"), by=scene.setter, now=LATER)
    assert (outcome.imported, len(outcome.repeats), drawable(scene)) == (0, 1, {question.pk})


def test_a_restored_question_is_a_draft_and_has_to_be_reviewed_anew(scene):
    question = scene.question()
    review = scene.approve(question)
    actions.retire_question(question, by=scene.setter, now=NOW)
    actions.restore_question(question, by=scene.setter, now=NOW)
    assert (again(question).status, again(review).state) == ("draft", "void")
    assert scene.approve(question).state == "passed"
    assert drawable(scene) == {question.pk}


def test_a_question_retired_in_review_is_not_made_usable_by_late_signatures(scene):
    question = scene.question()
    (review,) = scene.submit(question)
    actions.retire_question(question, by=scene.setter, now=NOW)
    with pytest.raises(engine.NotInReview):
        scene.sign(review, scene.reviewers[0])
    assert again(question).status == "retired"
