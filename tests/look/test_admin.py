"""The admin speaks Chinese and wears our colours."""
import gettext
import json
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.urls import reverse
from mingfa.people.models import User

CATALOGUES = Path(settings.LOCALE_PATHS[0]) / "zh_Hans" / "LC_MESSAGES"


def entries(domain):
    """(msgid, plural or "", translation) of the readable catalogue."""
    for block in (CATALOGUES / f"{domain}.po").read_text().split("\n\n")[1:]:
        found = dict(re.findall(r'^(msgid_plural|msgid|msgstr)(?:\[0\])? "(.*)"$', block, re.M))
        yield tuple(
            found.get(key, "").replace('\\"', '"').replace("\\n", "\n") for key in ("msgid", "msgid_plural", "msgstr")
        )


@pytest.fixture
def admin(client, db):
    client.force_login(User.objects.create_superuser("boss", name="唐守正"))
    return client


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_the_compiled_catalogue_is_the_readable_one(domain):
    with (CATALOGUES / f"{domain}.mo").open("rb") as file:
        compiled = gettext.GNUTranslations(file)
    known = list(entries(domain))
    assert len(known) > 10
    for msgid, plural, chinese in known:
        assert (compiled.ngettext(msgid, plural, 2) if plural else compiled.gettext(msgid)) == chinese


@pytest.mark.parametrize("domain", ["django", "djangojs"])
def test_a_translation_keeps_every_place_holder(domain):
    holders = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
    for msgid, plural, chinese in entries(domain):
        assert sorted(set(holders.findall(chinese))) == sorted(set(holders.findall(plural or msgid))), msgid


def test_the_front_page_is_ours(admin):
    page = admin.get(reverse("wagtailadmin_home")).content.decode()
    assert "<title>控制面板 - 明法</title>" in re.sub(r"\s+", " ", page)
    assert "mingfa/admin.css" in page
    assert "mingfa/mark.svg" in page
    assert "明法管理后台" in page
    assert "搜索全部页面…" in page


def test_the_scripts_of_the_admin_get_our_words(admin):
    words = admin.get(reverse("wagtailadmin_javascript_catalog")).content.decode()
    assert json.dumps("修改已自动保存。") in words
    assert json.dumps("控制面板") in words  # from Wagtail's own catalogue


SET_UP = """
import json
from django.contrib.auth.models import Group
from wagtail.models import Page, Workflow
groups = Group.objects.filter(name__in=["审核员", "编辑", "Moderators", "Editors"])
print(json.dumps([
    sorted(groups.values_list("name", flat=True)),
    list(Workflow.objects.values_list("name", flat=True)),
    Page.objects.get(depth=1).title,
]))
"""


def test_what_wagtail_sets_up_has_chinese_names(data_folder):
    """On a freshly migrated database: the run's own one is emptied by tests that need real transactions."""
    printed = data_folder.manage("shell", "-v0", "-c", SET_UP).strip().splitlines()[-1]
    assert json.loads(printed) == [["审核员", "编辑"], ["审核员审核", "三审三校"], "全部页面"]
