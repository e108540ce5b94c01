"""A setter who sits an exam reads no key of that paper on the setter's own pages; others and afterwards it is as always."""
import pytest
import time_machine
from django.urls import reverse
from mingfa.bank import actions as bank_actions
from mingfa.bank.models import QuestionVersion
from mingfa.bank.urls import urlpatterns
from mingfa.people.models import Role

from exams import actions
from exams.papers import paper_of
from tests.bank.samples import question_file, question_rows
from tests.bank.test_views import addresses

from . import scene
from .scene import NOON, SECRET, minutes

KEYS = (SECRET, "正确答案</span>", "正确答案：</b>", "<p>答案：", "is-right")


@pytest.fixture
def setter(district):
    return scene.holder(district, Role.SETTER, name="出题也考试")


@pytest.fixture
def elsewhere(district):
    """A setter of a town who sits the same exam; the district's bank is none of his."""
    return scene.holder(district, Role.SETTER, name="镇上的", unit=district.other_town)


@pytest.fixture
def asked(district, setter, elsewhere):
    """A question of the paper that the setter is sitting."""
    sitting = scene.sit(district.exam(), setter)
    return QuestionVersion.objects.get(pk=paper_of(sitting.pk).items[0].version_id).question


@pytest.fixture
def upload(district, setter, asked):
    """A file with the question of the paper, and a guess at its answer."""
    stem, options = asked.current.stem, list(asked.current.options.values_list("text", flat=True))
    row = ["单选题", stem, *options, "A", "猜一猜"]
    data = question_file(*question_rows(2), row)
    return bank_actions.keep_upload(district.bank, data=data, name="猜.xlsx", by=setter, now=NOON)


@pytest.fixture(autouse=True)
def at_noon():
    with time_machine.travel(NOON + minutes(1), tick=False):
        yield


def everywhere(district, question, upload):
    """(name, address) of every page of the bank."""
    return list(zip([route.name for route in urlpatterns], addresses(district.bank, question, upload), strict=True))


def text_of(reply):
    return reply.content.decode(errors="replace")


def told(text):
    return [word for word in KEYS if word in text]


def test_AL1_neither_history_nor_export_tells_it(district, setter, asked):
    browser = scene.browser(setter)
    history = browser.get(reverse("bank_reviews:history", args=[asked.pk]))
    export = browser.post(reverse("bank:export", args=[district.bank.pk], query={"format": "txt"}))
    assert [(one.status_code, told(text_of(one))) for one in (history, export)] == [(403, []), (403, [])]


def test_AL1_the_faults_of_the_exam_show_no_key_to_a_setter_who_sits_it(district, setter, asked):
    exam = scene.Exam.objects.get()
    (sitting,) = scene.Sitting.objects.all()
    actions.report_fault(sitting, 0, text="两个都对", by=setter, now=NOON)
    address = reverse("exams:correct", args=[exam.pk, asked.current_id])
    text = text_of(scene.browser(setter).get(address))
    assert (SECRET in text, "试卷上的答案" in text, "要等交卷以后" in text) == (False, False, True)
    assert "试卷上的答案" in text_of(scene.browser(scene.holder(district, Role.SETTER, name="同事")).get(address))


def test_a_colleague_who_does_not_sit_reads_on(district, setter, asked, upload):
    browser = scene.browser(scene.holder(district, Role.SETTER, name="同事"))
    assert SECRET in text_of(browser.get(reverse("bank:question", args=[asked.pk])))
    codes = {name: browser.get(address).status_code for name, address in everywhere(district, asked, upload)}
    assert 403 not in codes.values()


def test_after_handing_in_the_pages_are_open_again(district, setter, asked):
    (sitting,) = scene.Sitting.objects.all()
    actions.submit_sitting(sitting.pk, by=setter, now=NOON + minutes(1))
    browser = scene.browser(setter)
    assert SECRET in text_of(browser.get(reverse("bank:question", args=[asked.pk])))
    assert browser.get(reverse("bank:upload", args=[district.bank.pk])).status_code == 200


def test_AZ1_a_setter_of_another_unit_who_sits_the_question_is_not_told_that_it_is_here(district, elsewhere, asked):
    scene.sit(scene.Exam.objects.get(), elsewhere)
    browser = scene.browser(elsewhere)
    for name in ("question", "edit", "preview", "tag_beliefs"):
        assert browser.get(reverse(f"bank:{name}", args=[asked.pk])).status_code == 404
    assert browser.get(reverse("bank:upload", args=[district.bank.pk])).status_code == 404
