"""People and their dated postings."""

from datetime import datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from wagtail.log_actions import log

from ..errors import NameTaken
from ..models import GONE, DutyStatus, OrgUnit, Posting, RosterEdition, User
from ..names import UserNames, fold_name, initials, username_base
from ..privacy import check_identity, fold_phone, mask_identity
from ..vault import identity_hash, phone_hash, seal_phone
from .accounts import shut_account

POSTING_FIELDS = ("unit_id", "post", "grade", "category", "duty_status")


def create_person(
    *,
    name: str,
    unit: OrgUnit,
    category: str = "",
    post: str = "",
    grade: str = "",
    duty_status: str = DutyStatus.ON_DUTY,
    staff_number: str | None = None,
    phone: str = "",
    identity: str = "",
    username: str | None = None,
    by: User | None,
    now: datetime,
) -> User:
    """A person with an open main posting from today and an account nobody can use until it is activated.

    username: made from the name's pinyin if not given. identity: checked, kept as keyed hash and mask only.

    Raises NameTaken, privacy.IdentityError, ValueError for a telephone number that is none.
    """
    user = User(password=make_password(None), is_active=duty_status not in GONE)
    set_identity(user, name=name, staff_number=staff_number, phone=phone, identity=identity)
    with transaction.atomic():
        user.username = _free_username(user.name, username)
        _refuse_taken(user)
        user.save()
        Posting.objects.create(
            user=user, unit=unit, category=category, post=post, grade=grade, duty_status=duty_status,
            starts_on=timezone.localdate(now),
        )  # fmt: skip
        count_roster_up()
        log(user, "people.create_person", user=by, data={"unit": unit.name}, timestamp=now)
    return user


def revise_person(
    user: User,
    *,
    name: str,
    staff_number: str | None = None,
    phone: str | None = None,
    identity: str = "",
    by: User | None,
    now: datetime,
) -> User:
    """Correct a person's own data. phone: None keeps the number, "" removes it. identity: "" keeps it.

    Raises as create_person.
    """
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        set_identity(user, name=name, staff_number=staff_number, phone=phone, identity=identity)
        _refuse_taken(user)
        user.save()
        log(user, "people.revise_person", user=by, timestamp=now)
    return user


def move_person(
    user: User,
    *,
    unit: OrgUnit,
    post: str = "",
    grade: str = "",
    category: str = "",
    duty_status: str = DutyStatus.ON_DUTY,
    by: User | None,
    now: datetime,
) -> Posting:
    """Give a person a new main posting from today; the one before ends yesterday and stays on record.

    A posting that itself began today is corrected in place. A status that ends the service (退休 …) disables the
    account as well; one that does not changes nothing about it.
    """
    today = timezone.localdate(now)
    with transaction.atomic():
        user = User.objects.select_for_update().get(pk=user.pk)
        current = user.postings.filter(main=True, ends_on=None).first()
        wanted = Posting(
            user=user,
            unit=unit,
            post=post,
            grade=grade,
            category=category,
            duty_status=duty_status,
            starts_on=today,
        )
        if current and all(getattr(current, field) == getattr(wanted, field) for field in POSTING_FIELDS):
            return current
        if current and current.starts_on >= today:
            wanted.pk, wanted.starts_on = current.pk, current.starts_on
        elif current:
            current.ends_on = today - timedelta(days=1)
            current.save(update_fields=["ends_on"])
        wanted.save()
        count_roster_up()
        if duty_status in GONE and user.is_active:
            shut_account(user, now)
        log(user, "people.move_person", user=by, data={"unit": unit.name}, timestamp=now)
    return wanted


def count_roster_up() -> None:
    """For every write of main postings, in its transaction and near its end: who else changes the roster waits for it."""
    if not RosterEdition.objects.update(number=F("number") + 1):
        RosterEdition.objects.get_or_create(pk=1, defaults={"number": 1})


def record_export(units: str, count: int, *, by: User, now: datetime) -> None:
    """Note that somebody took a list of people out of the system. units: which, in words."""
    log(by, "people.export_people", user=by, data={"units": units, "count": count}, timestamp=now)


def set_identity(
    user: User, *, name: str, staff_number: str | None, phone: str | None, identity: str
) -> None:
    """Put folded, checked and sealed values on an unsaved user. phone: None leaves it alone."""
    user.name = fold_name(name)
    user.initials = initials(user.name)
    user.staff_number = (staff_number or "").strip() or None
    if phone is not None:
        number = fold_phone(phone)
        user.phone_cipher, user.phone_hash = seal_phone(number), phone_hash(number)
    if identity:
        checked = check_identity(identity)
        user.identity_hash = identity_hash(checked.number)
        user.identity_masked = mask_identity(checked.number)
        user.birth_month = f"{checked.born:%Y-%m}"


def _free_username(name: str, username: str | None) -> str:
    if username:
        return username
    taken = User.objects.filter(username__startswith=username_base(name)).values_list("username", flat=True)
    return UserNames(taken).take(name)


def _refuse_taken(user: User) -> None:
    others = User.objects.exclude(pk=user.pk)
    if others.filter(username=user.username).exists():
        raise NameTaken("username")
    if user.staff_number and others.filter(staff_number=user.staff_number).exists():
        raise NameTaken("staff_number")
    if user.identity_hash and others.filter(identity_hash=user.identity_hash).exists():
        raise NameTaken("identity")
