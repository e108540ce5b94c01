"""查找 on the public site: the words people read, of what is public, and nothing else."""
import json
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client

from outreach.actions import publishing
from outreach.models import AnswerPage, PublicText
from outreach.publishing.texts import latest_of

from . import public_scene
from .public_scene import LAW, NOW
from .test_public_site import document, picture
from .test_views import text


@pytest.fixture
def scene(db):
    return public_scene.build()


def test_the_public_finds_pages_by_words_and_nothing_that_is_not_public(scene):
    scene.publish(scene.page("坐坏了石凳，要不要赔"))
    scene.submit(scene.page("还没公开的石凳", slug="draft"))
    visitor = Client()
    found = visitor.get("/public/list/search/", {"q": "石凳"})
    assert "找到 1 篇" in text(found)
    assert "还没公开" not in text(found)
    assert dict(found.cookies) == {}
    assert "没有找到" in text(visitor.get("/public/list/search/", {"q": "石凳 电梯"}))
    for words in ("", "%", "_", "<script>alert(1)</script>", "石" * 500, "' or 1=1"):
        answer = visitor.get("/public/list/search/", {"q": words})
        assert answer.status_code == 200
        assert "<script" not in answer.content.decode()


def test_the_public_search_reads_words_and_no_marks_of_the_text(scene):
    scene.publish(scene.page("坐坏了石凳", body=[("text", "<p>先看<b>日期</b>，再找<a href='https://example.gov.cn/'>机关</a>。</p>")]))
    visitor = Client()

    def answer(words):
        return text(visitor.get("/public/list/search/", {"q": words}))

    assert "找到 1 篇" in answer("先看日期，再找机关")
    for mark in ("<b>", "href", "example.gov.cn", "strong", "title", "summary", "answerpage", '"type"', "</p>"):
        assert "没有找到" in answer(mark), mark


def test_words_that_were_taken_out_of_a_page_or_never_signed_are_not_found(scene):
    page = scene.publish(scene.page("坐坏了石凳", body=[("text", "<p>旧的说法。</p>")]))
    draft = latest_of(page.pk)
    draft.body = [("text", "<p>新的说法。</p>")]
    draft.save_revision(user=scene.writer)
    visitor = Client()
    assert "找到 1 篇" in text(visitor.get("/public/list/search/", {"q": "旧的说法"}))
    assert "没有找到" in text(visitor.get("/public/list/search/", {"q": "新的说法"}))
    scene.sign_all(scene.submit(page))
    assert "没有找到" in text(visitor.get("/public/list/search/", {"q": "旧的说法"}))
    assert "找到 1 篇" in text(visitor.get("/public/list/search/", {"q": "新的说法"}))
    publishing.withdraw_page(page.pk, reason="再看看", by=scene.writer, now=NOW)
    assert "没有找到" in text(visitor.get("/public/list/search/", {"q": "新的说法"}))


def test_texts_that_were_signed_before_get_their_words_when_the_product_is_updated(scene):
    body = [
        ("text", "<h2>怎么办</h2><p>先看<b>日期</b>。</p>"), ("law", {"law": LAW, "article": "第二条"}),
        ("picture", {"image": picture(), "description": "窗口的样子"}), ("file", {"document": document(), "note": ""}),
    ]  # fmt: skip
    scene.publish(scene.page("送到家", AnswerPage, body=body))
    signed = PublicText.objects.get()
    today = signed.words
    whole = json.loads(signed.content)
    whole["programme"] = {"campaign": 1, "stops": [["2026-12-06", scene.other.pk, "文化广场", "advice"]]}
    PublicText.objects.update(words="", content=json.dumps(whole))
    import_module("outreach.migrations.0006_signed_words").fill_words(apps, None)
    filled = PublicText.objects.get().words
    assert filled.splitlines() == [*today.splitlines(), "柳汀湾镇文化广场"]
    assert "先看日期。" in filled.splitlines()
