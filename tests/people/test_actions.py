"""What the actions write, refuse and log."""
from datetime import date, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from mingfa.people import registry
from mingfa.people.actions import (
    create_person,
    disable_account,
    enable_account,
    grant_role,
    issue_activation,
    move_person,
    revise_person,
    revise_unit,
)
from mingfa.people.errors import GrantsToSelf, HoldsAnotherAdminRole, NameTaken, UnitBelowItself
from mingfa.people.models import ActivationCode, DutyStatus, Role, User
from mingfa.people.queries import roster_on
from mingfa.people.vault import masked_phone, open_phone
from wagtail.models import ModelLogEntry

from .making import NOW, person, township

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=10)
DAY = date(2026, 3, 2)


def entries():
    return list(ModelLogEntry.objects.order_by("pk").values_list("action", flat=True))


def test_every_write_leaves_one_entry(top):
    cadre = person(top)
    move_person(cadre, unit=township(top), by=None, now=LATER)
    disable_account(cadre, by=None, now=LATER)
    disable_account(cadre, by=None, now=LATER)
    enable_account(cadre, by=None, now=LATER)
    grant_role(cadre, role=Role.TRAINER, unit=top, by=None, now=LATER)
    grant_role(cadre, role=Role.TRAINER, unit=top, by=None, now=LATER)

    assert [name for name in entries() if name.startswith("people.")] == [
        "people.create_unit", "people.create_person", "people.create_unit", "people.move_person",
        "people.disable_account", "people.enable_account", "people.grant_role",
    ]  # fmt: skip


def test_personal_numbers_are_sealed(top):
    cadre = create_person(
        name="甲一", unit=top, phone="13812345678", identity="990001198001010115", by=None, now=NOW
    )

    stored = str(User.objects.filter(pk=cadre.pk).values().get())
    assert "13812345678" not in stored
    assert "990001198001010115" not in stored
    cadre = User.objects.get(pk=cadre.pk)
    assert (open_phone(cadre.phone_cipher), masked_phone(cadre.phone_cipher)) == ("13812345678", "138****5678")
    assert (cadre.identity_masked, cadre.birth_month) == ("990001********0115", "1980-01")


def test_the_same_number_is_sealed_differently_each_time(top):
    one, two = (person(top, name, phone="13812345678") for name in ("甲一", "乙二"))

    assert bytes(one.phone_cipher) != bytes(two.phone_cipher)
    assert one.phone_hash == two.phone_hash


def test_a_key_that_is_gone_shows_no_number_and_no_error(top, settings):
    cadre = person(top, phone="13812345678")
    settings.SECRET_KEY = "another"

    assert masked_phone(cadre.phone_cipher) == ""


@pytest.mark.parametrize(
    "values", [{"username": "jiayi"}, {"staff_number": "JH0001"}, {"identity": "990001198001010115"}]
)
def test_numbers_that_name_one_person_are_not_given_twice(top, values):
    person(top, "甲一", username="jiayi", staff_number="JH0001", identity="990001198001010115")

    with pytest.raises(NameTaken):
        create_person(name="乙二", unit=top, by=None, now=NOW, **values)
    assert User.objects.count() == 1


def test_correcting_keeps_the_telephone_number_unless_a_new_one_is_given(top):
    cadre = person(top, "甲一", phone="13812345678")

    revise_person(cadre, name="甲 一一", by=None, now=NOW)
    kept = User.objects.get(pk=cadre.pk)
    revise_person(kept, name="甲一一", phone="", by=None, now=NOW)

    assert (kept.name, kept.initials, masked_phone(kept.phone_cipher)) == ("甲一一", "jyy", "138****5678")
    assert User.objects.get(pk=cadre.pk).phone_hash == ""


def test_a_move_ends_the_old_posting_the_day_before(top):
    unit = township(top)
    cadre = person(top, post="科员")

    move_person(cadre, unit=unit, post="科长", by=None, now=LATER)

    postings = cadre.postings.order_by("starts_on").values_list("unit__name", "post", "starts_on", "ends_on")
    assert list(postings) == [
        ("嘉禾区", "科员", DAY, date(2026, 3, 11)), ("东一镇", "科长", date(2026, 3, 12), None),
    ]  # fmt: skip


def test_a_move_on_the_same_day_corrects_the_posting(top):
    cadre = person(top, post="科员")

    move_person(cadre, unit=top, post="科长", by=None, now=NOW)

    assert list(cadre.postings.values_list("post", "ends_on")) == [("科长", None)]


def test_retiring_disables_the_account_and_tells_others(top, monkeypatch):
    told = []
    monkeypatch.setattr(registry, "on_disable", [lambda user, now: told.append((user.pk, now))])
    cadre = person(top)

    move_person(cadre, unit=top, duty_status=DutyStatus.RETIRED, by=None, now=LATER)

    assert told == [(cadre.pk, LATER)]
    assert not User.objects.get(pk=cadre.pk).is_active


def test_AZ3_disabling_tells_others_and_voids_codes(top, monkeypatch):
    told = []
    monkeypatch.setattr(registry, "on_disable", [lambda user, now: told.append(user.pk)])
    cadre = person(top)
    issue_activation(cadre, by=None, now=NOW)

    disable_account(cadre, by=None, now=LATER)

    assert told == [cadre.pk]
    assert ActivationCode.objects.get().expires_at == LATER


def test_the_roster_of_a_day_has_those_on_leave_and_not_those_gone(top):
    statuses = {"甲": "on_duty", "乙": "long_sick", "丙": "maternity", "丁": "retired", "戊": "seconded"}
    for name, status in statuses.items():
        person(top, name, duty_status=status, category="civil")
    unit = township(top)
    mover = person(top, "己", category="contract")
    move_person(mover, unit=unit, category="contract", by=None, now=LATER)

    def on(day, units, **more):
        return sorted(posting.user.name for posting in roster_on(day, units=units, **more))

    assert on(DAY, [top]) == sorted("甲乙丙戊己")
    assert on(DAY, [top], categories=["contract"]) == ["己"]
    assert on(timezone.localdate(LATER), [top]) == sorted("甲乙丙戊")
    assert on(timezone.localdate(LATER), [unit]) == ["己"]
    assert on(DAY - timedelta(days=1), [top, unit]) == []


@pytest.mark.parametrize("second", [Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN])
def test_nobody_holds_two_of_the_three_administrators_anywhere(top, second):
    cadre = person(top)
    grant_role(cadre, role=Role.AUDIT_ADMIN, unit=top, by=None, now=NOW)

    with pytest.raises(HoldsAnotherAdminRole, match="一人只能担任一种"):
        grant_role(cadre, role=second, unit=township(top), by=None, now=NOW)


def test_nobody_grants_oneself(top):
    cadre = person(top)

    with pytest.raises(GrantsToSelf):
        grant_role(cadre, role=Role.TRAINER, unit=top, by=cadre, now=NOW)


def test_a_unit_is_not_moved_below_itself(top):
    unit = township(top)
    village = township(unit, "桃源村")

    with pytest.raises(UnitBelowItself):
        revise_unit(unit, name="东一镇", kind="township", parent=village, by=None, now=NOW)


def test_create_admin_prints_a_password_that_has_to_be_changed():
    out = StringIO()

    call_command("create_admin", "admin", stdout=out)

    password = out.getvalue().split("一次性密码：")[1].split("\n")[0]
    admin = User.objects.get(username="admin")
    assert (admin.is_superuser, admin.must_change_password, admin.check_password(password)) == (True, True, True)


def test_create_admin_does_not_take_over_somebody_elses_account(top):
    person(top, username="jiayi")

    with pytest.raises(CommandError, match="请换一个账号名"):
        call_command("create_admin", "jiayi")
