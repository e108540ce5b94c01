"""The setter's pages over HTTP: from a preset to published results."""
from datetime import timedelta
from decimal import Decimal
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.urls import reverse
from mingfa.people import actions as people
from mingfa.people.models import Posting, Role

from exams import actions
from exams.models import Exam

from . import scene
from .scene import CLOSES, NOON, OPENS, SECRET, browser, holder

EARLIER = OPENS - timedelta(days=2)
BANK_RULES = [("single", 3, "10"), ("multiple", 2, "20"), ("judge", 3, "10")]


@pytest.fixture(autouse=True)
def _before_the_exam():
    with time_machine.travel(EARLIER, tick=False):
        yield


@pytest.fixture
def setter(district):
    return holder(district, Role.SETTER, name="出题人")


@pytest.fixture
def client(setter):
    return browser(setter)


@pytest.fixture
def draft(district, setter):
    return district.exam(publish=False, now=EARLIER)


def address(name, exam):
    return reverse(f"exams:{name}", args=[exam.pk])


def words(reply) -> str:
    return reply.content.decode()


def said(client, exam) -> str:
    """The exam's own page, with what the last step had to say."""
    return words(client.get(address("manage", exam)))


def settings_form(district, **changes) -> dict:
    return {
        "name": "秋季法治考试", "unit": district.district.pk, "bank": district.bank.pk,
        "opens_at": "2026-09-14T09:00", "closes_at": "2026-09-18T09:00", "duration_minutes": "60",
        "pass_mark": "60", "good_mark": "", "excellent_mark": "90", "attempts": "1", "counting": "best",
        "multiple_policy": "all_or_nothing", "result_policy": "after_close", "practice": "kept_back", "grace_minutes": "10",
        "due_units": [district.town.pk], "notice": "", **changes,
    }  # fmt: skip


def rules_form(lines, initial=3) -> dict:
    data = {"form-TOTAL_FORMS": str(len(lines)), "form-INITIAL_FORMS": str(initial)}
    for n, line in enumerate(lines):
        data |= {f"form-{n}-{name}": value for name, value in line.items()}
    return data


def line(kind, count, marks, **more) -> dict:
    return {"type": kind, "topic": "", "law": "", "difficulty": "", "count": str(count), "marks": marks, **more}


def test_a_new_exam_starts_from_a_preset_that_names_its_types(client, district):
    page = words(client.get(reverse("exams:create"), {"preset": "questions-80"}))
    assert "单选题 40 题、每题 1 分，多选题 20 题、每题 2 分，判断题 20 题、每题 1 分，共 100 分。" in page
    reply = client.post(reverse("exams:create") + "?preset=questions-80", settings_form(district))
    exam = Exam.objects.get()
    assert reply.url == address("manage", exam)
    assert (exam.name, exam.state, exam.opens_at, list(exam.due_units.all())) == (
        "秋季法治考试", "draft", OPENS, [district.town]
    )  # fmt: skip
    assert [(rule.type, rule.count) for rule in exam.blueprint.rules.all()] == [
        ("single", 40), ("multiple", 20), ("judge", 20)
    ]  # fmt: skip
    assert "题目不够，还不能发布。" in said(client, exam)


def test_the_due_units_are_ticked_one_by_one(client, district):
    page = words(client.get(reverse("exams:create")))
    assert page.count('name="due_units"') == 3
    assert 'type="checkbox" name="due_units"' in page
    assert "Ctrl" not in page


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"due_units": []}, "请至少选一个应考单位"),
        ({"closes_at": "2026-09-14T09:00"}, "截止时间要晚于开始时间"),
        ({"opens_at": "2026-09-01T09:00", "closes_at": "2026-09-02T09:00"}, "截止时间已经过了，请改到今后"),
        ({"excellent_mark": "50"}, "优秀分要高于及格分"),
    ],
)
def test_settings_that_cannot_be_say_so_once_and_nothing_is_saved(client, district, change, sentence):
    reply = client.post(reverse("exams:create"), settings_form(district, **change))
    assert reply.status_code == 400
    # Once in the summary, once at the field.
    assert words(reply).count(sentence) == 2
    assert words(reply).count("data-mf-errors") == 1
    assert not Exam.objects.exists()


def test_a_unit_that_is_not_the_setters_cannot_be_made_to_sit(district):
    user = district.person("镇出题人")
    people.grant_role(user, role=Role.SETTER, unit=district.town, by=district.boss, now=EARLIER)
    form = settings_form(district, unit=district.town.pk, due_units=[district.other_town.pk])
    assert browser(user).post(reverse("exams:create"), form).status_code == 400
    assert not Exam.objects.exists()


def test_a_draft_is_changed_and_a_published_exam_is_not(client, district, draft):
    assert "法治理论考试" in words(client.get(address("edit", draft)))
    form = settings_form(district, name="改过的", blank_counts="on", categories=["civil"])
    assert client.post(address("edit", draft), form).url == address("manage", draft)
    draft.refresh_from_db()
    assert (draft.name, draft.blank_counts, [str(one) for one in draft.categories.all()]) == ("改过的", True, ["公务员"])
    actions.publish_exam(draft, by=district.boss, now=EARLIER)
    client.post(address("edit", draft), settings_form(district, name="又改"))
    draft.refresh_from_db()
    assert draft.name == "改过的"
    assert "现在的状态（已发布）不能这样做" in said(client, draft)
    assert client.get(address("edit", draft)).url == address("manage", draft)
    assert "考试已经发布，设置不能再改" in said(client, draft)


def test_rules_are_changed_removed_and_added(client, draft):
    assert "组卷规则" in words(client.get(address("rules", draft)))
    lines = [line("single", 2, "20"), line("multiple", 2, "20", DELETE="on"), line("judge", 3, "20"), line("multiple", 1, "0.5")]
    assert client.post(address("rules", draft), rules_form(lines)).status_code == 302
    kept = [(one.type, one.count, one.marks) for one in draft.blueprint.rules.order_by("order")]
    assert kept == [("single", 2, Decimal(20)), ("judge", 3, Decimal(20)), ("multiple", 1, Decimal("0.5"))]
    assert "6 题，100.5 分" in said(client, draft)


def test_without_any_rule_nothing_is_saved(client, draft):
    lines = [line(*rule, DELETE="on") for rule in BANK_RULES]
    reply = client.post(address("rules", draft), rules_form(lines))
    assert reply.status_code == 400
    assert "至少要有一条组卷规则" in words(reply)
    assert draft.blueprint.rules.count() == 3


def test_the_rules_of_a_published_exam_stay(client, district, exam):
    client.post(address("rules", exam), rules_form([line("single", 1, "1")], initial=1))
    assert exam.blueprint.rules.count() == 3
    assert "考试已经发布，组卷规则不能再改" in said(client, exam)


def test_AL2_a_trial_paper_shows_questions_and_never_a_key(client, draft):
    one, other = (words(client.get(address("preview", draft), {"seed": seed})) for seed in (1, 2))
    assert one.count("<fieldset class=\"mf-q") == 8
    assert one != other
    assert SECRET not in one
    assert words(client.get(address("preview", draft), {"seed": "１"})) != ""


def test_a_trial_paper_that_the_bank_cannot_fill_says_which_rule(client, draft):
    client.post(address("rules", draft), rules_form([line("single", 9, "10")], initial=1))
    assert client.get(address("preview", draft)).url == address("manage", draft)
    assert "第 1 条组卷规则要 9 题，题库里只有 8 题可用" in said(client, draft)


def test_publishing_freezes_the_roster_and_says_how_many(client, setter, draft, cadre):
    reply = client.post(address("publish", draft), follow=True)
    assert "已发布，名册 2 人已冻结" in words(reply)
    assert Exam.objects.get().state == "published"
    assert {one.user for one in draft.candidates.all()} == {setter, cadre}


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"pass_mark": Decimal("120.5")}, "及格分 120.5 高于卷面总分 100"),
        ({"opens_at": EARLIER - timedelta(days=3), "closes_at": EARLIER}, "考试已于 9 月 12 日 9:00（北京时间）截止"),
        ({"categories": ["village"]}, "9 月 12 日的名册里，所选单位和人员类别没有人"),
    ],
)
def test_what_stands_in_the_way_of_publishing_is_said(client, district, setter, change, sentence):
    draft = district.exam(publish=False, now=EARLIER, **change)
    assert sentence in words(client.post(address("publish", draft), follow=True))
    assert Exam.objects.get().state == "draft"
    assert draft.candidates.count() == 0


def test_publishing_needs_a_post(client, draft):
    assert client.get(address("publish", draft)).status_code == 405
    assert Exam.objects.get().state == "draft"


def test_who_has_no_category_is_counted_before_publishing_where_categories_are_named(client, district, setter):
    for n in range(2):
        district.person(f"没填{n}")
    Posting.objects.filter(user__name__startswith="没填").update(category="")
    for_all = district.exam(publish=False, now=EARLIER)
    named = district.exam(publish=False, now=EARLIER, name="限类别", categories=["civil"])
    assert "没有填人员类别" not in said(client, for_all)
    assert "2 人没有填人员类别，不在名单里。" in said(client, named)
    actions.publish_exam(named, by=district.boss, now=EARLIER)
    assert named.candidates.count() == 1
    assert "没有填人员类别" not in said(client, named)


def test_results_are_released_with_an_honest_sentence(client, district, cadre):
    exam = district.exam(result_policy="after_release")
    with time_machine.travel(NOON, tick=False):
        again = browser(holder(district, Role.SETTER, name="另一个"))
        early = words(again.post(address("release", exam), follow=True))
    assert "成绩已公布。答案还没有全部收完，考生从 9 月 18 日 9:00 起可以看分数和解析" in early
    assert Exam.objects.get().released_at == NOON


def test_released_after_closing_the_results_are_there_at_once(client, district, cadre):
    exam = district.exam(result_policy="after_release")
    with time_machine.travel(CLOSES, tick=False):
        again = browser(holder(district, Role.SETTER, name="另一个"))
        assert "成绩已公布，考生可以看分数和解析了" in words(again.post(address("release", exam), follow=True))


@pytest.mark.parametrize(
    ("exam", "sentence"),
    [
        ({"publish": False, "result_policy": "after_release"}, "现在的状态（草稿）不能这样做"),
        ({"result_policy": "after_close"}, "这场考试的成绩不用另外公布"),
    ],
)
def test_where_there_is_nothing_to_release_it_says_so(client, district, cadre, setter, exam, sentence):
    exam = district.exam(now=EARLIER, **exam)
    reply = words(client.post(address("release", exam), follow=True))
    assert sentence in reply
    assert "成绩已公布" not in reply
    assert Exam.objects.get().released_at is None


def test_the_figures_are_offered_to_who_may_read_them_and_lead_to_this_exam(client, district, cadre):
    exam = district.exam()
    assert "看参考情况" not in said(client, exam)
    both = browser(holder(district, Role.SETTER, Role.LEADER, name="领导"))
    [link] = [part.split('"')[0] for part in said(both, exam).split('href="')[1:] if part.startswith("/board/?")]
    assert parse_qs(urlsplit(link.replace("&amp;", "&")).query) == {"of": [f"exams-{exam.pk}"], "period": ["2026"]}
    board = both.get(link.replace("&amp;", "&"), follow=True)
    assert board.context["choice"].subject.name == exam.name


def test_the_list_shows_the_exams_of_the_own_units(client, district, draft):
    page = words(client.get(reverse("exams:manage_list")))
    assert "法治理论考试" in page
    assert "9 月 14 日 9:00 至 9 月 18 日 9:00" in page
    assert scene.Candidate.objects.count() == 0
