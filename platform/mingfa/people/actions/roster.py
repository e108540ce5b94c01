"""Writing a 花名册: staged in small transactions nobody sees, made visible by one short commit.

New accounts are written switched off and without a posting, new postings as secondary ones; the commit only flips
them. A killed import leaves nothing visible, and applying it again goes on where it stopped.
"""
from datetime import date, datetime, timedelta

from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import OuterRef, Q, Subquery, Value
from django.db.models.functions import NullIf
from django.utils import timezone
from wagtail.log_actions import log

from ..access import require
from ..errors import RosterNotReady, RosterOutOfDate
from ..importing.units import kind_of
from ..models import GONE, OrgUnit, Posting, Role, RosterImport, RosterRow, User
from ..names import UserNames
from ..registry import tell_disabled
from ..rosters import Plan, compare, people_who_moved_on, shut_with_posting, units_of
from .people import count_roster_up
from .units import create_unit

BATCH = 500
# An import that has not moved for so long was killed; somebody may start it again.
STALLED_AFTER = timedelta(minutes=5)
KEPT_FOR = timedelta(days=3)
COPIED = (
    "name", "initials", "staff_number", "phone_cipher", "phone_hash", "identity_hash", "identity_masked", "birth_month",
)  # fmt: skip
CHANGE = RosterRow.Change
STATE = RosterImport.State


def stage_roster(plan: Plan, *, file_name: str, by: User | None, now: datetime) -> RosterImport:
    """Keep a plan until somebody confirms it. Sweeps what others left behind."""
    sweep_rosters(now=now)
    with transaction.atomic():
        roster = RosterImport.objects.create(
            by=by, file_name=file_name[:120], created_at=now, header_row=plan.header_row, counts=plan.counts(),
            errors=[error.as_dict() for error in plan.errors], skipped=[list(row) for row in plan.skipped],
        )  # fmt: skip
        log(roster, "people.stage_roster", user=by, data=roster.counts, timestamp=now)
    for start in range(0, len(plan.rows), BATCH):
        batch = plan.rows[start : start + BATCH]
        for row in batch:
            row.roster = roster
        RosterRow.objects.bulk_create(batch)
    return roster


def decide_units(
    roster: RosterImport,
    *,
    chosen: dict[str, OrgUnit],
    parents: dict[str, OrgUnit],
    here: list[int],
    elsewhere: list[int],
    by: User,
    now: datetime,
) -> None:
    """Put in what only a person can know.

    chosen: name in the list → unit it means. parents: name → unit below which a new one of that name is created.
    here: numbers of rows whose 人事关系 is in the listed unit. elsewhere: numbers of rows that belong to another
    unit's roster; they leave this one. Raises RosterNotReady, PermissionDenied for a parent that is not `by`'s.
    """
    with transaction.atomic():
        roster = _locked(roster, STATE.STAGED)
        for name, parent in parents.items():
            require(by, Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN, unit=parent)
            unit = create_unit(name=name, kind=kind_of(name), parent=parent, by=by, now=now)
            chosen = {**chosen, name: unit}
        roster.rows.filter(number__in=elsewhere).delete()
        roster.rows.filter(number__in=here).update(needs_unit_decision=False)
        rows = list(roster.rows.filter(unit=None, unit_name__in=chosen).select_related("person"))
        for row in rows:
            row.unit = chosen[row.unit_name]
        findings = compare(rows, units_of(by), by=by)
        RosterRow.objects.bulk_update(
            rows, ["unit", "change", "difference", "changes_posting", "needs_unit_decision"], batch_size=BATCH
        )
        still = [e for e in roster.errors if e["code"] != "unknown_unit" or _unit_of(e, rows) is None]
        roster.errors = still + [finding.as_dict() for finding in findings]
        roster.save(update_fields=["errors"])


def _unit_of(error: dict, rows: list[RosterRow]) -> OrgUnit | None:
    return next((row.unit for row in rows if row.number == error["row"]), None)


def discard_roster(roster: RosterImport, *, by: User | None, now: datetime) -> None:
    """Throw a staged list away, with everything prepared for it."""
    with transaction.atomic():
        roster = _locked(roster, STATE.STAGED)
        roster.state = STATE.DISCARDED
        roster.save(update_fields=["state"])
        log(roster, "people.discard_roster", user=by, timestamp=now)
    _remove_prepared(roster)


def apply_roster(roster: RosterImport, *, by: User | None, now: datetime) -> RosterImport:
    """Write a list: all of it, or nothing that anybody can see.

    roster: staged, or claimed by start_roster. Raises RosterNotReady and RosterOutOfDate as start_roster does.
    """
    if roster.state != STATE.APPLYING:
        roster = start_roster(roster, by=by, now=now)
    try:
        _prepare(roster, timezone.localdate(now))
        # A long list takes a while to prepare.
        _refuse_stale(roster, by)
        _make_visible(roster, by=by, now=now)
    except IntegrityError as taken:
        RosterImport.objects.filter(pk=roster.pk).update(state=STATE.STAGED)
        raise RosterNotReady("核对以后，又有人新增了相同工号或身份证号的人员，请重新上传") from taken
    except BaseException:
        RosterImport.objects.filter(pk=roster.pk, state=STATE.APPLYING).update(state=STATE.STAGED)
        raise
    _remove_rows(roster)
    return roster


def _locked(roster: RosterImport, state: str) -> RosterImport:
    roster = RosterImport.objects.select_for_update().get(pk=roster.pk)
    if roster.state != state:
        raise RosterNotReady(roster.get_state_display())
    return roster


def start_roster(roster: RosterImport, *, by: User | None, now: datetime) -> RosterImport:
    """Claim a staged list for writing; a task goes on with apply_roster.

    Raises RosterNotReady when it has findings or open decisions, was applied or discarded, or is being written;
    RosterOutOfDate when `by` may not change somebody any more, or somebody has moved since.
    """
    roster = RosterImport.objects.get(pk=roster.pk)
    if roster.errors:
        raise RosterNotReady(f"还有 {len(roster.errors)} 处错误")
    open_ones = roster.rows.filter(Q(unit=None) | Q(needs_unit_decision=True)).count()
    if open_ones:
        raise RosterNotReady(f"还有 {open_ones} 人的单位没有选定")
    _refuse_stale(roster, by)
    free = Q(state=STATE.STAGED) | Q(state=STATE.APPLYING, touched_at__lt=now - STALLED_AFTER)
    if not RosterImport.objects.filter(free, pk=roster.pk).update(state=STATE.APPLYING, touched_at=now):
        roster.refresh_from_db()
        raise RosterNotReady(roster.get_state_display())
    roster.state = STATE.APPLYING
    return roster


def _refuse_stale(roster: RosterImport, by: User | None) -> None:
    rows = roster.rows.exclude(change=CHANGE.SAME).select_related("unit")
    if names := people_who_moved_on(list(rows), by=by):
        raise RosterOutOfDate(names)


def _prepare(roster: RosterImport, today: date) -> None:
    """Accounts for new people, switched off, and postings that are not main ones: neither counts anywhere yet."""
    names = UserNames(User.objects.values_list("username", flat=True))
    while rows := list(roster.rows.filter(changes_posting=True, posting=None).order_by("number")[:BATCH]):
        with transaction.atomic():
            fresh = [row for row in rows if row.person_id is None]
            for row, user in zip(fresh, User.objects.bulk_create(_account(row, names) for row in fresh), strict=True):
                row.person = user
            postings = Posting.objects.bulk_create(_posting(row, today) for row in rows)
            for row, posting in zip(rows, postings, strict=True):
                row.posting = posting
            RosterRow.objects.bulk_create(
                rows, update_conflicts=True, unique_fields=["id"], update_fields=["person", "posting"]
            )
            roster.prepared += len(rows)
            RosterImport.objects.filter(pk=roster.pk).update(prepared=roster.prepared, touched_at=timezone.now())


def _account(row: RosterRow, names: UserNames) -> User:
    values = {field: getattr(row, field) for field in COPIED}
    for field in ("staff_number", "identity_hash"):
        values[field] = values[field] or None
    return User(username=names.take(row.name), password=make_password(None), is_active=False, **values)


def _posting(row: RosterRow, today: date) -> Posting:
    return Posting(
        user_id=row.person_id, unit_id=row.unit_id, main=False, post=row.post, grade=row.grade,
        category=row.category, duty_status=row.duty_status, starts_on=today,
    )  # fmt: skip


def _make_visible(roster: RosterImport, *, by: User | None, now: datetime) -> None:
    """The one short commit: a handful of statements, however long the list is."""
    today = timezone.localdate(now)
    moved = roster.rows.filter(changes_posting=True)
    with transaction.atomic():
        staying = moved.exclude(duty_status__in=GONE)
        back = shut_with_posting(staying.filter(change=CHANGE.CHANGED).values_list("person", flat=True))
        before = Posting.objects.filter(user__in=moved.values("person"), main=True, ends_on=None)
        # What began today is replaced within the day: it stays on record, but was never the main posting.
        before.filter(starts_on__gte=today).update(main=False, ends_on=today)
        before.update(ends_on=today - timedelta(days=1))
        Posting.objects.filter(pk__in=moved.values("posting")).update(main=True, starts_on=today)
        _update_people(roster)
        arriving = staying.filter(change=CHANGE.NEW)
        User.objects.filter(Q(pk__in=arriving.values("person")) | Q(pk__in=back)).update(is_active=True)
        for user in User.objects.filter(pk__in=back):
            log(user, "people.enable_account", user=by, timestamp=now)
        leaving = roster.rows.filter(duty_status__in=GONE).values("person")
        for user in User.objects.filter(pk__in=leaving, is_active=True):
            tell_disabled(user, now)
        User.objects.filter(pk__in=leaving).update(is_active=False)
        count_roster_up()
        roster.state, roster.applied_at = STATE.APPLIED, now
        roster.save(update_fields=["state", "applied_at"])
        log(roster, "people.apply_roster", user=by, data=roster.counts, timestamp=now)


def _update_people(roster: RosterImport) -> None:
    """Copy the rows' values to the people they change, in one statement."""
    changed = roster.rows.filter(change=CHANGE.CHANGED, changes_person=True)
    row = roster.rows.filter(person=OuterRef("pk"))
    values = {field: Subquery(row.values(field)[:1]) for field in COPIED}
    for field in ("staff_number", "identity_hash"):
        values[field] = NullIf(values[field], Value(""))
    User.objects.filter(pk__in=changed.values("person")).update(**values)


def sweep_rosters(*, now: datetime) -> None:
    """Remove staged lists that nobody confirmed for three days, with their personal data."""
    for roster in RosterImport.objects.filter(state=STATE.STAGED, created_at__lt=now - KEPT_FOR):
        RosterImport.objects.filter(pk=roster.pk).update(state=STATE.DISCARDED)
        _remove_prepared(roster)


def _remove_prepared(roster: RosterImport) -> None:
    """Accounts and postings that were prepared and never became visible, then the rows."""
    Posting.objects.filter(pk__in=roster.rows.values("posting"), main=False).delete()
    unseen = User.objects.filter(pk__in=roster.rows.filter(change=CHANGE.NEW).values("person"), postings=None)
    unseen.delete()
    _remove_rows(roster)


def _remove_rows(roster: RosterImport) -> None:
    """The rows hold personal data and are done with; the counts stay."""
    while numbers := list(roster.rows.values_list("pk", flat=True)[:BATCH]):
        roster.rows.filter(pk__in=numbers).delete()
