"""A 花名册 from the command line: the same reading, comparing and writing as on the screen."""
import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mingfa.people.actions import apply_roster, create_unit, stage_roster
from mingfa.people.errors import PeopleRefusal
from mingfa.people.importing.report import report
from mingfa.people.importing.roster import read_roster
from mingfa.people.importing.units import UnitLine, kind_of, read_units
from mingfa.people.models import OrgUnit, RosterRow
from mingfa.people.rosters import Units, plan_roster
from mingfa.spreadsheets import SpreadsheetRefused, read_rows


class Command(BaseCommand):
    """Exit code 0: done (or a preview without findings), 1: refused by content, 2: wrong usage.

    With findings nothing is written. People on secondment (借调, 挂职) count in the listed unit; the report names
    them. Only JSON goes to stdout with --json.
    """

    help = "导入花名册（.xlsx 或 .csv）。有一处错误就不写入。"

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="花名册文件")
        units = parser.add_mutually_exclusive_group()
        units.add_argument("--units-from", type=Path, help="先按这份单位表新增单位（csv、xlsx、json、txt）")
        units.add_argument("--create-units", action="store_true", help="花名册里没有的单位直接新增")
        parser.add_argument("--keep-missing", action="store_true", help="名册不全：名册里没有的人保持不变")
        parser.add_argument("--preview", action="store_true", help="只核对，不写入")
        parser.add_argument("--json", action="store_true", help="结果用 JSON 输出")

    def handle(self, *, file, units_from, create_units, keep_missing, preview, **options):
        for path in filter(None, (file, units_from)):
            if not path.is_file():
                raise CommandError(f"没有找到文件：{path}", returncode=2)
        now = timezone.now()
        units = Units(OrgUnit.objects.all())
        lines = self._read_units(units_from)
        try:
            sheets = read_rows(file, file.name)
        except SpreadsheetRefused as refused:
            self._refuse_file(refused, options["json"])
        known = units.names | {line.name for line in lines}
        roster = read_roster(sheets, known)
        if create_units:
            names = dict.fromkeys(entry.unit for entry in roster.undecided if entry.unit not in units.by_name)
            lines = [UnitLine(name, kind_of(name)) for name in names]
            roster = read_roster(sheets, known | set(names))
        if not preview and not roster.errors and lines:
            _create_units(lines, units, now)
            units = Units(OrgUnit.objects.all())
        plan = plan_roster(roster, units, by=None, keep_missing=keep_missing)
        self._show(roster, plan, as_json=options["json"])
        if plan.errors:
            raise SystemExit(1)
        if not preview:
            self._write(plan, file.name, now)

    def _read_units(self, path: Path | None) -> list[UnitLine]:
        if path is None:
            return []
        try:
            return read_units(path.read_bytes(), path.name)
        except SpreadsheetRefused as refused:
            raise CommandError(f"单位表：{refused.error.message}") from refused
        except ValueError as wrong:
            raise CommandError(f"单位表：{wrong}") from wrong

    def _refuse_file(self, refused: SpreadsheetRefused, as_json: bool) -> None:
        if as_json:
            empty = dict.fromkeys(RosterRow.Change.values, 0)
            result = {
                "header_row": None, "people": [], "skipped": [], "errors": [refused.error.as_dict()], "changes": empty,
            }  # fmt: skip
            self.stdout.write(json.dumps(result, ensure_ascii=False, indent=1))
            raise SystemExit(1)
        raise CommandError(refused.error.message)

    def _show(self, roster, plan, *, as_json: bool) -> None:
        counts = plan.counts()
        if as_json:
            by_row = {row.number: row.change for row in plan.rows}
            left = [row.name for row in plan.rows if row.change == RosterRow.Change.LEFT]
            result = report(roster, errors=plan.errors, changes=counts, by_row=by_row, left=left)
            self.stdout.write(json.dumps(result, ensure_ascii=False, indent=1))
            return
        for error in plan.errors:
            self.stderr.write(f"{error.place}：{error.message}")
        words = "，".join(f"{RosterRow.Change(change).label} {count} 人" for change, count in counts.items())
        self.stdout.write(f"{words}；错误 {len(plan.errors)} 处。")
        for row in plan.rows:
            if row.needs_unit_decision:
                self.stdout.write(f"第 {row.number} 行{row.name}是借调或挂职，按人事关系在“{row.unit_name}”处理。")

    def _write(self, plan, file_name: str, now) -> None:
        for row in plan.rows:
            row.needs_unit_decision = False
        try:
            apply_roster(stage_roster(plan, file_name=file_name, by=None, now=now), by=None, now=now)
        except PeopleRefusal as refused:
            raise CommandError(str(refused)) from refused


def _create_units(lines: list[UnitLine], units: Units, now) -> None:
    """Units that are not there yet, below the named parent, else below the only root, else as roots."""
    roots = list(OrgUnit.get_root_nodes())
    top = roots[0] if len(roots) == 1 else None
    made = {name: found[0] for name, found in units.by_name.items()}
    for line in lines:
        if line.name in made:
            continue
        if line.parent and line.parent not in made:
            raise CommandError(f"单位表里“{line.name}”的上级“{line.parent}”还没有。请把上级单位写在前面。")
        parent = made.get(line.parent) or top
        made[line.name] = create_unit(name=line.name, kind=line.kind, parent=parent, by=None, now=now)
