"""What the course pages print about the person who reads them: {% my_courses as courses %}."""
from django import template
from django.utils import timezone
from mingfa.library.queries import articles_for
from mingfa.numbers import whole
from mingfa.people import access
from mingfa.people.models import Role

from courses import study

register = template.Library()


@register.simple_tag(takes_context=True)
def my_courses(context) -> dict[str, list[study.CourseLine]]:
    """The list 我的学习 in its three parts: `due`, `finished`, `others`."""
    lines = study.my_courses(context["request"].user, today=timezone.localdate())
    return {
        "due": [line for line in lines if line.assigned and not line.finished_at],
        "finished": [line for line in lines if line.finished_at],
        "others": [line for line in lines if not line.assigned and not line.finished_at],
    }


@register.simple_tag(takes_context=True)
def my_course(context, course) -> study.CourseLine:
    """The course with this person's progress."""
    return study.my_course(context["request"].user, course, today=timezone.localdate())


@register.simple_tag(takes_context=True)
def my_lesson(context, lesson) -> study.Study:
    """The lesson with its check; `?result=` shows the answers handed in last."""
    request = context["request"]
    return study.study(request.user, lesson, whole(request.GET.get("result", "")), now=timezone.now())


@register.simple_tag
def cited_in(lesson) -> list:
    """The articles the lesson's text shows."""
    return study.citations_of(lesson)


@register.simple_tag
def articles_of(lesson, lesson_study) -> dict:
    """All articles the page will show, looked up at once."""
    asked = [ref for ask in lesson_study.asks for ref in ask.citations]
    return articles_for([*study.citations_of(lesson), *asked])


@register.simple_tag
def files_of(lesson) -> list:
    """The documents of the lesson's file blocks."""
    return [block.value["document"] for block in lesson.body if block.block_type == "file"]


@register.simple_tag(takes_context=True)
def can_assign(context) -> bool:
    return access.holds(context["request"].user, Role.TRAINER)


@register.filter
def days_left(due_on) -> int:
    return (due_on - timezone.localdate()).days
