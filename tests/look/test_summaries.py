"""A failed form has one summary; a page uses no class that no style sheet knows."""
import re
from pathlib import Path

import pytest
from mingfa.people.models import User

TEMPLATES = Path(__file__).resolve().parents[2] / "templates"
STATIC = TEMPLATES.parent / "platform/mingfa/static"
STYLES = [
    *STATIC.glob("mingfa/*.css"), *STATIC.parent.glob("*/static/*/*.css"), *TEMPLATES.parent.glob("courses/*/static/*/*.css"),
    *TEMPLATES.parent.glob("*/static/*/*.css"),
]  # fmt: skip
VENDOR = [
    STATIC / "vendor/bootstrap/bootstrap.min.css",
    STATIC / "vendor/bootstrap-icons/bootstrap-icons.min.css",
]


@pytest.mark.parametrize("address", ["/activate/", "/me/password/", "/people/roster/", "/exams/new/"])
def test_what_went_wrong_is_summed_up_once(client, db, address):
    if address != "/activate/":
        client.force_login(User.objects.create_superuser("boss", name="管理"))
    page = client.post(address, {"account": "x", "name": ""}).content.decode()
    assert page.count("data-mf-errors") == 1


def used_classes() -> set[str]:
    used: set[str] = set()
    for path in TEMPLATES.rglob("*.html"):
        if "wagtailadmin" in path.parts:
            continue
        words = re.sub(r"{%.*?%}|{{.*?}}|{#.*?#}", " ", path.read_text("utf-8"), flags=re.S)
        for names in re.findall(r'class="([^"]*)"', words):
            used |= {name for name in names.split() if not name.endswith("-")}
    return used


def test_every_class_of_a_template_is_known_to_a_style_sheet():
    known = {
        name for path in [*STYLES, *VENDOR] for name in re.findall(r"\.([a-zA-Z][\w-]*)", path.read_text("utf-8"))
    }
    # Written as bi-{% if … %}: the part that the condition chooses.
    parts = {name.removeprefix("bi-") for name in known if name.startswith("bi-")}
    assert used_classes() - known - parts == set()
