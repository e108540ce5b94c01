"""Photos of an activity: what is kept of them, who sees them, what is refused, and when they go."""
import io
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from mingfa.people.models import Role
from PIL import Image

from outreach import actions
from outreach.engine.photos import LARGEST_FILE, PhotoRefused, clean_photo
from outreach.engine.refusals import TooManyPhotos, WrongState
from outreach.models import Activity, Photo

from .pictures import is_plain, photo
from .scene import DAY, NOW, browser
from .test_activities_views import NEW, filled
from .test_views import text

SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture(autouse=True)
def _place(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    with time_machine.travel(NOW, tick=False):
        yield


def record(scene, *contents, key=None):
    words = {"unit": scene.town, "handed": [], "by": scene.towner, "now": NOW, "key": key}
    photos = [clean_photo(one) for one in contents]
    return actions.record_activity(actions.Record("赶集日宣传", "stall", DAY, "老街", 100), photos=photos, **words)


@pytest.mark.parametrize("format", ["JPEG", "PNG", "WEBP"])
def test_what_is_kept_is_small_upright_and_knows_no_place(format):
    kept = clean_photo(photo(size=(2400, 1800), format=format, orientation=6))
    assert (kept.width, kept.height) == (1200, 1600)
    assert is_plain(kept.content)
    assert not is_plain(photo(format="JPEG"))


def test_a_phones_photo_with_further_pictures_behind_it_is_taken_like_any_other():
    first, second, out = Image.new("RGB", (2400, 1800), "#7c8288"), Image.new("RGB", (800, 600)), io.BytesIO()
    first.save(out, "MPO", save_all=True, append_images=[second])
    kept = clean_photo(out.getvalue())
    assert (kept.width, kept.height) == (1600, 1200)
    assert is_plain(kept.content)


@pytest.mark.parametrize(
    ("content", "code"),
    [(SVG, "not_a_picture"), (b"<html>", "not_a_picture"), (photo()[:3000], "not_a_picture"), (b"", "not_a_picture"),
     (b"\xff\xd8" + b"x" * LARGEST_FILE, "too_large"), (photo(size=(20, 900)), "too_small")],
)  # fmt: skip
def test_IF8_what_is_no_picture_is_known_by_what_it_holds(content, code):
    with pytest.raises(PhotoRefused) as refused:
        clean_photo(content)
    assert refused.value.code == code


def test_a_picture_that_would_unpack_to_a_gigabyte_is_refused_before_it_is_opened():
    out = io.BytesIO()
    Image.new("1", (20_000, 18_000)).save(out, "PNG")
    assert len(out.getvalue()) < 100_000
    with pytest.raises(PhotoRefused) as refused:
        clean_photo(out.getvalue())
    assert refused.value.code == "too_many_pixels"


def test_the_form_keeps_photos_once_and_says_which_file_is_none(scene):
    towner = browser(scene.towner)
    data = filled(towner, scene)
    wrong = towner.post(NEW, {**data, "photos": [SimpleUploadedFile("a.png", SVG, "image/png")]})
    assert "“a.png”不是照片" in text(wrong)
    assert not Activity.objects.exists()
    for _ in range(2):
        files = [SimpleUploadedFile("../../a\n.jpg", photo(), "image/jpeg") for _ in range(2)]
        towner.post(NEW, {**data, "photos": files})
    kept = Photo.objects.get()
    assert Path(kept.file.path).parent.name == "outreach-photos"
    assert len(list(Path(kept.file.path).parent.iterdir())) == 1


def test_a_photo_is_shown_to_who_may_read_the_record_and_does_not_exist_for_others(scene):
    kept = record(scene, photo()).photos.get()
    address = reverse("outreach:photo", args=[kept.pk])
    shown = browser(scene.keeper).get(address)
    assert (shown.status_code, shown["Content-Type"], shown["X-Content-Type-Options"]) == (200, "image/jpeg", "nosniff")
    stranger = browser(scene.person("陈志远", scene.other, Role.OUTREACH))
    assert stranger.get(address).status_code == 404
    assert stranger.post(reverse("outreach:photo_remove", args=[kept.pk])).status_code == 404
    assert browser(scene.person("白露", scene.town)).get(address).status_code == 403
    assert Photo.objects.count() == 1


def test_a_seventh_photo_is_refused_and_leaves_no_file(scene, tmp_path):
    seven = [photo(f"#{n}0{n}0{n}0") for n in range(1, 8)]
    with pytest.raises(TooManyPhotos):
        record(scene, *seven)
    assert not Activity.objects.exists()
    assert not list(tmp_path.rglob("*.jpg"))


def test_photos_are_taken_off_before_the_check_only_and_go_when_their_time_is_over(
    scene, tmp_path, django_capture_on_commit_callbacks
):
    activity = record(scene, photo("#405060"), photo("#605040"))
    first, second = activity.photos.all()
    with django_capture_on_commit_callbacks(execute=True):
        actions.remove_photo(first, by=scene.towner, now=NOW)
    assert len(list(tmp_path.rglob("*.jpg"))) == 1
    actions.decide_activity(activity, approved=True, opinion="", by=scene.keeper, now=NOW)
    with pytest.raises(WrongState):
        actions.remove_photo(second, by=scene.towner, now=NOW)
    assert actions.drop_old_photos(now=NOW + timedelta(days=730)) == 0
    with django_capture_on_commit_callbacks(execute=True):
        assert actions.drop_old_photos(now=NOW + timedelta(days=731)) == 1
    assert not list(tmp_path.rglob("*.jpg"))
    assert Activity.objects.get().state == "approved"
