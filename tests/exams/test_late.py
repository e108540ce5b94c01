"""迟到的答案: changed before the end, arrived after it. Neither dropped nor counted until somebody decides."""
import re
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from mingfa.bank.marking import mark_question
from wagtail.models import ModelLogEntry

from exams import actions
from exams.engine import sheet as engine_sheet
from exams.engine.late import arrived_in_grace, was_in_time
from exams.engine.refusals import AlreadySo, BadAnswer, OwnCase, Replaced, SittingEnded, WrongState
from exams.engine.scoring import mark_sheet
from exams.models import Exam, LateAnswer, Sitting
from exams.papers import keys_of, paper_of
from exams.proving import unproved_marks

from . import scene
from .scene import NOON, browser, candidate, holder, minutes

END = NOON + minutes(60)
LAST, SOON = END - minutes(1), END + minutes(2)


def ms(moment):
    return int(moment.timestamp() * 1000)


def ended(sitting, now=END):
    """The sitting as the server has ended it."""
    actions.end_overdue_sittings(now=now)
    return Sitting.objects.select_related("candidate__exam", "candidate__user").get(pk=sitting.pk)


def sent(sitting, places, *, at=LAST, right=True):
    return {name: [options, ms(at)] for name, (options, _) in scene.changes(sitting, places, right=right).items()}


def store(sitting, what, *, epoch=None, now=SOON):
    return actions.store_late_answers(sitting, what, epoch=epoch or sitting.epoch, now=now)


def decide(sitting, **how):
    """About all that has arrived by now, unless `seen` says otherwise."""
    seen = max(LateAnswer.objects.values_list("pk", flat=True), default=0)
    return actions.decide_late_answers(sitting, **{"seen": seen, **how})


@pytest.fixture
def exam(district, cadre):
    return district.exam(grace_minutes=10)


@pytest.fixture
def over(sitting):
    """Ended by time with the first three questions answered right."""
    scene.answer_all(sitting, places=[0, 1, 2])
    return ended(sitting)


def test_what_arrives_in_the_grace_is_kept_with_both_times_and_changes_no_mark(over):
    before = (over.mark, candidate(over.candidate.exam, over.candidate.user).counted_mark)
    assert store(over, sent(over, [3, 4])) == 2
    kept = over.late_answers.get(place=3)
    assert (kept.changed_at, kept.arrived_at, kept.state) == (END - minutes(1), END + minutes(2), "pending")
    again = ended(over)
    assert (again.mark, candidate(again.candidate.exam, again.candidate.user).counted_mark) == before


def test_the_same_answers_sent_again_are_the_same_answers(over):
    assert [store(over, sent(over, [3, 4]), now=END + minutes(n)) for n in (1, 2, 3)] == [2, 2, 2]
    assert LateAnswer.objects.count() == 2
    assert ModelLogEntry.objects.filter(action="exams.store_late_answers").count() == 1


def test_accepted_answers_count_and_the_mark_is_that_of_marking_the_sheet_anew(district, over):
    before = over.mark
    store(over, sent(over, [3, 4]))
    assert decide(over, accepted=True, reason="断网属实", by=district.boss, now=END + minutes(30)) == 2
    after = ended(over)
    paper = paper_of(over.pk)
    again = mark_sheet(
        paper.items, keys_of(paper), engine_sheet.load(after.answers), policy=after.candidate.exam.multiple_policy,
        mark_question=mark_question,
    )  # fmt: skip
    assert after.mark == again.total == before + paper.items[3].marks + paper.items[4].marks
    assert candidate(after.candidate.exam, after.candidate.user).counted_mark == after.mark
    assert sum(after.responses.values_list("mark", flat=True)) == after.mark
    data = ModelLogEntry.objects.get(action="exams.decide_late_answers").data
    assert (Decimal(data["before"]), Decimal(data["after"]), data["reason"]) == (before, after.mark, "断网属实")
    assert list(unproved_marks()) == []
    after.mark = before
    after.save(update_fields=["mark"])
    assert len(list(unproved_marks())) == 1


def test_refused_answers_stay_on_record_and_count_nothing(district, over):
    before = over.mark
    store(over, sent(over, [3]))
    decide(over, accepted=False, reason="时间不可信", by=district.boss, now=END + minutes(30))
    kept = LateAnswer.objects.get()
    assert (kept.state, kept.reason, ended(over).mark) == ("refused", "时间不可信", before)
    with pytest.raises(AlreadySo):
        decide(over, accepted=True, reason="再来", by=district.boss, now=END + minutes(31))


def test_an_accepted_answer_can_make_a_blank_sheet_a_valid_one(district, cadre, sitting):
    over = ended(sitting)
    assert candidate(over.candidate.exam, cadre).counted is None
    store(over, sent(over, range(8)))
    decide(over, accepted=True, reason="断网属实", by=district.boss, now=END + minutes(30))
    assert candidate(over.candidate.exam, cadre).counted_mark == 100


def test_nothing_is_taken_after_the_grace_or_when_there_is_none(over):
    with pytest.raises(SittingEnded):
        store(over, sent(over, [3]), now=END + minutes(10))
    Exam.objects.update(grace_minutes=0)
    with pytest.raises(SittingEnded):
        store(ended(over), sent(over, [3]), now=END + timedelta(seconds=1))
    assert LateAnswer.objects.count() == 0


def test_who_has_handed_in_brings_nothing_more(cadre, sitting):
    actions.submit_sitting(sitting.pk, by=cadre, now=END - minutes(5))
    with pytest.raises(SittingEnded):
        store(ended(sitting), sent(sitting, [3], at=END - minutes(6)), now=END - minutes(4))


def test_changes_that_claim_a_moment_outside_the_sitting_are_left_out(over):
    assert store(over, sent(over, [3], at=END)) == 0
    assert store(over, sent(over, [3], at=NOON - timedelta(seconds=1))) == 0
    assert store(over, sent(over, [0])) == 0  # says what is stored already
    assert LateAnswer.objects.count() == 0


def test_a_device_that_was_replaced_brings_nothing_back(cadre, sitting):
    actions.take_over(sitting, by=cadre, now=NOON, device="other")
    with pytest.raises(Replaced):
        store(ended(sitting), sent(sitting, [3]), epoch=1)


BAD = [
    {"q": 1}, {"q": [["x"]]}, {"nobody0": [["x"], 5]}, {"q": [["x"], True]}, {"q": [["x"], 10**20]}, {"q": [["x"], "5"]},
]  # fmt: skip


@pytest.mark.parametrize("what", [None, [], *BAD])
def test_SI11_what_holds_no_change_of_this_paper_is_refused(over, what):
    with pytest.raises(BadAnswer):
        store(over, what)
    assert LateAnswer.objects.count() == 0


@pytest.mark.parametrize("what", BAD)
def test_SI11_a_change_that_cannot_be_read_does_not_cost_the_others(over, what):
    assert store(over, {**what, **sent(over, [3])}) == 1
    assert LateAnswer.objects.get().place == 3


def test_what_comes_while_the_organiser_decides_is_not_decided_about(district, over):
    store(over, sent(over, [3]))
    seen = LateAnswer.objects.get().pk
    store(over, sent(over, [4]))
    assert decide(over, accepted=True, reason="断网属实", seen=seen, by=district.boss, now=END + minutes(5)) == 1
    assert list(LateAnswer.objects.values_list("place", "state")) == [(3, "accepted"), (4, "pending")]


def test_nothing_is_decided_about_an_exam_that_is_archived(district, over):
    store(over, sent(over, [3]))
    Exam.objects.update(state="archived")
    with pytest.raises(WrongState):
        decide(over, accepted=True, reason="断网属实", by=district.boss, now=END + minutes(5))
    assert LateAnswer.objects.get().state == "pending"


def post(user, sitting, body, now=SOON):
    with time_machine.travel(now, tick=False):
        return browser(user).post(reverse("exams:late", args=[sitting.pk]), body, content_type="application/json")


def test_the_page_is_told_what_becomes_of_it_and_so_is_the_result(district, cadre, over):
    reply = post(cadre, over, {"changes": sent(over, [3, 4]), "epoch": over.epoch})
    assert reply.json() == {"waiting": 2, "words": "有 2 题在收卷以后才送到，已经登记，等组织单位决定是否计入。"}

    def result():
        with time_machine.travel(END + minutes(3), tick=False):
            return browser(cadre).get(reverse("exams:result", args=[over.pk])).content.decode()

    assert "等组织单位决定是否计入，现在的成绩里没有它们" in result()
    decide(over, accepted=True, reason="断网属实", by=district.boss, now=END + minutes(3))
    assert "收卷以后送到的答案已计入成绩" in result()


@pytest.mark.parametrize("body", ["", "{", "[]", '{"changes": 5, "epoch": 1}', '{"epoch": 1}', "[" * 5000])
def test_a_body_that_is_no_list_of_changes_gets_a_sentence_and_never_a_500(cadre, over, body):
    reply = post(cadre, over, body)
    assert reply.status_code == 400
    assert reply.json()["words"] == "收到的内容不完整。请刷新页面后再试"


def test_late_answers_are_brought_by_their_own_candidate_and_decided_by_the_organiser_alone(district, cadre, over):
    other = holder(district, "setter", unit=district.other_town, name="外单位")
    assert post(other, over, {"changes": {}, "epoch": 1}).status_code == 404
    assert Client().post(reverse("exams:late", args=[over.pk]), {}, content_type="application/json").status_code == 302
    store(over, sent(over, [3]))
    for who in (cadre, other, holder(district, "leader", name="领导")):
        with time_machine.travel(END + minutes(5), tick=False):
            address = reverse("exams:late_decide", args=[over.pk])
            assert browser(who).post(address, {"do": "accept", "reason": "x"}).status_code == 404
    assert LateAnswer.objects.get().state == "pending"
    with pytest.raises(OwnCase):
        decide(over, accepted=True, reason="x", by=cadre, now=END + minutes(5))


def test_the_room_lists_them_with_both_times_and_decides_with_a_reason(district, cadre, over):
    store(over, sent(over, [3, 4]))
    setter = holder(district, "setter")
    with time_machine.travel(END + minutes(5), tick=False):
        page = browser(setter)
        text = page.get(reverse("exams:room", args=[over.candidate.exam_id])).content.decode()
        assert "2 题迟到（第 4 题 12:59:00 改、13:02:00 送到" in text
        address = reverse("exams:late_decide", args=[over.pk])
        seen = re.search(r'name="seen" value="(\d+)"', text)[1]
        assert "没有办理：请写原因" in page.post(address, {"do": "accept", "seen": seen}, follow=True).content.decode()
        choice = page.post(address, {"reason": "断网", "seen": seen}, follow=True).content.decode()
        assert "没有办理：请选择计入或者不计入" in choice
        blind = page.post(address, {"do": "accept", "reason": "断网"}, follow=True).content.decode()
        assert "没有办理：请刷新页面后再决定" in blind
        assert LateAnswer.objects.filter(state="pending").count() == 2
        done = page.post(address, {"do": "accept", "reason": "断网属实", "seen": seen}, follow=True).content.decode()
    assert "迟到的答案已计入，成绩已重新计算" in done
    assert "收卷以后才送到的答案" not in done


moments = st.datetimes(min_value=NOON.replace(tzinfo=None), max_value=(NOON + timedelta(days=1)).replace(tzinfo=None))


@given(moments, st.integers(0, 240))
def test_the_grace_begins_at_the_end_and_is_exactly_as_long_as_set(arrived, grace):
    arrived = arrived.replace(tzinfo=NOON.tzinfo)
    inside = arrived_in_grace(arrived, ends_at=END, grace_minutes=grace)
    assert inside == (END <= arrived < END + minutes(grace))
    assert not (inside and was_in_time(arrived, started_at=NOON, ends_at=END))


def test_AL3_who_was_cut_off_by_time_reads_no_key_while_late_answers_may_still_arrive(district, cadre, sitting):
    Exam.objects.update(result_policy="at_once")
    over = ended(sitting)

    def pages(now):
        with time_machine.travel(now, tick=False):
            page = browser(cadre)
            return page.get(reverse("exams:result", args=[over.pk])), page.get(reverse("exams:wrong"))

    result, book = (reply.content.decode() for reply in pages(END + minutes(9)))
    assert scene.SECRET not in result + book
    assert "还可能收到断网时的答案，之后才能看答案和解析" in result
    result, book = (reply.content.decode() for reply in pages(END + minutes(10)))
    assert (scene.SECRET in result, scene.SECRET in book) == (True, True)


def test_AL3_nobody_reads_a_key_while_a_colleagues_late_answers_may_still_arrive(district, cadre, exam):
    colleague = district.person("同事")
    exam = district.exam(grace_minutes=10)
    sitting = scene.sit(exam, colleague, now=scene.CLOSES - minutes(30))
    scene.answer_all(sitting, places=[0], now=scene.CLOSES - minutes(29))
    actions.submit_sitting(sitting.pk, by=colleague, now=scene.CLOSES - minutes(20))

    def seen(now):
        with time_machine.travel(now, tick=False):
            page = browser(colleague)
            pages = page.get(reverse("exams:result", args=[sitting.pk])), page.get(reverse("exams:wrong"))
            return [scene.SECRET in reply.content.decode() for reply in pages]

    assert seen(scene.CLOSES + minutes(9)) == [False, False]
    assert seen(scene.CLOSES + minutes(10)) == [True, True]
