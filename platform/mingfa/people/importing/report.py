"""The result of reading and comparing a 花名册, as JSON for programs."""
from mingfa.people.privacy import mask_identity, mask_phone

from .roster import Entry, Roster


def person(entry: Entry, change: str) -> dict:
    """One accepted row; personal numbers masked. change: new, changed or same."""
    return {
        "row": entry.row,
        "name": entry.name,
        "unit": entry.unit,
        "section": entry.section,
        "post": entry.post,
        "grade": entry.grade,
        "category": entry.category,
        "duty_status": entry.duty_status,
        "birth_month": entry.birth_month,
        "staff_number": entry.staff_number,
        "phone": mask_phone(entry.phone),
        "identity": mask_identity(entry.identity),
        "change": change,
    }


def report(roster: Roster, *, errors: list, changes: dict[str, int], by_row: dict[int, str], left: list[str]) -> dict:
    """The whole result. by_row: change of each accepted row; left: names of people missing from the list."""
    return {
        "header_row": roster.header_row,
        "people": [person(entry, by_row.get(entry.row, "")) for entry in roster.entries],
        "skipped": [text for _, text in roster.skipped],
        "skipped_rows": [row for row, _ in roster.skipped],
        "errors": [error.as_dict() for error in errors],
        "changes": changes,
        "left": left,
        "not_due_by_status": [entry.name for entry in roster.entries if entry.not_due],
        "needs_unit_decision": [entry.name for entry in roster.entries if entry.needs_unit_decision],
    }
