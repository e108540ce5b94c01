"""The setter's pages, asked for as browsers ask."""

import re
from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from mingfa.bank import actions, queries
from mingfa.bank.importing.parsing import UNKNOWN
from mingfa.bank.models import Bank, Belief, NearPair, Question, QuestionImport, QuestionVersion
from mingfa.bank.urls import urlpatterns
from mingfa.bank.wagtail_hooks import register_bank_menu_item
from mingfa.people.actions import grant_role
from mingfa.people.models import User
from mingfa.spreadsheets import read_rows

from tests.bank.samples import DRAFT, NOW, question_file, question_rows

pytestmark = pytest.mark.django_db
BAD = ["单选题", "没有答案的题", "甲", "乙", "", "", ""]


@pytest.fixture
def signed_in(client, bank, setter):
    grant_role(setter, role="setter", unit=bank.unit, by=None, now=NOW)
    client.force_login(setter)
    return client


@pytest.fixture
def stranger(bank):
    """出题人 of a township below; the district's bank is not theirs."""
    township = bank.unit.add_child(name="东一镇", kind="township")
    user = User.objects.create(username="stranger", name="外人")
    grant_role(user, role="setter", unit=township, by=None, now=NOW)
    return user


@pytest.fixture
def upload(bank, setter):
    return actions.keep_upload(bank, data=question_file(*question_rows(2), BAD), name="题库.xlsx", by=setter, now=NOW)


def addresses(bank, question, upload):
    """Every address of the app for these objects, from its route table."""
    twice = {"first": question.current, "second": question.current}
    pair, _ = NearPair.objects.get_or_create(bank=bank, **twice, defaults={"percent": 90, "kind": "REWORDED"})
    belief, _ = Belief.objects.get_or_create(unit=bank.unit, name="有一种误解")
    values = {"bank_id": bank.pk, "question_id": question.pk, "import_id": upload.pk}
    values |= {"pair_id": pair.pk, "belief_id": belief.pk, "place": 1}
    setter = upload.created_by
    run = bank.runs.first() or actions.begin_run(bank, "reserve", "", [question.pk], by=setter, now=NOW)
    remark = question.remarks.first() or actions.add_remark(question, "选项 D 有歧义", by=setter, now=NOW)
    values |= {"run_id": run.pk, "remark_id": remark.pk}
    for route in urlpatterns:
        names = route.pattern.converters
        yield reverse(f"bank:{route.name}", kwargs={name: values[name] for name in names})


def with_objects(bank, question, upload):
    return [address for address in addresses(bank, question, upload) if any(digit in address for digit in "0123456789")]


def snapshot():
    models = (Bank, Question, QuestionVersion, QuestionImport)
    return [list(model.objects.order_by("pk").values()) for model in models]


def page_of(client, name, question):
    return client.get(reverse(f"bank:{name}", args=[question.pk])).content.decode()


def main_of(client, address):
    """The page without its frame, which holds a token that differs from request to request."""
    return client.get(address).content.decode().split("<main")[1].split("</main>")[0]


def queries_of(client, address):
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def send(client, bank, *rows, name="题库.xlsx", data=None):
    file = SimpleUploadedFile(name, question_file(*rows) if data is None else data)
    return client.post(reverse("bank:upload", args=[bank.pk]), {"file": file})


def form_of(draft, **changes):
    values = {f"option_{letter}": text for letter, text in zip("ABCD", draft.options, strict=False)}
    values |= {"stem": draft.stem, "answer": list(draft.answer), "explanation": draft.explanation}
    values |= {"citations": "《信访工作条例》第十七条", "difficulty": 1, "topic": draft.topic, "marks": "2"}
    return values | changes


def test_AZ4_visitors_are_sent_to_the_login_by_every_address(client, bank, question, upload):
    before, all_of_them = snapshot(), list(addresses(bank, question, upload))
    for address in all_of_them:
        for reply in (client.get(address), client.post(address)):
            assert (reply.status_code, reply.url.split("?")[0]) == (302, "/login/")
    assert snapshot() == before


def test_AZ4_people_without_the_role_are_refused_by_every_address(client, bank, question, upload):
    client.force_login(User.objects.create(username="cadre", name="学员"))
    before = snapshot()
    for address in addresses(bank, question, upload):
        assert [client.get(address).status_code, client.post(address).status_code] == [403, 403]
    assert snapshot() == before


def test_AZ1_a_setter_of_another_unit_finds_no_trace_of_the_objects(client, bank, question, upload, stranger):
    client.force_login(stranger)
    before = snapshot()
    for address in with_objects(bank, question, upload):
        for reply in (client.get(address), client.post(address, form_of(DRAFT))):
            assert reply.status_code in (404, 405)
            assert DRAFT.stem not in reply.content.decode()
    assert bank.name not in client.get(reverse("bank:bank_list")).content.decode()
    assert snapshot() == before


def test_AZ1_objects_of_two_banks_cannot_be_mixed_in_one_address(signed_in, bank, setter, upload):
    other = actions.create_bank(name="另一个题库", unit=bank.unit, by=setter, now=NOW)
    for name in ("bank:import", "bank:rejected"):
        assert signed_in.get(reverse(name, args=[other.pk, upload.pk])).status_code == 404


def test_AZ1_a_bank_cannot_be_made_for_a_unit_of_others(client, bank, stranger):
    client.force_login(stranger)
    reply = client.post(reverse("bank:new_bank"), {"name": "夺来的题库", "unit": bank.unit_id})
    assert reply.status_code == 400
    assert Bank.objects.count() == 1


def test_every_page_opens_for_the_setter(signed_in, bank, question, upload):
    only_post = {"retire", "restore", "reserve", "cite", "bulk", "undo", "go-on", "remarks"}
    for address in addresses(bank, question, upload):
        asks = re.search(r"/questions/\d+/(tags|remarks)/|/near/\d+/$", address)
        expected = 405 if asks or address.rstrip("/").split("/")[-1] in only_post else 200
        assert (address, signed_in.get(address).status_code) == (address, expected)


def test_pages_with_keys_are_kept_by_no_cache(signed_in, question):
    reply = signed_in.get(reverse("bank:question", args=[question.pk]))
    assert "no-store" in reply["Cache-Control"]


def test_lists_take_the_same_number_of_queries_with_1_and_30_rows(signed_in, bank, setter):
    lists = [reverse("bank:bank_list"), reverse("bank:question_list", args=[bank.pk])]
    lists += [reverse("bank:upload", args=[bank.pk])]

    def add(numbers):
        for number in numbers:
            actions.create_question(bank, replace(DRAFT, stem=f"第 {number} 题"), by=setter, now=NOW)
            actions.create_bank(name=f"题库 {number}", unit=bank.unit, by=setter, now=NOW)
            actions.keep_upload(bank, data=b"x", name="a.xlsx", by=setter, now=NOW)

    def counts():
        return [queries_of(signed_in, address) for address in lists]

    add(range(1))
    signed_in.get(lists[0])
    with_one = counts()
    add(range(1, 30))
    assert counts() == with_one


def test_the_list_is_narrowed_by_words_type_difficulty_status_topic_and_law(signed_in, bank, question, setter):
    judge = replace(DRAFT, type="judge", stem="应当登记。", options=(), answer="T", citations=())
    plain = replace(judge, difficulty=3, topic="")
    other = actions.create_question(bank, plain, by=setter, now=NOW)
    retired = actions.create_question(bank, replace(plain, stem="停用的题"), by=setter, now=NOW)
    actions.retire_question(retired, by=setter, now=NOW)

    def found(**filters):
        reply = signed_in.get(reverse("bank:question_list", args=[bank.pk]), filters)
        return [one.pk for one in reply.context["page"].rows]

    assert found() == [other.pk, question.pk]
    assert found(q="登记") == [other.pk]
    assert found(q=str(question.pk)) == [question.pk]
    assert found(type="multiple") == [question.pk]
    assert found(difficulty="3") == [other.pk]
    assert found(topic="信访渠道") == [question.pk]
    assert found(law="信访工作条例") == [question.pk]
    assert found(status="retired") == [retired.pk]
    assert found(type="nonsense", difficulty="x", page="99") == [other.pk, question.pk]


def test_a_question_is_written_on_the_page(signed_in, bank):
    reply = signed_in.post(reverse("bank:new_question", args=[bank.pk]) + "?type=multiple", form_of(DRAFT))
    made = Question.objects.get()
    assert (reply.status_code, reply.url) == (302, reverse("bank:question", args=[made.pk]))
    view = queries.versions([made.current_id])[made.current_id]
    assert (view.type, view.stem, view.options, view.answer) == ("multiple", DRAFT.stem, DRAFT.options, "ABCD")
    assert (view.citations, made.current.created_by.name) == (DRAFT.citations, "何砚秋")


@pytest.mark.parametrize(
    ("changes", "field", "message"),
    [
        ({"answer": ["A", "E"]}, "answer", "答案“E”不在选项里，本题有 4 个选项。请改答案或补选项。"),
        ({"answer": []}, "answer", "没有选正确答案。请选上。"),
        ({"option_C": ""}, "option_C", "选项缺了 C，字母不连续。请补上或往前移。"),
        ({"option_B": DRAFT.options[0]}, "option_B", "选项 A 和选项 B 相同。请改其中一个。"),
        ({"citations": "信访条例"}, "citations", "“信访条例”认不出法律名称和条号。请写成《信访工作条例》第十七条。"),
    ],
)
def test_a_question_nobody_could_answer_is_refused_beside_its_field(signed_in, bank, changes, field, message):
    reply = signed_in.post(reverse("bank:new_question", args=[bank.pk]) + "?type=multiple", form_of(DRAFT, **changes))
    assert (reply.status_code, reply.context["form"].errors[field]) == (400, [message])
    assert Question.objects.count() == 0


def test_a_second_question_with_the_same_stem_is_refused_with_where_the_first_is(signed_in, bank, question):
    reply = signed_in.post(reverse("bank:new_question", args=[bank.pk]) + "?type=multiple", form_of(DRAFT))
    told = f"题库里编号 {question.pk} 的试题题干相同。请改那一题，或把题干写得能分清。"
    assert (reply.status_code, reply.context["form"].errors["stem"]) == (400, [told])


def test_an_edit_makes_the_next_version_and_the_earlier_one_can_still_be_read(signed_in, question):
    address = reverse("bank:edit", args=[question.pk])
    assert signed_in.get(address).context["form"].initial["citations"] == "《信访工作条例》第十七条"
    reply = signed_in.post(address, form_of(DRAFT, stem="新的题干（ ）", answer=["A"]))
    assert reply.status_code == 302
    question.refresh_from_db()
    assert (question.current.number, question.current.stem, question.current.answer) == (2, "新的题干（ ）", "A")
    page = signed_in.get(reverse("bank:question", args=[question.pk])).content.decode()
    assert "新的题干" in page
    earlier = signed_in.get(reverse("bank:question", args=[question.pk]) + "?version=1").content.decode()
    assert DRAFT.stem in earlier
    assert "这是第 1 版，不是现行版本" in earlier
    assert signed_in.get(reverse("bank:question", args=[question.pk]) + "?version=7").status_code == 404


def test_of_two_people_editing_one_question_the_second_is_told_and_keeps_what_was_written(signed_in, question, setter):
    address = reverse("bank:edit", args=[question.pk])
    seen = signed_in.get(address).context["form"].initial["seen"]
    actions.revise_question(question, replace(DRAFT, explanation="先存的解析"), by=setter, now=NOW)
    mine = form_of(DRAFT, explanation="后存的解析", seen=seen)
    reply = signed_in.post(address, mine)
    text = reply.content.decode()
    assert (reply.status_code, "先存的解析" in text, "后存的解析" in text) == (409, False, True)
    assert "何砚秋刚把这一题存成了第 2 版" in text
    assert question.versions.count() == 2
    shown = reply.context["form"]
    assert (shown["explanation"].value(), shown["answer"].value()) == ("后存的解析", list(DRAFT.answer))
    again = signed_in.post(address, mine | {"seen": shown["seen"].value()})
    assert (again.status_code, question.versions.get(number=3).explanation) == (302, "后存的解析")


def test_the_type_of_a_question_can_be_changed_by_an_edit(signed_in, question):
    address = reverse("bank:edit", args=[question.pk]) + "?type=judge"
    signed_in.post(address, {"stem": "应当登记。", "answer": "F", "difficulty": 2})
    question.refresh_from_db()
    assert (question.current.type, question.current.answer) == ("judge", "F")


def test_retiring_restoring_and_reserving(signed_in, question):
    signed_in.post(reverse("bank:retire", args=[question.pk]), {"reason": "法律已修订"})
    question.refresh_from_db()
    assert question.status == "retired"
    assert "不能修改" in signed_in.get(reverse("bank:edit", args=[question.pk]), follow=True).content.decode()
    signed_in.post(reverse("bank:restore", args=[question.pk]))
    signed_in.post(reverse("bank:reserve", args=[question.pk]), {"reserved": "yes"})
    question.refresh_from_db()
    assert (question.status, question.reserved) == ("usable", True)


def test_a_question_retired_while_somebody_edits_it_says_so_and_keeps_its_version(signed_in, question, setter):
    actions.retire_question(question, by=setter, now=NOW)
    said = signed_in.post(reverse("bank:edit", args=[question.pk]), form_of(DRAFT, stem="改过的题干"), follow=True)
    assert "这一题已经停用，不能修改。要改请先恢复使用" in said.content.decode()
    assert question.versions.count() == 1


def test_AL4_the_candidates_view_of_a_question_does_not_depend_on_the_key(signed_in, question, setter):
    address = reverse("bank:preview", args=[question.pk])
    before = main_of(signed_in, address)
    actions.revise_question(question, replace(DRAFT, answer="A", explanation="改了", citations=()), by=setter, now=NOW)
    assert main_of(signed_in, address) == before
    assert "四种形式都可以" not in before


def test_scripts_in_stems_and_options_stay_text(signed_in, bank, setter):
    script = "<script>alert(1)</script>"
    draft = replace(DRAFT, stem=f"第一行{script}\n第二行", options=(script, "乙"), answer="A", explanation=script)
    question = actions.create_question(bank, draft, by=setter, now=NOW)
    for name, key in (("question", question.pk), ("preview", question.pk), ("question_list", bank.pk)):
        page = signed_in.get(reverse(f"bank:{name}", args=[key])).content.decode()
        assert script not in page
        assert "&lt;script&gt;" in page
    assert "第一行&lt;script&gt;alert(1)&lt;/script&gt;<br>第二行" in page_of(signed_in, "preview", question)


def test_a_file_is_looked_at_first_and_saved_when_the_setter_says_so(signed_in, bank):
    reply = send(signed_in, bank, *question_rows(2))
    kept = QuestionImport.objects.get()
    assert (reply.status_code, reply.url) == (302, reverse("bank:import", args=[bank.pk, kept.pk]))
    page = signed_in.get(reply.url)
    assert "入库 2 题" in page.content.decode()
    assert Question.objects.count() == 0
    assert signed_in.post(reply.url).url == reverse("bank:question_list", args=[bank.pk])
    kept.refresh_from_db()
    assert (kept.state, kept.imported, queries.in_use(bank).count()) == ("done", 2, 2)


def test_saving_the_same_upload_twice_saves_it_once(signed_in, bank):
    address = send(signed_in, bank, *question_rows(2)).url
    signed_in.post(address)
    signed_in.post(address)
    assert queries.in_use(bank).count() == 2


def test_a_second_click_on_saving_is_told_that_it_is_on_its_way(signed_in, bank):
    address = send(signed_in, bank, *question_rows(2)).url
    QuestionImport.objects.update(state="staging", touched_at=timezone.now())
    said = signed_in.post(address, follow=True).content.decode()
    assert "这个文件正在入库，没有再做一遍" in said
    assert Question.objects.count() == 0


def test_IF5_errors_are_listed_and_only_the_good_rows_are_saved_when_chosen(signed_in, bank):
    address = send(signed_in, bank, *question_rows(2), BAD).url
    page = signed_in.get(address).content.decode()
    assert "试题，第 4 行，G 列" in page
    assert "没有写正确答案。请补上。" in page
    signed_in.post(address)
    assert Question.objects.count() == 0
    signed_in.post(address, {"accept_good": "yes"})
    assert queries.in_use(bank).count() == 2


def test_the_rejected_rows_can_be_fetched(signed_in, bank, upload):
    reply = signed_in.get(reverse("bank:rejected", args=[bank.pk, upload.pk]))
    (sheet,) = read_rows(reply.content, "a.xlsx")
    assert [row.text(1) for row in sheet.rows] == ["题干", "没有答案的题"]


def test_the_template_can_be_fetched_filled_in_and_read(signed_in):
    (sheet,) = read_rows(signed_in.get(reverse("bank:template")).content, "a.xlsx")
    assert sheet.rows[1].cells[:2] == ("题型", "题干")


@pytest.mark.parametrize(
    ("data", "name", "message"),
    [
        (b"", "a.xlsx", "文件是空的。请检查是否选错了文件。"),
        (b"<svg onload=alert(1)>", "a.xlsx", "认不出这种文件。请上传 .xlsx 或 .csv 表格。"),
        (b"x", "../../a\r\n.exe", UNKNOWN),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_a_reason_and_not_kept(signed_in, bank, data, name, message):
    reply = send(signed_in, bank, name=name, data=data)
    assert (reply.status_code, reply.context["form"].errors["file"]) == (400, [message])
    assert QuestionImport.objects.count() == 0


def test_IF10_an_upload_is_kept_under_a_name_of_our_own(signed_in, bank):
    send(signed_in, bank, *question_rows(1), name="x" * 300 + "题‮库.xlsx")
    kept = QuestionImport.objects.get()
    assert kept.file.name.startswith("bank-imports/")
    assert len(kept.file.name) == len("bank-imports/") + 32
    assert "x" not in kept.file.name


def test_a_swept_upload_is_gone(signed_in, bank, upload):
    upload.file.storage.delete(upload.file.name)
    assert signed_in.get(reverse("bank:import", args=[bank.pk, upload.pk])).status_code == 404


def test_the_admin_menu_leads_setters_here(signed_in, setter, bank):
    item, request = register_bank_menu_item(), RequestFactory().get("/admin/")
    request.user = User.objects.get(pk=setter.pk)
    assert (item.is_shown(request), str(item.url)) == (True, "/bank/")
    request.user = User.objects.create(username="cadre")
    assert item.is_shown(request) is False
