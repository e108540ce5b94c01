"""A list of units (CSV, Excel, JSON or one name a line) to names with kind and parent."""
import json
from dataclasses import dataclass

from mingfa.spreadsheets import Sheet, find_header, fold_label, read_rows

SYNONYMS = {
    "name": ("name", "名称", "单位", "单位名称"),
    "kind": ("kind", "类型", "单位类型"),
    "parent": ("parent", "上级", "上级单位"),
}
KINDS = {
    "区": "district",
    "单位": "office",
    "科室": "section",
    "镇街": "township",
    "村(社区)": "village",
    "district": "district",
    "office": "office",
    "section": "section",
    "township": "township",
    "village": "village",
}
ENDINGS = (
    (("街道", "镇", "乡"), "township"),
    (("村", "社区", "居委会", "村委会"), "village"),
    (("科", "股"), "section"),
)


@dataclass(frozen=True)
class UnitLine:
    """kind: value of OrgUnit.Kind. parent: name, "" where the list says none."""

    name: str
    kind: str
    parent: str = ""


def kind_of(name: str) -> str:
    """A first guess of the kind by how the name ends; 单位 for the rest. It can be changed later."""
    return next((kind for endings, kind in ENDINGS if name.endswith(endings)), "office")


def read_units(data: bytes, file_name: str) -> list[UnitLine]:
    """Units in the order of the file, each name once below its parent.

    Raises SpreadsheetRefused for files that cannot be read, ValueError with a Chinese sentence for wrong content.
    """
    if file_name.lower().endswith(".json"):
        return _from_json(data)
    if file_name.lower().endswith(".txt"):
        names = (line.strip() for line in data.decode("utf-8-sig").splitlines())
        return [UnitLine(name, kind_of(name)) for name in names if name]
    return _from_sheet(read_rows(data, file_name)[0])


def _from_json(data: bytes) -> list[UnitLine]:
    content = json.loads(data)
    units = content.get("units") if isinstance(content, dict) else content
    if not isinstance(units, list) or not all(isinstance(unit, str) and unit for unit in units):
        raise ValueError("JSON 里要有 units，值是单位名称的列表。")
    return [UnitLine(name, kind_of(name)) for name in units]


def _from_sheet(sheet: Sheet) -> list[UnitLine]:
    header = find_header(sheet, SYNONYMS, required=("name",))
    if header is None:
        raise ValueError("没有找到表头。单位表要有“名称”一列，可以有“类型”和“上级”。")
    lines = []
    for row in sheet.rows_after(header.row):
        name = "".join(row.text(header.columns["name"]).split())
        if not name:
            raise ValueError(f"第 {row.number} 行没有填名称。")
        kind = fold_label(row.text(header.columns.get("kind")))
        if kind and kind not in KINDS:
            raise ValueError(f"第 {row.number} 行的类型“{kind}”不认识。可以填：区、单位、科室、镇街、村(社区)。")
        parent = "".join(row.text(header.columns.get("parent")).split())
        lines.append(UnitLine(name, KINDS.get(kind) or kind_of(name), parent))
    return lines
