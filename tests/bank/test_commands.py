import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from io import StringIO

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from mingfa.bank import actions
from mingfa.bank.models import Bank, Question
from mingfa.library.citations import CitationRef
from mingfa.library.models import Article, Edition, Law

from tests.bank.samples import DRAFT, NOW, question_file, question_rows

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path):
    def made(*rows, name="题库.xlsx"):
        path = tmp_path / name
        path.write_bytes(question_file(*rows))
        return str(path)

    return made


def run(*arguments):
    """(exit code, standard output) of a command."""
    out = StringIO()
    try:
        call_command(*arguments, stdout=out, stderr=StringIO())
    except SystemExit as ended:
        return ended.code, out.getvalue()
    except CommandError as failed:
        return failed.returncode, out.getvalue()
    return 0, out.getvalue()


BAD = ["单选题", "没有答案的题", "甲", "乙", "", "", ""]


def test_an_import_says_what_it_did_as_json_and_nothing_else_on_standard_output(bank, file):
    code, out = run("import_questions", file(*question_rows(2)), "--bank", bank.name, "--json")
    data = json.loads(out)
    assert code == 0
    assert data["counts"] == {"imported": 2, "before": 0, "after": 2}
    assert (data["errors"], data["repeats"]) == ([], [])
    assert data["questions"][0] == {
        "type": "multiple",
        "stem": "第 0 题（ ）",
        "options": ["甲", "乙", "丙", "丁"],
        "answer": "AB",
        "topic": "渠道",
        "citations": [{"law_title": "信访工作条例", "article": 17, "sub": 0, "paragraph": 0, "item": 0}],
        "source": "题库.xlsx，试题，第 2 行",
        "confidence": 1.0,
    }


def test_a_preview_saves_nothing(bank, file):
    code, out = run("import_questions", file(*question_rows(2)), "--bank", bank.name, "--preview", "--json")
    assert (code, len(json.loads(out)["questions"]), Question.objects.count()) == (0, 2, 0)


def test_a_preview_needs_no_bank(db, file):
    code, out = run("import_questions", file(*question_rows(2)), "--bank", "还没有的题库", "--preview", "--json")
    assert (code, len(json.loads(out)["questions"]), Bank.objects.count()) == (0, 2, 0)


def test_a_missing_bank_is_made_for_the_only_top_unit(bank, file):
    code, _ = run("import_questions", file(*question_rows(1)), "--bank", "新题库")
    made = Bank.objects.get(name="新题库")
    assert (code, made.unit, made.questions.count()) == (0, bank.unit, 1)


def test_errors_end_with_1_and_change_nothing(bank, file):
    code, out = run("import_questions", file(*question_rows(1), BAD), "--bank", bank.name, "--json")
    assert code == 1
    assert json.loads(out)["errors"] == [
        {
            "sheet": "试题",
            "row": 3,
            "column": "G",
            "code": "no_answer",
            "message": "没有写正确答案。请补上。",
            "other": None,
        }
    ]
    assert Question.objects.count() == 0
    assert run("import_questions", file(BAD), "--bank", "新题库")[0] == 1
    assert Bank.objects.count() == 1


def test_errors_with_the_good_rows_chosen_end_with_0(bank, file):
    path = file(*question_rows(1), BAD)
    assert run("import_questions", path, "--bank", bank.name, "--accept-good")[0] == 0
    assert Question.objects.count() == 1


def test_IF6_a_second_import_tells_where_each_question_already_is(bank, file):
    path = file(*question_rows(2))
    run("import_questions", path, "--bank", bank.name)
    code, out = run("import_questions", path, "--bank", bank.name, "--json")
    data = json.loads(out)
    ids = list(Question.objects.order_by("id").values_list("pk", flat=True))
    assert (code, data["counts"]) == (0, {"imported": 0, "before": 2, "after": 2})
    assert [(repeat["row"], repeat["question"]) for repeat in data["repeats"]] == [(2, ids[0]), (3, ids[1])]
    assert len(data["questions"]) == 2


def test_without_json_each_finding_is_one_line(bank, file):
    _, out = run("import_questions", file(*question_rows(1), BAD), "--bank", bank.name)
    assert out.splitlines() == [
        "试题 第 3 行 G 列：没有写正确答案。请补上。（no_answer）",
        "错误 1 处，没有入库。请改正，或加 --accept-good 只入库没有错误的题",
    ]


def test_a_file_that_cannot_be_read_is_wrong_usage(bank):
    assert run("import_questions", "无此文件.xlsx", "--bank", bank.name) == (2, "")


def test_without_a_unit_to_own_it_no_bank_is_made(db, file):
    assert run("import_questions", file(*question_rows(1)), "--bank", "新题库") == (2, "")
    assert Bank.objects.count() == 0


def test_the_shell_gets_2_for_arguments_nobody_knows():
    command = [sys.executable, "manage.py", "import_questions", "题库.xlsx"]
    ended = subprocess.run(command, cwd=settings.ROOT, capture_output=True, text=True, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")


def law_of(title, number, *, status="in_force", text="条文"):
    law = Law.objects.create(title=title, short_title=title, slug=title)
    edition = Edition.objects.create(law=law, slug="2022-05-01", effective_on=date(2022, 5, 1), status=status)
    return Article.objects.create(edition=edition, order=1, number=number, label=f"第{number}条", text=text)


def test_check_questions_passes_when_every_citation_is_in_force(bank, question):
    law_of("信访工作条例", 17)
    code, out = run("check_questions", "--json")
    assert (code, json.loads(out)) == (0, {"questions": 1, "citations": 1, "findings": []})


def test_check_questions_lists_what_is_missing_and_ends_with_1(bank, question):
    code, out = run("check_questions", "--bank", bank.name, "--json")
    assert code == 1
    assert json.loads(out)["findings"] == [
        {
            "bank": "通用题库",
            "question": question.pk,
            "stem": DRAFT.stem,
            "citation": "《信访工作条例》第十七条",
            "status": "missing",
            "number": None,
        }
    ]


def test_check_questions_lists_what_is_not_in_force_and_ends_with_0(bank, question):
    law_of("信访工作条例", 17, status="repealed")
    code, out = run("check_questions")
    assert code == 0
    assert out.splitlines() == [
        f"通用题库 编号 {question.pk}“{DRAFT.stem}”：《信访工作条例》第十七条 所在版本现在不是有效文本",
        "共 1 题，1 处依据，1 处要看",
    ]


def asked(bank, setter, *, options=("五日", "六十日"), answer="B", explanation="", paragraph=0, item=0):
    place = CitationRef("信访工作条例", 34, paragraph=paragraph, item=item)
    facts = {"options": options, "answer": answer, "explanation": explanation, "citations": (place,)}
    draft = replace(DRAFT, type="single", stem="几日内办结？", **facts)
    return actions.create_question(bank, draft, by=setter, now=NOW)


def test_check_questions_passes_when_the_numbers_of_the_key_stand_in_the_article(bank, setter):
    law_of("信访工作条例", 34, text="应当自受理之日起60日内办结。")
    asked(bank, setter)
    assert run("check_questions") == (0, "共 1 题，1 处依据，0 处要看\n")


def test_check_questions_reports_a_number_that_is_not_in_the_article_and_ends_with_1(bank, setter):
    law_of("信访工作条例", 34, text="应当自受理之日起三十日内办结。")
    question = asked(bank, setter)
    code, out = run("check_questions", "--json")
    assert code == 1
    assert json.loads(out)["findings"] == [
        {
            "bank": "通用题库",
            "question": question.pk,
            "stem": "几日内办结？",
            "citation": "《信访工作条例》第三十四条",
            "status": "number_not_in_article",
            "number": "六十日",
        }
    ]
    assert run("check_questions")[1].splitlines()[0] == (
        f"通用题库 编号 {question.pk}“几日内办结？”：《信访工作条例》第三十四条 没有正确答案里的“六十日”"
    )


def test_check_questions_looks_only_at_the_paragraph_cited(bank, setter):
    law_of("信访工作条例", 34, text="一般六十日办结。\n可以延长三十日。")
    asked(bank, setter, paragraph=1)
    assert run("check_questions")[0] == 0
    asked(bank, setter, options=("三十日", "六十日"), paragraph=2)
    assert run("check_questions")[0] == 1


def test_check_questions_finds_an_amount_in_the_words_an_item_hangs_on(bank, setter):
    law_of("信访工作条例", 34, text="有下列情形的，六十日办结：\n（一）来信；\n（二）来访。")
    asked(bank, setter, item=2)
    assert run("check_questions")[0] == 0


def test_check_questions_reports_a_paragraph_the_article_does_not_have(bank, setter):
    law_of("信访工作条例", 34, text="一般六十日办结。")
    asked(bank, setter, paragraph=3)
    code, out = run("check_questions", "--json")
    assert (code, [row["status"] for row in json.loads(out)["findings"]]) == (1, ["no_such_place", "number_not_in_article"])


def test_check_questions_takes_a_reckoned_date_on_the_word_of_the_explanation(bank, setter):
    law_of("信访工作条例", 34, text="应当自受理之日起六十日内办结。")
    asked(bank, setter, options=("4月1日", "4月30日"), explanation="推算：3月2日起六十日，到4月30日。")
    assert run("check_questions")[0] == 0


def test_check_questions_names_an_unknown_bank(db):
    with pytest.raises(CommandError) as failed:
        call_command("check_questions", "--bank", "没有")
    assert failed.value.returncode == 2


def test_retired_questions_are_not_checked(bank, question, setter):
    actions.retire_question(question, by=setter, now=NOW)
    assert run("check_questions")[0] == 0


def test_a_preview_tells_near_questions_when_asked(bank, file):
    rows = question_rows(3)
    rows[0][1], rows[1][1] = "公民每年参加普法学习，由哪个部门登记？", "公民每年参加普法学习，应当由哪一个部门登记？"
    code, out = run("import_questions", file(*rows), "--bank", bank.name, "--preview", "--json", "--near")
    (pair,) = json.loads(out)["near"]
    assert (code, pair["row"], pair["other"], pair["question"], pair["kind"]) == (0, 3, 2, None, "换了说法")
    _, out = run("import_questions", file(*rows), "--bank", bank.name, "--preview", "--json")
    assert "near" not in json.loads(out)
