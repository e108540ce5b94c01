"""A board as a picture: drawn from the same table as the page, without names, for whoever may read the board."""
import io
import json

import pytest
from django.urls import reverse
from mingfa.indicators import picture
from PIL import Image
from wagtail.models import ModelLogEntry

from .test_views import exam, leader, scene, sit  # noqa: F401 - fixtures

WIDTH = 960 * picture.DOTS // 72


@pytest.fixture
def drawn(monkeypatch):
    """What was handed to the template; it is drawn all the same."""
    told = []
    real = picture.typst.compile

    def compile(template, *, sys_inputs, **more):
        told.append(json.loads(sys_inputs["data"]))
        return real(template, sys_inputs=sys_inputs, **more)

    monkeypatch.setattr(picture.typst, "compile", compile)
    return told


def test_the_board_as_a_picture_has_the_same_counts_no_names_and_a_line_in_the_log(client, leader, scene, exam, drawn):  # noqa: F811
    sit(exam, "穗安0")
    answer = client.get(reverse("board_picture", args=[scene.district.pk]))
    with Image.open(io.BytesIO(answer.content)) as shown:
        assert (shown.format, shown.width) == ("PNG", WIDTH)
    assert answer["Content-Disposition"].startswith("attachment")
    rows = [(row["name"], row["fraction"], row["text"]) for row in drawn[0]["rows"]]
    assert rows[:2] == [("穗安街道", "1 / 3", "33.3%"), ("黄莺岗镇", "0 / 1", "0.0%")]
    assert rows[2][1:] == ("1 / 4", "25.0%")
    assert "穗安1" not in json.dumps(drawn, ensure_ascii=False)
    kept = ModelLogEntry.objects.get(action="indicators.export", user=leader)
    assert kept.data["as"] == "png"


def test_a_name_that_looks_like_markup_is_drawn_as_it_stands(client, leader, scene, exam):  # noqa: F811
    type(scene.town).objects.filter(pk=scene.town.pk).update(name='#panic("乱") $x$ *街道*')
    assert client.get(reverse("board_picture", args=[scene.district.pk])).content.startswith(b"\x89PNG")


def test_who_may_not_read_the_board_gets_no_picture(client, scene, exam):  # noqa: F811
    client.force_login(scene.person("无角色"))
    assert client.get(reverse("board_picture", args=[scene.district.pk])).status_code == 404


def test_without_anything_to_draw_it_says_so(client, leader, scene):  # noqa: F811
    answer = client.get(reverse("board_picture", args=[scene.district.pk]))
    assert answer.status_code == 404
    assert "没有可以导出的数据" in answer.content.decode()
