"""Which numbers of a question must stand in the articles it cites."""
import pytest
from mingfa.bank.drafts import QuestionDraft
from mingfa.bank.grounds import figures_of_key


def figures(**facts):
    draft = QuestionDraft(**{"stem": "镇里三天前收到来信，应当怎么办？", **facts})
    return [one.words for one in figures_of_key(draft)]


def test_only_right_options_are_looked_at():
    options = ("五日", "十日", "60日", "三个月")
    assert figures(type="single", options=options, answer="C") == ["60日"]
    assert figures(type="multiple", options=options, answer="AD") == ["五日", "三个月"]


def test_a_true_statement_must_be_grounded_and_a_false_one_not():
    stem = "复议申请应当在六十日内提出。"
    assert figures(type="judge", stem=stem, answer="T") == ["六十日"]
    assert figures(type="judge", stem=stem, answer="F") == []


def test_a_blank_takes_the_unit_behind_it_and_every_accepted_answer_counts():
    stem = "来信应当在（　）日内转送，情况复杂的延长不超过____个月。"
    assert figures(type="blank", stem=stem, answer="15|十五|六十\n3") == ["15日", "六十日", "3个月"]
    assert figures(type="blank", stem="名额：（　）", answer="30|三十") == ["30"]
    assert figures(type="blank", stem="由（　）受理。", answer="司法所") == []


@pytest.mark.parametrize("type", ["order", "match"])
def test_items_in_order_and_right_partners_count_once(type):
    assert figures(type=type, options=("五日", "十日", "二十日"), prompts=("甲", "乙"), answer="AAC") == ["五日", "二十日"]


def test_the_points_of_a_written_answer_count_and_its_marks_do_not():
    assert figures(type="short", answer="五个工作日内提出异议（3 分）\n说明理由（2 分）") == ["五个工作日"]


def test_a_case_brings_the_figures_of_its_parts():
    children = (
        QuestionDraft(type="single", stem="几日？", options=("五日", "十日"), answer="B"),
        QuestionDraft(type="judge", stem="可以延长三十日。", answer="T"),
    )
    assert figures(type="case", children=children) == ["十日", "三十日"]


def test_what_the_explanation_reckons_needs_no_article():
    said = "一般六十日。推算：3月2日起六十日，到4月30日。另有五日。"
    assert figures(type="single", options=("4月30日", "五日"), answer="A", explanation=said) == []
    assert figures(type="single", options=("4月30日", "五日"), answer="B", explanation=said) == ["五日"]
