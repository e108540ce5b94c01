"""The demo's yearly report: figures typed in and checked, one that waits, and a draft from the office's template; and a
form of the level above that fills itself."""
from datetime import datetime
from io import BytesIO

from django.utils import timezone
from openpyxl import Workbook

from mingfa.indicators import actions as entering
from mingfa.people.models import OrgUnit, User
from mingfa.periods import Year
from mingfa.reports import actions
from mingfa.reports.queries import last_text

from . import sources

FORM_COLUMNS = {
    "B": ("应考人数", "exam_attendance", "whole"), "C": ("实考人数", "exam_attendance", "part"),
    "D": ("参考率（%）", "exam_attendance", "value"), "E": ("宣传活动（场）", "outreach_activities", "value"),
    "F": ("发放资料（份）", "outreach_copies", "value"),
}  # fmt: skip


def load_report(units: dict[str, OrgUnit], accounts: dict[str, User], *, by: User, now: datetime) -> None:
    """For the whole district and this year; `by` checks what the liaison typed in."""
    document, unit, writer = sources.document("report.yaml"), units["嘉禾区"], accounts["demo-report"]
    year = Year(timezone.localdate(now).year)
    for code, told in document["figures"].items():
        part, whole = told if isinstance(told, list) else (told, None)
        row = entering.enter_figure(
            unit, code, year, part=part, whole=whole, source=document["source"], by=writer, now=now
        )
        if code != document["waiting"]:
            entering.check_figure(row.pk, by=by, now=now)
    report = actions.start_report(unit, year.year, by=writer, now=now)
    text, signer = last_text(report), document["signer"]
    title = f"{signer}\n关于{year.year}年法治建设情况的报告"
    actions.save_text(
        report.pk, title=title, addressee=document["addressee"], signer=signer, body=text.body, overrides={}, seen=text.number,
        by=writer, now=now,
    )  # fmt: skip


def load_upper_form(units: dict[str, OrgUnit], accounts: dict[str, User], *, now: datetime) -> None:
    """An invented form with a row per township, mapped once by the liaison."""
    district, writer = units["嘉禾区"], accounts["demo-report"]
    towns = [unit.name for unit in district.get_children().filter(kind=OrgUnit.Kind.TOWNSHIP).order_by("path")]
    workbook = Workbook()
    sheet = workbook.active
    sheet.title = "汇总表"
    sheet["A1"], sheet["A2"] = "镇街法治宣传教育情况汇总表", "填报单位：嘉禾区"
    sheet["A3"] = "镇街"
    for column, (heading, _, _) in FORM_COLUMNS.items():
        sheet[f"{column}3"] = heading
    for row, name in enumerate(towns, 4):
        sheet[f"A{row}"] = name
    file = BytesIO()
    workbook.save(file)
    form = entering.keep_form(district, name="镇街法治宣传教育情况汇总表", content=file.getvalue(), by=writer, now=now)
    for column, (_, code, shows) in FORM_COLUMNS.items():
        entering.map_column(
            form, sheet=sheet.title, names="A", column=column, first=4, last=3 + len(towns), code=code, shows=shows,
            by=writer, now=now,
        )  # fmt: skip
