"""报错和更正: a wrong question is found, looked at, corrected for everybody at once, and everybody is told."""
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from mingfa.bank.marking import mark_question
from wagtail.models import ModelLogEntry

from exams import actions, corrections, queries
from exams.engine.correcting import Correction, corrected_mark
from exams.engine.refusals import AlreadySo, NothingSaid, Outdated, WrongState
from exams.models import Exam, FaultReport, KeyCorrection, MarkChange, Response, Sitting
from exams.papers import keys_of, paper_of
from exams.proving import unproved_marks

from . import scene
from .scene import CLOSES, NOON, browser, candidate, holder, minutes

LATER = NOON + minutes(30)
EVERYBODY = Correction((), everybody=True)


@pytest.fixture
def sat(district, exam, cadre):
    """Three handed in: everything right, all but the first wrong, everything wrong; the same paper for all."""
    found = []
    for name, places in (("甲", None), ("乙", [0]), ("丙", [])):
        user = district.person(name)
        # Frozen rosters do not grow: they get their own line as a makeup roster would.
        from exams.models import Candidate

        Candidate.objects.create(exam=exam, user=user, unit=district.town, category="civil")
        sitting = scene.sit(exam, user)
        if places is None or places:
            scene.answer_all(sitting, places=places)
        rest = [place for place in range(8) if places is not None and place not in places]
        if rest:
            actions.save_answers(sitting.pk, scene.changes(sitting, rest, right=False, seq=2), epoch=1, now=NOON)
        actions.submit_sitting(sitting.pk, by=user, now=NOON + minutes(10))
        found.append(Sitting.objects.select_related("candidate__exam", "candidate__user").get(pk=sitting.pk))
    return found


def first(sitting):
    """(version id, type, key) of the first question of the paper."""
    paper = paper_of(sitting.pk)
    return paper.items[0].version_id, *keys_of(paper)[0]


def make(exam, version, correction, *, by, now=LATER, seen=None):
    exam = Exam.objects.get(pk=exam.pk)
    seen = corrections.effect_of(exam, version, correction).digest if seen is None else seen
    return actions.correct_question(exam, version, correction, reason="依据修订后的条文", seen=seen, by=by, now=now)


def total(sitting):
    return Sitting.objects.get(pk=sitting.pk).mark


def test_a_changed_key_turns_right_and_wrong_over_in_every_paper_and_keeps_what_it_was(district, exam, sat):
    version, _, key = first(sat[0])
    wrong = "D" if key == "A" else "A"
    before = [total(one) for one in sat]
    made = make(exam, version, Correction((wrong,)), by=district.boss)
    after = [total(one) for one in sat]
    assert [b - a for a, b in zip(before, after, strict=True)] == [-10, -10, 10]
    assert [(row.before, row.after) for row in made.changes.order_by("sitting_id")] == list(zip(before, after, strict=True))
    for sitting in sat:
        assert sum(Response.objects.filter(sitting=sitting).values_list("mark", flat=True)) == total(sitting)
        line = candidate(exam, sitting.candidate.user)
        assert (line.counted_mark, line.passed) == (total(sitting), total(sitting) >= exam.pass_mark)
    assert ModelLogEntry.objects.get(action="exams.correct_question").data["sittings"] == 3


def test_OP5_what_a_correction_gave_is_proved_by_the_log_and_what_somebody_else_gave_is_not(district, exam, sat):
    version, _, key = first(sat[0])
    make(exam, version, Correction(("D" if key == "A" else "A",)), by=district.boss)
    assert list(unproved_marks()) == []
    assert ModelLogEntry.objects.filter(action="exams.change_mark").count() == 3
    Sitting.objects.filter(pk=sat[1].pk).update(mark=total(sat[1]) + 10)  # as it was before the correction
    [words] = unproved_marks()
    assert f"作答 {sat[1].pk}：" in words


def test_the_look_before_says_exactly_what_the_correction_then_does(district, exam, sat):
    version = first(sat[0])[0]
    Exam.objects.update(pass_mark=Decimal(15))
    looked = corrections.effect_of(Exam.objects.get(pk=exam.pk), version, EVERYBODY)
    assert (len(looked.sittings), looked.heads["up"], looked.heads["pass"], looked.heads["fail"]) == (1, 1, 0, 0)
    assert MarkChange.objects.count() == 0
    make(exam, version, EVERYBODY, by=district.boss)
    assert {row.sitting_id: (row.before, row.after) for row in MarkChange.objects.all()} == looked.sittings
    assert corrections.effect_of(Exam.objects.get(pk=exam.pk), version, EVERYBODY).responses == {}


def test_a_second_right_answer_takes_nothing_from_anybody(district, exam, sat):
    version, _, key = first(sat[0])
    wrong = "D" if key == "A" else "A"
    before = [total(one) for one in sat]
    make(exam, version, Correction((key, wrong)), by=district.boss)
    assert [total(one) - was for one, was in zip(sat, before, strict=True)] == [0, 0, 10]


def test_who_hands_in_afterwards_is_marked_by_the_corrected_key(district, exam, sat, cadre):
    version, _, key = first(sat[0])
    wrong = "D" if key == "A" else "A"
    sitting = scene.sit(exam, cadre, now=NOON + minutes(20))
    scene.answer_all(sitting, now=NOON + minutes(21))
    make(exam, version, Correction((wrong,)), by=district.boss)
    done = actions.submit_sitting(sitting.pk, by=cadre, now=NOON + minutes(40))
    assert done.mark == 90
    assert Response.objects.get(sitting=done, version=version).mark == 0


def test_a_hand_in_that_was_read_before_the_correction_is_marked_after_it(district, exam, sat, cadre):
    version, _, key = first(sat[0])
    sitting = scene.sit(exam, cadre, now=NOON + minutes(20))
    scene.answer_all(sitting, now=NOON + minutes(21))
    read = Sitting.objects.select_related("candidate__exam").get(pk=sitting.pk)
    make(exam, version, Correction(("D" if key == "A" else "A",)), by=district.boss)
    assert actions.submit_sitting(sitting.pk, by=cadre, now=NOON + minutes(40), read=read).mark == 90


def test_what_changed_since_the_look_is_looked_at_again_and_nothing_is_half_done(district, exam, sat):
    version = first(sat[0])[0]
    with pytest.raises(Outdated):
        make(exam, version, EVERYBODY, by=district.boss, seen="0" * 64)
    assert (KeyCorrection.objects.count(), total(sat[2])) == (0, 0)


def test_a_look_at_other_marks_confirms_nothing_even_where_as_many_people_are_concerned(district, exam, sat):
    version, _, key = first(sat[0])
    others = [letter for letter in "ABCD" if letter != key][:2]
    one, two = (corrections.effect_of(exam, version, Correction((letter,))) for letter in others)
    if one.sittings == two.sittings:
        one = corrections.effect_of(exam, version, Correction((key,)))
    assert one.digest != two.digest
    with pytest.raises(Outdated):
        make(exam, version, Correction((others[1],)), by=district.boss, seen=one.digest)
    assert KeyCorrection.objects.count() == 0


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_drafts_and_archived_exams_are_not_corrected(district, exam, sat, state):
    Exam.objects.update(state=state)
    with pytest.raises(WrongState):
        make(exam, first(sat[0])[0], EVERYBODY, by=district.boss)


def test_the_last_correction_of_a_question_holds_and_the_history_stays(district, exam, sat):
    version, _, key = first(sat[0])
    before = [total(one) for one in sat]
    make(exam, version, Correction(("D" if key == "A" else "A",)), by=district.boss)
    make(exam, version, Correction((key,)), by=district.boss, now=LATER + minutes(5))
    assert [total(one) for one in sat] == before
    heads = [(one.before["passed"], one.after["passed"]) for one in KeyCorrection.objects.order_by("pk")]
    assert heads[0][0] == heads[1][1] == queries.standing(exam).passed


def test_a_report_reaches_the_setter_and_the_answer_comes_back(district, exam, sat):
    sitting, user = sat[1], sat[1].candidate.user
    setter = holder(district, "setter")
    with time_machine.travel(LATER, tick=False):
        own, office = browser(user), browser(setter)
        address = reverse("exams:fault", args=[sitting.pk])
        assert own.post(address, {"number": "", "text": "x"}).status_code == 400
        assert own.post(address, {"number": "99", "text": "x"}).status_code == 400
        page = own.post(address, {"number": "1", "text": "两个选项都对"}, follow=True).content.decode()
        assert "第 1 题的问题已经交给出题人" in page
        version = FaultReport.objects.get().version_id
        assert f"faults/{version}/" in office.get(reverse("exams:faults", args=[exam.pk])).content.decode()
        assert "两个选项都对" in office.get(reverse("exams:correct", args=[exam.pk, version])).content.decode()
        office.post(reverse("exams:reply", args=[exam.pk, version]), {"reply": "核对过，只有一项对"})
        page = own.get(address).content.decode()
    assert "核对过，没有问题" in page
    assert "核对过，只有一项对" in page
    with pytest.raises(AlreadySo):
        actions.report_fault(sitting, 0, text="再说一次", by=user, now=LATER)


@pytest.mark.parametrize(("place", "text"), [(-1, "x"), (8, "x"), (0, "   ")])
def test_a_report_that_says_nothing_is_refused(sat, place, text):
    with pytest.raises(NothingSaid):
        actions.report_fault(sat[0], place, text=text, by=sat[0].candidate.user, now=LATER)


def test_the_setter_looks_confirms_and_the_candidate_reads_what_became_of_it(district, exam, sat):
    version, _, key = first(sat[0])
    wrong = "D" if key == "A" else "A"
    actions.report_fault(sat[2], 0, text="答案和条文不符", by=sat[2].candidate.user, now=LATER)
    with time_machine.travel(LATER, tick=False):
        office = browser(holder(district, "setter"))
        address = reverse("exams:correct", args=[exam.pk, version])
        form = {"kind": "key", "answer": wrong, "reason": "第十七条已经修订"}
        assert "答案“Z”不在选项里" in office.post(address, {**form, "answer": "Z"}).content.decode()
        look = office.post(address, {**form, "do": "look"}).content.decode()
        assert "1 人升，2 人降" in look
        assert KeyCorrection.objects.count() == 0
        seen = look.split('name="seen" value="')[1].split('"')[0]
        done = office.post(address, {**form, "seen": seen, "do": "commit"}, follow=True).content.decode()
        assert "已更正，3 份试卷的成绩有变动" in done
        own = browser(sat[2].candidate.user)
        result = own.get(reverse("exams:result", args=[sat[2].pk])).content.decode()
        assert "由 0 分改为 10 分" in result
        pages = own.get("/me/"), own.get(reverse("exams:fault", args=[sat[2].pk]))
        assert "第十七条已经修订" not in result + "".join(page.content.decode() for page in pages)  # it may tell the key
        assert "有一题作了更正" in pages[0].content.decode()
    with time_machine.travel(CLOSES + minutes(1), tick=False):
        assert "这道题的答案已更正" in browser(sat[0].candidate.user).get(
            reverse("exams:result", args=[sat[0].pk])
        ).content.decode()
        own = browser(sat[2].candidate.user)
        for address in ("/me/", reverse("exams:result", args=[sat[2].pk]), reverse("exams:fault", args=[sat[2].pk])):
            assert "第十七条已经修订" in own.get(address).content.decode()
    assert FaultReport.objects.get().state == "corrected"


def test_reports_and_corrections_are_out_of_reach_for_everybody_else(district, exam, sat, cadre):
    version = first(sat[0])[0]
    assert browser(cadre).get(reverse("exams:fault", args=[sat[0].pk])).status_code == 404
    strangers = (sat[0].candidate.user, holder(district, "setter", unit=district.other_town, name="外单位"))
    for who in (*strangers, holder(district, "leader", name="领导")):
        page = browser(who)
        assert page.get(reverse("exams:faults", args=[exam.pk])).status_code == 404
        assert page.get(reverse("exams:correct", args=[exam.pk, version])).status_code == 404
        assert page.post(reverse("exams:reply", args=[exam.pk, version]), {"reply": "x"}).status_code == 404
    unused = district.bank.questions.exclude(current__in=[one.version_id for one in paper_of(sat[0].pk).items]).first()
    assert browser(holder(district, "setter")).get(
        reverse("exams:correct", args=[exam.pk, unused.current_id])
    ).status_code == 404


def test_AL4_a_setter_who_does_not_keep_the_bank_sees_no_key_before_the_end(district, exam, sat):
    district.bank.unit = district.other_town
    district.bank.save()
    version = first(sat[0])[0]
    town = holder(district, "setter", unit=district.town, name="镇出题人")
    Exam.objects.update(unit=district.town)
    with time_machine.travel(LATER, tick=False):
        page = browser(town).get(reverse("exams:correct", args=[exam.pk, version])).content.decode()
        assert scene.SECRET not in page
        assert "试卷上的答案" not in page
        refused = browser(town).post(
            reverse("exams:correct", args=[exam.pk, version]), {"kind": "everybody", "reason": "x", "do": "commit"}
        )
    assert (refused.status_code, KeyCorrection.objects.count()) == (200, 0)
    with time_machine.travel(CLOSES + minutes(1), tick=False):
        assert "试卷上的答案" in browser(town).get(reverse("exams:correct", args=[exam.pk, version])).content.decode()


letters = st.sets(st.sampled_from("ABCD"), min_size=1).map(lambda chosen: "".join(sorted(chosen)))


@given(letters, letters, letters, st.integers(1, 100))
def test_a_further_accepted_key_never_lowers_and_full_marks_for_all_are_the_most(key, other, answer, tenths):
    full = Decimal(tenths) / 10
    how = {"policy": "half_for_subset", "mark_question": mark_question}
    old = mark_question("multiple", key, answer, full, "half_for_subset")
    assert corrected_mark("multiple", Correction((key,)), answer, full, **how) == old
    assert corrected_mark("multiple", Correction((key, other)), answer, full, **how) >= old
    assert corrected_mark("multiple", EVERYBODY, "", full, **how) == full


def test_AL3_why_a_question_was_corrected_waits_for_the_release_where_results_do(district, exam, sat):
    Exam.objects.filter(pk=exam.pk).update(result_policy="after_release")
    version, _, key = first(sat[0])
    user = sat[0].candidate.user
    actions.report_fault(sat[0], 0, text="有争议", by=user, now=LATER)
    make(exam, version, Correction(("D" if key == "A" else "A",)), by=district.boss)
    addresses = [reverse("me"), reverse("exams:fault", args=[sat[0].pk]), reverse("exams:result", args=[sat[0].pk])]

    def told(now):
        with time_machine.travel(now, tick=False):
            return ["依据修订后的条文" in browser(user).get(address).content.decode() for address in addresses]

    assert told(CLOSES + minutes(5)) == [False, False, False]
    actions.release_results(Exam.objects.get(pk=exam.pk), by=district.boss, now=CLOSES + minutes(6))
    assert told(CLOSES + minutes(7)) == [True, True, True]


def test_AL1_while_the_own_paper_is_open_no_reason_is_told_whatever_the_policy(district, exam, sat, cadre):
    Exam.objects.filter(pk=exam.pk).update(result_policy="at_once")
    sitting = scene.sit(exam, cadre)
    version, _, key = first(sitting)
    actions.report_fault(sitting, 0, text="有争议", by=cadre, now=LATER)
    make(exam, version, Correction(("D" if key == "A" else "A",)), by=district.boss)
    with time_machine.travel(LATER, tick=False):
        assert "依据修订后的条文" not in browser(cadre).get(reverse("exams:fault", args=[sitting.pk])).content.decode()
