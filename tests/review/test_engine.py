"""三审三校: what the rules allow and refuse, and that no sequence of moves gets round them."""

from datetime import UTC, datetime

import pytest
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from mingfa.review import engine
from mingfa.review.engine import STEPS, Case, State

NOW = datetime(2026, 9, 17, 2, 0, tzinfo=UTC)
TEXT = "a" * 64
AUTHOR, FIRST, SECOND, THIRD = 1, 2, 3, 4


def submitted(**more) -> Case:
    return engine.submit(engine.draft(TEXT, authors={AUTHOR}, **more))


def signed(case: Case, *people: int) -> Case:
    for person in people:
        case = engine.sign(case, by=person, at=NOW, text_hash=case.text_hash)
    return case


def checked(case: Case, by: int = FIRST) -> Case:
    return engine.check_secrecy(case, by=by, at=NOW, text_hash=case.text_hash)


def test_three_people_and_the_secrecy_check_pass_a_text():
    case = signed(checked(submitted()), FIRST, SECOND, THIRD)
    assert case.state is State.PASSED
    assert [(one.step, one.person, one.text_hash) for one in case.signatures] == [(1, 2, TEXT), (2, 3, TEXT), (3, 4, TEXT)]


def test_the_author_reviews_no_step():
    with pytest.raises(engine.IsAuthor) as refused:
        signed(submitted(), AUTHOR)
    assert refused.value.step == 1


def test_where_the_unit_allows_it_the_author_does_the_first_step_and_no_other():
    case = signed(submitted(author_first=True), AUTHOR)
    assert case.state is State.SECOND
    with pytest.raises(engine.IsAuthor) as refused:
        signed(case, AUTHOR)
    assert refused.value.step == 2


def test_nobody_signs_two_steps():
    with pytest.raises(engine.SignedBefore) as refused:
        signed(submitted(), FIRST, SECOND, FIRST)
    assert refused.value.step == 1


def test_the_last_step_waits_for_the_secrecy_check_and_the_author_does_not_do_it():
    case = signed(submitted(author_first=True), AUTHOR, SECOND)
    with pytest.raises(engine.NoSecrecyCheck):
        signed(case, THIRD)
    with pytest.raises(engine.IsAuthor):
        checked(case, AUTHOR)
    assert signed(checked(case, THIRD), THIRD).secrecy.person == THIRD


def test_a_signature_on_another_text_than_the_one_in_review_is_refused():
    with pytest.raises(engine.TextChanged) as refused:
        engine.sign(submitted(), by=FIRST, at=NOW, text_hash="b" * 64)
    assert (refused.value.seen, refused.value.now) == ("b" * 64, TEXT)


def test_a_signature_for_a_step_that_is_over_is_refused():
    case = signed(submitted(), FIRST)
    with pytest.raises(engine.StepDone) as refused:
        engine.sign(case, by=SECOND, at=NOW, text_hash=TEXT, step=1)
    assert refused.value.step == 1


def test_an_edit_in_review_goes_back_to_the_first_step_without_signatures_and_makes_the_editor_an_author():
    case = engine.edit(signed(checked(submitted()), FIRST, SECOND), by=THIRD, text_hash="b" * 64)
    assert (case.state, case.signatures, case.secrecy) == (State.FIRST, (), None)
    assert case.authors == {AUTHOR, THIRD}
    with pytest.raises(engine.IsAuthor):
        signed(case, THIRD)


def test_an_edit_that_changes_nothing_voids_nothing():
    case = signed(submitted(), FIRST)
    assert engine.edit(case, by=AUTHOR, text_hash=TEXT) == case


def test_an_edit_after_approval_is_a_draft_of_the_editor_alone():
    passed = signed(checked(submitted()), FIRST, SECOND, THIRD)
    case = engine.edit(passed, by=FIRST, text_hash="b" * 64)
    assert (case.state, case.authors, case.signatures) == (State.DRAFT, {FIRST}, ())


def test_a_text_goes_back_only_with_a_reason():
    with pytest.raises(engine.NoOpinion):
        engine.send_back(submitted(), by=FIRST, opinion="  ", text_hash=TEXT)
    back = engine.send_back(signed(submitted(), FIRST), by=SECOND, opinion="期限写错了", text_hash=TEXT)
    assert (back.state, back.signatures) == (State.RETURNED, ())
    assert engine.submit(back).state is State.FIRST


def test_only_an_author_withdraws_and_only_in_review():
    with pytest.raises(engine.NotAnAuthor):
        engine.withdraw(submitted(), by=FIRST)
    assert engine.withdraw(signed(submitted(), FIRST), by=AUTHOR).state is State.WITHDRAWN
    with pytest.raises(engine.NotInReview):
        engine.withdraw(engine.withdraw(submitted(), by=AUTHOR), by=AUTHOR)


def test_what_is_in_review_or_has_passed_is_not_submitted_again():
    for case in (submitted(), signed(checked(submitted()), FIRST, SECOND, THIRD)):
        with pytest.raises(engine.InReview) as refused:
            engine.submit(case)
        assert refused.value.state is case.state


people, texts = st.integers(1, 6), st.sampled_from(["a", "b", "c"])


class Reviewing(RuleBasedStateMachine):
    """Six people try everything in any order. The witness below keeps its own account of what was accepted."""

    def __init__(self):
        super().__init__()
        self.case = engine.draft("a", authors={1})
        self.author_first = False
        self.accepted: list[tuple[int, int, str]] = []
        self.ticked: int | None = None
        self.writers = {1}

    def forget(self):
        self.accepted, self.ticked = [], None

    def attempt(self, move, *args, **more):
        try:
            after = move(self.case, *args, **more)
        except engine.ReviewRefusal:
            return False
        self.case = after
        return True

    @precondition(lambda self: self.case.state is State.DRAFT)
    @rule(allowed=st.booleans())
    def decide(self, allowed):
        self.case = engine.draft(self.case.text_hash, authors=self.case.authors, author_first=allowed)
        self.author_first = allowed

    @rule()
    def submit(self):
        if self.attempt(engine.submit):
            self.forget()

    @rule(by=people, text=texts, step=st.none() | st.integers(0, 3))
    def sign(self, by, text, step):
        waited = self.case.step
        if self.attempt(engine.sign, by=by, at=NOW, text_hash=text, step=step):
            self.accepted.append((waited, by, text))

    @rule(by=people, text=texts)
    def tick(self, by, text):
        if self.attempt(engine.check_secrecy, by=by, at=NOW, text_hash=text) and self.ticked is None:
            self.ticked = by

    @rule(by=people, opinion=st.sampled_from(["", " ", "改数字"]), text=texts)
    def send_back(self, by, opinion, text):
        if self.attempt(engine.send_back, by=by, opinion=opinion, text_hash=text):
            assert opinion.strip()
            self.forget()

    @rule(by=people)
    def withdraw(self, by):
        if self.attempt(engine.withdraw, by=by):
            assert by in self.writers
            self.forget()

    @rule()
    def void(self):
        self.attempt(engine.void)
        self.forget()

    @rule(by=people, text=texts)
    def edit(self, by, text):
        was, same = self.case.state, text == self.case.text_hash
        self.attempt(engine.edit, by=by, text_hash=text)
        if same:
            return
        self.writers = {by} if was is State.PASSED else self.writers | {by}
        self.forget()
        assert self.case.state is (State.FIRST if was in STEPS else State.DRAFT)

    @invariant()
    def what_is_signed_is_signed_by_the_rules(self):
        case = self.case
        assert [(one.step, one.person, one.text_hash) for one in case.signatures] == self.accepted
        assert case.authors == self.writers
        signers = [person for _, person, _ in self.accepted]
        assert len(set(signers)) == len(signers)
        assert {text for _, _, text in self.accepted} <= {case.text_hash}
        own = [step for step, person, _ in self.accepted if person in self.writers]
        assert own in ([], [1]) if self.author_first else own == []
        assert self.ticked is None or self.ticked not in self.writers
        if case.state in STEPS:
            assert len(signers) == STEPS.index(case.state)
        elif case.state is State.PASSED:
            assert [step for step, _, _ in self.accepted] == [1, 2, 3]
            assert self.ticked is not None
        else:
            assert signers == []


TestReviewing = Reviewing.TestCase
