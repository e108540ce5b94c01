"""The steward's page without scripts: head-count with photo, roster, second person, reasons; and how long photos live."""
import hashlib
import io
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from mingfa.people.models import Role
from PIL import Image
from wagtail.models import ModelLogEntry

from courses.live import actions, keeping, pictures, tasks
from courses.live.board import BadData
from courses.live.board.refusals import Gone, NotAPicture
from courses.live.models import CheckIn, HeadPhoto, RosterEntry, Training

from . import held
from .scene import NOW

MAKE, PLACE = 0x010F, 0x8825  # EXIF: camera, GPS


def jpeg(size=(3000, 2000), **more) -> bytes:
    out = io.BytesIO()
    exif = Image.Exif()
    exif[MAKE] = "SECRETCAM"
    exif.get_ifd(PLACE)[2] = (30.0, 15.0, 0.0)
    Image.new("RGB", size, "#8e2419").save(out, "JPEG", exif=exif, **more)
    return out.getvalue()


@pytest.fixture
def hall(scene, client):
    with time_machine.travel(NOW, tick=True):
        scene.turn("scheduled", "lobby")
        scene.do("checkin.open", {"kind": "qr", "seconds": None})
        client.force_login(scene.steward)
        yield scene


def address(scene, venue=0):
    return reverse("live:steward", args=[scene.training.pk, scene.venues[venue].pk])


def do(client, scene, what, **fields):
    return client.post(address(scene), {"do": what, **fields}, follow=True).content.decode()


def photo(content=None, name="现场.jpg"):
    return SimpleUploadedFile(name, jpeg() if content is None else content, "image/jpeg")


def stored(kept) -> bytes:
    with kept.file.open("rb") as file:
        return file.read()


def line(scene, place) -> RosterEntry:
    return scene.training.roster.get(user=scene.cadres[place])


def test_a_head_count_with_a_photo_is_confirmed_by_a_second_person(hall, client):
    page = do(client, hall, "count", heads=3, photo=photo(), idem="h" * 16)
    assert "已报人数，等另一个人确认" in page
    kept = HeadPhoto.objects.get()
    content = stored(kept)
    event = hall.training.events.get(kind="headcount")
    assert event.data == {
        "venue": hall.venues[0].pk, "heads": 3, "photo_ref": str(kept.pk), "sha256": hashlib.sha256(content).hexdigest(),
        "by": hall.steward.pk, "confirmed_by": None,
    }  # fmt: skip
    assert "您报的数" in page
    assert "要由另一个人来确认" in do(client, hall, "confirm_count", heads=3)
    client.force_login(hall.second)
    assert "人数已确认" in do(client, hall, "confirm_count", heads=3)
    last = hall.training.events.filter(kind="headcount").last().data
    assert (last["confirmed_by"], last["photo_ref"], last["sha256"]) == (hall.second.pk, str(kept.pk), kept.sha256)
    assert hall.state["venues"][str(hall.venues[0].pk)]["confirmed"]


def test_the_kept_photo_is_small_and_knows_neither_place_nor_camera(hall, client):
    do(client, hall, "count", heads=3, photo=photo(jpeg(size=(4000, 3000))))
    kept = HeadPhoto.objects.get()
    content = stored(kept)
    picture = Image.open(io.BytesIO(content))
    assert picture.size == (1280, 960)
    assert dict(picture.getexif()) == {}
    assert b"SECRETCAM" not in content
    assert "现场" not in kept.file.name
    assert len(content) < 200_000


def test_a_photo_lying_on_its_side_is_turned_upright():
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x0112] = 6
    Image.new("RGB", (400, 200)).save(out, "JPEG", exif=exif)
    assert Image.open(io.BytesIO(pictures.reduced(out.getvalue()))).size == (200, 400)


@pytest.mark.parametrize(("content", "why"), [
    (b"", "kind"), (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "kind"), (b"\xff\xd8\xff\xe0 no picture", "kind"),
    (jpeg((40, 40))[:300], "kind"), (b"x" * (pictures.LARGEST + 1), "size"),
])  # fmt: skip
def test_what_is_no_photo_is_refused(content, why):
    with pytest.raises(NotAPicture) as refused:
        pictures.reduced(content)
    assert refused.value.why == why


def test_a_picture_that_unpacks_to_hundreds_of_megabytes_is_refused_unopened():
    out = io.BytesIO()
    Image.new("1", (20_000, 10_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(NotAPicture) as refused:
        pictures.reduced(out.getvalue())
    assert refused.value.why == "pixels"


def test_a_file_that_is_no_photo_saves_nothing_at_all(hall, client):
    page = do(client, hall, "count", heads=3, photo=photo(b"<html>", "现场.jpg"))
    assert "这个文件不是照片" in page
    assert not HeadPhoto.objects.exists()
    assert not hall.training.events.filter(kind="headcount").exists()


def test_the_same_form_sent_twice_counts_once_and_a_wrong_number_is_told_beside_it(hall, client):
    for _ in range(2):
        do(client, hall, "count", heads=3, idem="h" * 16)
    assert hall.training.events.filter(kind="headcount").count() == 1
    page = client.post(address(hall), {"do": "count", "heads": "三"})
    assert page.status_code == 400
    assert "人数写数字" in page.content.decode()


def test_nobody_names_a_photo_of_another_hall(hall):
    kept = actions.keep_photo(hall.venues[0], jpeg((40, 40)), actor=hall.stewarding(), now=NOW)
    with pytest.raises(Gone):
        hall.do("headcount", {"venue": hall.venues[1].pk, "heads": 3, "photo": kept.pk})
    with pytest.raises(BadData):
        hall.do("headcount", {"venue": hall.venues[0].pk, "heads": 3, "photo": "1"})


def test_a_photo_is_shown_to_organiser_and_steward_only_and_each_look_leaves_a_line(hall, client):
    kept = actions.keep_photo(hall.venues[0], jpeg((40, 40)), actor=hall.stewarding(), now=NOW)
    where = reverse("live:photo", args=[hall.training.pk, kept.pk])
    other = hall.holder(Role.LIAISON, hall.towns[1], "乙三")
    for user, status in ((hall.trainer, 200), (hall.steward, 200), (other, 404), (hall.cadres[0], 404)):
        client.force_login(user)
        assert client.get(where).status_code == status
    assert ModelLogEntry.objects.filter(action="live.see_photo").count() == 2
    client.force_login(hall.trainer)
    answer = client.get(where)
    assert (answer["Content-Type"], answer["X-Content-Type-Options"]) == ("image/jpeg", "nosniff")
    assert "no-store" in answer["Cache-Control"] or "private" in answer["Cache-Control"]
    assert client.get(f"/uploads/{kept.file.name}").status_code == 404
    client.logout()
    assert client.get(where).status_code == 302


def test_more_phones_than_heads_are_flagged_and_still_count(hall, client):
    for place in (0, 2):
        held.sign(hall, place, at=NOW)
    page = do(client, hall, "count", heads=1)
    assert "用手机签到的 2 人，多于清点的 1 人" in page
    assert [one.counts for one in CheckIn.objects.all()] == [True, True]
    assert "用手机签到的" not in do(client, hall, "count", heads=2)


def test_a_tick_counts_after_the_second_person_and_the_roster_says_so(hall, client):
    assert "已代签，等另一个人确认" in do(client, hall, "tick", entry=line(hall, 4).pk)
    assert "要由另一个人来确认" in do(client, hall, "confirm", entry=line(hall, 4).pk)
    client.force_login(hall.second)
    page = do(client, hall, "confirm", entry=line(hall, 4).pk)
    assert "已确认" in page
    assert "点名，1 / 5 人已签到" in page
    assert CheckIn.objects.get().confirmed_by == hall.second


def test_a_reason_is_written_and_one_with_an_identity_number_is_not(hall, client):
    do(client, hall, "reason", entry=line(hall, 4).pk, reason="下乡办案")
    assert line(hall, 4).reason == "下乡办案"
    assert "这里像是有身份证号" in do(client, hall, "reason", entry=line(hall, 4).pk, reason="11010519491231002X")
    assert line(hall, 4).reason == "下乡办案"


def test_another_halls_people_and_pages_do_not_exist(hall, client):
    assert client.get(address(hall, 1)).status_code == 404
    for what in ("tick", "confirm", "reason"):
        assert client.post(address(hall), {"do": what, "entry": line(hall, 1).pk}).status_code == 404
    assert client.post(address(hall), {"do": "delete"}).status_code == 404
    client.force_login(hall.cadres[0])
    assert client.get(address(hall)).status_code == 404
    client.force_login(hall.trainer)
    assert client.get(address(hall, 1)).status_code == 200


def test_photos_end_with_the_term_of_their_training_and_the_deletion_is_logged(scene, client):
    with time_machine.travel(NOW, tick=True) as traveller:
        scene.turn("scheduled", "lobby")
        kept = actions.keep_photo(scene.venues[0], jpeg((40, 40)), actor=scene.stewarding(), now=NOW)
        scene.do("headcount", {"heads": 3, "photo": kept.pk}, actor=scene.stewarding())
        scene.turn("live", "ended")
        held.finish(scene, NOW + timedelta(minutes=31))
        client.force_login(scene.trainer)
        term = reverse("live:term", args=[scene.training.pk])
        assert "保存天数填 1 到 3650" in client.post(term, {"days": "0"}, follow=True).content.decode()
        client.post(term, {"days": "10"})
        training = Training.objects.get(pk=scene.training.pk)
        assert training.keep_days == 10
        path = kept.file.path
        settled = keeping.clearing_at(training)
        traveller.move_to(settled - timedelta(seconds=2))
        assert tasks.clear_expired.func() == 0
        assert kept.file.storage.exists(kept.file.name)
        traveller.move_to(settled + timedelta(seconds=1))
        assert tasks.clear_expired.func() == 1
        assert tasks.clear_expired.func() == 0
        assert not Path(path).exists()
        kept.refresh_from_db()
        assert kept.deleted_at
        assert kept.sha256 == training.events.get(kind="headcount").data["sha256"]
        client.force_login(scene.trainer)  # the session ended long ago
        assert client.get(reverse("live:photo", args=[training.pk, kept.pk])).status_code == 404
        assert "照片<span" not in client.get(reverse("live:results", args=[training.pk])).content.decode()
    told = ModelLogEntry.objects.get(action="live.clear_files")
    assert told.data == {"photos": 1, "recordings": 0, "days": 10}


def test_photos_of_a_class_that_was_called_off_end_as_well(scene):
    with time_machine.travel(NOW, tick=True):
        scene.turn("scheduled", "lobby")
        actions.keep_photo(scene.venues[0], jpeg((40, 40)), actor=scene.stewarding(), now=NOW)
        scene.turn("cancelled")
    ends = scene.training.ends_at + timedelta(days=180)
    assert actions.clear_files(now=ends - timedelta(seconds=1)) == 0
    assert actions.clear_files(now=ends) == 1


def test_the_term_of_a_new_training_is_that_of_the_settings(scene, settings):
    assert scene.training.keep_days == settings.LIVE_KEEP_DAYS == 180
