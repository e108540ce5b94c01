"""Where a question is used in lessons, as far as the person who asks trains or sets questions there."""

from mingfa.bank.registry import uses_of
from mingfa.people.models import Role

from .scene import NOW


def of_lessons(question, user):
    return [(use.name, bool(use.url), use.facts) for use in uses_of(question, user, NOW) if use.kind == "课"]


def test_the_lessons_that_ask_a_question_are_named_to_those_who_train_or_set_there(scene):
    name = "依法分类处理群众诉求：行政复议与信访，怎么分流"
    for role in (Role.TRAINER, Role.SETTER):
        assert of_lessons(scene.questions[0], scene.holder(role, scene.district, f"{role}甲")) == [(name, True, "")]
    for stranger in (scene.holder(Role.LEADER, scene.district, "领导甲"), scene.holder(Role.TRAINER, scene.town, "镇培训师")):
        assert of_lessons(scene.questions[0], stranger) == []


def test_a_lesson_that_is_not_published_is_named_without_a_way_to_it(scene):
    lesson = scene.lessons[0]
    lesson.unpublish()
    setter = scene.holder(Role.SETTER, scene.district)
    assert of_lessons(scene.questions[0], setter) == [(f"依法分类处理群众诉求：{lesson.title}", False, "没有发布")]


def test_a_question_used_nowhere_has_no_uses(scene):
    assert of_lessons(scene.question(9), scene.boss) == []
