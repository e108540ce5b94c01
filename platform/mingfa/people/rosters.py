"""What a 花名册 would change: its entries against the people and postings we have. Reads only, writes nothing."""
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.contenttypes.models import ContentType
from django.db.models import Q
from wagtail.models import ModelLogEntry

from mingfa.people.access import MANAGERS, may_manage_account, may_take_in, units_visible_to
from mingfa.people.importing.roster import Entry, Roster
from mingfa.people.models import (
    GONE,
    THREE_ADMINS,
    Category,
    DutyStatus,
    OrgUnit,
    Posting,
    RoleGrant,
    RosterRow,
    User,
)
from mingfa.people.names import initials
from mingfa.people.privacy import mask_identity
from mingfa.people.vault import identity_hash, phone_hash, seal_phone
from mingfa.spreadsheets import SheetError

CHUNK = 500
PERSON_FIELDS = ("name", "staff_number", "phone_hash", "identity_hash", "birth_month")
POSTING_FIELDS = ("unit_id", "post", "grade", "category", "duty_status")
LABELS = {
    "name": "姓名",
    "staff_number": "工号",
    "birth_month": "出生年月",
    "unit_id": "单位",
    "post": "职务",
    "grade": "职级",
    "category": "人员类别",
    "duty_status": "在岗状态",
}


class Units:
    """The units a list may name: `visible` to whoever imports. A name that two units carry is not resolved."""

    def __init__(self, visible: Iterable[OrgUnit]):
        self.by_name: dict[str, list[OrgUnit]] = {}
        self.by_id = {unit.pk: unit for unit in visible}
        for unit in self.by_id.values():
            self.by_name.setdefault(unit.name, []).append(unit)

    @property
    def names(self) -> set[str]:
        return {name for name, units in self.by_name.items() if len(units) == 1}

    def find(self, name: str, section: str = "") -> OrgUnit | None:
        """The unit of that name, or the section below it when there is one of that name."""
        units = self.by_name.get(name, [])
        if len(units) != 1:
            return None
        inside = [unit for unit in self.by_name.get(section, []) if unit.path.startswith(units[0].path)]
        return inside[0] if len(inside) == 1 else units[0]

    def holds(self, unit: OrgUnit | None) -> bool:
        return unit is not None and unit.pk in self.by_id


@dataclass
class Plan:
    """rows: unsaved RosterRow, the missing people (调出) last. errors: of the file and of the comparison."""

    header_row: int | None
    rows: list[RosterRow] = field(default_factory=list)
    skipped: list[tuple[int, str]] = field(default_factory=list)
    errors: list[SheetError] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """new, changed, left, same."""
        counts = dict.fromkeys(RosterRow.Change.values, 0)
        for row in self.rows:
            counts[row.change] += 1
        return counts


def units_of(by: User | None) -> Units:
    """The units whose people `by` may bring a list of; all of them for commands."""
    return Units(OrgUnit.objects.all() if by is None else units_visible_to(by, *MANAGERS))


def plan_roster(roster: Roster, units: Units, *, by: User | None, keep_missing: bool = False) -> Plan:
    """Compare a read list with what we have.

    units: those visible to whoever imports; people of other units are not touched (`person_elsewhere`).
    by: whoever imports; people whose accounts he or she may not manage are not changed (`not_yours`). None for
    commands.
    keep_missing: the list is not complete, people missing from it stay as they are.
    """
    plan = Plan(roster.header_row, skipped=roster.skipped, errors=list(roster.errors))
    entries = sorted([*roster.entries, *roster.undecided], key=lambda entry: entry.row)
    rows = [_sealed(entry, units) for entry in entries]
    plan.errors += compare(rows, units, by=by)
    plan.rows = [row for row in rows if row.change]
    if not plan.errors and not keep_missing:
        plan.rows += _missing(plan.rows, units, by)
    plan.errors.sort(key=lambda error: error.row or 0)
    return plan


def _sealed(entry: Entry, units: Units) -> RosterRow:
    """The entry as it is stored. A status that was not given stays empty until the comparison fills it."""
    return RosterRow(
        number=entry.row,
        unit_name=entry.unit,
        unit=units.find(entry.unit, entry.section),
        needs_unit_decision=entry.needs_unit_decision,
        name=entry.name,
        initials=initials(entry.name),
        staff_number=entry.staff_number,
        phone_cipher=seal_phone(entry.phone),
        phone_hash=phone_hash(entry.phone),
        identity_hash=identity_hash(entry.identity) or "",
        identity_masked=mask_identity(entry.identity),
        birth_month=entry.birth_month,
        post=entry.post,
        grade=entry.grade,
        category=entry.category,
        duty_status=entry.duty_status if "duty_status" in entry.given else "",
    )


def compare(rows: list[RosterRow], units: Units, *, by: User | None) -> list[SheetError]:
    """Fill in person, change and difference of every row; a row with a finding stays without a change.

    Empty cells keep what we have. Returns the findings.
    """
    people = _People(rows)
    errors, matched = [], {}
    for row in rows:
        person = people.find(row)
        finding = people.conflict(row, person, units)
        if person and person.pk in matched and not finding:
            finding = ("duplicate_person", f"和第 {matched[person.pk]} 行是同一个人。请只留一行。")
        if not finding:
            _compare_row(row, person, people, units)
            finding = people.out_of_reach(row, person, by)
        if finding:
            row.change = ""
            errors.append(SheetError("", row.number, None, *finding))
        elif person:
            matched[person.pk] = row.number
    return errors


def _compare_row(row: RosterRow, person: User | None, people: "_People", units: Units) -> None:
    row.person = person
    if person is None:
        row.duty_status = row.duty_status or DutyStatus.ON_DUTY
        row.change, row.changes_posting = RosterRow.Change.NEW, True
        return
    posting = people.postings.get(person.pk)
    _keep_what_is_not_given(row, person, posting)
    person_differs = [name for name in PERSON_FIELDS if (getattr(person, name) or "") != (getattr(row, name) or "")]
    posting_differs = [
        name for name in POSTING_FIELDS if posting is None or getattr(posting, name) != getattr(row, name)
    ]
    row.changes_person, row.changes_posting = bool(person_differs), bool(posting_differs)
    changed = person_differs or posting_differs
    row.change = RosterRow.Change.CHANGED if changed else RosterRow.Change.SAME
    row.needs_unit_decision = row.needs_unit_decision and "unit_id" in posting_differs
    words = _in_words(row, person, posting, [*person_differs, *posting_differs], units)
    if person.pk in people.shut_with_posting and row.duty_status not in GONE:
        words = f"账号重新启用；{words}"
    row.difference = words[:400]


def _keep_what_is_not_given(row: RosterRow, person: User, posting: Posting | None) -> None:
    row.staff_number = row.staff_number or person.staff_number or ""
    row.birth_month = row.birth_month or person.birth_month
    if not row.phone_hash:
        row.phone_hash, row.phone_cipher = person.phone_hash, person.phone_cipher
    if not row.identity_hash:
        row.identity_hash, row.identity_masked = person.identity_hash or "", person.identity_masked
    if posting:
        row.post, row.grade = row.post or posting.post, row.grade or posting.grade
        row.category = row.category or posting.category
        if not row.duty_status and posting.duty_status not in GONE:
            row.duty_status = posting.duty_status
    row.duty_status = row.duty_status or DutyStatus.ON_DUTY


def _in_words(
    row: RosterRow, person: User, posting: Posting | None, names: list[str], units: Units
) -> str:
    if posting is None:
        return "重新在册"
    words = []
    for name in names:
        if name == "phone_hash":
            words.append("手机号有变化")
        elif name == "identity_hash":
            words.append("补充身份证号")
        else:
            before = getattr(person if name in PERSON_FIELDS else posting, name)
            words.append(f"{LABELS[name]}：{_word(name, before, units)} → {_word(name, getattr(row, name), units)}")
    return "；".join(words)


def _word(name: str, value, units: Units) -> str:
    if name == "unit_id":
        unit = units.by_id.get(value)
        return unit.name if unit else "（待定）"
    if name == "category":
        return Category(value).label if value else "（空）"
    if name == "duty_status":
        return DutyStatus(value).label
    return str(value or "（空）")


def shut_with_posting(people: Iterable[int]) -> set[int]:
    """Those of `people` whose account was shut because they left: it opens again when they come back.

    One that somebody disabled by hand stays shut whatever a list says.
    """
    left = User.objects.filter(
        pk__in=people, is_active=False, postings__main=True, postings__ends_on=None, postings__duty_status__in=GONE
    )
    shut = set(left.values_list("pk", flat=True))
    by_hand = ModelLogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(User),
        action__in=("people.disable_account", "people.enable_account"),
        object_id__in=[str(pk) for pk in shut],
    )
    last = dict(by_hand.order_by("timestamp", "pk").values_list("object_id", "action"))
    return {pk for pk in shut if last.get(str(pk)) != "people.disable_account"}


def protected_people() -> set[int]:
    """Super-users and the three administrators: no list switches their accounts off."""
    admins = Q(is_superuser=True) | Q(role_grants__role__in=THREE_ADMINS)
    return set(User.objects.filter(admins).values_list("pk", flat=True))


class _People:
    """Everybody whom the rows may mean, with open main postings and roles. A fixed number of queries per 500 rows."""

    def __init__(self, rows: list[RosterRow]):
        self.protected = protected_people()
        self.by: dict[tuple[str, str], list[User]] = {}
        self.postings: dict[int, Posting] = {}
        self.shut_with_posting: set[int] = set()
        self.found = found = {}
        for start in range(0, len(rows), CHUNK):
            chunk = rows[start : start + CHUNK]
            wanted = Q(identity_hash__in=[row.identity_hash for row in chunk if row.identity_hash])
            wanted |= Q(staff_number__in=[row.staff_number for row in chunk if row.staff_number])
            wanted |= Q(phone_hash__in=[row.phone_hash for row in chunk if row.phone_hash])
            wanted |= Q(pk__in=[row.person_id for row in chunk if row.person_id])
            people = {user.pk: user for user in User.objects.filter(wanted)}
            found |= people
            open_ones = Posting.objects.filter(user__in=people, main=True, ends_on=None).select_related("unit")
            self.postings |= {posting.user_id: posting for posting in open_ones}
            self.shut_with_posting |= shut_with_posting(people)
            _remember_roles(people, self.postings)
        for person in found.values():
            for name in ("identity_hash", "staff_number", "phone_hash"):
                if value := getattr(person, name):
                    self.by.setdefault((name, value), []).append(person)

    def _with(self, name: str, value: str) -> list[User]:
        return self.by.get((name, value), []) if value else []

    def find(self, row: RosterRow) -> User | None:
        """By identity number, else by staff number, else by telephone number and name together."""
        for name in ("identity_hash", "staff_number"):
            if people := self._with(name, getattr(row, name)):
                return people[0]
        same = [person for person in self._with("phone_hash", row.phone_hash) if person.name == row.name]
        # A different identity or staff number tells two people of one name apart.
        same = [
            person
            for person in same
            if not (row.identity_hash and person.identity_hash) and not (row.staff_number and person.staff_number)
        ]
        return same[0] if len(same) == 1 else None

    def conflict(self, row: RosterRow, person: User | None, units: Units) -> tuple[str, str] | None:
        """(code, sentence) when the numbers of a row belong to different people, or to people elsewhere."""
        owners = self._with("staff_number", row.staff_number)
        if person and owners and owners[0].pk != person.pk:
            return "staff_number_taken", "这个工号已属于另一个人。请核对工号和身份证号。"
        if person and row.identity_hash and person.identity_hash not in (None, row.identity_hash):
            return "identity_conflict", "工号相同，但身份证号和系统里的不一致。请核对。"
        if person and person.pk in self.protected and row.duty_status in GONE:
            return "administrator", "此人是管理员，账号不随名册停用。请先由安全管理员撤销他的角色。"
        posting = self.postings.get(person.pk) if person else None
        if posting and posting.duty_status not in GONE and not units.holds(posting.unit):
            return "person_elsewhere", "此人现在的人事关系不在您管理的单位。请先由对方单位或上级联络员调出。"
        return None


    def out_of_reach(self, row: RosterRow, person: User | None, by: User | None) -> tuple[str, str] | None:
        """(code, sentence) when the row would change somebody whose account is not for `by` to manage.

        Who may write a telephone number or open an account could sign in as that person (access.py).
        """
        # A row whose unit is still to be decided is looked at again then.
        if by is None or person is None or row.change == RosterRow.Change.SAME or row.unit_id is None:
            return None
        posting = self.postings.get(person.pk)
        if posting is None or (posting.duty_status in GONE and posting.unit_id != row.unit_id):
            allowed = may_take_in(by, person, row.unit)
        else:
            allowed = may_manage_account(by, person)
        if allowed:
            return None
        if person.pk == by.pk:
            return "not_yours", "这是您自己。您的资料由上级联络员或安全管理员改，请让这一行和系统里的一致。"
        return (
            "not_yours",
            "此人是管理员，或有超出您管理范围的角色，您不能改。请让这一行和系统里的一致，或请安全管理员办理。",
        )

    def moved_on(self, row: RosterRow, units: Units, by: User | None) -> bool:
        """Whether a staged row is about somebody who, since then, moved, turned up or came under others."""
        person = self.found.get(row.person_id)
        if row.change == RosterRow.Change.NEW:
            same = self.find(row)
            return same is not None and same.pk != row.person_id
        if row.change == RosterRow.Change.SAME:
            return False
        posting = self.postings.get(row.person_id)
        if row.change == RosterRow.Change.LEFT and (posting is None or posting.unit_id != row.unit_id):
            return True
        return bool(self.conflict(row, person, units) or self.out_of_reach(row, person, by))


def _remember_roles(people: dict[int, User], postings: dict[int, Posting]) -> None:
    """Put postings and roles on the user objects, where access.py would read them one by one."""
    grants: dict[int, list[tuple[str, str]]] = {pk: [] for pk in people}
    for pk, role, path in RoleGrant.objects.filter(user__in=people).values_list("user_id", "role", "unit__path"):
        grants[pk].append((role, path))
    for pk, person in people.items():
        person._grants = tuple(grants[pk])
        person.current_posting = postings.get(pk)


def people_who_moved_on(rows: list[RosterRow], *, by: User | None) -> list[str]:
    """Names of people about whom staged rows no longer hold, so that `by` may not write them any more."""
    people, units = _People(rows), units_of(by)
    return [row.name for row in rows if people.moved_on(row, units, by)]


def _missing(rows: list[RosterRow], units: Units, by: User | None) -> list[RosterRow]:
    """Rows for people of the listed units, and below them, whom the list does not have: they are set 调出.

    People whom `by` may not manage stay as they are, like the administrators.
    """
    listed = {row.person_id for row in rows if row.person_id}
    tops = {row.unit.path for row in rows if row.unit}
    if not tops:
        return []
    inside = Q()
    for path in tops:
        inside |= Q(unit__path__startswith=path)
    here = (
        Posting.objects.filter(inside, main=True, ends_on=None, unit__in=list(units.by_id))
        .exclude(duty_status__in=GONE)
        .exclude(user__in=protected_people())
        .select_related("user", "unit")
        .order_by("pk")
    )
    last = max((row.number for row in rows), default=0)
    gone = [_left_row(0, posting) for posting in here if posting.user_id not in listed]
    people = _People(gone)
    gone = [row for row in gone if not people.out_of_reach(row, people.found[row.person_id], by)]
    for place, row in enumerate(gone, 1):
        row.number = last + place
    return gone


def _left_row(number: int, posting: Posting) -> RosterRow:
    person = posting.user
    return RosterRow(
        number=number,
        change=RosterRow.Change.LEFT,
        person=person,
        unit=posting.unit,
        unit_name=posting.unit.name,
        name=person.name,
        initials=person.initials,
        post=posting.post,
        grade=posting.grade,
        category=posting.category,
        duty_status=DutyStatus.MOVED_OUT,
        changes_posting=True,
        difference="名册里没有此人",
    )
