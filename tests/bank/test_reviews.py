"""Questions of a reviewed bank: drafts until three people have signed the very text."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from threading import Barrier

import pytest
from django.db import IntegrityError, connection, transaction
from mingfa.bank import actions, history, queries
from mingfa.bank.importing import parse_file
from mingfa.bank.models import Question
from mingfa.people.actions import grant_role
from mingfa.people.models import OrgUnit, User
from mingfa.review import actions as reviewing
from mingfa.review import engine
from mingfa.review import queries as review_queries
from mingfa.review.models import Review, ReviewStep
from wagtail.models import ModelLogEntry

from tests.bank import reviewing as scenes
from tests.bank.reviewing import LATER, again, drawable, review_of
from tests.bank.samples import DRAFT, NOW, question_file, question_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene():
    return scenes.build()


def entries(action):
    return ModelLogEntry.objects.filter(action=action).count()


def test_a_new_question_is_a_draft_that_no_paper_draws(scene):
    question = scene.question()
    assert question.status == "draft"
    assert drawable(scene) == set()
    assert queries.checkable([question.pk], now=NOW) == {}


def test_in_a_bank_without_the_switch_everything_is_usable_at_once(scene):
    bank = actions.create_bank(name="通用题库", unit=scene.bank.unit, by=scene.setter, now=NOW)
    question = actions.create_question(bank, DRAFT, by=scene.setter, now=NOW)
    actions.revise_question(question, replace(DRAFT, stem="另一题干"), by=scene.setter, now=NOW)
    actions.retire_question(question, by=scene.setter, now=NOW)
    actions.restore_question(question, by=scene.setter, now=NOW)
    assert (bank.reviewed, again(question).status) == (False, "usable")
    assert (Review.objects.count(), ReviewStep.objects.count()) == (0, 0)
    with pytest.raises(actions.NotPossible, match="not_reviewed"):
        actions.submit_questions(bank, [question.pk], by=scene.setter, now=NOW)


def test_three_signatures_make_it_usable_and_count_the_edition_up(scene):
    question = scene.question()
    edition = again(scene.bank).edition
    review = scene.approve(question)
    assert review.state == "passed"
    assert drawable(scene) == {question.pk}
    assert again(scene.bank).edition == edition + 1
    assert [(one.act, one.step, one.person.name) for one in review.steps.all()] == [
        ("submit", 0, "何砚秋"), ("secrecy", 0, "一审人"), ("sign", 1, "一审人"), ("sign", 2, "二审人"), ("sign", 3, "三审人"),
    ]  # fmt: skip
    assert {one.text_hash for one in review.steps.all()} == {review.text_hash}
    assert (entries("review.submit"), entries("review.sign")) == (1, 3)


def test_two_signatures_do_not(scene):
    question = scene.question()
    (review,) = scene.submit(question)
    scene.sign(review, scene.reviewers[0])
    scene.sign(review, scene.reviewers[1])
    assert (again(review).state, again(question).status) == ("third", "draft")


def test_the_last_step_waits_for_the_secrecy_check(scene):
    (review,) = scene.submit(scene.question())
    scene.sign(review, scene.reviewers[0])
    scene.sign(review, scene.reviewers[1])
    with pytest.raises(engine.NoSecrecyCheck):
        scene.sign(review, scene.reviewers[2])
    assert scene.sign(review, scene.reviewers[2], secrecy=True).state == "passed"


def test_the_author_is_refused_whatever_roles_he_holds(scene):
    for step in (1, 2, 3):
        grant_role(scene.setter, role=f"review{step}", unit=scene.bank.unit, by=None, now=NOW)
    (review,) = scene.submit(scene.question())
    with pytest.raises(engine.IsAuthor):
        scene.sign(review, scenes.fresh(scene.setter))
    assert again(review).state == "first"


def test_whoever_submits_the_work_of_another_is_an_author_too(scene):
    other = scenes.reviewer(scene.bank.unit, 1, name="送审人")
    (review,) = scene.submit(scene.question(), by=other)
    with pytest.raises(engine.IsAuthor):
        scene.sign(review, other)
    assert {one.name for one in review.authors.all()} == {"何砚秋", "送审人"}


def test_whoever_wrote_an_earlier_draft_is_an_author_until_one_is_approved(scene):
    question = scene.question()
    writer = scenes.reviewer(scene.bank.unit, 1, name="改题人")
    actions.revise_question(question, replace(DRAFT, explanation="改了解析"), by=writer, now=NOW)
    scene.approve(question)
    actions.revise_question(question, replace(DRAFT, explanation="再改解析"), by=writer, now=NOW)
    assert history.authors_of([question.pk]) == {question.pk: {writer.pk}}
    first_review = Review.objects.get(state="passed")
    assert {one.name for one in first_review.authors.all()} == {"何砚秋", "改题人"}


def test_the_same_person_does_not_sign_twice(scene):
    both = scenes.reviewer(scene.bank.unit, 1, 2, name="一二审人")
    (review,) = scene.submit(scene.question())
    scene.sign(review, both)
    with pytest.raises(engine.SignedBefore):
        scene.sign(review, both)
    assert again(review).state == "second"


def test_the_database_itself_keeps_one_signature_a_step_and_three_people(scene):
    (review,) = scene.submit(scene.question())
    scene.sign(review, scene.reviewers[0])
    row = {"review": review, "act": "sign", "at": NOW, "text_hash": review.text_hash}
    for step, person in ((1, scene.reviewers[1]), (2, scene.reviewers[0]), (4, scene.reviewers[1]), (2, None)):
        with pytest.raises(IntegrityError), transaction.atomic():
            ReviewStep.objects.create(step=step, person=person, **row)
    assert review.steps.filter(act="sign").count() == 1


def test_a_role_for_another_step_or_another_unit_is_not_enough(scene):
    (review,) = scene.submit(scene.question())
    township = scene.bank.unit.add_child(name="东一镇", kind="township")
    for person in (scene.reviewers[1], scenes.reviewer(township, 1, name="镇一审人")):
        with pytest.raises(reviewing.NotYourStep):
            scene.sign(review, person)


def test_an_author_does_the_first_step_where_the_bank_allows_it(scene):
    actions.set_review_rules(scene.bank, reviewed=True, author_first=True, by=scene.reviewers[2], now=NOW)
    for role in ("review1", "review2"):
        grant_role(scene.setter, role=role, unit=scene.bank.unit, by=None, now=NOW)
    (review,) = scene.submit(scene.question())
    assert scene.sign(review, scenes.fresh(scene.setter)).state == "second"
    with pytest.raises(engine.IsAuthor):
        scene.sign(again(review), scenes.fresh(scene.setter), secrecy=True)


def test_it_goes_back_with_the_reason_and_may_come_again(scene):
    question = scene.question()
    (review,) = scene.submit(question)
    with pytest.raises(engine.NoOpinion):
        reviewing.return_review(review.pk, by=scene.reviewers[0], now=LATER, text_hash=review.text_hash, opinion=" ")
    reviewing.return_review(review.pk, by=scene.reviewers[0], now=LATER, text_hash=review.text_hash, opinion="期限不对")
    assert (again(review).state, again(question).status, entries("review.return")) == ("returned", "draft", 1)
    assert list(review_queries.returned_to(scene.setter)) == [review]
    (second,) = scene.submit(question)
    assert (again(review).state, second.state) == ("void", "first")
    assert list(review_queries.returned_to(scene.setter)) == []


def test_what_comes_back_when_the_bank_is_not_reviewed_any_more_stays_usable(scene):
    bank = actions.create_bank(name="通用题库", unit=scene.bank.unit, by=scene.setter, now=NOW)
    question = actions.create_question(bank, DRAFT, by=scene.setter, now=NOW)
    actions.set_review_rules(bank, reviewed=True, author_first=False, by=scene.setter, now=NOW)
    actions.submit_questions(bank, [question.pk], by=scene.setter, now=NOW)
    actions.set_review_rules(bank, reviewed=False, author_first=False, by=scene.reviewers[2], now=NOW)
    review = review_of(question)
    reviewing.return_review(review.pk, by=scene.reviewers[0], now=LATER, text_hash=review.text_hash, opinion="请补依据")
    assert again(question).status == "usable"


def test_an_edit_settles_what_was_returned(scene):
    question = scene.question()
    (review,) = scene.submit(question)
    reviewing.return_review(review.pk, by=scene.reviewers[0], now=LATER, text_hash=review.text_hash, opinion="期限不对")
    actions.revise_question(question, replace(DRAFT, answer="ABC"), by=scene.setter, now=LATER)
    assert list(review_queries.returned_to(scene.setter)) == []
    assert (review_of(question), again(question).status) == (None, "draft")


def test_the_author_withdraws_and_nobody_else(scene):
    question = scene.question()
    (review,) = scene.submit(question)
    with pytest.raises(engine.NotAnAuthor):
        reviewing.withdraw_review(review.pk, by=scene.reviewers[0], now=LATER)
    reviewing.withdraw_review(review.pk, by=scene.setter, now=LATER)
    assert (again(review).state, entries("review.withdraw")) == ("withdrawn", 1)
    with pytest.raises(engine.NotInReview):
        scene.sign(review, scene.reviewers[0])
    assert scene.submit(question)[0].state == "first"


def test_what_waits_already_is_not_submitted_a_second_time(scene):
    questions = [scene.question(f"第 {n} 题") for n in range(3)]
    scene.submit(questions[0])
    ids = [one.pk for one in questions]
    assert actions.submit_questions(scene.bank, ids, by=scene.setter, now=NOW) == 2
    assert actions.submit_questions(scene.bank, ids, by=scene.setter, now=NOW) == 0
    assert Review.objects.count() == 3


def test_questions_of_another_bank_are_not_submitted_with_these(scene):
    other = actions.create_bank(name="另一个题库", unit=scene.bank.unit, by=scene.setter, now=NOW, reviewed=True)
    question = actions.create_question(other, DRAFT, by=scene.setter, now=NOW)
    assert actions.submit_questions(scene.bank, [question.pk], by=scene.setter, now=NOW) == 0


def test_many_are_submitted_in_a_few_statements_each_batch(scene, django_assert_max_num_queries):
    rows = question_rows(120)
    actions.import_questions(scene.bank, parse_file(question_file(*rows), "题库.xlsx"), by=scene.setter, now=NOW)
    ids = list(Question.objects.values_list("pk", flat=True))
    with django_assert_max_num_queries(2 * 30):
        assert actions.submit_questions(scene.bank, ids, by=scene.setter, now=NOW) == 120


def test_switching_review_on_leaves_what_is_usable_until_it_is_edited(scene):
    bank = actions.create_bank(name="通用题库", unit=scene.bank.unit, by=scene.setter, now=NOW)
    kept, edited, objected = (
        actions.create_question(bank, replace(DRAFT, stem=stem), by=scene.setter, now=NOW) for stem in ("甲题", "乙题", "丙题")
    )
    actions.set_review_rules(bank, reviewed=True, author_first=False, by=scene.setter, now=NOW)
    actions.revise_question(edited, replace(DRAFT, stem="乙题改"), by=scene.setter, now=NOW)
    assert [again(one).status for one in (kept, edited)] == ["usable", "draft"]
    actions.submit_questions(bank, [objected.pk], by=scene.setter, now=NOW)
    review = review_of(objected)
    assert again(objected).status == "usable"
    reviewing.return_review(review.pk, by=scene.reviewers[0], now=LATER, text_hash=review.text_hash, opinion="条号错")
    assert again(objected).status == "draft"


def test_only_a_third_reviewer_loosens_the_rules_and_not_while_there_are_drafts(scene):
    scene.question()
    for values in ({"reviewed": False, "author_first": False}, {"reviewed": True, "author_first": True}):
        with pytest.raises(actions.MayNotLoosen):
            actions.set_review_rules(scene.bank, by=scene.setter, now=NOW, **values)
    with pytest.raises(actions.DraftsLeft) as left:
        actions.set_review_rules(scene.bank, reviewed=False, author_first=False, by=scene.reviewers[2], now=NOW)
    assert (left.value.count, again(scene.bank).reviewed) == (1, True)


def test_the_hash_covers_everything_a_reviewer_reads(scene):
    changes = {
        "stem": "另一题干", "options": ("信息网络", "书信", "电话", "短信"), "answer": "ABC", "explanation": "另一解析",
        "difficulty": 3, "marks": None, "citations": (),
    }  # fmt: skip
    question = scene.question()
    hashes = set(history.text_hashes([question.current_id]).values())
    for field, value in changes.items():
        version = actions.revise_question(question, replace(DRAFT, **{field: value}), by=scene.setter, now=NOW)
        hashes |= set(history.text_hashes([version.pk]).values())
    assert len(hashes) == len(changes) + 1


def test_a_reviewer_waits_for_nothing_he_wrote_or_signed(scene):
    both = scenes.reviewer(scene.bank.unit, 1, 2, name="一二审人")
    (review,) = scene.submit(scene.question())
    assert list(review_queries.waiting_for(both)) == [review]
    scene.sign(review, both)
    assert list(review_queries.waiting_for(both)) == []
    assert list(review_queries.waiting_for(scene.reviewers[1])) == [review]
    (own,) = scene.submit(scene.question("另一题"), by=both)
    assert own not in review_queries.waiting_for(both)


def test_the_board_counts_what_waits_for_whom(scene):
    reviews = scene.submit(*(scene.question(f"第 {n} 题") for n in range(3)))
    scene.sign(reviews[0], scene.reviewers[0])
    assert [(one.word, one.count, one.people) for one in review_queries.board(scene.reviewers[0])] == [
        ("一审一校", 2, ("一审人",)), ("二审二校", 1, ("二审人",)),
    ]  # fmt: skip
    stranger = scenes.reviewer(OrgUnit.add_root(name="邻区", kind="district"), 1, name="邻区一审人")
    assert review_queries.board(stranger) == []


@pytest.fixture
def committed(transactional_db):
    return scenes.build()


@pytest.mark.django_db(transaction=True)
def test_of_two_signatures_at_once_one_wins_and_the_other_is_told(committed):
    scene = committed
    rivals = [scene.reviewers[0], scenes.reviewer(scene.bank.unit, 1, name="另一个一审人")]
    for n in range(6):
        (review,) = scene.submit(scene.question(f"第 {n} 题"))
        together = Barrier(2)

        def sign(person, review=review, together=together):
            together.wait()
            try:
                return scene.sign(review, User.objects.get(pk=person.pk), step=1).state
            except engine.ReviewRefusal as refusal:
                return type(refusal).__name__
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            said = sorted(pool.map(sign, rivals))
        assert said == ["StepDone", "second"]
        assert review.steps.filter(act="sign").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_edit_and_the_last_signature_at_once_never_make_the_new_text_usable(committed):
    scene = committed
    for n in range(6):
        question = scene.question(f"第 {n} 题")
        (review,) = scene.submit(question)
        scene.sign(review, scene.reviewers[0])
        scene.sign(review, scene.reviewers[1])
        together = Barrier(2)

        def sign(review=review, together=together):
            together.wait()
            try:
                scene.sign(review, User.objects.get(pk=scene.reviewers[2].pk), secrecy=True)
            except engine.ReviewRefusal:
                pass
            finally:
                connection.close()

        def edit(question=question, n=n, together=together):
            together.wait()
            try:
                actions.revise_question(question, replace(DRAFT, stem=f"第 {n} 题改"), by=scene.setter, now=LATER)
            finally:
                connection.close()

        with ThreadPoolExecutor(2) as pool:
            for done in [pool.submit(sign), pool.submit(edit)]:
                done.result()
        assert again(question).status == "draft"
        signed = ReviewStep.objects.filter(act="sign", review__target_id=again(question).current_id)
        assert signed.count() == 0
