"""manage.py import_questions FILE --bank NAME [--accept-good] [--json]; FILE --preview [--bank NAME] [--json]"""

import json
from dataclasses import replace
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from mingfa.bank import actions, queries
from mingfa.bank.importing import Parsed, parse_file
from mingfa.bank.importing.preview import as_data
from mingfa.bank.models import Bank
from mingfa.bank.repairs import near_data
from mingfa.people.models import OrgUnit

REFUSED, WRONG_USAGE = 1, 2


class Command(BaseCommand):
    help = (
        "把 Word、文本、Excel、CSV、GIFT、Aiken、Moodle XML 或 QTI 试题导入题库。有错误时一题也不入库，除非加 --accept-good。"
        "退出码：0 完成，1 内容有错误，2 用法不对。"
    )
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("file", metavar="FILE", help=".docx、.txt、.xlsx、.csv、.gift、.xml 或 .zip")
        parser.add_argument("--bank", metavar="NAME", help="题库名称；没有这个题库时会新建。只核对时可以不写")
        parser.add_argument("--unit", metavar="NAME", help="新建题库所属的单位，默认是最上级单位")
        parser.add_argument("--preview", action="store_true", help="只核对，不入库")
        parser.add_argument("--near", action="store_true", help="核对时也查近似题：题库里的和本文件前面的")
        parser.add_argument("--accept-good", action="store_true", help="有错误时把没有错误的题入库")
        parser.add_argument("--json", action="store_true", help="结果以 JSON 写到标准输出")

    def handle(self, *, file, bank, unit, preview, accept_good, **options):
        self.as_json, self.near = options["json"], options["near"]
        if not bank and not preview:
            raise CommandError("请用 --bank 写明导入到哪个题库；只想核对文件，加 --preview。", returncode=WRONG_USAGE)
        parsed = parse_file(self._read(file), file)
        found = Bank.objects.filter(name=bank).first() if bank else None
        if preview:
            self._preview(parsed, found, bank, accept_good)
            return
        if not found and (accept_good or not parsed.errors):
            found = self._create_bank(bank, unit)
        self._import(parsed, found, accept_good)

    def _read(self, file: str) -> bytes:
        try:
            return Path(file).read_bytes()
        except OSError as broken:
            raise CommandError(f"读不了文件 {file}：{broken.strerror}", returncode=WRONG_USAGE) from broken

    def _create_bank(self, name: str, unit: str | None) -> Bank:
        units = OrgUnit.objects.filter(name=unit) if unit else OrgUnit.get_root_nodes()
        if len(units) != 1:
            which = f"名称是“{unit}”的单位有 {len(units)} 个" if unit else f"最上级单位有 {len(units)} 个"
            raise CommandError(f"没有题库“{name}”，也不能新建：{which}。请用 --unit 指明。", returncode=WRONG_USAGE)
        self.stderr.write(f"新建题库“{name}”，属于{units[0]}")
        return actions.create_bank(name=name, unit=units[0], by=None, now=timezone.now())

    def _preview(self, parsed: Parsed, bank: Bank | None, name: str | None, accept_good: bool) -> None:
        if bank is None and name:
            self.stderr.write(f"还没有题库“{name}”，只核对文件本身")
        compared = queries.compare_with_bank(bank, parsed)
        good = len(compared.questions)
        # Questions the bank already has are part of the file all the same; `repeats` says where they are.
        seen = as_data(compared)
        data = as_data(parsed) | {part: seen[part] for part in ("errors", "repeats", "rejected")}
        self._report(data | ({"near": near_data(bank, parsed)} if self.near else {}))
        self._say(f"可入库 {good} 题，重复 {len(compared.repeats)} 题，错误 {len(compared.errors)} 处")
        self._refuse_unless_done(compared.errors, accept_good and (good or compared.repeats))

    def _import(self, parsed: Parsed, bank: Bank | None, accept_good: bool) -> None:
        try:
            if bank is None:
                raise actions.ImportRefused(parsed.errors)
            outcome = actions.import_questions(
                bank, parsed, by=None, now=timezone.now(), accept_good=accept_good, progress=self._progress
            )
        except actions.ImportRefused as refused:
            self._report(as_data(replace(parsed, errors=refused.errors)))
            self._say(f"错误 {len(refused.errors)} 处，没有入库。请改正，或加 --accept-good 只入库没有错误的题")
            self._refuse_unless_done(refused.errors, False)
        except actions.BankChanged as changed:
            raise CommandError("题库刚被别人改过，没有入库。请再导入一次。", returncode=REFUSED) from changed
        else:
            data = as_data(replace(parsed, errors=outcome.errors, repeats=outcome.repeats))
            counts = {"imported": outcome.imported, "before": outcome.before, "after": outcome.after}
            self._report(data | {"counts": counts})
            self._say(
                f"入库 {outcome.imported} 题，重复 {len(outcome.repeats)} 题，错误 {len(outcome.errors)} 处；"
                f"题库原有 {outcome.before} 题，现有 {outcome.after} 题"
            )
            self._refuse_unless_done(outcome.errors, outcome.imported or outcome.repeats)

    def _report(self, data: dict) -> None:
        """The findings: JSON on standard output, or one line each."""
        if self.as_json:
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1))
            return
        for repeat in data["repeats"]:
            where = f"第 {repeat['other']} 行" if repeat["other"] else f"题库里编号 {repeat['question']} 的试题"
            self.stdout.write(f"{repeat['sheet']} 第 {repeat['row']} 行：和{where}相同，跳过".strip())
        for note in data["notes"]:
            self.stdout.write(f"没有导入：{note}")
        for question, reading in zip(data["questions"], data["readings"], strict=True):
            for note in reading["notes"]:
                self.stdout.write(f"{question['source']}：{note}")
        for pair in data.get("near", ()):
            where = f"题库里编号 {pair['question']} 的试题" if pair["question"] else f"第 {pair['other']} 行或段的题"
            told = f"{pair['sheet']} 第 {pair['row']} 行或段：和{where}近似 {pair['percent']}%，{pair['kind']}"
            self.stdout.write(told.strip())
        for error in data["errors"]:
            place = _place(error)
            self.stdout.write(f"{place or error['sheet'] or '文件'}：{error['message']}（{error['code']}）")

    def _progress(self, done: int, total: int) -> None:
        self.stderr.write(f"\r已写入 {done} / {total} 题", ending="" if done < total else "\n")

    def _say(self, sentence: str) -> None:
        """A sentence for people: never on standard output beside JSON."""
        (self.stderr if self.as_json else self.stdout).write(sentence)

    def _refuse_unless_done(self, errors, done) -> None:
        if errors and not done:
            raise SystemExit(REFUSED)


def _place(error: dict) -> str:
    """“Sheet1 第 3 行 C 列”, “第 12 段（第 5 题）”, "" for a whole file."""
    if not error["row"]:
        return ""
    column = f" {error['column']} 列" if error["column"] else ""
    number = f"（第 {error['number']} 题）" if error.get("number") else ""
    return f"{error['sheet']} 第 {error['row']} {error.get('unit', '行')}{column}{number}".strip()
