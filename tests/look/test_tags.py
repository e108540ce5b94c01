"""Times, marks and navigation as people read them."""
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import timezone
from mingfa.models import SiteIdentity
from mingfa.people.models import OrgUnit, RoleGrant, User
from mingfa.templatetags import mingfa as tags

EVENING = datetime(2026, 9, 17, 16, 30, 5, tzinfo=UTC)  # half past midnight of the 18th in Beijing


@pytest.fixture
def this_year(monkeypatch):
    monkeypatch.setattr(timezone, "now", lambda: EVENING)


@pytest.fixture
def district(db):
    return OrgUnit.add_root(name="嘉禾区", kind="district")


def person(name, *roles, unit=None, **more):
    user = User.objects.create_user(name, name=name, **more)
    for role in roles:
        RoleGrant.objects.create(user=user, role=role, unit=unit)
    return user


def going(user, path="/me/"):
    request = RequestFactory().get(path)
    request.user = user
    return tags.navigation({"request": request})


def words(user):
    return [place.word for place in going(user)["places"]]


def test_times_are_beijing_times(this_year):
    assert tags.day(EVENING) == "9 月 18 日"
    assert tags.moment(EVENING) == "9 月 18 日 0:30"
    assert tags.clock(EVENING) == "00:30:05"
    assert tags.day(date(2026, 1, 2)) == "1 月 2 日"
    assert tags.time_of_day(EVENING.replace(hour=1)) == "9:30"


def test_another_year_is_named(this_year):
    assert tags.moment(EVENING.replace(year=2025)) == "2025 年 9 月 18 日 0:30"
    assert tags.day(date(2025, 9, 18)) == "2025 年 9 月 18 日"


@pytest.mark.parametrize("tag", [tags.day, tags.moment, tags.clock])
def test_no_time_is_no_text(tag):
    assert tag(None) == ""


@pytest.mark.parametrize(
    ("value", "text"), [("80.0", "80"), ("72.5", "72.5"), ("0.0", "0"), ("100.0", "100"), (None, "—")]
)
def test_marks_have_no_useless_zero(value, text):
    assert tags.marks(None if value is None else Decimal(value)) == text


@pytest.mark.parametrize(("value", "text"), [(60, "60 分钟"), (90, "1 小时 30 分"), (120, "2 小时"), (45, "45 分钟")])
def test_durations_are_read_as_people_say_them(value, text):
    assert tags.minutes(value) == text


def test_a_cadre_has_three_places(district):
    assert words(person("cadre")) == ["我的任务", "学习", "法律库"]


@pytest.mark.parametrize(
    ("role", "more"),
    [
        ("leader", ["看板", "考试", "外宣", "报告"]), ("liaison", ["看板", "人员", "考试", "报告"]), ("setter", ["考试", "题库"]),
        ("secadmin", ["人员"]), ("outreach", ["外宣"]),
        ("trainer", ["看板", "培训"]), ("marker", []), ("auditor", []),
    ],
)  # fmt: skip
def test_each_role_also_has_the_places_of_its_work(district, role, more):
    assert words(person(role, role, unit=district)) == ["我的任务", "学习", "法律库", *more]


def test_a_phone_has_room_for_five_and_the_rest_stands_behind_more(district):
    few = going(person("setter", "setter", unit=district), "/bank/1/")
    assert ([place.word for place in few["bar"]], few["more"]) == (["我的任务", "学习", "法律库", "考试", "题库"], [])
    many = going(person("leader", "leader", unit=district), "/outreach/")
    assert [place.word for place in many["bar"]] == ["我的任务", "学习", "法律库", "看板"]
    assert ([place.word for place in many["more"]], many["in_more"]) == (["考试", "外宣", "报告"], True)


def test_a_visitor_sees_the_library_only(client, db):
    page = client.get("/accessibility/").content.decode()
    assert "法律库" in page
    assert "我的任务" not in page.replace("回到<a", "")
    assert "退出" not in page


@pytest.mark.parametrize(
    ("path", "current"),
    [
        ("/me/", ["我的任务"]), ("/exams/3/", ["我的任务"]), ("/sittings/3/result/", ["我的任务"]), ("/laws/x/", ["法律库"]),
        ("/exams/", ["考试"]), ("/exams/3/manage/rules/", ["考试"]), ("/bank/1/", ["题库"]), ("/me/profile/", []),
        ("/outreach/materials/3/", ["外宣"]),
    ],
)  # fmt: skip
def test_the_place_you_are_at_is_marked(district, path, current):
    places = going(person("boss", is_superuser=True), path)["places"]
    assert [place.word for place in places if place.current] == current


def test_the_admin_is_offered_only_to_who_may_enter(district):
    assert going(person("boss", is_superuser=True))["admin"] is True
    assert going(person("cadre"))["admin"] is False
    assert going(person("leader", "leader", unit=district))["admin"] is False


def test_leaving_is_a_form_and_not_a_link(client, district):
    client.force_login(person("cadre"))
    page = client.get("/accessibility/").content.decode()
    assert '<form id="leave" method="post" action="/logout/" hidden>' in page
    assert '<button class="item" type="submit" form="leave">' in page
    assert 'href="/logout/"' not in page


def test_what_is_kept_of_a_page_is_nobody_elses(client, district):
    for name in ("cadre", "leader"):
        client.force_login(person(name, *([name] if name == "leader" else []), unit=district))
        page = client.get("/accessibility/").content.decode()
        assert page.count(f'aria-label="个人菜单，{name}"') == 1
        assert ('href="/board/"' in page) == (name == "leader")
    client.post("/logout/")
    page = client.get("/accessibility/").content.decode()
    assert "个人菜单" not in page
    assert 'href="/board/"' not in page


def test_the_footer_shows_only_what_was_filled_in(client, db):
    empty = client.get("/accessibility/").content.decode()
    assert "主办单位" not in empty
    assert "本系统为非涉密系统，严禁处理涉密信息。" in empty
    SiteIdentity.objects.create(place="嘉禾区", organiser="嘉禾区信访办公室", icp="×ICP备1号")
    page = client.get("/accessibility/").content.decode()
    assert "<span>主办单位：嘉禾区信访办公室</span>" in page
    assert "<span>×ICP备1号</span>" in page
    assert "联系电话" not in page


@pytest.mark.parametrize(
    ("address", "title"),
    [
        ("/accessibility/", "无障碍说明"), ("/burden/", "为基层减负说明"), ("/privacy/", "个人信息保护"),
        ("/feedback/", "意见反馈"),
    ],
)  # fmt: skip
def test_every_page_leads_to_what_a_government_site_must_explain(client, db, address, title):
    front = client.get("/").content.decode()
    assert f'<a href="{address}">{title}</a>' in front
    assert f'<h1 class="mf-sense">{title}</h1>' in client.get(address).content.decode()


def test_who_to_turn_to_is_what_the_office_filled_in(client, db):
    assert "请联系本单位联络员，由联络员转告主办单位" in client.get("/feedback/").content.decode()
    SiteIdentity.objects.create(organiser="嘉禾区信访办公室", phone="0000-0000001")
    page = client.get("/feedback/").content.decode()
    assert "请联系嘉禾区信访办公室，电话" in page
    assert page.count("0000-0000001") == 2


def test_the_path_of_a_unit_is_written_from_the_top(district):
    town = district.add_child(name="穗安街道", kind="township")
    village = town.add_child(name="南塘社区", kind="village")
    assert tags.unit_path(village) == "嘉禾区 / 穗安街道 / 南塘社区"


@pytest.mark.parametrize("page", ["400.html", "403.html", "403_csrf.html", "404.html", "500.html"])
def test_error_pages_need_neither_request_nor_database(page):
    html = engines["django"].get_template(page).render({"number": "404-7Q2M", "when": EVENING})
    assert "404-7Q2M" in html
    assert html.count("<h1") == 1
