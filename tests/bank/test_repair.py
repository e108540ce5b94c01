"""核对 after an upload: what is asked, what is kept, and what comes into the bank."""

from dataclasses import replace
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st
from mingfa.bank import actions, queries, repairs
from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.importing.keeping import draft_document, draft_from
from mingfa.bank.models import ImportEntry, Question
from mingfa.library.citations import CitationRef
from mingfa.people.actions import grant_role
from mingfa.people.models import User
from mingfa.spreadsheets import read_rows
from wagtail.models import ModelLogEntry
from xlsxwriter import Workbook

from tests.bank.repairing import BAD, bring, decide, entry_of, filled, in_bank, page_of, whole
from tests.bank.samples import DRAFT, HEADER, NOW, question_file, question_rows

pytestmark = pytest.mark.django_db
FILES = Path(__file__).parents[1] / "data" / "qbank"


@pytest.fixture
def red(brought):
    """A file whose keys are only in red type."""
    return brought((FILES / "v10_red_answer.docx").read_bytes(), "红字.docx")


TEXTS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=20)


@given(st.builds(
    QuestionDraft, type=TEXTS, stem=TEXTS, options=st.lists(TEXTS).map(tuple), answer=TEXTS,
    marks=st.none() | st.decimals(0, 999, places=1),
    citations=st.lists(st.builds(CitationRef, TEXTS, st.integers(1, 999))).map(tuple),
    beliefs=st.lists(st.tuples(TEXTS, TEXTS)).map(tuple), children=st.lists(st.builds(QuestionDraft, TEXTS, TEXTS)).map(tuple),
))  # fmt: skip
def test_a_draft_that_is_kept_comes_back_as_it_was(draft):
    assert draft_from(draft_document(draft)) == draft


def test_the_wild_files_of_the_guide_come_back_from_the_rows_as_they_were_read(brought):
    run = brought((FILES / "v14_dirty.txt").read_bytes(), "v14_dirty.txt")
    counts = repairs.counts_of(run)
    assert (counts.ready + counts.look, counts.wrong, counts.repeats) == (2, 8, 0)


def test_errors_come_first_then_what_is_least_certain(signed_in, brought, bank):
    rows = [*question_rows(1), ["单选题", "难度写得怪", "甲", "乙", "", "", "A"], BAD]
    run = brought(question_file(*rows))
    unsure = entry_of(run, 2)
    ImportEntry.objects.filter(pk=unsure.pk).update(sort="look", confidence=70)
    listed = signed_in.get(whole(run)).context["listed"]
    assert [(one.place, one.sort) for one in listed] == [(3, "wrong"), (2, "look")]


def test_the_source_is_shown_with_its_numbers_and_what_stands_around_it(brought):
    run = brought((FILES / "v14_dirty.txt").read_bytes(), "v14_dirty.txt")
    entry = run.entries.get(draft__stem__startswith="多人采用")
    lines = [(line.number, line.text, line.own) for line in repairs.source_lines(entry)]
    assert lines[0:4] == [
        (3, "B.2022年2月25日", False), (4, "C.2022年5月1日", False), (5, "D.2022年6月1日", False),
        (7, "2.【单选】多人采用走访形式提出共同的信访事项的，应当推选代表，代表人数不得超过（ ）人。", True),
    ]  # fmt: skip
    assert lines[8][:2] == (12, "答案：E")
    assert lines[9] == (14, "3.【单选】向人民法院请求保护民事权利的诉讼时效期间为（ ），法律另有规定的除外。", False)


def test_a_key_that_is_only_red_is_chosen_by_nobody_until_a_person_does(signed_in, red, setter, bank):
    reply = signed_in.get(page_of(red, 1))
    assert [chosen for _, _, chosen, _ in reply.context["form"].rows()] == [False] * len(reply.context["form"].rows())
    assert [letter for letter, _, _, guessed in reply.context["form"].rows() if guessed] == ["B"]
    assert "答案要您来定。" in reply.content.decode()
    refused = signed_in.post(page_of(red, 1), filled(reply))
    assert (refused.status_code, refused.context["form"].errors["answer"]) == (400, ["没有选正确答案。请选上。"])
    signed_in.post(whole(red), {"accept_good": "yes"})
    assert in_bank(bank) == []
    assert signed_in.post(page_of(red, 1), filled(reply, answer="B")).url == page_of(red, 2)
    signed_in.post(whole(red), {"accept_good": "yes"})
    (stored,) = queries.in_use(bank)
    assert (stored.current.answer, red.entries.filter(taken=True).count()) == ("B", 1)


def test_IF5_a_row_without_answer_is_mended_on_the_screen_and_only_then_comes_in(signed_in, mixed, bank):
    reply = signed_in.get(whole(mixed))
    assert reply.context["entry"].place == 3
    assert "试题，第 4 行，G 列" in reply.content.decode()
    assert signed_in.post(page_of(mixed, 3), filled(reply, answer="B", stem="补好的题")).url == whole(mixed)
    assert entry_of(mixed, 3).decision == "changed"
    assert Question.objects.count() == 0
    signed_in.post(whole(mixed))
    assert in_bank(bank) == ["第 0 题（ ）", "第 1 题（ ）", "补好的题"]
    mixed.refresh_from_db()
    assert (mixed.state, mixed.imported) == ("done", 3)


def test_the_rest_comes_in_later_from_the_same_upload_and_nothing_twice(mixed, bank, setter):
    assert bring(mixed, setter).imported == 2
    assert (mixed.state, repairs.counts_of(mixed).open) == ("partly", 1)
    decide(mixed, 3, "confirmed", setter, draft=replace(draft_from(entry_of(mixed, 3).draft), answer="A"))
    assert bring(mixed, setter).imported == 1
    assert (mixed.state, mixed.imported, queries.in_use(bank).count()) == ("done", 3, 3)
    with pytest.raises(actions.AlreadyTaken):
        bring(mixed, setter)
    said = ModelLogEntry.objects.filter(action="bank.import_questions").order_by("id")
    assert [entry.data["imported"] for entry in said] == [2, 1]


def test_only_the_import_leaves_an_audit_entry(mixed, setter):
    before = ModelLogEntry.objects.count()
    decide(mixed, 1, "refused", setter)
    decide(mixed, 2, "confirmed", setter)
    assert ModelLogEntry.objects.count() == before


def test_what_nobody_wants_stays_out_and_can_be_fetched_with_the_errors(signed_in, mixed, bank, setter):
    decide(mixed, 1, "refused", setter)
    bring(mixed, setter)
    assert in_bank(bank) == ["第 1 题（ ）"]
    (sheet,) = read_rows(signed_in.get(reverse("bank:rejected", args=[bank.pk, mixed.pk])).content, "a.xlsx")
    header = sheet.rows[0].cells
    told = [(row.text(1), row.text(header.index("要改什么"))) for row in sheet.rows[1:]]
    assert told == [("第 0 题（ ）", "核对时决定不要"), ("没有答案的题", "试题，第 4 行，G 列：没有写正确答案。请补上。")]


def test_a_decision_is_kept_for_the_next_person_and_twice_is_once(mixed, setter, colleague, client):
    first = decide(mixed, 1, "confirmed", setter)
    again = actions.decide_entry(entry_of(mixed, 1), decision="confirmed", seen=0, by=colleague, now=NOW)
    assert (again.revision, again.decided_by) == (first.revision, setter)
    client.force_login(colleague)
    assert "何砚秋" in client.get(reverse("bank:import_all", args=[mixed.bank_id, mixed.pk])).content.decode()


def test_of_two_people_at_one_question_the_second_is_told_and_changes_nothing(signed_in, mixed, colleague):
    reply = signed_in.get(page_of(mixed, 3))
    decide(mixed, 3, "refused", colleague)
    said = signed_in.post(page_of(mixed, 3), filled(reply, answer="A"), follow=True).content.decode()
    assert "这一题刚由苏和处理过，您这次没有保存" in said
    assert (entry_of(mixed, 3).decision, entry_of(mixed, 3).decided_by) == ("refused", colleague)


def test_a_case_with_a_doubtful_part_cannot_be_confirmed_on_the_page(signed_in, mixed):
    part = QuestionDraft("single", "最多推选几人？", ("3", "5"), answer="B")
    case = draft_document(QuestionDraft("case", "某镇八名村民走访。", children=(part,)))
    ImportEntry.objects.filter(run=mixed, place=3).update(draft=case, findings=[["第 4 行", "案例里有拿不准的地方。"]])
    assert 'value="confirm"' not in signed_in.get(page_of(mixed, 3)).content.decode()
    refused = signed_in.post(page_of(mixed, 3), {"do": "confirm", "seen": 0})
    assert (refused.status_code, entry_of(mixed, 3).decision) == (400, "")
    ImportEntry.objects.filter(run=mixed, place=3).update(findings=[])
    assert signed_in.post(page_of(mixed, 3), {"do": "confirm", "seen": 0}).status_code == 302
    assert entry_of(mixed, 3).decision == "confirmed"


def test_what_was_typed_waits_for_the_next_time(signed_in, mixed):
    reply = signed_in.get(page_of(mixed, 3))
    signed_in.post(page_of(mixed, 3), filled(reply, do="keep", stem="写到一半", option_A=""))
    form = signed_in.get(page_of(mixed, 3)).context["form"]
    assert (form["stem"].value(), form["option_A"].value(), entry_of(mixed, 3).decision) == ("写到一半", "", "")


def test_the_type_is_changed_without_losing_what_was_typed(signed_in, mixed):
    reply = signed_in.get(page_of(mixed, 3))
    assert signed_in.post(page_of(mixed, 3), filled(reply, do="type", type="multiple", stem="改了")).url == page_of(mixed, 3)
    reply = signed_in.get(page_of(mixed, 3))
    assert (reply.context["form"].type, reply.context["form"]["stem"].value()) == ("multiple", "改了")
    signed_in.post(page_of(mixed, 3), filled(reply, answer=["A", "C"]))
    assert (entry_of(mixed, 3).draft["type"], entry_of(mixed, 3).draft["answer"]) == ("multiple", "AC")


def test_a_stem_that_comes_in_already_is_refused_with_where_it_is(signed_in, mixed, bank):
    reply = signed_in.get(page_of(mixed, 3))
    refused = signed_in.post(page_of(mixed, 3), filled(reply, answer="A", stem="第 0 题（ ）"))
    assert refused.status_code == 400
    assert "题干和本文件第 1 题（试题，第 2 行）相同" in refused.content.decode()
    assert entry_of(mixed, 3).decision == ""


def test_IF6_what_the_bank_got_meanwhile_is_skipped_and_a_contradiction_asked_about(mixed, bank, setter):
    same = draft_from(entry_of(mixed, 1).draft)
    actions.create_question(bank, same, by=setter, now=NOW)
    actions.create_question(bank, replace(draft_from(entry_of(mixed, 2).draft), answer="CD"), by=setter, now=NOW)
    outcome = bring(mixed, setter)
    assert (outcome.imported, len(outcome.repeats), len(outcome.errors), outcome.before, outcome.after) == (0, 1, 1, 2, 2)
    assert [(one.sort, one.taken) for one in mixed.entries.order_by("place")] == [
        ("repeat", False), ("wrong", False), ("wrong", False)
    ]  # fmt: skip
    assert mixed.state == "partly"


def test_IF6_the_same_file_a_second_time_is_nothing_but_repeats(brought, bank, setter):
    bring(brought(question_file(*question_rows(3))), setter)
    again = brought(question_file(*question_rows(3)))
    assert repairs.counts_of(again) == repairs.Counts(ready=0, look=0, wrong=0, repeats=3, refused=0, taken=0)


def test_a_nearly_equal_question_is_asked_about_and_other_numbers_are_only_a_hint(signed_in, brought, bank, setter):
    days = ("十日", "三十日", "六十日")
    known = QuestionDraft(type="single", stem="老唐不服罚款决定，申请行政复议的期限是多少日？", options=days, answer="C")
    known = actions.create_question(bank, known, by=setter, now=NOW)
    rows = [
        ["单选题", "老唐对罚款决定不服，他申请行政复议的期限是几天？", "十日", "三十日", "六十日", "", "C"],
        ["单选题", "公民每年参加普法学习不少于二十日，由哪个部门登记？", "甲局", "乙局", "", "", "A"],
        ["单选题", "公民每年参加普法学习不少于四十日，由哪个部门登记？", "甲局", "乙局", "", "", "A"],
    ]
    run = brought(question_file(*rows))
    assert [one.sort for one in run.entries.order_by("place")] == ["look", "good", "good"]
    assert entry_of(run, 3).near[0]["place"] == 2
    reply = signed_in.get(page_of(run, 1))
    (near,) = reply.context["near"]
    assert (near.question_id, near.kind.name) == (known.pk, "REWORDED")
    assert "确认，两题都留" in reply.content.decode()
    assert "只是提示：数字不同" in signed_in.get(page_of(run, 3)).content.decode()
    assert signed_in.post(page_of(run, 1), {"do": "refuse", "seen": 0}).status_code == 302
    assert bring(run, setter).imported == 2


def test_strangers_find_no_question_of_an_upload(client, mixed, bank):
    township = bank.unit.add_child(name="东一镇", kind="township")
    stranger = User.objects.create(username="stranger", name="外人")
    grant_role(stranger, role="setter", unit=township, by=None, now=NOW)
    client.force_login(stranger)
    assert [client.get(page_of(mixed, 3)).status_code, client.post(page_of(mixed, 3), {"do": "refuse"}).status_code] == [404, 404]
    assert entry_of(mixed, 3).decision == ""


def test_a_page_asks_as_often_for_one_question_as_for_thirty(signed_in, brought):
    def count(rows):
        run = brought(question_file(*rows))
        signed_in.get(whole(run))
        counted = []
        for address in (whole(run), reverse("bank:import_all", args=[run.bank_id, run.pk])):
            with CaptureQueriesContext(connection) as captured:
                assert signed_in.get(address).status_code == 200
            counted.append(len(captured))
        return counted

    unlike = "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥天地玄黄宇宙洪荒日月盈昃"
    bad = [["单选题", unlike[at] * 8, "甲", "乙", "", "", ""] for at in range(30)]
    assert count(bad[:1]) == count(bad)


def test_two_cases_on_the_same_material_with_other_sub_questions_both_come_in(brought, bank, setter):
    cases = "".join(f"【案例】甲到区里。\n（1）应当{deed}。（判断）\n答案：对\n" for deed in ("受理", "登记"))
    run = brought(("案例题\n" + cases).encode(), "题.txt")
    for entry in run.entries.all():
        actions.decide_entry(entry, decision="confirmed", seen=entry.revision, by=setter, now=timezone.now())
    assert (bring(run, setter).imported, queries.in_use(bank).count()) == (2, 2)


def test_an_upload_keeps_the_order_of_its_file_whatever_of_it_the_bank_has_by_then(brought, bank, setter):
    out = BytesIO()
    with Workbook(out) as book:
        for name, cells in zip("甲乙", question_rows(2), strict=True):
            sheet = book.add_worksheet(name)
            sheet.write_row(0, 0, HEADER)
            sheet.write_row(1, 0, cells)
    first = brought(out.getvalue())
    actions.create_question(bank, draft_from(entry_of(first, 1).draft), by=setter, now=NOW)
    second = brought(out.getvalue())
    assert [entry.draft["stem"] for entry in second.entries.all()] == ["第 0 题（ ）", "第 1 题（ ）"]
    assert [entry.sort for entry in second.entries.all()] == ["repeat", "good"]


def test_the_form_gives_back_what_was_read(signed_in, mixed):
    reply = signed_in.get(page_of(mixed, 1))
    signed_in.post(page_of(mixed, 1), filled(reply))
    assert entry_of(mixed, 1).decision == "confirmed"
    assert DRAFT.marks == Decimal("2.0")
