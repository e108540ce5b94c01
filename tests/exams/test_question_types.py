"""Papers with blanks, orders, matches, written answers and cases: drawn, answered, saved, shown and marked."""
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from mingfa.bank import actions as bank_actions
from mingfa.bank.drafts import QuestionDraft

from exams import actions
from exams.actions.preparing import RuleSpec
from exams.engine.marking import standing
from exams.engine.paper import split_marks
from exams.engine.refusals import AlreadySo, BadMark, NotYours, OwnCase
from exams.models import Candidate, Exam, Response, Sitting
from exams.papers import forget, keys_of, paper_of
from exams.proving import unproved_marks
from exams.scripts import next_script, waiting_scripts

from . import scene
from .scene import CLOSES, NOON, browser, candidate, holder, minutes

ALL = tuple(RuleSpec(kind, 1, Decimal(10)) for kind in ("single", "blank", "order", "match", "short", "case"))
POINTS = "受理要书面告知（4 分）\n十五日内（6 分）"
TYPES = (
    QuestionDraft(type="blank", stem="复议申请期限是（　），受理期限是（　）。", answer="60 日|六十日\n5 日"),
    QuestionDraft(type="order", stem="按先后排列", options=("申请", "受理", "审理", "决定"), answer="ABCD"),
    QuestionDraft(
        type="match", stem="把事项和期限配对", prompts=("复议", "诉讼"), options=("六十日", "六个月", "三十日"), answer="AB"
    ),
    QuestionDraft(type="short", stem="说说受理的要求", answer=POINTS),
    QuestionDraft(type="case", stem="某镇收到一封来信。", children=(
        QuestionDraft(type="single", stem="应当几日内受理？", options=("五日", "十五日"), answer="B"),
        QuestionDraft(type="judge", stem="可以不告知。", answer="F"),
        QuestionDraft(type="short", stem="镇里该怎么办？", answer="登记\n转办"),
    )),
)  # fmt: skip


@pytest.fixture
def full(district, cadre):
    """An exam with one question of each type, marked by one person."""
    for draft in TYPES:
        bank_actions.create_question(district.bank, draft, by=district.boss, now=scene.OPENS)
    forget()
    return district.exam(rules=ALL)


@pytest.fixture
def sitting(full, cadre):
    return scene.sit(full, cadre)


RIGHT = {
    "blank": ["六十日", "5 日"], "order": {"申请": "1", "受理": "2", "审理": "3", "决定": "4"}, "short": ["书面告知，十五日内。"],
    "match": ["六十日", "六个月"], "judge": ["错误"],
}  # fmt: skip


def values(sitting, place):
    """What a page would send to answer this place right."""
    paper = paper_of(sitting.pk)
    kind, names = paper.kinds[place], paper.names.options[place]
    if kind == "order":
        return [RIGHT["order"][("申请", "受理", "审理", "决定")[original]] for original in paper.items[place].shown]
    if kind == "match":
        options = ("六十日", "六个月", "三十日")
        return [names[paper.items[place].shown.index(options.index(text))] for text in RIGHT["match"]]
    if kind in ("blank", "short"):
        return RIGHT[kind]
    return scene.answer_names(paper, place, keys_of(paper)[place][1])


def answer(sitting, *places, now=NOON, **other):
    paper = paper_of(sitting.pk)
    what = {
        paper.names.questions[place]: [other.get(paper.kinds[place], values(sitting, place)), 1]
        for place in places or range(len(paper.items))
    }
    return actions.save_answers(sitting.pk, what, epoch=sitting.epoch, now=now)


def handed_in(sitting):
    actions.submit_sitting(sitting.pk, by=sitting.candidate.user, now=NOON + minutes(10))
    return Sitting.objects.select_related("candidate__exam__unit", "candidate__user").get(pk=sitting.pk)


def test_a_case_becomes_its_sub_questions_and_its_marks_are_split_to_the_tenth(sitting):
    paper = paper_of(sitting.pk)
    assert paper.kinds == ("single", "blank", "order", "match", "short", "single", "judge", "short")
    assert [str(one.marks) for one in paper.items] == ["10.0"] * 5 + ["3.3", "3.3", "3.4"]
    assert [case is not None for case in paper.cases] == [False] * 5 + [True] * 3


@given(st.integers(1, 1000), st.integers(1, 12))
def test_split_marks_always_add_up(tenths, parts):
    shares = split_marks(Decimal(tenths) / 10, parts)
    assert (sum(shares), len(shares)) == (Decimal(tenths) / 10, parts)
    assert all(share >= 0 for share in shares)


def test_the_paper_shows_every_type_and_gives_back_what_is_saved(sitting, cadre):
    answer(sitting)
    with time_machine.travel(NOON + minutes(1), tick=False):
        client = browser(cadre)
        client.cookies["mf_device"] = "this"
        page = client.get(reverse("exams:paper", args=[sitting.pk])).content.decode()
    assert page.count("is-saved") == 8
    for text in ('value="六十日"', 'value="5 日"', ">书面告知，十五日内。</textarea>", "某镇收到一封来信。", "六、案例分析题"):
        assert text in page
    assert page.count(" selected") == 6  # four ranks, two partners
    assert page.count("某镇收到一封来信。") == 1
    assert "登记" not in page
    assert "受理要书面告知" not in page


def test_the_form_without_scripts_stores_the_same_as_the_page_with_them(sitting):
    paper = paper_of(sitting.pk)
    answer(sitting)
    before = Sitting.objects.get(pk=sitting.pk).answers
    whole = {name: values(sitting, place) for place, name in enumerate(paper.names.questions)}
    actions.save_sheet(sitting.pk, whole, epoch=sitting.epoch, now=NOON)
    assert Sitting.objects.get(pk=sitting.pk).answers == before
    actions.save_sheet(sitting.pk, {}, epoch=sitting.epoch, now=NOON)
    assert not any(one for one, _ in scene_sheet(sitting).values())


def scene_sheet(sitting):
    from exams.engine.sheet import load

    return load(Sitting.objects.get(pk=sitting.pk).answers)


def test_what_a_machine_can_mark_is_marked_and_the_rest_waits_without_a_result(sitting, full, cadre):
    answer(sitting)
    over = handed_in(sitting)
    assert (over.state, over.mark) == ("submitted", None)
    marks = list(over.responses.order_by("place").values_list("mark", flat=True))
    assert marks == [10, 10, 10, 10, None, Decimal("3.3"), Decimal("3.3"), None]
    line = candidate(full, cadre)
    assert (line.counted_id, line.counted_mark, line.passed) == (over.pk, None, None)
    with time_machine.travel(CLOSES + minutes(30), tick=False):
        page = browser(cadre).get(reverse("exams:result", args=[over.pk])).content.decode()
    assert "正在阅卷" in page
    assert "受理要书面告知" not in page


def test_written_questions_left_empty_wait_for_nobody(sitting):
    answer(sitting, 0, 1, 2, 3, 5, 6)
    over = handed_in(sitting)
    assert (over.state, over.mark) == ("marked", Decimal("46.6"))


def marker(district, name):
    return holder(district, "marker", name=name)


def test_with_the_last_mark_the_sitting_is_marked_and_counts(district, sitting, full, cadre):
    answer(sitting)
    over, person = handed_in(sitting), marker(district, "阅卷甲")
    actions.mark_script(over, 4, mark=Decimal("8.5"), note="缺期限", by=person, now=NOON + minutes(20))
    assert Sitting.objects.get(pk=over.pk).state == "submitted"
    actions.mark_script(over, 7, mark=Decimal(3), by=person, now=NOON + minutes(21))
    done = Sitting.objects.get(pk=over.pk)
    assert (done.state, done.mark) == ("marked", Decimal("58.1"))
    assert list(unproved_marks()) == []
    line = candidate(full, cadre)
    assert (line.counted_mark, line.passed) == (Decimal("58.1"), False)
    with pytest.raises(AlreadySo):
        actions.mark_script(over, 7, mark=Decimal(1), by=person, now=NOON + minutes(22))


def test_a_marker_changes_the_own_mark_while_the_sitting_is_not_wholly_marked(district, sitting):
    answer(sitting)
    over, person = handed_in(sitting), marker(district, "阅卷甲")
    for mark in (2, 9):
        actions.mark_script(over, 4, mark=Decimal(mark), by=person, now=NOON + minutes(20))
    assert Response.objects.get(sitting=over, place=4).mark == 9
    assert over.script_marks.count() == 1


@pytest.mark.parametrize("mark", ["-0.5", "10.1", "3.25"])
def test_a_mark_outside_of_the_question_is_refused(district, sitting, mark):
    answer(sitting)
    with pytest.raises(BadMark):
        actions.mark_script(handed_in(sitting), 4, mark=Decimal(mark), by=marker(district, "阅卷甲"), now=NOON + minutes(20))


def test_two_markers_who_agree_are_averaged_and_two_who_do_not_go_to_the_organiser(district, sitting, full):
    Exam.objects.update(markers=2, tolerance=Decimal("2.0"))
    answer(sitting)
    over = handed_in(sitting)
    one, two = marker(district, "阅卷甲"), marker(district, "阅卷乙")
    setter, now = holder(district, "setter", name="组织者"), NOON + minutes(20)
    actions.mark_script(over, 7, mark=Decimal("2.0"), by=one, now=now)
    actions.mark_script(over, 7, mark=Decimal("2.0"), by=one, now=now)  # nobody is both markers: this changes the first
    assert over.script_marks.filter(place=7).count() == 1
    actions.mark_script(over, 7, mark=Decimal("2.5"), by=two, now=now)
    assert Response.objects.get(sitting=over, place=7).mark == Decimal("2.3")
    actions.mark_script(over, 4, mark=Decimal(9), by=one, now=now)
    actions.mark_script(over, 4, mark=Decimal(4), by=two, now=now)
    assert Response.objects.get(sitting=over, place=4).mark is None
    third = marker(district, "阅卷丙")
    assert next_script(full, third, waiting_scripts(Exam.objects.get(pk=full.pk))) is None
    with pytest.raises(NotYours):
        actions.mark_script(over, 4, mark=Decimal(6), by=third, now=now)
    actions.mark_script(over, 4, mark=Decimal(7), by=setter, now=now)
    assert Sitting.objects.get(pk=over.pk).mark == Decimal("46.6") + Decimal("2.3") + 7


marks = st.integers(0, 200).map(lambda tenths: Decimal(tenths) / 10)


@given(st.lists(marks, max_size=3), st.sampled_from([1, 2]), marks)
def test_an_answer_waits_for_one_round_or_has_one_mark_never_both(given_marks, markers, tolerance):
    where = standing(given_marks, markers=markers, tolerance=tolerance)
    assert (where.next is None) != (where.mark is None)
    if where.mark is not None:
        assert min(given_marks) <= where.mark <= max(given_marks)


def test_nobody_marks_the_own_paper_and_markers_see_no_names(district, sitting, full, cadre):
    answer(sitting)
    over, person = handed_in(sitting), marker(district, "阅卷甲")
    with pytest.raises(OwnCase):
        actions.mark_script(over, 4, mark=Decimal(10), by=cadre, now=NOON + minutes(20))
    with time_machine.travel(NOON + minutes(20), tick=False):
        page = browser(person)
        desk = page.get(reverse("exams:marking", args=[full.pk])).content.decode()
        script = page.get(reverse("exams:marking_next", args=[full.pk]), follow=True).content.decode()
    for text in (desk, script):
        main = text.split("<main")[1]
        assert cadre.name not in main
        assert cadre.username not in main
        assert "穗安街道" not in main
    assert "受理要书面告知（4 分）" in script or "登记" in script


def test_AL1_a_marker_who_may_still_sit_the_exam_has_no_desk_before_it_is_over(district, sitting, full):
    """The points to look for are the key of his own paper."""
    answer(sitting)
    over, person = handed_in(sitting), marker(district, "阅卷甲")
    Candidate.objects.create(exam=full, user=person, unit=district.town, category="civil")
    addresses = [
        reverse("exams:marking", args=[full.pk]), reverse("exams:marking_next", args=[full.pk]),
        reverse("exams:script", args=[full.pk, over.pk, 4]),
    ]  # fmt: skip

    def found(now):
        with time_machine.travel(now, tick=False):
            page = browser(person)
            statuses = {page.get(address).status_code for address in addresses}
            return statuses, addresses[0] in page.get(reverse("me")).content.decode()

    assert found(NOON + minutes(20)) == ({404}, False)
    assert found(full.keys_from) == ({200, 302}, True)


def test_the_desk_is_worked_with_the_keyboard_alone_from_the_first_answer_to_the_last(district, sitting, full):
    answer(sitting)
    handed_in(sitting)
    person = marker(district, "阅卷甲")
    with time_machine.travel(NOON + minutes(20), tick=False):
        page = browser(person)
        for mark in ("3", "2.5"):
            at = page.get(reverse("exams:marking_next", args=[full.pk]))
            assert "autofocus" in page.get(at.url).content.decode()
            assert page.post(at.url, {"mark": "99"}).status_code == 400
            assert page.post(at.url, {"mark": mark}).status_code == 302
        desk = page.get(reverse("exams:marking", args=[full.pk])).content.decode()
    assert "全部评完了" in desk
    assert desk.count("1 / 1") >= 2


def test_markers_find_what_waits_for_them_on_their_start_page_and_nobody_else_does(district, sitting, full, cadre):
    answer(sitting)
    handed_in(sitting)
    other = holder(district, "marker", unit=district.other_town, name="外单位")
    with time_machine.travel(NOON + minutes(20), tick=False):
        pages = [browser(who).get("/me/").content.decode() for who in (marker(district, "阅卷甲"), other, cadre)]
    assert [reverse("exams:marking", args=[full.pk]) in page for page in pages] == [True, False, False]


def test_strangers_and_candidates_have_no_desk(district, sitting, full, cadre):
    answer(sitting)
    over = handed_in(sitting)
    other = holder(district, "marker", unit=district.other_town, name="外单位")
    for who in (cadre, other, holder(district, "leader", name="领导")):
        page = browser(who)
        for address in (
            reverse("exams:marking", args=[full.pk]), reverse("exams:marking_next", args=[full.pk]),
            reverse("exams:script", args=[full.pk, over.pk, 4]),
        ):  # fmt: skip
            assert page.get(address).status_code == 404
    assert over.script_marks.count() == 0


def test_after_closing_the_result_shows_the_answer_beside_the_key_for_every_type(district, sitting, cadre):
    answer(sitting)
    over, person = handed_in(sitting), marker(district, "阅卷甲")
    actions.mark_script(over, 4, mark=Decimal(8), by=person, now=NOON + minutes(20))
    actions.mark_script(over, 7, mark=Decimal(3), by=person, now=NOON + minutes(20))
    with time_machine.travel(CLOSES + minutes(1), tick=False):
        page = browser(cadre).get(reverse("exams:result", args=[over.pk])).content.decode()
    for text in ("60 日 或 六十日", "1. 申请", "复议 — 六十日", "受理要书面告知（4 分）", "10 分，得 8 分", "某镇收到一封来信。"):
        assert text in page


def test_whoever_waits_for_a_marker_has_sat_and_is_neither_failed_nor_due_again(district, sitting, full, cadre):
    from exams import makeups, queries

    answer(sitting)
    handed_in(sitting)
    heads = queries.standing(full)
    assert (heads.due, heads.sat, heads.passed) == (1, 1, 0)
    assert makeups.due_again(full) == []
