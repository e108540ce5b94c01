"""The ledger in and out of Excel: row errors that say where, whole files or nothing, and never twice."""
import io
from datetime import date

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from mingfa.periods import Year
from mingfa.spreadsheets import cell_text, read_rows, write_csv, write_xlsx
from wagtail.models import ModelLogEntry

from outreach import actions, queries, sheets
from outreach.engine.refusals import Stopped
from outreach.importing.ledger import read_day, read_ledger
from outreach.ledgers import digest_of, plan_ledger
from outreach.models import Batch, LedgerImport, Line, Material, Movement, Stock

from .scene import DAY, NOW, browser
from .test_views import text

HEAD = ("日期", "事项", "品名", "类别", "印制批次", "数量", "存放单位", "调往", "发放地点", "说明")
GOOD = [
    ("2026-11-01", "入库", "宪法单行本", "条例单行本", "第 1 批", 5000, "区库", "", "", ""),
    ("2026.11.10", "调拨", "宪法单行本", "", "", "300份", "区库", "澄溪镇", "", ""),
    ("2026年12月4日", "发放", "宪法单行本", "", "第 1 批", 120, "澄溪镇", "", "老街集市", ""),
    ("2026-12-04", "损耗", "宪法单行本", "", "", 12, "澄溪镇", "", "", "受潮"),
    ("2026-12-04", "退回", "宪法单行本", "", "", 8, "澄溪镇", "区库", "", ""),
    ("2026-12-04", "盘点", "宪法单行本", "", "", 158, "澄溪镇", "", "", ""),
]


@pytest.fixture(autouse=True)
def _files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(NOW, tick=False):
        yield


def planned(scene, content: bytes, name="台账.xlsx", by=None):
    places = queries.places_kept_by(by or scene.keeper)
    parsed = read_ledger(read_rows(content, name), today=DAY)
    return plan_ledger(parsed, digest=digest_of(content), unit=places[0], places=places)


def brought(scene, rows, *, head=HEAD):
    plan = planned(scene, write_xlsx(head, rows))
    assert plan.errors == []
    return actions.import_ledger(plan, unit=scene.district, file_name="台账.xlsx", by=scene.keeper, now=NOW)


def findings(scene, rows, *, head=HEAD):
    """(row, column, code) of everything that is wrong."""
    return [(one.row, one.column, one.code) for one in planned(scene, write_xlsx(head, rows)).errors]


def balances():
    return {one.place.name: one.balance for one in Stock.objects.select_related("place")}


def test_a_file_of_every_kind_of_entry_comes_in_with_its_material_and_batch(scene):
    run = brought(scene, GOOD)
    assert (run.done, run.total, Movement.objects.count()) == (6, 6, 6)
    assert balances() == {"嘉禾区": 4708, "澄溪镇": 158}
    assert (Material.objects.get().name, Batch.objects.get().label) == ("宪法单行本", "第 1 批")
    assert Movement.objects.get(kind="count").taking.booked == 160


def test_the_order_of_rows_and_columns_does_not_matter_only_the_days_do(scene):
    head = tuple(reversed(HEAD))
    brought(scene, [tuple(reversed(row)) for row in reversed(GOOD)], head=head)
    assert balances() == {"嘉禾区": 4708, "澄溪镇": 158}


def test_other_headings_of_the_office_a_title_and_a_sum_are_understood(scene):
    head = ("登记日期", "类型", "资料名称", "资料类别", "批次", "份数", "仓库", "调入单位", "活动", "备注")
    rows = [*GOOD, ("", "", "合计", "", "", 5578, "", "", "", "")]
    plan = planned(scene, write_xlsx(head, rows, title="2026 年宣传资料台账"))
    assert (plan.errors, len(plan.steps)) == ([], 6)


def test_a_csv_of_a_chinese_excel_is_read(scene):
    content = write_csv(HEAD, GOOD).decode("utf-8-sig").encode("gb18030")
    plan = planned(scene, content, "台账.csv")
    assert (plan.errors, len(plan.steps)) == ([], 6)


def test_what_is_exported_can_be_imported_again(scene):
    brought(scene, GOOD)
    places = queries.places_read_by(scene.keeper)
    rows = sheets.entry_rows(places, Year(2026))
    content = browser(scene.keeper).get(reverse("outreach:entries_xlsx"), {"period": "2026"}).content
    again = read_ledger(read_rows(content, "x.xlsx"), today=DAY)
    assert (len(rows), again.errors) == (6, ())
    told = sorted((one.day, one.kind, one.material, one.quantity, one.place, one.to, one.spot, one.note) for one in again.rows)
    assert told == sorted([
        (date(2026, 11, 1), "receive", "宪法单行本", 5000, "区库", "", "", ""),
        (date(2026, 11, 10), "transfer", "宪法单行本", 300, "区库", "澄溪镇", "", ""),
        (DAY, "hand_out", "宪法单行本", 120, "澄溪镇", "", "老街集市", ""),
        (DAY, "lose", "宪法单行本", 12, "澄溪镇", "", "", "受潮"),
        (DAY, "send_back", "宪法单行本", 8, "澄溪镇", "区库", "", ""),
        (DAY, "count", "宪法单行本", 158, "澄溪镇", "", "", ""),
    ])  # fmt: skip


def test_the_table_of_totals_has_the_office_columns_and_adds_up(scene):
    brought(scene, GOOD)
    content = browser(scene.keeper).get(reverse("outreach:totals_xlsx"), {"period": "2026"}).content
    rows = [[cell_text(cell) for cell in row.cells] for row in read_rows(content, "x.xlsx")[0].rows]
    assert ",".join(rows[1]) == "品名,类别,涉及法律,规格,上期结存,入库,调入,调出,发放,损耗,盘点,结存,单位"
    assert rows[2] == ["宪法单行本", "条例单行本", "", "", "0", "5000", "308", "308", "120", "12", "-2", "4866", "份"]


@pytest.mark.parametrize(
    ("place", "value", "found"),
    [
        ((2, 0), "去年", (4, "A", "day")),
        ((2, 0), "2026-12-05", (4, "A", "future")),
        ((2, 1), "送出", (4, "B", "unknown_kind")),
        ((2, 1), "冲正", (4, "B", "reversal")),
        ((2, 2), "", (4, "C", "missing")),
        ((2, 2), "民法典读本", (4, "C", "unknown_batch")),
        ((2, 4), "第 9 批", (4, "E", "unknown_batch")),
        ((2, 5), "几十", (4, "F", "quantity")),
        ((2, 5), -5, (4, "F", "quantity")),
        ((2, 5), 0, (4, "F", "quantity")),
        ((2, 5), 301, (4, "F", "short")),
        ((2, 6), "火星镇", (4, "G", "unknown_place")),
        ((2, 8), "", (4, "I", "missing")),
        ((1, 7), "", (3, "H", "missing")),
        ((3, 9), "", (5, "J", "missing")),
        ((0, 3), "光盘", (2, "D", "unknown_category")),
        ((0, 4), "", (2, "E", "missing")),
        ((3, 9), "长" * 201, (5, "J", "too_long")),
    ],
)  # fmt: skip
def test_a_wrong_cell_is_named_by_row_and_column_and_nothing_is_written(scene, place, value, found):
    rows = [list(row) for row in GOOD]
    rows[place[0]][place[1]] = value
    assert found in findings(scene, rows)
    assert (Movement.objects.count(), Material.objects.count()) == (0, 0)


def test_a_row_that_takes_what_a_later_row_needs_is_found(scene):
    rows = [GOOD[0], ("2026-12-01", "发放", "宪法单行本", "", "", 5000, "区库", "", "广场", ""),
            ("2026-11-20", "发放", "宪法单行本", "", "", 1, "区库", "", "广场", "")]  # fmt: skip
    assert findings(scene, rows) == [(3, "F", "short")]


def test_a_township_imports_only_its_own_store(scene):
    brought(scene, GOOD)
    rows = [("2026-12-04", "发放", "宪法单行本", "", "", 1, name, "", "集市", "") for name in ("区库", "柳汀湾镇", "澄溪镇")]
    found = planned(scene, write_xlsx(HEAD, rows), by=scene.towner).errors
    assert [(one.row, one.code) for one in found] == [(2, "unknown_place"), (3, "unknown_place")]


def test_the_same_file_again_writes_nothing_again(scene):
    content = write_xlsx(HEAD, GOOD)
    for written in (6, 0):
        plan = planned(scene, content)
        assert (plan.errors, len(plan.steps), plan.total) == ([], written, 6)
        actions.import_ledger(plan, unit=scene.district, file_name="台账.xlsx", by=scene.keeper, now=NOW)
    assert (Movement.objects.count(), LedgerImport.objects.count()) == (6, 1)
    assert ModelLogEntry.objects.filter(action="outreach.import_ledger").count() == 1


def test_what_somebody_took_between_reading_and_writing_is_told_and_nothing_goes_below_zero(scene):
    batch = scene.batch(100)
    rows = [("2026-12-04", "发放", "宪法单行本", "", "", 60, "区库", "", "广场", "")]
    plan = planned(scene, write_xlsx(HEAD, rows))
    scene.give(batch, 50, place=scene.district)
    with pytest.raises(Stopped) as stopped:
        actions.import_ledger(plan, unit=scene.district, file_name="台账.xlsx", by=scene.keeper, now=NOW)
    assert (stopped.value.done, stopped.value.row, stopped.value.why.available) == (0, 2, 50)
    assert balances() == {"嘉禾区": 50}


def test_five_thousand_historic_rows_come_in_and_add_up(scene):
    rows = [("2026-01-01", "入库", "折页", "折页", "第 1 批", 100_000, "区库", "", "", "")]
    rows += [(f"2026-{1 + n // 500:02d}-{1 + n % 28:02d}", "发放", "折页", "", "", 1 + n % 9, "区库", "", f"点位{n}", "")
             for n in range(4999)]  # fmt: skip
    run = brought(scene, rows)
    assert (run.done, Movement.objects.count(), Line.objects.count()) == (5000, 5000, 10_000)
    assert balances() == {"嘉禾区": 100_000 - sum(1 + n % 9 for n in range(4999))}
    assert findings(scene, [*rows, rows[1]]) == [(None, None, "too_many")]


def test_five_thousand_historic_rows_with_errors_name_every_row_write_none_and_come_in_once_mended(scene):
    rows = [("2026-01-01", "入库", "折页", "折页", "第 1 批", 100_000, "区库", "", "", "")]
    rows += [("2026-02-01", "发放", "折页", "", "", 2, "区库", "", f"点位{n}", "") for n in range(4999)]
    wrong, mistakes = list(rows), {1200: (0, "2026-02-30"), 2400: (1, "赠送"), 3600: (5, "两捆"), 4800: (6, "云外镇")}
    for at, (column, word) in mistakes.items():
        wrong[at] = (*wrong[at][:column], word, *wrong[at][column + 1 :])
    found = findings(scene, wrong)
    assert [(row, column) for row, column, _ in found] == [(1202, "A"), (2402, "B"), (3602, "F"), (4802, "G")]
    assert (Movement.objects.count(), Line.objects.count()) == (0, 0)
    assert brought(scene, rows).done == 5000
    assert balances() == {"嘉禾区": 100_000 - 2 * 4999}


@pytest.mark.parametrize(
    ("written", "day"),
    [("2026-12-4", date(2026, 12, 4)), ("2026.12.04", date(2026, 12, 4)), ("2026年12月4日", date(2026, 12, 4)),
     ("2026/12/4", date(2026, 12, 4)), (46360.0, date(2026, 12, 4)), ("2026-02-30", None), ("4", None), ("", None),
     ("0202-12-04", None)],
)  # fmt: skip
def test_a_day_is_read_as_people_write_it(written, day):
    assert read_day(written) == day


# --- the page --------------------------------------------------------------------------------------
@pytest.fixture
def send(django_capture_on_commit_callbacks):
    """Function: upload, with the background at once."""

    def upload(client, content, do="check", name="台账.xlsx", **more):
        with django_capture_on_commit_callbacks(execute=True):
            form = {"file": SimpleUploadedFile(name, content), "do": do, **more}
            answer = client.post("/outreach/entries/import/", form)
        return client.get(answer.url, follow=True) if answer.status_code == 302 else answer

    return upload


def test_the_page_checks_first_writes_when_asked_and_knows_the_file_again(scene, send):
    keeper, content = browser(scene.keeper), write_xlsx(HEAD, GOOD)
    assert "6 笔都对，可以写入" in text(send(keeper, content))
    assert Movement.objects.count() == 0
    assert "文件 台账.xlsx 的 6 笔都在台账里" in text(send(keeper, content, do="write"))
    assert LedgerImport.objects.get().file.name == ""  # kept no longer than needed
    assert "以前都导入过" in text(send(keeper, content, do="write"))
    assert Movement.objects.count() == 6


def test_the_page_tells_each_row_that_is_wrong_and_writes_none(scene, send):
    rows = [*GOOD[:2], ("2026-12-04", "发放", "宪法单行本", "", "", 301, "澄溪镇", "", "集市", "")]
    answer = send(browser(scene.keeper), write_xlsx(HEAD, rows), do="write")
    assert answer.status_code == 422
    assert "第 4 行，F 列 “宪法单行本”在澄溪镇12 月 4 日只有 300，不能出 301" in text(answer)
    assert Movement.objects.count() == 0


@pytest.mark.parametrize("content", [b"", b"\xd0\xcf\x11\xe0", b"PK\x03\x04broken", "没有,表头\n1,2".encode()])
def test_a_file_that_is_no_ledger_is_told_in_words(scene, send, content):
    answer = send(browser(scene.keeper), content, name="x.csv")
    assert answer.status_code == 422
    assert "请" in text(answer) or "没有找到表头" in text(answer)


def test_rows_that_the_ledger_has_already_are_shown_and_left_out_unless_somebody_wants_them_twice(scene, send):
    keeper = browser(scene.keeper)
    send(keeper, write_xlsx(HEAD, GOOD), do="write")
    # The office adds a line to its copy: another file, six rows of it the same.
    more = write_xlsx(HEAD, [*GOOD, ("2026-12-04", "发放", "宪法单行本", "", "", 5, "澄溪镇", "", "东门", "")])
    page = text(send(keeper, more))
    assert "6 行和台账里已有的一样，不再写" in page
    assert "1 笔都对，可以写入" in page
    send(keeper, more, do="write")
    assert Movement.objects.count() == 7
    # Twice at one spot on one day may be right: each entry there stands for one row only.
    twice = [GOOD[2], GOOD[2]]
    assert [one.read.row for one in planned(scene, write_xlsx(HEAD, twice)).repeats] == [2]
    send(keeper, write_xlsx(HEAD, [GOOD[2]]), do="write", repeats="write")
    assert Movement.objects.count() == 8


def begun(scene, content, *, skip=True):
    """A file in the hands of the background, which has not begun."""
    return actions.begin_import(
        content, unit=scene.district, file_name="台账.xlsx", rows=6, skip_repeats=skip, by=scene.keeper, now=NOW
    )


def test_OP1_an_import_whose_process_died_goes_on_after_the_restart_and_its_page_tells_how_far(scene, monkeypatch):
    monkeypatch.setattr("outreach.actions.importing.CHUNK", 2)
    run, keeper = begun(scene, write_xlsx(HEAD, GOOD)), browser(scene.keeper)
    plan = planned(scene, write_xlsx(HEAD, GOOD))
    plan.steps = plan.steps[:2]
    actions.import_ledger(plan, unit=scene.district, file_name="台账.xlsx", by=scene.keeper, now=NOW)
    page = keeper.get(f"/outreach/entries/import/{run.pk}/")
    assert "正在写入，2 / 6 笔" in text(page)
    assert page["Refresh"] == "3"
    assert browser(scene.towner).get(f"/outreach/entries/import/{run.pk}/").status_code == 404
    assert actions.resume_imports() == 1  # the background of tests works at once
    run.refresh_from_db()
    assert (run.state, run.done, Movement.objects.count()) == ("done", 6, 6)
    assert actions.resume_imports() == 0


def test_an_import_that_cannot_go_on_says_where_it_stopped_and_why(scene):
    run = begun(scene, write_xlsx(HEAD, [("2026-12-04", "发放", "没有的", "", "", 5, "澄溪镇", "", "东门", "")]))
    actions.carry_on_import(LedgerImport.objects.get(pk=run.pk), now=NOW)
    page = text(browser(scene.keeper).get(f"/outreach/entries/import/{run.pk}/"))
    assert "停在 0 / 6 笔" in page
    assert "第 2 行：台账里没有“没有的”" in page


def test_downloads_are_workbooks_are_logged_and_only_for_who_may_read(scene):
    scene.batch(100)
    keeper, cadre = browser(scene.keeper), browser(scene.person("陈志远", scene.town))
    for name in ("materials/totals.xlsx", "materials/entries.xlsx", "entries/import/template.xlsx"):
        answer = keeper.get(f"/outreach/{name}")
        assert io.BytesIO(answer.content).read(2) == b"PK"
        assert cadre.get(f"/outreach/{name}").status_code == 403
    assert ModelLogEntry.objects.filter(action="outreach.export_ledger").count() == 2


def test_IF4_a_name_that_looks_like_a_formula_stays_text_in_the_export(scene):
    batch = scene.batch(100, material=scene.material("=HYPERLINK(1)"))
    scene.give(batch, 1, place=scene.district, spot="@cmd")
    content = browser(scene.keeper).get(reverse("outreach:entries_xlsx"), {"period": "2026"}).content
    assert "=HYPERLINK(1)" in [row.text(2) for row in read_rows(content, "x.xlsx")[0].rows]
