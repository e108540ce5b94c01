"""Beliefs behind wrong answers: kept beside the versions, carried along, seen only by those they belong to."""

from dataclasses import replace

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from mingfa.bank import actions
from mingfa.bank.actions.beliefs import create_belief, revise_belief, tag_answers
from mingfa.bank.beliefs import belief_names, tagged_versions, usable_beliefs
from mingfa.bank.drafts import BadDraft, QuestionDraft
from mingfa.bank.importing import Parsed, ParsedQuestion, Place, RawQuestion
from mingfa.bank.models import AnswerBelief, Belief, Question
from mingfa.library.citations import CitationRef
from mingfa.people.actions import grant_role
from mingfa.people.models import User
from wagtail.models import ModelLogEntry

from tests.bank.samples import NOW
from tests.exported import table

pytestmark = pytest.mark.django_db
CHOICE = QuestionDraft(type="single", stem="申请行政复议的期限是？", options=("三十日", "六十日", "一年"), answer="B")
JUDGE = QuestionDraft(type="judge", stem="村委会可以提供担保。", answer="F")


@pytest.fixture
def choice(bank, setter):
    return actions.create_question(bank, CHOICE, by=setter, now=NOW)


@pytest.fixture
def belief(bank, setter):
    ref = CitationRef("行政复议法", 20, paragraph=1)
    return create_belief(unit=bank.unit, name="复议期限是三十日", ref=ref, by=setter, now=NOW)


@pytest.fixture
def signed_in(client, bank, setter):
    grant_role(setter, role="setter", unit=bank.unit, by=None, now=NOW)
    client.force_login(setter)
    return client


def tags(question):
    return dict(AnswerBelief.objects.filter(version=question.current_id).values_list("answer", "belief__name"))


def test_tagging_makes_no_new_version_and_is_logged_once(choice, belief, setter):
    assert tag_answers(choice, {"A": belief, "C": None}, by=setter, now=NOW) == 1
    assert tag_answers(choice, {"A": belief}, by=setter, now=NOW) == 0
    assert tags(choice) == {"A": "复议期限是三十日"}
    assert choice.versions.count() == 1
    assert ModelLogEntry.objects.filter(action="bank.tag_answers").count() == 1
    assert tag_answers(choice, {"A": None}, by=setter, now=NOW) == 1
    assert tags(choice) == {}


@pytest.mark.parametrize("answer", ["B", "D", "T", ""])
def test_only_a_wrong_answer_of_the_question_can_carry_a_belief(choice, belief, setter, answer):
    with pytest.raises(ValueError, match="not a wrong answer"):
        tag_answers(choice, {answer: belief}, by=setter, now=NOW)
    assert tags(choice) == {}


def test_a_judged_sentence_carries_its_belief_on_the_wrong_verdict(bank, belief, setter):
    question = actions.create_question(bank, JUDGE, by=setter, now=NOW)
    tag_answers(question, {"T": belief}, by=setter, now=NOW)
    assert tags(question) == {"T": belief.name}


def test_a_new_version_keeps_the_beliefs_of_the_answers_it_keeps(choice, belief, setter):
    tag_answers(choice, {"A": belief, "C": belief}, by=setter, now=NOW)
    moved = replace(CHOICE, options=("六十日", "三十日", "两年"), answer="A")
    actions.revise_question(choice, moved, by=setter, now=NOW)
    assert tags(Question.objects.get(pk=choice.pk)) == {"B": belief.name}


def test_an_answer_that_became_right_loses_its_belief(choice, belief, setter):
    tag_answers(choice, {"A": belief}, by=setter, now=NOW)
    actions.revise_question(choice, replace(CHOICE, answer="A"), by=setter, now=NOW)
    assert tags(Question.objects.get(pk=choice.pk)) == {}


def test_a_draft_brings_beliefs_by_name_and_gives_them_back(bank, belief, setter):
    draft = replace(CHOICE, beliefs=(("A", belief.name), ("C", "期限是一年")))
    question = actions.create_question(bank, draft, by=setter, now=NOW)
    assert belief_names([question.current_id]) == {question.current_id: draft.beliefs}
    assert sorted(Belief.objects.values_list("name", flat=True)) == sorted(["复议期限是三十日", "期限是一年"])
    assert tagged_versions([question.current_id, 0]) == {question.current_id}


def test_an_imported_file_brings_its_beliefs(bank, belief, setter):
    draft = replace(CHOICE, beliefs=(("A", belief.name),))
    place = Place("题库.xlsx", "", 2)
    parsed = Parsed("题库.xlsx", (ParsedQuestion(draft, RawQuestion(place, draft.stem)),))
    actions.import_questions(bank, parsed, by=setter, now=NOW)
    assert tags(Question.objects.get()) == {"A": belief.name}


def test_a_draft_with_a_belief_on_the_right_answer_is_refused(bank, setter):
    with pytest.raises(BadDraft, match="belief_of_no_wrong_answer"):
        actions.create_question(bank, replace(CHOICE, beliefs=(("B", "什么"),)), by=setter, now=NOW)
    assert (Question.objects.count(), Belief.objects.count()) == (0, 0)


def test_a_unit_has_a_belief_of_one_name_once_and_a_bank_may_use_those_above(bank, belief, setter):
    with pytest.raises(IntegrityError), transaction.atomic():
        create_belief(unit=bank.unit, name=belief.name, by=setter, now=NOW)
    town = bank.unit.add_child(name="东一镇", kind="township")
    own = create_belief(unit=town, name="本镇的误区", by=setter, now=NOW)
    lower = actions.create_bank(name="镇题库", unit=town, by=setter, now=NOW)
    assert list(usable_beliefs(lower)) == [own, belief]
    assert list(usable_beliefs(bank)) == [belief]


def test_a_belief_is_made_changed_and_tagged_on_its_pages(signed_in, bank, choice):
    form = {"unit": bank.unit_id, "name": "期限三十日", "citation": "《行政复议法》第二十条第一款", "description": "是六十日。"}
    signed_in.post(reverse("bank:new_belief"), form)
    belief = Belief.objects.get()
    assert (belief.name, belief.place) == ("期限三十日", "《行政复议法》第二十条第一款")
    signed_in.post(reverse("bank:edit_belief", args=[belief.pk]), {**form, "name": "复议只有三十日"})
    signed_in.post(reverse("bank:tag_beliefs", args=[choice.pk]), {"belief_A": belief.pk, "belief_C": ""})
    assert tags(choice) == {"A": "复议只有三十日"}
    assert choice.current.stem in signed_in.get(reverse("bank:belief", args=[belief.pk])).content.decode()


def test_bad_input_is_told_and_nothing_is_saved(signed_in, bank, choice, belief):
    form = {"unit": bank.unit_id, "name": belief.name, "citation": "复议法那一条", "description": ""}
    reply = signed_in.post(reverse("bank:new_belief"), form)
    assert reply.status_code == 400
    assert "认不出是哪一条" in reply.content.decode()
    assert "已经有同名的误区" in reply.content.decode()
    for chosen in ("999999", "abc"):
        reply = signed_in.post(reverse("bank:tag_beliefs", args=[choice.pk]), {"belief_A": chosen})
        assert "选的误区现在不能用了" in reply.content.decode()
    assert (Belief.objects.count(), tags(choice)) == (1, {})


def test_a_page_older_than_the_wording_tags_nothing(signed_in, choice, belief, setter):
    address = reverse("bank:tag_beliefs", args=[choice.pk])
    page = signed_in.get(address).content.decode()
    assert f'name="version" value="{choice.current_id}"' in page
    turned = replace(CHOICE, options=("一年", "六十日", "三十日"))
    actions.revise_question(choice, turned, by=setter, now=NOW)
    old = {"belief_A": belief.pk, "version": choice.current_id}
    reply = signed_in.post(address, old)
    choice.refresh_from_db()
    assert "这一题刚被改成第 2 版" in reply.content.decode()
    assert tags(choice) == {}
    signed_in.post(address, {"belief_C": belief.pk, "version": choice.current_id})
    assert tags(choice) == {"C": belief.name}


def test_a_belief_from_a_unit_below_stays_on_a_question_that_was_moved_up(signed_in, bank, setter, belief):
    town = bank.unit.add_child(name="东一镇", kind="township")
    below = actions.create_bank(name="镇题库", unit=town, by=setter, now=NOW)
    question = actions.create_question(below, replace(CHOICE, beliefs=(("A", "镇里的误区"),)), by=setter, now=NOW)
    run = actions.begin_run(below, "move", str(bank.pk), [question.pk], by=setter, now=NOW)
    assert actions.carry_out(run, now=NOW).done == 1
    address = reverse("bank:tag_beliefs", args=[question.pk])
    kept = Belief.objects.get(name="镇里的误区")
    assert f'value="{kept.pk}" selected' in signed_in.get(address).content.decode()
    signed_in.post(address, {"belief_A": kept.pk, "belief_C": belief.pk})
    assert tags(question) == {"A": "镇里的误区", "C": belief.name}


def test_AZ1_beliefs_and_figures_of_another_unit_do_not_exist(client, bank, belief, choice):
    town = bank.unit.add_child(name="东一镇", kind="township")
    stranger = User.objects.create(username="stranger", name="外人")
    grant_role(stranger, role="setter", unit=town, by=None, now=NOW)
    client.force_login(stranger)
    for name, pk in (("belief", belief.pk), ("edit_belief", belief.pk), ("tag_beliefs", choice.pk)):
        assert client.get(reverse(f"bank:{name}", args=[pk])).status_code == 404
    page = client.get(reverse("bank:beliefs"), {"unit": bank.unit_id}).content.decode()
    assert "东一镇，" in page
    assert reverse("bank:belief", args=[belief.pk]) not in page


def test_a_trainer_reads_the_agenda_and_changes_nothing(client, bank, belief):
    trainer = User.objects.create(username="trainer", name="讲师")
    grant_role(trainer, role="trainer", unit=bank.unit, by=None, now=NOW)
    client.force_login(trainer)
    for address in (reverse("bank:beliefs"), reverse("bank:agenda"), reverse("bank:belief", args=[belief.pk])):
        assert client.get(address).status_code == 200
    assert client.post(reverse("bank:edit_belief", args=[belief.pk]), {"name": "改了"}).status_code == 403
    revise_belief(belief, name=belief.name, by=None, now=NOW)


def test_the_list_takes_the_same_statements_with_1_and_30_beliefs(signed_in, bank, belief, setter):
    def statements():
        with CaptureQueriesContext(connection) as captured:
            assert signed_in.get(reverse("bank:beliefs")).status_code == 200
        return len(captured)

    statements()
    before = statements()
    for number in range(29):
        create_belief(unit=bank.unit, name=f"误区 {number}", by=setter, now=NOW)
    assert statements() == before


def test_beliefs_go_out_as_excel_for_the_unit_that_is_chosen(signed_in, bank, belief, setter):
    rows = table(signed_in.get(reverse("bank:beliefs_xlsx")))
    assert [(row[0], row[1], row[3]) for row in rows[1:]] == [(belief.name, bank.unit.name, None)]
    one = table(signed_in.get(reverse("bank:belief_xlsx", args=[belief.pk])))
    assert [row[0] for row in one[1:]] == [belief.name]
    assert ModelLogEntry.objects.filter(action="bank.export_list", user=setter).count() == 2


def test_AZ1_the_file_of_a_belief_is_for_whom_its_page_is(client, bank, belief):
    town = bank.unit.add_child(name="东一镇", kind="township")
    stranger = User.objects.create(username="stranger", name="外人")
    grant_role(stranger, role="setter", unit=town, by=None, now=NOW)
    client.force_login(stranger)
    assert client.get(reverse("bank:belief_xlsx", args=[belief.pk])).status_code == 404
    client.force_login(User.objects.create(username="cadre", name="学员"))
    for name in ("beliefs_xlsx", "banks_xlsx"):
        assert client.get(reverse(f"bank:{name}")).status_code == 403


def test_the_list_of_banks_goes_out_with_its_counts(signed_in, bank, choice):
    page = signed_in.get(reverse("bank:bank_list")).content.decode()
    [row] = table(signed_in.get(reverse("bank:banks_xlsx")))[1:]
    assert row == [bank.name, bank.unit.name, 1, 0]
    assert "1 题" in page


def test_the_statistics_of_a_question_go_out_and_only_to_who_keeps_its_bank(signed_in, client, choice):
    address = reverse("bank:statistics_xlsx", args=[choice.pk])
    assert table(signed_in.get(address))[0][0] == "考试"
    assert signed_in.get(address, {"version": 99}).status_code == 404
    client.force_login(User.objects.create(username="cadre", name="学员"))
    assert client.get(address).status_code == 403
