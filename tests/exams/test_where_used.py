"""Where a question is used in exams, as far as the person who asks sets them."""

from mingfa.bank import actions as bank_actions
from mingfa.bank.models import Question
from mingfa.bank.registry import uses_of
from mingfa.people.models import Role

from exams import actions
from exams.papers import paper_of

from . import scene


def of_exams(question, user):
    question = Question.objects.select_related("current").get(pk=question.pk)
    return [(use.name, use.facts) for use in uses_of(question, user, scene.NOON) if use.kind == "考试"]


def test_exams_that_may_draw_a_question_are_named_to_their_setter_and_to_nobody_else(district):
    exam = district.exam(name="季度考试", publish=False)
    question = Question.objects.filter(current__type="single").first()
    setter = scene.holder(district, Role.SETTER)
    assert of_exams(question, setter) == [("季度考试", f"{exam.get_state_display()}，组卷规则可能抽到")]
    for stranger in (
        scene.holder(district, Role.LEADER, name="领导甲"),
        scene.holder(district, Role.SETTER, name="镇出题人", unit=district.town),
    ):
        assert of_exams(question, stranger) == []


def test_a_question_that_no_rule_admits_or_that_is_retired_is_drawn_by_none(district):
    district.exam(rules=(scene.RULES[0],), publish=False)
    setter = scene.holder(district, Role.SETTER)
    judged, single = (Question.objects.filter(current__type=kind).first() for kind in ("judge", "single"))
    assert (of_exams(judged, setter), len(of_exams(single, setter))) == ([], 1)
    bank_actions.retire_question(single, by=setter, now=scene.NOON)
    assert of_exams(single, setter) == []


def test_papers_that_hold_any_version_of_it_are_counted_once_they_are_handed_in(district, cadre):
    exam = district.exam(name="季度考试")
    setter = scene.holder(district, Role.SETTER)
    sitting = scene.sit(exam, cadre)
    question = Question.objects.get(versions=paper_of(sitting.pk).items[0].version_id)
    before = of_exams(question, setter)
    scene.answer_all(sitting)
    actions.submit_sitting(sitting.pk, by=cadre, now=scene.NOON)
    run = bank_actions.begin_run(district.bank, "grade", "3", [question.pk], by=setter, now=scene.NOON)
    bank_actions.carry_out(run, now=scene.NOON)
    state = exam.get_state_display()
    assert before == [("季度考试", f"{state}，组卷规则可能抽到")]
    assert of_exams(question, setter) == [("季度考试", f"{state}，已交的 1 份试卷上有这一题，组卷规则可能抽到")]


def test_where_it_is_used_costs_the_same_for_1_and_10_exams(district, django_assert_num_queries):
    setter = scene.holder(district, Role.SETTER)
    question = Question.objects.filter(current__type="single").first()
    district.exam(name="考试 0")
    of_exams(question, setter)  # the rules are remembered
    for count in (1, 10):
        for number in range(1, count):
            district.exam(name=f"考试 {number}")
        of_exams(question, setter)
        with django_assert_num_queries(7):  # one asks whether the public may be asked it
            assert len(of_exams(question, setter)) == count
