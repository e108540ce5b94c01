"""The page and the command that hand a bank out, and an upload from another program."""

import io
import zipfile
from dataclasses import replace
from urllib.parse import unquote

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from mingfa.bank import actions, queries, registry
from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.exchange.exporting import FORMATS, export
from mingfa.bank.exchange.reading import read_exchange
from mingfa.bank.importing import parse_file
from mingfa.people.actions import grant_role
from mingfa.people.models import User
from wagtail.models import ModelLogEntry

from tests.bank.samples import DRAFT, NOW

pytestmark = pytest.mark.django_db
CASE = QuestionDraft(
    "case", "某镇八名村民走访。", children=(QuestionDraft("single", "最多推选几人？", ("3", "5"), answer="B"),), difficulty=2
)


@pytest.fixture
def signed_in(client, bank, setter):
    grant_role(setter, role="setter", unit=bank.unit, by=None, now=NOW)
    client.force_login(setter)
    return client


@pytest.fixture
def on_paper(monkeypatch):
    """Questions put here stand on a paper that everybody is sitting."""
    ids = []
    monkeypatch.setattr(registry, "on_open_papers", [lambda user, now: ids])
    return ids


@pytest.fixture
def coming(monkeypatch):
    """Questions put here are kept back by a coming exam."""
    ids = set()
    monkeypatch.setattr(registry, "on_coming_exams", [lambda asked, now: ids & set(asked)])
    return ids


@pytest.mark.parametrize("code", FORMATS)
def test_the_beliefs_behind_wrong_answers_are_told_as_left_behind(signed_in, bank, setter, code):
    choice = QuestionDraft("single", "期限是？", ("三十日", "六十日"), answer="B", difficulty=2, beliefs=(("A", "是三十日"),))
    actions.create_question(bank, choice, by=setter, now=NOW)
    shown = text_of(signed_in.get(page(bank, format=code)))
    assert f"{FORMATS[code].name} 不能带误区" in shown


def page(bank, **query):
    return reverse("bank:export", args=[bank.pk], query=query)


def text_of(reply):
    return reply.content.decode()


def exported_by_log():
    return [entry.data for entry in ModelLogEntry.objects.filter(action="bank.export_questions")]


def bare(draft):
    return replace(draft, source="", confidence=1.0, children=tuple(bare(child) for child in draft.children))


@pytest.mark.parametrize("code", FORMATS)
def test_a_setter_downloads_the_bank_in_every_format_and_the_log_says_so(signed_in, bank, setter, code):
    single = replace(DRAFT, type="single", stem="只有一个对", answer="C", source="")
    actions.create_question(bank, single, by=setter, now=NOW)
    reply = signed_in.post(page(bank, format=code))
    assert reply.status_code == 200
    assert reply["Content-Type"] == FORMATS[code].content_type
    assert unquote(reply["Content-Disposition"]).startswith("attachment; filename*=utf-8''通用题库-")
    assert reply["Content-Disposition"].endswith(FORMATS[code].ending)
    assert "no-store" in reply["Cache-Control"]
    assert exported_by_log() == [{"format": code, "questions": 1, "left_out": 0, "narrowed": False}]
    if code not in ("docx", "txt", "aiken"):
        (back,) = [question.draft for question in parse_file(reply.content, f"题{FORMATS[code].ending}").questions]
        assert bare(back) == single


def test_the_page_shows_what_is_lost_before_anything_is_sent(signed_in, bank, question):
    reply = signed_in.get(page(bank, format="aiken"))
    assert f"Aiken 没有多选题，没有导出：第 {question.pk} 题" in text_of(reply)
    assert "没有可以用这种格式导出的题" in text_of(reply)
    assert exported_by_log() == []
    assert signed_in.post(page(bank, format="aiken")).status_code == 400
    assert exported_by_log() == []


def test_only_the_questions_the_filters_leave_are_exported(signed_in, bank, question, setter):
    actions.create_question(bank, CASE, by=setter, now=NOW)
    reply = signed_in.post(page(bank, format="qti21", type="case"))
    (back,) = read_exchange(reply.content, "题.zip").questions
    assert (back.draft.type, back.draft.children[0].answer) == ("case", "B")
    assert exported_by_log()[0]["narrowed"] is True
    assert "type=case&amp;format=gift" in text_of(signed_in.get(page(bank, format="gift", type="case")))


def test_retired_questions_stay_in_the_house(signed_in, bank, question, setter):
    actions.retire_question(question, by=setter, now=NOW)
    assert signed_in.post(page(bank, format="gift")).status_code == 400


def test_questions_that_exams_keep_are_told_apart_and_go_only_when_asked_for(signed_in, bank, question, setter, coming):
    free = actions.create_question(bank, replace(DRAFT, stem="谁都可以看"), by=setter, now=NOW)
    kept = actions.create_question(bank, replace(DRAFT, stem="下周要考"), by=setter, now=NOW)
    actions.reserve_question(question, reserved=True, by=setter, now=NOW)
    coming.add(kept.pk)
    assert "其中 2 题是考试专用或还没考完的考试要用的" in text_of(signed_in.get(page(bank)))
    (only,) = read_exchange(signed_in.post(page(bank, format="gift")).content, "题.gift").questions
    assert only.draft.stem == free.current.stem
    assert len(read_exchange(signed_in.post(page(bank, format="gift", kept="on")).content, "题.gift").questions) == 3


@pytest.mark.parametrize("query", [{}, {"type": "case"}, {"kept": "on"}])
def test_nobody_exports_a_bank_while_sitting_a_paper_of_it(signed_in, bank, question, setter, on_paper, query):
    actions.create_question(bank, CASE, by=setter, now=NOW)
    on_paper.append(question.pk)
    reply = signed_in.post(page(bank, format="gift", **query))
    assert reply.status_code == 403
    assert "现在不能导出这个题库" in text_of(reply)
    assert "ABCD" not in text_of(signed_in.get(page(bank, format="gift", **query)))
    assert exported_by_log() == []


def test_AZ1_a_setter_of_another_unit_finds_no_bank_to_export(client, bank, question):
    township = bank.unit.add_child(name="东一镇", kind="township")
    stranger = User.objects.create(username="stranger", name="外人")
    grant_role(stranger, role="setter", unit=township, by=None, now=NOW)
    client.force_login(stranger)
    assert [client.get(page(bank)).status_code, client.post(page(bank, format="gift")).status_code] == [404, 404]


def test_a_format_nobody_knows_is_told(signed_in, bank, question):
    reply = signed_in.get(page(bank, format="pdf"))
    assert reply.status_code == 400
    assert "没有这种格式" in text_of(reply)


def test_an_export_takes_the_same_number_of_queries_with_1_and_30_questions(signed_in, bank, question, setter):
    def taken():
        with CaptureQueriesContext(connection) as captured:
            assert signed_in.get(page(bank, format="qti30")).status_code == 200
        return len(captured)

    taken()  # the first one of a process also looks up what is cached from then on
    # Each bank edition anew: what it offers to filter by is kept in memory while the edition stays.
    actions.create_question(bank, replace(DRAFT, stem="第零题"), by=setter, now=NOW)
    one = taken()
    for number in range(29):
        actions.create_question(bank, replace(DRAFT, stem=f"第 {number} 题"), by=setter, now=NOW)
    assert taken() == one


def test_IF10_the_name_of_a_download_holds_no_path_and_no_line_break(signed_in, setter, bank):
    odd = actions.create_bank(name='../题"库\u202e\n/x', unit=bank.unit, by=setter, now=NOW)
    actions.create_question(odd, DRAFT, by=setter, now=NOW)
    name = unquote(signed_in.post(page(odd, format="gift"))["Content-Disposition"]).split("''")[1]
    assert name.startswith(".._题_库__x-gift-")


def test_a_file_of_another_program_goes_through_preview_into_the_bank(signed_in, bank):
    file = SimpleUploadedFile("moodle.xml", export([CASE, replace(DRAFT, source="")], "moodle").data)
    reply = signed_in.post(reverse("bank:upload", args=[bank.pk]), {"file": file}, follow=True)
    assert "案例分析题" in text_of(reply)
    signed_in.post(reply.request["PATH_INFO"])
    stored = [bare(draft) for _, draft in queries.drafts_of(queries.in_use(bank))]
    assert stored == [replace(CASE, children=(replace(CASE.children[0], difficulty=2),)), replace(DRAFT, source="")]


def test_what_a_package_loses_is_shown_before_it_is_saved(signed_in, bank):
    out = io.BytesIO(export([replace(DRAFT, source="")], "qti22").data)
    with zipfile.ZipFile(out, "a") as package:
        package.writestr("picture.png", b"x")
    file = SimpleUploadedFile("包.zip", out.getvalue())
    reply = signed_in.post(reverse("bank:upload", args=[bank.pk]), {"file": file}, follow=True)
    assert "1 个图片没有导入" in text_of(reply)


def run(*arguments):
    out = io.StringIO()
    try:
        call_command("export_questions", *arguments, stdout=out, stderr=io.StringIO())
    except CommandError as failed:
        return failed.returncode, str(failed)
    return 0, out.getvalue()


@pytest.mark.parametrize("code", ["gift", "moodle", "qti12", "qti21", "qti22", "qti30", "xlsx"])
def test_the_command_writes_what_the_import_command_reads(bank, question, tmp_path, setter, code):
    path = tmp_path / f"题{FORMATS[code].ending}"
    status, said = run(str(path), "--bank", bank.name, "--format", code)
    assert (status, "已写出 1 题" in said) == (0, True)
    call_command("import_questions", str(path), "--bank", "副本", stdout=io.StringIO(), stderr=io.StringIO())
    copies = queries.drafts_of(queries.in_use(type(bank).objects.get(name="副本")))
    assert [bare(draft) for _, draft in copies] == [bare(draft) for _, draft in queries.drafts_of(queries.in_use(bank))]


def test_the_command_says_what_is_lost_and_what_exams_keep(bank, question, tmp_path, setter):
    single = replace(DRAFT, type="single", stem="只有一个对", answer="C")
    other = actions.create_question(bank, single, by=setter, now=NOW, reserved=True)
    status, said = run(str(tmp_path / "题.txt"), "--bank", bank.name, "--format", "aiken")
    assert status == 0
    assert said.splitlines()[:2] == [f"Aiken 没有多选题，没有导出：第 {question.pk} 题", f"Aiken 不能带解析：第 {other.pk} 题"]
    assert said.splitlines()[-1] == "其中 1 题是考试专用或还没考完的考试要用的，不要外传"
    status, said = run(str(tmp_path / "题.txt"), "--bank", bank.name, "--format", "aiken", "--without-kept")
    assert (status, said) == (1, "没有可以用这种格式导出的题，没有写文件。")


def test_the_command_refuses_an_unknown_bank_and_a_place_it_cannot_write(bank, question, tmp_path):
    assert run(str(tmp_path / "x"), "--bank", "没有", "--format", "gift")[0] == 2
    assert run(str(tmp_path / "no" / "x"), "--bank", bank.name, "--format", "gift")[0] == 2


@pytest.mark.parametrize("code", ["qti21", "qti22", "qti30"])
def test_one_question_is_written_as_an_item_by_itself_and_what_only_a_manifest_holds_is_named(bank, question, tmp_path, code):
    path, name = tmp_path / "题.xml", FORMATS[code].name
    status, said = run(str(path), "--bank", bank.name, "--format", code, "--question", str(question.pk))
    assert status == 0
    lost = [f"{name} 不能带{part}：第 {question.pk} 题" for part in ("难度", "知识点", "依据")]
    assert said.splitlines()[:3] == lost
    (back,) = [found.draft for found in parse_file(path.read_bytes(), path.name).questions]
    assert bare(back) == replace(DRAFT, difficulty=None, topic="", citations=(), source="")
    assert run(str(path), "--bank", bank.name, "--format", code, "--question", str(question.pk + 1))[0] == 1


def test_more_than_one_file_can_hold_within_a_request_goes_in_parts_that_together_are_everything(
    signed_in, bank, setter, monkeypatch
):
    monkeypatch.setattr("mingfa.bank.views.exports.AT_ONCE", 2)
    made = [actions.create_question(bank, replace(DRAFT, stem=f"第 {n} 题"), by=setter, now=NOW) for n in range(5)]
    actions.reserve_question(made[0], reserved=True, by=setter, now=NOW)
    looked = text_of(signed_in.get(page(bank)))
    assert "一个文件最多 2 题。请选一部分" in looked
    assert f"第 3 部分：编号 {made[4].pk} 到 {made[4].pk}" in looked
    for wrong, told in (({}, "题太多，要分成几个文件导出。请选一部分。"), ({"part": "4"}, "没有这一部分。请从上面选一个。")):
        refused = signed_in.post(page(bank, format="gift", **wrong))
        assert (refused.status_code, told in text_of(refused)) == (400, True)
    assert "format=gift&amp;part=2" in text_of(signed_in.get(page(bank, format="gift", part="2")))
    replies = [signed_in.post(page(bank, format="gift", part=part)) for part in "123"]
    stems = [[one.draft.stem for one in read_exchange(reply.content, "题.gift").questions] for reply in replies]
    assert stems == [["第 1 题"], ["第 2 题", "第 3 题"], ["第 4 题"]]
    assert unquote(replies[1]["Content-Disposition"]).endswith("-第2部分.gift")
    assert [entry["narrowed"] for entry in exported_by_log()] == [True, True, True]
