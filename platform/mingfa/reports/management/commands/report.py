"""The yearly report of a unit as files: `manage.py report 2026 --docx --pdf`."""
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from mingfa.people.models import OrgUnit
from mingfa.reports import documents, wording
from mingfa.reports.models import Report
from mingfa.reports.queries import Compiled

ENDINGS = {
    "docx": documents.report_docx, "pdf": documents.report_pdf, "html": documents.report_html, "xlsx": documents.figures_xlsx,
}  # fmt: skip


class Command(BaseCommand):
    """Writes the latest report of the year; a draft says that it is one. Starting a report is a person's act."""

    help = "把某年度的法治建设情况报告写成文件：report 2026 --docx --pdf"

    def add_arguments(self, parser):
        parser.add_argument("year", type=int)
        parser.add_argument("--unit", default="", help="单位全称；不写时取最上级单位")
        parser.add_argument("--out", type=Path, default=Path())
        for ending in ENDINGS:
            parser.add_argument(f"--{ending}", action="store_true")

    def handle(self, *, year, unit, out, **options):
        found = Report.objects.filter(year=year).select_related("unit").order_by("unit__path", "-pk")
        report = (found.filter(unit=self._unit(unit)) if unit else found).first()
        if report is None:
            raise CommandError(f"还没有 {year} 年的报告。请先在“报告”页面起草。")
        compiled = Compiled(report)
        if compiled.findings and not report.frozen:
            raise CommandError("报告还有地方要改：\n" + "\n".join(f"  {wording.finding(one)}" for one in compiled.findings))
        for ending in [one for one in ENDINGS if options[one]] or ["docx"]:
            content = ENDINGS[ending](compiled)
            out.mkdir(parents=True, exist_ok=True)
            path = out / f"{report.unit.name}{year}年法治建设情况报告.{ending}"
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
            self.stdout.write(str(path))

    def _unit(self, name: str) -> OrgUnit:
        unit = OrgUnit.objects.filter(name=name).order_by("path").first()
        if unit is None:
            raise CommandError(f"没有叫“{name}”的单位。请写全称。")
        return unit
