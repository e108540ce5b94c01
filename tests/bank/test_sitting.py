"""Setters who are sitting a paper of their own bank: no page tells them a key, and none lets them try one out."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from mingfa.bank import actions, registry
from mingfa.people.actions import grant_role

from tests.bank.samples import DRAFT, NOW, question_file, question_rows

pytestmark = pytest.mark.django_db
KEYED = ("detail", "edit", "tag_beliefs", "history", "new_question", "near", "upload", "import", "import_all", "repair")
KEYLESS = ("question_list", "preview", "tags", "filters", "runs")


@pytest.fixture
def signed_in(client, bank, setter):
    grant_role(setter, role="setter", unit=bank.unit, by=None, now=NOW)
    client.force_login(setter)
    return client


@pytest.fixture
def upload(bank, setter):
    bad = ["单选题", "没有答案的题", "甲", "乙", "", "", ""]
    return actions.keep_upload(bank, data=question_file(*question_rows(2), bad), name="题库.xlsx", by=setter, now=NOW)


@pytest.fixture
def sitting(monkeypatch):
    """Put question ids here: they stand on a paper that everybody is sitting."""
    ids = []
    monkeypatch.setattr(registry, "on_open_papers", [lambda user, now: ids])
    return ids


def addresses(bank, question, upload, names):
    values = {"bank_id": bank.pk, "question_id": question.pk, "import_id": upload.pk, "place": 1}
    wanted = {"detail": ("bank:question", ["question_id"]), "history": ("bank_reviews:history", ["question_id"])}
    wanted |= {name: (f"bank:{name}", ["question_id"]) for name in ("edit", "tag_beliefs", "preview")}
    wanted |= {name: (f"bank:{name}", ["bank_id", "import_id"]) for name in ("import", "import_all", "rejected")}
    wanted["repair"] = ("bank:repair", ["bank_id", "import_id", "place"])
    for name in names:
        route, parts = wanted.get(name, (f"bank:{name}", ["bank_id"]))
        yield name, reverse(route, args=[values[part] for part in parts])


def test_AL1_no_page_with_keys_of_the_bank_opens_until_the_paper_is_handed_in(signed_in, bank, question, upload, sitting):
    keyed = list(addresses(bank, question, upload, KEYED))
    assert {name: signed_in.get(address).status_code for name, address in keyed} == dict.fromkeys(KEYED, 200)
    sitting.append(question.pk)
    for name, address in keyed:
        reply = signed_in.get(address)
        assert (name, reply.status_code, "交卷以后再" in reply.content.decode()) == (name, 403, True)
    for name, address in addresses(bank, question, upload, KEYLESS):
        assert (name, signed_in.get(address).status_code) == (name, 200)
    sitting.clear()
    assert {name: signed_in.get(address).status_code for name, address in keyed} == dict.fromkeys(KEYED, 200)


def test_AL1_what_the_bank_knows_of_a_key_is_not_found_out_by_writing_or_importing(signed_in, bank, question, upload, sitting):
    sitting.append(question.pk)
    look = {"stem": DRAFT.stem, "option_A": "甲", "option_B": "乙", "answer": "A", "difficulty": "1", "look": "yes"}
    assert signed_in.post(reverse("bank:new_question", args=[bank.pk]), look).status_code == 403
    file = SimpleUploadedFile("题库.xlsx", question_file(["多选题", DRAFT.stem, *DRAFT.options, "AB"]))
    assert signed_in.post(reverse("bank:upload", args=[bank.pk]), {"file": file}).status_code == 403
    assert bank.imports.count() == 1


def test_a_paper_of_another_bank_keeps_nothing_back_here(signed_in, bank, question, upload, setter, sitting):
    other = actions.create_bank(name="另一个题库", unit=bank.unit, by=setter, now=NOW)
    sitting.append(actions.create_question(other, DRAFT, by=setter, now=NOW).pk)
    for name, address in addresses(bank, question, upload, KEYED):
        assert (name, signed_in.get(address).status_code) == (name, 200)
