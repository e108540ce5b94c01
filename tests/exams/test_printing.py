"""固定试卷和纸质试卷: the same blueprint on paper, the same paper for all, and no key too early."""
import io
import zipfile

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse
from docx import Document
from docx.oxml.ns import qn

from exams import actions, printing
from exams.engine.refusals import TooMany, WrongState
from exams.models import Candidate, Exam, Paper, PrintedPaper
from exams.papers import keys_of, paper_of, versions_of

from . import scene
from .scene import CLOSES, NOON, browser, holder, minutes
from .test_question_types import ALL, TYPES


def read(content):
    """Everything a reader sees, tables included, in order."""
    document = Document(io.BytesIO(content))
    words = []
    for part in document.element.body.iter():
        if part.tag == qn("w:p"):
            words.append("".join(text.text or "" for text in part.iter(qn("w:t"))))
    return "\n".join(words)


def draw(district, exam):
    return actions.draw_printed_paper(exam, by=district.boss, now=NOON)


def test_a_printed_paper_has_every_question_and_option_in_its_own_order(district, exam):
    printed = draw(district, exam)
    text, paper = read(printing.document(exam, printed, "paper")), printing.paper_of(printed)
    known = versions_of(item.version_id for item in paper.items)
    at = -1
    for place, item in enumerate(paper.items):
        view = known[item.version_id]
        at, before = text.index(f"{place + 1}. {view.stem}", at + 1), at
        assert at > before
        for letter, original in zip("ABCD", item.shown, strict=False):
            at = text.index(f"{letter}. {view.options[original]}", at)
    part = "一、单选题（共 3 题，每题 10 分，共 30 分）"
    assert all(words in text for words in (exam.name, "A 卷", "满分 100 分", "60 分及格", part))
    assert scene.SECRET not in text


def test_the_same_record_prints_the_same_words_and_the_next_letter_another_paper(district, exam):
    one, two = draw(district, exam), draw(district, exam)
    assert (one.label, two.label, one.digest != two.digest) == ("A", "B", True)
    again = PrintedPaper.objects.get(pk=one.pk)
    assert read(printing.document(exam, again, "paper")) == read(printing.document(exam, one, "paper"))
    for _ in range(6):
        draw(district, exam)
    with pytest.raises(TooMany):
        draw(district, exam)


def test_the_key_speaks_the_letters_of_its_own_paper(district, exam):
    printed = draw(district, exam)
    paper, rows = printing.paper_of(printed), Document(io.BytesIO(printing.document(exam, printed, "key"))).tables[0].rows
    known = versions_of(item.version_id for item in paper.items)
    for place, item in enumerate(paper.items):
        view, said = known[item.version_id], rows[place + 1].cells[2].text
        if view.type == "judge":
            assert said == {"T": "正确", "F": "错误"}[view.answer]
        else:
            shown = [item.shown["ABCD".index(letter)] for letter in said]
            assert {"ABCD"[original] for original in shown} == set(view.answer)


def test_the_answer_sheet_has_a_box_for_every_option_and_the_pages_are_numbered(district, exam):
    content = printing.document(exam, draw(district, exam), "sheet")
    text = read(content)
    assert (text.count("[A]"), text.count("[√]")) == (5, 3)
    footer = zipfile.ZipFile(io.BytesIO(content)).read("word/footer1.xml").decode()
    assert "PAGE" in footer
    assert "NUMPAGES" in footer
    styles = zipfile.ZipFile(io.BytesIO(content)).read("word/styles.xml").decode()
    assert 'w:eastAsia="仿宋_GB2312"' in styles


def test_every_type_has_its_room_on_paper(district, cadre):
    from mingfa.bank import actions as bank_actions

    for one in TYPES:
        bank_actions.create_question(district.bank, one, by=district.boss, now=scene.OPENS)
    exam = district.exam(rules=ALL)
    printed = draw(district, exam)
    text = read(printing.document(exam, printed, "paper"))
    for words in ("某镇收到一封来信。", "（1）复议", "正确的次序（写字母）", "六、案例分析题（共 3 题，共 10 分）"):
        assert words in text
    key = read(printing.document(exam, printed, "key"))
    assert "60 日 或 六十日；5 日" in key
    assert "（1）" in key
    assert "受理要书面告知" in key
    assert "受理要书面告知" not in text


def test_names_that_no_document_can_hold_do_not_break_it(district, exam, cadre):
    cadre.name = "=cmd|'/c'!A0\x0b𠮷"
    cadre.save()
    [printed] = actions.draw_own_papers(exam, list(exam.candidates.all()), by=district.boss, now=NOON)
    text = read(printing.document(exam, PrintedPaper.objects.get(pk=printed.pk), "paper"))
    assert "=cmd|'/c'!A0𠮷" in text


def fixed(district, mode, **more):
    return district.exam(paper_mode=mode, **more)


def test_with_one_paper_for_all_everybody_has_the_same_texts_under_other_names(district, cadre):
    other = district.person("邻座")
    exam = fixed(district, "fixed")
    one, two = (paper_of(scene.sit(exam, user, seed=None).pk) for user in (cadre, other))
    assert one.items == two.items
    assert not set(one.names.questions) & set(two.names.questions)
    assert not {name for names in one.names.options for name in names} & {name for names in two.names.options for name in names}
    printed = exam.printed_papers.get()
    assert list(printing.paper_of(printed).items) == list(one.items)
    assert keys_of(one) == keys_of(two)


def test_neighbours_have_a_and_b_in_turn_and_a_second_sitting_the_other_one(district, cadre):
    for name in "甲乙丙":
        district.person(name)
    exam = fixed(district, "ab", attempts=2)
    people = [one.user for one in Candidate.objects.filter(exam=exam).order_by("pk").select_related("user")]
    sittings = [scene.sit(exam, user) for user in people]
    assert [Paper.objects.get(pk=one.pk).label for one in sittings] in (list("ABAB"), list("BABA"))
    assert {one.label for one in exam.printed_papers.all()} == {"A", "B"}
    actions.submit_sitting(sittings[0].pk, by=people[0], now=NOON + minutes(5))
    again = scene.sit(exam, people[0], now=NOON + minutes(6))
    assert Paper.objects.get(pk=again.pk).label != Paper.objects.get(pk=sittings[0].pk).label


def test_one_paper_for_all_never_goes_with_keys_at_once(district):
    exam = Exam(**{"paper_mode": "ab", "result_policy": "at_once"})
    with pytest.raises(ValidationError, match="全体同卷和 AB 卷不能交卷后马上看解析"):
        exam.validate_constraints(exclude={"opens_at", "closes_at", "duration_minutes", "attempts"})


def test_a_draft_has_nothing_to_print(district, cadre):
    with pytest.raises(WrongState):
        draw(district, district.exam(publish=False))


def test_AL4_the_key_is_given_to_nobody_before_the_last_answer_is_in(district, exam):
    Exam.objects.update(grace_minutes=10)
    printed, setter = draw(district, exam), holder(district, "setter")
    address = reverse("exams:paper_file", args=[printed.pk, "key"])
    with time_machine.travel(CLOSES + minutes(9), tick=False):
        page = browser(setter)
        assert page.get(reverse("exams:paper_file", args=[printed.pk, "paper"])).status_code == 200
        refused = page.get(address, follow=True).content.decode()
        assert "才能下载参考答案" in refused
        assert address not in refused
    with time_machine.travel(CLOSES + minutes(10), tick=False):
        page = browser(setter)
        assert page.get(address)["Content-Type"].endswith("wordprocessingml.document")
        assert address in page.get(reverse("exams:papers", args=[exam.pk])).content.decode()


def test_a_unit_gets_a_file_with_a_paper_of_their_own_for_everybody_due(district, exam, cadre):
    setter = holder(district, "setter")
    with time_machine.travel(NOON, tick=False):
        page = browser(setter)
        reply = page.post(reverse("exams:own_papers", args=[exam.pk]), {"unit": district.town.pk})
        files = zipfile.ZipFile(io.BytesIO(reply.content))
        assert files.namelist() == ["0001.docx"]
        assert cadre.name in read(files.read("0001.docx"))
        page.post(reverse("exams:own_papers", args=[exam.pk]), {"unit": district.town.pk})
        assert PrintedPaper.objects.count() == 1  # who has one keeps it
        empty = page.post(reverse("exams:own_papers", args=[exam.pk]), {"unit": district.other_town.pk}, follow=True)
        assert "黄莺岗镇没有应考的人" in empty.content.decode()
        assert page.post(reverse("exams:own_papers", args=[exam.pk]), {"unit": "x"}).status_code == 404


def test_papers_on_paper_are_the_organisers_alone(district, exam, cadre):
    printed = draw(district, exam)
    other = holder(district, "setter", unit=district.other_town, name="外单位")
    for who in (cadre, other, holder(district, "leader", name="领导")):
        page = browser(who)
        for what in ("paper", "sheet", "key", "nonsense"):
            assert page.get(reverse("exams:paper_file", args=[printed.pk, what])).status_code == 404
        assert page.post(reverse("exams:draw_paper", args=[exam.pk])).status_code == 404
        assert page.post(reverse("exams:own_papers", args=[exam.pk]), {"unit": district.town.pk}).status_code == 404
    assert PrintedPaper.objects.count() == 1


def test_more_than_a_file_takes_is_refused_whole(district, exam, cadre):
    people = list(exam.candidates.all()) * (actions.MOST_AT_ONCE + 1)
    with pytest.raises(TooMany):
        actions.draw_own_papers(exam, people, by=district.boss, now=NOON)
    assert PrintedPaper.objects.count() == 0
