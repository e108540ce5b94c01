"""卷卷不同而难度相当: the fairness record, the forecast, and a paper printed again years later."""
import json
from decimal import Decimal

import pytest
import time_machine
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from mingfa.bank import actions as bank
from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.models import Question
from mingfa.library.citations import CitationRef
from wagtail.models import ModelLogEntry

from exams import actions, fairness, papers, rendering
from exams.actions.preparing import RuleSpec
from exams.engine.fairness import difficulty, forecast, shortages
from exams.engine.paper import Item, Rule, draw
from exams.engine.refusals import PaperShortage
from exams.models import Paper
from exams.papers import paper_of
from tests.exams.test_engine_paper import Question as InPool

from . import scene
from .scene import CLOSES, NOON, SECRET, browser, holder, minutes

ONE = Decimal(1)


@pytest.fixture
def other(district):
    return district.person("李晓梅")


def printed(sitting_id) -> bytes:
    loaded = paper_of(sitting_id)
    return rendering.questions_html(loaded, rendering.parts_of(loaded), {}).encode()


def test_the_same_seed_rules_and_bank_edition_give_a_byte_equal_record_and_page(district, cadre, other, exam):
    one, two = (scene.sit(exam, who, seed=77) for who in (cadre, other))
    assert one.paper.items == two.paper.items
    assert printed(one.pk) == printed(two.pk)


def test_a_paper_is_made_again_byte_for_byte_from_its_stored_record_alone(district, cadre, other, exam):
    sitting = scene.sit(exam, cadre, seed=77)
    first, record = printed(sitting.pk), Paper.objects.values("seed", "items").get(pk=sitting.pk)
    for question in Question.objects.select_related("current"):
        now = question.current
        options = () if now.type == "judge" else ("新的甲", "新的乙", "新的丙", "新的丁")
        draft = QuestionDraft(type=now.type, stem=f"改过的 {question.pk}", options=options, answer=now.answer)
        bank.revise_question(question, draft, by=district.boss, now=NOON)
    for remembered in (papers, rendering):
        remembered.forget()

    assert printed(sitting.pk) == first
    assert Paper.objects.values("seed", "items").get(pk=sitting.pk) == record
    # The bank of today would give another paper: the record is what counts, not the seed.
    assert printed(scene.sit(exam, other, seed=77).pk) != first


def test_the_record_of_a_paper_says_its_difficulty_weighted_by_marks_and_the_articles_it_rests_on(district, cadre):
    made = [
        ("judge", "T", 1, (CitationRef("民法典", 10), CitationRef("民法典", 11))),
        ("judge", "F", 3, (CitationRef("民法典", 10, paragraph=2),)),
    ]
    for kind, answer, grade, cited in made:
        stem = f"难度 {grade} 的一题"
        draft = QuestionDraft(type=kind, stem=stem, answer=answer, difficulty=grade, citations=cited, topic="甲")
        bank.create_question(district.bank, draft, by=district.boss, now=NOON)
    rules = (
        RuleSpec("judge", 1, Decimal(30), topic="甲", difficulty=1), RuleSpec("judge", 1, Decimal(70), topic="甲", difficulty=3),
    )  # fmt: skip
    exam = district.exam(rules=rules)
    paper = scene.sit(exam, cadre).paper
    paper.refresh_from_db()
    assert (paper.difficulty, paper.articles) == (Decimal("2.40"), 2)
    assert fairness.spread(exam) == fairness.Spread(1, *[Decimal("2.40")] * 3, 2, 2)


@given(st.lists(st.tuples(st.integers(1, 3), st.integers(1, 20)), min_size=1, max_size=40))
def test_difficulty_lies_between_the_easiest_and_the_hardest_question(questions):
    items = [Item(n, 0, Decimal(weight), ()) for n, (_, weight) in enumerate(questions)]
    grades = {n: grade for n, (grade, _) in enumerate(questions)}
    assert min(grades.values()) <= difficulty(items, grades) <= max(grades.values())


POOL = [InPool(n, ("single", "judge")[n % 2], topic="甲乙丙"[n % 3], difficulty=n % 3 + 1) for n in range(1, 61)]


@given(
    st.lists(
        st.builds(
            Rule, st.sampled_from(["single", "judge"]), st.integers(1, 12), st.just(ONE),
            topic=st.sampled_from(["", "甲", "乙"]), difficulty=st.integers(0, 3),
        ),
        min_size=1, max_size=4,
    )
)  # fmt: skip
def test_the_shortage_warning_and_the_draw_agree_about_every_set_of_rules(rules):
    left = shortages(rules, POOL)
    short = [place + 1 for place, rule in enumerate(rules) if left[place] < rule.count]
    if not short:
        assert len(draw(rules, POOL, lambda _: 4, seed=1)) == sum(rule.count for rule in rules)
        return
    with pytest.raises(PaperShortage) as refused:
        draw(rules, POOL, lambda _: 4, seed=1)
    assert refused.value.rule in short


def test_a_forecast_tells_how_alike_papers_will_be():
    everybody_the_same = forecast([Rule("single", 30, ONE)], POOL, lambda _: 4, seeds=range(30))
    assert (everybody_the_same.alike, everybody_the_same.most_shown) == (ONE, ONE)
    assert (everybody_the_same.reachable, everybody_the_same.used) == (30, 30)
    mixed = forecast([Rule("single", 3, ONE)], POOL, lambda _: 4, seeds=range(200))
    assert mixed.alike < Decimal("0.3")
    assert mixed.easiest <= mixed.mean <= mixed.hardest
    balanced = forecast([Rule("single", 3, ONE, difficulty=2)], POOL, lambda _: 4, seeds=range(50))
    assert (balanced.easiest, balanced.hardest) == (2, 2)


@pytest.fixture
def setter(district):
    return holder(district, "setter")


@pytest.fixture
def page(setter):
    return browser(setter)


def test_the_organiser_sees_how_alike_the_papers_are(page, exam, sitting):
    text = page.get(reverse("exams:papers", args=[exam.pk])).content.decode()
    assert "已经抽出的 1 份" in text
    assert "按现在的组卷规则预测" in text
    assert "作答中" in text


def test_the_list_of_papers_asks_as_much_for_thirty_as_for_one(
    district, page, exam, cadre, sitting, django_assert_max_num_queries
):
    address = reverse("exams:papers", args=[exam.pk])
    page.get(address)
    with django_assert_max_num_queries(40) as one:
        page.get(address)
    asked = len(one.captured_queries)
    larger = district.exam(name="另一场")
    for n in range(30):
        late = district.person(f"考生{n}")
        larger.candidates.create(user=late, unit=district.town)
        scene.sit(larger, late, seed=n)
    address = reverse("exams:papers", args=[larger.pk])
    page.get(address)
    with django_assert_max_num_queries(asked):
        page.get(address)


def test_a_reprint_shows_the_questions_and_answers_but_no_key_before_the_exam_is_over(page, exam, cadre, sitting):
    scene.answer_all(sitting)
    address = reverse("exams:reprint", args=[sitting.pk])
    assert page.get(address).status_code == 404
    actions.submit_sitting(sitting.pk, by=cadre, now=NOON)
    with time_machine.travel(CLOSES - minutes(1), tick=False):
        text = page.get(address).content.decode()
    assert "怎么说" in text
    assert text.count(" checked") == sum(len(key) for _, key in papers.keys_of(paper_of(sitting.pk)))
    assert SECRET not in text
    assert "应选" not in text
    with time_machine.travel(CLOSES, tick=False):
        assert SECRET in page.get(address).content.decode()
    entries = ModelLogEntry.objects.filter(action="exams.reprint_paper", user=page.session["_auth_user_id"])
    assert [entry.data["keys"] for entry in entries.order_by("pk")] == [False, True]


def test_a_reprint_is_for_the_organiser_alone(district, exam, cadre, sitting):
    actions.submit_sitting(sitting.pk, by=cadre, now=NOON)
    others = [cadre, holder(district, "leader", name="领导"), holder(district, "setter", name="外单位", unit=district.other_town)]
    for who in others:
        for name, pk in (("exams:reprint", sitting.pk), ("exams:papers", exam.pk)):
            assert browser(who).get(reverse(name, args=[pk])).status_code == 404


def form(*rules):
    out = {"form-TOTAL_FORMS": str(len(rules)), "form-INITIAL_FORMS": "0"}
    for n, (kind, count, worth) in enumerate(rules):
        out |= {f"form-{n}-type": kind, f"form-{n}-count": str(count), f"form-{n}-marks": worth}
    return out


def test_rules_that_are_being_edited_are_checked_against_the_bank_without_being_saved(district, page):
    exam = district.exam(publish=False)
    address = reverse("exams:check_rules", args=[exam.pk])
    good = page.post(address, form(("single", 5, "10"), ("judge", 8, "5"))).json()
    assert (good["lines"], good["short"]) == ([8, 8], False)
    assert good["words"].startswith("共 13 题，90 分。试抽 200 份：平均难度 2.00 至 2.00")
    short = page.post(address, form(("single", 5, "10"), ("multiple", 9, "5"))).json()
    assert (short["lines"], short["short"]) == ([8, 8], True)
    assert short["words"].startswith("第 2 条组卷规则要 9 题，题库里只有 8 题可用")
    unfinished = page.post(address, form(("single", "", "10"), ("judge", 8, ""))).json()
    assert unfinished["words"].startswith("填完整以后再核对")
    assert exam.blueprint.rules.count() == len(scene.RULES)
    assert SECRET not in json.dumps(good, ensure_ascii=False)
