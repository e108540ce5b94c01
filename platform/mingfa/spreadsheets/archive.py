"""Hostile Office files: .xlsx and .docx are zips of XML, so everything is bounded before a parser sees it.

The parts the parser needs are unpacked here under hard limits and packed again without compression: what was
checked is what is parsed, whatever sizes the file's own directory claims (fault catalogue IF1–IF3).
"""

import io
import zipfile
import zlib

from mingfa.spreadsheets.errors import SpreadsheetRefused
from mingfa.spreadsheets.extents import check_sheets
from mingfa.spreadsheets.limits import MEGABYTE, Limits


def checked_workbook(data: bytes, limits: Limits) -> bytes:
    """The same workbook, unpacked under `limits` and packed without compression.

    Raises SpreadsheetRefused (too_many_parts, unpacks_too_large, broken_file, not_a_workbook, and the codes
    of `extents.check_sheets`).
    """
    parts = xml_parts(data, limits)
    if "xl/workbook.xml" not in parts:
        raise SpreadsheetRefused(
            "not_a_workbook", "这不是 Excel 工作簿。请上传 .xlsx 或 .csv 文件，旧的 .xls 请先另存为 .xlsx。"
        )
    check_sheets(parts, limits)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as clean:
        for name, content in parts.items():
            clean.writestr(name, content)
    return out.getvalue()


def xml_parts(data: bytes, limits: Limits, *, mend: str = "请用表格软件打开后另存为 .xlsx 再上传。") -> dict[str, bytes]:
    """The XML parts of an Office file, name → bytes, unpacked under `limits`. Nothing else is unpacked.

    mend: what to do with a broken file. Raises SpreadsheetRefused (too_many_parts, unpacks_too_large, broken_file).
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            entries = _needed_entries(archive.infolist(), limits)
            return _unpack(data, entries, limits)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, EOFError) as broken:
        raise SpreadsheetRefused("broken_file", f"文件已损坏，打不开。{mend}") from broken


def _needed_entries(entries: list[zipfile.ZipInfo], limits: Limits) -> list[zipfile.ZipInfo]:
    """The XML parts, after the bounds that the directory alone can show."""
    if len(entries) > limits.parts:
        raise SpreadsheetRefused(
            "too_many_parts",
            f"文件内部有 {len(entries)} 个部分，超过 {limits.parts} 个，不像正常的文件，未读取。",
        )
    claimed = sum(entry.file_size for entry in entries)
    swollen = any(
        entry.file_size > MEGABYTE and entry.file_size > limits.ratio * max(entry.compress_size, 1)
        for entry in entries
    )
    if claimed > limits.unpacked or swollen:
        raise _too_large(limits)
    return [entry for entry in entries if entry.filename.lower().endswith((".xml", ".rels"))]


def _unpack(data: bytes, entries: list[zipfile.ZipInfo], limits: Limits) -> dict[str, bytes]:
    parts, left = {}, limits.unpacked
    for entry in entries:
        content = _content(data, entry, left, limits)
        left -= len(content)
        parts[entry.filename.replace("\\", "/")] = content
    return parts


def _content(data: bytes, entry: zipfile.ZipInfo, room: int, limits: Limits) -> bytes:
    """One part's bytes, never more than `room`, read from the packed bytes and not by the size it claims."""
    head = data[entry.header_offset : entry.header_offset + 30]
    if len(head) < 30 or head[:4] != b"PK\x03\x04" or entry.flag_bits & 1:
        raise zipfile.BadZipFile("local header missing or part encrypted")
    start = (
        entry.header_offset
        + 30
        + int.from_bytes(head[26:28], "little")
        + int.from_bytes(head[28:30], "little")
    )
    packed = data[start : start + entry.compress_size]
    if entry.compress_type == zipfile.ZIP_STORED:
        content = packed
    elif entry.compress_type == zipfile.ZIP_DEFLATED:
        content = zlib.decompressobj(-15).decompress(packed, room + 1)
    else:
        raise zipfile.BadZipFile("unknown compression")
    if len(content) > room:
        raise _too_large(limits)
    if zlib.crc32(content) != entry.CRC:
        raise zipfile.BadZipFile("checksum differs")
    return content


def _too_large(limits: Limits) -> SpreadsheetRefused:
    return SpreadsheetRefused(
        "unpacks_too_large",
        f"文件解开后超过 {limits.unpacked // MEGABYTE} MB 或压缩异常，未读取。请删去图片和空白内容后上传。",
    )
