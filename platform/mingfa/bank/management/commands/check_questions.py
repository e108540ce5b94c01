"""manage.py check_questions [--bank NAME] [--json]"""

import json

from django.core.management.base import BaseCommand, CommandError

from mingfa.bank.models import Bank
from mingfa.bank.queries import citation_findings
from mingfa.library.citations import format_citation

WORDS = {
    "missing": "库中没有这一条",
    "not_in_force": "所在版本现在不是有效文本",
    "no_such_place": "这一条里没有这一款或者这一项",
    "number_not_in_article": "没有正确答案里的“{number}”",
    "uncited": "没有写依据",
}
WRONG = {"missing", "no_such_place", "number_not_in_article"}


class Command(BaseCommand):
    help = (
        "核对试题的依据：列出法律库里没有的、现在不是有效文本的，以及所引条款里找不到的期限、金额、人数、比例和日期。"
        "退出码：0 没有缺失，1 有缺失，2 用法不对。"
    )
    requires_migrations_checks = False

    def add_arguments(self, parser):
        parser.add_argument("--bank", metavar="NAME", help="只核对这个题库")
        parser.add_argument("--json", action="store_true", help="结果以 JSON 写到标准输出")

    def handle(self, *, bank, **options):
        banks = Bank.objects.order_by("name")
        if bank:
            banks = banks.filter(name=bank)
            if not banks:
                raise CommandError(f"没有题库“{bank}”。", returncode=2)
        findings, questions, citations = [], 0, 0
        for number, one in enumerate(banks, start=1):
            checked = citation_findings(one)
            questions += checked.questions
            citations += checked.citations
            findings += [(one, finding) for finding in checked.findings]
            self.stderr.write(f"{number} / {len(banks)} {one}：{checked.questions} 题，{checked.citations} 处依据")
        self._report(findings, questions, citations, options["json"])
        if any(finding.standing in WRONG for _, finding in findings):
            raise SystemExit(1)

    def _report(self, findings, questions: int, citations: int, as_json: bool) -> None:
        rows = [
            {
                "bank": bank.name,
                "question": finding.question_id,
                "stem": finding.stem,
                "citation": format_citation(finding.ref) if finding.ref else None,
                "status": finding.standing,
                "number": finding.number or None,
            }
            for bank, finding in findings
        ]
        if as_json:
            data = {"questions": questions, "citations": citations, "findings": rows}
            self.stdout.write(json.dumps(data, ensure_ascii=False, indent=1))
            return
        for row in rows:
            words = WORDS[row["status"]].format(number=row["number"])
            what = f"{row['citation']} {words}" if row["citation"] else words
            self.stdout.write(f"{row['bank']} 编号 {row['question']}“{row['stem'][:30]}”：{what}")
        self.stdout.write(f"共 {questions} 题，{citations} 处依据，{len(rows)} 处要看")
