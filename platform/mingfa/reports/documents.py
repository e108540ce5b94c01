"""A report as files: Word and PDF (GB/T 9704-2012), HTML for the portal, the table of its figures, all of it with evidence."""
import csv
import hashlib
import io
import zipfile
from datetime import date, datetime

from django.template.loader import render_to_string
from django.utils import timezone

from mingfa.bank.heads import FEWEST
from mingfa.indicators import queries as figures
from mingfa.official import Official, OfficialPdf, Paper, official_day
from mingfa.people.models import OrgUnit
from mingfa.spreadsheets import export_xlsx

from .models import Report
from .queries import Compiled, SlotLine

SOURCES = ("序号", "数据", "数值", "分子/分母", "口径", "来源")
FIGURES = ("代码", "数据", "数值", "分子", "分母", "公式", "口径", "来源", "改写为", "改写原因", "上年", "比上年")
BY_UNIT = ("单位", "数值", "分子", "分母")


class Unfinished(Exception):
    """A report with findings is not written to files that could be sent."""


def report_docx(compiled: Compiled) -> bytes:
    """The report as a Word file. Raises Unfinished."""
    return _printed(compiled, Official())


def report_pdf(compiled: Compiled) -> bytes:
    """The report as a PDF, word for word what `report_docx` says. Raises Unfinished."""
    return _printed(compiled, OfficialPdf())


def _printed(compiled: Compiled, paper: Paper) -> bytes:
    """The report with its annex 数据来源. A draft is marked as one in its title line; it may not have findings."""
    if compiled.findings and not compiled.report.frozen:
        raise Unfinished
    report = compiled.report
    if report.number:
        paper.number(report.number)
    paper.title(*report.title.split("\n"), *([] if report.frozen else ["（征求意见稿）"]))
    if report.addressee:
        paper.addressee(report.addressee)
    for one in compiled.written:
        if one.level:
            paper.heading(one.text, level=one.level)
        else:
            paper.text(one.text)
    paper.attachments("数据来源")
    paper.signature(report.signer, _day(report), seal=report.stamped)
    paper.annex(1, "数据来源")
    paper.table(SOURCES, _source_rows(compiled), (1, 4, 3, 3, 8, 3))
    for words in _closing(report):
        paper.note(words)
    paper.imprint(copies=report.copies_to, office=report.printed_by, day=report.printed_on)
    return paper.content()


def report_html(compiled: Compiled) -> str:
    """A clean page without scripts or styles, for the portal of the district. No small group is singled out in it."""
    report = compiled.report
    facts = {"report": report, "written": compiled.public, "day": _day(report), "withheld": compiled.withheld, "fewest": FEWEST}
    return render_to_string("reports/portal.html", facts)


def figures_xlsx(compiled: Compiled) -> bytes:
    """Every figure of the report with its definition, source and last year's."""
    rows = [_figure_row(line) for line in compiled.lines]
    words = {"sheet": "数据", "title": f"{compiled.report} 数据", "of": "年度报告", "now": _as_of(compiled)}
    return export_xlsx(FIGURES, rows, widths=(22, 18, 12, 10, 10, 18, 50, 10, 14, 24, 10, 14), **words)


def evidence_zip(compiled: Compiled) -> bytes:
    """Everything behind a frozen report in one file, with a manifest of digests (SHA-256) of every part."""
    report = compiled.report
    parts = {
        "报告.docx": report_docx(compiled), "报告.pdf": report_pdf(compiled), "报告.html": report_html(compiled).encode(),
        "数据.xlsx": figures_xlsx(compiled),
    }  # fmt: skip
    for line in compiled.lines:
        rows = _unit_rows(compiled, line.code)
        if rows:
            words = {"sheet": "各单位", "title": line.caption, "of": "年度报告", "now": _as_of(compiled)}
            parts[f"依据/{line.code}.xlsx"] = export_xlsx(BY_UNIT, rows, widths=(30, 12, 12, 12), **words)
    manifest = io.StringIO()
    writer = csv.writer(manifest, delimiter="\t", lineterminator="\n")
    writer.writerow(("文件", "字节", "SHA-256"))
    for name, content in parts.items():
        writer.writerow((name, len(content), hashlib.sha256(content).hexdigest()))
    writer.writerow(("冻结摘要", "", report.digest))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {**parts, "清单.tsv": manifest.getvalue().encode()}.items():
            archive.writestr(name, content)
    return out.getvalue()


def _as_of(compiled: Compiled) -> datetime:
    """A frozen report stays as of its freezing, so that its files are the same whenever they are written."""
    return compiled.report.frozen_at or timezone.now()


def _source_rows(compiled: Compiled) -> list[tuple[str, ...]]:
    rows = []
    for number, line in enumerate(compiled.lines, start=1):
        # No thousands' commas in official documents.
        text = line.words or (line.figure.text.replace(",", "") if line.figure else "—")
        fraction = line.figure.fraction if line.figure else ""
        definition = line.indicator.definition if line.indicator else ""
        source = f"改写：{line.reason}" if line.words else line.source
        rows.append((str(number), line.caption, text, fraction, definition, source))
    rows += [
        (str(number), "正文中填写的数字", one.text, "", "", f"手工填写：{one.source}")
        for number, one in enumerate(compiled.typed, start=len(rows) + 1)
    ]
    return rows


def _closing(report: Report) -> list[str]:
    if not report.frozen:
        return [f"本稿生成于{official_day(timezone.localdate())}，数据尚未冻结。"]
    words = [f"数据和正文于{official_day(timezone.localdate(report.frozen_at))}冻结，摘要（SHA-256）：{report.digest}。"]
    return [*words, f"本报告更正此前冻结的报告，原因：{report.reason}。"] if report.replaces_id else words


def _figure_row(line: SlotLine) -> tuple:
    one, figure = line.indicator, line.figure
    return (
        line.code, line.caption, _number(figure), figure.part if figure else None, figure.whole if figure else None,
        one.formula if one else "", one.definition if one else "", line.source, line.words, line.reason,
        _number(line.before), line.change,
    )  # fmt: skip


def _unit_rows(compiled: Compiled, code: str) -> list[tuple]:
    """The figure of each unit directly below: out of the snapshot, or as of now for a draft."""
    if compiled.report.frozen:
        rows = compiled.report.snapshot.figures.filter(code=code).exclude(unit=compiled.report.unit_id)
        return [(row.unit.name, _float(row.value), row.part, row.whole) for row in rows.select_related("unit")]
    below: list[tuple[OrgUnit, figures.Figure]] = figures.figures_by_child(compiled.report.unit, compiled.period, code)
    return [(unit.name, _number(figure), figure.part, figure.whole) for unit, figure in below]


def _number(figure) -> float | None:
    return _float(figure.value) if figure else None


def _float(value) -> float | None:
    return None if value is None else float(value)


def _day(report: Report) -> date:
    return timezone.localdate(report.frozen_at) if report.frozen else timezone.localdate()
