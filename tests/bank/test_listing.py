"""The list of a bank, bulk runs, tags, remarks and kept filters."""

import re
from dataclasses import replace
from datetime import timedelta
from itertools import chain

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from mingfa.bank import actions, keeping, listing
from mingfa.bank.models import BulkItem, BulkRun, Question, QuestionTag, QuestionTally, Remark, SavedFilter
from mingfa.library.citations import CitationRef
from mingfa.people.actions import grant_role
from mingfa.people.models import User
from wagtail.log_actions import registry
from wagtail.models import ModelLogEntry

from tests.bank.samples import DRAFT, NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def signed_in(client, bank, setter):
    grant_role(setter, role="setter", unit=bank.unit, by=None, now=NOW)
    client.force_login(setter)
    return client


def many(bank, setter, count):
    drafts = [replace(DRAFT, stem=f"第 {number} 题") for number in range(count)]
    return [actions.create_question(bank, draft, by=setter, now=NOW) for draft in drafts]


def walk(bank, by=None, sort="newest"):
    """The ids of all pages, forwards, then backwards."""
    by, forwards, backwards, place = by or listing.Narrowed(), [], [], {}
    while True:
        page = listing.page_of(bank, by, sort=sort, **place)
        forwards.append([one.pk for one in page.rows])
        if not page.after:
            break
        place = {"after": page.after}
    while page.before:
        page = listing.page_of(bank, by, sort=sort, before=page.before)
        backwards.insert(0, [one.pk for one in page.rows])
    return list(chain(*forwards)), list(chain(*backwards, forwards[-1]))


@pytest.mark.parametrize("sort", ["newest", "number", "share", "used"])
def test_every_question_stands_on_one_page_forwards_and_backwards(bank, setter, sort):
    made = many(bank, setter, 70)
    for place, question in enumerate(made[:50]):
        QuestionTally.objects.create(question=question, used=place % 3, asked=40, answered=40, right=place % 5)
    forwards, backwards = walk(bank, sort=sort)
    assert sorted(forwards) == [one.pk for one in made]
    assert backwards == forwards


def test_low_shares_come_first_and_what_few_answered_last(bank, setter):
    low, high, few = many(bank, setter, 3)
    QuestionTally.objects.create(question=high, asked=100, answered=100, right=99)
    QuestionTally.objects.create(question=low, asked=100, answered=90, right=10)
    QuestionTally.objects.create(question=few, asked=29, answered=29, right=0)
    assert [one.pk for one in listing.page_of(bank, listing.Narrowed(), sort="share").rows] == [low.pk, high.pk, few.pk]
    found = listing.page_of(bank, listing.Narrowed(share="none"))
    assert [one.pk for one in found.rows] == [few.pk]


def test_words_are_found_in_options_and_never_in_explanations(bank, question):
    assert listing.page_of(bank, listing.Narrowed(q="走访 书信")).total == 1
    assert listing.page_of(bank, listing.Narrowed(q="四种形式都可以")).total == 0
    assert listing.page_of(bank, listing.Narrowed(q="？！")).total == 0


def test_a_citation_that_the_library_does_not_hold_is_found(bank, question, setter):
    actions.create_question(bank, replace(DRAFT, stem="没有依据", citations=()), by=setter, now=NOW)
    assert [one.pk for one in listing.page_of(bank, listing.Narrowed(law_holds="no")).rows] == [question.pk]


@pytest.mark.parametrize("sort", ["newest", "number", "share", "used"])
def test_every_filter_goes_with_every_order_and_names_each_question_once(bank, setter, sort):
    made = many(bank, setter, 35)
    actions.tag_question(made[0], ["重点"], by=setter, now=NOW)
    for text in ("一", "二"):
        actions.add_remark(made[0], text, by=setter, now=NOW)
    some = {"open_remarks": "yes", "tag": QuestionTag.objects.get().pk, "q": "走访", "law_holds": "no", "law": "信访工作条例"}
    everything = listing.Narrowed(**some, reserved="no", used="no", share="none", type="multiple", changed="older")
    assert walk(bank, listing.Narrowed(law_holds="no"), sort)[0] == walk(bank, sort=sort)[1]
    for by in (listing.Narrowed(open_remarks="yes"), replace(everything, changed="")):
        page = listing.page_of(bank, by, sort=sort)
        assert (page.total, [one.pk for one in page.rows]) == (1, [made[0].pk])
    assert listing.page_of(bank, everything, sort=sort, now=NOW).total == 0


def test_the_filter_offers_the_laws_and_topics_of_what_the_bank_has_now(bank, question, setter):
    cited = replace(DRAFT, citations=(CitationRef("行政复议法", 9),), topic="复议")
    actions.revise_question(question, cited, by=setter, now=NOW)
    other = actions.create_bank(name="另一个题库", unit=bank.unit, by=setter, now=NOW)
    actions.create_question(other, DRAFT, by=setter, now=NOW)
    bank.refresh_from_db()
    assert listing.choices_of(bank) == (["复议"], ["行政复议法"])
    assert listing.choices_of(other) == (["信访渠道"], ["信访工作条例"])


def test_neighbours_are_those_of_the_filter(bank, setter):
    first, second, third = many(bank, setter, 3)
    actions.tag_question(first, ["重点"], by=setter, now=NOW)
    actions.tag_question(third, ["重点"], by=setter, now=NOW)
    by = listing.Narrowed(tag=QuestionTag.objects.get().pk)
    assert listing.neighbours(bank, by, third) == (None, first.pk)
    assert listing.neighbours(bank, listing.Narrowed(), second) == (third.pk, first.pk)


def bulk(client, bank, **given):
    return client.post(reverse("bank:bulk", args=[bank.pk]), given, follow=True)


def test_a_bulk_action_shows_first_what_it_would_do_and_can_be_taken_back(signed_in, bank, setter):
    made = many(bank, setter, 3)
    actions.reserve_question(made[0], reserved=True, by=setter, now=NOW)
    looked = bulk(signed_in, bank, action="reserve", everything="yes", query="").content.decode()
    assert "设为考试专用，2 题" in looked
    assert "已经是这样" in looked
    assert Question.objects.filter(reserved=True).count() == 1
    bulk(signed_in, bank, action="reserve", everything="yes", query="", confirm="2")
    assert Question.objects.filter(reserved=True).count() == 3
    assert ModelLogEntry.objects.filter(action="bank.reserve_questions").count() == 1
    run = bank.runs.get()
    signed_in.post(reverse("bank:undo", args=[bank.pk, run.pk]))
    assert list(Question.objects.filter(reserved=True)) == [made[0]]


def test_a_preview_that_is_no_longer_true_is_shown_again(signed_in, bank, setter):
    made = many(bank, setter, 2)
    said = bulk(signed_in, bank, action="retire", pick=[one.pk for one in made], query="", confirm="5").content.decode()
    assert "题库刚被改过" in said
    assert not Question.objects.filter(status="retired").exists()


def test_a_bulk_difficulty_is_a_new_version_with_the_same_words(signed_in, bank, question):
    bulk(signed_in, bank, action="grade", value="3", pick=[question.pk], query="", confirm="1")
    question.refresh_from_db()
    assert (question.current.number, question.current.difficulty, question.current.stem) == (2, 3, DRAFT.stem)
    assert question.current.options.count() == 4
    assert question.versions.get(number=1).difficulty == 1
    assert listing.page_of(bank, listing.Narrowed(q="走访")).total == 1


def test_questions_move_with_their_tags_and_repeats_stay(signed_in, bank, question, setter):
    other = actions.create_bank(name="另一个题库", unit=bank.unit, by=setter, now=NOW)
    twin = actions.create_question(bank, replace(DRAFT, stem="同一题"), by=setter, now=NOW)
    actions.create_question(other, replace(DRAFT, stem="同一题"), by=setter, now=NOW)
    actions.tag_question(question, ["重点"], by=setter, now=NOW)
    given = {"action": "move", "value": str(other.pk), "everything": "yes", "query": ""}
    assert "那个题库里有题干相同的题" in bulk(signed_in, bank, **given).content.decode()
    bulk(signed_in, bank, confirm="1", **given)
    question.refresh_from_db()
    twin.refresh_from_db()
    assert (question.bank, twin.bank) == (other, bank)
    assert [(tag.bank, tag.name) for tag in question.tags.all()] == [(other, "重点")]


def test_a_run_that_was_cut_off_goes_on_and_does_nothing_twice(bank, setter):
    made = many(bank, setter, 3)
    run = actions.begin_run(bank, "topic", "新知识点", [one.pk for one in made], by=setter, now=NOW)
    BulkItem.objects.filter(run=run, question=made[0]).update(outcome="done")
    actions.carry_out(run, now=NOW)
    assert [one.topic for one in Question.objects.order_by("pk")] == ["信访渠道", "新知识点", "新知识点"]
    assert actions.carry_out(run, now=NOW).done == 2


def test_a_run_that_was_cut_off_while_it_was_prepared_is_shown_nowhere_and_swept_by_the_next(signed_in, bank, setter):
    made = many(bank, setter, 2)
    run = actions.begin_run(bank, "topic", "新知识点", [one.pk for one in made], by=setter, now=NOW - timedelta(minutes=11))
    BulkRun.objects.update(state="prepare")
    assert actions.carry_out(run, now=NOW).state == "prepare"
    assert signed_in.get(reverse("bank:run", args=[bank.pk, run.pk])).status_code == 404
    assert f"/runs/{run.pk}/" not in signed_in.get(reverse("bank:runs", args=[bank.pk])).content.decode()
    again = actions.begin_run(bank, "topic", "新知识点", [made[0].pk], by=setter, now=NOW)
    assert [(one.pk, one.items.count()) for one in BulkRun.objects.all()] == [(again.pk, 1)]
    assert set(Question.objects.values_list("topic", flat=True)) == {"信访渠道"}


def test_a_long_run_gives_signs_of_life_and_a_page_that_waits_is_told_apart_from_a_dead_one(signed_in, bank, setter):
    made = many(bank, setter, 2)
    began = timezone.now() - timedelta(minutes=2)
    run = actions.begin_run(bank, "topic", "新知识点", [one.pk for one in made], by=setter, now=began)
    address = reverse("bank:run", args=[bank.pk, run.pk])
    assert "接着办" in signed_in.get(address).content.decode()
    assert actions.carry_out(run, now=NOW).touched_at > NOW
    actions.begin_undo(run, by=setter, now=began)
    assert "接着撤销" in signed_in.get(address).content.decode()
    signed_in.post(reverse("bank:go_on", args=[bank.pk, run.pk]))
    assert "已撤销" in signed_in.get(address).content.decode()
    assert set(Question.objects.values_list("topic", flat=True)) == {"信访渠道"}


def test_taking_back_more_than_a_page_is_done_in_the_background(signed_in, bank, setter, monkeypatch):
    monkeypatch.setattr("mingfa.bank.views.bulk.AT_ONCE", 1)
    made = many(bank, setter, 2)
    bulk(signed_in, bank, action="topic", value="新知识点", everything="yes", query="", confirm="2")
    run = bank.runs.get()
    assert (run.state, run.done) == ("done", len(made))
    signed_in.post(reverse("bank:undo", args=[bank.pk, run.pk]))
    assert set(Question.objects.values_list("topic", flat=True)) == {"信访渠道"}
    assert ModelLogEntry.objects.filter(action="bank.undo_run").count() == 1


def test_AZ1_questions_and_banks_of_others_cannot_be_reached_by_a_bulk_action(signed_in, bank, question, setter):
    foreign = bank.unit.add_sibling("last-sibling", name="外区", kind="district")
    hidden = actions.create_bank(name="外区题库", unit=foreign, by=setter, now=NOW)
    theirs = actions.create_question(hidden, DRAFT, by=setter, now=NOW)
    bulk(signed_in, bank, action="retire", pick=[theirs.pk], query="", confirm="1")
    bulk(signed_in, bank, action="move", value=str(hidden.pk), pick=[question.pk], query="", confirm="1")
    assert list(Question.objects.order_by("pk").values_list("bank", "status")) == [
        (bank.pk, "usable"), (hidden.pk, "usable")
    ]  # fmt: skip


def test_renaming_a_tag_to_another_merges_them_and_leaves_other_banks_alone(bank, setter):
    first, second = many(bank, setter, 2)
    other = actions.create_bank(name="另一个题库", unit=bank.unit, by=setter, now=NOW)
    theirs = actions.create_question(other, DRAFT, by=setter, now=NOW)
    actions.tag_question(first, ["期限", "时限"], by=setter, now=NOW)
    actions.tag_question(second, ["时限"], by=setter, now=NOW)
    actions.tag_question(theirs, ["时限"], by=setter, now=NOW)
    actions.rename_tag(QuestionTag.objects.get(bank=bank, name="时限"), "期限", by=setter, now=NOW)
    assert [[tag.name for tag in one.tags.all()] for one in (first, second, theirs)] == [["期限"], ["期限"], ["时限"]]


def test_remarks_are_written_and_dealt_with(signed_in, question, setter):
    signed_in.post(reverse("bank:remark", args=[question.pk]), {"text": "选项 D 有歧义"})
    remark = Remark.objects.get()
    assert listing.page_of(question.bank, listing.Narrowed(open_remarks="yes")).total == 1
    signed_in.post(reverse("bank:resolve", args=[question.pk, remark.pk]), {"resolved": "yes"})
    remark.refresh_from_db()
    assert remark.resolved_by == setter
    assert listing.page_of(question.bank, listing.Narrowed(open_remarks="yes")).total == 0


def test_a_kept_filter_is_the_persons_own(signed_in, bank, question):
    address = reverse("bank:filters", args=[bank.pk])
    signed_in.post(address, {"query": "type=multiple&junk=1&sort=used", "name": "多选"})
    kept = SavedFilter.objects.get()
    assert kept.query == "type=multiple&sort=used"
    other = User.objects.create(username="other", name="另一人")
    grant_role(other, role="setter", unit=bank.unit, by=None, now=NOW)
    client = Client()
    client.force_login(other)
    assert client.post(address, {"filter": kept.pk, "delete": "yes"}).status_code == 404
    assert "多选" not in client.get(address).content.decode().split("<main")[1]


def test_what_was_done_is_told_by_a_process_that_has_logged_nothing_itself(question, monkeypatch):
    for name, fresh in (("formatters", {}), ("choices", []), ("has_scanned_for_actions", False)):
        monkeypatch.setattr(registry, name, fresh)
    assert [event.words for event in keeping.events_of(question)] == ["新建试题"]


@pytest.mark.parametrize("query", ["sort=hardest", "difficulty=9&tag=x&law=无此法", "type=essay&topic=%E6%97%A0"])
def test_nonsense_in_the_address_narrows_nothing_and_blames_nobody(signed_in, bank, question, query):
    text = signed_in.get(f"{bank.list_address}?{query}").content.decode()
    assert (DRAFT.stem[:20] in text, "还没有保存" in text, "is-wrong" in text) == (True, False, False)


def test_a_filter_does_not_say_of_every_field_that_it_may_be_left_out(signed_in, bank, question):
    assert "可不填" not in signed_in.get(bank.list_address).content.decode()


@pytest.mark.parametrize("action", ["tag", "untag", "topic", "grade", "move"])
def test_what_the_preview_of_a_bulk_action_sends_on_is_what_was_chosen(signed_in, bank, question, setter, action):
    actions.tag_question(question, ["易错"], by=setter, now=NOW)
    other = actions.create_bank(name="另一个题库", unit=bank.unit, by=setter, now=NOW)
    value = {"tag": "新题", "untag": "易错", "topic": "复议“期限”", "grade": "3", "move": str(other.pk)}[action]
    address, sent = reverse("bank:bulk", args=[bank.pk]), {"action": action, "pick": question.pk, "value": value}
    text = signed_in.post(address, sent).content.decode()
    fields = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', text.split("<main")[1])
    assert dict(fields)["value"] == value
    assert signed_in.post(address, dict(fields) | {"confirm": "1"}).url.startswith(f"/bank/{bank.pk}/runs/")
