"""A lesson as one person meets it: nothing of the key before an answer (AL2)."""
from courses import actions, study

from .scene import CITED, NOW, SECRET, answers, finish


def test_AL2_before_answering_nothing_depends_on_the_key(scene, cadre):
    asks = study.study(cadre, scene.lessons[0], None, now=NOW).asks
    assert [(one.number, one.type, one.given, one.right, one.explanation, one.citations) for one in asks] == [
        (1, "single", "", None, "", ()),
        (2, "multiple", "", None, "", ()),
    ]


def test_AL2_the_explanation_with_its_article_arrives_after_answering(scene, cadre):
    result = finish(cadre, scene.lessons[0], right=False)
    asks = study.study(cadre, scene.lessons[0], result.pk, now=NOW).asks
    assert [(one.given, one.right, one.explanation, one.citations) for one in asks] == [
        ("B", False, SECRET + "1", (CITED,)),
        ("B", False, SECRET + "2", (CITED,)),
    ]


def test_AL2_a_question_left_blank_is_not_explained(scene, cadre):
    given = answers(scene.lessons[0])
    _, second = given
    result = actions.finish_lesson(cadre, scene.lessons[0], {**given, second: ""}, now=NOW)
    asks = study.study(cadre, scene.lessons[0], result.pk, now=NOW).asks
    assert [(one.right, bool(one.explanation)) for one in asks] == [(True, True), (None, False)]


def test_AZ1_somebody_elses_result_shows_nothing(scene, cadre):
    result = finish(scene.person("别人"), scene.lessons[0])
    shown = study.study(cadre, scene.lessons[0], result.pk, now=NOW)
    assert (shown.result, [one.right for one in shown.asks]) == (None, [None, None])


def test_a_result_of_another_lesson_shows_nothing(scene, cadre):
    result = finish(cadre, scene.lessons[1])
    assert study.study(cadre, scene.lessons[0], result.pk, now=NOW).result is None


def test_a_lesson_knows_its_place(scene, cadre):
    finish(cadre, scene.lessons[0])
    shown = study.study(cadre, scene.lessons[1], None, now=NOW)
    assert (shown.line.number, shown.done, shown.previous.lesson, shown.next) == (2, 1, scene.lessons[0], None)


def test_judge_questions_offer_right_and_wrong(scene, cadre):
    assert study.study(cadre, scene.lessons[1], None, now=NOW).asks[0].options == (("T", "正确"), ("F", "错误"))


def test_the_articles_of_the_text_are_listed_once(scene):
    lesson = scene.lesson("多次引用", [], body=[("law", {"law": "行政复议法", "article": "20"})] * 2)
    assert study.citations_of(lesson) == [CITED]
