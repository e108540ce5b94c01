"""Reading back an Excel file that a page handed out."""
import io

import openpyxl


def sheets(response) -> dict[str, list[list]]:
    """The rows below the header of each sheet of the file, by its name, the header first. Every sheet is as the product's
    tables are: its header frozen and filtered, no formula, a last line with source, number of rows and digest."""
    assert response.status_code == 200
    found = {}
    for page in openpyxl.load_workbook(io.BytesIO(response.content)):
        assert page.freeze_panes == "A3"
        assert page.auto_filter.ref.startswith("A2:")
        assert [cell.coordinate for row in page.iter_rows() for cell in row if cell.data_type == "f"] == []
        rows = [[cell.value for cell in row] for row in page.iter_rows()]
        # A table without rows has its filter on one empty line.
        table = [row for row in rows[1:-1] if any(cell is not None for cell in row)]
        assert rows[-1][0].startswith("来源：明法 ")
        assert f"共 {len(table) - 1} 行。内容摘要 SHA-256 " in rows[-1][0]
        found[page.title] = table
    return found


def table(response) -> list[list]:
    """The first sheet as `sheets` gives it."""
    return next(iter(sheets(response).values()))
