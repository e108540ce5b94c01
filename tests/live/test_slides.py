"""Slides: a stranger's PDF or a lesson becomes pictures that everybody in the room may see, with notes only for the trainer."""
import io
from datetime import timedelta

import pytest
import time_machine
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from mingfa.people.models import Role
from PIL import Image
from wagtail.images import get_image_model
from wagtail.images.tests.utils import get_test_image_file
from wagtail.models import ModelLogEntry

from courses import actions as course_actions
from courses.live import actions, pdf, proofs
from courses.live.actions import slides
from courses.live.board.refusals import Gone, WrongMoment
from courses.live.models import Deck, Slide

from . import decks
from .scene import NOW


@pytest.fixture(autouse=True)
def _at_nine(scene, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=True):
        yield


@pytest.fixture(scope="module")
def two_pages():
    return decks.pdf("申请行政复议，从哪天起算", "案例：送达之后第 48 天", notes={1: "先让会场答题，\n再讲起算点"})


def address(name, scene, *more):
    return reverse(f"live:{name}", args=[scene.training.pk, *more])


def upload(client, scene, content, name="第二讲.pdf"):
    return client.post(address("add_deck", scene), {"file": SimpleUploadedFile(name, content)})


def ready(scene, content, name="第二讲"):
    """A deck whose pages are drawn."""
    deck = actions.add_deck(scene.training, name=name, content=content, by=scene.trainer, now=NOW)
    while actions.draw_some(deck.pk, now=NOW):
        pass
    deck.refresh_from_db()
    return deck


def test_an_uploaded_pdf_becomes_pictures_with_titles_and_notes(
    scene, client, two_pages, django_capture_on_commit_callbacks
):
    client.force_login(scene.trainer)
    with django_capture_on_commit_callbacks(execute=True):
        assert upload(client, scene, two_pages).url == address("prepare", scene)
    deck = Deck.objects.get()
    assert (deck.name, deck.state, deck.pages, deck.file.name) == ("第二讲", "ready", 2, "")
    assert [(one.title, one.notes, one.label) for one in deck.slides.all()] == [
        ("申请行政复议，从哪天起算", "先让会场答题，\n再讲起算点", "i"), ("案例：送达之后第 48 天", "", "ii"),
    ]  # fmt: skip
    assert default_storage.listdir("live-decks")[1] == []
    (event,) = [one for one in scene.log if one["kind"] == "slide.deck"]
    sizes = list(deck.slides.values_list("size", flat=True))
    assert event["data"] == {"deck": deck.key, "pages": 2, "sha": deck.sha, "sizes": sizes}
    for one in deck.slides.all():
        with default_storage.open(one.path) as file:
            assert Image.open(file).size == (one.width, one.height) == (1600, 900)
    words = client.get(address("prepare", scene)).content.decode()
    assert ("可以用" in words, "2 页" in words) == (True, True)
    assert ModelLogEntry.objects.filter(action="live.add_deck", user=scene.trainer).count() == 1


def test_a_page_full_of_noise_is_still_a_picture_of_at_most_60_kB():
    noise, out = Image.effect_noise((1400, 800), 90).convert("RGB"), io.BytesIO()
    noise.save(out, "PDF")
    (drawn,) = pdf.draw_pages(out.getvalue(), 1, 1)
    assert len(drawn.content) <= 60_000
    assert drawn.width >= 560


@pytest.mark.parametrize(("content", "words"), [
    (b"PK\x03\x04 a presentation", "这个文件不是 PDF"), (b"", "这个文件是空的"), (b"%PDF-1.7\n" + b"0" * 500, "打不开"),
    (decks.with_password(), "有打开密码"), (b"%PDF-1.7\n" + b"0" * pdf.MOST_BYTES, "超过 20 MB"),
    ("many", "有 201 页，一份课件最多 200 页"),
], ids=["docx", "empty", "rubbish", "password", "large", "many pages"])  # fmt: skip
def test_a_file_that_cannot_be_a_deck_is_told_why_and_nothing_is_kept(scene, client, content, words):
    client.force_login(scene.trainer)
    page = upload(client, scene, decks.pdf(*["页"] * 201) if content == "many" else content)
    assert page.status_code == 400
    assert words in page.content.decode()
    assert page.content.decode().count("data-mf-errors") == 1
    assert Deck.objects.count() == 0
    assert default_storage.exists("live-decks") is False


def test_a_picture_that_would_fill_the_memory_costs_the_server_nothing():
    # PDFium leaves such a picture out; were it to try, the drawing program would end and not the server.
    (drawn,) = pdf.draw_pages(decks.bomb(), 1, 1)
    assert len(drawn.content) < 60_000


def test_drawing_goes_on_where_it_was_killed_and_doing_it_twice_changes_nothing(scene):
    content = decks.pdf(*[f"第 {n} 页" for n in range(1, 13)])
    deck = actions.add_deck(scene.training, name="长", content=content, by=scene.trainer, now=NOW)
    assert actions.draw_some(deck.pk, now=NOW) is True
    first = list(deck.slides.values_list("number", "sha"))
    assert [number for number, _ in first] == list(range(1, slides.BATCH + 1))
    assert scene.log == []
    # The process died after some pages of the next batch.
    one = next(iter(pdf.draw_pages(content, 11, 11)))
    slides._keep(deck, one)
    slides._keep(deck, one)
    assert actions.draw_some(deck.pk, now=NOW) is False
    assert actions.draw_some(deck.pk, now=NOW) is False
    assert list(deck.slides.values_list("number", "sha"))[:10] == first
    assert [one["kind"] for one in scene.log] == ["slide.deck"]
    assert [one.title for one in deck.slides.all()] == [f"第 {n} 页" for n in range(1, 13)]


def test_a_deck_whose_file_is_lost_says_so_and_leaves_nothing_half(scene, client):
    content = decks.pdf(*[f"第 {n} 页" for n in range(1, 13)])
    deck = actions.add_deck(scene.training, name="长", content=content, by=scene.trainer, now=NOW)
    actions.draw_some(deck.pk, now=NOW)
    default_storage.delete(deck.file.name)
    assert actions.draw_some(deck.pk, now=NOW) is False
    assert Slide.objects.count() == 0
    client.force_login(scene.trainer)
    assert "上传的文件找不到了" in client.get(address("prepare", scene)).content.decode()


def test_a_deck_that_has_gone_silent_is_taken_up_by_a_button(scene, client, two_pages):
    deck = actions.add_deck(scene.training, name="停", content=two_pages, by=scene.trainer, now=NOW)
    client.force_login(scene.trainer)
    assert "接着处理" not in client.get(address("prepare", scene)).content.decode()
    Deck.objects.update(touched_at=NOW - timedelta(minutes=3))
    page = client.get(address("prepare", scene)).content.decode()
    assert ("接着处理" in page, "已处理 0 / 2 页" in page) == (True, True)
    client.post(address("change_deck", scene, deck.pk), {"do": "again"})
    assert Deck.objects.get().state == "ready"


def test_a_page_is_there_for_everybody_in_the_room_and_kept_for_a_year(scene, client, two_pages):
    deck = ready(scene, two_pages)
    scene.turn("scheduled", "lobby")
    picture = address("slide", scene, deck.key, 2)
    assert client.get(picture).status_code == 404
    client.get(address("enter", scene, scene.venues[0].pk, proofs.door_key(scene.venues[0])))
    hall = client.get(picture)
    assert (hall.status_code, hall["Content-Type"]) == (200, "image/webp")
    assert hall["Cache-Control"] == "private, max-age=31536000, immutable"
    assert hall["X-Content-Type-Options"] == "nosniff"
    assert Image.open(io.BytesIO(hall.content)).size == (1600, 900)
    others = {
        "甲0": scene.cadres[0], "乙一": scene.steward, "何砚秋": scene.trainer, "外人": scene.person("外人", scene.district),
        "别镇": scene.holder(Role.LIAISON, scene.district, "联络"),
    }  # fmt: skip
    found = {}
    for name, user in others.items():
        client.force_login(user)
        found[name] = client.get(picture).status_code
    assert found == {"甲0": 200, "乙一": 200, "何砚秋": 200, "外人": 404, "别镇": 200}
    client.force_login(scene.trainer)
    for wrong in [(deck.key, 3), (deck.key, 0), ("d999999", 1), (f"d{deck.pk}0", 1), ("x", 1), ("d" + "9" * 30, 1)]:
        assert client.get(address("slide", scene, *wrong)).status_code == 404


def test_another_training_s_page_and_one_that_is_not_ready_are_not_there(scene, client, two_pages):
    deck = ready(scene, two_pages)
    other = actions.create_training(
        title="另一场", unit=scene.district, starts_at=NOW, ends_at=NOW + timedelta(hours=1), venues=scene.towns,
        by=scene.trainer, now=NOW,
    )  # fmt: skip
    client.force_login(scene.trainer)
    assert client.get(reverse("live:slide", args=[other.pk, deck.key, 1])).status_code == 404
    assert client.post(reverse("live:change_deck", args=[other.pk, deck.pk]), {"do": "remove"}).status_code == 404
    Deck.objects.update(state="drawing")
    assert client.get(address("slide", scene, deck.key, 1)).status_code == 404


def test_notes_are_edited_before_the_class_and_never_leave_the_console(scene, client, two_pages):
    deck = ready(scene, two_pages)
    client.force_login(scene.trainer)
    assert "先让会场答题" in client.get(address("deck", scene, deck.pk)).content.decode()
    saved = client.post(address("deck", scene, deck.pk), {"notes-1": "先让会场答题，\r\n再讲起算点", "notes-2": "最长一年"})
    assert saved.url == address("prepare", scene)
    assert list(deck.slides.values_list("notes", flat=True)) == ["先让会场答题，\n再讲起算点", "最长一年"]
    assert ModelLogEntry.objects.get(action="live.write_notes").data["pages"] == [2]
    assert client.post(address("deck", scene, deck.pk), {"notes-1": "长" * 2001}).status_code == 400
    scene.begin()
    desk = client.get(address("desk", scene)).json()
    assert [one["notes"] for one in desk["pages"][deck.key]] == ["先让会场答题，\n再讲起算点", "最长一年"]
    assert desk["decks"] == [{"key": deck.key, "name": "第二讲", "pages": 2}]
    client.force_login(scene.cadres[0])
    assert "最长一年" not in client.get(address("room", scene)).content.decode()
    for page in ("desk", "prepare", "articles"):
        assert client.get(address(page, scene)).status_code == 404
    assert client.get(address("deck", scene, deck.pk)).status_code == 404


def test_the_first_page_is_on_the_screens_as_soon_as_the_doors_open(scene, two_pages):
    deck = ready(scene, two_pages)
    ready(scene, two_pages, "第三讲")
    scene.turn("scheduled")
    assert scene.state["slide"]["deck"] == ""
    scene.turn("lobby")
    assert scene.state["slide"] == {"deck": deck.key, "page": 1, "step": 0}
    with pytest.raises(Gone):
        scene.do("slide.goto", {"deck": deck.key, "page": 3})


def test_a_deck_added_in_the_class_is_shown_if_there_was_none(scene, two_pages):
    scene.begin()
    deck = ready(scene, two_pages)
    assert scene.state["slide"] == {"deck": deck.key, "page": 1, "step": 0}


def test_a_deck_is_taken_away_before_the_doors_open_and_not_afterwards(scene, client, two_pages):
    first, second = ready(scene, two_pages), ready(scene, decks.pdf("留下"))
    client.force_login(scene.trainer)
    client.post(address("change_deck", scene, first.pk), {"do": "remove"})
    assert [one.pk for one in Deck.objects.all()] == [second.pk]
    assert scene.state["decks"][first.key]["pages"] == 0
    scene.turn("scheduled", "lobby")
    assert scene.state["slide"]["deck"] == second.key
    with pytest.raises(WrongMoment):
        actions.remove_deck(second, by=scene.trainer, now=NOW)
    page = client.post(address("change_deck", scene, second.pk), {"do": "remove"}, follow=True)
    assert "不能删除课件" in page.content.decode()


def test_a_lesson_becomes_slides_a_heading_a_page(scene, client):
    course = course_actions.create_course(title="行政复议法新规", unit=scene.district, intro="", by=scene.trainer, now=NOW)
    image = get_image_model().objects.create(title="流程", file=get_test_image_file())
    text = "<h2>期限</h2><p>自知道之日起。</p><ul><li>六十日</li><li>最长一年</li></ul><h2>管辖</h2><p>向上一级。</p>"
    body = [
        ("text", text), ("law", {"law": "行政复议法", "article": "第二十条"}),
        ("case", {"text": "<p>张某收到决定书。</p>", "source": "情节为编写"}),
        ("picture", {"image": image, "description": "流程图"}),
    ]  # fmt: skip
    lesson = course_actions.add_lesson(
        course, title="从哪天起算", body=body, questions=[scene.question()], by=scene.trainer, now=NOW
    )
    client.force_login(scene.trainer)
    assert client.post(address("add_lesson", scene), {"lesson": lesson.pk}).status_code == 302
    deck = Deck.objects.get()
    actions.draw_some(deck.pk, now=NOW)
    # The picture had no room under the rest; its page has no words.
    assert [one.title for one in deck.slides.all()] == ["行政复议法新规", "期限", "管辖", ""]
    other = scene.holder(Role.TRAINER, scene.towns[0], "镇上")
    client.force_login(other)
    assert client.post(address("add_lesson", scene), {"lesson": lesson.pk}).status_code == 404


def test_the_page_of_preparation_asks_as_many_questions_for_one_as_for_thirty(scene, client):
    client.force_login(scene.trainer)

    def asked():
        with CaptureQueriesContext(connection) as found:
            client.get(address("prepare", scene))
        return len(found)

    question = scene.question()

    def prepare(n):
        actions.prepare_poll(scene.training, kind="text", text=f"第 {n} 问", by=scene.trainer, now=NOW)
        actions.prepare_question(scene.training, question, by=scene.trainer, now=NOW)
        Deck.objects.create(
            training=scene.training, name=f"第 {n} 份", pages=3, created_at=NOW, created_by=scene.trainer, touched_at=NOW
        )

    prepare(0)
    asked()
    before = asked()
    for n in range(1, 15):
        prepare(n)
    assert asked() == before


def test_notes_and_polls_of_a_class_that_is_over_stay_as_they_are(scene, client, two_pages):
    ready(scene, two_pages)
    scene.begin()
    scene.turn("ended")
    client.force_login(scene.trainer)
    before = default_storage.listdir("live-decks")
    page = upload(client, scene, two_pages)
    assert page.status_code == 400
    assert "不能上传课件" in page.content.decode()
    assert Deck.objects.count() == 1
    assert default_storage.listdir("live-decks") == before
