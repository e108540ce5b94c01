"""Near questions of a bank: looked up, found in pairs, decided about."""

from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from mingfa.bank import actions, similar
from mingfa.bank.actions.near import check_near, keep_both, reopen_pair
from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.models import NearCheck, NearPair, Question
from mingfa.bank.similarity import Kind
from mingfa.people.actions import grant_role
from mingfa.people.models import User
from wagtail.models import ModelLogEntry

from tests.bank.samples import NOW

pytestmark = pytest.mark.django_db
DAYS = ("十五日", "三十日", "六十日", "九十日")
PLAIN = QuestionDraft(type="single", stem="老唐不服罚款决定，申请行政复议的期限是多少日？", options=DAYS, answer="C")
REWORDED = replace(PLAIN, stem="老唐对罚款决定不服，他申请行政复议的期限是几天？")
OTHER = QuestionDraft(type="judge", stem="村委会可以为村民的贷款提供担保。", answer="F")


@pytest.fixture
def add(bank, setter):
    return lambda draft: actions.create_question(bank, draft, by=setter, now=NOW)


@pytest.fixture
def pair(bank, add):
    add(PLAIN), add(REWORDED), add(OTHER)
    check_near(bank)
    return NearPair.objects.get()


@pytest.fixture
def signed_in(client, bank, setter):
    grant_role(setter, role="setter", unit=bank.unit, by=None, now=NOW)
    client.force_login(setter)
    return client


def test_a_file_of_drafts_is_compared_with_the_bank_in_one_go(bank, add, django_assert_num_queries):
    plain = add(PLAIN)
    add(OTHER)
    similar.similar_to(bank, [])
    with django_assert_num_queries(1):
        found = similar.similar_to(bank, [REWORDED, replace(OTHER, stem="公务员可以兼任企业职务。"), PLAIN])
    assert [[near.id for near in one] for one in found] == [[plain.pk], [], [plain.pk]]
    assert [found[0][0].kind, found[2][0].kind] == [Kind.REWORDED, Kind.SAME]


def test_the_index_follows_every_change_of_the_bank(bank, add, setter):
    question = add(PLAIN)
    assert similar.similar_to(bank, [PLAIN])[0][0].id == question.pk
    actions.revise_question(question, replace(PLAIN, stem="听证通知书应当提前几日送达当事人？"), by=setter, now=NOW)
    assert similar.similar_to(bank, [PLAIN]) == [[]]
    actions.retire_question(question, by=setter, now=NOW)
    assert similar.similar_to(bank, [replace(PLAIN, stem="听证通知书应当提前几日送达当事人？")]) == [[]]


def test_a_question_is_not_near_to_itself_and_marks_both_sides(bank, add):
    plain, other = add(PLAIN), add(REWORDED)
    (near,) = similar.near_to(plain)
    assert near.question_id == other.pk
    assert "".join(text for text, _ in near.left) == PLAIN.stem
    assert "".join(text for text, _ in near.right) == REWORDED.stem


def test_a_bank_is_checked_in_batches_and_a_killed_check_goes_on(bank, add):
    for draft in (PLAIN, REWORDED, OTHER):
        add(draft)
    assert [check_near(bank, most=1), check_near(bank, most=1)] == [2, 1]
    similar.forget()
    assert check_near(bank) == 0
    assert [(pair.first.stem, pair.second.stem) for pair in NearPair.objects.all()] == [(PLAIN.stem, REWORDED.stem)]
    assert check_near(bank) == 0
    assert NearCheck.objects.count() == 3


def test_checking_takes_the_same_statements_for_2_and_12_questions(bank, add):
    def statements(count):
        for number in range(count):
            add(replace(PLAIN, stem=f"老唐不服第 {number} 份罚款决定，申请行政复议的期限是多少日？（{count}）"))
        with CaptureQueriesContext(connection) as captured:
            assert check_near(bank) == 0
        return len(captured)

    assert statements(2) == statements(12)


def test_pairs_with_other_numbers_stand_in_another_list(bank, add):
    add(replace(PLAIN, stem="老唐在三十日内申请了行政复议，复议机关应当受理吗？"))
    add(replace(PLAIN, stem="老唐在六十日内申请了行政复议，复议机关应当受理吗？"))
    check_near(bank)
    assert similar.pairs_of_bank(bank).count() == 0
    assert [pair.kind for pair in similar.pairs_of_bank(bank, repeats=False)] == ["NUMBERS"]


def test_keeping_both_is_remembered_with_who_and_when_and_can_be_taken_back(bank, pair, setter):
    keep_both(pair, by=setter, now=NOW)
    keep_both(pair, by=None, now=NOW)
    pair.refresh_from_db()
    assert (pair.kept_at, pair.kept_by) == (NOW, setter)
    assert [similar.pairs_of_bank(bank).count(), similar.pairs_of_bank(bank, kept=True).count()] == [0, 1]
    reopen_pair(pair, by=setter, now=NOW)
    assert similar.pairs_of_bank(bank).count() == 1
    logged = ModelLogEntry.objects.filter(action__in=["bank.keep_both", "bank.reopen_pair"])
    assert sorted(entry.action for entry in logged) == ["bank.keep_both", "bank.reopen_pair"]


def test_a_kept_pair_stays_kept_while_the_stems_are_the_same(bank, pair, setter):
    keep_both(pair, by=setter, now=NOW)
    actions.revise_question(pair.first.question, replace(PLAIN, explanation="写清楚了。"), by=setter, now=NOW)
    check_near(bank)
    assert similar.pairs_of_bank(bank).count() == 0
    assert similar.pairs_of_bank(bank, kept=True).count() == 1
    question = Question.objects.get(pk=pair.first.question_id)
    actions.revise_question(question, replace(PLAIN, stem="村民" + PLAIN.stem), by=setter, now=NOW)
    check_near(bank)
    assert similar.pairs_of_bank(bank).count() == 1


def test_a_retired_question_is_in_no_pair(bank, pair, setter):
    actions.retire_question(pair.second.question, by=setter, now=NOW)
    assert similar.pairs_of_bank(bank).count() == 0


def test_the_page_finds_pairs_and_marks_the_difference(signed_in, bank, add):
    add(PLAIN), add(REWORDED)
    address = reverse("bank:near", args=[bank.pk])
    assert "还有 2 题没有和全库比过" in signed_in.get(address).content.decode()
    signed_in.post(address)
    page = signed_in.get(address).content.decode()
    assert "已查 2 / 2 题" in page
    assert "换了说法" in page
    assert '<ins class="mf-differs">' in page


@pytest.mark.parametrize("chosen", ["first", "second"])
def test_one_of_a_pair_can_be_retired_from_the_page(signed_in, bank, pair, chosen):
    signed_in.post(reverse("bank:decide", args=[bank.pk, pair.pk]), {"decision": chosen})
    retired = Question.objects.get(status=Question.Status.RETIRED)
    assert retired == getattr(pair, chosen).question


def test_a_decision_that_is_none_changes_nothing(signed_in, bank, pair):
    signed_in.post(reverse("bank:decide", args=[bank.pk, pair.pk]), {"decision": "nonsense"})
    assert similar.pairs_of_bank(bank).count() == 1
    assert not Question.objects.filter(status=Question.Status.RETIRED).exists()


def test_AZ1_pairs_do_not_exist_for_strangers_and_not_under_another_bank(client, signed_in, bank, pair, setter):
    other = actions.create_bank(name="另一个题库", unit=bank.unit, by=setter, now=NOW)
    assert signed_in.post(reverse("bank:decide", args=[other.pk, pair.pk]), {"decision": "keep"}).status_code == 404
    township = bank.unit.add_child(name="东一镇", kind="township")
    stranger = User.objects.create(username="stranger", name="外人")
    grant_role(stranger, role="setter", unit=township, by=None, now=NOW)
    client.force_login(stranger)
    assert client.get(reverse("bank:near", args=[bank.pk])).status_code == 404
    assert client.post(reverse("bank:decide", args=[bank.pk, pair.pk]), {"decision": "first"}).status_code == 404
    assert similar.pairs_of_bank(bank).count() == 1


def test_the_page_takes_the_same_statements_with_1_and_10_pairs(signed_in, bank, add):
    address = reverse("bank:near", args=[bank.pk])

    def statements():
        check_near(bank)
        with CaptureQueriesContext(connection) as captured:
            assert signed_in.get(address).status_code == 200
        return len(captured)

    add(PLAIN), add(REWORDED)
    statements()
    before = statements()
    for number in range(5):
        add(replace(PLAIN, stem=f"老唐不服第 {number} 份罚款决定，申请行政复议的期限是多少日？"))
    assert similar.pairs_of_bank(bank, repeats=False).count() == 0
    assert statements() == before
